"""A confirmed round in a database, with few documents: two bodies and one lot; and the workshop that makes them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from procure.awards.archive import import_round
from procure.database import Database
from procure.documents.of_round import decided
from procure.documents.papers import Papers
from procure.jobs.actions import ask_for_documents
from procure.jobs.queries import steps_of
from procure.jobs.states import StepState
from procure.jobs.tables import JobRow, KeptDocumentRow
from procure.jobs.workshop import Workshop
from procure.parties.actions import add_members
from procure.parties.directory import bodies_of
from procure.rounds.queries import find_round, locked_round
from procure.rounds.tables import RoundRow
from procure.settings import PdfLimits, Settings
from tests.builders import NARA, YAMATOTAKADA, a_bid, a_demand, a_lot, a_round
from tests.people import NOW

ACTOR = "事務局の操作"
SETTINGS = Settings(pdf=PdfLimits(processes=0))
ROUND = a_round(
    a_lot((a_bid("a", 500_000), a_bid("b", 600_000)), demand=(a_demand(NARA, pc=4), a_demand(YAMATOTAKADA, pc=6)))
)
REF = ROUND.id
DOCUMENTS = 18


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def confirmed(session: Session, now: datetime = NOW) -> RoundRow:
    add_members(session, bodies_of("奈良県"), ACTOR, now)
    return import_round(session, ROUND, ACTOR, now)


def papers_in(session: Session) -> Papers:
    return decided(session, find_round(session, REF), SETTINGS.letterhead)


def asked(database: Database, at: datetime = NOW) -> int:
    """The number of the job."""
    with database.write() as session:
        row = locked_round(session, REF)
        return ask_for_documents(session, row, papers_in(session), ACTOR, at).id


def job_in(database: Database, number: int) -> JobRow:
    with database.read() as session:
        return session.get_one(JobRow, number)


def states_in(database: Database, number: int) -> list[StepState]:
    with database.read() as session:
        return [step.state for step in steps_of(session, number)]


def kept_in(database: Database) -> dict[str, bytes]:
    with database.read() as session:
        rows = session.exec(select(KeptDocumentRow).order_by(col(KeptDocumentRow.id))).all()
        return {row.path: row.content for row in rows}


def a_workshop(
    database: Database,
    clock: Callable[[], datetime],
    heard: list[Exception] | None = None,
    pdf: PdfLimits = SETTINGS.pdf,
) -> Workshop:
    def failed(_: str, error: Exception) -> None:
        if heard is None:
            raise error
        heard.append(error)

    return Workshop(database, replace(SETTINGS, pdf=pdf), clock, failed)


@contextmanager
def running(workshop: Workshop) -> Iterator[None]:
    workshop.start()
    try:
        yield
    finally:
        workshop.stop()
