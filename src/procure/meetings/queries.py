"""Reads of training courses and meetings, with the names of the bodies that took part."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from procure.errors import NotFound
from procure.meetings.kinds import Kind
from procure.meetings.rules import Record
from procure.meetings.tables import MeetingBodyRow, MeetingRow
from procure.parties.directory import Body
from procure.parties.queries import directory
from procure.values.fiscal_year import first_day, fiscal_year_of, last_day


@dataclass(frozen=True, slots=True)
class Held:
    """A record with its number; `bodies` stand in the order of their codes."""

    number: int
    version: int
    record: Record
    bodies: tuple[Body, ...]


def held_in(session: Session, fiscal_year: int) -> tuple[Held, ...]:
    """Everything from 1 April to 31 March, by day and in the order of entry."""
    of_year = select(MeetingRow).where(col(MeetingRow.day).between(first_day(fiscal_year), last_day(fiscal_year)))
    return _held(session, session.exec(of_year.order_by(col(MeetingRow.day), col(MeetingRow.id))).all())


def of_kind(held: Iterable[Held], kind: Kind) -> tuple[Held, ...]:
    return tuple(one for one in held if one.record.kind is kind)


def counts_by_year(session: Session) -> Mapping[int, Counter[Kind]]:
    """How many of each kind were held in each 年度 in which anything was."""
    counts: dict[int, Counter[Kind]] = defaultdict(Counter)
    for day, kind in session.exec(select(col(MeetingRow.day), col(MeetingRow.kind))):
        counts[fiscal_year_of(day)][kind] += 1
    return counts


def find_held(session: Session, number: str) -> Held:
    """`number` as it stood in the address. Raises NotFound."""
    (held,) = _held(session, [_found(session, number, lock=False)])
    return held


def locked_meeting(session: Session, number: str) -> MeetingRow:
    """The row, locked until the transaction ends. Raises NotFound."""
    return _found(session, number, lock=True)


def held_of(session: Session, row: MeetingRow) -> Held:
    (held,) = _held(session, [row])
    return held


def codes_of(session: Session, row: MeetingRow) -> tuple[str, ...]:
    of_meeting = select(MeetingBodyRow.body_code).where(col(MeetingBodyRow.meeting_id) == row.id)
    return tuple(session.exec(of_meeting.order_by(col(MeetingBodyRow.body_code))))


def _found(session: Session, number: str, *, lock: bool) -> MeetingRow:
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    wanted = select(MeetingRow).where(col(MeetingRow.id) == (int(number) if is_number else 0))
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    row = session.exec(wanted).one_or_none()
    if row is None:
        raise NotFound
    return row


def _held(session: Session, rows: Sequence[MeetingRow]) -> tuple[Held, ...]:
    codes, known = _codes(session, rows), directory(session)
    return tuple(_one(row, codes.get(row.id, ()), known) for row in rows)


def _codes(session: Session, rows: Sequence[MeetingRow]) -> Mapping[int, Sequence[str]]:
    of_these = select(MeetingBodyRow).where(col(MeetingBodyRow.meeting_id).in_([row.id for row in rows]))
    by_meeting: dict[int, list[str]] = defaultdict(list)
    for row in session.exec(of_these.order_by(col(MeetingBodyRow.body_code))):
        by_meeting[row.meeting_id].append(row.body_code)
    return by_meeting


def _one(row: MeetingRow, codes: Sequence[str], known: Mapping[str, Body]) -> Held:
    record = Record(
        kind=row.kind,
        title=row.title,
        day=row.day,
        form=row.form,
        place=row.place,
        bodies=tuple(codes),
        persons=row.persons,
        speaker=row.speaker,
        organ=row.organ,
        agenda=tuple(row.agenda.split("\n")) if row.agenda else (),
        result=row.result,
        is_sample=row.is_sample,
    )
    return Held(row.id, row.version, record, tuple(known[code] for code in codes))
