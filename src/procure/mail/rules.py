"""Which mails a body should have had by now, read from the state of a round alone. Pure.

A mail that is due and was never written is written as long as its occasion is news. Nothing has to remember to write
one, and a service that stood still writes afterwards what is still worth reading.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from procure.demand.rules import may_register
from procure.mail.states import Kind
from procure.rounds.stages import Stage
from procure.values.working_days import first_working_day, working_days_before

NEWS = timedelta(days=7)
MORNING = time(8, 30)  # when offices open
REMINDERS = (7, 3, 1)  # working days before the deadline
_ASKING = (Stage.SURVEYING, Stage.SPECIFIED)


@dataclass(frozen=True, slots=True)
class Reopening:
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Returned:
    """差戻し of the answer of a version."""

    version: int
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Extension:
    deadline: datetime
    granted_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Survey:
    """A round as mails see it. `answers_at`: when answers to questions were published."""

    stage: Stage
    deadline: datetime | None = None
    opened_at: datetime | None = None
    reopening: Reopening | None = None
    answers_at: tuple[datetime, ...] = ()
    results_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a body stands in a round. `takes_part`: with a quantity, in the result."""

    is_member: bool = True
    has_answered: bool = False
    takes_part: bool = False
    returned: Returned | None = None
    extension: Extension | None = None

    @property
    def is_unfinished(self) -> bool:
        return not self.has_answered or self.returned is not None

    @property
    def is_asked(self) -> bool:
        return self.is_member or self.extension is not None or self.returned is not None


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why a mail is due. `what` tells it from others of its kind; the mail is of no use from `useless_after` on."""

    kind: Kind
    what: str
    at: datetime
    deadline: datetime | None = None
    reason: str | None = None
    useless_after: datetime | None = None


def occasions(survey: Survey, body: Standing, now: datetime) -> Iterator[Occasion]:
    """Every mail that the body should have had by `now` and that is still news."""
    for occasion in _occasions(survey, body, now):
        is_useless = occasion.useless_after is not None and occasion.useless_after <= now
        if occasion.at <= now < occasion.at + NEWS and not is_useless:
            yield occasion


def reminder_times(deadline: datetime) -> list[datetime]:
    """The mornings on which a body is reminded of its deadline, in the order of time."""
    return [_morning(working_days_before(deadline.date(), days), deadline) for days in REMINDERS]


def overdue_time(deadline: datetime) -> datetime:
    """The first morning of a working day after the deadline."""
    same_day = _morning(deadline.date(), deadline)
    first = deadline.date() if same_day > deadline else deadline.date() + timedelta(days=1)
    return _morning(first_working_day(first), deadline)


def _occasions(survey: Survey, body: Standing, now: datetime) -> Iterator[Occasion]:
    if survey.stage in _ASKING:
        yield from _of_opening(survey, body)
        yield from _of_extension(survey, body)
        yield from _of_return(survey, body, now)
        yield from _of_deadline(survey, body, now)
    if body.is_member:
        yield from (Occasion(Kind.ANSWERS, at.isoformat(), at) for at in survey.answers_at)
    if body.takes_part and survey.stage is Stage.PUBLISHED and survey.results_at:
        yield Occasion(Kind.RESULTS, "", survey.results_at)


def _of_opening(survey: Survey, body: Standing) -> Iterator[Occasion]:
    """Once more to all when the survey is reopened, instead of the first letter, whatever they have answered."""
    if survey.stage is not Stage.SURVEYING or survey.deadline is None:
        return
    again, first, end = survey.reopening, survey.opened_at, survey.deadline
    if again and (body.is_member or body.has_answered):
        yield Occasion(Kind.REOPENED, again.at.isoformat(), again.at, end, again.reason, end)
    elif first and body.is_member and body.is_unfinished and not again:
        yield Occasion(Kind.OPENING, "", first, end, None, end)


def _of_extension(survey: Survey, body: Standing) -> Iterator[Occasion]:
    given = body.extension
    if given:
        yield Occasion(
            Kind.EXTENDED, given.granted_at.isoformat(), given.granted_at, given.deadline, given.reason, given.deadline
        )


def _of_return(survey: Survey, body: Standing, now: datetime) -> Iterator[Occasion]:
    """With the deadline where the body can still answer."""
    if body.returned:
        deadline = _open_until(survey, body, now)
        yield Occasion(Kind.RETURNED, str(body.returned.version), body.returned.at, deadline, body.returned.reason)


def _of_deadline(survey: Survey, body: Standing, now: datetime) -> Iterator[Occasion]:
    if not body.is_unfinished or not body.is_asked:
        return
    end = _open_until(survey, body, now)
    passed = None if end else _latest(survey.deadline, _own_deadline(body))
    if end:
        yield from _reminder(end, _set_at(survey, body), now)
    elif passed:
        yield Occasion(Kind.OVERDUE, passed.isoformat(), overdue_time(passed), passed)


def _reminder(deadline: datetime, set_at: datetime | None, now: datetime) -> Iterator[Occasion]:
    """The latest only: a body that was not reminded in time is not reminded three times at once."""
    numbered = zip(REMINDERS, reminder_times(deadline), strict=True)
    past = [(days, at) for days, at in numbered if at <= now and (set_at is None or at > set_at)]
    if past:
        days, at = past[-1]
        yield Occasion(Kind.REMINDER, f"{deadline.isoformat()}-{days}", at, deadline, None, deadline)


def _open_until(survey: Survey, body: Standing, now: datetime) -> datetime | None:
    """The deadline that holds for the body while it can answer, else None."""
    own = _own_deadline(body)
    if not may_register(survey.stage, survey.deadline, own, now):
        return None
    return _latest(survey.deadline, own) if survey.stage is Stage.SURVEYING else own


def _own_deadline(body: Standing) -> datetime | None:
    return body.extension.deadline if body.extension else None


def _set_at(survey: Survey, body: Standing) -> datetime | None:
    """When the body was last told a deadline."""
    reopened = survey.reopening.at if survey.reopening else None
    return _latest(survey.opened_at, reopened, body.extension.granted_at if body.extension else None)


def _latest(*moments: datetime | None) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)


def _morning(day: date, like: datetime) -> datetime:
    return datetime.combine(day, MORNING, like.tzinfo)
