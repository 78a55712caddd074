"""開庁日: the days on which public offices work, and counting in them.

Closed are Saturdays, Sundays, 国民の祝日 with 振替休日 and 国民の休日 (国民の祝日に関する法律3条), and 29 December to
3 January (行政機関の休日に関する法律1条, and the ordinances of municipalities alike).
"""

from datetime import date, timedelta

import jpholiday

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


def is_working_day(day: date) -> bool:
    return day.weekday() < _SATURDAY and not _is_new_year_closing(day) and not jpholiday.is_holiday(day)


def working_days_before(day: date, count: int) -> date:
    """The `count`-th working day before a day, which itself need not be one and is not counted; `count` from 1."""
    return _counted(day, count, -_ONE_DAY)


def working_days_after(day: date, count: int) -> date:
    """The `count`-th working day after a day, which itself need not be one and is not counted; `count` from 1."""
    return _counted(day, count, _ONE_DAY)


def first_working_day(day: date) -> date:
    """The day itself, or the next one on which offices work."""
    return day if is_working_day(day) else working_days_after(day, 1)


def working_days_until(start: date, end: date) -> int:
    """How many working days there are after `start` up to `end`, which counts; 0 where `end` is not later."""
    return sum(is_working_day(start + _ONE_DAY * days) for days in range(1, (end - start).days + 1))


def _counted(day: date, count: int, step: timedelta) -> date:
    if count < 1:
        raise ValueError(f"{count} is no number of working days to count off")
    while count:
        day += step
        count -= is_working_day(day)
    return day


def _is_new_year_closing(day: date) -> bool:
    return (day.month == 12 and day.day >= 29) or (day.month == 1 and day.day <= 3)
