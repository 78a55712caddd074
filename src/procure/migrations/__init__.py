"""Alembic migrations, run from code: the database is brought to the current schema, or checked against it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url, text

from procure.database import Database
from procure.migrations.schema import SCHEMA

HERE = Path(__file__).parent
LOCK = 7_210_611  # any number: PostgreSQL lets one migration run at a time


def upgrade(url: str) -> None:
    """Brings the database to the current schema; harmless where it is there already."""
    with _connected(url) as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def downgrade(url: str) -> None:
    """Takes every table away, with all that is in them."""
    with _connected(url) as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")


def has_tables(url: str) -> bool:
    """Whether a migration has ever run on the database."""
    if _is_missing(url):
        return False
    with _connected(url) as connection:
        return MigrationContext.configure(connection).get_current_revision() is not None


def is_current(url: str) -> bool:
    """Whether the database has the schema that this version of the program works with."""
    if _is_missing(url):
        return False
    with _connected(url) as connection:
        return MigrationContext.configure(connection).get_current_revision() == _newest()


def differences(url: str) -> list[object]:
    """How a migrated database differs from the tables in the code: nothing, or a migration is missing."""
    with _connected(url) as connection:
        return list(compare_metadata(MigrationContext.configure(connection), SCHEMA))


def _is_missing(url: str) -> bool:
    """A SQLite file that is not there: only a migration makes it."""
    parsed = make_url(url)
    return parsed.get_backend_name() == "sqlite" and not Path(str(parsed.database)).exists()


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    database = Database(url)
    try:
        with database.engine.begin() as connection:
            if not database.is_sqlite:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
            yield connection
    finally:
        database.close()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    return config


def _newest() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()
