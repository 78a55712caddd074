"""Results as the API shows them: the figures of the reports, that pages and documents show too."""

from datetime import date, datetime
from decimal import Decimal

from procure.api.fields import Shown, amount
from procure.reports.report import LotReport, RoundReport, ShareRow
from procure.rounds.tables import RoundRow
from procure.settlement.result import Outcome, Savings


class SavingsShown(Shown, frozen=True, kw_only=True):
    """定価との比較（税抜・円）。"""

    list_total: int | str | None
    award_total: int | str | None
    saved: int | str | None
    percent: str
    exact: bool
    statement: str


class RankedBid(Shown, frozen=True, kw_only=True):
    """1者の入札と、その順位。"""

    name: str
    amount: int | str | None
    status: str
    rank: int | None


class RankedAttempt(Shown, frozen=True, kw_only=True):
    """1回の入札（順位の順）。"""

    number: int
    opened_at: datetime
    bids: tuple[RankedBid, ...]


class PricedItem(Shown, frozen=True, kw_only=True):
    """品目の数量、定価、契約単価（税抜・円）。"""

    ref: str
    name: str
    unit: str
    quantity: int
    list_price: int | str | None
    unit_price: int | str | None
    savings_percent: str | None


class LotOutcome(Shown, frozen=True, kw_only=True):
    """ロットの結果とその理由。金額は名前に with_tax のあるものだけが税込。"""

    ref: str
    title: str
    outcome: Outcome
    outcome_label: str
    reason: str | None
    explanation: tuple[str, ...]
    participants: int
    bidders: int
    winner: str | None
    award_attempt: int | None
    award_total: int | str | None
    award_with_tax: int | None
    ceiling: int | str | None
    ceiling_ratio_percent: str | None
    savings: SavingsShown | None
    items: tuple[PricedItem, ...]
    attempts: tuple[RankedAttempt, ...]


class PublishedLine(Shown, frozen=True, kw_only=True):
    """公表された案件。"""

    ref: str
    title: str
    fiscal_year: int
    bid_date: date
    council: str
    is_sample: bool
    published_at: datetime | None
    participants: int
    members: int
    award_total: int | str | None
    award_with_tax: int
    savings: SavingsShown | None


class PublishedList(Shown, frozen=True, kw_only=True):
    """公表された案件の一覧（新しい順）。"""

    items: tuple[PublishedLine, ...]
    next: str | None


class PublishedRound(PublishedLine, frozen=True, kw_only=True):
    """公表された案件と、ロットの結果。"""

    lots: tuple[LotOutcome, ...]


class ShareShown(Shown, frozen=True, kw_only=True):
    """団体が1つのロットで得るものと支払う額。list_amount と saved は定価との比較（税抜）。"""

    lot: str
    title: str
    winner: str | None
    amount: int | str | None
    tax: int | None
    amount_with_tax: int | None
    list_amount: int | str | None
    saved: int | str | None
    savings_percent: str | None


class BodyShares(Shown, frozen=True, kw_only=True):
    """団体への結果通知の数値。"""

    code: str
    name: str
    lots: tuple[ShareShown, ...]


class NoticeList(Shown, frozen=True, kw_only=True):
    """全団体の結果通知の数値。"""

    items: tuple[BodyShares, ...]
    next: str | None


def lot_outcome(lot: LotReport) -> LotOutcome:
    return LotOutcome(
        ref=lot.id,
        title=lot.title,
        outcome=lot.outcome,
        outcome_label=lot.outcome_label,
        reason=lot.reason,
        explanation=lot.explanation,
        participants=lot.participants,
        bidders=lot.bidders,
        winner=lot.winner,
        award_attempt=lot.award_attempt,
        award_total=amount(lot.award_total),
        award_with_tax=lot.award_with_tax,
        ceiling=amount(lot.ceiling),
        ceiling_ratio_percent=percent(lot.ceiling_ratio_percent),
        savings=savings_shown(lot.savings),
        items=tuple(
            PricedItem(
                ref=item.id,
                name=item.name,
                unit=item.unit,
                quantity=item.quantity,
                list_price=amount(item.list_price),
                unit_price=amount(item.unit_price),
                savings_percent=percent(item.savings_percent),
            )
            for item in lot.items
        ),
        attempts=tuple(
            RankedAttempt(
                number=attempt.number,
                opened_at=attempt.opened_at,
                bids=tuple(
                    RankedBid(name=bid.name, amount=amount(bid.amount), status=bid.status_label, rank=bid.rank)
                    for bid in attempt.bids
                ),
            )
            for attempt in lot.attempts
        ),
    )


def published_line(row: RoundRow, report: RoundReport) -> PublishedLine:
    return PublishedLine(
        ref=row.ref,
        title=row.title,
        fiscal_year=row.fiscal_year,
        bid_date=row.bid_date,
        council=row.council,
        is_sample=row.is_sample,
        published_at=row.published_at,
        participants=report.participants,
        members=report.members,
        award_total=amount(report.award_total),
        award_with_tax=report.award_with_tax,
        savings=savings_shown(report.savings),
    )


def body_shares(report: RoundReport, code: str) -> BodyShares | None:
    """None where the body takes part in nothing. A share without an award says nothing, and has no figures."""
    body = next((one for one in report.bodies if one.code == code and one.lots), None)
    if body is None:
        return None
    lots = tuple(_share(lot, code) for lot in report.lots if lot.id in body.lots)
    return BodyShares(code=body.code, name=body.display_name, lots=lots)


def _share(lot: LotReport, code: str) -> ShareShown:
    own: ShareRow | None = next((one for one in lot.municipalities if one.code == code), None) if lot.awarded else None
    return ShareShown(
        lot=lot.id,
        title=lot.title,
        winner=lot.winner,
        amount=amount(own.amount) if own else None,
        tax=own.tax if own else None,
        amount_with_tax=own.amount_with_tax if own else None,
        list_amount=amount(own.list_amount) if own else None,
        saved=amount(own.saved) if own else None,
        savings_percent=percent(own.savings_percent) if own else None,
    )


def savings_shown(savings: Savings | None) -> SavingsShown | None:
    if savings is None:
        return None
    return SavingsShown(
        list_total=amount(savings.list_total),
        award_total=amount(savings.award_total),
        saved=amount(savings.saved),
        percent=str(savings.percent),
        exact=savings.exact,
        statement=savings.statement,
    )


def percent(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
