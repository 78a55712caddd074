"""From a meeting that everybody came to, to the text of the annual report on the clipboard."""

from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from procure.database import Database
from procure.parties.actions import add_members
from procure.parties.directory import bodies_of
from tests import stages
from tests.harness.browser import PHONE, SIZES, faults
from tests.people import NOW, SECRETARIAT
from tests.reports.test_annual_report import EXAMPLE

pytestmark = pytest.mark.browser
YEAR = "/annual/2021"


def council(url: str) -> None:
    with closing(Database(url)) as database, database.write() as session:
        add_members(session, bodies_of("奈良県"), "事務局", NOW)


def test_a_meeting_that_all_bodies_came_to_is_entered_with_one_click_for_them(
    sqlite_url: str, page_of: Callable[..., Page]
) -> None:
    council(sqlite_url)
    page = page_of(SECRETARIAT, "/meetings/new")
    page.get_by_label("幹事会").check()
    page.get_by_label("会議の名称").fill("第１回幹事会")
    page.get_by_label("開催日").fill("R3.6.24")
    page.get_by_label("書面").check()
    page.get_by_role("button", name="すべて選ぶ").click()
    page.get_by_label("議題").fill("事業報告の案\n収支決算の案")
    assert faults(page) == []
    page.get_by_role("button", name="登録する").click()
    expect(page.locator("main")).to_contain_text("39団体")


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_report_is_whole_at_every_size(
    sqlite_url: str, page_of: Callable[..., Page], size: tuple[int, int]
) -> None:
    with closing(Database(sqlite_url)) as database, database.write() as session:
        stages.published(session, NOW)
    page = page_of(SECRETARIAT, YEAR, size=size)
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_the_text_is_copied_to_the_letter(sqlite_url: str, page_of: Callable[..., Page]) -> None:
    with closing(Database(sqlite_url)) as database, database.write() as session:
        stages.published(session, NOW)
    page = page_of(SECRETARIAT, YEAR)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="文章をコピーする").first.click()
    expect(page.get_by_role("status").first).to_have_text("コピーしました。")
    assert page.evaluate("navigator.clipboard.readText()") == EXAMPLE


def test_without_scripts_the_text_is_there_and_no_button_that_does_nothing(
    sqlite_url: str, page_of: Callable[..., Page]
) -> None:
    with closing(Database(sqlite_url)) as database, database.write() as session:
        stages.published(session, NOW)
    page = page_of(SECRETARIAT, YEAR, javascript=False, size=PHONE)
    expect(page.locator("#section-text")).to_contain_text("【参加市町村】１３市町村")
    expect(page.get_by_role("button", name="文章をコピーする")).to_have_count(0)
