"""Named roundings from exact fractions, done once, at the edge."""

from decimal import Decimal
from fractions import Fraction


def half_up(value: Fraction | int, places: int) -> Decimal:
    """四捨五入: to so many places, a half away from zero. Never a negative zero."""
    scaled = abs(Fraction(value)) * 10**places
    digits = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    sign = "-" if value < 0 and digits else ""
    return Decimal(f"{sign}{digits}E-{places}")


def percent(part: Fraction | int, whole: Fraction | int, places: int) -> Decimal:
    """part ÷ whole × 100, half up; `whole` is above zero."""
    return half_up(Fraction(part) * 100 / Fraction(whole), places)
