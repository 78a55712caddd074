"""Every operation of the API: the routes, the documentation and the tests are made from this one table."""

from procure.api import answers, awards, bids, common, demand, inquiries, lots, mending, rounds, survey
from procure.api.operation import Operation

OPERATIONS: tuple[Operation, ...] = (
    *rounds.operations,
    *lots.operations,
    *survey.operations,
    *demand.operations,
    *answers.operations,
    *inquiries.operations,
    *bids.operations,
    *mending.operations,
    *awards.operations,
    *common.operations,
)
