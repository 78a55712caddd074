"""What the secretariat does with a mail that did not go out, or of which nobody knows."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from procure.errors import Conflict, NotFound
from procure.history.record import Actor, record
from procure.mail.states import MailState
from procure.mail.tables import MailRow
from procure.parties.tables import BodyRow
from procure.rounds.tables import RoundRow

LEASE = timedelta(minutes=10)  # after which nobody is sending a mail any more


def is_in_doubt(mail: MailRow, now: datetime) -> bool:
    """送信中のまま: the mail may have gone out or not, and a person has to decide."""
    return mail.state is MailState.SENDING and (mail.claimed_at is None or mail.claimed_at + LEASE <= now)


def may_retry(mail: MailRow, now: datetime) -> bool:
    return mail.state is MailState.FAILED or is_in_doubt(mail, now)


def retry(session: Session, mail: MailRow, actor: Actor, at: datetime) -> None:
    """Sends the mail again, to the address that the body has by now. Raises Conflict where it is not stuck."""
    if not may_retry(mail, at):
        raise Conflict("このメールは、すでに送信済みか、送信の途中です。最新の画面でご確認ください。")
    before = mail.address
    mail.address = session.get_one(BodyRow, mail.body_code).mail or before
    mail.state, mail.next_try_at, mail.useless_after = MailState.WAITING, at, None
    mail.claimed_at, mail.tries = None, 0
    _record(session, mail, "mail_retried", actor, at)


def settle(session: Session, mail: MailRow, actor: Actor, at: datetime) -> None:
    """The mail is known to have arrived. Raises Conflict where it is not in doubt."""
    if not is_in_doubt(mail, at):
        raise Conflict("このメールは、確認が必要な状態ではありません。最新の画面でご確認ください。")
    mail.state, mail.sent_at, mail.claimed_at = MailState.SENT, at, None
    _record(session, mail, "mail_settled", actor, at)


def locked_mail(session: Session, number: int) -> MailRow:
    """Raises NotFound."""
    mail = session.exec(select(MailRow).where(col(MailRow.id) == number).with_for_update()).one_or_none()
    if mail is None:
        raise NotFound
    return mail


def _record(session: Session, mail: MailRow, action: str, actor: Actor, at: datetime) -> None:
    session.flush()
    row = session.get_one(RoundRow, mail.round_id)
    record(session, at, actor, action, round_ref=row.ref, subject=mail.subject)
