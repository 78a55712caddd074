"""What each item costs against list price, over everybody and for one body."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from procure.reports.report import ItemRow
from procure.reports.sums import less, total
from procure.settlement.result import ItemResult, LotResult, Result, ShareItem
from procure.settlement.round import Item, Lot, Rules
from procure.values.money import Yen, whole_or_exact
from procure.values.rounding import percent
from procure.values.tax import with_tax


def largest_price(result: Result) -> Yen:
    """The round's largest list or unit price, which the longest bar stands for; 0 where no price is known."""
    prices = (price for lot in result.lots for item in lot.items for price in (item.list_price, item.unit_price))
    return max((price for price in prices if price is not None), default=0)


def item_rows(lot: Lot, result: LotResult, largest: Yen) -> tuple[ItemRow, ...]:
    described = {item.id: item for item in lot.items}
    return tuple(_row(described[item.id], item, lot.rules, largest) for item in result.items)


def own_rows(rows: Sequence[ItemRow], own: Sequence[ShareItem]) -> tuple[ItemRow, ...]:
    """One body's rows: the lot's prices with the body's own quantities."""
    by_id = {row.id: row for row in rows}
    return tuple(_own(by_id[item.id], item) for item in own)


def list_total(rows: Sequence[ItemRow]) -> Yen | None:
    """Everything bought at list price, tax-exclusive; None where an item has no list price."""
    return total(row.list_amount for row in rows if row.quantity)


def _row(item: Item, result: ItemResult, rules: Rules, largest: Yen) -> ItemRow:
    return ItemRow(
        id=item.id,
        name=item.name,
        specification=item.specification,
        unit=item.unit,
        quantity=result.quantity,
        list_price=result.list_price,
        unit_price=result.unit_price,
        unit_price_with_tax=_with_tax(result.unit_price, rules),
        list_amount=result.list_amount,
        amount=result.amount,
        saved=less(result.list_amount, result.amount),
        savings_percent=result.savings_percent,
        list_bar=_bar(result.list_price, largest),
        price_bar=_bar(result.unit_price, largest),
        list_price_source=item.list_price_source,
    )


def _own(row: ItemRow, own: ShareItem) -> ItemRow:
    list_amount = None if row.list_price is None else whole_or_exact(row.list_price * own.quantity)
    return replace(
        row,
        quantity=own.quantity,
        list_amount=list_amount,
        amount=own.amount,
        saved=less(list_amount, own.amount),
    )


def _with_tax(price: Yen | None, rules: Rules) -> Yen | None:
    """For reference: cut at the decimals that prices of the lot may have, as contracts by unit price do."""
    if price is None:
        return None
    scale = 10**rules.price_decimals
    return whole_or_exact(Fraction(with_tax(price * scale, rules.tax_rate), scale))


def _bar(price: Yen | None, largest: Yen) -> Decimal | None:
    return None if price is None or not largest else percent(price, largest, 2)
