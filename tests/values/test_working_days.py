"""開庁日: holidays of law, their substitutes, the turn of the year, and counting in working days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.values.working_days import (
    first_working_day,
    is_working_day,
    working_days_after,
    working_days_before,
    working_days_until,
)

DAYS = st.dates(date(2007, 1, 1), date(2060, 12, 31))
COUNTS = st.integers(1, 30)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 12, 12), "土曜日"),
        (date(2026, 12, 13), "日曜日"),
        (date(2026, 11, 3), "文化の日"),
        (date(2026, 5, 6), "5月3日が日曜日のための振替休日"),
        (date(2027, 3, 22), "春分の日が日曜日のための振替休日"),
        (date(2026, 9, 22), "敬老の日と秋分の日に挟まれた国民の休日"),
        (date(2019, 4, 30), "即位の日の前の国民の休日"),
        (date(2026, 12, 29), "年末"),
        (date(2026, 12, 31), "年末"),
        (date(2027, 1, 1), "元日"),
        (date(2025, 1, 2), "年始"),
        (date(2025, 1, 3), "年始"),
    ],
)
def test_offices_are_closed(day: date, why: str) -> None:
    assert not is_working_day(day), why


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 12, 28), "御用納め"),
        (date(2027, 1, 4), "御用始め"),
        (date(2026, 9, 24), "秋分の日の翌日"),
        (date(2027, 9, 21), "秋分の日と離れた敬老の日の翌日"),
        (date(2026, 11, 24), "勤労感謝の日の翌日"),
    ],
)
def test_offices_are_open(day: date, why: str) -> None:
    assert is_working_day(day), why


def test_the_days_before_a_deadline_leave_out_what_is_no_working_day() -> None:
    deadline = date(2026, 12, 11)  # Friday
    assert [working_days_before(deadline, count) for count in (1, 3, 7)] == [
        date(2026, 12, 10),
        date(2026, 12, 8),
        date(2026, 12, 2),
    ]


def test_the_turn_of_the_year_is_counted_over() -> None:
    assert working_days_before(date(2027, 1, 5), 3) == date(2026, 12, 25)
    assert working_days_after(date(2026, 12, 28), 1) == date(2027, 1, 4)


def test_silver_week_is_counted_over() -> None:
    assert working_days_before(date(2026, 9, 24), 1) == date(2026, 9, 18)


def test_a_deadline_on_a_sunday_has_the_friday_before() -> None:
    assert working_days_before(date(2026, 12, 13), 1) == date(2026, 12, 11)


def test_the_first_working_day_may_be_the_day_itself() -> None:
    assert first_working_day(date(2026, 12, 11)) == date(2026, 12, 11)
    assert first_working_day(date(2026, 12, 12)) == date(2026, 12, 14)


def test_the_working_days_left_count_the_last_day() -> None:
    assert working_days_until(date(2026, 12, 8), date(2026, 12, 11)) == 3
    assert working_days_until(date(2026, 12, 11), date(2026, 12, 11)) == 0
    assert working_days_until(date(2026, 12, 11), date(2026, 12, 8)) == 0


@pytest.mark.parametrize("count", [0, -1])
def test_less_than_one_day_cannot_be_counted_off(count: int) -> None:
    with pytest.raises(ValueError, match="no number of working days"):
        working_days_before(date(2026, 12, 11), count)


@given(DAYS, COUNTS)
def test_counting_back_and_forth_agree(day: date, count: int) -> None:
    before, after = working_days_before(day, count), working_days_after(day, count)
    assert before < day < after
    assert is_working_day(before)
    assert is_working_day(after)
    assert working_days_until(before, day - timedelta(days=1)) == count - 1
    assert working_days_until(day, after) == count


@given(DAYS, COUNTS)
def test_one_more_working_day_is_always_further_away(day: date, count: int) -> None:
    assert working_days_before(day, count + 1) == working_days_before(working_days_before(day, count), 1)


@given(DAYS)
def test_offices_are_never_closed_for_more_than_ten_days(day: date) -> None:
    """Ten days were closed in a row in 2019, for the enthronement; nothing in the law makes more."""
    assert 0 <= (first_working_day(day) - day).days <= 10
