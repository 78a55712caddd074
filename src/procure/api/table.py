"""Every operation of the API: the routes, the documentation and the tests are made from this one table."""

from procure.api import (
    answers,
    awards,
    bids,
    ceilings,
    common,
    contracts,
    demand,
    inquiries,
    lots,
    mending,
    rounds,
    savings,
    suppliers,
    survey,
)
from procure.api.operation import Operation

OPERATIONS: tuple[Operation, ...] = (
    *rounds.operations,
    *lots.operations,
    *survey.operations,
    *demand.operations,
    *answers.operations,
    *inquiries.operations,
    *suppliers.operations,
    *ceilings.operations,
    *bids.operations,
    *mending.operations,
    *awards.operations,
    *savings.operations,
    *contracts.operations,
    *common.operations,
)
