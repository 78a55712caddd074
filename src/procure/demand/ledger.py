"""Quantities and their changes: every write goes through here, so that each leaves its line in the ledger."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from procure.demand.answer import Line
from procure.demand.states import Way
from procure.demand.tables import DemandChangeRow, DemandRow
from procure.history.record import Changes
from procure.rounds.tables import ItemRow

NOTHING = Line(0)


def write_lines(
    session: Session,
    items: Sequence[int],
    body_code: str,
    wanted: Mapping[int, Line],
    way: Way,
    by: str,
    at: datetime,
    reason: str | None = None,
) -> Changes:
    """Makes the body's lines for these item rows what is wanted; gives what changed, by the item's name."""
    rows = {row.item_id: row for row in session.exec(_own(items, body_code))}
    names = {item.id: item.name for item in session.exec(select(ItemRow).where(col(ItemRow.id).in_(items)))}
    changes: dict[str, tuple[object, object]] = {}
    for item in items:
        before, after = _line(rows.get(item)), wanted.get(item, NOTHING)
        if before == after:
            continue
        _write(session, rows.get(item), item, body_code, after)
        if (before.quantity, before.spares) != (after.quantity, after.spares):
            session.add(_change(item, body_code, before, after, way, by, at, reason))
            changes[names[item]] = (shown(before), shown(after))
    session.flush()
    return changes


def shown(line: Line) -> str | None:
    """A line as the history writes it: 12, 12（うち予備2)."""
    if not line.quantity:
        return None
    return f"{line.quantity}（うち予備{line.spares}）" if line.spares else str(line.quantity)


def _own(items: Sequence[int], body_code: str):  # type: ignore[no-untyped-def]
    return select(DemandRow).where(col(DemandRow.item_id).in_(items), col(DemandRow.body_code) == body_code)


def _line(row: DemandRow | None) -> Line:
    return Line(row.quantity, row.spares, row.last_unit_price) if row else NOTHING


def _write(session: Session, row: DemandRow | None, item: int, body_code: str, line: Line) -> None:
    if not line.quantity:
        session.delete(row)
        return
    row = row or DemandRow(item_id=item, body_code=body_code, quantity=0)
    row.quantity, row.spares, row.last_unit_price = line.quantity, line.spares, line.last_unit_price
    session.add(row)


def _change(
    item: int, body_code: str, before: Line, after: Line, way: Way, by: str, at: datetime, reason: str | None
) -> DemandChangeRow:
    return DemandChangeRow(
        at=at,
        item_id=item,
        body_code=body_code,
        way=way,
        by=by,
        reason=reason,
        quantity_before=before.quantity,
        quantity_after=after.quantity,
        spares_before=before.spares,
        spares_after=after.spares,
    )
