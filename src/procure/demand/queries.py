"""Reads of demand: drafts, submissions, and the quantities of bodies by lot."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlmodel import Session, and_, col, select

from procure.accounts.tables import AccountRow
from procure.demand.answer import (
    NO,
    YES,
    AskedLot,
    Line,
    lot_field,
    paid_field,
    quantity_field,
    spares_field,
)
from procure.demand.states import AnswerState
from procure.demand.tables import AnswerRow, DemandRow, DraftRow, ExtensionRow, SubmissionRow
from procure.rounds.queries import items_of, lots_of
from procure.rounds.stages import Stage
from procure.rounds.tables import ItemRow, LotRow, RoundRow
from procure.settlement.round import Demand
from procure.values.money import format_decimal
from procure.values.text import search_key

DRAFTS_PER_SUBMISSION = 1_000_000
STILL_ASKING = (Stage.PREPARING, Stage.SURVEYING)


def draft_of(session: Session, round_id: int, body_code: str) -> DraftRow | None:
    return session.get(DraftRow, (round_id, body_code))


def submission_of(session: Session, round_id: int, body_code: str) -> SubmissionRow | None:
    return session.get(SubmissionRow, (round_id, body_code))


def submissions_of(session: Session, round_id: int) -> Mapping[str, SubmissionRow]:
    rows = session.exec(select(SubmissionRow).where(col(SubmissionRow.round_id) == round_id))
    return {row.body_code: row for row in rows}


def drafts_of(session: Session, round_id: int) -> Mapping[str, DraftRow]:
    rows = session.exec(select(DraftRow).where(col(DraftRow.round_id) == round_id))
    return {row.body_code: row for row in rows}


def answers_of(session: Session, body_code: str) -> Mapping[int, SubmissionRow]:
    """What a body has answered, by round row."""
    rows = session.exec(select(SubmissionRow).where(col(SubmissionRow.body_code) == body_code))
    return {row.round_id: row for row in rows}


def unsubmitted(session: Session, body_code: str) -> Mapping[int, DraftRow]:
    """The drafts of a body, by round row."""
    rows = session.exec(select(DraftRow).where(col(DraftRow.body_code) == body_code))
    return {row.round_id: row for row in rows}


def answer_version(session: Session, round_id: int, body_code: str) -> int:
    """Grows with every draft saved and every submission of a body; 0 where it has done neither."""
    submission, draft = submission_of(session, round_id, body_code), draft_of(session, round_id, body_code)
    submitted = submission.version if submission else 0
    return submitted * DRAFTS_PER_SUBMISSION + (draft.version if draft else 0)


def typed_in(draft: DraftRow) -> dict[str, str]:
    """The fields of a draft as they were typed."""
    typed: dict[str, str] = json.loads(draft.typed)
    return typed


def extension_of(session: Session, round_id: int, body_code: str) -> ExtensionRow | None:
    return session.get(ExtensionRow, (round_id, body_code))


def extensions_of(session: Session, round_id: int) -> Mapping[str, ExtensionRow]:
    rows = session.exec(select(ExtensionRow).where(col(ExtensionRow.round_id) == round_id))
    return {row.body_code: row for row in rows}


def extensions_for(session: Session, body_code: str) -> Mapping[int, ExtensionRow]:
    """The later deadlines of a body, by round row."""
    rows = session.exec(select(ExtensionRow).where(col(ExtensionRow.body_code) == body_code))
    return {row.round_id: row for row in rows}


def joined_rounds(session: Session, body_code: str) -> frozenset[int]:
    """The rounds of which a body has said for some lot that it takes part, by round row."""
    joined = select(LotRow.round_id).join(AnswerRow, col(AnswerRow.lot_id) == col(LotRow.id))
    own = joined.where(col(AnswerRow.body_code) == body_code, col(AnswerRow.participates))
    return frozenset(session.exec(own))


def approvers_of(session: Session, body_code: str, draft: DraftRow) -> tuple[str, ...]:
    """The names of those who may approve a draft of the body: not the one who typed it."""
    own = select(AccountRow).where(col(AccountRow.body_code) == body_code, col(AccountRow.is_approver))
    rows = session.exec(own.where(col(AccountRow.disabled_at).is_(None)).order_by(col(AccountRow.id)))
    return tuple(row.name for row in rows if row.id != draft.saved_by_account)


def asked_lots(session: Session, round_id: int) -> tuple[AskedLot, ...]:
    """What the survey of a round asks, in the order in which it is shown."""
    by_lot: dict[int, list[ItemRow]] = defaultdict(list)
    for item in items_of(session, round_id):
        by_lot[item.lot_id].append(item)
    return tuple(
        AskedLot(lot.id, lot.title, tuple(by_lot[lot.id]), lot.either_acquisition) for lot in lots_of(session, round_id)
    )


def lines_of(session: Session, round_id: int, body_code: str) -> dict[int, Line]:
    """What a body has submitted, by item row."""
    own = (
        select(DemandRow)
        .join(ItemRow, col(ItemRow.id) == col(DemandRow.item_id))
        .join(LotRow, col(LotRow.id) == col(ItemRow.lot_id))
        .where(col(LotRow.round_id) == round_id, col(DemandRow.body_code) == body_code)
    )
    return {row.item_id: Line(row.quantity, row.spares, row.last_unit_price) for row in session.exec(own)}


def lot_answers_of(session: Session, round_id: int, body_code: str) -> dict[int, AnswerRow]:
    """What a body has answered for each lot, by lot row."""
    own = select(AnswerRow).join(LotRow, col(LotRow.id) == col(AnswerRow.lot_id))
    rows = session.exec(own.where(col(LotRow.round_id) == round_id, col(AnswerRow.body_code) == body_code))
    return {row.lot_id: row for row in rows}


def lot_answers(session: Session, round_id: int) -> dict[tuple[int, str], AnswerRow]:
    """What everybody has answered, by lot row and body."""
    every = select(AnswerRow).join(LotRow, col(LotRow.id) == col(AnswerRow.lot_id))
    rows = session.exec(every.where(col(LotRow.round_id) == round_id))
    return {(row.lot_id, row.body_code): row for row in rows}


def lines_by_body(session: Session, round_id: int) -> Sequence[tuple[DemandRow, ItemRow]]:
    """Every submitted line with its item, body by body in the order of their codes."""
    every = (
        select(DemandRow, ItemRow)
        .join(ItemRow, col(ItemRow.id) == col(DemandRow.item_id))
        .join(LotRow, col(LotRow.id) == col(ItemRow.lot_id))
        .where(col(LotRow.round_id) == round_id)
    )
    return session.exec(every.order_by(col(DemandRow.body_code), col(LotRow.position), col(ItemRow.position))).all()


def typed_of(session: Session, row: RoundRow, body_code: str) -> dict[str, str]:
    """What was submitted, as the fields of the grid would hold it."""
    typed: dict[str, str] = {}
    for item, line in lines_of(session, row.id, body_code).items():
        typed[quantity_field(item)] = str(line.quantity - line.spares) if line.quantity > line.spares else ""
        typed[spares_field(item)] = str(line.spares) if line.spares else ""
        typed[paid_field(item)] = format_decimal(line.last_unit_price) if line.last_unit_price else ""
    for lot, answer in lot_answers_of(session, row.id, body_code).items():
        typed[lot_field("join", lot)] = YES if answer.participates else NO
        typed[lot_field("mode", lot)] = answer.acquisition.value if answer.acquisition else ""
        typed[lot_field("month", lot)] = answer.delivery_month or ""
        typed[lot_field("places", lot)] = answer.delivery_places
        typed[lot_field("remarks", lot)] = answer.remarks
        budget = answer.budget_with_tax
        typed[lot_field("budget", lot)] = "" if budget is None else format_decimal(budget)
    return typed


def typed_or_submitted(session: Session, row: RoundRow, body_code: str) -> dict[str, str]:
    """What the grid shows: the draft if there is one, else what was submitted."""
    draft = draft_of(session, row.id, body_code)
    return typed_in(draft) if draft is not None else typed_of(session, row, body_code)


def last_quantities(session: Session, row: RoundRow, items: Sequence[ItemRow], body_code: str) -> dict[int, int]:
    """前回: what the body asked for in the newest earlier round that had the item, by item row of this round.

    An item is the same where its name is, else where its code is. 0: it was there, and the body did not want it.
    An item that no earlier round had is missing. Samples are compared with samples only.
    """
    by_name: dict[str, int] = {}
    by_ref: dict[str, int] = {}
    for item, quantity in _earlier_items(session, row, body_code):
        by_name.setdefault(search_key(item.name), quantity or 0)
        by_ref.setdefault(item.ref, quantity or 0)
    found = {item.id: by_name.get(search_key(item.name), by_ref.get(item.ref)) for item in items}
    return {item: quantity for item, quantity in found.items() if quantity is not None}


def demand_by_lot(session: Session, round_id: int) -> dict[int, tuple[Demand, ...]]:
    """The submitted demand of every lot, in the order of the bodies' codes; a returned answer does not count."""
    returned = select(SubmissionRow.body_code).where(
        col(SubmissionRow.round_id) == round_id, col(SubmissionRow.state) == AnswerState.RETURNED
    )
    lines = (
        select(DemandRow, ItemRow)
        .join(ItemRow, col(ItemRow.id) == col(DemandRow.item_id))
        .join(LotRow, col(LotRow.id) == col(ItemRow.lot_id))
        .where(col(LotRow.round_id) == round_id, col(DemandRow.body_code).not_in(returned))
        .order_by(col(DemandRow.body_code), col(ItemRow.position))
    )
    collected: dict[int, dict[str, list[tuple[DemandRow, str]]]] = defaultdict(lambda: defaultdict(list))
    for line, item in session.exec(lines):
        collected[item.lot_id][line.body_code].append((line, item.ref))
    return {lot: tuple(_demand(code, asked) for code, asked in bodies.items()) for lot, bodies in collected.items()}


def _earlier_items(session: Session, row: RoundRow, body_code: str) -> Sequence[tuple[ItemRow, int | None]]:
    """The items of earlier rounds, newest first, each with the quantity that the body asked for."""
    own = and_(col(DemandRow.item_id) == col(ItemRow.id), col(DemandRow.body_code) == body_code)
    lines = (
        select(ItemRow, DemandRow.quantity)
        .join(LotRow, col(LotRow.id) == col(ItemRow.lot_id))
        .join(RoundRow, col(RoundRow.id) == col(LotRow.round_id))
        .join(DemandRow, own, isouter=True)
    )
    earlier = lines.where(
        col(RoundRow.bid_date) < row.bid_date,
        col(RoundRow.stage).not_in(STILL_ASKING),
        col(RoundRow.is_sample) == row.is_sample,
    )
    newest_first = (col(RoundRow.bid_date).desc(), col(RoundRow.id).desc(), col(LotRow.position), col(ItemRow.position))
    return session.exec(earlier.order_by(*newest_first)).all()


def _demand(code: str, lines: list[tuple[DemandRow, str]]) -> Demand:
    return Demand(
        municipality=code,
        quantities={ref: line.quantity for line, ref in lines},
        spares={ref: line.spares for line, ref in lines if line.spares},
    )
