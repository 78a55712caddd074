"""The outbox: what was sent to whom, what failed, and what a person decides about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from procure.mail.posting import post
from procure.mail.states import MailState
from procure.mail.tables import MailRow
from procure.parties.queries import members
from procure.rounds.stages import Stage
from procure.settings import MailServer, Settings
from tests.mail.outboxes import SENDER, address_of
from tests.mail.smtp_server import running_post
from tests.people import AUDITOR, NARA, NOW, PEOPLE, SECRETARIAT, STRANGER, Person, Service, service, settle_in, text_of
from tests.stages import round_at

MAIL = Settings(mail=MailServer("127.0.0.1", 25, sender=SENDER))
LONG_AGO = NOW - timedelta(hours=1)
PATHS = ("/outbox", "/outbox/1")


@contextmanager
def town_with_mails(url: str, reached: int = 4) -> Iterator[Service]:
    """Letters to as many bodies; the service itself sends none."""
    with service(url) as town:
        with town.database.write() as session:
            settle_in(session, PEOPLE)
            round_at(session, Stage.SURVEYING, NOW)
            for body in members(session)[:reached]:
                body.mail = address_of(body.code)
        assert post(town.database, MAIL, NOW) == reached
        yield town


def bring(
    town: Service, number: int, state: MailState, claimed_at: datetime | None = None, answer: str | None = None
) -> None:
    with town.database.write() as session:
        mail = session.get_one(MailRow, number)
        mail.state, mail.claimed_at, mail.answer, mail.tries = state, claimed_at, answer, 1
        mail.sent_at = NOW if state is MailState.SENT else None
        mail.next_try_at = NOW if state is MailState.WAITING else None


def state_of(town: Service, number: int) -> MailState:
    with town.database.read() as session:
        return session.get_one(MailRow, number).state


@pytest.mark.parametrize("person", [SECRETARIAT, AUDITOR])
def test_secretariat_and_auditor_see_every_mail_newest_first(sqlite_url: str, person: Person) -> None:
    with town_with_mails(sqlite_url) as town:
        page = town.browser(person).get("/outbox")
    text = text_of(page)
    assert page.status_code == 200
    assert text.count("【共同調達】需要登録を始めました（令和３年度 共同調達）") == 4
    assert text.index(address_of("292044")) < text.index(address_of("292010"))
    assert "送信待ち（4）" in text


def test_an_empty_outbox_says_so_and_that_mail_is_off(sqlite_url: str) -> None:
    with service(sqlite_url) as town:
        text = text_of(town.browser(SECRETARIAT).get("/outbox"))
    assert "当てはまるメールはありません。" in text
    assert "メールの送信は設定されていません。" in text


@pytest.mark.parametrize(("box", "number"), [("doubt", 1), ("failed", 2), ("sent", 3), ("waiting", 4)])
def test_a_filter_shows_the_mails_of_its_kind(sqlite_url: str, box: str, number: int) -> None:
    with town_with_mails(sqlite_url) as town:
        bring(town, 1, MailState.SENDING, LONG_AGO)
        bring(town, 2, MailState.FAILED, answer="550 no such mailbox")
        bring(town, 3, MailState.SENT)
        page = town.browser(SECRETARIAT).get(f"/outbox?box={box}")
    assert [n for n in range(1, 5) if f'href="/outbox/{n}"' in page.text] == [number]
    for counted in ("確認が必要（1）", "送信できず（1）", "送信済み（1）", "送信待ち（1）", "すべて（4）"):
        assert counted in text_of(page)


def test_a_mail_on_its_way_counts_as_waiting_and_not_as_in_doubt(sqlite_url: str) -> None:
    with town_with_mails(sqlite_url, 1) as town:
        bring(town, 1, MailState.SENDING, NOW)
        text = text_of(town.browser(SECRETARIAT).get("/outbox"))
    assert "送信待ち（1）" in text
    assert "確認が必要（0）" in text


def test_more_than_a_hundred_mails_are_read_on_from_the_last(sqlite_url: str) -> None:
    with town_with_mails(sqlite_url, 1) as town:
        with town.database.write() as session:
            first = session.exec(select(MailRow)).one().model_dump(exclude={"id"})
            for n in range(100):
                session.add(MailRow(**first | {"key": f"k{n}", "message_id": f"<{n}@x.example>"}))
        browser = town.browser(SECRETARIAT)
        assert 'href="/outbox?box=waiting&amp;before=2"' in browser.get("/outbox?box=waiting").text
        rest = browser.get("/outbox?before=2").text
    assert 'href="/outbox/1"' in rest
    assert 'href="/outbox/2"' not in rest


def test_a_mail_is_shown_as_it_was_written_with_what_the_server_said(sqlite_url: str) -> None:
    with town_with_mails(sqlite_url) as town:
        bring(town, 1, MailState.FAILED, answer="550 <no such> mailbox")
        page = town.browser(AUDITOR).get("/outbox/1")
    assert page.status_code == 200
    text = text_of(page)
    for words in ("奈良市", address_of("292010"), "共同調達ご担当者", "550 &lt;no such&gt; mailbox", "送信できず"):
        assert words in text
    assert "もう一度送る" not in text


@pytest.mark.parametrize(
    ("state", "claimed_at"), [(MailState.FAILED, None), (MailState.SENDING, None), (MailState.SENDING, LONG_AGO)]
)
def test_the_secretariat_sends_a_stuck_mail_again(
    sqlite_url: str, state: MailState, claimed_at: datetime | None
) -> None:
    with town_with_mails(sqlite_url) as town:
        bring(town, 1, state, claimed_at)
        browser = town.browser(SECRETARIAT)
        assert "もう一度送る" in browser.get("/outbox/1").text
        answer = browser.post("/outbox/1/retry")
        assert (answer.status_code, answer.headers["location"]) == (303, "/outbox/1?done=mail_waiting")
        assert state_of(town, 1) is MailState.WAITING
        assert "もう一度送る" not in browser.get("/outbox/1").text


def test_the_secretariat_notes_that_a_mail_in_doubt_arrived(sqlite_url: str) -> None:
    with town_with_mails(sqlite_url) as town:
        bring(town, 1, MailState.SENDING, LONG_AGO)
        browser = town.browser(SECRETARIAT)
        assert "送信中のまま（確認が必要）" in text_of(browser.get("/outbox/1"))
        assert browser.post("/outbox/1/arrived").status_code == 303
        assert state_of(town, 1) is MailState.SENT


@pytest.mark.parametrize("act", ["retry", "arrived"])
@pytest.mark.parametrize("state", [MailState.WAITING, MailState.SENT])
def test_a_mail_that_is_not_stuck_stays_as_it_is(sqlite_url: str, act: str, state: MailState) -> None:
    with town_with_mails(sqlite_url) as town:
        bring(town, 1, state)
        assert town.browser(SECRETARIAT).post(f"/outbox/1/{act}").status_code == 409
        assert state_of(town, 1) is state


@pytest.mark.parametrize("act", ["retry", "arrived"])
@pytest.mark.parametrize("person", [AUDITOR, NARA])
def test_nobody_else_decides_about_a_mail(sqlite_url: str, act: str, person: Person) -> None:
    with town_with_mails(sqlite_url) as town:
        bring(town, 1, MailState.SENDING, LONG_AGO)
        assert town.browser(person).post(f"/outbox/1/{act}").status_code == 403
        assert state_of(town, 1) is MailState.SENDING


@pytest.mark.parametrize("path", PATHS)
def test_a_municipality_may_not_read_the_mails_and_a_stranger_signs_in_first(sqlite_url: str, path: str) -> None:
    with town_with_mails(sqlite_url) as town:
        assert town.browser(NARA).get(path).status_code == 403
        answer = town.browser(STRANGER).get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("number", ["99", "0", "x", "１", "9" * 30])
def test_a_mail_that_is_not_there_is_not_found(sqlite_url: str, number: str) -> None:
    with town_with_mails(sqlite_url) as town:
        browser = town.browser(SECRETARIAT)
        assert browser.get(f"/outbox/{number}").status_code == 404
        assert browser.post(f"/outbox/{number}/retry").status_code == 404


def test_without_the_token_of_the_sign_in_nothing_is_sent_again(sqlite_url: str) -> None:
    with town_with_mails(sqlite_url) as town:
        bring(town, 1, MailState.FAILED)
        assert town.browser(SECRETARIAT).post("/outbox/1/retry", {"csrf_token": ""}).status_code == 403
        assert state_of(town, 1) is MailState.FAILED


def test_looking_changes_nothing(sqlite_url: str) -> None:
    with town_with_mails(sqlite_url) as town:
        for path in PATHS:
            town.browser(SECRETARIAT).get(path)
        assert [state_of(town, number) for number in range(1, 5)] == [MailState.WAITING] * 4


def test_a_running_service_with_a_mail_server_sends_what_waits(sqlite_url: str) -> None:
    with town_with_mails(sqlite_url):
        pass
    with running_post() as post_office:
        settings = replace(MAIL, mail=MailServer("127.0.0.1", post_office.port, sender=SENDER))
        with service(sqlite_url, settings=settings) as town:
            while state_of(town, 4) is not MailState.SENT:
                pass
            assert "メールの送信は設定されていません。" not in town.browser(SECRETARIAT).get("/outbox").text
    assert post_office.recipients == [address_of(code) for code in ("292010", "292028", "292036", "292044")]
