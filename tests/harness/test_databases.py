"""The databases that tests are given are real, current, and nobody else's."""

from contextlib import closing

import pytest
from sqlalchemy import inspect, text

from procure.database import Database
from procure.migrations import is_current
from tests.harness.databases import Databases
from tests.harness.postgresql import PostgreSQL, running_postgresql


def test_a_migrated_database_has_the_current_schema(database_url: str) -> None:
    assert is_current(database_url)


def test_an_empty_database_has_not(empty_database_url: str) -> None:
    assert not is_current(empty_database_url)


def test_what_one_test_writes_another_does_not_see(databases: Databases) -> None:
    first, second = databases.migrated(), databases.migrated()
    with closing(Database(first)) as database, database.write() as session:
        session.connection().execute(text("CREATE TABLE note (words TEXT)" + (" STRICT" * database.is_sqlite)))
    assert _has_note(first)
    assert not _has_note(second)
    databases.discard(first)
    databases.discard(second)


@pytest.mark.postgresql
def test_the_server_ends_with_the_tests() -> None:
    with running_postgresql() as server:
        assert server.answers()
    assert not server.answers()
    assert not server.folder.exists()


@pytest.mark.postgresql
def test_text_is_in_the_order_of_its_code_points_as_in_sqlite(postgresql: PostgreSQL) -> None:
    rows = text("SELECT word FROM (VALUES ('あ'), ('Ａ'), ('a'), ('B')) AS words (word) ORDER BY word")
    with closing(Database(postgresql.url("postgres"))) as database, database.read() as session:
        assert session.connection().execute(rows).scalars().all() == ["B", "a", "あ", "Ａ"]


def _has_note(url: str) -> bool:
    with closing(Database(url)) as database, database.read() as session:
        return inspect(session.connection()).has_table("note")
