"""A database to try the service with: the Reiwa 3 round as an example, and a survey that is open now."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

from sqlmodel import Session, col, select

from procure.accounts.roles import Role
from procure.awards.actions import publish
from procure.awards.archive import import_round
from procure.ceilings.vault import new_key
from procure.database import Database
from procure.demand.actions import save_draft, submit
from procure.demand.answer import NO, YES, lot_field, quantity_field
from procure.documents.of_round import write_round_documents
from procure.errors import Conflict
from procure.history.record import COMMAND_LINE, record
from procure.history.tables import EventRow
from procure.migrations import downgrade, has_tables, upgrade
from procure.parties.actions import add_members, add_person
from procure.parties.directory import bodies_of, body, known_codes
from procure.parties.tables import BodyRow
from procure.rounds.actions import create_round, open_survey, save_lot
from procure.rounds.queries import items_of
from procure.rounds.rules import Outline
from procure.rounds.tables import RoundRow
from procure.settings import Letterhead, Settings
from procure.settlement.round import Lot, Round, Rules
from procure.settlement.round_file import read_round
from procure.values.era import wareki_short
from procure.values.fiscal_year import first_day, fiscal_year_name, fiscal_year_of
from procure.values.text import fullwidth

EXAMPLE = files("procure.examples") / "r3.round.json"
PREFECTURE = "奈良県"
SURVEY_DAYS = 14
ANSWERED = ("292028", "292044", "292061", "292109")  # bodies that have answered the open survey already


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody to sign in as; the header of every page names the body beside the person."""

    login: str
    name: str
    role: Role
    body_code: str | None = None
    is_approver: bool = False

    @property
    def label(self) -> str:
        known = body(self.body_code) if self.body_code else None
        return f"{self.role.label}　{known.display_name}　{self.name}" if known else f"{self.role.label}　{self.name}"


PEOPLE = (
    Login("jimukyoku", "担当者", Role.SECRETARIAT),
    Login("jimukyoku2", "係長", Role.SECRETARIAT),
    Login("kansa", "担当者", Role.AUDITOR),
    Login("koriyama", "情報担当", Role.MUNICIPALITY, "292036"),
    Login("katsuragi", "情報担当", Role.MUNICIPALITY, "292117"),
    Login("katsuragi2", "情報課長", Role.MUNICIPALITY, "292117", is_approver=True),
)


@dataclass(frozen=True, slots=True)
class Demo:
    database_url: str
    documents: tuple[Path, ...]
    password: str

    def summary(self, address: str) -> str:
        """What is printed before the service starts."""
        folder = self.documents[0].parent.resolve() if self.documents else ""
        logins = "\n".join(f"  {person.login:<12}{self.password}   {person.label}" for person in PEOPLE)
        return (
            f"Demo database: {self.database_url}\n"
            f"Documents ({len(self.documents)} files): {folder}\n"
            f"Logins (login, password, role):\n{logins}\n"
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
            example = _fill(session, password, at)
        with database.read() as session:
            row = session.get_one(RoundRow, example.id)
            written = write_round_documents(session, row, settings, documents)
    finally:
        database.close()
    return Demo(settings.database_url, tuple(written), password)


def _clear(url: str) -> None:
    if not has_tables(url):
        return
    database = Database(url)
    try:
        with database.read() as session:
            first = session.exec(select(EventRow.action).order_by(col(EventRow.id))).first()
    finally:
        database.close()
    if first != "demo_made":
        raise Conflict(
            f"{url} holds data that is not a demo, so it is left alone. "
            "Name another database in PROCURE_DATABASE_URL, or use `procure serve`."
        )
    downgrade(url)


def _fill(session: Session, password: str, at: datetime) -> RoundRow:
    record(session, at, COMMAND_LINE, "demo_made")
    session.flush()
    add_members(session, bodies_of(PREFECTURE), COMMAND_LINE, at)
    for person in PEOPLE:
        _sign_up(session, person, password, at)
    example = read_round(EXAMPLE.read_bytes(), known_codes())
    row = import_round(session, example, COMMAND_LINE, at, is_sample=True)
    publish(session, row, COMMAND_LINE, at)
    _open_survey(session, example, at)
    return row


def _sign_up(session: Session, person: Login, password: str, at: datetime) -> None:
    """Where there is an approver, the body wants a second person to approve its answers."""
    account = add_person(
        session,
        login=person.login,
        name=person.name,
        role=person.role,
        body_code=person.body_code,
        password=password,
        actor=COMMAND_LINE,
        at=at,
    )
    account.is_approver = person.is_approver
    if person.is_approver:
        session.get_one(BodyRow, person.body_code).needs_approval = True


def _open_survey(session: Session, example: Round, at: datetime) -> None:
    """A survey that is open now, for what the example bought, with a few answers."""
    deadline = (at + timedelta(days=SURVEY_DAYS)).replace(hour=17, minute=15, second=0, microsecond=0)
    bid_date = (at + timedelta(days=SURVEY_DAYS + 45)).date()
    year = fiscal_year_of(bid_date)
    outline = Outline(
        ref=f"{wareki_short(first_day(year)).partition('.')[0]}-1",  # R8-1
        title=f"{fullwidth(fiscal_year_name(year))} 共同調達",
        fiscal_year=year,
        bid_date=bid_date,
        council=Letterhead().council,
        note="見本の案件です。品目、定価、数量はすべて架空のものです。",
        is_sample=True,
    )
    row = create_round(session, outline, COMMAND_LINE, at)
    for lot in example.lots:
        save_lot(session, row, Lot(lot.id, lot.title, lot.contract_kind, Rules(), lot.items), COMMAND_LINE, at)
    open_survey(session, row, deadline, COMMAND_LINE, at)
    _answer(session, row, example, at)


def _answer(session: Session, row: RoundRow, example: Round, at: datetime) -> None:
    items = items_of(session, row.id)
    asked = {
        (demand.municipality, item): quantity
        for lot in example.lots
        for demand in lot.demand
        for item, quantity in demand.quantities.items()
    }
    for code in ANSWERED:
        own = [(item, asked[code, item.ref]) for item in items if (code, item.ref) in asked]
        typed = {quantity_field(item.id): str(quantity) for item, quantity in own}
        joined = {item.lot_id for item, _ in own}
        typed |= {lot_field("join", lot): YES if lot in joined else NO for lot in {item.lot_id for item in items}}
        save_draft(session, row, code, typed, 0, COMMAND_LINE, at)
        submit(session, row, code, COMMAND_LINE, at)
