"""JSON with exact numbers: an amount is a number with the decimals it has, and never passes through a float."""

import json
from decimal import Decimal

from procure.values.money import Yen, format_decimal


def json_bytes(value: object) -> bytes:
    return f"{_written(value)}\n".encode()


def number(amount: Yen) -> int | Decimal:
    """An amount as a JSON number. Prices end after at most two decimals."""
    return amount if isinstance(amount, int) else Decimal(format_decimal(amount))


def without_nothing(value: dict[str, object]) -> dict[str, object]:
    """Without what is not known: in the data a field that is absent says so, and null would delete."""
    return {name: part for name, part in value.items() if part not in (None, "", [], {})}


def _written(value: object) -> str:
    match value:
        case dict():
            return f"{{{','.join(f'{json.dumps(str(name))}:{_written(part)}' for name, part in value.items())}}}"
        case list():
            return f"[{','.join(map(_written, value))}]"
        case Decimal():
            return format(value, "f")
        case _:
            return json.dumps(value, ensure_ascii=False)
