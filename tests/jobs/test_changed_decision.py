"""Long work on a decision that changes: what is made is what was decided in the end."""

import pytest
from sqlmodel import Session

from procure.database import Database
from procure.documents.entries import Entry
from procure.documents.papers import Papers
from procure.jobs.states import JobState
from procure.jobs.steps import is_all_kept
from procure.rounds.queries import find_round
from tests.jobs.papers import REF, Clock, a_workshop, asked, confirmed, job_in, papers_in


@pytest.fixture
def decided(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    with database.write() as session:
        confirmed(session)
    monkeypatch.setattr(Entry, "content", lambda entry, papers: f"{papers.round.title} {entry.path}".encode())
    return database


def change(session: Session) -> None:
    find_round(session, REF).title = "令和３年度　訂正後の共同調達"


def is_whole(database: Database) -> bool:
    with database.read() as session:
        return is_all_kept(session, find_round(session, REF).id, papers_in(session))


def test_work_that_begins_after_the_decision_changed_makes_the_documents_of_the_new_one(decided: Database) -> None:
    workshop = a_workshop(decided, Clock())
    asked(decided)
    assert workshop.work_once()
    number = asked(decided)  # all of it is kept already
    with decided.write() as session:
        change(session)
    assert not is_whole(decided)
    assert workshop.work_once()
    assert job_in(decided, number).state is JobState.DONE
    assert is_whole(decided)


def test_work_during_which_the_decision_changes_is_taken_up_again(
    decided: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def changing(entry: Entry, papers: Papers) -> bytes:
        if entry.path == "award.pdf" and papers.round.title != "令和３年度　訂正後の共同調達":
            with decided.write() as session:
                change(session)
        return entry.path.encode()

    monkeypatch.setattr(Entry, "content", changing)
    number, workshop = asked(decided), a_workshop(decided, Clock())
    assert workshop.work_once()
    assert job_in(decided, number).state is JobState.WAITING
    assert workshop.work_once()
    assert job_in(decided, number).state is JobState.DONE
    assert is_whole(decided)
