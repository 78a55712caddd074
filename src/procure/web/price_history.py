"""What published rounds tell over the years: the prices of an item, what a supplier delivers, what a body bought."""

from procure.errors import NotFound
from procure.reports.price_history import body_history, item_history, supplier_history
from procure.server import Answer, Page, Permission, Visit, get
from procure.settlement.labels import CONTRACT_KIND
from procure.web.paging import paged

LINES = 50
PURCHASES = 10


@get("/published/items/{key}", Permission.PUBLIC)
def show_item(visit: Visit, key: str) -> Answer:
    """The key is pc:note-standard: the code of the lot and that of the item."""
    lot, mark, item = key.partition(":")
    if not mark:
        raise NotFound
    history = item_history(visit.session, lot, item)
    lines = paged(history.lines, visit.query, visit.path, at_once=LINES)
    kind = CONTRACT_KIND[history.contract_kind]
    return Page("published_item.html", {"history": history, "kind": kind, "page": lines})


@get("/published/suppliers/{key}", Permission.PUBLIC)
def show_supplier(visit: Visit, key: str) -> Answer:
    """The key is the 法人番号, or what the name gives where it is not known."""
    history = supplier_history(visit.session, key)
    return Page("published_supplier.html", {"history": history, "page": paged(history.deals, visit.query, visit.path)})


@get("/published/bodies/{code}", Permission.PUBLIC)
def show_body(visit: Visit, code: str) -> Answer:
    history = body_history(visit.session, code)
    purchases = paged(history.purchases, visit.query, visit.path, at_once=PURCHASES)
    return Page("published_body.html", {"history": history, "page": purchases})


routes = [show_item, show_supplier, show_body]
