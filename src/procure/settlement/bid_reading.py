"""A lot's attempts in a round file: bids, their breakdowns and totals, and what was corrected in them."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from procure.settlement import fields
from procure.settlement.bids import breakdown_total
from procure.settlement.lot_reading import Quantities
from procure.settlement.place import Place, note_repeated, shown
from procure.settlement.round import Attempt, Bid, Correction, DrawMethod, Entry, Rules
from procure.values.money import Yen, amount_to_json, decimals_fit

LAST_DRAW_NUMBER = 999

_OPTIONAL = ("unit_prices", "total", "received_at", "draw_number", "added_number", "void")


@dataclass(frozen=True, slots=True)
class Known:
    """What a bid may refer to."""

    items: Set[str]
    bidders: Set[str]
    quantities: Quantities
    rules: Rules


def read_attempts(place: Place, known: Known) -> tuple[Attempt, ...]:
    return tuple(_read_attempt(element, due, known) for due, element in enumerate(place.elements(), start=1))


def _read_attempt(place: Place, due: int, known: Known) -> Attempt:
    at = place.members(("number", "opened_at", "bids"), ("corrections",))
    number = fields.integer(at["number"], 1)
    if at["number"].value == number and number != due:
        at["number"].wrong(f"attempts are numbered 1, 2, 3 in order, and this is number {due}")
    if due > known.rules.max_attempts:
        place.fault(f"may not exist: max_attempts is {known.rules.max_attempts}")
    opened_at = fields.moment(at["opened_at"])
    elements = at["bids"].elements()
    bids = tuple(_read_bid(element, known) for element in elements)
    note_repeated(elements, [bid.bidder for bid in bids], "bidder")
    corrections = _read_corrections(at["corrections"], {bid.bidder for bid in bids}, known)
    return Attempt(number, opened_at, bids, corrections)


def _read_corrections(place: Place, entered: Set[str], known: Known) -> tuple[Correction, ...]:
    return tuple(_read_correction(element, entered, known) for element in place.elements()) if place.is_given else ()


def _read_correction(place: Place, entered: Set[str], known: Known) -> Correction:
    at = place.members(("bidder", "was", "reason", "corrected_by", "approved_by", "corrected_at"))
    bidder, was = fields.identifier(at["bidder"]), _read_bid(at["was"], known)
    if bidder and bidder not in entered:
        at["bidder"].wrong("it is not a bidder of the attempt")
    elif bidder and was.bidder and was.bidder != bidder:
        at["was"].fault(f"is an entry of {shown(was.bidder)}, and the correction is one of {shown(bidder)}")
    return Correction(
        bidder=bidder,
        was=was,
        reason=fields.words(at["reason"]),
        corrected_by=fields.words(at["corrected_by"]),
        approved_by=fields.words(at["approved_by"]),
        corrected_at=fields.moment(at["corrected_at"]),
    )


def _read_bid(place: Place, known: Known) -> Bid:
    mark = len(place.faults)
    at = place.members(("bidder", "entry"), _OPTIONAL)
    number, added = at["draw_number"], at["added_number"]
    bid = Bid(
        bidder=_read_bidder_of(at["bidder"], known.bidders),
        entry=fields.choice(at["entry"], Entry),
        unit_prices=read_prices(at["unit_prices"], known) if at["unit_prices"].is_given else None,
        total=_read_total(at["total"], known.rules) if at["total"].is_given else None,
        received_at=fields.moment(at["received_at"]) if at["received_at"].is_given else None,
        draw_number=fields.integer(number, 0, LAST_DRAW_NUMBER) if number.is_given else None,
        void=fields.words(at["void"]) if at["void"].is_given else None,
        added_number=fields.integer(added, 0, LAST_DRAW_NUMBER) if added.is_given else None,
    )
    if added.is_given and known.rules.draw is not DrawMethod.RANDOM_ADDED:
        added.wrong(f"only the lottery {DrawMethod.RANDOM_ADDED} adds a number")
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


def read_prices(place: Place, known: Known) -> dict[str, Yen]:
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
