"""Reads of demand: drafts, submissions, and the quantities of bodies by lot."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, select

from procure.demand.rules import field_of
from procure.demand.tables import DemandRow, DraftRow, SubmissionRow
from procure.rounds.tables import ItemRow, LotRow, RoundRow
from procure.settlement.round import Demand


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


def typed_in(draft: DraftRow) -> dict[str, str]:
    """The fields of a draft as they were typed."""
    typed: dict[str, str] = json.loads(draft.typed)
    return typed


def quantities_of(session: Session, items: Sequence[ItemRow], body_code: str) -> dict[int, int]:
    """What a body has submitted, by item row."""
    ids = [item.id for item in items]
    rows = session.exec(select(DemandRow).where(col(DemandRow.item_id).in_(ids), col(DemandRow.body_code) == body_code))
    return {row.item_id: row.quantity for row in rows}


def typed_or_submitted(session: Session, row: RoundRow, items: Sequence[ItemRow], body_code: str) -> dict[str, str]:
    """What the grid shows: the draft if there is one, else what was submitted."""
    draft = draft_of(session, row.id, body_code)
    if draft is not None:
        return typed_in(draft)
    submitted = quantities_of(session, items, body_code)
    return {field_of(item): str(submitted[item.id]) for item in items if item.id in submitted}


def demand_by_lot(session: Session, round_id: int) -> dict[int, tuple[Demand, ...]]:
    """The submitted demand of every lot, in the order of the bodies' codes."""
    lines = (
        select(DemandRow, ItemRow)
        .join(ItemRow, col(ItemRow.id) == col(DemandRow.item_id))
        .join(LotRow, col(LotRow.id) == col(ItemRow.lot_id))
        .where(col(LotRow.round_id) == round_id)
        .order_by(col(DemandRow.body_code), col(ItemRow.position))
    )
    collected: dict[int, dict[str, list[tuple[DemandRow, str]]]] = defaultdict(lambda: defaultdict(list))
    for line, item in session.exec(lines):
        collected[item.lot_id][line.body_code].append((line, item.ref))
    return {lot: tuple(_demand(code, asked) for code, asked in bodies.items()) for lot, bodies in collected.items()}


def _demand(code: str, lines: list[tuple[DemandRow, str]]) -> Demand:
    return Demand(
        municipality=code,
        quantities={ref: line.quantity for line, ref in lines},
        spares={ref: line.spares for line, ref in lines if line.spares},
    )
