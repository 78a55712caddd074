"""What only a real browser can show of the cookie, and of the headers that go with our forms."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page

from procure.app import create_app
from procure.database import Database
from procure.settings import Settings
from tests.harness.browser import running_chromium
from tests.harness.server import serving
from tests.people import NOW, PASSWORD, PEOPLE, SECRETARIAT, settle_in
from tests.server.pages import ROUTES

pytestmark = pytest.mark.browser


async def portal(_scope: Any, _receive: Any, send: Any) -> None:
    """Another site, with a link that the test points at the service."""
    headers = [(b"content-type", b"text/html; charset=utf-8")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": "<a href='/'>調達回を開く</a>".encode()})


async def without_lifespan(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        await portal(scope, receive, send)
        return
    for kind in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{kind}.complete"})


@contextmanager
def signed_in(url: str) -> Iterator[tuple[Page, str]]:
    with closing(Database(url)) as database, database.write() as session:
        settle_in(session, PEOPLE)
    with (
        serving(lambda origin: create_app(Settings(url, origin), now=lambda: NOW, routes=ROUTES)) as origin,
        running_chromium() as browser,
    ):
        page = browser.new_page()
        page.goto(f"{origin}/sign-in?next=/rounds/r8")
        page.get_by_label("ログイン名").fill(SECRETARIAT.login)
        page.get_by_label("パスワード").fill(PASSWORD)
        page.get_by_role("button", name="ログイン").click()
        page.wait_for_url(f"{origin}/rounds/r8")
        yield page, origin


def test_a_signed_in_person_follows_a_link_from_another_site(sqlite_url: str) -> None:
    with signed_in(sqlite_url) as (page, origin), serving(lambda _: without_lifespan) as elsewhere:
        page.goto(elsewhere.replace("127.0.0.1", "localhost"))
        page.locator("a").evaluate("(link, address) => { link.href = address }", f"{origin}/rounds/r8?lot=pc")
        page.locator("a").click()
        page.wait_for_url(f"{origin}/rounds/r8?lot=pc")
        page.get_by_role("heading", name="r8").wait_for()
        assert page.get_by_text(SECRETARIAT.name).first.is_visible()


def test_our_own_form_is_sent_with_our_origin(sqlite_url: str) -> None:
    with signed_in(sqlite_url) as (page, origin):
        with page.expect_request(f"{origin}/sign-out") as sent:
            page.get_by_role("button", name="ログアウト").first.click()
        page.wait_for_url(f"{origin}/sign-in?done=signed_out")
        headers = sent.value.all_headers()
    assert (headers["origin"], headers["sec-fetch-site"]) == (origin, "same-origin")
