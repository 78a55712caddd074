"""Sending what waits in the outbox: claim a mail, send it outside any transaction, note what came of it.

A mail is claimed before it is sent and never taken up again by itself: where the service stops between sending and
noting, or the server does not acknowledge, it stays `sending` until a person decides. Twice is worse than late.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select, update

from procure.database import Database
from procure.mail.message import message_of
from procure.mail.smtp import Outcome, Result, send
from procure.mail.states import MailState
from procure.mail.tables import MailRow
from procure.parties.tables import BodyRow
from procure.settings import Settings
from procure.values.mail_address import mail_address_fault

RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))  # the last from then on
MOST_TRIES = 8
TOO_LATE = "期限を過ぎたため、送信を取りやめました。"


def deliver(
    database: Database, settings: Settings, now: Callable[[], datetime], is_over: Callable[[], bool] = lambda: False
) -> Counter[Result]:
    """Sends what is due, one mail after the other, until nothing is or the server cannot be reached.

    `now` is asked anew for every mail; `is_over` says that no other is to be begun.
    """
    results = Counter[Result]()
    while not is_over() and not results[Result.UNREACHABLE]:
        result = deliver_next(database, settings, now())
        if result is None:
            break
        results[result] += 1
    return results


def deliver_next(database: Database, settings: Settings, now: datetime) -> Result | None:
    """None where no mail is due, or where mail is off."""
    if settings.mail is None or not _is_anything_due(database, now):
        return None
    with database.write() as session:
        claimed = _claim(session, now)
    if claimed is None:
        return None
    mail, name = claimed
    outcome = _sent(mail, name, settings, now)
    with database.write() as session:
        _note(session, mail, outcome, now)
    return outcome.result


def _is_anything_due(database: Database, now: datetime) -> bool:
    with database.read() as session:
        return session.exec(select(MailRow.id).where(_due(now)).limit(1)).first() is not None


def _claim(session: Session, now: datetime) -> tuple[MailRow, str] | None:
    """The mail that has waited longest, now marked as sending, with the name of the body it goes to."""
    _give_up_useless(session, now)
    longest = select(MailRow).where(_due(now)).order_by(col(MailRow.next_try_at), col(MailRow.id)).limit(1)
    mail = session.exec(longest.with_for_update(skip_locked=True)).one_or_none()
    if mail is None:
        return None
    mail.state, mail.claimed_at, mail.next_try_at = MailState.SENDING, now, None
    mail.tries += 1
    session.flush()
    return mail, session.get_one(BodyRow, mail.body_code).display_name


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(col(MailRow.state) == MailState.WAITING, col(MailRow.next_try_at) <= now)


def _give_up_useless(session: Session, now: datetime) -> None:
    """A reminder that could not be sent before its deadline is not sent after it."""
    useless = update(MailRow).where(_due(now), col(MailRow.useless_after) <= now)
    session.exec(useless.values(state=MailState.FAILED, next_try_at=None, answer=TOO_LATE))


def _sent(mail: MailRow, name: str, settings: Settings, now: datetime) -> Outcome:
    fault = mail_address_fault(mail.address)
    if fault or settings.mail is None:
        return Outcome(Result.REFUSED, fault or "")
    return send(settings.mail, mail.address, message_of(mail, name, settings, now))


def _note(session: Session, mail: MailRow, outcome: Outcome, now: datetime) -> None:
    """Only where the mail is still as it was claimed."""
    unchanged = (
        col(MailRow.id) == mail.id,
        col(MailRow.state) == MailState.SENDING,
        col(MailRow.claimed_at) == mail.claimed_at,
    )
    session.exec(update(MailRow).where(*unchanged).values(answer=outcome.answer, **_next(mail, outcome, now)))


def _next(mail: MailRow, outcome: Outcome, now: datetime) -> dict[str, object]:
    match outcome.result:
        case Result.SENT:
            return {"state": MailState.SENT, "sent_at": now}
        case Result.UNKNOWN:
            return {"claimed_at": None}
        case Result.TRY_LATER | Result.UNREACHABLE if mail.tries < MOST_TRIES:
            wait = RETRY_AFTER[min(mail.tries, len(RETRY_AFTER)) - 1]
            return {"state": MailState.WAITING, "next_try_at": now + wait}
        case _:
            return {"state": MailState.FAILED}
