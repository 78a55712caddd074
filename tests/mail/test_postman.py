"""The thread of the running service: it writes and sends, hears the end, and outlives what goes wrong."""

import time
from collections.abc import Callable

import pytest

from procure.database import Database
from procure.mail.postman import Postman
from procure.mail.states import MailState
from procure.settings import Settings
from tests.mail.outboxes import NOW, open_survey, outbox, settings_for
from tests.mail.smtp_server import running_post

SECONDS_TO_WAIT = 20


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS_TO_WAIT
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_what_is_due_is_written_and_sent_as_soon_as_the_service_runs(database: Database) -> None:
    open_survey(database, 2)
    with running_post() as post:
        postman = Postman(database, settings_for(post.port), lambda: NOW, fail)
        postman.start()
        wait_until(lambda: len(post.taken) == 2)
        postman.stop()
    assert {mail.state for mail in outbox(database)} == {MailState.SENT}


def test_stopping_waits_for_the_mail_that_is_being_sent_and_begins_no_other(database: Database) -> None:
    open_survey(database, 3)
    with running_post() as post:
        post.seconds_to_take = 0.5
        postman = Postman(database, settings_for(post.port), lambda: NOW, fail)
        postman.start()
        wait_until(lambda: any(mail.state is MailState.SENDING for mail in outbox(database)))
        postman.stop()
    assert [mail.state for mail in outbox(database)] == [MailState.SENT, MailState.WAITING, MailState.WAITING]


def test_a_failure_is_heard_and_the_next_round_comes(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("procure.mail.postman.INTERVAL", 0.01)
    heard: list[Exception] = []
    rounds: list[int] = []

    def post(*_: object) -> int:
        rounds.append(1)
        raise OSError

    monkeypatch.setattr("procure.mail.postman.post", post)
    postman = Postman(database, settings_for(25), lambda: NOW, lambda _, error: heard.append(error))
    postman.start()
    wait_until(lambda: len(rounds) >= 2)
    postman.stop()
    assert {type(error) for error in heard} == {OSError}


def test_a_postman_that_never_started_can_be_stopped(database: Database) -> None:
    Postman(database, Settings(), lambda: NOW, fail).stop()


def fail(what: str, error: Exception) -> None:
    raise AssertionError(what) from error
