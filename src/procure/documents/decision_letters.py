"""落札者決定通知書 to the winner of a lot with the bodies it contracts with, and 非落札通知 to the others who bid."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from procure.documents.allocation import quantity_tables
from procure.documents.letterhead import Letterhead
from procure.documents.sheet import Sheet, pdf
from procure.errors import NotFound
from procure.reports.businesses import Business
from procure.reports.lot_record import LotRecord
from procure.reports.report import BidRow, LotReport, RoundReport
from procure.settlement.award import REVIEW_FAILED
from procure.settlement.labels import reason_label
from procure.settlement.result import BidStatus, Outcome
from procure.settlement.round import Lot, NegotiationGround
from procure.templates import prose, yen
from procure.values.era import wareki_day
from procure.values.money import Yen

NO_RECORD = LotRecord()
LATER = "別途お知らせする日まで"


@dataclass(frozen=True, slots=True)
class OwnBid:
    """What the addressee entered in an attempt and what that came to, in words; `amount` is tax-exclusive."""

    attempt: str
    amount: Yen | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Loser:
    """One who bid and did not win."""

    addressee: Business
    bids: tuple[OwnBid, ...]


def winner_pdf(
    report: RoundReport, lot: str, letterhead: Letterhead, made_at: datetime, record: LotRecord = NO_RECORD
) -> bytes:
    """The letter to the winner. Raises NotFound where no award stands."""
    return pdf(winner_sheet(report, lot, letterhead, made_at, record))


def losers_pdf(
    report: RoundReport, lot: Lot, letterhead: Letterhead, made_at: datetime, record: LotRecord = NO_RECORD
) -> bytes:
    """The letters to all losers of a lot, a page each. Raises NotFound where there is nobody to write to."""
    return pdf(losers_sheet(report, lot, letterhead, made_at, record))


def losers_of(shown: LotReport, lot: Lot, record: LotRecord = NO_RECORD) -> tuple[Loser, ...]:
    """Those who handed in a bid in any attempt of a tender that came to its end, and have no contract from it.

    In the order of the last attempt's ranks. Who is contracted without a tender afterwards gets a letter on that.
    """
    if shown.outcome not in (Outcome.AWARDED, Outcome.NO_AWARD):
        return ()
    rows = [row for attempt in reversed(shown.attempts) for row in attempt.bids]
    others = {row.bidder for row in rows if row.won} | contractors(lot)
    bidders = dict.fromkeys(row.bidder for row in rows if row.amount is not None and row.bidder not in others)
    names = {bidder.id: bidder.name for bidder in lot.bidders}
    return tuple(
        Loser(record.businesses.get(bidder, Business(names[bidder])), tuple(_own_bids(shown, lot, bidder)))
        for bidder in bidders
    )


def contractors(lot: Lot) -> frozenset[str]:
    """The bidders that were contracted with after the tender."""
    words = {contract.contractor for contract in lot.negotiation.contracts} if lot.negotiation else frozenset()
    return frozenset(bidder.id for bidder in lot.bidders if words & {bidder.id, bidder.name})


def winner_sheet(
    report: RoundReport, lot: str, letterhead: Letterhead, made_at: datetime, record: LotRecord = NO_RECORD
) -> Sheet:
    number, shown = numbered(report, lot)
    if not shown.award_stands:
        raise NotFound
    won = next(row.bidder for attempt in shown.attempts for row in attempt.bids if row.won)
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
            "addressee": record.businesses.get(won, Business(shown.winner or "")),
            "tax": award_tax(shown),
            "tables": quantity_tables(shown),
            "draft_by": draft_by(letterhead),
        },
    )


def losers_sheet(
    report: RoundReport, lot: Lot, letterhead: Letterhead, made_at: datetime, record: LotRecord = NO_RECORD
) -> Sheet:
    number, shown = numbered(report, lot.id)
    losers = losers_of(shown, lot, record)
    if not losers:
        raise NotFound
    return Sheet(
        id=f"{report.id}-LOSERS-{number}",
        template="losers.html",
        title=f"{shown.title}　非落札通知（{report.council}）",
        short=f"{shown.title}　入札結果について（通知）",
        description="入札者ごとの入札金額と、落札者及び落札金額の通知",
        letterhead=letterhead.not_before((shown.negotiation.agreed_on,) if shown.negotiation else ()),
        made_at=made_at,
        values={
            "report": report,
            "lot": shown,
            "losers": losers,
            "places": shown.places,
            "after": tuple(_after_tender(shown)),
        },
    )


def award_tax(lot: LotReport) -> int:
    """消費税等 in the award: what is left above its whole yen without tax."""
    return (lot.award_with_tax or 0) - int(lot.award_total or 0)


def draft_by(letterhead: Letterhead) -> str:
    """By when the draft of the contract is to arrive."""
    return f"{prose(wareki_day(letterhead.draft_by))}まで" if letterhead.draft_by else LATER


def numbered(report: RoundReport, lot: str) -> tuple[int, LotReport]:
    """The lot, and its place in the round."""
    return next((place, one) for place, one in enumerate(report.lots, start=1) if one.id == lot)


def _own_bids(shown: LotReport, lot: Lot, bidder: str) -> Iterable[OwnBid]:
    for attempt in shown.attempts:
        for row in attempt.bids:
            if row.bidder == bidder:
                yield OwnBid(attempt.label, row.amount, _outcome(row, lot))


def _outcome(bid: BidRow, lot: Lot) -> str:
    if bid.status is BidStatus.ELIGIBLE:
        return "有効（最低の価格ではない）"
    reason = _reason(bid, lot)
    return f"{bid.status_label}（{reason}）" if reason else bid.status_label


def _reason(bid: BidRow, lot: Lot) -> str | None:
    """Who failed the review learns why, and nobody else does."""
    failed = next((one.reason for one in lot.reviews if one.bidder == bid.bidder and not one.passed), None)
    is_review = bid.status is BidStatus.DISQUALIFIED and bid.reason == reason_label(REVIEW_FAILED)
    return f"{bid.reason}：{failed}" if is_review and failed else bid.reason


def _after_tender(lot: LotReport) -> Iterable[str]:
    """The 随意契約 that took the place of an award."""
    made = lot.negotiation
    if made is None:
        return
    why = "落札者がない" if made.ground is NegotiationGround.FAILED_TENDER else "落札者が契約を締結しない"
    yield f"{why}ため、随意契約（{made.law}）により契約の相手方を決定しました。"
    for contract in made.contracts:
        yield f"{contract.name}　{yen(contract.total)}円（税抜）"
