"""A lot's items, demand and bidders in a round file, and what must agree between them."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from procure.settlement import fields
from procure.settlement.place import Place, note_repeated, shown
from procure.settlement.round import Bidder, Demand, Item


@dataclass(frozen=True, slots=True)
class Quantities:
    """The lot's quantities as far as they could be read; `sound` says that nothing was wrong with them."""

    by_item: Mapping[str, int]
    sound: bool


def read_items(place: Place) -> tuple[Item, ...]:
    elements = place.elements(at_least=1)
    items = tuple(_read_item(element) for element in elements)
    note_repeated(elements, [item.id for item in items], "id")
    return items


def _read_item(place: Place) -> Item:
    at = place.members(("id", "name", "specification", "unit", "list_price"), ("list_price_source",))
    is_open = at["list_price"].value is None
    return Item(
        id=fields.identifier(at["id"]),
        name=fields.words(at["name"]),
        specification=fields.text(at["specification"]),
        unit=fields.text(at["unit"]),
        list_price=None if is_open else fields.amount_above_zero(at["list_price"]),
        list_price_source=fields.optional_text(at["list_price_source"]),
    )


def read_demands(place: Place, items: Set[str], codes: Set[str]) -> tuple[tuple[Demand, ...], Quantities]:
    """The demand of each municipality, and its sum by item."""
    elements = place.elements()
    sound = isinstance(place.value, list) and bool(items)
    demands: list[Demand] = []
    totals = dict.fromkeys(items, 0)
    for element in elements:
        demand, readable = _read_demand(element, items, codes)
        demands.append(demand)
        sound = sound and readable
        for item, quantity in demand.quantities.items():
            if item in totals:
                totals[item] += quantity
    note_repeated(elements, [demand.municipality for demand in demands], "municipality")
    return tuple(demands), Quantities(totals, sound)


def _read_demand(place: Place, items: Set[str], codes: Set[str]) -> tuple[Demand, bool]:
    at = place.members(("municipality", "quantities"), ("spares",))
    municipality = _read_municipality(at["municipality"], codes)
    mark = len(place.faults)
    quantities = _read_counts(at["quantities"], items, least=1)
    sound = len(place.faults) == mark and at["quantities"].is_given
    spares = _read_counts(at["spares"], items, least=0) if at["spares"].is_given else {}
    for item, spare in spares.items():
        if item in items and spare > quantities.get(item, 0):
            at["spares"].fault(f"{spare} of {shown(item)} is more than its quantity")
    return Demand(municipality, quantities, spares), sound


def _read_municipality(place: Place, codes: Set[str]) -> str:
    mark = len(place.faults)
    code = fields.code(place)
    if code and len(place.faults) == mark and code not in codes:
        place.wrong("it is neither a known municipality nor among the organisations")
    return code


def _read_counts(place: Place, items: Set[str], least: int) -> dict[str, int]:
    counts: dict[str, int] = {}
    for item, count in place.entries():
        if items and item not in items:
            count.fault("is an unknown item")
        counts[item] = fields.integer(count, least)
    return counts


def read_bidders(place: Place) -> tuple[Bidder, ...]:
    elements = place.elements()
    bidders = tuple(_read_bidder(element) for element in elements)
    note_repeated(elements, [bidder.id for bidder in bidders], "id")
    return bidders


def _read_bidder(place: Place) -> Bidder:
    at = place.members(("id", "name"))
    return Bidder(fields.identifier(at["id"]), fields.words(at["name"]))
