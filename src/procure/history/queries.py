"""Reads of the history, newest first, as finished values."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from procure.history.labels import label
from procure.history.tables import EventRow


@dataclass(frozen=True, slots=True)
class Change:
    what: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Event:
    number: int
    at: datetime
    actor: str
    action: str
    label: str
    round_ref: str | None
    subject: str
    changes: tuple[Change, ...]


def events_of_round(
    session: Session, round_ref: str, at_most: int | None = None, before: int | None = None
) -> tuple[Event, ...]:
    """The latest events of a round; `before` is the number of an event, to read on from there."""
    of_round = _newest_first(before).where(EventRow.round_ref == round_ref)
    return _events(session.exec(of_round.limit(at_most)).all())


def latest_events(session: Session, at_most: int = 100, before: int | None = None) -> tuple[Event, ...]:
    """Every kind of event; `before` as for those of a round."""
    return _events(session.exec(_newest_first(before).limit(at_most)).all())


def _newest_first(before: int | None) -> SelectOfScalar[EventRow]:
    newest = select(EventRow).order_by(col(EventRow.id).desc())
    return newest if before is None else newest.where(col(EventRow.id) < before)


def _events(rows: Sequence[EventRow]) -> tuple[Event, ...]:
    return tuple(_event(row) for row in rows)


def _event(row: EventRow) -> Event:
    pairs = json.loads(row.changes)
    return Event(
        number=row.id or 0,
        at=row.at,
        actor=row.actor,
        action=row.action,
        label=label(row.action),
        round_ref=row.round_ref,
        subject=row.subject,
        changes=tuple(Change(what, before, after) for what, (before, after) in pairs.items()),
    )
