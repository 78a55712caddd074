"""Lists page by page: a cursor names the last line that was read, so that lines made meanwhile shift nothing."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import quote, urlencode

from procure.api.operation import Query
from procure.errors import Fault, Invalid
from procure.server.visit import Visit

T = TypeVar("T")
USUAL, MOST = 50, 200
LIMIT = Query("limit", f"1ページの件数（1〜{MOST}、既定{USUAL}）", "50", r"^[0-9]{1,3}$")
CURSOR = Query("cursor", "続きの位置（前の応答の next の値）", "UjMtMQ", r"^[0-9A-Za-z_-]{1,200}$")
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


def page_of(visit: Visit, lines: Sequence[T], key: Callable[[T], str]) -> tuple[tuple[T, ...], str | None]:
    """A page of lines that are all at hand, and the address of the next one. Raises Invalid for a line that is gone."""
    last, limit = key_of(visit), limit_of(visit)
    start = 0 if last is None else 1 + _place_of(last, [key(line) for line in lines])
    page = tuple(lines[start : start + limit])
    more = start + limit < len(lines)
    return page, next_address(visit, key(page[-1])) if more and page else None


def next_address(visit: Visit, last: str) -> str:
    kept = [(name, visit.query.text(name)) for name in visit.query.names() if name != "cursor"]
    cursor = base64.urlsafe_b64encode(last.encode()).decode().rstrip("=")
    return f"{quote(visit.path)}?{urlencode([*kept, ('cursor', cursor)])}"


def _place_of(last: str, keys: Sequence[str]) -> int:
    if last not in keys:
        raise _lost()
    return keys.index(last)


def _lost() -> Invalid:
    return Invalid(Fault("cursor", "続きの位置が見つかりません。最初から読み取ってください。"))
