"""経費削減効果: what a purchase costs beside its list price (定価), over the items that have one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from procure.settlement.result import ItemResult, LotResult, Savings
from procure.settlement.round import Item
from procure.values.money import Yen, whole_or_exact
from procure.values.rounding import half_up, percent


@dataclass(frozen=True, slots=True)
class Comparison:
    """Sums that may be added up and then divided once. Tax-exclusive yen.

    `list_total` and `award_total` are over the covered items; `whole_award` and `items` over everything bought.
    """

    list_total: Yen = 0
    award_total: Yen = 0
    whole_award: Yen = 0
    covered_items: int = 0
    items: int = 0

    def __add__(self, other: "Comparison") -> "Comparison":
        return Comparison(
            self.list_total + other.list_total,
            self.award_total + other.award_total,
            self.whole_award + other.whole_award,
            self.covered_items + other.covered_items,
            self.items + other.items,
        )


def list_amount(items: Iterable[Item], quantities: Mapping[str, int]) -> Yen | None:
    """List price × quantity over the items that have both; None where none has."""
    amounts = [item.list_price * quantities.get(item.id, 0) for item in items if item.list_price is not None]
    return whole_or_exact(sum(amounts)) or None


def compare_items(items: Iterable[ItemResult], whole_award: Yen) -> Comparison:
    """The comparison of an awarded lot. Where its unit prices are unknown, every item must have a list price."""
    bought = [item for item in items if item.quantity]
    covered = [item for item in bought if item.list_amount is not None]
    priced = all(item.amount is not None for item in bought)
    if not priced and len(covered) < len(bought):
        return Comparison(whole_award=whole_award, items=len(bought))
    award = sum(item.amount for item in covered if item.amount is not None) if priced else whole_award
    listed = sum(item.list_amount for item in covered if item.list_amount is not None)
    return Comparison(listed, award, whole_award, len(covered), len(bought))


def savings(sums: Comparison) -> Savings | None:
    """The savings of the sums; None where no item has a list price."""
    if not sums.list_total:
        return None
    true_percent = _true_percent(sums.list_total, sums.award_total)
    rounded = half_up(true_percent, 1)
    return Savings(
        list_total=whole_or_exact(sums.list_total),
        award_total=whole_or_exact(sums.award_total),
        saved=whole_or_exact(sums.list_total - sums.award_total),
        percent=rounded,
        exact=Fraction(rounded) == true_percent,
        statement=statement(true_percent),
        covered_items=sums.covered_items,
        items=sums.items,
        coverage_percent=percent(sums.award_total, sums.whole_award, 1),
    )


def savings_of_lots(lots: Iterable[LotResult]) -> Savings | None:
    """The savings over the awarded lots, of one round or of many: sums are added and divided once."""
    return savings(sum((_comparison(lot) for lot in lots), Comparison()))


def savings_percent(listed: Yen | None, paid: Yen | None) -> Decimal | None:
    """(1 − paid ÷ listed) × 100 with one decimal; None where either is unknown or nothing is listed."""
    if not listed or paid is None:
        return None
    return half_up(_true_percent(listed, paid), 1)


def statement(true_percent: Fraction) -> str:
    """定価の約51.6％引きで購入; without 約 where one decimal is exact."""
    if not true_percent:
        return "定価どおりで購入"
    rounded = half_up(abs(true_percent), 1)
    about = "" if Fraction(rounded) == abs(true_percent) else "約"
    return f"定価の{about}{rounded}％{'引き' if true_percent > 0 else '増し'}で購入"


def _true_percent(listed: Yen, paid: Yen) -> Fraction:
    return (1 - Fraction(paid) / Fraction(listed)) * 100


def _comparison(lot: LotResult) -> Comparison:
    return compare_items(lot.items, lot.award.total) if lot.award else Comparison()
