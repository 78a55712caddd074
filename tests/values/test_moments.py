"""What people type from the papers, read: moments to the millisecond, くじ番号."""

from datetime import date, datetime, time

import pytest

from procure.clock import JAPAN
from procure.values.moments import moment_text, parse_clock, parse_draw_number, parse_moment
from procure.values.unreadable import Unreadable

DAY = date(2026, 12, 11)


@pytest.mark.parametrize(
    "typed",
    [
        "R8.12.11 9:10:05",
        "令和8年12月11日9時10分5秒",
        "令和8年12月11日（金） 9:10:05",
        "２０２６－１２－１１　９：１０：０５",
        "2026-12-11T09:10:05",
        "9:10:05",
        "9時10分05秒",
    ],
)
def test_a_moment_is_read_to_the_second(typed: str) -> None:
    assert parse_moment(typed, DAY) == datetime(2026, 12, 11, 9, 10, 5, tzinfo=JAPAN)


def test_a_time_alone_is_on_the_usual_day() -> None:
    assert parse_moment("17時", DAY) == datetime(2026, 12, 11, 17, 0, tzinfo=JAPAN)
    assert parse_moment("　", DAY) is None


@pytest.mark.parametrize(
    "typed", ["昨日", "R8.12.11", "25:00", "9:60", "9:10:60", "R8.13.1 9:00", "令和元年4月30日 9:00"]
)
def test_what_is_no_moment_is_refused_with_the_way_to_write_it(typed: str) -> None:
    with pytest.raises(Unreadable):
        parse_moment(typed, DAY)


@pytest.mark.parametrize("typed", ["9:10:05.123", "９：１０：０５．１２３", "R8.12.11 9時10分05.123秒"])
def test_a_moment_is_read_to_the_millisecond_where_it_is_given(typed: str) -> None:
    assert parse_moment(typed, DAY) == datetime(2026, 12, 11, 9, 10, 5, 123_000, tzinfo=JAPAN)


@pytest.mark.parametrize(("typed", "microsecond"), [("9:10:05.1", 100_000), ("9:10:05.007", 7_000)])
def test_fewer_digits_are_tenths_and_hundredths(typed: str, microsecond: int) -> None:
    assert parse_moment(typed, DAY) == datetime(2026, 12, 11, 9, 10, 5, microsecond, tzinfo=JAPAN)


def test_a_time_of_day_stands_alone() -> None:
    assert parse_clock("10時30分") == time(10, 30)
    assert parse_clock("10:00:05.123") == time(10, 0, 5, 123_000)
    assert parse_clock(" ") is None
    for wrong in ("朝", "25:00", "9:", "R8.12.11 9:00", "9:10:05.1234"):
        with pytest.raises(Unreadable):
            parse_clock(wrong)


@pytest.mark.parametrize(("second", "microsecond"), [(0, 0), (7, 0), (7, 45_000), (0, 1_000)])
def test_a_moment_is_written_as_it_is_read(second: int, microsecond: int) -> None:
    moment = datetime(2026, 12, 11, 9, 5, second, microsecond, tzinfo=JAPAN)
    assert parse_moment(moment_text(moment), date(2000, 1, 1)) == moment


@pytest.mark.parametrize(("typed", "number"), [("007", 7), ("９９９", 999), (" 0 ", 0), ("", None)])
def test_a_draw_number_has_up_to_three_digits(typed: str, number: int | None) -> None:
    assert parse_draw_number(typed) == number


@pytest.mark.parametrize("typed", ["1000", "-1", "1.5", "①", "x"])
def test_what_is_no_draw_number_is_refused(typed: str) -> None:
    with pytest.raises(Unreadable, match="3桁"):
        parse_draw_number(typed)
