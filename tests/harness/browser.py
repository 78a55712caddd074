"""A real Chromium that notices what a person would not: console errors, requests to elsewhere, WCAG faults."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from tests.harness.programs import chromium

DESKTOP, PHONE, ZOOMED = (1366, 768), (390, 844), (320, 256)  # the last is 400 % zoom on a desktop
SIZES = (DESKTOP, PHONE, ZOOMED)
CHROMIUM_OPTIONS = (
    "--no-sandbox",  # it cannot be had as root, and the pages are ours
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
HIDDEN_FOCUS = """() => {
  const focusable = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
  const shown = element => !element.disabled && element.checkVisibility({visibilityProperty: true});
  return [...document.querySelectorAll(focusable)].filter(shown).filter(element => {
    element.focus();
    const box = element.getClientRects()[0];
    const top = document.elementFromPoint(box.x + Math.min(box.width, innerWidth) / 2, box.y + box.height / 2);
    return !top || !(element.contains(top) || top.contains(element) || top.closest('label')?.control === element);
  }).map(element => element.outerHTML.slice(0, 120));
}"""


@contextmanager
def running_chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_OPTIONS)
        try:
            yield browser
        finally:
            browser.close()


class Window:
    """One person's browser: cookies of its own, and a list of every problem seen on any of its pages."""

    def __init__(self, browser: Browser, origin: str, size: tuple[int, int] = DESKTOP, javascript: bool = True) -> None:
        self.origin = origin
        self.problems: list[str] = []
        self.context = self._context(browser, size, javascript)
        self.page = self.context.new_page()

    def _context(self, browser: Browser, size: tuple[int, int], javascript: bool) -> BrowserContext:
        width, height = size
        context = browser.new_context(
            base_url=self.origin,
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            locale="ja-JP",
            timezone_id="Asia/Tokyo",
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        context.on("console", self._hear_console)
        context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))
        context.on("request", self._watch_request)
        return context

    def _hear_console(self, message: ConsoleMessage) -> None:
        # Chromium calls every refusal an error. Whether 4xx was right is for the test to say.
        refused = message.text.startswith("Failed to load resource: the server responded with a status of 4")
        if message.type in ("error", "warning") and not refused:
            self.problems.append(f"console: {message.text}")

    def _watch_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and f"{address.scheme}://{address.netloc}" != self.origin:
            self.problems.append(f"left the service: {request.url}")

    def close(self) -> None:
        self.context.close()


def accessibility_faults(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA and its best practices, one line for each element."""
    page.evaluate(AXE)  # evaluate() is not subject to the page's content security policy, a script tag is
    result = page.evaluate("tags => axe.run(document, {runOnly: tags})", list(WCAG))
    return [
        f"{fault['id']} ({fault['impact']}): {node['html'][:120]}"
        for fault in result["violations"]
        for node in fault["nodes"]
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window: 0 on a page that need not be scrolled sideways."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


def hidden_focus(page: Page) -> list[str]:
    """The controls that, having the focus, lie under something else, such as a bar that sticks to the window's edge."""
    found: list[str] = page.evaluate(HIDDEN_FOCUS)
    return found


def faults(page: Page) -> list[str]:
    """Everything wrong with the page at each of the sizes; the window keeps its size afterwards."""
    before = page.viewport_size
    found = [f"{width}×{height}: {fault}" for width, height in SIZES for fault in _faults_at(page, width, height)]
    if before:
        page.set_viewport_size(before)
    return found


def _faults_at(page: Page, width: int, height: int) -> list[str]:
    page.set_viewport_size({"width": width, "height": height})
    wide = [f"{extra} px too wide"] if (extra := overflow(page)) > 0 else []
    return [*accessibility_faults(page), *wide, *(f"hidden when focused: {control}" for control in hidden_focus(page))]
