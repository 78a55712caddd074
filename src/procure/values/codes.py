"""全国地方公共団体コード: five digits and a check digit, always text."""

import re

_CODE = re.compile(r"[0-9]{6}", re.ASCII)
_WEIGHTS = (6, 5, 4, 3, 2)


def check_digit(five: str) -> str:
    """The sixth digit: 11 less the weighted sum modulo 11, of which the last digit stands (総務省の検査数字)."""
    weighted = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, five, strict=True))
    return str((11 - weighted % 11) % 10)


def is_six_digits(code: str) -> bool:
    return _CODE.fullmatch(code) is not None


def is_code(code: str) -> bool:
    """Whether the text is six digits of which the last is the right check digit."""
    return is_six_digits(code) and check_digit(code[:5]) == code[5]
