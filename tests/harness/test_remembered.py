"""A remembered database is the built one: row for row, and open to the same further work."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import Session

from procure.database import Database
from procure.history.tables import EventRow
from procure.rounds.actions import create_round
from procure.rounds.rules import Outline
from procure.rounds.tables import RoundRow
from tests import stages
from tests.harness.databases import Databases
from tests.harness.remembered import Contents, contents_of
from tests.people import NOW


def another(session: Session) -> RoundRow:
    return create_round(session, Outline("another", "別の調達", 2026, NOW.date(), "協議会"), "操作", NOW)


def opened_and_worked_on(databases: Databases) -> Contents:
    url = databases.migrated()
    database = Database(url)
    with database.write() as session:
        row = stages.opening(session, NOW)
        assert (row.ref, row.stage) == (stages.example().id, "opening")
    with database.write() as session:
        another(session)
        made = contents_of(session.connection())
    database.close()
    databases.discard(url)
    return made


def test_what_is_put_in_again_is_what_was_built_and_can_be_worked_on(databases: Databases) -> None:
    first = opened_and_worked_on(databases)
    assert len(first) > 10
    assert opened_and_worked_on(databases) == first


def test_a_database_that_holds_something_is_built_upon(database: Database) -> None:
    with database.write() as session:
        another(session)
        assert stages.preparing(session, NOW).ref == stages.example().id


def test_another_time_is_built_anew(database: Database) -> None:
    with database.write() as session:
        stages.preparing(session, NOW + timedelta(days=1))
        assert session.scalar(select(func.max(EventRow.at))) == NOW + timedelta(days=1)


def test_another_example_is_built_anew(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    other = replace(stages.example(), title="別の年の共同調達")
    with database.write() as session:
        stages.preparing(session, NOW)
        session.rollback()
    monkeypatch.setattr(stages, "example", lambda: other)
    with database.write() as session:
        assert stages.preparing(session, NOW).title == other.title
