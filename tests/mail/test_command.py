"""`procure mail`: writes and sends what is due, and says by its exit status whether all went out."""

from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from procure.cli import main
from procure.clock import now
from procure.database import Database
from tests.mail.outboxes import SENDER, open_survey
from tests.mail.smtp_server import running_post


def run(url: str, port: int | None) -> Result:
    server = {"PROCURE_SMTP_HOST": "127.0.0.1", "PROCURE_SMTP_PORT": str(port), "PROCURE_MAIL_FROM": SENDER}
    return CliRunner().invoke(main, ["mail"], env={"PROCURE_DATABASE_URL": url, **(server if port else {})})


def ask_for_demand(url: str) -> None:
    database = Database(url)
    open_survey(database, 2, now() - timedelta(minutes=1))
    database.close()


@pytest.fixture(autouse=True)
def without_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOST", "PORT", "USER", "PASSWORD", "STARTTLS"):
        monkeypatch.delenv(f"PROCURE_SMTP_{name}", raising=False)


def test_what_is_due_is_written_and_sent_and_nothing_twice(sqlite_url: str) -> None:
    ask_for_demand(sqlite_url)
    with running_post() as post:
        first, second = run(sqlite_url, post.port), run(sqlite_url, post.port)
    assert (first.exit_code, first.stdout) == (0, "2 written, 2 sent, 0 not sent\n")
    assert (second.exit_code, second.stdout) == (0, "0 written, 0 sent, 0 not sent\n")
    assert len(post.taken) == 2


def test_a_mail_that_was_not_sent_makes_the_exit_status_1(sqlite_url: str) -> None:
    ask_for_demand(sqlite_url)
    with running_post() as post:
        post.at_recipient = ["550 no such mailbox"]
        result = run(sqlite_url, post.port)
    assert (result.exit_code, result.stdout) == (1, "2 written, 1 sent, 1 not sent\n")


def test_where_mail_is_off_the_command_says_so(sqlite_url: str) -> None:
    result = run(sqlite_url, None)
    assert result.exit_code == 1
    assert "PROCURE_SMTP_HOST" in result.stderr
