"""The page of a round: how far it has come, what to do next, what it saves, and who bid what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from procure.awards.queries import confirmation_of
from procure.demand.queries import submissions_of
from procure.reports.queries import settled_round
from procure.reports.report import AttemptReport, BidRow, ItemRow, LotReport, RoundReport
from procure.reports.sums import total
from procure.rounds.queries import find_round
from procure.rounds.stages import Act, Stage, may
from procure.rounds.tables import RoundRow
from procure.server import Answer, Page, Permission, Visit, get
from procure.settlement.labels import CONTRACT_KIND
from procure.settlement.result import BidStatus, Outcome
from procure.values.era import wareki_short
from procure.values.money import Yen
from procure.values.rounding import percent
from procure.web.next_steps import NextStep, Standing, next_step

CANDIDATE = "落札候補"
_WAITING = {
    Stage.PREPARING: "準備中",
    Stage.SURVEYING: "需要登録中",
    Stage.SPECIFIED: "仕様確定",
    Stage.BIDDING: "開札前",
    Stage.OPENING: "入札の記録待ち",
    Stage.PUBLISHED: "開札前",
}
_OUTCOME_TONES = {
    Outcome.AWARDED: "green",
    Outcome.DRAW_REQUIRED: "yellow",
    Outcome.REBID: "yellow",
    Outcome.NO_BIDS: "orange",
    Outcome.NO_AWARD: "orange",
}
_BID_TONES = {
    BidStatus.AWARDED: "strong",
    BidStatus.OVER_CEILING: "orange",
    BidStatus.VOID: "orange",
    BidStatus.DISQUALIFIED: "orange",
}
_OUT = frozenset({BidStatus.DECLINED, BidStatus.ABSENT, BidStatus.VOID, BidStatus.DISQUALIFIED, BidStatus.OVER_CEILING})


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of the round: "done", "current" or "todo", and its day in words."""

    label: str
    state: str
    date_text: str | None


@dataclass(frozen=True, slots=True)
class RankedBid:
    """A bid as the table of bids shows it."""

    rank: int | None
    name: str
    total: Yen | None
    ratio: Decimal | None
    behind: Yen | None
    verdict: str
    tone: str
    standing: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class AttemptView:
    label: str
    opened_at: datetime
    bids: tuple[RankedBid, ...]


@dataclass(frozen=True, slots=True)
class LotView:
    """A lot of the page. `unit` is what its items are counted in, None where they differ."""

    id: str
    title: str
    kind: str
    status: str
    tone: str
    reason: str | None
    awarded: bool
    winner: str | None
    award_total: Yen | None
    list_total: Yen | None
    savings_percent: Decimal | None
    quantity: int
    unit: str | None
    participants: int
    bidders: tuple[str, ...]
    items: tuple[ItemRow, ...]
    attempts: tuple[AttemptView, ...]
    draw: str | None
    may_cancel: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums under the table of items, over the lots it is about."""

    quantity: int
    list_amount: Yen | None
    amount: Yen | None
    savings_percent: Decimal | None
    largest: Yen


@dataclass(frozen=True, slots=True)
class RoundView:
    """Everything on the page. `lots_shown` are those with bids to show, `chosen` the one whose bids are open."""

    ref: str
    report: RoundReport
    is_sample: bool
    stage: Stage
    steps: tuple[Step, ...]
    next: NextStep | None
    is_confirmed: bool
    deadline: datetime | None
    now: datetime
    members: int
    answers: int
    participation: Decimal | None
    lots: tuple[LotView, ...]
    totals: Totals
    chosen: LotView | None

    @property
    def item_count(self) -> int:
        return sum(len(lot.items) for lot in self.lots)

    @property
    def quantity(self) -> int:
        return sum(lot.quantity for lot in self.lots)

    @property
    def unit(self) -> str | None:
        units = {lot.unit for lot in self.lots}
        return units.pop() if len(units) == 1 else None

    @property
    def savings_note(self) -> str | None:
        """What the savings do not cover."""
        notes = []
        if len(self.report.awarded) < len(self.lots):
            notes.append(f"{len(self.lots)}ロットのうち、{self.lots_word}{len(self.report.awarded)}ロットの合計です。")
        savings = self.report.savings
        if savings and savings.covered_items < savings.items:
            covered = f"定価のある{savings.covered_items}品目（全{savings.items}品目）"
            notes.append(f"{covered}で比べています。金額では全体の{savings.coverage_percent}%です。")
        return "".join(notes) or None

    @property
    def lots_word(self) -> str:
        return "落札した" if self.is_confirmed else "落札候補のある"

    @property
    def tabs(self) -> list[tuple[str, str, bool]]:
        """A link for each lot with bids: (label, address, whether it is the one shown)."""
        shown = [lot for lot in self.lots if lot.attempts]
        return [(lot.title, f"?lot={lot.id}#bids", lot == self.chosen) for lot in shown]

    @property
    def bidder_lots(self) -> list[tuple[str, str]]:
        """Who is registered for each lot, before there are bids to show."""
        return [(lot.title, "、".join(lot.bidders)) for lot in self.lots if lot.bidders]

    def allows(self, act: str) -> bool:
        """Whether the stage allows an act, by its name."""
        return may(Act(act), self.stage)


@get("/rounds/{ref}", Permission.READ_ROUNDS)
def show_round(visit: Visit, ref: str) -> Answer:
    row = find_round(visit.session, ref)
    view = round_view(visit, row, visit.query.text("lot"))
    values = {
        "round": view,
        "may_manage": visit.person.may(Permission.MANAGE_ROUNDS),
        "may_read_history": visit.person.may(Permission.READ_HISTORY),
    }
    return Page("round.html", values)


def round_view(visit: Visit, row: RoundRow, chosen: str) -> RoundView:
    settled = settled_round(visit.session, row)
    report = settled.report
    answers = len(submissions_of(visit.session, row.id))
    is_confirmed = confirmation_of(visit.session, row) is not None
    at = Standing(row, settled.round, settled.result, report.members, answers, is_confirmed, visit.now)
    lots = tuple(
        lot_view(row, lot, tuple(bidder.name for bidder in value.bidders), is_confirmed)
        for lot, value in zip(report.lots, settled.round.lots, strict=True)
    )
    shown = [lot for lot in lots if lot.attempts]
    return RoundView(
        ref=row.ref,
        report=report,
        is_sample=settled.is_sample,
        stage=row.stage,
        steps=steps_of(row),
        next=next_step(at),
        is_confirmed=is_confirmed,
        deadline=row.survey_deadline,
        now=visit.now,
        members=report.members,
        answers=answers,
        participation=percent(report.participants, report.members, 1) if report.members else None,
        lots=lots,
        totals=totals_of(report),
        chosen=next((lot for lot in shown if lot.id == chosen), shown[0] if shown else None),
    )


def steps_of(row: RoundRow) -> tuple[Step, ...]:
    order = list(Stage)
    reached = order.index(row.stage)
    return tuple(Step(stage.label, _state(place, reached), _day(row, stage)) for place, stage in enumerate(order))


def _state(place: int, reached: int) -> str:
    """The last stage is reached by being done."""
    if place < reached or reached == len(Stage) - 1:
        return "done"
    return "current" if place == reached else "todo"


def _day(row: RoundRow, stage: Stage) -> str | None:
    """The day of a stage; before the opening the 入札日 stands for it."""
    if stage is Stage.OPENING and row.opened_at is None:
        return f"{wareki_short(row.bid_date)} 予定"
    days: dict[Stage, tuple[date | None, str]] = {
        Stage.PREPARING: (row.created_at, "作成"),
        Stage.SURVEYING: (row.survey_deadline, "締切"),
        Stage.SPECIFIED: (row.specified_at, "確定"),
        Stage.BIDDING: (row.announced_at, "公告"),
        Stage.OPENING: (row.opened_at, "開札"),
        Stage.PUBLISHED: (row.published_at, "公表"),
    }
    day, what = days[stage]
    return f"{wareki_short(day)} {what}" if day else None


def lot_view(row: RoundRow, lot: LotReport, bidders: tuple[str, ...], is_confirmed: bool) -> LotView:
    bought = [item for item in lot.items if item.quantity]
    units = {item.unit for item in (bought or lot.items)}
    status, tone = _status(row.stage, lot, is_confirmed)
    return LotView(
        id=lot.id,
        title=lot.title,
        kind=CONTRACT_KIND[lot.contract_kind],
        status=status,
        tone=tone,
        reason=lot.reason,
        awarded=lot.awarded,
        winner=lot.winner,
        award_total=lot.award_total,
        list_total=total(item.list_amount for item in bought),
        savings_percent=lot.savings.percent if lot.savings else None,
        quantity=sum(item.quantity for item in lot.items),
        unit=units.pop() if len(units) == 1 else None,
        participants=lot.participants,
        bidders=bidders,
        items=lot.items,
        attempts=tuple(_attempt(attempt, is_confirmed) for attempt in lot.attempts),
        draw=lot.draw.sentence if lot.draw else None,
        may_cancel=may(Act.CANCEL_LOT, row.stage) and lot.outcome is not Outcome.CANCELLED and not is_confirmed,
    )


def _status(stage: Stage, lot: LotReport, is_confirmed: bool) -> tuple[str, str]:
    if lot.outcome is Outcome.PENDING:
        return _WAITING[stage], "gray"
    if lot.awarded and not is_confirmed:
        return f"{CANDIDATE}あり", "green"
    return lot.outcome_label, _OUTCOME_TONES.get(lot.outcome, "gray")


def _attempt(attempt: AttemptReport, is_confirmed: bool) -> AttemptView:
    return AttemptView(attempt.label, attempt.opened_at, tuple(_bid(bid, is_confirmed) for bid in attempt.bids))


def _bid(bid: BidRow, is_confirmed: bool) -> RankedBid:
    return RankedBid(
        rank=bid.rank,
        name=bid.name,
        total=bid.amount,
        ratio=bid.list_ratio_percent,
        behind=bid.difference or None,
        verdict=CANDIDATE if bid.won and not is_confirmed else bid.status_label,
        tone=_BID_TONES.get(bid.status, "gray"),
        standing="award" if bid.won else "out" if bid.status in _OUT else "valid",
        reason=bid.reason,
    )


def totals_of(report: RoundReport) -> Totals:
    """Over the awarded lots where there are any: a sum of some lots' prices and all lots' quantities says nothing."""
    lots = report.awarded or report.lots
    items = [item for lot in lots for item in lot.items]
    return Totals(
        quantity=sum(item.quantity for item in items),
        list_amount=total(item.list_amount for item in items if item.quantity),
        amount=report.award_total if report.awarded else None,
        savings_percent=report.savings.percent if report.savings else None,
        largest=_largest([item for lot in report.lots for item in lot.items]),
    )


def _largest(items: Sequence[ItemRow]) -> Yen:
    amounts = (amount for item in items for amount in (item.list_amount, item.amount))
    return max((amount for amount in amounts if amount is not None), default=0)


routes = [show_round]
