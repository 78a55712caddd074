"""比較の基準: what an award is compared with, each by its name and formula, and the one arithmetic for all. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from procure.settlement.result import BidStatus, JudgedAttempt
from procure.values.money import Yen, whole_or_exact
from procure.values.rounding import half_up, percent

VALID = frozenset({BidStatus.AWARDED, BidStatus.ELIGIBLE, BidStatus.LOST_DRAW, BidStatus.OVER_CEILING})
TAX_BASIS = "税抜"


class Baseline(StrEnum):
    LIST_PRICE = "list_price"  # 定価
    LAST_PRICE = "last_price"  # 前回契約単価
    HIGHEST_BID = "highest_bid"  # 最高の有効な入札
    CEILING = "ceiling"  # 予定価格


@dataclass(frozen=True, slots=True)
class Wording:
    """How a baseline is spoken of: itself, its sum, what lies between it and the award, and the share of that."""

    name: str
    total: str
    difference: str
    rate: str
    formula: str
    source: str
    covered: str  # what the covered items are: 定価のある5／8品目
    is_saving: bool = True
    by_unit: bool = True


WORDING: Mapping[Baseline, Wording] = {
    Baseline.LIST_PRICE: Wording(
        name="定価",
        total="定価総額",
        difference="削減額",
        rate="値引率",
        formula="（定価総額－落札総額）÷定価総額×100",
        source="メーカー希望小売価格。オープン価格の品目は、両方の額から除く。",
        covered="定価のある",
    ),
    Baseline.LAST_PRICE: Wording(
        name="前回契約単価",
        total="前回単価による額",
        difference="前回との差額",
        rate="前回比の削減率",
        formula="（前回契約単価×今回の数量の合計－落札総額）÷前回契約単価×今回の数量の合計×100",
        source="同じ品目を契約した直近の案件の契約単価。前回のない品目は、両方の額から除く。",
        covered="前回契約単価のある",
    ),
    Baseline.HIGHEST_BID: Wording(
        name="最高の有効な入札",
        total="最高入札額",
        difference="最高入札との差額",
        rate="最高入札比の差",
        formula="（最高入札額－落札金額）÷最高入札額×100",
        source="落札者を決定した回の有効な入札のうち、最高の入札金額。件名ごとの総額だけで比べる。",
        covered="入札で落札者を決定した件名の",
        by_unit=False,
    ),
    Baseline.CEILING: Wording(
        name="予定価格",
        total="入札書比較価格",
        difference="入札差金（執行残）",
        rate="入札差金率",
        formula="（入札書比較価格－落札金額）÷入札書比較価格×100",
        source="入札書比較価格（予定価格の税抜額）。公表できる件名だけで比べる。予算の執行残であり、削減効果ではない。",
        covered="予定価格を公表できる件名の",
        is_saving=False,
        by_unit=False,
    ),
}


class Bought(Protocol):
    """An item with what is bought of it; `amount` is tax-exclusive yen, None where its unit price is unknown."""

    @property
    def id(self) -> str: ...

    @property
    def quantity(self) -> int: ...

    @property
    def amount(self) -> Yen | None: ...


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums that may be added up and then divided once. Tax-exclusive yen.

    `reference` and `award` are over the covered items; `whole_award` and `items` over everything bought.
    """

    reference: Yen = 0
    award: Yen = 0
    whole_award: Yen = 0
    covered_items: int = 0
    items: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.reference + other.reference,
            self.award + other.award,
            self.whole_award + other.whole_award,
            self.covered_items + other.covered_items,
            self.items + other.items,
        )


@dataclass(frozen=True, slots=True)
class Compared:
    """An award beside a baseline; tax-exclusive yen over the covered items, percentages with one decimal.

    `difference` and `percent` are above zero where the award is lower. `exact` says that the percentage is the true
    one. `coverage_percent` is the covered share of the whole award; None where that is nothing.
    """

    baseline: Baseline
    reference: Yen
    award: Yen
    difference: Yen
    percent: Decimal
    exact: bool
    covered_items: int
    items: int
    coverage_percent: Decimal | None

    @property
    def is_partial(self) -> bool:
        return self.covered_items < self.items


def against_prices(prices: Mapping[str, Yen], bought: Iterable[Bought], whole_award: Yen) -> Sums:
    """The items that have a price in `prices` (yen per unit), beside what they cost.

    Where unit prices are unknown, every item must have a price: the award cannot be taken apart.
    """
    wanted = [item for item in bought if item.quantity]
    covered = [item for item in wanted if item.id in prices]
    known = all(item.amount is not None for item in wanted)
    if not known and len(covered) < len(wanted):
        return Sums(whole_award=whole_award, items=len(wanted))
    paid = sum(item.amount for item in covered if item.amount is not None) if known else whole_award
    reference = sum(prices[item.id] * item.quantity for item in covered)
    return Sums(reference, paid, whole_award, len(covered), len(wanted))


def against_amount(reference: Yen | None, bought: Iterable[Bought], whole_award: Yen) -> Sums:
    """A lot as a whole beside one amount, such as a ceiling or another bid; None covers nothing."""
    items = sum(1 for item in bought if item.quantity)
    if reference is None:
        return Sums(whole_award=whole_award, items=items)
    return Sums(reference, whole_award, whole_award, items, items)


def highest_valid_bid(attempt: JudgedAttempt) -> Yen | None:
    """The highest total of the valid bids of an attempt, above the ceiling or not; None where none is valid."""
    return max((bid.total for bid in attempt.bids if bid.status in VALID and bid.total is not None), default=None)


def compared(baseline: Baseline, sums: Sums) -> Compared | None:
    """The comparison, divided once; None where nothing can be compared."""
    if not sums.reference:
        return None
    true_percent = percent_below(sums.reference, sums.award)
    rounded = half_up(true_percent, 1)
    return Compared(
        baseline=baseline,
        reference=whole_or_exact(sums.reference),
        award=whole_or_exact(sums.award),
        difference=whole_or_exact(sums.reference - sums.award),
        percent=rounded,
        exact=Fraction(rounded) == true_percent,
        covered_items=sums.covered_items,
        items=sums.items,
        coverage_percent=percent(sums.award, sums.whole_award, 1) if sums.whole_award else None,
    )


def percent_below(reference: Yen, paid: Yen) -> Fraction:
    """(1 − paid ÷ reference) × 100, exactly; below zero where what is paid is more (割高)."""
    return (1 - Fraction(paid) / Fraction(reference)) * 100
