"""A database to try the service with: the Reiwa 3 round as an example, a tender to be opened, and an open survey."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from sqlmodel import Session, col, select

from procure.accounts.tables import AccountRow
from procure.awards.actions import publish
from procure.awards.archive import import_round
from procure.ceilings.vault import Vault, new_key
from procure.database import Database
from procure.demo.contracts import example_contracts
from procure.demo.people import PEOPLE, sign_up
from procure.demo.survey import example_survey
from procure.demo.tender import example_papers, example_tender
from procure.errors import Conflict
from procure.history.record import COMMAND_LINE, record
from procure.history.tables import EventRow
from procure.jobs.folder import write_round_documents
from procure.meetings.example import example_meetings
from procure.migrations import downgrade, has_tables, upgrade
from procure.parties.actions import add_members
from procure.parties.directory import bodies_of, known_codes
from procure.rounds.tables import RoundRow
from procure.settings import Settings
from procure.settlement.round import Round
from procure.settlement.round_file import read_round

EXAMPLE = files("procure.examples") / "r3.round.json"
PREFECTURE = "奈良県"


@dataclass(frozen=True, slots=True)
class Demo:
    database_url: str
    documents: tuple[Path, ...]
    password: str
    tender: str

    @property
    def papers(self) -> Path:
        """The bids of the tender whose opening is due, to be typed."""
        return self.documents[-1]

    def summary(self, address: str) -> str:
        """What is printed before the service starts."""
        folder = self.papers.parent.resolve()
        logins = "\n".join(f"  {person.login:<12}{self.password}   {person.label}" for person in PEOPLE)
        return (
            f"Demo database: {self.database_url}\n"
            f"Documents ({len(self.documents)} files): {folder}\n"
            f"Logins (login, password, role):\n{logins}\n"
            f"Round {self.tender} waits for its opening; its bids, to be typed: {self.papers.name}\n"
            f"Open {address} in a browser. Ctrl+C stops the service."
        )


def for_trial(settings: Settings) -> Settings:
    """With a key to seal ceilings with, for as long as the demo runs, where the installation has none."""
    return settings if settings.sealing_key else replace(settings, sealing_key=new_key())


def make_demo(settings: Settings, documents: Path, at: datetime) -> Demo:
    """Raises Conflict where the database holds anything but an earlier demo: real data is never replaced."""
    _clear(settings.database_url)
    upgrade(settings.database_url)
    password = secrets.token_urlsafe(12)
    database = Database(settings.database_url)
    try:
        with database.write() as session:
            made = _fill(session, password, Vault(settings.sealing_key), at)
        with database.read() as session:
            row = session.get_one(RoundRow, made.example)
            written = write_round_documents(session, database, row, settings, documents, lambda: at)
    finally:
        database.close()
    papers = documents / f"{made.tender}_入札書.txt"
    papers.write_text(example_papers(_example(), at), encoding="utf-8")
    return Demo(settings.database_url, (*written, papers), password, made.tender)


def _clear(url: str) -> None:
    if not has_tables(url):
        return
    database = Database(url)
    try:
        with database.read() as session:
            first = session.exec(select(EventRow.action).order_by(col(EventRow.id))).first()
            is_empty = first is None and session.exec(select(AccountRow.id)).first() is None
    finally:
        database.close()
    if first != "demo_made" and not is_empty:
        raise Conflict(
            f"{url} holds data that is not a demo, so it is left alone. "
            "Name another database in PROCURE_DATABASE_URL, or use `procure serve`."
        )
    downgrade(url)


@dataclass(frozen=True, slots=True)
class _Made:
    example: int
    tender: str


def _example() -> Round:
    return read_round(EXAMPLE.read_bytes(), known_codes())


def _fill(session: Session, password: str, vault: Vault, at: datetime) -> _Made:
    record(session, at, COMMAND_LINE, "demo_made")
    session.flush()
    add_members(session, bodies_of(PREFECTURE), COMMAND_LINE, at)
    for person in PEOPLE:
        sign_up(session, person, password, at)
    example_meetings(session, COMMAND_LINE, at)
    example = _example()
    row = import_round(session, example, COMMAND_LINE, at, is_sample=True)
    publish(session, row, COMMAND_LINE, at)
    example_contracts(session, row, at)
    tender = example_tender(session, example, vault, at)
    example_survey(session, example, at)
    return _Made(row.id, tender.ref)
