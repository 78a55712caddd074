"""Which mails are due: read from the state of a round, once for each occasion, and only as long as it is news."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.clock import JAPAN
from procure.mail.rules import (
    NEWS,
    Extension,
    Occasion,
    Reopening,
    Returned,
    Standing,
    Survey,
    occasions,
    overdue_time,
    reminder_times,
)
from procure.mail.states import Kind
from procure.rounds.stages import Stage


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=JAPAN)


OPENED, DEADLINE = at(11, 24), at(12, 11, 17, 15)  # Tuesday to Friday
SURVEY = Survey(Stage.SURVEYING, DEADLINE, OPENED)
CLOSED = Survey(Stage.SPECIFIED, DEADLINE, OPENED)
SILENT, ANSWERED = Standing(), Standing(has_answered=True)
ELSEWHERE = Standing(is_member=False)


def due(survey: Survey, body: Standing, now: datetime) -> list[Occasion]:
    return list(occasions(survey, body, now))


def kinds(survey: Survey, body: Standing, now: datetime) -> list[Kind]:
    return [occasion.kind for occasion in due(survey, body, now)]


def test_the_opening_is_told_to_every_member_that_has_not_answered() -> None:
    assert kinds(SURVEY, SILENT, OPENED) == [Kind.OPENING]
    assert kinds(SURVEY, ANSWERED, OPENED) == []
    assert kinds(SURVEY, ELSEWHERE, OPENED) == []


def test_before_the_survey_nothing_is_due() -> None:
    assert kinds(Survey(Stage.PREPARING), SILENT, OPENED) == []


def test_a_reminder_is_due_on_the_morning_seven_three_and_one_working_day_before() -> None:
    assert reminder_times(DEADLINE) == [at(12, 2, 8, 30), at(12, 8, 8, 30), at(12, 10, 8, 30)]


@pytest.mark.parametrize(
    ("now", "days"),
    [
        (at(12, 2, 8, 30), "7"),
        (at(12, 8, 8, 29), "7"),
        (at(12, 8, 8, 30), "3"),
        (at(12, 10, 8, 30), "1"),
        (at(12, 11, 17, 14), "1"),
    ],
)
def test_only_the_latest_reminder_is_due(now: datetime, days: str) -> None:
    (reminder,) = due(SURVEY, SILENT, now)
    assert reminder.kind is Kind.REMINDER
    assert reminder.what == f"{DEADLINE.isoformat()}-{days}"


def test_who_has_answered_is_not_reminded_and_not_overdue() -> None:
    assert kinds(SURVEY, ANSWERED, at(12, 10)) == []
    assert kinds(SURVEY, ANSWERED, at(12, 14)) == []


def test_whose_answer_was_returned_is_reminded() -> None:
    returned = Standing(has_answered=True, returned=Returned(1, at(12, 9), "数量が空です"))
    assert kinds(SURVEY, returned, at(12, 10)) == [Kind.RETURNED, Kind.REMINDER]


def test_a_reminder_from_before_the_opening_is_not_due() -> None:
    short = Survey(Stage.SURVEYING, at(12, 11, 17, 15), at(12, 9, 9))
    assert kinds(short, SILENT, at(12, 9, 9)) == [Kind.OPENING]
    assert kinds(short, SILENT, at(12, 10, 9)) == [Kind.OPENING, Kind.REMINDER]


def test_at_the_deadline_itself_nothing_reminds_any_more() -> None:
    assert kinds(SURVEY, SILENT, DEADLINE) == []


@pytest.mark.parametrize("survey", [SURVEY, CLOSED])
def test_overdue_is_told_on_the_next_working_morning_closed_or_not(survey: Survey) -> None:
    assert kinds(survey, SILENT, at(12, 14, 8, 29)) == []  # Friday's deadline, Monday morning
    assert kinds(survey, SILENT, at(12, 14, 8, 30)) == [Kind.OVERDUE]


@pytest.mark.parametrize(
    ("deadline", "morning"),
    [
        (at(12, 10, 17, 15), at(12, 11, 8, 30)),
        (at(12, 11, 17, 15), at(12, 14, 8, 30)),
        (at(12, 11, 8, 0), at(12, 11, 8, 30)),
        (at(12, 11, 8, 30), at(12, 14, 8, 30)),
        (at(12, 28, 17, 15), datetime(2027, 1, 4, 8, 30, tzinfo=JAPAN)),
        (at(9, 18, 17, 15), at(9, 24, 8, 30)),
    ],
)
def test_the_morning_after_is_one_on_which_offices_work(deadline: datetime, morning: datetime) -> None:
    assert overdue_time(deadline) == morning


def test_nobody_is_overdue_before_the_deadline_of_a_survey_that_was_closed_early() -> None:
    assert kinds(CLOSED, SILENT, at(12, 10)) == []


def test_an_extension_is_told_to_the_body_and_moves_its_reminders() -> None:
    extended = Standing(extension=Extension(at(12, 16, 17, 15), at(12, 10, 10), "議会の日程のため"))
    assert kinds(SURVEY, extended, at(12, 10, 11)) == [Kind.EXTENDED]
    assert kinds(CLOSED, extended, at(12, 14, 9)) == [Kind.EXTENDED, Kind.REMINDER]
    assert kinds(CLOSED, extended, at(12, 17, 9)) == [Kind.OVERDUE]
    (overdue,) = due(CLOSED, extended, at(12, 17, 9))
    assert overdue.deadline == at(12, 16, 17, 15)


def test_every_extension_is_told_anew() -> None:
    first = Standing(extension=Extension(at(12, 14, 17), at(12, 10, 10), "一"))
    second = Standing(extension=Extension(at(12, 15, 17), at(12, 11, 10), "二"))
    told = [due(CLOSED, body, at(12, 11, 10))[0] for body in (first, second)]
    assert [occasion.kind for occasion in told] == [Kind.EXTENDED, Kind.EXTENDED]
    assert told[0].what != told[1].what


def test_a_reopening_is_told_to_all_whatever_they_answered_and_instead_of_the_opening() -> None:
    survey = Survey(Stage.SURVEYING, at(12, 18, 17), OPENED, Reopening(at(11, 25), "仕様の変更"))
    assert kinds(survey, SILENT, at(11, 25)) == [Kind.REOPENED]
    assert kinds(survey, ANSWERED, at(11, 25)) == [Kind.REOPENED]
    assert kinds(survey, Standing(is_member=False, has_answered=True), at(11, 25)) == [Kind.REOPENED]
    assert kinds(survey, ELSEWHERE, at(11, 25)) == []


def test_a_return_is_told_once_for_each_version_with_the_deadline_only_while_the_body_can_answer() -> None:
    returned = Standing(has_answered=True, returned=Returned(2, at(12, 11, 17), "数量"))
    (before,) = [o for o in due(SURVEY, returned, at(12, 11, 17)) if o.kind is Kind.RETURNED]
    (after,) = [o for o in due(CLOSED, returned, at(12, 11, 18)) if o.kind is Kind.RETURNED]
    assert (before.what, before.deadline, before.reason) == ("2", DEADLINE, "数量")
    assert (after.what, after.deadline) == ("2", None)


def test_published_answers_are_told_to_members_once_for_each_publication() -> None:
    survey = Survey(Stage.SURVEYING, DEADLINE, at(11, 1), answers_at=(at(12, 1, 10), at(12, 1, 11)))
    assert kinds(survey, ANSWERED, at(12, 1, 12)) == [Kind.ANSWERS, Kind.ANSWERS]
    assert len({occasion.what for occasion in due(survey, ANSWERED, at(12, 1, 12))}) == 2
    assert kinds(survey, ELSEWHERE, at(12, 1, 12)) == []


def test_results_are_told_to_those_that_take_part() -> None:
    survey = Survey(Stage.PUBLISHED, DEADLINE, OPENED, results_at=at(12, 25))
    assert kinds(survey, Standing(has_answered=True, takes_part=True), at(12, 25)) == [Kind.RESULTS]
    assert kinds(survey, ANSWERED, at(12, 25)) == []


@pytest.mark.parametrize(
    ("survey", "body", "since"),
    [
        (SURVEY, SILENT, OPENED),
        (CLOSED, SILENT, at(12, 14, 8, 30)),
        (Survey(Stage.PUBLISHED, results_at=at(12, 25)), Standing(takes_part=True), at(12, 25)),
        (CLOSED, Standing(has_answered=True, returned=Returned(1, at(12, 12), "数量")), at(12, 14, 8, 30)),
    ],
)
def test_after_a_week_an_occasion_is_no_news(survey: Survey, body: Standing, since: datetime) -> None:
    assert kinds(survey, body, since + NEWS - timedelta(seconds=1))[-1:] == kinds(survey, body, since)[-1:] != []
    late = kinds(survey, body, since + NEWS)
    assert kinds(survey, body, since)[-1] not in late


@given(st.integers(0, 40 * 24 * 60))
def test_a_body_never_has_two_mails_about_the_deadline_at_once(minutes: int) -> None:
    now = OPENED + timedelta(minutes=minutes)
    of_deadline = [kind for kind in kinds(SURVEY, SILENT, now) if kind in (Kind.REMINDER, Kind.OVERDUE)]
    assert len(of_deadline) <= 1


@given(st.integers(0, 3 * 365 * 24 * 60))
def test_reminders_and_overdue_stand_in_order_around_any_deadline(minutes: int) -> None:
    deadline = at(1, 1) + timedelta(minutes=minutes)
    times = reminder_times(deadline)
    assert times == sorted(times)
    assert times[-1] < deadline < overdue_time(deadline)
