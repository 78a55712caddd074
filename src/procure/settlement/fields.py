"""The single values of a round file. Each reader notes what is wrong with its place and then returns a stand-in."""

import re
import unicodedata
from datetime import UTC, date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from procure.settlement.place import Place
from procure.values.codes import is_code, is_six_digits
from procure.values.money import Yen, amount_from_json, parse_decimal

Choice = TypeVar("Choice", bound=StrEnum)

LONGEST_ID = 64
_NO_TIME = datetime.min.replace(tzinfo=UTC)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(?P<offset>Z|[+-][0-9]{2}:[0-9]{2})?",
    re.ASCII,
)


def text(place: Place) -> str:
    """Any text; it may be empty."""
    if not isinstance(place.value, str):
        place.wrong("a string is needed")
        return ""
    _note_controls(place, place.value, allowed="\n\t")
    return place.value


def words(place: Place) -> str:
    """A text that says something."""
    said = text(place)
    if isinstance(place.value, str) and not said.strip():
        place.fault("is empty")
    return said


def optional_text(place: Place) -> str | None:
    return text(place) if place.is_given else None


def identifier(place: Place) -> str:
    """1 to 64 characters without control characters."""
    if not isinstance(place.value, str):
        place.wrong("an id is a string")
        return ""
    if not place.value:
        place.fault("is an empty id")
    elif len(place.value) > LONGEST_ID:
        place.fault(f"is an id of more than {LONGEST_ID} characters")
    else:
        _note_controls(place, place.value)
    return place.value


def _note_controls(place: Place, value: str, allowed: str = "") -> None:
    refused = (c for c in value if not c.isprintable() and c not in allowed and unicodedata.category(c) in ("Cc", "Cs"))
    if character := next(refused, None):
        place.fault(f"holds the control character or lone surrogate U+{ord(character):04X}")


def integer(place: Place, low: int, high: int | None = None) -> int:
    value = place.value
    if isinstance(value, int) and not isinstance(value, bool) and low <= value and (high is None or value <= high):
        return value
    place.wrong(f"an integer from {low} {'up' if high is None else f'to {high}'} is needed")
    return low


def quantity(place: Place) -> int:
    """What is bought: an integer above zero."""
    return integer(place, 1)


def flag(place: Place) -> bool:
    if not isinstance(place.value, bool):
        place.wrong("true or false is needed")
        return False
    return place.value


def choice(place: Place, kind: type[Choice]) -> Choice:
    if isinstance(place.value, str) and place.value in [member.value for member in kind]:
        return kind(place.value)
    place.wrong(f"one of {', '.join(kind)} is needed")
    return next(iter(kind))


def amount(place: Place) -> Yen:
    """An amount of zero or more."""
    value = _amount(place)
    if value is not None and value < 0:
        place.wrong("an amount may not be below zero")
    return 1 if value is None else value


def amount_above_zero(place: Place) -> Yen:
    value = _amount(place)
    if value is not None and value <= 0:
        place.wrong("an amount above zero is needed")
    return 1 if value is None else value


def _amount(place: Place) -> Yen | None:
    value = place.value
    if isinstance(value, bool) or not isinstance(value, int | str):
        place.wrong("an amount is an integer or a decimal string")
        return None
    try:
        return amount_from_json(value)
    except ValueError as error:
        place.wrong(str(error))
        return None


def rate(place: Place) -> Fraction:
    """A tax rate: a decimal string from 0 to below 1."""
    value = None
    if not isinstance(place.value, str):
        place.wrong("a rate is a decimal string")
    else:
        try:
            value = parse_decimal(place.value)
        except ValueError as error:
            place.wrong(str(error))
    if value is not None and not 0 <= value < 1:
        place.wrong("a rate from 0 to below 1 is needed")
    return Fraction(0) if value is None else value


def day(place: Place) -> date:
    """An ISO 8601 date."""
    if isinstance(place.value, str) and _DATE.fullmatch(place.value):
        try:
            return date.fromisoformat(place.value)
        except ValueError:
            pass
    place.wrong("a date such as 2021-06-11 is needed")
    return date.min


def moment(place: Place) -> datetime:
    """An ISO 8601 time with its offset."""
    found = _TIME.fullmatch(place.value) if isinstance(place.value, str) else None
    if found and not found["offset"]:
        place.wrong("a time needs its offset, such as +09:00")
        return _NO_TIME
    if found:
        try:
            return datetime.fromisoformat(found[0])
        except ValueError:
            pass
    place.wrong("a time such as 2021-06-11T10:00:00+09:00 is needed")
    return _NO_TIME


def code(place: Place) -> str:
    """A 全国地方公共団体コード with the right check digit."""
    value = place.value
    if not isinstance(value, str) or not is_six_digits(value):
        place.wrong("a code is a string of six digits")
    elif not is_code(value):
        place.wrong("its check digit is not right")
    return value if isinstance(value, str) else ""
