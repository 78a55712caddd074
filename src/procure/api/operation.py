"""An operation of the API: its handler and everything that the documentation and the tests have to know of it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import msgspec
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from procure.accounts.roles import Permission
from procure.accounts.scopes import Scope
from procure.api import replays
from procure.api.decoding import decode
from procure.api.entrance import JSON, Programs
from procure.api.versions import require_named, tag_of
from procure.errors import Fault, refuse
from procure.server.answers import Answer, Download, Encoded
from procure.server.programs import ADDRESS
from procure.server.route import Route
from procure.server.routing import registered
from procure.server.visit import Visit

BODY_LIMIT = 1024 * 1024  # bytes
SMALL = 64 * 1024


@dataclass(frozen=True, slots=True)
class Query:
    """What may stand after the question mark."""

    name: str
    text: str
    example: str
    pattern: str = "^.{1,200}$"


@dataclass(frozen=True, slots=True)
class Sent:
    """What an operation answers. `next` is the query of the page that follows; `location` what was made."""

    value: Struct | Mapping[str, Any]
    version: str | int | None = None
    location: str | None = None
    next: str | None = None


Handler = Callable[..., Sent | Download]


@dataclass(frozen=True, slots=True)
class Operation:
    """`matches`: it changes what there is, and asks for If-Match. `waits`: it reads what is not there at every stage.

    `files` are the media types of what it hands out, `takes` is that of its body. A `raw_body` is read by the handler.
    """

    method: str
    path: str
    permission: Permission
    scope: Scope | None
    summary: str
    tag: str
    handler: Handler
    body: type[Any] | None = None
    answer: Any = None
    status: int = 200
    query: tuple[Query, ...] = ()
    matches: bool = False
    waits: bool = False
    files: tuple[str, ...] = ()
    example: Any = None
    body_limit: int = SMALL
    raw_body: bool = False
    takes: str = JSON

    @property
    def id(self) -> str:
        return self.handler.__name__.rstrip("_")

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    @property
    def parameters(self) -> list[str]:
        """The names in the path."""
        return re.findall(r"\{(\w+)\}", self.path)

    def handled(self, visit: Visit, **params: str) -> Answer:
        key = replays.key_of(visit) if self.writes else None
        if key is None:
            return self._answered(visit, params)
        kept = replays.kept_reply(visit, key, self.method)
        if kept is not None:
            return kept
        answer = self._answered(visit, params)
        if isinstance(answer, Encoded):
            replays.keep_reply(visit, key, self.method, answer)
        return answer

    def _answered(self, visit: Visit, params: Mapping[str, str]) -> Encoded | Download:
        refuse(self._query_faults(visit))
        if self.matches:
            require_named(visit)
        if self.body is not None:
            body = visit.body if self.raw_body else decode(self.body, visit.body)
            answer = self.handler(visit, **params, body=body)
        else:
            answer = self.handler(visit, **params)
        return answer if isinstance(answer, Download) else self._encoded(answer)

    def _query_faults(self, visit: Visit) -> list[Fault]:
        known = {one.name: one for one in self.query}
        faults = []
        for name in visit.query.names():
            if name not in known:
                faults.append(Fault(name, "この条件は指定できません。名前を確かめてください。"))
            elif not re.fullmatch(known[name].pattern, visit.query.text(name)):
                faults.append(Fault(name, f"この条件は「{known[name].example}」のように指定してください。"))
        return faults

    def _encoded(self, answer: Sent) -> Encoded:
        content = msgspec.json.encode(answer.value)
        headers = [("etag", tag_of(content, None if answer.version is None else str(answer.version)))]
        if answer.location is not None:
            headers.append(("location", ADDRESS + quote(answer.location)))
        if answer.next is not None:
            headers.append(("link", f'<{answer.next}>; rel="next"'))
        return Encoded(content, JSON, self.status, tuple(headers))

    def registered(self) -> HTTPRouteHandler:
        route = Route(_named(self), self.permission, Programs(self.scope, self.takes), writes=self.writes)
        return registered(self.method, f"{ADDRESS}{self.path}", route, self.body_limit)


def operation(
    method: str, path: str, permission: Permission, scope: Scope | None, summary: str, *, tag: str, **rest: Any
) -> Callable[[Handler], Operation]:
    """`summary` is Japanese, as the documentation says it; `tag` groups operations there."""

    def decorate(handler: Handler) -> Operation:
        return Operation(method, path, permission, scope, summary, tag, handler, **rest)

    return decorate


def _named(operation: Operation) -> Callable[..., Answer]:
    def call(visit: Visit, **params: str) -> Answer:
        return operation.handled(visit, **params)

    call.__name__, call.__doc__ = operation.id, operation.summary
    return call
