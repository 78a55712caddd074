"""法人番号: twelve digits behind a check digit, always text."""

import re

_NUMBER = re.compile(r"[1-9][0-9]{12}", re.ASCII)


def check_digit(twelve: str) -> str:
    """The first digit: 9 less the sum modulo 9 of the digits weighted 1, 2, 1, 2, … from the right.

    法人番号の指定等に関する省令2条.
    """
    weighted = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(twelve)))
    return str(9 - weighted % 9)


def is_corporate_number(text: str) -> bool:
    """Whether it is thirteen digits of which the first is the right check digit."""
    return _NUMBER.fullmatch(text) is not None and check_digit(text[1:]) == text[0]
