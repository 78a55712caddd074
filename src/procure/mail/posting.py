"""Writing the mails that are due into the outbox: each once, whoever writes it and however often."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from sqlmodel import Session, col, select

from procure.database import Database, insert_unless_there
from procure.mail.letters import Letter, letter_of
from procure.mail.standings import Due, due
from procure.mail.states import MailState
from procure.mail.tables import MailRow
from procure.settings import MailServer, Settings


def post(database: Database, settings: Settings, now: datetime) -> int:
    """Writes the letters that are missing, and says how many. Writes none where mail is off.

    What is due is read outside the write transaction: almost always there is nothing to write.
    """
    if settings.mail is None:
        return 0
    with database.read() as session:
        letters = [letter_of(one, settings, now) for one in _missing(session, due(session, now))]
    if not letters:
        return 0
    with database.write() as session:
        return sum(_insert(session, letter, settings.mail, now) for letter in letters)


def _missing(session: Session, all_due: Iterable[Due]) -> list[Due]:
    by_key = {one.key: one for one in all_due}
    written = set(session.exec(select(MailRow.key).where(col(MailRow.key).in_(by_key)))) if by_key else set()
    return [one for key, one in by_key.items() if key not in written]


def _insert(session: Session, letter: Letter, server: MailServer, now: datetime) -> bool:
    """Does nothing where another process has written the letter meanwhile."""
    # another process may be writing the same letter: then its Message-ID collides as well as its key
    return insert_unless_there(
        session,
        MailRow,
        key=letter.key,
        kind=letter.kind,
        round_id=letter.round_id,
        body_code=letter.body_code,
        address=letter.address,
        subject=letter.subject,
        text=letter.text,
        message_id=_message_id(letter, server, now),
        state=MailState.WAITING,
        posted_at=now,
        next_try_at=now,
        useless_after=letter.useless_after,
        tries=0,
    )


def _message_id(letter: Letter, server: MailServer, now: datetime) -> str:
    """Stays the same however often the mail is tried, so that a mail system knows it again."""
    digest = sha256(f"{letter.key} {now.isoformat()}".encode()).hexdigest()[:32]
    return f"<{digest}@{server.sender.rpartition('@')[2]}>"
