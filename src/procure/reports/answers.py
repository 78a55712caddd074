"""回答一覧: what every body answered for each lot beside the quantities, and what it paid last time."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from procure.demand.queries import lines_by_body, lot_answers, submissions_of
from procure.demand.tables import AnswerRow, DemandRow, SubmissionRow
from procure.parties.queries import bodies
from procure.reports.queries import settled_round
from procure.reports.report import RoundReport
from procure.rounds.queries import lots_of
from procure.rounds.tables import ItemRow, LotRow, RoundRow
from procure.values.money import Yen, whole_or_exact

UNANSWERED = "未回答"


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """A body's answer for a lot. `budget_with_tax` is in yen with tax, `list_total` tax-exclusive.

    `list_total` leaves out items without a list price; the month is YYYY-MM.
    """

    code: str
    name: str
    lot: str
    state: str
    participation: str
    quantity: int
    spares: int
    acquisition: str
    delivery_month: str
    delivery_places: str
    remarks: str
    budget_with_tax: Yen | None
    list_total: Yen


@dataclass(frozen=True, slots=True)
class PriceLine:
    """An item of which a body said what it paid last time. Prices are per unit, tax-exclusive; `paid` is last time's.

    `unit_price` is the contract's, None until the decision is confirmed.
    """

    code: str
    name: str
    lot: str
    item: str
    unit: str
    quantity: int
    paid: Yen
    list_price: Yen | None
    unit_price: Yen | None


@dataclass(frozen=True, slots=True)
class Answers:
    ref: str
    title: str
    bid_date: date
    council: str
    is_sample: bool
    lines: tuple[AnswerLine, ...]
    prices: tuple[PriceLine, ...]


def answers(session: Session, row: RoundRow) -> Answers:
    """Everything answered so far, for the council's members and whoever else has answered."""
    lots = lots_of(session, row.id)
    names = _names(session, row)
    lines = lines_by_body(session, row.id)
    return Answers(
        ref=row.ref,
        title=row.title,
        bid_date=row.bid_date,
        council=row.council,
        is_sample=row.is_sample,
        lines=tuple(_answer_lines(session, row, lots, names, lines)),
        prices=tuple(_price_lines(session, row, lots, names, lines)),
    )


def _names(session: Session, row: RoundRow) -> dict[str, str]:
    answered = submissions_of(session, row.id)
    return {body.code: body.display_name for body in bodies(session) if body.is_member or body.code in answered}


def _answer_lines(
    session: Session,
    row: RoundRow,
    lots: Sequence[LotRow],
    names: dict[str, str],
    lines: Sequence[tuple[DemandRow, ItemRow]],
) -> Iterator[AnswerLine]:
    given, submissions = lot_answers(session, row.id), submissions_of(session, row.id)
    asked: dict[tuple[int, str], list[tuple[DemandRow, ItemRow]]] = defaultdict(list)
    for line, item in lines:
        asked[item.lot_id, line.body_code].append((line, item))
    for code, name in names.items():
        for lot in lots:
            key = lot.id, code
            yield _answer_line(code, name, lot, submissions.get(code), given.get(key), asked[key])


def _answer_line(
    code: str,
    name: str,
    lot: LotRow,
    submission: SubmissionRow | None,
    answer: AnswerRow | None,
    asked: Sequence[tuple[DemandRow, ItemRow]],
) -> AnswerLine:
    listed = (item.list_price * line.quantity for line, item in asked if item.list_price is not None)
    return AnswerLine(
        code=code,
        name=name,
        lot=lot.title,
        state=submission.state.label if submission else UNANSWERED,
        participation="" if answer is None else "参加する" if answer.participates else "今回は参加しない",
        quantity=sum(line.quantity for line, _ in asked),
        spares=sum(line.spares for line, _ in asked),
        acquisition=answer.acquisition.label if answer and answer.acquisition else "",
        delivery_month=(answer.delivery_month or "") if answer else "",
        delivery_places=answer.delivery_places if answer else "",
        remarks=answer.remarks if answer else "",
        budget_with_tax=answer.budget_with_tax if answer else None,
        list_total=whole_or_exact(sum(listed)),
    )


def _price_lines(
    session: Session,
    row: RoundRow,
    lots: Sequence[LotRow],
    names: dict[str, str],
    lines: Sequence[tuple[DemandRow, ItemRow]],
) -> Iterator[PriceLine]:
    told = [(line, item) for line, item in lines if line.last_unit_price is not None and line.body_code in names]
    if not told:
        return
    titles = {lot.id: lot for lot in lots}
    agreed = _contract_prices(settled_round(session, row).report) if row.confirmed_at else {}
    for line, item in told:
        lot = titles[item.lot_id]
        yield PriceLine(
            code=line.body_code,
            name=names[line.body_code],
            lot=lot.title,
            item=item.name,
            unit=item.unit,
            quantity=line.quantity,
            paid=line.last_unit_price or 0,
            list_price=item.list_price,
            unit_price=agreed.get((lot.ref, item.ref)),
        )


def _contract_prices(report: RoundReport) -> dict[tuple[str, str], Yen | None]:
    return {(lot.id, item.id): item.unit_price for lot in report.awarded for item in lot.items}
