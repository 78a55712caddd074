"""The pages of training courses and meetings."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from procure.database import Database
from procure.meetings.actions import add_meeting, remove_meeting
from procure.meetings.kinds import Form
from procure.meetings.queries import held_in, locked_meeting
from procure.meetings.rules import Record
from tests.meetings.records import a_meeting, a_training
from tests.people import AUDITOR, KATSURAGI, NOW, SECRETARIAT, STRANGER, Service, service, text_of
from tests.web.stage import content_of

MEETING = {
    "organ": "committee",
    "title": "第１回幹事会",
    "day": "令和3年6月24日",
    "form": "in_person",
    "place": "奈良県庁",
    "persons": "１２人",
    "bodies": ["292117", "292010"],
    "agenda": "事業報告の案\r\n\r\n　収支決算の案\t（案２）",
    "result": "承認",
}
TRAINING = {"title": "情報セキュリティ研修", "day": "R3.7.8", "form": "online", "speaker": "見本　一郎"}
PAGES = ("/meetings", "/meetings/1")
FORMS = ("/meetings/new", "/meetings/trainings/new", "/meetings/1/edit", "/meetings/1/remove")


@contextmanager
def holding(url: str, *records: Record) -> Iterator[Service]:
    """The service with these records, numbered from 1."""
    with service(url) as town:
        with town.database.write() as session:
            for record in records:
                add_meeting(session, record, "事務局", NOW)
        yield town


def held(database: Database, year: int = 2021) -> list[Record]:
    with database.read() as session:
        return [one.record for one in held_in(session, year)]


def test_a_meeting_is_entered_listed_and_read(sqlite_url: str) -> None:
    with service(sqlite_url) as town:
        browser = town.browser(SECRETARIAT)
        answer = browser.post("/meetings/new", MEETING)
        (entered,) = held(town.database)
        listed, page = browser.get("/meetings?year=2021"), browser.get("/meetings/1")
    assert answer.headers["location"] == "/meetings?year=2021&done=added"
    assert entered == a_meeting(bodies=("292010", "292117"), agenda=("事業報告の案", "収支決算の案 （案２）"))
    assert "第１回幹事会 幹事会 令和3年6月24日（木） 集合 奈良県庁 2 団体 12 人" in text_of(listed)
    assert "奈良市 葛城市" in text_of(page)
    assert "承認" in page.text


def test_a_training_is_entered_and_read(sqlite_url: str) -> None:
    with service(sqlite_url) as town:
        browser = town.browser(SECRETARIAT)
        browser.post("/meetings/trainings/new", TRAINING)
        (entered,) = held(town.database)
        page = browser.get("/meetings/1")
    assert entered == a_training(persons=None)
    assert "講師 見本 一郎" in text_of(page)
    assert "議題" not in page.text


def test_a_list_shows_one_year_and_offers_the_others(sqlite_url: str) -> None:
    days = (date(2021, 3, 31), date(2021, 4, 1), date(2022, 3, 31), date(2022, 4, 1))
    with holding(sqlite_url, *(a_training(title=f"{day:研修%Y%m%d}", day=day) for day in days)) as town:
        browser = town.browser(AUDITOR)
        page = browser.get("/meetings?year=2021")
        assert "研修20210401" in page.text
        assert "研修20220331" in page.text
        assert "研修20210331" not in page.text
        assert "研修20220401" not in page.text
        assert [f'value="{year}"' in page.text for year in (2026, 2022, 2021, 2020)] == [True] * 4
        assert "令和8年度" in text_of(browser.get("/meetings"))
        assert "令和8年度" in text_of(browser.get("/meetings?year=x"))
        assert "まだ登録されていません" in browser.get("/meetings?year=2015").text


def test_a_change_is_saved_once_and_stands_in_the_history(sqlite_url: str) -> None:
    with holding(sqlite_url, a_meeting()) as town:
        browser = town.browser(SECRETARIAT)
        form = browser.get("/meetings/1/edit")
        answer = browser.post("/meetings/1/edit", MEETING | {"version": "1", "title": "第２回幹事会", "form": "hybrid"})
        (changed,) = held(town.database)
        told = text_of(browser.get("/history"))
    assert 'value="令和3年6月24日"' in form.text
    assert answer.headers["location"] == "/meetings/1?done=saved"
    assert (changed.title, changed.form) == ("第２回幹事会", Form.HYBRID)
    assert "会議を修正" in told
    assert "開催方法 ：集合 → から 併用" in told


def test_a_stale_form_is_shown_again_and_changes_nothing(sqlite_url: str) -> None:
    with holding(sqlite_url, a_meeting()) as town:
        browser = town.browser(SECRETARIAT)
        browser.post("/meetings/1/edit", MEETING | {"version": "1"})
        before = content_of(town)
        page = browser.post("/meetings/1/edit", MEETING | {"version": "1", "title": "別の名称"})
        assert content_of(town) == before
    assert page.status_code == 409
    assert "別の名称" in page.text
    assert 'name="version" value="2"' in page.text


def test_every_fault_is_shown_at_once_with_what_was_typed(sqlite_url: str) -> None:
    typed: dict[str, Any] = {
        "title": "見えない\u202e文字",
        "day": "きのう",
        "form": "",
        "persons": "数人",
        "bodies": ["999999"],
        "agenda": "",
        "result": "結" * 2001,
    }
    with service(sqlite_url) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        page = browser.post("/meetings/new", typed)
        training = browser.post("/meetings/trainings/new", {"day": "2027-04-01", "form": "in_person"})
        assert content_of(town) == before
    assert page.status_code == training.status_code == 422
    named = ("organ", "title", "day", "form", "persons", "bodies", "agenda", "result")
    places = [page.text.index(f'<a href="#{name}">') for name in named]
    assert places == sorted(places)
    assert "8件の誤り" in page.text
    assert 'value="きのう"' in page.text
    assert "数人" in page.text
    assert "3件の誤り" in training.text
    assert "今日より後" in training.text
    assert "令和9年4月1日（木）" in training.text


def test_a_removed_record_is_gone_from_the_list_and_kept_in_the_history(sqlite_url: str) -> None:
    with holding(sqlite_url, a_training()) as town:
        browser = town.browser(SECRETARIAT)
        assert "情報セキュリティ研修" in browser.get("/meetings/1/remove").text
        answer = browser.post("/meetings/1/remove")
        assert held(town.database) == []
        assert browser.get("/meetings/1").status_code == 404
        assert browser.post("/meetings/1/remove").status_code == 404
        assert "研修会を削除 情報セキュリティ研修" in text_of(browser.get("/history"))
    assert answer.headers["location"] == "/meetings?year=2021&done=removed"


def test_a_record_that_somebody_removed_meanwhile_cannot_be_saved(sqlite_url: str) -> None:
    with holding(sqlite_url, a_training()) as town:
        browser = town.browser(SECRETARIAT)
        with town.database.write() as session:
            remove_meeting(session, locked_meeting(session, "1"), "事務局", NOW)
        assert browser.post("/meetings/1/edit", TRAINING | {"version": "1"}).status_code == 404


@pytest.mark.parametrize("path", [*PAGES, *FORMS])
def test_strangers_sign_in_first_and_municipalities_have_no_business_here(sqlite_url: str, path: str) -> None:
    with holding(sqlite_url, a_training()) as town:
        assert town.browser(STRANGER).get(path).headers["location"].startswith("/sign-in")
        assert town.browser(KATSURAGI).get(path).status_code == 403


@pytest.mark.parametrize("path", FORMS)
def test_the_auditor_reads_and_changes_nothing(sqlite_url: str, path: str) -> None:
    with holding(sqlite_url, a_training()) as town:
        browser = town.browser(AUDITOR)
        before = content_of(town)
        assert [browser.get(page).status_code for page in PAGES] == [200, 200]
        assert browser.get(path).status_code == browser.post(path, MEETING).status_code == 403
        assert content_of(town) == before
        assert "登録する" not in browser.get("/meetings").text
        assert "編集する" not in browser.get("/meetings/1").text


@pytest.mark.parametrize("path", FORMS)
def test_a_form_without_the_token_of_the_sign_in_does_nothing(sqlite_url: str, path: str) -> None:
    with holding(sqlite_url, a_training()) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        assert browser.post(path, MEETING | {"csrf_token": "", "version": "1"}).status_code == 403
        assert content_of(town) == before


def test_looking_changes_nothing(sqlite_url: str) -> None:
    with holding(sqlite_url, a_training()) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        assert {browser.get(page).status_code for page in (*PAGES, *FORMS)} == {200}
        assert content_of(town) == before


@pytest.mark.parametrize("number", ["2", "x", "０"])
def test_what_is_not_there_is_not_found(sqlite_url: str, number: str) -> None:
    with holding(sqlite_url, a_training()) as town:
        browser = town.browser(SECRETARIAT)
        assert {browser.get(f"/meetings/{number}{page}").status_code for page in ("", "/edit", "/remove")} == {404}
