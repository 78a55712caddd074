"""A municipality registers its demand, as a person does it: with the keyboard, with mistakes, without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from procure.database import Database
from tests.harness.browser import PHONE, faults
from tests.people import KATSURAGI, NARA, NOW
from tests.stages import surveying

pytestmark = pytest.mark.browser

PageOf = Callable[..., Page]
GRID = "/demand/R3-1"


def test_a_municipality_registers_its_demand_with_the_keyboard_alone(sqlite_url: str, page_of: PageOf) -> None:
    begin(sqlite_url)
    page = page_of(NARA)
    press_on(page, "登録する（令和３年度 共同調達）")
    page.wait_for_url(f"**{GRID}")
    tab_to(page, "input.box")
    for typed in ("１２", "3", "", "40"):
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.type("41")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".sumbar [data-all-quantity]")).to_have_text("56")
    expect(page.locator(".sumbar [data-all-amount]")).to_have_text("4,832,800")
    expect(page.locator("[data-saved]")).to_have_text("保存していない変更があります")
    press_on(page, "確認画面へ進む")
    page.wait_for_url(f"**{GRID}/confirm")
    assert faults(page) == []
    press_on(page, "この内容で登録する")
    page.wait_for_url(f"**{GRID}/receipt?done=demand_submitted")
    expect(page.locator("main")).to_contain_text("R3-1-292010-01")
    expect(page.get_by_role("button", name="控えを印刷する")).to_be_visible()
    assert faults(page) == []


def test_mistakes_take_the_focus_and_are_mended_from_the_list_of_them(sqlite_url: str, page_of: PageOf) -> None:
    begin(sqlite_url)
    page = page_of(NARA, GRID)
    boxes = page.locator("input.box")
    boxes.nth(1).fill("１２台くらい")
    boxes.nth(2).fill("5")
    with page.expect_navigation():
        page.get_by_role("button", name="確認画面へ進む").click()
    assert page.title().startswith("エラー：")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    assert faults(page) == []
    page.get_by_role("link", name="ノートパソコン（モバイル型）").click()
    expect(boxes.nth(1)).to_be_focused()
    expect(boxes.nth(1)).to_have_value("１２台くらい")
    expect(boxes.nth(2)).to_have_value("5")
    boxes.nth(1).fill("12")
    page.get_by_role("button", name="確認画面へ進む").click()
    page.wait_for_url(f"**{GRID}/confirm")


def test_a_column_copied_from_excel_fills_the_grid_downwards(sqlite_url: str, page_of: PageOf) -> None:
    begin(sqlite_url)
    page = page_of(NARA, GRID)
    page.locator("input.box").nth(1).evaluate(
        """box => {
          const copied = new DataTransfer();
          copied.setData("text/plain", "１０\\r\\n1,200\\r\\n3\\r\\n");
          box.dispatchEvent(new ClipboardEvent("paste", {clipboardData: copied, bubbles: true, cancelable: true}));
        }"""
    )
    values = [page.locator("input.box").nth(place).input_value() for place in range(5)]
    assert values == ["", "10", "1200", "3", ""]


@pytest.mark.parametrize("size", [PHONE, (1366, 768)])
def test_without_javascript_everything_works_and_the_server_does_the_sums(
    sqlite_url: str, page_of: PageOf, size: tuple[int, int]
) -> None:
    begin(sqlite_url)
    page = page_of(NARA, GRID, size=size, javascript=False)
    page.locator("input.box").nth(0).fill("１２")
    page.get_by_role("button", name="下書き保存").click()
    expect(page.locator(".sumbar [data-all-quantity]")).to_have_text("12")
    expect(page.locator(".sumbar [data-all-amount]")).to_have_text("2,376,000")
    page.get_by_role("button", name="確認画面へ進む").click()
    page.get_by_role("button", name="この内容で登録する").click()
    expect(page.locator("main")).to_contain_text("R3-1-292010-01")


def test_two_people_of_one_body_see_what_the_other_saved(sqlite_url: str, page_of: PageOf) -> None:
    begin(sqlite_url)
    first, second = page_of(NARA, GRID), page_of(NARA, GRID)
    for page, typed in ((first, "5"), (second, "8")):
        page.locator("input.box").nth(0).fill(typed)
        with page.expect_navigation():
            page.get_by_role("button", name="下書き保存").click()
    expect(second.locator(".notice")).to_contain_text("別の方")
    expect(second.locator("input.box").nth(0)).to_have_value("8")
    assert faults(second) == []


@pytest.mark.parametrize("path", ["/", "/demand", GRID, "/results", "/published"])
def test_the_pages_of_a_municipality_are_sound_at_every_size(sqlite_url: str, page_of: PageOf, path: str) -> None:
    begin(sqlite_url)
    assert faults(page_of(KATSURAGI, path)) == []


def begin(url: str) -> None:
    """The survey of the Reiwa 3 round is open."""
    database = Database(url)
    with database.write() as session:
        surveying(session, NOW)
    database.close()


def press_on(page: Page, name: str) -> None:
    """Goes with Tab to what bears the name, and presses Enter there."""
    _tab_until(page, f"document.activeElement.textContent.trim() === {name!r}")
    page.keyboard.press("Enter")


def tab_to(page: Page, selector: str) -> None:
    _tab_until(page, f"document.activeElement.matches({selector!r})")


def _tab_until(page: Page, reached: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(reached):
            return
    raise AssertionError(f"Tab never came to where {reached}")
