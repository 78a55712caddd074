"""Yen, exactly: an int where the amount is whole, a Fraction where a unit price has decimals."""

from fractions import Fraction

Yen = int | Fraction


def whole_or_exact(amount: Fraction | int) -> Yen:
    """The same amount, as an int where it is whole, so that equal amounts have one form."""
    exact = Fraction(amount)
    return exact.numerator if exact.denominator == 1 else exact
