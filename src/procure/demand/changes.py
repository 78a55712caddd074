"""Demand as it stood at a moment, and every change of it: read from the ledger, which only ever grows."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from procure.demand.answer import Line
from procure.demand.ledger import NOTHING
from procure.demand.states import Way
from procure.demand.tables import DemandChangeRow
from procure.history.tables import EventRow
from procure.rounds.tables import ItemRow, LotRow, RoundRow

Standing = Mapping[str, Mapping[int, Line]]  # body → item row → what it asks for


@dataclass(frozen=True, slots=True)
class QuantityChange:
    """One line of the ledger. `number` grows with every change; `reason` stands where one had to be given."""

    number: int
    at: datetime
    body_code: str
    item_id: int
    item: str
    unit: str
    lot: str
    before: Line
    after: Line
    way: Way
    by: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Returned:
    """An answer that was sent back (差戻し), from when on its quantities do not count."""

    at: datetime
    by: str
    body_code: str


def demand_at(session: Session, row: RoundRow, moment: datetime | None = None) -> Standing:
    """What every body asked for just before `moment`; None: now. An answer that was returned then did not count."""
    returned = returned_at(session, row, moment)
    latest = _of_round(select(func.max(DemandChangeRow.id)), row.id).group_by(
        col(DemandChangeRow.item_id), col(DemandChangeRow.body_code)
    )
    if moment is not None:
        latest = latest.where(col(DemandChangeRow.at) < moment)
    standing: dict[str, dict[int, Line]] = defaultdict(dict)
    # Columns, not rows of the ledger: a table of all bodies and items is read in half the time.
    columns = select(
        DemandChangeRow.body_code,
        DemandChangeRow.item_id,
        DemandChangeRow.quantity_after,
        DemandChangeRow.spares_after,
    )
    for code, item, quantity, spares in session.exec(columns.where(col(DemandChangeRow.id).in_(latest))):
        if quantity and code not in returned:
            standing[code][item] = Line(quantity, spares)
    return dict(standing)


def returned_at(session: Session, row: RoundRow, moment: datetime | None = None) -> Mapping[str, Returned]:
    """The bodies whose answer was returned just before `moment` and not registered again since, by their codes."""
    turns = select(EventRow).where(
        col(EventRow.round_ref) == row.ref, col(EventRow.action).in_(("demand_submitted", "demand_returned"))
    )
    if moment is not None:
        turns = turns.where(col(EventRow.at) < moment)
    last = {event.subject: event for event in session.exec(turns.order_by(col(EventRow.id)))}
    return {
        code: Returned(event.at, event.actor, code) for code, event in last.items() if event.action == "demand_returned"
    }


def changes_of(
    session: Session,
    row: RoundRow,
    *,
    body_code: str | None = None,
    since: datetime | None = None,
    before: int | None = None,
    at_most: int | None = None,
) -> tuple[QuantityChange, ...]:
    """The changes of one body or of all, newest first; `before` is the number of a change, to read on from there."""
    found = _of_round(select(DemandChangeRow, ItemRow, LotRow), row.id).order_by(col(DemandChangeRow.id).desc())
    if body_code is not None:
        found = found.where(col(DemandChangeRow.body_code) == body_code)
    if since is not None:
        found = found.where(col(DemandChangeRow.at) > since)
    if before is not None:
        found = found.where(col(DemandChangeRow.id) < before)
    return tuple(_change(*line) for line in session.exec(found.limit(at_most)))


def last_change(session: Session, row: RoundRow, body_code: str) -> int:
    """The number of a body's newest change; 0: nothing yet. It tells a page that is still true from a stale one."""
    newest = _of_round(select(func.max(DemandChangeRow.id)), row.id)
    return session.exec(newest.where(col(DemandChangeRow.body_code) == body_code)).one() or 0


def line_at(standing: Standing, body_code: str, item_id: int) -> Line:
    return standing.get(body_code, {}).get(item_id, NOTHING)


def _of_round(query: Any, round_id: int) -> Any:
    joined = query.join(ItemRow, col(ItemRow.id) == col(DemandChangeRow.item_id)).join(
        LotRow, col(LotRow.id) == col(ItemRow.lot_id)
    )
    return joined.where(col(LotRow.round_id) == round_id)


def _change(row: DemandChangeRow, item: ItemRow, lot: LotRow) -> QuantityChange:
    return QuantityChange(
        number=row.id,
        at=row.at,
        body_code=row.body_code,
        item_id=row.item_id,
        item=item.name,
        unit=item.unit,
        lot=lot.title,
        before=Line(row.quantity_before, row.spares_before),
        after=Line(row.quantity_after, row.spares_after),
        way=row.way,
        by=row.by,
        reason=row.reason,
    )
