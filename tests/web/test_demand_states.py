"""How far an answer has come, as its body sees it: approval, return, acceptance, a later deadline."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from httpx import Response
from sqlmodel import select

from procure.accounts.tables import AccountRow
from procure.demand.actions import accept_answer, close_survey, extend, return_answer
from procure.demand.queries import draft_of
from procure.parties.tables import BodyRow
from procure.rounds.queries import find_round
from procure.rounds.stages import Stage
from tests.people import NARA, NOW, Browser, Person, Service, account, text_of
from tests.stages import ACTOR, SURVEY_DAYS
from tests.web.stage import REF, service_at
from tests.web.test_demand import quantities, submit, typed, version_on

GRID, CONFIRM = f"/demand/{REF}", f"/demand/{REF}/confirm"
CHIEF = Person("nara2", "情報　課長", NARA.role, NARA.body_code)


def test_where_the_body_wants_it_a_second_person_approves(sqlite_url: str) -> None:
    with careful_town(sqlite_url) as town:
        clerk, chief = town.browser(NARA), town.browser(CHIEF)
        clerk.post(GRID, typed(town, "confirm", monitor="5"))
        confirm = clerk.get(CONFIRM)
        asked = send(clerk, "request")
        assert quantities(town, NARA.body_code) == {}
        waiting = [text_of(clerk.get(path)) for path in ("/", "/demand", GRID, CONFIRM)]
        offered = chief.get(CONFIRM)
        done = send(chief, "submit")
        assert quantities(town, NARA.body_code) == {"monitor": 5}
        assert "情報 課長（市町村）" in text_of(chief.get(f"{GRID}/receipt"))
    assert "承認を依頼する" in confirm.text
    assert "別の承認者（情報　課長）" in confirm.text
    assert asked.headers["location"] == f"{CONFIRM}?done=approval_requested"
    assert all("承認" in words for words in waiting)
    assert "承認待ち" in waiting[0]
    assert "この内容で承認して登録する" in offered.text
    assert done.headers["location"].startswith(f"{GRID}/receipt")


def test_who_typed_an_answer_cannot_approve_it(sqlite_url: str) -> None:
    with careful_town(sqlite_url) as town:
        for person in (NARA, CHIEF):
            browser = town.browser(person)
            browser.post(
                GRID, typed(town, "confirm", version_on(browser.get(GRID).text), monitor=f"{len(person.login)}")
            )
            assert send(browser, "submit").status_code == 403
        assert quantities(town, NARA.body_code) == {}


def test_an_approver_registers_nothing_that_nobody_asked_to_approve(sqlite_url: str) -> None:
    with careful_town(sqlite_url) as town:
        clerk, chief = town.browser(NARA), town.browser(CHIEF)
        clerk.post(GRID, typed(town, "confirm", monitor="5"))
        assert send(chief, "submit").status_code == 403
        assert quantities(town, NARA.body_code) == {}
        send(clerk, "request")
        assert send(chief, "submit").status_code == 303


def test_a_change_takes_the_request_back(sqlite_url: str) -> None:
    with careful_town(sqlite_url) as town:
        clerk = town.browser(NARA)
        clerk.post(GRID, typed(town, "confirm", monitor="5"))
        send(clerk, "request")
        clerk.post(GRID, typed(town, "auto", version_on(clerk.get(GRID).text), monitor="6"))
        words = text_of(clerk.get("/"))
        with town.database.read() as session:
            draft = draft_of(session, find_round(session, REF).id, "292010")
            assert draft is not None
            assert draft.requested_at is None
    assert "下書き" in words
    assert "承認待ち" not in words


def test_an_approver_who_only_looks_again_takes_nothing_back(sqlite_url: str) -> None:
    with careful_town(sqlite_url) as town:
        clerk, chief = town.browser(NARA), town.browser(CHIEF)
        clerk.post(GRID, typed(town, "confirm", monitor="5"))
        send(clerk, "request")
        chief.post(GRID, typed(town, "confirm", version_on(chief.get(GRID).text), monitor="5"))
        assert send(chief, "submit").status_code == 303


def test_a_body_without_an_approver_is_told_so(sqlite_url: str) -> None:
    with careful_town(sqlite_url, is_approver=False) as town:
        clerk = town.browser(NARA)
        clerk.post(GRID, typed(town, "confirm", monitor="5"))
        assert "承認できる方の利用者登録がありません" in clerk.get(CONFIRM).text


def test_a_returned_answer_says_why_and_is_registered_again(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        browser = town.browser(NARA)
        browser.post(GRID, typed(town, "confirm", monitor="5"))
        submit(browser)
        with town.database.write() as session:
            return_answer(session, find_round(session, REF), "292010", "台数を確かめてください。", ACTOR, NOW)
        pages = [text_of(browser.get(path)) for path in ("/", GRID, f"{GRID}/receipt")]
        listed = text_of(browser.get("/demand"))
        browser.post(GRID, typed(town, "confirm", version_on(browser.get(GRID).text), monitor="4"))
        submit(browser)
        after = text_of(browser.get("/"))
    assert all("台数を確かめてください。" in words for words in pages)
    assert "差戻し" in listed
    assert "登録済み" in after
    assert "台数を確かめてください。" not in after


def test_acceptance_is_shown(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        browser = town.browser(NARA)
        browser.post(GRID, typed(town, "confirm", monitor="5"))
        submit(browser)
        with town.database.write() as session:
            accept_answer(session, find_round(session, REF), "292010", ACTOR, NOW)
        pages = [text_of(browser.get(path)) for path in ("/", "/demand", GRID, f"{GRID}/receipt")]
    assert all("受理済み" in words for words in pages)


def test_an_answer_without_any_lot_is_listed_as_taking_no_part(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        browser = town.browser(NARA)
        browser.post(GRID, typed(town, "confirm"))
        submit(browser)
        assert "不参加" in text_of(browser.get("/demand"))


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_body_with_a_later_deadline_answers_after_that_of_all(sqlite_url: str, is_closed: bool) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        town.now = NOW + timedelta(days=SURVEY_DAYS, hours=1)
        with town.database.write() as session:
            row = find_round(session, REF)
            if is_closed:
                close_survey(session, row, ACTOR, town.now)
            extend(session, row, "292010", town.now + timedelta(days=3), "議会の日程のため", ACTOR, town.now)
        browser = town.browser(NARA)
        page = text_of(browser.get(GRID))
        browser.post(GRID, typed(town, "confirm", monitor="5"))
        submit(browser)
        assert quantities(town, NARA.body_code) == {"monitor": 5}
        town.now += timedelta(days=3)
        refused = town.browser(NARA).post(GRID, typed(town, monitor="6"))
        assert refused.status_code == 409
    assert "議会の日程のため" in page
    assert "令和8年12月11日（金）" in page
    assert "あと 3 日" in page


@contextmanager
def careful_town(url: str, is_approver: bool = True) -> Iterator[Service]:
    """The body wants a second person to approve."""
    with service_at(url, Stage.SURVEYING) as town:
        with town.database.write() as session:
            session.add(account(CHIEF))
            session.flush()
            session.exec(select(AccountRow).where(AccountRow.login == CHIEF.login)).one().is_approver = is_approver
            session.get_one(BodyRow, "292010").needs_approval = True
        yield town


def send(browser: Browser, act: str) -> Response:
    page = browser.get(CONFIRM)
    return browser.post(CONFIRM, {"version": version_on(page.text), "checked": "1", "act": act})
