"""Writing the letters that are due: each once, to whom it concerns, whoever writes them and however often."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest

from procure.awards.actions import publish
from procure.database import Database
from procure.demand.actions import close_survey, extend, return_answer, save_draft, submit
from procure.demand.answer import NO, lot_field
from procure.mail.letters import Letter, letter_of
from procure.mail.posting import post
from procure.mail.standings import due
from procure.mail.states import Kind, MailState
from procure.parties.queries import members
from procure.rounds.actions import reopen_survey
from procure.rounds.queries import lots_of
from procure.rounds.tables import QuestionRow
from procure.settings import Settings
from tests.mail.outboxes import NOW, REF, address_of, open_survey, outbox, posted, row_of, settings_for
from tests.stages import ACTOR, confirmed

DAY = timedelta(days=1)
MAIL = settings_for(25)
NARA, TAKADA = "292010", "292028"


def kinds(database: Database) -> list[tuple[Kind, str]]:
    return [(mail.kind, mail.body_code) for mail in outbox(database)]


def decline(database: Database, code: str) -> None:
    with database.write() as session:
        row = row_of(session)
        typed = {lot_field("join", lot.id): NO for lot in lots_of(session, row.id)}
        save_draft(session, row, code, typed, 0, ACTOR, NOW)
        submit(session, row, code, ACTOR, NOW)


def test_the_opening_is_written_to_every_member_with_a_mail_address(database: Database) -> None:
    posted(database, 2)
    first, second = outbox(database)
    assert (first.kind, first.body_code, first.address) == (Kind.OPENING, NARA, address_of(NARA))
    assert second.body_code == TAKADA
    assert (first.state, first.next_try_at, first.tries) == (MailState.WAITING, NOW, 0)
    assert first.key == f"opening:{REF}:{NARA}:"
    assert first.message_id.endswith("@kyodo.example.jp>")
    assert first.message_id != second.message_id
    assert "令和8年12月8日（火）9時00分（あと10開庁日）" in first.text
    assert f"http://127.0.0.1:8000/demand/{REF}" in first.text


def test_writing_again_writes_nothing(database: Database) -> None:
    posted(database, 3)
    assert post(database, MAIL, NOW) == 0
    assert post(database, MAIL, NOW + timedelta(minutes=1)) == 0
    assert len(outbox(database)) == 3


def test_where_mail_is_off_nothing_is_written(database: Database) -> None:
    open_survey(database, 2)
    assert post(database, Settings(), NOW) == 0
    assert outbox(database) == []


def test_four_processes_at_once_write_every_letter_once(database: Database, database_url: str) -> None:
    open_survey(database, 39)
    services = [Database(database_url) for _ in range(4)]
    start, written = Barrier(4), []

    def work(service: Database) -> None:
        start.wait()
        written.append(post(service, MAIL, NOW))

    threads = [Thread(target=work, args=(service,)) for service in services]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for service in services:
        service.close()
    assert sum(written) == 39
    assert len({mail.body_code for mail in outbox(database)}) == len(outbox(database)) == 39


def test_reminders_go_to_those_that_have_not_answered_one_at_a_time(database: Database) -> None:
    posted(database, 2)
    decline(database, NARA)
    for days in range(15):
        post(database, MAIL, NOW + DAY * days)
    reminders = [mail for mail in outbox(database) if mail.kind is Kind.REMINDER]
    assert [(mail.body_code, mail.posted_at.day) for mail in reminders] == [(TAKADA, 27), (TAKADA, 3), (TAKADA, 7)]
    assert ["あと7開庁日" in reminders[0].text, "あと3開庁日" in reminders[1].text, "あと1開庁日" in reminders[2].text]


def test_a_service_that_stood_still_writes_the_latest_reminder_only(database: Database) -> None:
    posted(database, 1)
    post(database, MAIL, NOW + DAY * 13)
    assert [kind for kind, _ in kinds(database)] == [Kind.OPENING, Kind.REMINDER]
    assert outbox(database)[1].key.endswith("-1")


def test_who_did_not_answer_is_told_the_morning_after(database: Database) -> None:
    posted(database, 2)
    decline(database, NARA)
    post(database, MAIL, NOW + DAY * 15)
    assert kinds(database)[2:] == [(Kind.OVERDUE, TAKADA)]


def test_a_return_is_told_with_its_reason_and_again_for_the_next_version(database: Database) -> None:
    posted(database, 1)
    for hour in (1, 2):
        decline(database, NARA) if hour == 1 else resubmit(database)
        with database.write() as session:
            return_answer(session, row_of(session), NARA, f"理由その{hour}", ACTOR, NOW + timedelta(hours=hour))
        post(database, MAIL, NOW + timedelta(hours=hour))
        post(database, MAIL, NOW + timedelta(hours=hour, minutes=1))
    returned = [mail for mail in outbox(database) if mail.kind is Kind.RETURNED]
    assert ["理由その1" in returned[0].text, "理由その2" in returned[1].text, len(returned)] == [True, True, 2]


def resubmit(database: Database) -> None:
    with database.write() as session:
        submit(session, row_of(session), NARA, ACTOR, NOW + timedelta(hours=1, minutes=30))


def test_a_reopening_is_told_to_all_and_an_extension_to_one_each_with_its_reason(database: Database) -> None:
    posted(database, 2)
    later = NOW + DAY * 15
    with database.write() as session:
        row = row_of(session)
        close_survey(session, row, ACTOR, later)
        extend(session, row, NARA, later + DAY * 3, "議会の日程のため", ACTOR, later)
    post(database, MAIL, later)
    with database.write() as session:
        reopen_survey(session, row_of(session), later + DAY * 7, "仕様を変更したため", ACTOR, later + DAY)
    post(database, MAIL, later + DAY)
    told = [mail for mail in outbox(database) if mail.kind in (Kind.EXTENDED, Kind.REOPENED)]
    assert [(mail.kind, mail.body_code) for mail in told] == [
        (Kind.EXTENDED, NARA),
        (Kind.REOPENED, NARA),
        (Kind.REOPENED, TAKADA),
    ]
    assert "議会の日程のため" in told[0].text
    assert "仕様を変更したため" in told[2].text


def test_a_second_reopening_is_told_too(database: Database) -> None:
    posted(database, 1)
    for days in (1, 2):
        with database.write() as session:
            row = row_of(session)
            close_survey(session, row, ACTOR, NOW + DAY * days)
            reopen_survey(session, row, NOW + DAY * 20, f"理由{days}", ACTOR, NOW + DAY * days)
        post(database, MAIL, NOW + DAY * days)
    assert [kind for kind, _ in kinds(database)] == [Kind.OPENING, Kind.REOPENED, Kind.REOPENED]


def test_published_answers_are_told_and_unpublished_ones_are_not(database: Database) -> None:
    posted(database, 2)
    with database.write() as session:
        row = row_of(session)
        for published_at in (None, NOW + timedelta(hours=1)):
            question = QuestionRow(round_id=row.id, question="仕様は", asked_at=NOW, asked_by="奈良市")
            question.answer, question.published_at = "回答", published_at
            session.add(question)
    assert post(database, MAIL, NOW + timedelta(hours=1)) == 2
    assert kinds(database)[2:] == [(Kind.ANSWERS, NARA), (Kind.ANSWERS, TAKADA)]


def test_results_are_told_to_the_bodies_that_bought(database: Database) -> None:
    with database.write() as session:
        row = confirmed(session, NOW)
        for body in members(session):
            body.mail = address_of(body.code)
        publish(session, row, ACTOR, NOW)
    letters = letters_at(database)
    buying = {letter.body_code for letter in letters if letter.kind is Kind.RESULTS}
    assert len(letters) == len(buying) > 0
    assert f"/results/{REF}" in letters[0].text


def test_a_round_published_long_ago_is_no_news_when_mail_is_switched_on(database: Database) -> None:
    with database.write() as session:
        row = confirmed(session, NOW)
        publish(session, row, ACTOR, NOW)
        for body in members(session):
            body.mail = address_of(body.code)
    assert post(database, MAIL, NOW + DAY * 30) == 0


def test_letters_of_a_sample_say_so(database: Database) -> None:
    open_survey(database, 1)
    with database.write() as session:
        row_of(session).is_sample = True
    (letter,) = letters_at(database)
    assert letter.subject.startswith("【見本】【共同調達】")
    assert "見本の案件" in letter.text


def test_a_long_title_with_line_ends_makes_one_short_line_of_a_subject(database: Database) -> None:
    open_survey(database, 1)
    with database.write() as session:
        row_of(session).title = "長い\r\nBcc: everybody@example.jp " + "題" * 900
    (letter,) = letters_at(database)
    assert letter.subject.startswith("【共同調達】需要登録を始めました（長い Bcc: everybody@example.jp 題")
    assert len(letter.subject) < 100
    assert letter.subject.isprintable()


def letters_at(database: Database) -> list[Letter]:
    with database.read() as session:
        return [letter_of(one, MAIL, NOW) for one in due(session, NOW)]


@pytest.mark.parametrize("reached", [0, 1])
def test_bodies_without_a_mail_address_get_no_mail(database: Database, reached: int) -> None:
    open_survey(database, reached)
    assert post(database, MAIL, NOW) == reached
