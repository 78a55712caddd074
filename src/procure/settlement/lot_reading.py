"""A lot's items, demand, bidders and bids in a round file, and what must agree between them."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from procure.settlement import fields
from procure.settlement.bids import breakdown_total
from procure.settlement.place import Place, note_repeated, shown
from procure.settlement.round import Attempt, Bid, Bidder, Demand, Entry, Item, Rules
from procure.values.money import Yen, amount_to_json, decimals_fit

LAST_DRAW_NUMBER = 999


@dataclass(frozen=True, slots=True)
class Quantities:
    """The lot's quantities as far as they could be read; `sound` says that nothing was wrong with them."""

    by_item: Mapping[str, int]
    sound: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What a bid may refer to."""

    items: Set[str]
    bidders: Set[str]
    quantities: Quantities
    rules: Rules


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


def read_attempts(place: Place, known: Known) -> tuple[Attempt, ...]:
    return tuple(_read_attempt(element, due, known) for due, element in enumerate(place.elements(), start=1))


def _read_attempt(place: Place, due: int, known: Known) -> Attempt:
    at = place.members(("number", "opened_at", "bids"))
    number = fields.integer(at["number"], 1)
    if at["number"].value == number and number != due:
        at["number"].wrong(f"attempts are numbered 1, 2, 3 in order, and this is number {due}")
    if due > known.rules.max_attempts:
        place.fault(f"may not exist: max_attempts is {known.rules.max_attempts}")
    opened_at = fields.moment(at["opened_at"])
    elements = at["bids"].elements()
    bids = tuple(_read_bid(element, known) for element in elements)
    note_repeated(elements, [bid.bidder for bid in bids], "bidder")
    return Attempt(number, opened_at, bids)


def _read_bid(place: Place, known: Known) -> Bid:
    mark = len(place.faults)
    optional = ("unit_prices", "total", "received_at", "draw_number", "void")
    at = place.members(("bidder", "entry"), optional)
    number = at["draw_number"]
    bid = Bid(
        bidder=_read_bidder_of(at["bidder"], known.bidders),
        entry=fields.choice(at["entry"], Entry),
        unit_prices=_read_prices(at["unit_prices"], known) if at["unit_prices"].is_given else None,
        total=_read_total(at["total"], known.rules) if at["total"].is_given else None,
        received_at=fields.moment(at["received_at"]) if at["received_at"].is_given else None,
        draw_number=fields.integer(number, 0, LAST_DRAW_NUMBER) if number.is_given else None,
        void=fields.words(at["void"]) if at["void"].is_given else None,
    )
    if at["entry"].value == Entry.BID:
        _note_incomplete(at["unit_prices"], bid, place, known.quantities)
        if len(place.faults) == mark and known.quantities.sound:
            _note_wrong_total(at, bid, place, known.quantities.by_item)
    return bid


def _read_bidder_of(place: Place, bidders: Set[str]) -> str:
    bidder = fields.identifier(place)
    if bidder and bidder not in bidders:
        place.wrong("it is not a bidder of the lot")
    return bidder


def _read_prices(place: Place, known: Known) -> dict[str, Yen]:
    prices: dict[str, Yen] = {}
    for item, price in place.entries():
        if known.items and item not in known.items:
            price.fault("is an unknown item")
        prices[item] = fields.amount(price)
        _note_decimals(price, prices[item], known.rules)
    return prices


def _read_total(place: Place, rules: Rules) -> Yen:
    total = fields.amount_above_zero(place)
    _note_decimals(place, total, rules)
    return total


def _note_decimals(place: Place, amount: Yen, rules: Rules) -> None:
    if not decimals_fit(amount, rules.price_decimals):
        place.wrong(f"it has more decimals than price_decimals, {rules.price_decimals}")


def _note_incomplete(prices: Place, bid: Bid, place: Place, quantities: Quantities) -> None:
    if bid.unit_prices is None and bid.total is None:
        place.fault("a bid needs its total or its unit_prices")
    if bid.unit_prices is not None:
        for item, quantity in quantities.by_item.items():
            if quantity and item not in bid.unit_prices:
                prices.fault(f"the breakdown misses {shown(item)}")


def _note_wrong_total(at: Mapping[str, Place], bid: Bid, place: Place, quantities: Mapping[str, int]) -> None:
    if not any(quantities.values()):
        place.fault("nothing is asked for in the lot, so that nothing can be bid")
    elif bid.unit_prices is not None:
        total = breakdown_total(bid.unit_prices, quantities)
        if bid.total is not None and bid.total != total:
            at["total"].wrong(f"it differs from its breakdown, {amount_to_json(total)}")
        if not total:
            at["unit_prices"].fault("the bid's total is zero")
