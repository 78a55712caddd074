"""Every page says who may see it; health and static files; the start of the service."""

import json
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from litestar import Request
from litestar import get as framework_get
from litestar.handlers import HTTPRouteHandler

from procure.accounts.roles import Permission, Role, allows
from procure.api import ROUTES as API_ROUTES
from procure.app import RouteWithoutPermission, create_app, page_handlers
from procure.database import Database
from procure.rounds.rules import NO_LOTS, NO_ROUNDS
from procure.server import Goto
from procure.server.answers import is_own_path
from procure.server.assets import Assets
from procure.settings import Settings
from procure.web import MENU, ROUTES
from tests.people import AUDITOR, KATSURAGI, SECRETARIAT, STRANGER, Person, Service, service

PEOPLE_BY_ROLE = {Role.SECRETARIAT: SECRETARIAT, Role.MUNICIPALITY: KATSURAGI, Role.AUDITOR: AUDITOR}


def handlers_of(council: Service) -> list[HTTPRouteHandler]:
    return page_handlers(council.instance.addresses)


def address(path: str) -> str:
    """A path with something in the place of its parameters."""
    return "/".join("x" if part.startswith("{") else part for part in path.split("/"))


def visits(council: Service, permission_holds: bool, person: Person | None) -> dict[str, int]:
    """The status of each page that the person may, or may not, open; of forms too, sent without their token."""
    found = {}
    browser = council.browser(person)
    for handler in handlers_of(council):
        permission = handler.opt["permission"]
        holds = permission is Permission.PUBLIC or (person is not None and allows(person.role, permission))
        if holds == permission_holds and permission is not Permission.PUBLIC:
            (path,) = handler.paths
            (method,) = handler.http_methods
            found[f"{method} {path}"] = browser.client.request(method, address(path)).status_code
    return found


def test_every_page_of_the_service_declares_its_permission(sqlite_url: str) -> None:
    with service(sqlite_url) as council:
        permissions = [handler.opt["permission"] for handler in handlers_of(council)]
    assert permissions
    assert all(isinstance(permission, Permission) for permission in permissions)


def test_no_page_stands_where_a_round_or_a_lot_may_stand() -> None:
    addresses = [path.split("/") for handler in (*ROUTES, *API_ROUTES) for path in handler.paths]
    for name, refused in (("{ref:str}", NO_ROUNDS), ("{lot:str}", NO_LOTS)):
        before = [address[: address.index(name)] for address in addresses if name in address]
        beside = {part for path in before for *head, part in _begun(addresses) if head == path}
        assert {part for part in beside if not part.startswith("{")} == refused


def _begun(addresses: Sequence[list[str]]) -> list[list[str]]:
    return [address[:length] for address in addresses for length in range(1, len(address) + 1)]


def test_only_these_pages_are_open_to_strangers(sqlite_url: str) -> None:
    with service(sqlite_url) as council:
        public = {
            (path, method)
            for handler in handlers_of(council)
            if handler.opt["permission"] is Permission.PUBLIC
            for path in handler.paths
            for method in handler.http_methods
        }
    assert public <= {
        ("/", "GET"),
        ("/health", "GET"),
        ("/static/{path:path}", "GET"),
        ("/sign-in", "GET"),
        ("/sign-in", "POST"),
        ("/published", "GET"),
        ("/published/{ref:str}", "GET"),
        ("/published/{ref:str}/{name:str}", "GET"),
        ("/published/{ref:str}/documents/{name:str}", "GET"),
        ("/published/items/{key:str}", "GET"),
        ("/published/suppliers/{key:str}", "GET"),
        ("/published/bodies/{code:str}", "GET"),
        ("/published/releases.json", "GET"),
        ("/published/records.json", "GET"),
        ("/published/notices.json", "GET"),
        ("/published/awards.csv", "GET"),
        ("/open-data", "GET"),
    }


def test_every_other_page_sends_a_stranger_to_sign_in(sqlite_url: str) -> None:
    with service(sqlite_url) as council:
        assert set(visits(council, False, STRANGER).values()) == {303}


@pytest.mark.parametrize("role", Role)
def test_every_page_refuses_a_role_that_may_not(sqlite_url: str, role: Role) -> None:
    with service(sqlite_url) as council:
        assert set(visits(council, False, PEOPLE_BY_ROLE[role]).values()) <= {403}


def test_the_service_does_not_start_with_a_page_for_whoever(sqlite_url: str) -> None:
    @framework_get("/open")
    async def forgotten() -> str:
        return ""

    with pytest.raises(RouteWithoutPermission, match="forgotten"):
        started(sqlite_url, [forgotten])


def test_a_permission_by_name_is_not_a_permission(sqlite_url: str) -> None:
    @framework_get("/open", opt={"permission": "PUBLIC"})
    async def misspelt(request: Request[Any, Any, Any]) -> str:
        return request.url.path

    with pytest.raises(RouteWithoutPermission):
        started(sqlite_url, [misspelt])


def started(url: str, routes: Sequence[HTTPRouteHandler]) -> None:
    database = Database(url)
    try:
        create_app(Settings(), database, routes=routes)
    finally:
        database.close()


@pytest.mark.parametrize("role", Role)
def test_whoever_sees_an_entry_of_the_menu_may_open_its_page(sqlite_url: str, role: Role) -> None:
    with service(sqlite_url) as council:
        pages = [handler for handler in handlers_of(council) if handler.http_methods == {"GET"}]
    permissions = {path: handler.opt["permission"] for handler in pages for path in handler.paths}
    seen = [entry.href for entry in MENU if allows(role, entry.permission)]
    assert seen
    assert [href for href in seen if not allows(role, permissions[href])] == []


# ---- health ----------------------------------------------------------------------------------------


def test_health_says_that_acknowledged_writes_are_safe(sqlite_url: str) -> None:
    with service(sqlite_url) as council:
        answer = council.browser(STRANGER).get("/health")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "database": "reached",
        "kind": "sqlite",
        "journal_mode": "wal",
        "synchronous": "full",
    }


@pytest.mark.postgresql
def test_health_names_the_server_of_the_database(postgresql_url: str) -> None:
    with service(postgresql_url) as council:
        answer = council.browser(STRANGER).get("/health").json()
    assert (answer["status"], answer["kind"]) == ("ok", "postgresql")
    assert answer["version"]


def test_health_does_not_wait_for_pages(sqlite_url: str) -> None:
    released = Event()
    with service(sqlite_url) as council, ExitStack() as open_pages:
        many = council.database.connections
        for _ in range(many):
            open_pages.enter_context(council.database.read()).connection()
        pages = [council.instance.platform.threads.submit(released.wait, 10) for _ in range(many + 1)]
        answer = council.browser(STRANGER).get("/health")
        waited = [page.done() for page in pages]
        released.set()
    assert answer.status_code == 200
    assert not any(waited)


def test_health_fails_when_the_database_is_gone(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with service(sqlite_url) as council:
        file = Path(sqlite_url.removeprefix("sqlite:///"))
        council.database.close()
        gone = file.rename(file.with_suffix(".gone"))
        for rest in file.parent.glob(f"{file.name}-*"):
            rest.unlink()
        file.mkdir()
        answer = council.browser(STRANGER).get("/health")
        file.rmdir()
        gone.rename(file)
    assert (answer.status_code, answer.json()["status"]) == (503, "failing")
    assert json.loads(capsys.readouterr().err.splitlines()[0])["what"] == "the database is not reached"


# ---- static files ----------------------------------------------------------------------------------


def test_a_versioned_file_is_kept_for_a_year(sqlite_url: str) -> None:
    with service(sqlite_url) as council:
        answer = council.browser(STRANGER).get(Assets().url("css/tokens.css"))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("query", ["", "?v=", "?v=0000000000"])
def test_a_file_without_its_version_is_asked_for_again(sqlite_url: str, query: str) -> None:
    with service(sqlite_url) as council:
        answer = council.browser(STRANGER).get(f"/static/css/tokens.css{query}")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")


def test_the_address_of_a_file_changes_with_its_content(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a {}")
    before = Assets(tmp_path).url("a.css")
    (tmp_path / "a.css").write_text("b {}")
    assert Assets(tmp_path).url("a.css") != before


def test_a_template_cannot_name_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        Assets(tmp_path).url("missing.css")


# ---- where a page may lead -------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/rounds/r8?lot=pc#items", "/rounds/令和8年度"])
def test_a_page_may_lead_to_a_path_of_ours(path: str) -> None:
    assert is_own_path(path)


@pytest.mark.parametrize("path", ["", "rounds", "//evil", "/\\evil", "https://evil", "/a\r\nb", "/a b", "/a\\b"])
def test_a_page_may_lead_nowhere_else(path: str) -> None:
    with pytest.raises(ValueError, match="not a path"):
        Goto(path)
