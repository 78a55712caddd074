"""A second person compares what was recorded with the papers (照合), bidder by bidder. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from procure.errors import Fault
from procure.settlement.bids import bid_total
from procure.settlement.labels import ENTRY
from procure.settlement.lottery import VARIANTS
from procure.settlement.round import Attempt, Bid, Bidder, DrawMethod, Entry
from procure.values.moments import moment_text
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
    beside it; it agrees with nothing. The last three are what an electronic lottery may read.
    """

    entry: Entry
    total: Yen | None = None
    note: str = ""
    is_void: bool = False
    received_at: datetime | None = None
    draw_number: int | None = None
    added_number: int | None = None

    def __str__(self) -> str:
        return self.note or "、".join(self._parts())

    def _parts(self) -> Iterator[str]:
        yield ENTRY[self.entry] if self.total is None else _amount(self)
        if self.received_at is not None:
            yield f"受付 {moment_text(self.received_at)}"
        for what, number in (("くじ番号", self.draw_number), ("加算番号", self.added_number)):
            if number is not None:
                yield f"{what} {number:03}"

    def compared(self, draw: DrawMethod) -> "Found":
        """Without what the lottery of the lot does not read, and so may differ."""
        variant = VARIANTS.get(draw)
        if variant is None or self.entry is not Entry.BID:
            return replace(self, received_at=None, draw_number=None, added_number=None)
        return replace(
            self,
            received_at=None if self.received_at is None else variant.counted(self.received_at),
            draw_number=self.draw_number if variant.draw_number else None,
            added_number=self.added_number if variant.added_number else None,
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """What a bidder's paper says beside what was recorded of it."""

    bidder: str
    name: str
    recorded: str
    found: str


def recorded_of(attempt: Attempt, quantities: Mapping[str, int]) -> dict[str, Found]:
    return {bid.bidder: _recorded(bid, quantities) for bid in attempt.bids}


def _recorded(bid: Bid, quantities: Mapping[str, int]) -> Found:
    return Found(
        bid.entry,
        bid_total(bid, quantities),
        is_void=bid.entry is Entry.BID and bool(bid.void),
        received_at=bid.received_at,
        draw_number=bid.draw_number,
        added_number=bid.added_number,
    )


def check_faults(bidders: Iterator[Bidder] | tuple[Bidder, ...], found: Mapping[str, Found]) -> Iterator[Fault]:
    """Every bidder of the attempt has to be looked up on paper."""
    for bidder in bidders:
        if bidder.id not in found:
            yield Fault(f"check-{bidder.id}-entry", f"「{bidder.name}」の入札・辞退・不参の別を選んでください。")
        elif found[bidder.id].entry is Entry.BID and found[bidder.id].total is None:
            yield Fault(f"check-{bidder.id}-total", f"「{bidder.name}」の入札金額を入力してください。")


def differences(
    bidders: tuple[Bidder, ...], recorded: Mapping[str, Found], found: Mapping[str, Found], draw: DrawMethod
) -> tuple[Difference, ...]:
    """Those whose paper says something else than what was recorded, in the order of registration.

    Where lots are drawn by computer, what that `draw` reads decides who wins, and is compared like the amount.
    """
    pairs = ((one, recorded[one.id].compared(draw), found[one.id].compared(draw)) for one in bidders)
    return tuple(
        Difference(bidder.id, bidder.name, str(before), str(now)) for bidder, before, now in pairs if before != now
    )


def _amount(found: Found) -> str:
    whole, point, rest = format_decimal(found.total or 0).partition(".")
    return f"{int(whole):,}{point}{rest}円{'（無効）' if found.is_void else ''}"
