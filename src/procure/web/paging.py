"""A long list, page by page, by an address that keeps what was asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from procure.server import Fields

AT_ONCE = 20
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Paged(Generic[T]):
    """The part of a list that is shown. `before` and `after` are addresses, None at either end."""

    items: tuple[T, ...]
    total: int
    page: int
    pages: int
    before: str | None
    after: str | None


def paged(items: Sequence[T], query: Fields, path: str, keep: Sequence[str] = (), at_once: int = AT_ONCE) -> Paged[T]:
    """The page that was asked for, or the nearest there is; `keep` are the fields of the query that stay."""
    pages = max(1, -(-len(items) // at_once))
    page = min(max(1, _asked(query)), pages)
    kept = [(name, query.text(name)) for name in keep if query.text(name)]
    return Paged(
        items=tuple(items[(page - 1) * at_once : page * at_once]),
        total=len(items),
        page=page,
        pages=pages,
        before=_address(path, kept, page - 1) if page > 1 else None,
        after=_address(path, kept, page + 1) if page < pages else None,
    )


def _asked(query: Fields) -> int:
    typed = query.text("page")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 1


def _address(path: str, kept: Sequence[tuple[str, str]], page: int) -> str:
    fields = [*kept, *([("page", str(page))] if page > 1 else [])]
    return f"{path}?{urlencode(fields)}" if fields else path
