"""Fixtures for tests in a real browser: the service on a port of its own, and windows that tell what went wrong."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from procure.app import create_app
from procure.settings import Settings
from tests.harness.browser import Window, running_chromium
from tests.harness.server import serving


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of one file. Not for all of them: while it runs, no test could call asyncio.run()."""
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def origin(sqlite_url: str) -> Iterator[str]:
    """The address of the service, running on the migrated and empty database `sqlite_url`."""
    with serving(lambda origin: create_app(Settings(database_url=sqlite_url, public_url=origin))) as origin:
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
