"""A municipality registers its demand, as people do it: with mistakes, two at once, without JavaScript."""

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


def test_mistakes_take_the_focus_and_are_mended_from_the_list_of_them(sqlite_url: str, page_of: PageOf) -> None:
    begin(sqlite_url)
    page = page_of(NARA, GRID)
    boxes = page.locator("input.box")
    boxes.nth(2).fill("１２台くらい")
    boxes.nth(4).fill("5")
    page.get_by_role("group", name="プリンタ").get_by_label("今回は参加しない").check()
    with page.expect_navigation():
        page.get_by_role("button", name="確認画面へ進む").click()
    assert page.title().startswith("エラー：")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    assert faults(page) == []
    page.get_by_role("link", name="ノートパソコン（モバイル型）").click()
    expect(boxes.nth(2)).to_be_focused()
    expect(boxes.nth(2)).to_have_value("１２台くらい")
    expect(boxes.nth(4)).to_have_value("5")
    boxes.nth(2).fill("12")
    page.get_by_role("button", name="確認画面へ進む").click()
    page.wait_for_url(f"**{GRID}/confirm")


def test_a_column_copied_from_excel_fills_the_grid_downwards(sqlite_url: str, page_of: PageOf) -> None:
    begin(sqlite_url)
    page = page_of(NARA, GRID)
    page.locator("input.box").nth(2).evaluate(
        """box => {
          const copied = new DataTransfer();
          copied.setData("text/plain", "１０\\r\\n1,200\\r\\n3\\r\\n");
          box.dispatchEvent(new ClipboardEvent("paste", {clipboardData: copied, bubbles: true, cancelable: true}));
        }"""
    )
    values = [page.locator("input.box").nth(place).input_value() for place in range(0, 10, 2)]
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
    page.get_by_role("group", name="プリンタ").get_by_label("今回は参加しない").check()
    page.get_by_role("button", name="確認画面へ進む").click()
    page.get_by_role("button", name="この内容で登録する").click()
    expect(page.locator("main")).to_contain_text("R3-1-292010-01")


def test_the_draft_saves_itself_and_is_there_again(sqlite_url: str, page_of: PageOf) -> None:
    begin(sqlite_url)
    page = page_of(NARA, GRID)
    page.locator("input.box").nth(0).fill("12")
    expect(page.locator("[data-saved]")).to_have_text("下書き保存済み　9時00分")
    page.locator("input.box").nth(0).fill("13")
    expect(page.locator("[data-saved]")).to_have_text("保存していない変更があります")
    expect(page.locator("[data-saved]")).to_have_text("下書き保存済み　9時00分")
    page.goto(GRID)
    expect(page.locator("input.box").nth(0)).to_have_value("13")
    expect(page.get_by_label("参加する").nth(0)).to_be_checked()


def test_a_draft_that_could_not_be_saved_is_told_and_saved_later(sqlite_url: str, page_of: PageOf) -> None:
    begin(sqlite_url)
    page = page_of(NARA, GRID)
    page.route(f"**{GRID}", lambda route: route.fulfill(status=403))
    page.locator("input.box").nth(0).fill("12")
    expect(page.locator("[data-saved]")).to_contain_text("保存できていません")
    page.unroute(f"**{GRID}")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-saved]")).to_have_text("下書き保存済み　9時00分")


def test_two_people_of_one_body_see_both_values_and_choose(sqlite_url: str, page_of: PageOf) -> None:
    begin(sqlite_url)
    first, second = page_of(NARA, GRID), page_of(NARA, GRID)
    first.locator("input.box").nth(0).fill("5")
    expect(first.locator("[data-saved]")).to_contain_text("下書き保存済み")
    second.locator("input.box").nth(0).fill("8")
    expect(second.locator("[data-conflict]")).to_contain_text("保存されている内容「5」、この画面の内容「8」")
    expect(second.locator("[data-saved]")).to_have_text("保存できていません")
    assert faults(second) == []
    second.get_by_role("button", name="どちらにするか選ぶ").click()
    expect(second.locator("h1")).to_have_text("同じ団体の別の方の変更と重なりました")
    assert faults(second) == []
    second.get_by_role("radio", name="8").check()
    second.get_by_role("button", name="選んだ内容で保存する").click()
    expect(second.locator("input.box").nth(0)).to_have_value("8")


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
