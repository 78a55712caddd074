"""The last second of a survey: 39 bodies save and submit through the service while the clock crosses the deadline.

A ledger of every acknowledgement is compared with the database: nothing acknowledged is lost, nothing after the
deadline is accepted.
"""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
from sqlmodel import Session, select

from procure.accounts.queries import token_hash
from procure.accounts.roles import Role
from procure.accounts.tables import SignInRow
from procure.app import create_app
from procure.database import Database
from procure.demand.actions import TOO_LATE
from procure.demand.answer import YES, AskedLot, lot_field, quantity_field
from procure.demand.queries import asked_lots, draft_of, lines_of, submission_of, typed_in
from procure.demand.tables import DemandChangeRow, DraftRow, SubmissionRow
from procure.parties.directory import bodies_of
from procure.rounds.queries import find_round, locked_round
from procure.server.cookies import cookie_name
from procure.settings import Settings
from tests.harness.server import serving
from tests.people import NOW, Person, account
from tests.stages import SURVEY_DAYS, surveying

CODES = tuple(body.code for body in bodies_of("奈良県"))
DEADLINE = NOW + timedelta(days=SURVEY_DAYS)
TICK = timedelta(milliseconds=1)
TICKS_LEFT = 900  # every request reads the clock four times: each body comes round about three times
CSRF = "c" * 43
REF = "R3-1"


class Clock:
    """Goes on by a tick whenever somebody reads it, or stands where it was put."""

    def __init__(self, now: datetime, tick: timedelta = timedelta()) -> None:
        self.now, self.reads = now, 0
        self._tick = tick
        self._turn = threading.Condition()

    def __call__(self) -> datetime:
        with self._turn:
            self.now += self._tick
            self.reads += 1
            self._turn.notify_all()
            return self.now

    def wait_for(self, reads: int) -> None:
        with self._turn:
            assert self._turn.wait_for(lambda: self.reads >= reads, timeout=30)


@dataclass
class Town:
    """A body's person at work: what was acknowledged to it, last of all."""

    code: str
    lots: tuple[AskedLot, ...]
    client: httpx.Client
    version: int = 0
    saved: int | None = None  # the quantity of the draft that was acknowledged last
    submitted: int | None = None
    receipt: str | None = None
    refusals: list[str] = field(default_factory=list)

    def work_until_refused(self) -> "Town":
        for quantity in range(1, 1000):
            if not (self._save(quantity) and self._submit(quantity)):
                return self
        raise AssertionError("the deadline never came")

    def _save(self, quantity: int) -> bool:
        answer = self.client.post(f"/demand/{REF}", data=self.form(quantity))
        if answer.status_code == 200:
            self.version, self.saved = answer.json()["version"], quantity
            return True
        assert (answer.status_code, answer.json()["message"]) == (409, TOO_LATE)
        self.refusals.append("save")
        return False

    def _submit(self, quantity: int) -> bool:
        form = {"csrf_token": CSRF, "version": str(self.version), "checked": "1", "act": "submit"}
        answer = self.client.post(f"/demand/{REF}/confirm", data=form)
        if answer.status_code == 303:
            assert answer.headers["location"].startswith(f"/demand/{REF}/receipt")
            number = 1 + (int(self.receipt[-2:]) if self.receipt else 0)
            self.submitted, self.saved, self.receipt = quantity, None, f"{REF}-{self.code}-{number:02}"
            self.version = number * 1_000_000
            return True
        assert answer.status_code == 409
        assert "期限を過ぎたため" in answer.text
        self.refusals.append("submit")
        return False

    def form(self, quantity: int) -> dict[str, str]:
        fields = {quantity_field(item.id): str(quantity) for lot in self.lots for item in lot.items}
        joined = {lot_field("join", lot.id): YES for lot in self.lots}
        return {"csrf_token": CSRF, "version": str(self.version), "action": "auto", **fields, **joined}


def test_nothing_acknowledged_is_lost_and_nothing_after_the_deadline_is_accepted(database_url: str) -> None:
    with asked_bodies(database_url, Clock(DEADLINE - TICK * TICKS_LEFT, TICK)) as (towns, database):
        with ThreadPoolExecutor(len(towns)) as threads:
            worked = list(threads.map(Town.work_until_refused, towns))
        assert all(len(town.refusals) == 1 for town in worked)
        assert sum(town.submitted is not None for town in worked) > len(CODES) // 4
        with database.read() as session:
            for town in worked:
                assert standing(session, town) == (town.saved, town.submitted, town.receipt)
            assert all(moment < DEADLINE for moment in moments(session))


def test_a_form_that_came_in_time_and_got_its_turn_at_the_deadline_is_late(database_url: str) -> None:
    clock = Clock(DEADLINE - TICK)
    with asked_bodies(database_url, clock) as ((town, *_), database):
        before = clock.reads
        with ThreadPoolExecutor(1) as threads:
            with database.write() as session:
                locked_round(session, REF)
                answer = threads.submit(town.client.post, f"/demand/{REF}", data=town.form(5))
                # On SQLite the transaction itself waits for its turn, on PostgreSQL it waits for the round.
                clock.wait_for(before + (1 if database.is_sqlite else 3))
                clock.now = DEADLINE
            assert answer.result(timeout=30).status_code == 409
        with database.read() as session:
            assert standing(session, town) == (None, None, None)


def standing(session: Session, town: Town) -> tuple[int | None, int | None, str | None]:
    """What the database holds of a body: the quantity of its draft, the one submitted, the receipt number."""
    row = find_round(session, REF)
    draft, submission = draft_of(session, row.id, town.code), submission_of(session, row.id, town.code)
    drafted = {int(text) for name, text in (typed_in(draft) if draft else {}).items() if name[:4] == "qty-"}
    asked = {line.quantity for line in lines_of(session, row.id, town.code).values()}
    assert len(drafted) <= 1
    assert len(asked) <= 1
    return next(iter(drafted), None), next(iter(asked), None), submission.receipt_number if submission else None


def moments(session: Session) -> list[datetime]:
    """When anything was written."""
    return [
        *session.exec(select(DraftRow.saved_at)),
        *session.exec(select(SubmissionRow.submitted_at)),
        *session.exec(select(DemandChangeRow.at)),
    ]


@contextmanager
def asked_bodies(url: str, clock: Clock) -> Iterator[tuple[list[Town], Database]]:
    """The service on a port of its own, and somebody of every body, signed in."""
    database = Database(url)
    with database.write() as session:
        row = surveying(session, NOW)
        lots = asked_lots(session, row.id)
        for code in CODES:
            sign_in(session, code)
    with serving(lambda origin: create_app(Settings(url, origin), now=clock)) as origin:
        clients = [httpx.Client(base_url=origin, cookies={cookie_name(False): code}, timeout=60) for code in CODES]
        yield [Town(code, lots, client) for code, client in zip(CODES, clients, strict=True)], database
        for client in clients:
            client.close()
    database.close()


def sign_in(session: Session, code: str) -> None:
    """The token is the code."""
    person = account(Person(f"town-{code}", "情報担当", Role.MUNICIPALITY, code))
    session.add(person)
    session.flush()
    at = DEADLINE - timedelta(seconds=5)
    session.add(
        SignInRow(
            token_hash=token_hash(code),
            account_id=person.id,
            csrf_token=CSRF,
            created_at=at,
            last_seen_at=at,
            expires_at=at + timedelta(hours=8),
        )
    )
    session.flush()
