"""Results as the API shows them: the figures of the reports, that pages and documents show too."""

from datetime import date, datetime
from decimal import Decimal

from procure.api.fields import Shown, amount
from procure.reports.negotiated import NegotiationReport
from procure.reports.report import LotReport, RoundReport, ShareRow
from procure.rounds.tables import RoundRow
from procure.settlement.result import Outcome, Savings
from procure.settlement.round import NegotiationGround


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


class LotContract(Shown, frozen=True, kw_only=True):
    """落札によらない契約（随意契約）1件。金額は名前に with_tax のあるものだけが税込。"""

    contractor: str
    ground: NegotiationGround
    law: str
    agreed_on: date
    total: int | str | None
    total_with_tax: int | None
    savings: SavingsShown | None
    items: tuple[PricedItem, ...]


class LotOutcome(Shown, frozen=True, kw_only=True):
    """ロットの結果とその理由。金額は名前に with_tax のあるものだけが税込。

    award_stands は、落札者と契約するとき true。落札者が契約を締結しないときは false で、その後の手続は instead。
    """

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
    award_stands: bool
    instead: str
    ceiling: int | str | None
    ceiling_ratio_percent: str | None
    savings: SavingsShown | None
    items: tuple[PricedItem, ...]
    attempts: tuple[RankedAttempt, ...]
    contracts: tuple[LotContract, ...]


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
    """団体が1つのロットで、1者から得るものと支払う額。list_amount と saved は定価との比較（税抜）。

    winner は契約する落札者。随意契約によるときは、winner が null で、contractor が相手方、ground がその根拠。
    """

    lot: str
    title: str
    winner: str | None
    contractor: str | None
    ground: NegotiationGround | None
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
        award_stands=lot.award_stands,
        instead=lot.instead,
        ceiling=amount(lot.ceiling),
        ceiling_ratio_percent=percent(lot.ceiling_ratio_percent),
        savings=savings_shown(lot.savings),
        items=_items(lot),
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
        contracts=tuple(_contract(one, one.negotiation) for one in lot.contracts if one.negotiation),
    )


def _contract(contract: LotReport, negotiation: NegotiationReport) -> LotContract:
    return LotContract(
        contractor=contract.winner or "",
        ground=negotiation.ground,
        law=negotiation.law,
        agreed_on=negotiation.agreed_on,
        total=amount(contract.award_total),
        total_with_tax=contract.award_with_tax,
        savings=savings_shown(contract.savings),
        items=_items(contract),
    )


def _items(lot: LotReport) -> tuple[PricedItem, ...]:
    return tuple(
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
    """None where the body takes part in nothing. A lot that comes to no contract has a line without figures."""
    body = next((one for one in report.bodies if one.code == code and one.lots), None)
    if body is None:
        return None
    lots = (lot for lot in report.lots if lot.id in body.lots)
    shares = tuple(_share(lot, *own) for lot in lots for own in (tuple(lot.supplies(code)) or ((None, None),)))
    return BodyShares(code=body.code, name=body.display_name, lots=shares)


def _share(lot: LotReport, supplied: LotReport | None, own: ShareRow | None) -> ShareShown:
    supplier = supplied.winner if supplied else None
    agreed = supplied.negotiation if supplied and supplied.is_contract else None
    return ShareShown(
        lot=lot.id,
        title=lot.title,
        winner=None if agreed else supplier,
        contractor=supplier if agreed else None,
        ground=agreed.ground if agreed else None,
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
