"""The migrations make the tables that the code works with, and can be run again and undone."""

import re
from contextlib import closing

import pytest
from sqlalchemy import Connection, text

from procure.database import Database
from procure.migrations import differences, downgrade, has_tables, is_current, upgrade
from procure.migrations.schema import SCHEMA
from tests.harness.databases import Databases

SQLITE_DEFINITIONS = "SELECT type || ' ' || name, sql FROM sqlite_master WHERE type IN ('table', 'index')"
POSTGRESQL_DEFINITIONS = """
SELECT table_name || '.' || column_name, concat_ws(' ', data_type, is_nullable, column_default)
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
"""


def test_a_migrated_database_is_current_and_like_the_code(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    assert is_current(empty_database_url)
    assert differences(empty_database_url) == []


def test_migrating_again_changes_nothing(database_url: str) -> None:
    before = definitions(database_url)
    upgrade(database_url)
    assert definitions(database_url) == before


def test_every_constraint_and_index_of_the_code_is_in_the_migrations(databases: Databases) -> None:
    migrated, created = databases.migrated(), databases.empty()
    with closing(Database(created)) as database:
        SCHEMA.create_all(database.engine)
    assert definitions(migrated) == definitions(created)
    databases.discard(migrated)
    databases.discard(created)


def test_a_table_that_no_migration_makes_is_a_difference(database_url: str) -> None:
    with closing(Database(database_url)) as database, database.write() as session:
        session.connection().execute(text("CREATE TABLE stray (number INTEGER)"))
    assert len(differences(database_url)) == 1


def test_undoing_every_migration_leaves_no_table(database_url: str) -> None:
    assert has_tables(database_url)
    downgrade(database_url)
    assert not has_tables(database_url)
    assert definitions(database_url) == {}


@pytest.mark.postgresql
def test_the_definitions_tell_one_check_from_another(postgresql_url: str) -> None:
    before = definitions(postgresql_url)
    with closing(Database(postgresql_url)) as database, database.write() as session:
        session.connection().execute(text("ALTER TABLE round ADD CONSTRAINT never CHECK (false)"))
    assert definitions(postgresql_url).keys() - before.keys() == {"round never"}


def definitions(url: str) -> dict[str, list[str]]:
    """The columns, constraints and indexes of a database, those of Alembic's own table apart."""
    with closing(Database(url)) as database, database.read() as session:
        found = _definitions(session.connection())
    return {name: definition for name, definition in found.items() if "alembic_version" not in f"{name} {definition}"}


def _definitions(connection: Connection) -> dict[str, list[str]]:
    kind = connection.dialect.name
    rows = connection.execute(text(SQLITE_DEFINITIONS if kind == "sqlite" else POSTGRESQL_DEFINITIONS))
    return {name: _clauses(definition or "") for name, definition in rows}


def _clauses(definition: str) -> list[str]:
    """The columns and constraints of a definition: SQLite keeps the text, in which the order is of no meaning.

    A column that was added later has its constraint within itself, as one of a new table stands after the columns.
    """
    head, _, body = definition.partition("(")
    body, _, tail = body.rpartition(")")
    clauses = [clause for part in _parts(body) for clause in _without_own_constraint(part)]
    return sorted([" ".join(head.replace('"', "").split()), *clauses, tail.strip()])


def _parts(body: str) -> list[str]:
    """What stands between the commas, those within brackets and texts apart."""
    parts = re.findall(r"(?:[^,('\"]|'[^']*'|\"[^\"]*\"|\((?:[^()']|'[^']*'|\([^()]*\))*\))+", body)
    return [" ".join(part.replace('"', "").split()) for part in parts]


def _without_own_constraint(part: str) -> list[str]:
    column, found, constraint = part.partition(" CONSTRAINT ")
    if not found:
        return [part]
    of_table = re.sub(r"^(\w+) REFERENCES", rf"\1 FOREIGN KEY({column.split()[0]}) REFERENCES", constraint)
    return [column, f"CONSTRAINT {of_table}"]
