"""What a person decides about a mail that did not go out, or of which nobody knows."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from procure.database import Database
from procure.errors import Conflict, NotFound
from procure.history.queries import latest_events
from procure.mail.actions import LEASE, is_in_doubt, locked_mail, retry, settle
from procure.mail.delivery import deliver
from procure.mail.smtp import Result
from procure.mail.states import MailState
from procure.mail.tables import MailRow
from procure.parties.tables import BodyRow
from tests.mail.outboxes import NOW, outbox, posted, settings_for
from tests.mail.smtp_server import running_post
from tests.stages import ACTOR

LATER = NOW + timedelta(hours=1)


def stuck(database: Database, state: MailState, claimed_at: datetime | None) -> None:
    """One mail, brought to a state."""
    posted(database, 1)
    with database.write() as session:
        mail = only(session)
        mail.state, mail.claimed_at, mail.tries = state, claimed_at, 8
        mail.sent_at = NOW if state is MailState.SENT else None


def only(session: Session) -> MailRow:
    return session.exec(select(MailRow)).one()


@pytest.mark.parametrize(
    ("state", "claimed_at"),
    [(MailState.FAILED, NOW), (MailState.SENDING, None), (MailState.SENDING, LATER - LEASE)],
)
def test_a_stuck_mail_is_sent_again_with_the_message_id_it_had(
    database: Database, state: MailState, claimed_at: datetime | None
) -> None:
    stuck(database, state, claimed_at)
    with database.write() as session:
        retry(session, only(session), ACTOR, LATER)
    with running_post() as post:
        assert deliver(database, settings_for(post.port), lambda: LATER) == {Result.SENT: 1}
    (mail,) = outbox(database)
    assert (mail.state, mail.tries) == (MailState.SENT, 1)
    assert post.taken[0]["Message-ID"] == mail.message_id


@pytest.mark.parametrize(
    ("state", "claimed_at"),
    [
        (MailState.WAITING, None),
        (MailState.SENT, NOW),
        (MailState.SENDING, LATER - LEASE + timedelta(seconds=1)),
    ],
)
def test_a_mail_that_waits_is_on_its_way_or_was_sent_is_not_sent_again(
    database: Database, state: MailState, claimed_at: datetime | None
) -> None:
    stuck(database, state, claimed_at)
    with database.write() as session, pytest.raises(Conflict):
        retry(session, only(session), ACTOR, LATER)
    assert outbox(database)[0].state is state


def test_again_goes_to_the_address_that_the_body_has_by_now_and_also_after_the_deadline(database: Database) -> None:
    stuck(database, MailState.FAILED, None)
    after_deadline = NOW + timedelta(days=20)
    with database.write() as session:
        mail = only(session)
        session.get_one(BodyRow, mail.body_code).mail = "new@city.example.jp"
        retry(session, mail, ACTOR, after_deadline)
    with running_post() as post:
        assert deliver(database, settings_for(post.port), lambda: after_deadline) == {Result.SENT: 1}
    assert post.recipients == ["new@city.example.jp"]


def test_a_mail_in_doubt_that_arrived_is_noted_as_sent(database: Database) -> None:
    stuck(database, MailState.SENDING, None)
    with database.write() as session:
        settle(session, only(session), ACTOR, LATER)
    (mail,) = outbox(database)
    assert (mail.state, mail.sent_at) == (MailState.SENT, LATER)
    assert not is_in_doubt(mail, LATER)


def test_only_a_mail_in_doubt_is_noted_as_arrived(database: Database) -> None:
    stuck(database, MailState.FAILED, None)
    with database.write() as session, pytest.raises(Conflict):
        settle(session, only(session), ACTOR, LATER)
    assert outbox(database)[0].state is MailState.FAILED


def test_the_history_keeps_who_decided(database: Database) -> None:
    stuck(database, MailState.FAILED, None)
    with database.write() as session:
        retry(session, only(session), ACTOR, LATER)
    with database.read() as session:
        event = latest_events(session, 1)[0]
    assert (event.action, event.actor, event.at, event.round_ref) == ("mail_retried", ACTOR, LATER, "R3-1")


def test_a_mail_that_is_not_there_is_not_found(database: Database) -> None:
    with database.write() as session, pytest.raises(NotFound):
        locked_mail(session, 1)
