"""Fixtures for every test: fresh databases of both kinds."""

from collections.abc import Iterator

import pytest

from procure.database import Database
from tests.harness.databases import Databases, PostgreSQLDatabases, SQLiteDatabases
from tests.harness.postgresql import PostgreSQL, running_postgresql


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SQLiteDatabases:
    return SQLiteDatabases(tmp_path_factory.mktemp("databases"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A real server of this test run's own, started when a test first asks for it."""
    with running_postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_databases(postgresql: PostgreSQL) -> PostgreSQLDatabases:
    return PostgreSQLDatabases(postgresql)


@pytest.fixture
def sqlite_url(sqlite_databases: SQLiteDatabases) -> Iterator[str]:
    """A migrated SQLite file."""
    yield from _used_once(sqlite_databases, sqlite_databases.migrated())


@pytest.fixture
def postgresql_url(postgresql_databases: PostgreSQLDatabases) -> Iterator[str]:
    """A migrated PostgreSQL database."""
    yield from _used_once(postgresql_databases, postgresql_databases.migrated())


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def databases(request: pytest.FixtureRequest) -> Databases:
    """Runs the test twice: once for each kind of database."""
    made: Databases = request.getfixturevalue(f"{request.param}_databases")
    return made


@pytest.fixture
def empty_database_url(databases: Databases) -> Iterator[str]:
    """A database without a table, once of each kind."""
    yield from _used_once(databases, databases.empty())


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A migrated database, once of each kind."""
    yield from _used_once(databases, databases.migrated())


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database opened as the service opens it, once of each kind."""
    opened = Database(database_url)
    yield opened
    opened.close()


def _used_once(databases: Databases, url: str) -> Iterator[str]:
    yield url
    databases.discard(url)
