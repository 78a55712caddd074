"""The history: written with the change, read newest first, and never changed, on both databases."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import col, select

from procure.accounts.queries import account_of
from procure.accounts.viewer import Viewer
from procure.database import Database
from procure.history.labels import ACTIONS
from procure.history.queries import Change, Event, events_of_round, latest_events
from procure.history.record import COMMAND_LINE, record
from procure.history.tables import EventRow
from tests.people import NOW, PEOPLE, SECRETARIAT, settle_in


def viewer(database: Database) -> Viewer:
    with database.write() as session:
        settle_in(session, PEOPLE)
        account = account_of(session, SECRETARIAT.login)
        assert account is not None
        assert account.id is not None
        return Viewer(account.id, account.login, account.name, account.role, None, None, "token")


def events(database: Database, round_ref: str | None = None) -> tuple[Event, ...]:
    with database.read() as session:
        return events_of_round(session, round_ref) if round_ref else latest_events(session)


def test_an_event_says_who_did_what_when_and_what_changed(database: Database) -> None:
    actor = viewer(database)
    changes = {"入札日": (None, NOW.date()), "定価": (1, Fraction(17, 20)), "落札率": (Decimal("98.50"), "—")}
    with database.write() as session:
        record(session, NOW, actor, "round_changed", round_ref="r8", subject="パソコン", changes=changes)
    (event,) = events(database)
    assert (event.at, event.actor, event.label) == (NOW, "事務局　花子（事務局）", "案件を修正")
    assert (event.round_ref, event.subject) == ("r8", "パソコン")
    assert set(event.changes) == {
        Change("入札日", None, "2026-11-24"),
        Change("定価", "1", "17/20"),
        Change("落札率", "98.50", "—"),
    }


def test_a_command_is_an_actor_without_an_account(database: Database) -> None:
    with database.write() as session:
        row = record(session, NOW, COMMAND_LINE, "round_imported", round_ref="r3")
    assert (row.actor, row.account_id) == ("procure", None)


def test_an_event_and_its_change_stand_or_fall_together(database: Database) -> None:
    def import_round() -> None:
        with database.write() as session:
            record(session, NOW, COMMAND_LINE, "round_imported")
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        import_round()
    assert events(database) == ()


def test_the_newest_event_comes_first_and_a_page_can_be_read_on_from(database: Database) -> None:
    with database.write() as session:
        for number in range(5):
            record(session, NOW + timedelta(minutes=number), COMMAND_LINE, "round_changed", subject=str(number))
            session.flush()
    with database.read() as session:
        newest = latest_events(session, at_most=2)
        older = latest_events(session, at_most=2, before=newest[-1].number)
    assert [event.subject for event in newest + older] == ["4", "3", "2", "1"]


def test_the_events_of_a_round_are_its_own(database: Database) -> None:
    with database.write() as session:
        record(session, NOW, COMMAND_LINE, "round_created", round_ref="r3")
        record(session, NOW, COMMAND_LINE, "round_created", round_ref="r4")
        record(session, NOW, COMMAND_LINE, "password_set")
    assert [event.round_ref for event in events(database, "r3")] == ["r3"]


def test_an_action_without_a_label_is_not_recorded(database: Database) -> None:
    with pytest.raises(ValueError, match="has no label"), database.write() as session:
        record(session, NOW, COMMAND_LINE, "something_else")


def test_a_float_is_not_recorded(database: Database) -> None:
    with pytest.raises(TypeError), database.write() as session:
        record(session, NOW, COMMAND_LINE, "round_changed", changes={"定価": (1, 0.1)})


@pytest.mark.parametrize("statement", ["UPDATE event SET actor = 'nobody'", "DELETE FROM event"])
def test_the_database_refuses_to_change_the_past(database: Database, statement: str) -> None:
    with database.write() as session:
        record(session, NOW, COMMAND_LINE, "round_created", round_ref="r3")
    with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
        session.connection().execute(text(statement))
    assert [event.actor for event in events(database)] == ["procure"]


def test_an_account_with_a_history_cannot_be_deleted(database: Database) -> None:
    actor = viewer(database)
    with database.write() as session:
        record(session, NOW, actor, "signed_in")
    with pytest.raises(IntegrityError), database.write() as session:
        session.connection().execute(text("DELETE FROM account"))


def test_changes_are_written_in_one_form(database: Database) -> None:
    with database.write() as session:
        record(session, NOW, COMMAND_LINE, "round_changed", changes={"b": ("𠮷", None), "a": (1, 2)})
    with database.read() as session:
        stored = session.exec(select(EventRow).order_by(col(EventRow.id))).one().changes
    assert stored == '{"a":["1","2"],"b":["𠮷",null]}'


def test_every_action_has_a_japanese_label_of_its_own() -> None:
    assert len(set(ACTIONS.values())) == len(ACTIONS)
    assert all(not label.isascii() for label in ACTIONS.values())
