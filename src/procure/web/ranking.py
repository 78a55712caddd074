"""The bids of an attempt as the pages rank them: words and tones for the table of bids."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from procure.reports.report import AttemptReport, BidRow, LotReport
from procure.settlement.result import BidStatus
from procure.settlement.round import Lot
from procure.values.money import Yen

CANDIDATE = "落札候補"  # until the decision is confirmed
UNCHECKED = "照合待ち"  # until a second person has compared the attempt with the papers

_TONES = {
    BidStatus.AWARDED: "strong",
    BidStatus.ELIGIBLE: "gray",
    BidStatus.LOST_DRAW: "gray",
    BidStatus.OVER_CEILING: "orange",
    BidStatus.VOID: "orange",
    BidStatus.DISQUALIFIED: "orange",
    BidStatus.DECLINED: "gray",
    BidStatus.ABSENT: "gray",
}


@dataclass(frozen=True, slots=True)
class RankedBid:
    """A row of `ui.bids_table`; `standing` is "award", "valid" or "out". Tax-exclusive yen."""

    rank: int | None
    name: str
    total: Yen | None
    ratio: Decimal | None
    behind: Yen | None
    verdict: str
    tone: str
    reason: str | None
    standing: str


@dataclass(frozen=True, slots=True)
class AttemptView:
    """初度入札, 再度入札, 再々度入札 with their bids by rank."""

    label: str
    opened_at: datetime
    bids: tuple[RankedBid, ...]


def ranked(attempt: AttemptReport, *, is_confirmed: bool) -> AttemptView:
    bids = tuple(_ranked(bid, is_confirmed) for bid in attempt.bids)
    return AttemptView(attempt.label, attempt.opened_at, bids)


def attempts_shown(
    lot: Lot, report: LotReport, unchecked: int | None, *, is_confirmed: bool
) -> tuple[AttemptView, ...]:
    """All attempts of a lot, that of the number `unchecked` without a verdict."""
    order = [bidder.id for bidder in lot.bidders]
    return tuple(
        unjudged(attempt, order) if attempt.number == unchecked else ranked(attempt, is_confirmed=is_confirmed)
        for attempt in report.attempts
    )


def unjudged(attempt: AttemptReport, order: Sequence[str]) -> AttemptView:
    """An attempt that nobody has checked yet: what was recorded, in the order of registration, without a verdict."""
    bids = sorted(attempt.bids, key=lambda bid: order.index(bid.bidder))
    return AttemptView(attempt.label, attempt.opened_at, tuple(_unjudged(bid) for bid in bids))


def _unjudged(bid: BidRow) -> RankedBid:
    is_left_out = bid.status in (BidStatus.DECLINED, BidStatus.ABSENT)
    return RankedBid(
        rank=None,
        name=bid.name,
        total=bid.amount,
        ratio=None,
        behind=None,
        verdict=bid.status_label if is_left_out else UNCHECKED,
        tone="gray",
        reason=None,
        standing="valid",
    )


def _ranked(bid: BidRow, is_confirmed: bool) -> RankedBid:
    return RankedBid(
        rank=bid.rank,
        name=bid.name,
        total=bid.amount,
        ratio=bid.list_ratio_percent,
        behind=bid.difference or None,
        verdict=bid.status_label if is_confirmed or not bid.won else CANDIDATE,
        tone=_TONES[bid.status],
        reason=bid.reason,
        standing=_standing(bid),
    )


def _standing(bid: BidRow) -> str:
    if bid.won:
        return "award"
    return "out" if bid.rank is None or bid.status is BidStatus.OVER_CEILING else "valid"
