"""What each municipality gets and pays, item by item."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import floor

from procure.settlement.result import Award, ItemResult, Share, ShareItem
from procure.settlement.round import Demand, Item, Lot
from procure.settlement.savings import list_amount, savings_percent
from procure.values.money import Yen, whole_or_exact
from procure.values.tax import with_tax

Prices = Mapping[str, Yen]  # contract unit prices by item, tax-exclusive yen


def item_results(lot: Lot, quantities: Mapping[str, int], prices: Prices | None) -> tuple[ItemResult, ...]:
    """Every item of the lot in the order of the file, over all municipalities."""
    return tuple(_item_result(item, quantities[item.id], prices) for item in lot.items)


def shares(lot: Lot, prices: Prices | None) -> tuple[Share, ...]:
    """The participating municipalities in the order of their codes. Their amounts add up to the award exactly."""
    taking_part = sorted((demand for demand in lot.demand if demand.quantities), key=lambda demand: demand.municipality)
    return tuple(_share(demand, lot.items, prices, lot.rules.tax_rate) for demand in taking_part)


def rounding_gap(award: Award | None, municipalities: Sequence[Share]) -> int | None:
    """The award with tax less the municipalities' amounts with tax; None where these are unknown."""
    amounts = [share.amount_with_tax for share in municipalities if share.amount_with_tax is not None]
    if award is None or len(amounts) < len(municipalities):
        return None
    return award.total_with_tax - sum(amounts)


def _item_result(item: Item, quantity: int, prices: Prices | None) -> ItemResult:
    price = prices.get(item.id) if prices is not None else None
    listed = _times(item.list_price, quantity)
    paid = _times(price, quantity)
    return ItemResult(item.id, quantity, item.list_price, price, listed, paid, savings_percent(listed, paid))


def _share(demand: Demand, items: Sequence[Item], prices: Prices | None, rate: Fraction) -> Share:
    quantities = demand.quantities
    wanted = [item for item in items if quantities.get(item.id)]
    parts = tuple(ShareItem(item.id, quantities[item.id], _price_of(item, quantities, prices)) for item in wanted)
    listed = list_amount(wanted, quantities)
    if prices is None:
        return Share(demand.municipality, None, None, None, listed, None, None, parts)
    amount = _sum(parts)
    with_it = with_tax(amount, rate)
    covered = {item.id for item in wanted if item.list_price is not None}
    paid = _sum([part for part in parts if part.id in covered])
    saved = None if listed is None else whole_or_exact(listed - paid)
    tax = with_it - floor(amount)
    return Share(demand.municipality, amount, tax, with_it, listed, saved, savings_percent(listed, paid), parts)


def _price_of(item: Item, quantities: Mapping[str, int], prices: Prices | None) -> Yen | None:
    return None if prices is None else _times(prices.get(item.id), quantities[item.id])


def _times(price: Yen | None, quantity: int) -> Yen | None:
    return None if price is None else whole_or_exact(price * quantity)


def _sum(parts: Sequence[ShareItem]) -> Yen:
    return whole_or_exact(sum(part.amount for part in parts if part.amount is not None))
