"""Outboxes for tests: the survey of the Reiwa 3 round is open, and some bodies have a mail address."""

from datetime import datetime

from sqlmodel import Session, col, select

from procure.clock import JAPAN
from procure.database import Database
from procure.mail.posting import post
from procure.mail.tables import MailRow
from procure.parties.queries import members
from procure.rounds.tables import RoundRow
from procure.settings import MailServer, Settings
from tests.stages import surveying

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=JAPAN)  # a Tuesday; the survey closes on Tuesday 8 December, 9:00
REF = "R3-1"
SENDER = "jimu@kyodo.example.jp"


def settings_for(port: int) -> Settings:
    return Settings(mail=MailServer("127.0.0.1", port, sender=SENDER))


def address_of(code: str) -> str:
    return f"joho{code}@city.example.jp"


def open_survey(database: Database, reached: int, now: datetime = NOW) -> None:
    """The survey opens; the first `reached` members have a mail address."""
    with database.write() as session:
        surveying(session, now)
        for body in members(session)[:reached]:
            body.mail = address_of(body.code)


def posted(database: Database, reached: int, now: datetime = NOW) -> None:
    """The opening letters wait in the outbox."""
    open_survey(database, reached, now)
    assert post(database, settings_for(25), now) == reached


def row_of(session: Session) -> RoundRow:
    return session.exec(select(RoundRow).where(col(RoundRow.ref) == REF)).one()


def outbox(database: Database) -> list[MailRow]:
    with database.read() as session:
        return list(session.exec(select(MailRow).order_by(col(MailRow.id))))
