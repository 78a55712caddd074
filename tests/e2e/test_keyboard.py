"""A body's whole way with the keyboard alone: after the address was typed in, nothing but keys is sent."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_demand import GRID, begin
from tests.harness.browser import Window, faults
from tests.people import NARA, PASSWORD

pytestmark = pytest.mark.browser

# The clipboard of a spreadsheet, put there as Excel would have put it; the paste itself is the key.
COPIED = "navigator.clipboard.writeText('20\\t1\\r\\n1,200\\t\\r\\n')"


def test_from_the_sign_in_to_the_receipt_and_out_again_with_keys_alone(
    sqlite_url: str, open_window: Callable[..., Window]
) -> None:
    begin(sqlite_url)
    window = open_window()
    window.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = window.page
    page.goto("/sign-in")
    sign_in(page)
    press_on(page, "登録する（令和３年度 共同調達）")
    page.wait_for_url(f"**{GRID}")
    fill_the_grid(page)
    say_no_to_the_printers(page)
    expect(page.locator("[data-saved]")).to_have_text("下書き保存済み　9時00分")
    press_on(page, "確認画面へ進む")
    page.wait_for_url(f"**{GRID}/confirm")
    assert faults(page) == []
    press_on(page, "この内容で登録する")
    page.wait_for_url(f"**{GRID}/receipt?done=demand_submitted")
    expect(page.locator("main")).to_contain_text("R3-1-292010-01")
    expect(page.locator("main")).to_contain_text("令和9年2月")
    assert faults(page) == []
    press_on(page, "ログアウト")
    page.wait_for_url("**done=signed_out")


def sign_in(page: Page) -> None:
    tab_to(page, "[name=login]")
    page.keyboard.type(NARA.login)
    tab_to(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith("/"))


def fill_the_grid(page: Page) -> None:
    """１２ and 2 spares, 3, an empty row, 20 with a spare and 1,200 pasted from a spreadsheet."""
    tab_to(page, "input.box")
    page.keyboard.type("１２")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.type("3")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.evaluate(COPIED)
    page.keyboard.press("Control+V")
    values = [box.input_value() for box in page.locator("input.box").all()[:10]]
    assert values == ["12", "2", "3", "", "", "", "20", "1", "1200", ""]
    expect(page.locator(".sumbar [data-all-quantity]")).to_have_text("1,238")
    expect(page.locator("tbody").first.get_by_label("参加する")).to_be_checked()


def say_no_to_the_printers(page: Page) -> None:
    """The month of delivery of the first lot, in its folded part, and 今回は参加しない of the second."""
    tab_until(page, "document.activeElement.matches('details.more summary')")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("R9.2")
    tab_until(page, "document.activeElement.matches('input[name^=join-]')")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.locator("tbody").nth(1).get_by_label("今回は参加しない")).to_be_checked()


def press_on(page: Page, name: str) -> None:
    """Goes with Tab to what bears the name, and presses Enter there."""
    tab_until(page, f"document.activeElement.textContent.trim() === {name!r}")
    page.keyboard.press("Enter")


def tab_to(page: Page, selector: str) -> None:
    tab_until(page, f"document.activeElement.matches({selector!r})")


def tab_until(page: Page, reached: str) -> None:
    for _ in range(80):
        if page.evaluate(reached):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to where {reached}")
