"""The chart of the bids that decided a lot, against the ceiling where anybody may be told it."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from markupsafe import Markup

from procure.documents import svg
from procure.documents.svg import ACCENT, PALE, SUB, WIDTH
from procure.reports.report import AttemptReport, BidRow, LotReport
from procure.templates import yen
from procure.values.money import Yen
from procure.values.rounding import percent

BAR_LEFT, BAR_FULL, AMOUNT_RIGHT = 142, 180, 398
HEAD, ROW = 17, 15
ROWS = 36  # bidders a figure


def deciding_attempt(lot: LotReport) -> AttemptReport | None:
    """The attempt that the award was made in."""
    return next((attempt for attempt in lot.attempts if attempt.number == lot.award_attempt), None)


def bids_charts(lot: LotReport) -> tuple[Markup, ...]:
    """The bids of the deciding attempt in the order of their rank; none where no attempt decided."""
    attempt = deciding_attempt(lot)
    if attempt is None:
        return ()
    ceiling = lot.ceiling if lot.ceiling_may_be_named else None
    largest = max((bid.amount for bid in attempt.bids if bid.amount is not None), default=0)
    scale = max(largest, ceiling or 0)
    starts = range(0, len(attempt.bids), ROWS)
    title = f"{lot.title}　{attempt.label}の入札金額（税抜・円）"
    return tuple(_chart(title, attempt.bids[start : start + ROWS], ceiling, scale) for start in starts)


def _chart(title: str, bids: Sequence[BidRow], ceiling: Yen | None, scale: Yen) -> Markup:
    height = HEAD + ROW * len(bids) + 4
    said = "、".join(f"{bid.name} {_amount(bid)}（{bid.status_label}）" for bid in bids)
    limit = "" if ceiling is None else f"。入札書比較価格 {yen(ceiling)}円"
    return svg.drawing(height, f"{said}{limit}。", _parts(bids, ceiling, scale, height), title=title)


def _parts(bids: Sequence[BidRow], ceiling: Yen | None, scale: Yen, height: int) -> Iterator[Markup]:
    yield from _head(ceiling, scale)
    yield svg.rule(HEAD - 3)
    for place, bid in enumerate(bids):
        yield from _row(bid, HEAD + ROW * place, scale)
    if ceiling is not None:
        yield svg.limit(BAR_LEFT + _length(ceiling, scale), HEAD - 3, height - 2)
    yield svg.rule(height - 1, weight=0.9)


def _head(ceiling: Yen | None, scale: Yen) -> Iterator[Markup]:
    yield svg.words(2, 9, "入札者", 8, fill=SUB)
    if ceiling is not None:
        x = BAR_LEFT + _length(ceiling, scale)
        yield svg.words(x - 2, 9, f"入札書比較価格 {yen(ceiling)} ▼", 8, anchor="end")
    yield svg.words(AMOUNT_RIGHT, 9, "入札金額", 8, fill=SUB, anchor="end")
    yield svg.words(WIDTH - 2, 9, "判定", 8, fill=SUB, anchor="end")


def _row(bid: BidRow, top: float, scale: Yen) -> Iterator[Markup]:
    """The award dark, other valid bids pale, others an empty broken outline."""
    yield svg.words(2, top + 9.5, svg.shortened(bid.name, 16), bold=bid.won)
    yield svg.upright(BAR_LEFT, top, top + ROW - 2)
    length = _length(bid.amount, scale) if bid.amount is not None else Decimal(0)
    if bid.amount is not None:
        if bid.rank is None:
            yield svg.outline(BAR_LEFT, top + 2.5, length, 8.5)
        else:
            yield svg.bar(BAR_LEFT, top + 2.5, length, 8.5, ACCENT if bid.won else PALE)
        yield svg.words(AMOUNT_RIGHT, top + 9.8, yen(bid.amount), 8, anchor="end", bold=bid.won, family=svg.FIGURES)
    yield svg.words(WIDTH - 2, top + 9.5, bid.status_label, 8, anchor="end", bold=bid.won)


def _amount(bid: BidRow) -> str:
    return "金額なし" if bid.amount is None else f"{yen(bid.amount)}円"


def _length(amount: Yen, scale: Yen) -> Decimal:
    return percent(amount, scale, 2) * BAR_FULL / 100 if scale else Decimal(0)
