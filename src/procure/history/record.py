"""Writing the history, in the transaction of the change itself: both stand or neither does."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from procure.accounts.viewer import Viewer
from procure.history.labels import ACTIONS
from procure.history.tables import EventRow

COMMAND_LINE = "procure"  # the actor of what a command does
LONGEST_SUBJECT = 500  # an imported title may be longer

Actor = Viewer | str
Changes = Mapping[str, tuple[object, object]]


def record(
    session: Session,
    at: datetime,
    actor: Actor,
    action: str,
    *,
    round_ref: str | None = None,
    subject: str = "",
    changes: Changes | None = None,
) -> EventRow:
    """`changes` is what changed, from what, to what: {"title": ("旧", "新")}; None stands for nothing there.

    Amounts go in as int, Fraction, Decimal or text, never as float. An action without a label is an error.
    """
    if action not in ACTIONS:
        raise ValueError(f"{action} has no label in history/labels.py")
    event = EventRow(
        at=at,
        account_id=account_of(actor),
        actor=label_of(actor),
        action=action,
        round_ref=round_ref,
        subject=subject[:LONGEST_SUBJECT],
        changes=_canonical(changes or {}),
    )
    session.add(event)
    return event


def label_of(actor: Actor) -> str:
    return actor.label if isinstance(actor, Viewer) else actor


def account_of(actor: Actor) -> int | None:
    """None for a command."""
    return actor.account_id if isinstance(actor, Viewer) else None


def _canonical(changes: Changes) -> str:
    pairs = {what: [_written(value) for value in change] for what, change in changes.items()}
    return json.dumps(pairs, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _written(value: object) -> str | None:
    if isinstance(value, float):
        raise TypeError("a float does not say exactly what changed")
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return None if value is None else str(value)
