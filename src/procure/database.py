"""The database: engines for SQLite and PostgreSQL, transactions, and column types that mean the same on both."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Session, SQLModel

from procure.clock import JAPAN
from procure.values.money import Yen, whole_or_exact

SEN = 100  # amounts are stored as whole 銭, so that a sum in the database is exact too
SQLITE_FLOOR = (3, 51, 3)  # earlier versions can corrupt a WAL database that two connections write
READERS = 5
POSTGRESQL_CONNECTIONS = 10
FOR_HEALTH = 1  # whoever watches the service does not wait for the pages
POSTGRESQL_LIMITS = "-c lock_timeout=5s -c statement_timeout=15s -c idle_in_transaction_session_timeout=30s"
SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=10000",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "secure_delete=ON",
)


class Row(SQLModel):
    """The base of every table: one set of names for constraints, the same on both databases."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


@event.listens_for(Table, "after_parent_attach")
def _strict_on_sqlite(table: Table, metadata: MetaData) -> None:
    if metadata is Row.metadata:
        table.dialect_options["sqlite"]["strict"] = True


# ---- column types ----------------------------------------------------------------------------------

BigInt: Any = BigInteger().with_variant(Integer, "sqlite")


class Flag(TypeDecorator[bool]):
    """True or false: boolean on PostgreSQL, 1 or 0 on SQLite."""

    impl = Boolean
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else Boolean())

    def process_result_value(self, value: Any, dialect: Dialect) -> bool | None:
        return None if value is None else bool(value)


class Instant(TypeDecorator[datetime]):
    """A moment with its offset: timestamptz on PostgreSQL, UTC ISO 8601 text on SQLite; read in Japan time."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        native = DateTime(timezone=True) if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(native)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no offset")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return moment.astimezone(JAPAN)


class Day(TypeDecorator[date]):
    """A calendar day: date on PostgreSQL, ISO 8601 text on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        native = Date() if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(native)

    def process_bind_param(self, value: date | None, dialect: Dialect) -> date | str | None:
        return value if value is None or dialect.name == "postgresql" else value.isoformat()

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        return date.fromisoformat(value) if isinstance(value, str) else value


class Amount(TypeDecorator[Yen]):
    """An amount of yen with up to two decimals, stored as whole 銭. A finer amount is an error, never rounded."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())

    def process_bind_param(self, value: Yen | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        sen = Fraction(value) * SEN
        if sen.denominator != 1:
            raise ValueError(f"{value} yen is finer than 1 sen")
        return sen.numerator

    def process_result_value(self, value: int | None, dialect: Dialect) -> Yen | None:
        return None if value is None else whole_or_exact(Fraction(value, SEN))


class _Choice(TypeDecorator[StrEnum]):
    """One of the values of an enumeration, stored as its value."""

    impl = Text
    cache_ok = True

    def __init__(self, choices: type[StrEnum]) -> None:
        self.choices = choices
        super().__init__()

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        return None if value is None else self.choices(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.choices(value)


def choice(choices: type[StrEnum]) -> Any:
    return _Choice(choices)


def one_of(column: str, choices: type[StrEnum]) -> CheckConstraint:
    """CHECK that a column holds a value of the enumeration, or is null."""
    values = ", ".join(f"'{choice.value}'" for choice in choices)
    return CheckConstraint(f"{column} IN ({values})", name=f"{column}_known")


def text_between(column: str, shortest: int, longest: int) -> CheckConstraint:
    """CHECK the length of a text in characters."""
    return CheckConstraint(f"length({column}) BETWEEN {shortest} AND {longest}", name=f"{column}_length")


# ---- rows that several may write at once ------------------------------------------------------------


def insert_unless_there(session: Session, table: type[Row], **values: object) -> bool:
    """Whether the row is new. Where another transaction has written one like it meanwhile, that one stays."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    columns: Table = table.__table__  # type: ignore[attr-defined]
    once = dialect.insert(columns).values(values).on_conflict_do_nothing().returning(*columns.primary_key)
    return session.connection().execute(once).first() is not None


# ---- what is only ever added to --------------------------------------------------------------------


def append_only(dialect: str, *tables: str) -> Iterator[str]:
    """The statements, for a migration, after which the database refuses to change or delete rows of these tables.

    The owner of a PostgreSQL database can go round them; the service's own role need not be the owner.
    """
    if dialect == "sqlite":
        for table in tables:
            for act in ("UPDATE", "DELETE"):
                name = f"{table}_is_never_{act.lower()}d"
                yield f"CREATE TRIGGER {name} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        return
    yield (
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'append-only'; END $$"
    )
    for table in tables:
        yield (
            f"CREATE TRIGGER {table}_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


# ---- engines and transactions ----------------------------------------------------------------------


class DatabaseUnfit(Exception):
    """The database cannot be used safely; the message says why and what to do."""


class Database:
    """A reader and a writer of one database.

    SQLite gets one writing connection, which begins IMMEDIATE, and readers that cannot write: a transaction that
    reads and then writes can neither lose an update nor fail half-way for the lock.
    """

    def __init__(self, url: str) -> None:
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._writer = _sqlite_engine(url, pool_size=1, query_only=False)
            self._reader = _sqlite_engine(url, pool_size=READERS + 1 + FOR_HEALTH, query_only=True)
            event.listen(self._writer, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
            event.listen(self._reader, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
        else:
            self._writer = _postgresql_engine(url)
            # A page reads one state of the database, however many statements it takes; SQLite's readers do so anyway.
            self._reader = self._writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @property
    def connections(self) -> int:
        """How many pages may read or write at once; the server's worker threads are as many."""
        return READERS + 1 if self.is_sqlite else POSTGRESQL_CONNECTIONS

    @property
    def engine(self) -> Engine:
        return self._writer

    @contextmanager
    def read(self) -> Iterator[Session]:
        with Session(self._reader, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Commits on leaving, rolls back on any exception."""
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        self._writer.dispose()
        self._reader.dispose()


@contextmanager
def held_alone(url: str) -> Iterator[None]:
    """Keeps a second service off a SQLite file, for as long as this one runs. Raises DatabaseUnfit.

    One process is one writer: two would wait for each other unfairly. Commands may run beside the service.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        yield
        return
    file = Path(f"{parsed.database}.lock")
    try:
        lock = file.open("w")
    except OSError as error:
        raise DatabaseUnfit(f"{file} cannot be written: {error.strerror}.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DatabaseUnfit(f"Another service runs on {parsed.database}. Stop it first.") from error
        yield


def driver_url(url: str) -> str:
    """The address with the driver in it that we use: psycopg 3 for PostgreSQL."""
    parsed = make_url(url)
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed.render_as_string(hide_password=False)


def _sqlite_driver() -> Any:
    try:
        from pysqlite3 import dbapi2  # noqa: PLC0415  (brings a newer SQLite than the system's)
    except ImportError:
        from sqlite3 import dbapi2  # noqa: PLC0415
    if dbapi2.sqlite_version_info < SQLITE_FLOOR:
        raise DatabaseUnfit(
            f"SQLite {dbapi2.sqlite_version} can corrupt a database in WAL mode; install pysqlite3 "
            f"(SQLite {'.'.join(map(str, SQLITE_FLOOR))} or later) or use PostgreSQL."
        )
    return dbapi2


def _sqlite_engine(url: str, pool_size: int, query_only: bool) -> Engine:
    engine = create_engine(
        url,
        module=_sqlite_driver(),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=20,
        hide_parameters=True,
        connect_args={"timeout": 10, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        if query_only:
            connection.execute("PRAGMA query_only=ON")

    return engine


def _postgresql_engine(url: str) -> Engine:
    return create_engine(
        driver_url(url),
        pool_size=POSTGRESQL_CONNECTIONS + FOR_HEALTH,
        max_overflow=0,
        pool_timeout=20,
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={"options": POSTGRESQL_LIMITS},
    )
