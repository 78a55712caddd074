"""Signing in, as a person does it."""

import pytest
from playwright.sync_api import Page

from tests.harness.browser import faults
from tests.people import PASSWORD, SECRETARIAT

pytestmark = pytest.mark.browser


def test_the_page_is_sound_at_every_size(page: Page) -> None:
    page.goto("/sign-in")
    assert faults(page) == []


def test_a_wrong_password_is_refused_with_the_login_kept_and_the_summary_in_focus(page: Page) -> None:
    enter(page, SECRETARIAT.login, "まちがい")
    assert page.title().startswith("エラー")
    assert page.get_by_label("ログイン名").input_value() == SECRETARIAT.login
    assert page.get_by_label("パスワード").input_value() == ""
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    assert faults(page) == []


def test_the_right_password_lets_in(page: Page) -> None:
    enter(page, SECRETARIAT.login, PASSWORD)
    page.wait_for_url(lambda address: "/sign-in" not in address)
    assert page.get_by_text(SECRETARIAT.name).first.is_visible()


def enter(page: Page, login: str, password: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("ログイン名").fill(login)
    page.get_by_label("パスワード").fill(password)
    with page.expect_navigation():
        page.keyboard.press("Enter")
