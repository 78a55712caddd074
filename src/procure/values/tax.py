"""Consumption tax (消費税): what an amount comes to with it, cut to whole yen."""

from fractions import Fraction
from math import floor

from procure.values.money import Yen

STANDARD_RATE = Fraction(1, 10)


def with_tax(amount: Yen, rate: Fraction) -> int:
    """The tax-exclusive amount with tax, floor(amount × (1 + rate)) (入札公告の標準条項: 1円未満は切捨て)."""
    return floor(amount * (1 + rate))
