"""Consumption tax (消費税): what an amount comes to with it, cut to whole yen."""

from fractions import Fraction
from math import floor

from procure.values.money import Yen

STANDARD_RATE = Fraction(1, 10)


def with_tax(amount: Yen, rate: Fraction) -> int:
    """The tax-exclusive amount with tax, floor(amount × (1 + rate)) (入札公告の標準条項: 1円未満は切捨て)."""
    return floor(amount * (1 + rate))


def least_with_tax(without: Yen, rate: Fraction) -> int:
    """The least 予定価格 in whole yen under which a bid of this tax-exclusive amount is still within the limit."""
    return -floor(-(without * (1 + rate)))


def ceiling_with_tax(recorded: Yen | None, without: Yen | None, rate: Fraction) -> Yen | None:
    """予定価格 of a lot: as recorded, else the least that allows its 入札書比較価格; None where neither is known.

    Adding the tax and cutting would make 19,999,999 of a 予定価格 of 20,000,000, and miss the assembly's threshold.
    """
    if recorded is not None:
        return recorded
    return None if without is None else least_with_tax(without, rate)
