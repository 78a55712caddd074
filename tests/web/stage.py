"""The service with the Reiwa 3 round at a stage, for the tests of pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from procure.database import Database, Row
from procure.demand.answer import quantity_field
from procure.rounds.queries import find_round, items_of, lots_of
from procure.rounds.stages import Stage
from tests.people import NOW, Service, service
from tests.stages import round_at

REF = "R3-1"


@contextmanager
def service_at(url: str, stage: Stage, now: datetime = NOW) -> Iterator[Service]:
    database = Database(url)
    with database.write() as session:
        round_at(session, stage, now)
    database.close()
    with service(url, now=now) as town:
        yield town


def fields_of(town: Service) -> dict[str, str]:
    """The field of the main units of each item in the demand grid, by its code."""
    return {ref: quantity_field(item) for ref, (item, _) in items_by_ref(town).items()}


def items_by_ref(town: Service) -> dict[str, tuple[int, int]]:
    """The row of each item and that of its lot, by the item's code."""
    with town.database.read() as session:
        return {item.ref: (item.id, item.lot_id) for item in items_of(session, find_round(session, REF).id)}


def lots_by_ref(town: Service) -> dict[str, int]:
    with town.database.read() as session:
        return {lot.ref: lot.id for lot in lots_of(session, find_round(session, REF).id)}


def content_of(town: Service) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the database, to see that nothing has changed; documents that were asked for are kept as made."""
    with town.database.read() as session:
        tables = [table for table in Row.metadata.sorted_tables if table.name != "kept_document"]
        return {table.name: [tuple(row) for row in session.connection().execute(table.select())] for table in tables}
