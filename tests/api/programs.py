"""Programs for tests: the service with its API, and a program with the token of a person."""

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from httpx import Response
from litestar.testing import TestClient

from procure.accounts.queries import account_of
from procure.accounts.scopes import Scope, scopes_for
from procure.accounts.tokens import make_token
from procure.api import ROUTES as API_ROUTES
from procure.database import Database
from procure.web import ROUTES
from tests.people import NOW, Person, Service, service
from tests.web.rounds_at import Builder

ADDRESS = "/api/v1"


class Program:
    """Sends the token of a person; without a person it sends none."""

    def __init__(self, town: Service, person: Person | None = None, scopes: Collection[Scope] | None = None) -> None:
        self.client = TestClient(town.app, base_url=town.settings.public_url)
        self.client.follow_redirects = False
        self.token = token_of(town, person, scopes) if person else None

    def get(self, path: str, **headers: str) -> Response:
        return self.client.get(ADDRESS + path, headers=self._headers(headers))

    def send(self, method: str, path: str, body: object = None, *, seen: str | None = None, **headers: str) -> Response:
        """`seen` is the address whose tag goes along as If-Match. A body of bytes is sent as it is."""
        if seen is not None:
            headers["if_match"] = self.tag(seen)
        content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        sent = {"content_type": "application/json", **headers}
        return self.client.request(method, ADDRESS + path, content=content, headers=self._headers(sent))

    def tag(self, path: str) -> str:
        tag: str = self.get(path).headers["etag"]
        return tag

    def _headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        own = {"authorization": f"Bearer {self.token}"} if self.token else {}
        return {**own, **{name.replace("_", "-"): value for name, value in headers.items()}}


def token_of(town: Service, person: Person, scopes: Collection[Scope] | None = None) -> str:
    """A new token of a person: with every scope that its role can give, unless some are named."""
    with town.database.write() as session:
        account = account_of(session, person.login)
        assert account is not None
        wanted = scopes_for(account.role) if scopes is None else scopes
        over = town.now + timedelta(days=90)
        return make_token(session, town.now, account.id, account.role, "試験", wanted, over)[1]


@contextmanager
def council(url: str, build: Builder) -> Iterator[Service]:
    """The service, API included, with the Reiwa 3 round as a builder of tests/stages.py leaves it."""
    database = Database(url)
    with database.write() as session:
        build(session, NOW)
    database.close()
    with service(url, routes=(*ROUTES, *API_ROUTES)) as town:
        yield town


def problem(response: Response) -> tuple[int, str]:
    """The status and the kind of a problem."""
    assert response.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = response.json()
    assert told["status"] == response.status_code
    return response.status_code, str(told["type"]).partition("#")[2]


def faults(response: Response) -> list[str]:
    return [fault["field"] for fault in response.json()["faults"]]
