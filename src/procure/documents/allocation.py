"""数量配分表: who gets how many of what, in tables that fit the page."""

from collections.abc import Sequence
from dataclasses import dataclass

from procure.documents.svg import shortened
from procure.reports.report import ItemRow, LotReport
from procure.templates import TEXT_BLOCK

ITEMS_A_TABLE = 6
CODE, BODY = 15, 30  # mm
LONGEST_HEAD = 22  # em: three lines of a column


@dataclass(frozen=True, slots=True)
class Head:
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A body in the order of the codes, with its quantity of each item; 0 where it asks for none."""

    code: str
    name: str
    quantities: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class QuantityTable:
    """Some of the items. Widths are mm; the totals are over all bodies."""

    heads: tuple[Head, ...]
    widths: tuple[float, ...]
    rows: tuple[BodyRow, ...]
    totals: tuple[int, ...]


def quantity_tables(lot: LotReport) -> tuple[QuantityTable, ...]:
    """The items that anybody asks for, at most six in a table and about as many in each."""
    items = [item for item in lot.items if item.quantity]
    tables = -(-len(items) // ITEMS_A_TABLE)
    parts = [items[len(items) * part // tables : len(items) * (part + 1) // tables] for part in range(tables)]
    return tuple(_table(lot, part) for part in parts)


def _table(lot: LotReport, items: Sequence[ItemRow]) -> QuantityTable:
    width = min((TEXT_BLOCK - CODE - BODY) / len(items), 40)
    return QuantityTable(
        heads=tuple(Head(shortened(item.name, LONGEST_HEAD), item.unit) for item in items),
        widths=(CODE, TEXT_BLOCK - CODE - width * len(items), *(width for _ in items)),
        rows=_rows(lot, [item.id for item in items]),
        totals=tuple(item.quantity for item in items),
    )


def _rows(lot: LotReport, items: Sequence[str]) -> tuple[BodyRow, ...]:
    rows = []
    for share in lot.municipalities:
        own = {item.id: item.quantity for item in share.items}
        rows.append(BodyRow(share.code, share.display_name, tuple(own.get(item, 0) for item in items)))
    return tuple(rows)
