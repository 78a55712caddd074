"""Reads of the outbox, newest first, as finished values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import Session, col, select

from procure.errors import NotFound
from procure.mail.actions import LEASE, is_in_doubt, may_retry
from procure.mail.states import Kind, MailState
from procure.mail.tables import MailRow
from procure.parties.queries import directory
from procure.rounds.tables import RoundRow


class Box(StrEnum):
    """The mails by what is to be done about them; the values stand in addresses."""

    DOUBT = "doubt"
    FAILED = "failed"
    WAITING = "waiting"
    SENT = "sent"

    @property
    def label(self) -> str:
        return {"doubt": "確認が必要", "failed": "送信できず", "waiting": "送信待ち", "sent": "送信済み"}[self.value]


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail of the outbox. `state` says how it stands, in a word and a colour."""

    number: int
    kind: Kind
    round_ref: str
    round_title: str
    body: str
    address: str
    subject: str
    text: str
    state: tuple[str, str]
    posted_at: datetime
    sent_at: datetime | None
    next_try_at: datetime | None
    tries: int
    answer: str | None
    is_in_doubt: bool
    may_retry: bool


def mails(session: Session, now: datetime, box: Box | None, at_most: int, before: int | None = None) -> list[Mail]:
    """The latest mails; `before` is the number of a mail, to read on from there."""
    newest = select(MailRow).order_by(col(MailRow.id).desc()).limit(at_most)
    if before is not None:
        newest = newest.where(col(MailRow.id) < before)
    if box is not None:
        newest = newest.where(_in_box(box, now))
    return _read(session, list(session.exec(newest)), now)


def find_mail(session: Session, number: int, now: datetime) -> Mail:
    """Raises NotFound."""
    row = session.get(MailRow, number)
    if row is None:
        raise NotFound
    return _read(session, [row], now)[0]


def counts(session: Session, now: datetime) -> Mapping[Box, int]:
    """How many mails are in each box."""
    counting = {box: select(func.count()).select_from(MailRow).where(_in_box(box, now)) for box in Box}
    return {box: session.exec(count).one() for box, count in counting.items()}


def _in_box(box: Box, now: datetime) -> ColumnElement[bool]:
    state, claimed = col(MailRow.state), col(MailRow.claimed_at)
    is_lost = or_(claimed.is_(None), claimed <= now - LEASE)
    match box:
        case Box.DOUBT:
            return and_(state == MailState.SENDING, is_lost)
        case Box.WAITING:
            return or_(state == MailState.WAITING, and_(state == MailState.SENDING, ~is_lost))
        case _:
            return state == MailState(box.value)


def _read(session: Session, rows: list[MailRow], now: datetime) -> list[Mail]:
    bodies = directory(session)
    wanted = {row.round_id for row in rows}
    rounds = {row.id: row for row in session.exec(select(RoundRow).where(col(RoundRow.id).in_(wanted)))}
    return [_mail(row, rounds[row.round_id], bodies[row.body_code].display_name, now) for row in rows]


def _mail(row: MailRow, of: RoundRow, body: str, now: datetime) -> Mail:
    return Mail(
        number=row.id,
        kind=row.kind,
        round_ref=of.ref,
        round_title=of.title,
        body=body,
        address=row.address,
        subject=row.subject,
        text=row.text,
        state=_state(row, now),
        posted_at=row.posted_at,
        sent_at=row.sent_at,
        next_try_at=row.next_try_at,
        tries=row.tries,
        answer=row.answer,
        is_in_doubt=is_in_doubt(row, now),
        may_retry=may_retry(row, now),
    )


def _state(row: MailRow, now: datetime) -> tuple[str, str]:
    if is_in_doubt(row, now):
        return "送信中のまま（確認が必要）", "orange"
    if row.state is MailState.WAITING and row.tries:
        return "再送待ち", "yellow"
    return row.state.label, _TONES[row.state]


_TONES = {MailState.WAITING: "gray", MailState.SENDING: "blue", MailState.SENT: "green", MailState.FAILED: "red"}
