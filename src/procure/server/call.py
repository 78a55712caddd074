"""What came in over the wire, as a value that the worker threads read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from litestar import Request

from procure.server.answers import is_own_path
from procure.server.cookies import token_in


@dataclass(frozen=True, slots=True)
class Call:
    """`token` is the sign-in's, if the browser sent one; `address` the client's network address."""

    method: str
    path: str
    query: bytes
    params: Mapping[str, str]
    headers: Mapping[str, str]
    address: str
    token: str | None = field(repr=False)
    body: bytes = field(repr=False, default=b"")

    @property
    def target(self) -> str:
        query = self.query.decode("latin-1")
        return f"{self.path}?{query}" if query else self.path

    @property
    def follows_foreign_link(self) -> bool:
        """The browser opens the page because of a link somewhere else, and so keeps our cookie back."""
        foreign = self.headers.get("sec-fetch-site") in ("cross-site", "same-site")
        return self.method == "GET" and foreign and self.headers.get("sec-fetch-mode") == "navigate"

    @property
    def referer_path(self) -> str:
        """The page of ours that the visitor came from, or the home page."""
        try:
            parts = urlsplit(self.headers.get("referer", ""))
        except ValueError:
            return "/"
        came_from = f"{parts.path}?{parts.query}" if parts.query else parts.path
        ours = parts.netloc.lower() == self.headers.get("host", "").lower()
        return came_from if ours and is_own_path(came_from) else "/"


def call_of(request: Request[Any, Any, Any], is_tls: bool) -> Call:
    scope = request.scope
    pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    return Call(
        method=scope["method"],
        path=scope["path"],
        query=scope["query_string"],
        params={name: str(value) for name, value in scope.get("path_params", {}).items()},
        headers=dict(pairs),
        address=request.client.host if request.client else "",
        token=token_in([value for name, value in pairs if name == "cookie"], is_tls),
    )
