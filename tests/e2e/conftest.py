"""Fixtures for tests in a real browser: the service on a port of its own, and windows that tell what went wrong."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page

from procure.app import create_app
from procure.database import Database
from procure.settings import Settings
from tests.harness.browser import Window, running_chromium
from tests.harness.server import serving
from tests.people import NOW, PASSWORD, PEOPLE, SEALING_KEY, Person, settle_in


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of one file. Not for all of them: while it runs, no test could call asyncio.run()."""
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def origin(sqlite_url: str) -> Iterator[str]:
    """The address of the service, in which it is NOW; its database `sqlite_url` holds the accounts of PEOPLE."""
    with closing(Database(sqlite_url)) as database, database.write() as session:
        settle_in(session, PEOPLE)
    with serving(lambda origin: create_app(settings_at(sqlite_url, origin), now=lambda: NOW)) as origin:
        yield origin


@pytest.fixture
def open_window(chromium: Browser, origin: str) -> Iterator[Callable[..., Window]]:
    """Opens a window for one more person: `open_window(size=PHONE, javascript=False)`. None may report a problem."""
    windows: list[Window] = []

    def opened(**choices: object) -> Window:
        windows.append(Window(chromium, origin, **choices))  # type: ignore[arg-type]
        return windows[-1]

    yield opened
    for window in windows:
        window.close()
    assert [problem for window in windows for problem in window.problems] == []


@pytest.fixture
def page(open_window: Callable[..., Window]) -> Page:
    """A page of a desktop window; paths are enough: `page.goto("/")`."""
    return open_window().page


@pytest.fixture
def page_of(open_window: Callable[..., Window]) -> Callable[..., Page]:
    """A window of somebody who has signed in: `page_of(SECRETARIAT, size=PHONE)`, shown at `wanted`."""

    def signed_in(person: Person, wanted: str = "/", **choices: object) -> Page:
        page = open_window(**choices).page
        page.goto(f"/sign-in?next={wanted}")
        page.get_by_label("ログイン名").fill(person.login)
        page.get_by_label("パスワード").fill(PASSWORD)
        page.get_by_role("button", name="ログイン").click()
        page.wait_for_url(f"**{wanted}")
        return page

    return signed_in


def settings_at(url: str, origin: str) -> Settings:
    return Settings(url, origin, sealing_key=SEALING_KEY)
