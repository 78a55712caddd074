"""Builders that do their work once: on the next empty database of the same kind the rows they made are put in again."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, exists, func, insert, inspect, or_, select
from sqlmodel import Session

from procure.database import Row

Made = TypeVar("Made", bound=Row)
Builder = Callable[[Session, datetime], Made]
Contents = dict[Table, Sequence[dict[str, Any]]]


def remembered(source: Callable[[], object]) -> Callable[[Builder[Made]], Builder[Made]]:
    """For builders that make all of `source` and the time; on a database that holds something they build anew."""

    def decorate(build: Builder[Made]) -> Builder[Made]:
        kept: dict[tuple[str, datetime, str], tuple[Contents, type[Made], Any]] = {}

        @wraps(build)
        def built(session: Session, now: datetime) -> Made:
            connection = session.connection()
            if not is_empty(connection):
                return build(session, now)
            key = (connection.dialect.name, now, repr(source()))
            if key not in kept:
                row = build(session, now)
                session.flush()
                kept[key] = (contents_of(connection), type(row), inspect(row).identity)
                return row
            contents, kind, identity = kept[key]
            put(connection, contents)
            return session.get_one(kind, identity)

        return built

    return decorate


def is_empty(connection: Connection) -> bool:
    return not connection.scalar(select(or_(*(exists(select(1).select_from(table)) for table in _tables()))))


def contents_of(connection: Connection) -> Contents:
    """Every row of every table that has any, in an order in which they can be put in again."""
    found = {table: connection.execute(select(table).order_by(*table.primary_key)).mappings() for table in _tables()}
    return {table: rows for table, mappings in found.items() if (rows := [dict(row) for row in mappings])}


def put(connection: Connection, contents: Contents) -> None:
    for table, rows in contents.items():
        connection.execute(insert(table), rows)
        if connection.dialect.name == "postgresql":
            _count_on(connection, table)


def _count_on(connection: Connection, table: Table) -> None:
    """Numbers that PostgreSQL gives go on after those that were put in."""
    column = table.autoincrement_column
    if column is not None:
        sequence = func.pg_get_serial_sequence(f'"{table.name}"', column.name)
        connection.execute(select(func.setval(sequence, select(func.max(column)).scalar_subquery())))


def _tables() -> list[Table]:
    return Row.metadata.sorted_tables
