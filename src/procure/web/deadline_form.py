"""The part of a form that asks for a deadline: a day and a time of that day, as they are typed."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from procure.clock import JAPAN
from procure.values.era import parse_date, parse_time, wareki
from procure.web.reading import Reading

SURVEY_LENGTH = timedelta(days=14)
CLOSING_TIME = time(17, 15)


@dataclass(frozen=True, slots=True)
class DeadlineForm:
    """The deadline as typed, and the day that was read of it."""

    day: str
    time: str
    reason: str = ""
    read_day: date | None = None


def standard_deadline(now: datetime) -> DeadlineForm:
    """Two weeks from today, when offices close."""
    day = (now + SURVEY_LENGTH).date()
    return DeadlineForm(wareki(day), f"{CLOSING_TIME:%H:%M}", read_day=day)


def typed_deadline(reading: Reading) -> DeadlineForm:
    day = Reading(reading.form).value("deadline", parse_date)
    form = reading.form
    return DeadlineForm(form.text("deadline"), form.text("deadline_time"), form.text("reason"), day)


def read_deadline(reading: Reading) -> datetime | None:
    day = reading.value("deadline", parse_date, "登録期限の日付を入力してください（例：令和8年12月11日）。")
    at = reading.value("deadline_time", parse_time, "登録期限の時刻を入力してください（例：17:15）。")
    return None if day is None or at is None else datetime.combine(day, at, JAPAN)
