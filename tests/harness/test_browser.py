"""The browser notices what it is there to notice: a test of a page that could not fail would be worth nothing."""

from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.harness.browser import Window, accessibility_faults, faults, hidden_focus, overflow, running_chromium
from tests.harness.server import serving

pytestmark = pytest.mark.browser

Message = MutableMapping[str, Any]
PAGE = """<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"><title>見本</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"></head>
<body><main><h1>見本</h1>{body}</main></body></html>"""


class SamplePage:
    """An ASGI application of one page, whose body the test says; `/refused` is answered by 422."""

    def __init__(self) -> None:
        self.body = ""

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        if scope["type"] == "lifespan":
            for _ in range(2):
                await send({"type": (await receive())["type"] + ".complete"})
            return
        headers = [(b"content-type", b"text/html; charset=utf-8")]
        status = 422 if scope["path"] == "/refused" else 200
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": PAGE.format(body=self.body).encode()})


@pytest.fixture(scope="module")
def sample() -> SamplePage:
    return SamplePage()


@pytest.fixture(scope="module")
def origin(sample: SamplePage) -> Iterator[str]:
    with serving(lambda _: sample) as origin:
        yield origin


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def window(chromium: Browser, origin: str) -> Iterator[Window]:
    opened = Window(chromium, origin)
    yield opened
    opened.close()


def show(window: Window, sample: SamplePage, body: str, path: str = "/") -> None:
    sample.body = body
    window.page.goto(path)


def test_a_good_page_has_no_faults(window: Window, sample: SamplePage) -> None:
    show(window, sample, '<p>本文</p><p><label>数量 <input></label> <a href="/">戻る</a></p>')
    assert faults(window.page) == []
    assert window.problems == []


def test_a_console_error_is_noticed(window: Window, sample: SamplePage) -> None:
    show(window, sample, "<script>console.error('壊れた')</script>")
    assert window.problems == ["console: 壊れた"]


def test_an_error_in_a_script_is_noticed(window: Window, sample: SamplePage) -> None:
    show(window, sample, "<script>throw new Error('壊れた')</script>")
    assert window.problems == ["script: 壊れた"]


def test_a_request_to_elsewhere_is_noticed(window: Window, sample: SamplePage) -> None:
    show(window, sample, '<img src="http://127.0.0.2:9999/beacon.png" alt="">')
    assert "left the service: http://127.0.0.2:9999/beacon.png" in window.problems


def test_a_refusal_by_the_service_is_no_problem_of_the_page(window: Window, sample: SamplePage) -> None:
    show(window, sample, "<p>入力内容に誤りがあります。</p>", path="/refused")
    assert window.problems == []


def test_faint_text_is_a_fault(window: Window, sample: SamplePage) -> None:
    show(window, sample, '<p style="color:#aaa;background:#fff">うすい</p>')
    assert [fault.split()[0] for fault in accessibility_faults(window.page)] == ["color-contrast"]


def test_a_page_wider_than_its_window_is_a_fault(window: Window, sample: SamplePage) -> None:
    show(window, sample, '<div style="width:2000px">広い</div>')
    assert overflow(window.page) > 0


def test_a_control_under_a_bar_is_a_fault(window: Window, sample: SamplePage) -> None:
    bar = '<div style="position:fixed;top:0;left:0;right:0;height:300px;background:#fff"></div>'
    show(window, sample, f"{bar}<label>数量 <input></label>")
    assert hidden_focus(window.page) == ["<input>"]


def test_people_in_two_windows_share_no_cookie(chromium: Browser, origin: str) -> None:
    first, second = Window(chromium, origin), Window(chromium, origin)
    first.page.goto("/")
    second.page.goto("/")
    first.page.evaluate("document.cookie = 'seen=1'")
    assert second.page.evaluate("document.cookie") == ""
    first.close()
    second.close()
