"""くじ: which of several equal lowest bids wins (施行令167条の9)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from procure.settlement.result import Draw
from procure.settlement.round import Bid, Bidder, DrawMethod, PaperDraw

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def draw_lots(
    method: DrawMethod, tied: Sequence[Bid], bidders: Sequence[Bidder], paper: PaperDraw | None
) -> Draw | None:
    """The lottery among the tied bids, who are numbered 0, 1, … by reception; None where its data are missing."""
    numbered = _by_reception(tied, bidders)
    if method is DrawMethod.PAPER:
        return _drawn_on_paper(numbered, paper)
    return _drawn_by_number(method, numbered)


def whole_seconds(moment: datetime) -> int:
    """Whole seconds since 1970-01-01T00:00:00Z."""
    return (moment - _EPOCH) // timedelta(seconds=1)


def _by_reception(tied: Sequence[Bid], bidders: Sequence[Bidder]) -> list[Bid]:
    """Ascending by the second of reception, the same second by registration; by registration where one is unknown."""
    registered = {bidder.id: place for place, bidder in enumerate(bidders)}
    in_order = sorted(tied, key=lambda bid: registered[bid.bidder])
    received = {bid.bidder: whole_seconds(bid.received_at) for bid in tied if bid.received_at is not None}
    if len(received) < len(tied):
        return in_order
    return sorted(in_order, key=lambda bid: received[bid.bidder])


def _drawn_on_paper(numbered: Sequence[Bid], paper: PaperDraw | None) -> Draw | None:
    tied = tuple(bid.bidder for bid in numbered)
    if paper is None or paper.winner not in tied:
        return None
    return Draw(DrawMethod.PAPER, tied, None, None, None, paper.winner)


def _drawn_by_number(method: DrawMethod, numbered: Sequence[Bid]) -> Draw | None:
    numbers: dict[str, int] = {}
    for bid in numbered:
        if bid.draw_number is None or bid.received_at is None:
            return None
        seconds = whole_seconds(bid.received_at) if method is DrawMethod.CORE_EPOCH_SECONDS else 0
        numbers[bid.bidder] = (bid.draw_number + seconds % 1000) % 1000
    tied = tuple(numbers)
    total = sum(numbers.values())
    remainder = total % len(tied)
    return Draw(method, tied, numbers, total, remainder, tied[remainder])
