"""An attempt as it was opened: who bid what, lowest first. Amounts are tax-exclusive yen."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from procure.settlement.bids import VALID, total_quantities
from procure.settlement.labels import attempt_label
from procure.settlement.result import JudgedAttempt, LotResult
from procure.settlement.round import Bid, Entry, Lot
from procure.signs.sign import Place
from procure.values.money import Yen


@dataclass(frozen=True, slots=True)
class Offer:
    """A bid with an amount; `prices` are the unit prices of the items asked for, None without a whole breakdown."""

    bidder: str
    name: str
    total: Yen
    prices: tuple[Yen, ...] | None
    is_valid: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """`offers` stand by amount, equal ones in the order of registration.

    `items` are the names of the items asked for, in the order of all `prices`.
    """

    place: Place
    number: int
    label: str
    names: Mapping[str, str]
    entries: Mapping[str, Entry]
    items: tuple[str, ...]
    offers: tuple[Offer, ...]

    @property
    def valid(self) -> tuple[Offer, ...]:
        return tuple(offer for offer in self.offers if offer.is_valid)

    @property
    def lowest(self) -> tuple[Offer, ...]:
        """The lowest valid offers: several where they are equal."""
        return tuple(offer for offer in self.valid if offer.total == self.valid[0].total)

    @property
    def second(self) -> tuple[Offer, ...]:
        """The valid offers of the next higher amount."""
        higher = [offer for offer in self.valid if offer.total > self.valid[0].total]
        return tuple(offer for offer in higher if offer.total == higher[0].total)

    @property
    def counts(self) -> Counter[Entry]:
        return Counter(self.entries.values())


def opened_attempts(round_id: str, lot: Lot, result: LotResult) -> tuple[Opened, ...]:
    """One for each attempt that was opened; none before the opening."""
    recorded = {attempt.number: {bid.bidder: bid for bid in attempt.bids} for attempt in lot.attempts}
    return tuple(
        _opened(Place(round_id, lot.id, judged.number), lot, judged, recorded[judged.number])
        for judged in result.attempts
    )


def _opened(place: Place, lot: Lot, judged: JudgedAttempt, recorded: Mapping[str, Bid]) -> Opened:
    names = {bidder.id: bidder.name for bidder in lot.bidders}
    registered = {bidder: place for place, bidder in enumerate(names)}
    quantities = total_quantities(lot)
    asked = {item.id: item.name for item in lot.items if quantities[item.id]}
    offers = [
        Offer(bid.bidder, names[bid.bidder], bid.total, _prices(recorded[bid.bidder], asked), bid.status in VALID)
        for bid in judged.bids
        if bid.total is not None
    ]
    return Opened(
        place=place,
        number=judged.number,
        label=attempt_label(judged.number),
        names=names,
        entries={bidder: bid.entry for bidder, bid in recorded.items()},
        items=tuple(asked.values()),
        offers=tuple(sorted(offers, key=lambda offer: (offer.total, registered[offer.bidder]))),
    )


def _prices(bid: Bid, asked: Mapping[str, str]) -> tuple[Yen, ...] | None:
    if bid.unit_prices is None or not asked.keys() <= bid.unit_prices.keys():
        return None
    return tuple(bid.unit_prices[item] for item in asked)
