"""経費削減効果: what a purchase costs beside its list price (定価), over the items that have one."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from procure.settlement.baselines import Baseline, Sums, against_prices, compared, percent_below
from procure.settlement.result import ItemResult, LotResult, NegotiatedPart, Savings
from procure.settlement.round import Item
from procure.values.money import Yen, whole_or_exact
from procure.values.rounding import half_up, percent


def list_amount(items: Iterable[Item], quantities: Mapping[str, int]) -> Yen | None:
    """List price × quantity over the items that have both; None where none has."""
    amounts = [item.list_price * quantities.get(item.id, 0) for item in items if item.list_price is not None]
    return whole_or_exact(sum(amounts)) or None


def compare_items(items: Iterable[ItemResult], whole_award: Yen) -> Sums:
    """The sums of an awarded lot. Where its unit prices are unknown, every item must have a list price."""
    bought = tuple(items)
    return against_prices(
        {item.id: item.list_price for item in bought if item.list_price is not None}, bought, whole_award
    )


def savings(sums: Sums) -> Savings | None:
    """The savings of the sums; None where no item has a list price."""
    found = compared(Baseline.LIST_PRICE, sums)
    if found is None:
        return None
    return Savings(
        list_total=found.reference,
        award_total=found.award,
        saved=found.difference,
        percent=found.percent,
        exact=found.exact,
        statement=statement(percent_below(sums.reference, sums.award)),
        covered_items=found.covered_items,
        items=found.items,
        coverage_percent=percent(sums.award, sums.whole_award, 1),
    )


def savings_of_lots(lots: Iterable[LotResult]) -> Savings | None:
    """The savings over the awarded lots, of one round or of many: sums are added and divided once."""
    return savings(sum((_sums(lot) for lot in lots), Sums()))


def savings_of_negotiated(parts: Iterable[NegotiatedPart]) -> Savings | None:
    """The savings over 随意契約, of one lot or of many, by the rule of an award."""
    return savings(sum((_negotiated(part) for part in parts), Sums()))


def savings_of_contracts(lots: Iterable[LotResult]) -> Savings | None:
    """The savings over what is bought in the end: 随意契約 where there is one, in the place of an award too."""
    return savings(sum((_contracted(lot) for lot in lots), Sums()))


def savings_percent(listed: Yen | None, paid: Yen | None) -> Decimal | None:
    """(1 − paid ÷ listed) × 100 with one decimal; None where either is unknown or nothing is listed."""
    if not listed or paid is None:
        return None
    return half_up(percent_below(listed, paid), 1)


def statement(true_percent: Fraction) -> str:
    """定価の約51.6％引きで購入; without 約 where one decimal is exact."""
    if not true_percent:
        return "定価どおりで購入"
    rounded = half_up(abs(true_percent), 1)
    about = "" if Fraction(rounded) == abs(true_percent) else "約"
    return f"定価の{about}{rounded}％{'引き' if true_percent > 0 else '増し'}で購入"


def _sums(lot: LotResult) -> Sums:
    return compare_items(lot.items, lot.award.total) if lot.award else Sums()


def _negotiated(part: NegotiatedPart) -> Sums:
    return compare_items(part.items, part.total)


def _contracted(lot: LotResult) -> Sums:
    if lot.negotiation is None:
        return _sums(lot)
    return sum((_negotiated(part) for part in lot.negotiation.contracts), Sums())
