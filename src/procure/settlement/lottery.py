"""くじ: which of several equal lowest bids wins (施行令167条の9)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from procure.settlement.result import Draw
from procure.settlement.round import Bid, Bidder, DrawMethod, PaperDraw
from procure.values.moments import JAPAN

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Variant:
    """An electronic lottery: the number that it gives a bid, and what it reads for that besides the amount.

    It always reads the time of reception, to the `unit`: the tied are numbered in that order. `opening` says that it
    adds the milliseconds of the opening too.
    """

    number_of: Callable[[Bid], int | None]
    unit: timedelta = _SECOND
    draw_number: bool = True
    added_number: bool = False
    opening: bool = False

    @property
    def by_millisecond(self) -> bool:
        return self.unit == _MILLISECOND

    def counted(self, received_at: datetime) -> datetime:
        """The time of reception as far as the lottery tells times apart."""
        return received_at - (received_at - _EPOCH) % self.unit


def draw_lots(
    method: DrawMethod,
    tied: Sequence[Bid],
    bidders: Sequence[Bidder],
    paper: PaperDraw | None,
    opened_at: datetime | None = None,
) -> Draw | None:
    """The lottery among the tied bids, who are numbered by reception; None where its data are missing.

    `opened_at` is the time of the opening, for the variant that adds its milliseconds.
    """
    numbered = _by_reception(method, tied, bidders)
    if method is DrawMethod.PAPER:
        return _drawn_on_paper(numbered, paper)
    number_of = VARIANTS[method].number_of
    numbers = {bid.bidder: number for bid in numbered if (number := number_of(bid)) is not None}
    if len(numbers) < len(tied):
        return None
    if method is DrawMethod.WAKAYAMA:
        return _drawn_from_the_end(numbers, opened_at)
    return _drawn_by_number(method, numbers)


def whole_seconds(moment: datetime) -> int:
    """Whole seconds since 1970-01-01T00:00:00Z."""
    return (moment - _EPOCH) // timedelta(seconds=1)


def milliseconds(moment: datetime) -> int:
    """The three digits after the second, 0 to 999, cut."""
    return moment.microsecond // 1000


def digit_sum(moment: datetime) -> int:
    """The sum of the digits of YYYYMMDDHHMM in Japan."""
    return sum(int(digit) for digit in moment.astimezone(JAPAN).strftime("%Y%m%d%H%M"))


def _by_reception(method: DrawMethod, tied: Sequence[Bid], bidders: Sequence[Bidder]) -> list[Bid]:
    """Ascending by the second of reception (by the millisecond where the method counts it), then by registration.

    By registration alone where a time is unknown.
    """
    registered = {bidder.id: place for place, bidder in enumerate(bidders)}
    in_order = sorted(tied, key=lambda bid: registered[bid.bidder])
    unit = VARIANTS[method].unit if method in VARIANTS else _SECOND
    received = {bid.bidder: (bid.received_at - _EPOCH) // unit for bid in tied if bid.received_at is not None}
    if len(received) < len(tied):
        return in_order
    return sorted(in_order, key=lambda bid: received[bid.bidder])


def _drawn_on_paper(numbered: Sequence[Bid], paper: PaperDraw | None) -> Draw | None:
    tied = tuple(bid.bidder for bid in numbered)
    if paper is None or paper.winner not in tied:
        return None
    return Draw(DrawMethod.PAPER, tied, None, None, None, paper.winner)


def _drawn_by_number(method: DrawMethod, numbers: Mapping[str, int]) -> Draw:
    tied = tuple(numbers)
    total = sum(numbers.values())
    counted = total % 1000 if method is DrawMethod.MILLISECONDS_CUT else total
    remainder = counted % len(tied)
    return Draw(method, tied, numbers, total, remainder, tied[remainder])


def _drawn_from_the_end(numbers: Mapping[str, int], opened_at: datetime | None) -> Draw | None:
    """和歌山: the tied are numbered from 1, and the one numbered n − remainder wins."""
    if opened_at is None:
        return None
    tied = tuple(numbers)
    total = sum(numbers.values()) + milliseconds(opened_at)
    remainder = total % len(tied)
    return Draw(DrawMethod.WAKAYAMA, tied, numbers, total, remainder, tied[len(tied) - remainder - 1])


def _added(bid: Bid, of_reception: Callable[[datetime], int | None]) -> int | None:
    """(くじ番号 + what the reception adds) mod 1000; None where one of them is unknown."""
    added = None if bid.received_at is None else of_reception(bid.received_at)
    return None if added is None or bid.draw_number is None else (bid.draw_number + added) % 1000


def _digits_of_reception(bid: Bid) -> int | None:
    return None if bid.received_at is None else digit_sum(bid.received_at)


# Without the time of reception nobody can be numbered, whatever the method adds. A lottery on paper reads nothing.
VARIANTS: Mapping[DrawMethod, Variant] = {
    DrawMethod.CORE_EPOCH_SECONDS: Variant(lambda bid: _added(bid, whole_seconds)),
    DrawMethod.KUJI_ONLY: Variant(lambda bid: _added(bid, lambda _: 0)),
    DrawMethod.RANDOM_ADDED: Variant(lambda bid: _added(bid, lambda _: bid.added_number), added_number=True),
    DrawMethod.MILLISECONDS: Variant(lambda bid: _added(bid, milliseconds), unit=_MILLISECOND),
    DrawMethod.MILLISECONDS_CUT: Variant(lambda bid: _added(bid, milliseconds), unit=_MILLISECOND),
    DrawMethod.WAKAYAMA: Variant(_digits_of_reception, draw_number=False, opening=True),
}
