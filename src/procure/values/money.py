"""Yen, exactly: an int where the amount is whole, a Fraction where a unit price has decimals."""

import re
from fractions import Fraction

Yen = int | Fraction

LONGEST = 1000  # characters in one number: sums and products of such numbers can still be printed
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", re.ASCII)


def whole_or_exact(amount: Fraction | int) -> Yen:
    """The same amount, as an int where it is whole, so that equal amounts have one form."""
    if isinstance(amount, int):
        return amount
    return amount.numerator if amount.denominator == 1 else amount


def parse_decimal(text: str) -> Fraction:
    """A plain decimal of ASCII digits ("0.85"): no exponent, no spaces. ValueError says what is wrong."""
    if len(text) > LONGEST:
        raise ValueError(f"a number of more than {LONGEST} characters is not read")
    if not _PLAIN.fullmatch(text):
        raise ValueError('not a plain decimal such as "0.85"')
    return Fraction(text)


def format_decimal(number: Yen, places: int = 0) -> str:
    """The exact decimal, with at least so many places. ValueError where it has no end."""
    exact = Fraction(number)
    while exact.denominator != 1 and not _ends_at(exact, places):
        places += 1
    if not places:
        return str(exact.numerator)
    scaled = abs(exact) * 10**places
    digits = str(scaled.numerator).rjust(places + 1, "0")
    return f"{'-' if exact < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def _ends_at(exact: Fraction, places: int) -> bool:
    if places > 2 * LONGEST:
        raise ValueError("the number has no finite decimal form")
    return decimals_fit(exact, places)


def decimals_fit(amount: Yen, places: int) -> bool:
    """Whether the amount is exact with so many decimals."""
    return isinstance(amount, int) or (10**places) % amount.denominator == 0


def amount_from_json(value: int | str) -> Yen:
    """An amount as the formats write it: an integer of yen, or a decimal string. ValueError says what is wrong."""
    return value if isinstance(value, int) else whole_or_exact(parse_decimal(value))


def amount_to_json(amount: Yen) -> int | str:
    """An integer where the amount is whole, otherwise its exact decimal string."""
    amount = whole_or_exact(amount)
    return amount if isinstance(amount, int) else format_decimal(amount)
