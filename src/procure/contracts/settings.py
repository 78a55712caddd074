"""Settings of contracts: what a body's own 条例 and 規則 say, and the 納入期限 of a round's lots."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date, datetime

from sqlmodel import Session

from procure.contracts.actions import CHANGED_MEANWHILE, require_confirmed, said
from procure.contracts.queries import limits_row, limits_value
from procure.contracts.rules import limits_faults
from procure.contracts.tables import ContractLimitRow, DeliveryDeadlineRow
from procure.contracts.thresholds import RAISED_ON, Limits, lawful_assembly_limit, small_limit
from procure.errors import Conflict, Fault, refuse
from procure.history.record import Actor, label_of, record
from procure.parties.tables import BodyRow
from procure.rounds.queries import lots_of
from procure.rounds.tables import RoundRow
from procure.settlement.round import ContractKind
from procure.values.era import wareki


def set_limits(session: Session, body: BodyRow, limits: Limits, seen_version: int, actor: Actor, at: datetime) -> None:
    """What the body's own 条例 and 規則 say. Raises Conflict where it was changed since; Invalid with every fault."""
    row = limits_row(session, body.code)
    if (row.version if row else 0) != seen_version:
        raise Conflict(CHANGED_MEANWHILE)
    refuse(limits_faults(limits, lawful_assembly_limit(body.code, body.kind), lawful_small_limit(body)))
    before = limits_value(row)
    if before == limits:
        return
    row = row or ContractLimitRow(body_code=body.code, changed_at=at, changed_by="", version=0)
    row.assembly, row.small, row.small_since = limits.assembly, limits.small, limits.small_since
    row.ordinance, row.changed_at, row.changed_by = limits.ordinance, at, label_of(actor)
    row.version += 1
    session.add(row)
    session.flush()
    changes = {
        field.name: (said(getattr(before, field.name)), said(getattr(limits, field.name)))
        for field in fields(Limits)
        if getattr(before, field.name) != getattr(limits, field.name)
    }
    record(session, at, actor, "contract_limits_set", subject=body.code, changes=changes)


def lawful_small_limit(body: BodyRow) -> int:
    """施行令別表第五 for a purchase, as raised: no body's 規則 may go above it."""
    return int(small_limit(body.code, body.kind, Limits(), ContractKind.PURCHASE, RAISED_ON))


def set_deadlines(session: Session, row: RoundRow, days: Mapping[str, date | None], actor: Actor, at: datetime) -> None:
    """納入期限 by lot; None takes it away. `row` is locked. Raises Conflict, and Invalid with every fault."""
    require_confirmed(row)
    refuse(deadline_faults(row, days))
    changes: dict[str, tuple[object, object]] = {}
    for lot in (lot for lot in lots_of(session, row.id) if lot.ref in days):
        found, day = session.get(DeliveryDeadlineRow, lot.id), days[lot.ref]
        before = found.day if found else None
        if before == day:
            continue
        if day is None:
            session.delete(found)
        else:
            session.merge(DeliveryDeadlineRow(lot_id=lot.id, day=day, set_at=at, set_by=label_of(actor)))
        changes[lot.title] = (before, day)
    session.flush()
    if changes:
        record(session, at, actor, "delivery_deadline_set", round_ref=row.ref, subject=row.title, changes=changes)


def deadline_faults(row: RoundRow, days: Mapping[str, date | None]) -> Iterator[Fault]:
    """Nothing is delivered before the bids."""
    for lot, day in days.items():
        if day is not None and day < row.bid_date:
            message = f"納入期限が入札日（{wareki(row.bid_date)}）より前です。日付を確かめてください。"
            yield Fault(f"deadline-{lot}", message)
