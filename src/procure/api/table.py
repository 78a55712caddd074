"""Every operation of the API: the routes, the documentation and the tests are made from this one table."""

from procure.api import answers, awards, bids, common, demand, lots, rounds, survey
from procure.api.operation import Operation

OPERATIONS: tuple[Operation, ...] = (
    *rounds.operations,
    *lots.operations,
    *survey.operations,
    *demand.operations,
    *answers.operations,
    *bids.operations,
    *awards.operations,
    *common.operations,
)
