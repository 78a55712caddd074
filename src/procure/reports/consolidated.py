"""数量集計表: what every body asks for, item by item with sums, as of now or an earlier moment, and what changed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from procure.clock import JAPAN
from procure.demand.answer import Line
from procure.demand.changes import Standing, demand_at, line_at
from procure.parties.queries import bodies
from procure.parties.tables import BodyRow
from procure.rounds.queries import items_of, lots_of
from procure.rounds.tables import ItemRow, LotRow, RoundRow
from procure.values.era import wareki_day, wareki_time


@dataclass(frozen=True, slots=True)
class Count:
    """A quantity with the spares (予備) in it; `before` is what it was, and None where nothing is compared."""

    quantity: int
    spares: int = 0
    before: "Count | None" = None

    @property
    def main(self) -> int:
        """本体: the units that are not spares."""
        return self.quantity - self.spares

    @property
    def is_changed(self) -> bool:
        return self.before is not None and (self.quantity, self.spares) != (self.before.quantity, self.before.spares)


@dataclass(frozen=True, slots=True)
class Column:
    """An item, what all bodies together ask for, and how many of them do."""

    id: str
    name: str
    specification: str
    unit: str
    total: Count
    takers: int

    @property
    def has_spares(self) -> bool:
        return bool(self.total.spares or (self.total.before and self.total.before.spares))


@dataclass(frozen=True, slots=True)
class BodyCounts:
    """A body and what it asks for of each item, in the order of the columns."""

    code: str
    name: str
    counts: tuple[Count, ...]
    total: Count


@dataclass(frozen=True, slots=True)
class LotCounts:
    """The table of a lot: every member of the council, and whoever else asks for something."""

    id: str
    title: str
    columns: tuple[Column, ...]
    bodies: tuple[BodyCounts, ...]
    total: Count

    @property
    def takers(self) -> int:
        """How many bodies ask for something of the lot."""
        return sum(body.total.quantity > 0 for body in self.bodies)

    @property
    def is_changed(self) -> bool:
        return any(True for _ in self.changes)

    @property
    def changes(self) -> Iterator[tuple[BodyCounts, Column, Count]]:
        """What is not what it was, body by body."""
        for body in self.bodies:
            for column, count in zip(self.columns, body.counts, strict=True):
                if count.is_changed:
                    yield body, column, count


@dataclass(frozen=True, slots=True)
class Consolidated:
    """`at` is when the figures were read. They stand at the end of `day`, where it is not None, and are compared with
    the beginning of the day `since`, where that is not None.
    """

    id: str
    title: str
    council: str
    fiscal_year: int
    bid_date: date
    is_sample: bool
    at: datetime
    day: date | None
    since: date | None
    lots: tuple[LotCounts, ...]

    @property
    def ref(self) -> str:
        """The round's number, as its row calls it."""
        return self.id

    @property
    def standing(self) -> str:
        """令和8年11月24日（火）9時00分現在, 令和8年11月23日（月）の終わり現在."""
        moment = wareki_time(self.at) if self.day is None else f"{wareki_day(self.day)}の終わり"
        return f"{moment}現在"


def consolidated(
    session: Session, row: RoundRow, now: datetime, day: date | None = None, since: date | None = None
) -> Consolidated:
    """The demand of a round at the end of a day (None: now), beside what it was at the beginning of the day `since`."""
    standing = demand_at(session, row, None if day is None else midnight(day + timedelta(days=1)))
    earlier = None if since is None else demand_at(session, row, midnight(since))
    asking = standing.keys() | (earlier or {}).keys()
    shown = [body for body in bodies(session) if body.is_member or body.code in asking]
    items = items_of(session, row.id)
    lots = tuple(
        _lot(lot, [item for item in items if item.lot_id == lot.id], shown, standing, earlier)
        for lot in lots_of(session, row.id)
    )
    return Consolidated(
        id=row.ref,
        title=row.title,
        council=row.council,
        fiscal_year=row.fiscal_year,
        bid_date=row.bid_date,
        is_sample=row.is_sample,
        at=now,
        day=day,
        since=since,
        lots=lots,
    )


def midnight(day: date) -> datetime:
    """The moment in Japan at which the day begins."""
    return datetime.combine(day, time(), JAPAN)


def _lot(
    lot: LotRow, items: Sequence[ItemRow], shown: Sequence[BodyRow], standing: Standing, earlier: Standing | None
) -> LotCounts:
    rows = tuple(_body(body, items, standing, earlier) for body in shown)
    columns = tuple(_column(item, [row.counts[place] for row in rows]) for place, item in enumerate(items))
    total = summed([column.total for column in columns], compared=earlier is not None)
    return LotCounts(lot.ref, lot.title, columns, rows, total)


def _body(body: BodyRow, items: Sequence[ItemRow], standing: Standing, earlier: Standing | None) -> BodyCounts:
    counts = tuple(
        _count(line_at(standing, body.code, item.id), None if earlier is None else line_at(earlier, body.code, item.id))
        for item in items
    )
    return BodyCounts(body.code, body.display_name, counts, summed(counts, compared=earlier is not None))


def _count(line: Line, before: Line | None) -> Count:
    return Count(line.quantity, line.spares, None if before is None else Count(before.quantity, before.spares))


def _column(item: ItemRow, counts: Sequence[Count]) -> Column:
    compared = any(count.before is not None for count in counts)
    takers = sum(count.quantity > 0 for count in counts)
    return Column(item.ref, item.name, item.specification, item.unit, summed(counts, compared=compared), takers)


def summed(counts: Iterable[Count], *, compared: bool) -> Count:
    """The sum of counts, and of what they were where they are compared."""
    found = list(counts)
    before = summed([count.before for count in found if count.before], compared=False) if compared else None
    return Count(sum(count.quantity for count in found), sum(count.spares for count in found), before)
