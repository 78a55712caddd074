"""The kinds of fields that bodies are made of, with their limits; the documentation is generated from them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from procure.errors import Fault, Invalid
from procure.values.money import Yen, amount_from_json, amount_to_json
from procure.values.quantity import MOST_QUANTITY, MOST_YEN

LINES = {"lines": True}  # marks a text that may have several lines

Code = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z._-]+$", examples=["pc"])]
Ref = Annotated[str, Meta(min_length=1, max_length=64, description="案件番号")]
Known = Annotated[str, Meta(min_length=1, max_length=64, description="記号（登録されているもの）")]
BodyCode = Annotated[str, Meta(min_length=6, max_length=6, description="団体コード（6桁）", examples=["292117"])]
Title = Annotated[str, Meta(min_length=1, max_length=200)]
Line = Annotated[str, Meta(max_length=200)]
Text = Annotated[str, Meta(max_length=2000, extra=LINES)]
Reason = Annotated[str, Meta(min_length=1, max_length=1000, description="理由（操作記録に残ります）", extra=LINES)]
Year = Annotated[int, Meta(ge=1900, le=2999, description="年度（西暦）")]
Quantity = Annotated[int, Meta(ge=0, le=MOST_QUANTITY)]
Moment = Annotated[datetime, Meta(tz=True, description="日時（RFC 3339、時差を含む。例：2026-12-11T17:15:00+09:00）")]
Amount = (
    Annotated[int, Meta(ge=0, le=MOST_YEN, description="円")]
    | Annotated[
        str,
        Meta(
            max_length=16,
            pattern=r"^(0|[1-9][0-9]{0,11})(\.[0-9]{1,2})?$",
            description='銭を含む金額の十進表記（例："1234.50"）',
        ),
    ]
)


class Body(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of what is sent."""


class Shown(Struct, frozen=True, kw_only=True):
    """The base of what is answered."""


def yen(amount: int | str | None) -> Yen | None:
    return None if amount is None else amount_from_json(amount)


def amount(value: Yen | None) -> int | str | None:
    """An integer where the amount is whole, otherwise a decimal string; never a float."""
    return None if value is None else amount_to_json(value)


@contextmanager
def faults_named(rename: Callable[[str], str]) -> Iterator[None]:
    """Faults of rules that speak of the fields of a page, by the fields of the body."""
    try:
        yield
    except Invalid as invalid:
        raise Invalid(*(Fault(rename(fault.field), fault.message) for fault in invalid.faults)) from invalid


def shown(kind: Any, row: Any, **more: Any) -> Any:
    """A value with the fields of a row, or of another value, that have the same names, and with `more`."""
    own = {name: getattr(row, name) for name in kind.__struct_fields__ if name not in more}
    return kind(**own, **more)
