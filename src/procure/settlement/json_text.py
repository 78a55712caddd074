"""JSON text read without loss: floats, repeated keys and endless numbers are kept as what they are, to be named."""

import json
from collections import Counter

from procure.settlement.place import Literal, Pairs
from procure.values.money import LONGEST


def read_json(content: str | bytes) -> object:
    """The JSON value. ValueError says in one line why the content is not JSON."""
    try:
        return json.loads(
            _text(content),
            object_pairs_hook=_pairs,
            parse_float=lambda text: Literal(text, "is a float"),
            parse_int=_integer,
            parse_constant=lambda text: Literal(text, "is not a JSON number"),
        )
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise ValueError("not read: it is nested too deeply") from None


def _text(content: str | bytes) -> str:
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8: byte {error.start} cannot be decoded") from None


def _pairs(pairs: list[tuple[str, object]]) -> Pairs:
    found = Pairs(pairs)
    if len(found) != len(pairs):
        counts = Counter(key for key, _ in pairs)
        found.repeated = tuple(key for key, count in counts.items() if count > 1)
    return found


def _integer(text: str) -> object:
    return int(text) if len(text) <= LONGEST else Literal(text, f"has more than {LONGEST} digits")
