"""落札者決定通知書 to the winner of a lot with the bodies it contracts with, and 非落札通知 to those who lost."""

from dataclasses import dataclass
from datetime import datetime

from procure.documents.allocation import quantity_tables
from procure.documents.letterhead import Letterhead
from procure.documents.sheet import Sheet, pdf
from procure.errors import NotFound
from procure.reports.report import BidRow, LotReport, RoundReport
from procure.settlement.result import BidStatus
from procure.templates import prose
from procure.values.era import wareki_day
from procure.values.money import Yen


@dataclass(frozen=True, slots=True)
class Loser:
    """One who bid and did not win: what it bid in each attempt, and why it did not win."""

    name: str
    bids: tuple[tuple[str, Yen], ...]
    outcome: str


def winner_pdf(report: RoundReport, lot: str, letterhead: Letterhead, made_at: datetime) -> bytes:
    """The letter to the winner. Raises NotFound where the lot was not awarded."""
    return pdf(winner_sheet(report, lot, letterhead, made_at))


def losers_pdf(report: RoundReport, lot: str, letterhead: Letterhead, made_at: datetime) -> bytes:
    """The letters to all losers of a lot, a page each. Raises NotFound where there is nobody to write to."""
    return pdf(losers_sheet(report, lot, letterhead, made_at))


def winner_sheet(report: RoundReport, lot: str, letterhead: Letterhead, made_at: datetime) -> Sheet:
    number, shown = _awarded(report, lot)
    return Sheet(
        id=f"{report.id}-WINNER-{number}",
        template="winner.html",
        title=f"{shown.title}　落札者決定通知書（{report.council}）",
        short=f"{shown.title}　落札者決定通知書",
        description="落札金額、契約の相手方となる団体及び数量の通知",
        letterhead=letterhead,
        made_at=made_at,
        values={
            "report": report,
            "lot": shown,
            "tax": award_tax(shown),
            "tables": quantity_tables(shown),
            "draft_by": f"{prose(wareki_day(letterhead.draft_by))}まで"
            if letterhead.draft_by
            else "別途お知らせする日まで",
        },
    )


def losers_sheet(report: RoundReport, lot: str, letterhead: Letterhead, made_at: datetime) -> Sheet:
    number, shown = _awarded(report, lot)
    losers = losers_of(shown)
    if not losers:
        raise NotFound
    return Sheet(
        id=f"{report.id}-LOSERS-{number}",
        template="losers.html",
        title=f"{shown.title}　非落札通知（{report.council}）",
        short=f"{shown.title}　入札結果について（通知）",
        description="入札者ごとの入札金額、落札者及び落札金額の通知",
        letterhead=letterhead,
        made_at=made_at,
        values={"report": report, "lot": shown, "losers": losers, "places": shown.places},
    )


def losers_of(lot: LotReport) -> tuple[Loser, ...]:
    """Those who handed in a bid in any attempt and did not win, in the order of the last attempt's ranks."""
    if not lot.awarded:
        return ()
    rows = [row for attempt in reversed(lot.attempts) for row in attempt.bids]
    bidders = dict.fromkeys(row.bidder for row in rows if row.amount is not None)
    winners = {row.bidder for row in rows if row.won}
    return tuple(_loser(lot, bidder) for bidder in bidders if bidder not in winners)


def award_tax(lot: LotReport) -> int:
    """消費税等 in the award: what is left above its whole yen without tax."""
    return (lot.award_with_tax or 0) - int(lot.award_total or 0)


def _awarded(report: RoundReport, lot: str) -> tuple[int, LotReport]:
    number, shown = next((place, one) for place, one in enumerate(report.lots, start=1) if one.id == lot)
    if not shown.awarded:
        raise NotFound
    return number, shown


def _loser(lot: LotReport, bidder: str) -> Loser:
    own = [(attempt.label, row) for attempt in lot.attempts for row in attempt.bids if row.bidder == bidder]
    entered = [(label, row, row.amount) for label, row in own if row.amount is not None]
    return Loser(
        name=own[-1][1].name,
        bids=tuple((label, amount) for label, _, amount in entered),
        outcome=_outcome(own[-1][1]),
    )


def _outcome(last: BidRow) -> str:
    """What the last entry came to."""
    if last.status is BidStatus.ELIGIBLE:
        return "有効（最低の価格ではない）"
    return f"{last.status_label}（{last.reason}）" if last.reason else last.status_label
