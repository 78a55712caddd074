"""Rows of lots and items, read into the values that the engine settles."""

from collections import defaultdict
from collections.abc import Iterable

from procure.rounds.tables import ItemRow, LotRow
from procure.settlement.round import Item, Lot, Rules
from procure.values.money import parse_decimal


def lot_values(lots: Iterable[LotRow], items: Iterable[ItemRow]) -> tuple[Lot, ...]:
    """Lots with their rules and items; demand and bids are added by those who know them."""
    by_lot: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        by_lot[item.lot_id].append(item_value(item))
    return tuple(_lot(lot, by_lot[lot.id]) for lot in lots)


def item_value(row: ItemRow) -> Item:
    return Item(row.ref, row.name, row.specification, row.unit, row.list_price, row.list_price_source)


def rules_value(row: LotRow) -> Rules:
    return Rules(
        tax_rate=parse_decimal(row.tax_rate),
        ceiling=row.ceiling,
        minimum=row.minimum,
        ceiling_disclosure=row.ceiling_disclosure,
        max_attempts=row.max_attempts,
        rebid_must_be_lower=row.rebid_must_be_lower,
        price_decimals=row.price_decimals,
        draw=row.draw,
        review=row.review,
        ceiling_with_tax=row.ceiling_with_tax,
        void_grounds=tuple(row.void_grounds.splitlines()),
    )


def _lot(row: LotRow, items: list[Item]) -> Lot:
    return Lot(
        row.ref,
        row.title,
        row.contract_kind,
        rules_value(row),
        tuple(items),
        cancelled=row.cancelled,
        tender_method=row.tender_method,
    )
