"""Long work: done once, in the open, by one service at a time, and taken up again where it was left."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from procure.database import Database
from procure.documents.entries import Entry, entries
from procure.documents.of_round import papers_of
from procure.documents.papers import Papers
from procure.documents.press import TookTooLong
from procure.errors import Conflict
from procure.history.queries import events_of_round
from procure.jobs.actions import ask_for_documents, cancel
from procure.jobs.lease import LEASE, give_back, held, take
from procure.jobs.queries import find_job, steps_of
from procure.jobs.states import JobState, StepState
from procure.jobs.tables import JobRow
from procure.rounds.queries import find_round, locked_round
from procure.settings import PdfLimits
from tests import stages
from tests.documents.test_press import children
from tests.jobs.papers import (
    ACTOR,
    DOCUMENTS,
    REF,
    SETTINGS,
    Clock,
    a_workshop,
    asked,
    confirmed,
    job_in,
    kept_in,
    papers_in,
    running,
    states_in,
)
from tests.people import NOW


@pytest.fixture
def decided(database: Database) -> Database:
    with database.write() as session:
        confirmed(session)
    return database


def make(content: Callable[[Entry], bytes], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Documents are made by `content`; the paths of those that were made."""
    made: list[str] = []

    def made_of(entry: Entry, _: Papers) -> bytes:
        made.append(entry.path)
        return content(entry)

    monkeypatch.setattr(Entry, "content", made_of)
    return made


def quick(entry: Entry) -> bytes:
    return entry.path.encode()


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_every_document_is_made_and_kept(decided: Database) -> None:
    number = asked(decided)
    assert states_in(decided, number) == [StepState.WAITING] * DOCUMENTS
    assert a_workshop(decided, lambda: NOW).work_once()
    job = job_in(decided, number)
    assert (job.state, job.ended_at, job.worker) == (JobState.DONE, NOW, None)
    assert states_in(decided, number) == [StepState.DONE] * DOCUMENTS
    kept = kept_in(decided)
    assert len(kept) == DOCUMENTS
    assert kept["notices.pdf"].startswith(b"%PDF")
    assert not a_workshop(decided, lambda: NOW).work_once()


def test_processes_of_its_own_make_the_same_and_are_gone_afterwards(decided: Database) -> None:
    before = children()
    asked(decided)
    workshop = a_workshop(decided, lambda: NOW, pdf=PdfLimits(processes=2))
    workshop.work_once()
    assert children() == before
    with decided.read() as session:
        papers = papers_in(session)
    assert kept_in(decided) == {entry.path: entry.content(papers) for entry in entries(papers)}


def test_before_the_confirmation_nothing_can_be_asked_for(database: Database) -> None:
    with database.write() as session:
        stages.decided(session, NOW)
    with pytest.raises(Conflict, match="確定するまで"), database.write() as session:
        row = locked_round(session, REF)
        ask_for_documents(session, row, papers_of(session, row, SETTINGS.letterhead, NOW), ACTOR, NOW)


def test_what_is_asked_for_twice_is_done_once(decided: Database) -> None:
    assert asked(decided) == asked(decided)
    with decided.read() as session:
        actions = [event.action for event in events_of_round(session, REF)]
    assert actions.count("documents_asked_for") == 1


def test_what_is_kept_already_is_not_made_again(decided: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    asked(decided)
    made = make(quick, monkeypatch)
    a_workshop(decided, lambda: NOW).work_once()
    assert len(made) == DOCUMENTS
    again = asked(decided)
    assert states_in(decided, again) == [StepState.DONE] * DOCUMENTS
    a_workshop(decided, lambda: NOW).work_once()
    assert (job_in(decided, again).state, len(made)) == (JobState.DONE, DOCUMENTS)


def test_a_document_that_fails_does_not_keep_the_others_from_being_made(
    decided: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def content(entry: Entry) -> bytes:
        if entry.path == "award.pdf":
            raise TookTooLong
        if entry.path == "savings.pdf":
            raise ValueError("a secret of the program")
        return b"made"

    number = asked(decided)
    make(content, monkeypatch)
    heard: list[Exception] = []
    a_workshop(decided, lambda: NOW, heard).work_once()
    assert job_in(decided, number).state is JobState.INCOMPLETE
    assert states_in(decided, number).count(StepState.FAILED) == 2
    with decided.read() as session:
        problems = {step.path: step.problem for step in steps_of(session, number) if step.problem}
    assert "制限時間" in str(problems["award.pdf"])
    assert "secret" not in str(problems["savings.pdf"])
    assert len(heard) == 2
    made = make(quick, monkeypatch)
    asked(decided)
    a_workshop(decided, lambda: NOW).work_once()
    assert sorted(made) == ["award.pdf", "savings.pdf"]


# ---- one service at a time ---------------------------------------------------------------------------


def test_a_job_belongs_to_one_worker_until_its_lease_ends(decided: Database) -> None:
    number, clock = asked(decided), Clock()
    with decided.write() as session:
        assert take(session, "one", clock) is not None
    with decided.write() as session:
        assert take(session, "other", clock) is None
    clock.wait(LEASE.total_seconds() - 1)
    with decided.write() as session:
        assert held(session, number, "one", clock) is not None
        assert held(session, number, "other", clock) is None
    clock.wait(LEASE.total_seconds() - 1)
    with decided.write() as session:
        assert take(session, "other", clock) is None
    clock.wait(2)
    with decided.write() as session:
        assert take(session, "other", clock) is not None
    with decided.write() as session:
        assert held(session, number, "one", clock) is None


def test_two_services_share_the_work_and_never_do_it_twice(decided: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    number = asked(decided)

    def slow(entry: Entry) -> bytes:
        time.sleep(0.02)
        return quick(entry)

    made = make(slow, monkeypatch)
    with running(a_workshop(decided, lambda: NOW)), running(a_workshop(decided, lambda: NOW)):
        until(lambda: job_in(decided, number).state is JobState.DONE)
    assert len(made) == len(set(made)) == DOCUMENTS


def test_one_that_lost_its_lease_writes_nothing_any_more(decided: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    number, clock = asked(decided), Clock()

    def robbed(entry: Entry) -> bytes:
        clock.wait(LEASE.total_seconds() + 1)
        with decided.write() as session:
            take(session, "other", clock)
        return quick(entry)

    make(robbed, monkeypatch)
    a_workshop(decided, clock).work_once()
    assert kept_in(decided) == {}
    assert job_in(decided, number).worker == "other"


# ---- stopping and going on ---------------------------------------------------------------------------


def test_work_that_a_crash_interrupted_goes_on_where_it_was(decided: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    number, clock = asked(decided), Clock()
    crashed: list[str] = []

    def crash(entry: Entry) -> bytes:
        crashed.append(entry.path)
        return quick(entry)

    make(crash, monkeypatch)
    workshop = a_workshop(decided, clock)
    noted = workshop._note
    kept: list[object] = []

    def until_the_third(*arguments: Any) -> None:
        noted(*arguments)
        kept.append(arguments)
        if len(kept) == 3:
            monkeypatch.setattr(workshop, "_see_through", lambda *_: None)
            raise ConnectionError("the machine is gone")

    monkeypatch.setattr(workshop, "_note", until_the_third)
    with pytest.raises(ConnectionError):
        workshop.work_once()
    done = set(kept_in(decided))
    assert job_in(decided, number).state is JobState.RUNNING
    made = make(quick, monkeypatch)
    assert not a_workshop(decided, clock).work_once()
    clock.wait(LEASE.total_seconds() + 1)
    assert a_workshop(decided, clock).work_once()
    assert set(made).isdisjoint(done)
    assert job_in(decided, number).state is JobState.DONE
    assert len(kept_in(decided)) == DOCUMENTS


def test_a_service_that_stops_gives_its_work_back_at_once(decided: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    number = asked(decided)
    going = threading.Event()

    def slow(entry: Entry) -> bytes:
        going.set()
        time.sleep(0.2)
        return quick(entry)

    make(slow, monkeypatch)
    with running(a_workshop(decided, lambda: NOW)):
        going.wait(20)
    job = job_in(decided, number)
    assert (job.state, job.worker) == (JobState.WAITING, None)
    assert len(kept_in(decided)) < DOCUMENTS
    make(quick, monkeypatch)
    with running(a_workshop(decided, lambda: NOW)):
        until(lambda: job_in(decided, number).state is JobState.DONE)


def test_work_that_is_called_off_stops_and_what_is_made_stays(
    decided: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = asked(decided)
    going = threading.Event()

    def slow(entry: Entry) -> bytes:
        if len(made) > 3:
            going.set()
            time.sleep(0.3)
        return quick(entry)

    made = make(slow, monkeypatch)
    with running(a_workshop(decided, lambda: NOW)):
        going.wait(20)
        until(lambda: len(kept_in(decided)) > 0)
        with decided.write() as session:
            row = find_round(session, REF)
            cancel(session, row, find_job(session, row.id, str(number), lock=True), ACTOR, NOW + timedelta(seconds=5))
        kept = len(kept_in(decided))
        time.sleep(1.5)
        assert len(kept_in(decided)) == kept
    job = job_in(decided, number)
    assert (job.state, job.ended_at) == (JobState.CANCELLED, NOW + timedelta(seconds=5))
    assert 0 < kept < DOCUMENTS
    with pytest.raises(Conflict, match="すでに終わって"), decided.write() as session:
        cancel(session, find_round(session, REF), session.get_one(JobRow, number), ACTOR, NOW)
    assert asked(decided) != number


def test_work_that_was_given_back_is_anybodys(decided: Database) -> None:
    asked(decided)
    with decided.write() as session:
        job = take(session, "one", lambda: NOW)
        assert job is not None
        give_back(job)
    with decided.write() as session:
        assert take(session, "other", lambda: NOW) is not None
