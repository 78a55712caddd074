"""Every operation of the API: the routes, the documentation and the tests are made from this one table."""

from procure.api import (
    answers,
    awards,
    bids,
    ceilings,
    common,
    contract_settings,
    contracts,
    demand,
    document_jobs,
    inquiries,
    lots,
    mending,
    repeating,
    rounds,
    savings,
    suppliers,
    survey,
)
from procure.api.operation import Operation

OPERATIONS: tuple[Operation, ...] = (
    *rounds.operations,
    *repeating.operations,
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
    *document_jobs.operations,
    *savings.operations,
    *contracts.operations,
    *contract_settings.operations,
    *common.operations,
)
