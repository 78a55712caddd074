"""A second person compares what was recorded with the papers (照合), bidder by bidder. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from procure.errors import Fault
from procure.settlement.bids import bid_total
from procure.settlement.labels import ENTRY
from procure.settlement.round import Attempt, Bidder, Entry
from procure.values.money import Yen, format_decimal


class Way(StrEnum):
    TYPED = "typed"  # keyed again, without seeing what was recorded
    COMPARED = "compared"  # read beside the papers

    @property
    def label(self) -> str:
        return {"typed": "再入力", "compared": "書面との読合せ"}[self.value]


@dataclass(frozen=True, slots=True)
class Found:
    """What the second person found on a bidder's paper: `total` is tax-exclusive yen, None without a bid.

    `is_void` says that the officer found it 無効. A `note` says how the paper differs from the record that was read
    beside it; it agrees with nothing.
    """

    entry: Entry
    total: Yen | None = None
    note: str = ""
    is_void: bool = False

    def __str__(self) -> str:
        if self.note:
            return self.note
        if self.entry is not Entry.BID or self.total is None:
            return ENTRY[self.entry]
        whole, point, rest = format_decimal(self.total).partition(".")
        return f"{int(whole):,}{point}{rest}円{'（無効）' if self.is_void else ''}"


@dataclass(frozen=True, slots=True)
class Difference:
    """What a bidder's paper says beside what was recorded of it."""

    bidder: str
    name: str
    recorded: str
    found: str


def recorded_of(attempt: Attempt, quantities: Mapping[str, int]) -> dict[str, Found]:
    return {
        bid.bidder: Found(bid.entry, bid_total(bid, quantities), is_void=bid.entry is Entry.BID and bool(bid.void))
        for bid in attempt.bids
    }


def check_faults(bidders: Iterator[Bidder] | tuple[Bidder, ...], found: Mapping[str, Found]) -> Iterator[Fault]:
    """Every bidder of the attempt has to be looked up on paper."""
    for bidder in bidders:
        if bidder.id not in found:
            yield Fault(f"check-{bidder.id}-entry", f"「{bidder.name}」の入札・辞退・不参の別を選んでください。")
        elif found[bidder.id].entry is Entry.BID and found[bidder.id].total is None:
            yield Fault(f"check-{bidder.id}-total", f"「{bidder.name}」の入札金額を入力してください。")


def differences(
    bidders: tuple[Bidder, ...], recorded: Mapping[str, Found], found: Mapping[str, Found]
) -> tuple[Difference, ...]:
    """Those whose paper says something else than what was recorded, in the order of registration."""
    return tuple(
        Difference(bidder.id, bidder.name, str(recorded[bidder.id]), str(found[bidder.id]))
        for bidder in bidders
        if bidder.id in recorded and recorded[bidder.id] != found[bidder.id]
    )
