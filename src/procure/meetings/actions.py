"""What the secretariat does with the records of training courses and meetings: add, change, remove."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from procure.errors import refuse
from procure.history.record import Actor, Changes, record
from procure.meetings.kinds import Kind
from procure.meetings.queries import codes_of
from procure.meetings.rules import Record, record_faults
from procure.meetings.tables import MeetingBodyRow, MeetingRow
from procure.parties.queries import directory

# The columns that are told in the history, and the names that they have there.
_HISTORY = {
    "organ": "organ",
    "title": "title",
    "day": "held_on",
    "form": "held_as",
    "place": "place",
    "persons": "persons",
    "speaker": "speaker",
    "agenda": "agenda",
    "result": "outcome",
    "is_sample": "is_sample",
}


def add_meeting(session: Session, entered: Record, actor: Actor, at: datetime) -> MeetingRow:
    """Raises Invalid."""
    _refuse(session, entered, at.date())
    row = MeetingRow(kind=entered.kind, **_columns(entered))
    session.add(row)
    session.flush()
    _write_bodies(session, row, entered.bodies)
    said = _told(session, row)
    _record(session, at, actor, "added", row, {name: (None, value) for name, value in said.items() if value})
    return row


def change_meeting(session: Session, row: MeetingRow, entered: Record, actor: Actor, at: datetime) -> None:
    """Everything but its kind. Raises Invalid."""
    _refuse(session, entered, at.date())
    before = _told(session, row)
    for name, value in _columns(entered).items():
        setattr(row, name, value)
    _write_bodies(session, row, entered.bodies)
    after = _told(session, row)
    changes = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
    if changes:
        row.version += 1
        session.flush()
        _record(session, at, actor, "changed", row, changes)


def remove_meeting(session: Session, row: MeetingRow, actor: Actor, at: datetime) -> None:
    """The record goes; the history keeps what it said."""
    said = _told(session, row)
    _write_bodies(session, row, ())
    session.delete(row)
    session.flush()
    _record(session, at, actor, "removed", row, {name: (value, None) for name, value in said.items() if value})


def _refuse(session: Session, entered: Record, today: date) -> None:
    refuse(record_faults(entered, directory(session).keys(), today))


def _columns(entered: Record) -> dict[str, Any]:
    columns = {name: getattr(entered, name) for name in _HISTORY}
    return columns | {
        "organ": entered.organ if entered.kind is Kind.MEETING else None,
        "agenda": "\n".join(entered.agenda),
    }


def _write_bodies(session: Session, row: MeetingRow, codes: Iterable[str]) -> None:
    stored = session.exec(select(MeetingBodyRow).where(col(MeetingBodyRow.meeting_id) == row.id))
    known, wanted = {there.body_code: there for there in stored}, set(codes)
    for code in known.keys() - wanted:
        session.delete(known[code])
    session.add_all(MeetingBodyRow(meeting_id=row.id, body_code=code) for code in sorted(wanted - known.keys()))
    session.flush()


def _told(session: Session, row: MeetingRow) -> dict[str, object]:
    """What the history says of it."""
    names = directory(session)
    bodies = "、".join(names[code].display_name for code in codes_of(session, row))
    return {there: getattr(row, name) for name, there in _HISTORY.items()} | {"bodies": bodies}


def _record(session: Session, at: datetime, actor: Actor, verb: str, row: MeetingRow, changes: Changes) -> None:
    record(session, at, actor, f"{row.kind.value}_{verb}", subject=row.title, changes=changes)
