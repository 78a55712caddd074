"""The bids of a lot in order: rank, ratio to list price and difference to the lowest, attempt by attempt."""

from collections.abc import Sequence
from dataclasses import dataclass

from procure.reports.report import AttemptReport, BidRow
from procure.settlement.labels import BID_STATUS, attempt_label, reason_label
from procure.settlement.result import BidStatus, JudgedAttempt, JudgedBid
from procure.settlement.round import Lot
from procure.values.money import Yen, whole_or_exact
from procure.values.rounding import percent

VALID = frozenset({BidStatus.AWARDED, BidStatus.ELIGIBLE, BidStatus.LOST_DRAW, BidStatus.OVER_CEILING})


@dataclass(frozen=True, slots=True)
class Standing:
    """One bidder over all attempts, an entry for each; None where it took no part. `last` is its latest bid."""

    name: str
    bids: tuple[BidRow | None, ...]
    last: BidRow


def attempt_report(lot: Lot, judged: JudgedAttempt, list_total: Yen | None) -> AttemptReport:
    """`list_total` is the lot at list price in tax-exclusive yen, None where an item has no list price."""
    opened_at = next(attempt.opened_at for attempt in lot.attempts if attempt.number == judged.number)
    registered = {bidder.id: place for place, bidder in enumerate(lot.bidders)}
    rows = [_row(lot, bid, valid_amounts(judged.bids), list_total) for bid in judged.bids]
    rows.sort(key=lambda row: (row.rank is None, row.rank or 0, not row.won, registered[row.bidder]))
    return AttemptReport(judged.number, attempt_label(judged.number), opened_at, tuple(rows))


def valid_amounts(bids: Sequence[JudgedBid]) -> list[Yen]:
    return [bid.total for bid in bids if bid.status in VALID and bid.total is not None]


def standings(attempts: Sequence[AttemptReport]) -> tuple[Standing, ...]:
    """Every bidder once: first those of the last attempt by rank, then those who had left before it."""
    latest: dict[str, BidRow] = {}
    for attempt in reversed(attempts):
        for row in attempt.bids:
            latest.setdefault(row.bidder, row)
    return tuple(Standing(row.name, _over_attempts(attempts, bidder), row) for bidder, row in latest.items())


def _over_attempts(attempts: Sequence[AttemptReport], bidder: str) -> tuple[BidRow | None, ...]:
    return tuple(next((row for row in attempt.bids if row.bidder == bidder), None) for attempt in attempts)


def _row(lot: Lot, bid: JudgedBid, amounts: Sequence[Yen], list_total: Yen | None) -> BidRow:
    amount = bid.total if bid.status in VALID else None
    return BidRow(
        bidder=bid.bidder,
        name=next(bidder.name for bidder in lot.bidders if bidder.id == bid.bidder),
        amount=bid.total,
        status=bid.status,
        status_label=BID_STATUS[bid.status],
        reason=None if bid.reason is None else reason_label(bid.reason),
        rank=None if amount is None else 1 + sum(other < amount for other in amounts),
        list_ratio_percent=percent(amount, list_total, 1) if amount is not None and list_total else None,
        difference=None if amount is None else whole_or_exact(amount - min(amounts)),
    )
