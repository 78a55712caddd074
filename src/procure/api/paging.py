"""Lists page by page: a cursor says where the last line stood that was read, whatever has become of it since."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import quote, urlencode

from procure.api.operation import Query
from procure.errors import Fault, Invalid
from procure.rounds.tables import RoundRow
from procure.server.visit import Visit

T = TypeVar("T")
Place = tuple[int | str, ...]  # what a list is ordered by; the last part tells every two lines apart
USUAL, MOST = 50, 200
LIMIT = Query("limit", f"1ページの件数（1〜{MOST}、既定{USUAL}）", "50", r"^[0-9]{1,3}$")
CURSOR = Query("cursor", "続きの位置（前の応答の next の値）", "WyIyOTIwMTAiXQ", r"^[0-9A-Za-z_-]{1,1200}$")
PAGING = (LIMIT, CURSOR)


def limit_of(visit: Visit) -> int:
    """Raises Invalid."""
    text = visit.query.text("limit")
    limit = int(text) if text else USUAL
    if not 1 <= limit <= MOST:
        raise Invalid(Fault("limit", f"1から{MOST}までの数を指定してください。"))
    return limit


def key_of(visit: Visit) -> str | None:
    """The key of the last line that was read; None: from the start. Raises Invalid."""
    text = visit.query.text("cursor")
    if not text:
        return None
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise _lost() from None


def page_of(visit: Visit, lines: Sequence[T], place: Callable[[T], Place]) -> tuple[tuple[T, ...], str | None]:
    """A page of lines that are all at hand, in the order of their places, and the address of the next one.

    Raises Invalid.
    """
    key, limit = key_of(visit), limit_of(visit)
    ordered = sorted(lines, key=place)
    if key is not None:
        ordered = _after(key, ordered, place)
    page = tuple(ordered[:limit])
    more = len(ordered) > limit
    return page, next_address(visit, json.dumps(place(page[-1]), ensure_ascii=False)) if more else None


def place_of_round(row: RoundRow) -> Place:
    """The newest first."""
    return (-row.fiscal_year, -row.bid_date.toordinal(), row.ref)


def next_address(visit: Visit, last: str) -> str:
    kept = [(name, visit.query.text(name)) for name in visit.query.names() if name != "cursor"]
    cursor = base64.urlsafe_b64encode(last.encode()).decode().rstrip("=")
    return f"{quote(visit.path)}?{urlencode([*kept, ('cursor', cursor)])}"


def _after(key: str, ordered: list[T], place: Callable[[T], Place]) -> list[T]:
    last = _place_in(key)
    if ordered and [type(part) for part in last] != [type(part) for part in place(ordered[0])]:
        raise _lost()
    return [line for line in ordered if place(line) > last]


def _place_in(key: str) -> Place:
    try:
        return tuple(json.loads(key))
    except (ValueError, TypeError, RecursionError):
        raise _lost() from None


def _lost() -> Invalid:
    return Invalid(Fault("cursor", "続きの位置が読み取れません。最初から読み取ってください。"))
