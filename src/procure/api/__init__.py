"""The API for programs, JSON over /api/v1: everything that pages do to rounds, demand, bids and awards."""

from litestar.handlers import HTTPRouteHandler

from procure.api import description
from procure.api.table import OPERATIONS

ROUTES: tuple[HTTPRouteHandler, ...] = (
    *(operation.registered() for operation in (*OPERATIONS, *description.operations)),
    *description.routes,
)
