"""Sending over a real SMTP server: once, whoever sends and whatever goes wrong on the way."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlmodel import col, update

from procure.database import Database
from procure.mail.delivery import MOST_TRIES, deliver, deliver_next
from procure.mail.smtp import Result
from procure.mail.states import MailState
from procure.mail.tables import MailRow
from procure.parties.queries import members
from procure.settings import MailServer, Settings
from tests.mail.outboxes import NOW, SENDER, address_of, outbox, posted, settings_for
from tests.mail.smtp_server import Post, accepting, certificate, running_post

MINUTE = timedelta(minutes=1)
REFUSED_FOR_NOW, REFUSED_FOR_GOOD = "450 mailbox busy", "550 no such mailbox"


def send(database: Database, post: Post, now: datetime = NOW) -> Counter[Result]:
    return deliver(database, settings_for(post.port), lambda: now)


def only_mail(database: Database) -> MailRow:
    (mail,) = outbox(database)
    return mail


def test_every_mail_arrives_once_at_its_address(database: Database) -> None:
    posted(database, 3)
    with running_post() as post:
        assert send(database, post) == {Result.SENT: 3}
        assert send(database, post) == {}
    mails = outbox(database)
    assert post.recipients == [mail.address for mail in mails]
    assert [taken["Message-ID"] for taken in post.taken] == [mail.message_id for mail in mails]
    assert post.taken[0]["Subject"] == mails[0].subject
    assert post.taken[0].get_content().replace("\r\n", "\n").rstrip() == mails[0].text.rstrip()
    assert {(mail.state, mail.sent_at, mail.answer, mail.tries) for mail in mails} == {
        (MailState.SENT, NOW, "250 OK", 1)
    }


def test_two_services_sending_at_once_send_every_mail_once(database: Database, database_url: str) -> None:
    posted(database, 12)
    services = [Database(database_url), Database(database_url)]
    start, results = Barrier(2), Counter[Result]()
    with running_post() as post:
        post.seconds_to_take = 0.02

        def work(service: Database) -> None:
            start.wait()
            results.update(send(service, post))

        threads = [Thread(target=work, args=(service,)) for service in services]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for service in services:
        service.close()
    assert results == {Result.SENT: 12}
    assert Counter(post.recipients) == Counter(mail.address for mail in outbox(database))


def test_the_writer_is_free_while_a_mail_is_on_its_way(database: Database) -> None:
    posted(database, 1)
    with running_post() as post:
        post.seconds_to_take = 1
        sending = Thread(target=send, args=(database, post))
        sending.start()
        while only_mail(database).state is MailState.WAITING:
            pass
        with database.write() as session:  # on SQLite there is one writer, and no other write could begin
            members(session)[5].mail = address_of("292079")
        assert only_mail(database).state is MailState.SENDING
        sending.join()
    assert only_mail(database).state is MailState.SENT


def test_a_mail_refused_for_now_is_tried_again_after_one_five_thirty_and_120_minutes(database: Database) -> None:
    posted(database, 1)
    now, waits = NOW, []
    with running_post() as post:
        post.at_recipient = [REFUSED_FOR_NOW] * 5
        for _ in range(5):
            assert send(database, post, now) == {Result.TRY_LATER: 1}
            mail = only_mail(database)
            assert (mail.state, mail.answer) == (MailState.WAITING, REFUSED_FOR_NOW)
            assert mail.next_try_at is not None
            assert send(database, post, mail.next_try_at - timedelta(seconds=1)) == {}
            waits.append((mail.next_try_at - now) / MINUTE)
            now = mail.next_try_at
        assert send(database, post, now) == {Result.SENT: 1}
    assert waits == [1, 5, 30, 120, 120]
    assert len(post.taken) == 1


def test_after_eight_tries_a_mail_is_given_up(database: Database) -> None:
    posted(database, 1)
    with running_post() as post:
        post.at_recipient = [REFUSED_FOR_NOW] * 20
        tries = [send(database, post, NOW + timedelta(hours=3 * hour))[Result.TRY_LATER] for hour in range(12)]
    assert tries == [1] * MOST_TRIES + [0] * 4
    assert only_mail(database).state is MailState.FAILED


@pytest.mark.parametrize("where", ["at_recipient", "at_end"])
def test_a_mail_refused_for_good_is_not_tried_again(database: Database, where: str) -> None:
    posted(database, 2)
    with running_post() as post:
        setattr(post, where, [REFUSED_FOR_GOOD])
        assert send(database, post) == {Result.REFUSED: 1, Result.SENT: 1}
        assert send(database, post, NOW + timedelta(days=1)) == {}
    assert [(mail.state, mail.answer) for mail in outbox(database)] == [
        (MailState.FAILED, REFUSED_FOR_GOOD),
        (MailState.SENT, "250 OK"),
    ]


def test_a_whole_mail_refused_for_now_is_tried_again(database: Database) -> None:
    posted(database, 1)
    with running_post() as post:
        post.at_end = ["451 try later"]
        assert send(database, post) == {Result.TRY_LATER: 1}
        assert send(database, post, NOW + MINUTE) == {Result.SENT: 1}
    assert len(post.taken) == 1


def test_a_mail_broken_off_in_its_text_was_not_taken_and_is_tried_again(database: Database) -> None:
    posted(database, 1)
    with database.write() as session:
        session.exec(update(MailRow).values(text="長" * 1_500_000))  # more than fits between client and server
    with running_post(data_size_limit=None) as post:
        post.drops_in_text = 1
        assert send(database, post) == {Result.TRY_LATER: 1}
        assert "途中で切れました" in str(only_mail(database).answer)
        assert send(database, post, NOW + MINUTE) == {Result.SENT: 1}
    assert len(post.taken) == 1


def test_a_mail_taken_without_an_answer_stays_sending_and_is_never_sent_again_by_itself(database: Database) -> None:
    posted(database, 1)
    with running_post() as post:
        post.at_end = ["drop"]
        assert send(database, post) == {Result.UNKNOWN: 1}
        for days in range(1, 4):
            assert send(database, post, NOW + timedelta(days=days)) == {}
    mail = only_mail(database)
    assert (mail.state, mail.claimed_at) == (MailState.SENDING, None)
    assert "受付の返事がありません" in str(mail.answer)
    assert len(post.taken) == 1


def test_a_service_that_stops_between_sending_and_noting_does_not_send_twice(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted(database, 1)

    def stop(*_: object) -> None:
        raise SystemExit

    with running_post() as post:
        monkeypatch.setattr("procure.mail.delivery._note", stop)
        with pytest.raises(SystemExit):
            send(database, post)
        monkeypatch.undo()
        assert send(database, post, NOW + timedelta(days=1)) == {}
    assert only_mail(database).state is MailState.SENDING
    assert len(post.taken) == 1


def test_where_the_server_cannot_be_reached_one_mail_is_tried_and_the_others_keep_their_tries(
    database: Database,
) -> None:
    posted(database, 3)
    with running_post() as post:
        closed = post.port
    assert deliver(database, settings_for(closed), lambda: NOW) == {Result.UNREACHABLE: 1}
    assert [mail.tries for mail in outbox(database)] == [1, 0, 0]
    assert outbox(database)[0].answer == "メールサーバーに接続できません（ConnectionRefusedError）。"


def test_a_sender_refused_is_tried_again_when_the_installation_is_mended(database: Database) -> None:
    posted(database, 1)
    with running_post() as post:
        post.at_sender = ["550 sender unknown"]
        assert send(database, post) == {Result.TRY_LATER: 1}
        assert only_mail(database).answer == "550 sender unknown"
        assert send(database, post, NOW + MINUTE) == {Result.SENT: 1}


def test_a_reminder_that_could_not_go_before_its_deadline_does_not_go_after_it(database: Database) -> None:
    posted(database, 1)
    with running_post() as post:
        assert send(database, post, NOW + timedelta(days=14)) == {}
    assert only_mail(database).state is MailState.FAILED
    assert only_mail(database).answer == "期限を過ぎたため、送信を取りやめました。"
    assert post.taken == []


def test_an_address_that_became_bad_is_named_and_not_sent_to(database: Database) -> None:
    posted(database, 1)
    with database.write() as session:
        session.exec(update(MailRow).values(address="a@example.jp\r\nBcc: all@example.jp"))
    with running_post() as post:
        assert send(database, post) == {Result.REFUSED: 1}
    assert "空白のない半角" in str(only_mail(database).answer)
    assert post.taken == []


def test_a_mail_decided_meanwhile_is_not_noted_over(database: Database) -> None:
    posted(database, 1)
    with running_post() as post:
        post.seconds_to_take = 0.5
        sending = Thread(target=send, args=(database, post))
        sending.start()
        while only_mail(database).state is MailState.WAITING:
            pass
        with database.write() as session:
            decided = update(MailRow).where(col(MailRow.state) == MailState.SENDING)
            session.exec(decided.values(state=MailState.FAILED, claimed_at=None))
        sending.join()
    assert only_mail(database).state is MailState.FAILED


def test_where_mail_is_off_nothing_is_sent(database: Database) -> None:
    posted(database, 1)
    assert deliver_next(database, Settings(), NOW) is None
    assert only_mail(database).state is MailState.WAITING


def test_no_other_mail_is_begun_when_the_service_stops(database: Database) -> None:
    posted(database, 3)
    with running_post() as post:
        results = deliver(database, settings_for(post.port), lambda: NOW, lambda: len(post.taken) >= 1)
    assert results == {Result.SENT: 1}


def secured(port: int, password: str = "s3cret") -> Settings:
    return Settings(mail=MailServer("localhost", port, "jimu", password, True, SENDER))


def test_the_connection_is_encrypted_and_signed_in_to(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted(database, 1)
    context, certificate_file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate_file))
    with running_post(
        tls_context=context, require_starttls=True, auth_required=True, authenticator=accepting("jimu", "s3cret")
    ) as post:
        wrong = deliver(database, secured(post.port, "wr0ng"), lambda: NOW)
        assert wrong == {Result.UNREACHABLE: 1}
        assert "535" in str(only_mail(database).answer)
        assert "wr0ng" not in str(only_mail(database).answer)
        assert deliver(database, secured(post.port), lambda: NOW + MINUTE) == {Result.SENT: 1}
    assert len(post.taken) == 1


def test_a_server_with_a_certificate_nobody_vouches_for_gets_neither_password_nor_mail(
    database: Database, tmp_path: Path
) -> None:
    posted(database, 1)
    context, _ = certificate(tmp_path)
    tried: list[object] = []
    with running_post(tls_context=context, authenticator=lambda *given: tried.append(given)) as post:
        assert deliver(database, secured(post.port), lambda: NOW) == {Result.UNREACHABLE: 1}
    assert "SSLCertVerificationError" in str(only_mail(database).answer)
    assert (tried, post.taken) == ([], [])


def test_a_server_without_encryption_gets_neither_password_nor_mail(database: Database) -> None:
    posted(database, 1)
    with running_post() as post:
        assert deliver(database, secured(post.port), lambda: NOW) == {Result.UNREACHABLE: 1}
    assert post.taken == []
