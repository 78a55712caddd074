"""The parts of a round as its page and the public one show them: stages, lots, attempts and sums."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from procure.reports.report import ItemRow, LotReport, RoundReport
from procure.reports.sums import total
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from procure.settlement.labels import CONTRACT_KIND
from procure.settlement.result import Outcome
from procure.settlement.round import Lot
from procure.values.era import wareki_short
from procure.values.money import Yen
from procure.web.ranking import CANDIDATE, UNCHECKED, AttemptView, attempts_shown, ranked

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
    Outcome.REVIEW_REQUIRED: "yellow",
    Outcome.REBID: "yellow",
    Outcome.NO_BIDS: "orange",
    Outcome.NO_AWARD: "orange",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of the round: "done", "current" or "todo", and its day in words."""

    label: str
    state: str
    date_text: str | None


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
    is_bought: bool
    instead: str
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
        is_bought=bool(lot.suppliers),
        instead=lot.instead,
        winner=lot.winner,
        award_total=lot.award_total,
        list_total=total(item.list_amount for item in bought),
        savings_percent=lot.savings.percent if lot.savings else None,
        quantity=sum(item.quantity for item in lot.items),
        unit=units.pop() if len(units) == 1 else None,
        participants=lot.participants,
        bidders=bidders,
        items=lot.items,
        attempts=tuple(ranked(attempt, is_confirmed=is_confirmed) for attempt in lot.attempts),
        draw=lot.draw.sentence if lot.draw else None,
        may_cancel=False,
    )


def without_verdict(view: LotView, report: LotReport, lot: Lot, number: int) -> LotView:
    """A lot with an attempt, of that number, that nobody has compared with the papers: nothing is decided on it.

    A lot that was cancelled stays cancelled.
    """
    attempts = attempts_shown(lot, report, number, is_confirmed=False)
    if lot.cancelled is not None:
        return replace(view, attempts=attempts)
    return replace(view, attempts=attempts, status=UNCHECKED, tone="yellow", reason=None, awarded=False, draw=None)


def _status(stage: Stage, lot: LotReport, is_confirmed: bool) -> tuple[str, str]:
    if lot.outcome is Outcome.PENDING:
        return _WAITING[stage], "gray"
    if lot.awarded and not is_confirmed:
        return f"{CANDIDATE}あり", "green"
    return lot.outcome_label, _OUTCOME_TONES.get(lot.outcome, "gray")


def savings_note(report: RoundReport, lots_word: str) -> str | None:
    """What the savings do not cover; `lots_word` says which lots they are over."""
    notes = []
    if len(report.awarded) < len(report.lots):
        notes.append(f"{len(report.lots)}ロットのうち、{lots_word}{len(report.awarded)}ロットの合計です。")
    savings = report.savings
    if savings and savings.covered_items < savings.items:
        covered = f"定価のある{savings.covered_items}品目（全{savings.items}品目）"
        notes.append(f"{covered}で比べています。金額では全体の{savings.coverage_percent}%です。")
    return "".join(notes) or None


def totals_of(report: RoundReport, *, is_judged: bool = True) -> Totals:
    """Over the awarded lots where there are any: a sum of some lots' prices and all lots' quantities says nothing.

    Without `is_judged` some bids wait for their check, and no price is told.
    """
    is_awarded = is_judged and bool(report.awarded)
    lots = report.awarded if is_awarded else report.lots
    items = [item for lot in lots for item in lot.items]
    return Totals(
        quantity=sum(item.quantity for item in items),
        list_amount=total(item.list_amount for item in items if item.quantity),
        amount=report.award_total if is_awarded else None,
        savings_percent=report.savings.percent if is_awarded and report.savings else None,
        largest=_largest([item for lot in report.lots for item in lot.items]),
    )


def _largest(items: Sequence[ItemRow]) -> Yen:
    amounts = (amount for item in items for amount in (item.list_amount, item.amount))
    return max((amount for amount in amounts if amount is not None), default=0)
