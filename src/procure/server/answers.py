"""What a handler answers: a page, the way to another page, a file, or a bare text."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from procure.server.done import Done

# A browser reads "//host" and "/\host" as another host.
OWN_PATH = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")


@dataclass(frozen=True, slots=True)
class Page:
    """A template and its finished values. A status from 400 on undoes the transaction, unless `keep`."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Goto:
    """See other (303): a path of our own, with what was done, said there once."""

    path: str
    done: Done | None = None
    headers: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not is_own_path(self.path):
            raise ValueError(f"{self.path!r} is not a path of this service")

    @property
    def location(self) -> str:
        if self.done is None:
            return self.path
        page, mark, fragment = self.path.partition("#")
        return f"{page}{'&' if '?' in page else '?'}done={self.done.name}{mark}{fragment}"


@dataclass(frozen=True, slots=True)
class Download:
    """A file to save. Slow content (PDF) is a function: it runs after the transaction.

    What `is_for_everybody` may be kept by whoever carries it, and is asked for again by its tag.
    """

    content: bytes | Callable[[], bytes]
    filename: str
    media_type: str
    is_for_everybody: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    content: str
    media_type: str = "text/plain; charset=utf-8"
    status: int = 200


@dataclass(frozen=True, slots=True)
class Json:
    value: Any
    status: int = 200


@dataclass(frozen=True, slots=True)
class Encoded:
    """Content that is ready to send, with its headers, as programs get it."""

    content: bytes
    media_type: str
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


Answer = Page | Goto | Download | Text | Json | Encoded


def is_own_path(path: str) -> bool:
    return OWN_PATH.fullmatch(path) is not None


def is_kept(answer: Answer) -> bool:
    """Whether the transaction behind it is committed."""
    match answer:
        case Goto() | Download():
            return True
        case Page():
            return answer.status < 400 or answer.keep
        case Text() | Json() | Encoded():
            return answer.status < 400
