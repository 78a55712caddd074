"""How the figures of a sign are written, each rounded once, half up."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import isqrt

from procure.values.money import Yen, format_decimal
from procure.values.rounding import half_up, percent

MOST_NAMES = 6


def yen(amount: Yen) -> str:
    """The exact amount: 1,234,567円."""
    whole, point, decimals = format_decimal(amount).partition(".")
    return f"{int(whole):,}{point}{decimals}円"


def percentage(part: Fraction | int, places: int = 2) -> str:
    """A share of one: 0.01 is 1.00%."""
    return f"{percent(part, 1, places)}%"


def ratio(value: Fraction | int, places: int = 4) -> str:
    return str(half_up(value, places))


def root_half_up(square: Fraction, places: int) -> Decimal:
    """The square root to so many places, a half away from zero; exact, `square` is not negative."""
    doubled = isqrt(int(4 * square * 10 ** (2 * places)))  # ⌊2 × root⌋ in units of the last place
    return Decimal(f"{(doubled + 1) // 2}E-{places}")


def averaged_yen(amount: Fraction) -> str:
    """To 0.01 yen."""
    return f"{half_up(amount, 2):,}円"


def rooted_yen(square: Fraction) -> str:
    """The root of squared yen, to 0.01 yen."""
    return f"{root_half_up(square, 2):,}円"


def listed(names: Iterable[str]) -> str:
    """The names in a sentence, of many only the first ones: all of them stand in the figures."""
    known = list(names)
    more = len(known) - MOST_NAMES
    return "、".join(known) if more <= 0 else f"{'、'.join(known[:MOST_NAMES])}ほか{more}者"
