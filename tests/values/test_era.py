"""和暦 and 年度."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.values.era import parse_date, parse_time, wareki, wareki_day, wareki_short, wareki_time, wareki_year
from procure.values.fiscal_year import first_day, fiscal_year_name, fiscal_year_of, last_day, parse_fiscal_year
from procure.values.unreadable import Unreadable
from tests.builders import JST

DECEMBER = date(2026, 12, 11)


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2020, 1, 1), "令和2年1月1日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(1926, 12, 24), "大正15年12月24日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1912, 7, 29), "1912年7月29日"),
    ],
)
def test_an_era_begins_on_its_first_day(day: date, written: str) -> None:
    assert wareki(day) == written
    assert wareki_year(day) in written


def test_the_forms_of_a_date() -> None:
    day = date(2021, 6, 11)

    assert wareki_day(day) == "令和3年6月11日（金）"
    assert wareki_short(day) == "R3.6.11"
    assert wareki_short(date(1900, 1, 2)) == "1900.1.2"
    assert wareki_time(datetime(2026, 12, 11, 17, 15, tzinfo=JST)) == "令和8年12月11日（金）17時15分"
    assert wareki_time(datetime(2026, 12, 11, 9, 5, tzinfo=JST)) == "令和8年12月11日（金）9時05分"
    assert wareki_short(datetime(2019, 4, 30, 23, 59, tzinfo=JST)) == "H31.4.30"


@pytest.mark.parametrize(
    "typed",
    [
        "2026-12-11", "2026/12/11", "2026.12.11", "2026年12月11日", "２０２６－１２－１１",
        "2026−12−11", " 2026-12-11 ",
        "R8.12.11", "r8.12.11", "Ｒ８．１２．１１", "R8/12/11", "令和8年12月11日",
        "令和８年１２月１１日", "㋿8年12月11日",
        "令和八年十二月十一日", "二〇二六年十二月十一日", "令和8年12月11日（金）", "令和 8年 12月 11日(金曜日)",
    ],
)  # fmt: skip
def test_a_date_is_read_as_it_is_typed(typed: str) -> None:
    assert parse_date(typed) == DECEMBER


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("令和元年5月1日", date(2019, 5, 1)),
        ("R1.5.1", date(2019, 5, 1)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("㍻元年1月8日", date(1989, 1, 8)),
        ("昭和六十四年一月七日", date(1989, 1, 7)),
        ("令和二十年十月三十日", date(2038, 10, 30)),
    ],
)
def test_first_years_and_kanji_numbers(typed: str, day: date) -> None:
    assert parse_date(typed) == day


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("令和元年4月30日", "令和元年4月30日は平成31年4月30日です。「平成31年4月30日」と入力してください。"),
        ("R1.4.30", "「平成31年4月30日」と入力してください。"),
        ("平成31年5月1日", "「令和元年5月1日」と入力してください。"),
        ("昭和99年1月1日", "「令和6年1月1日」と入力してください。"),
    ],
)
def test_a_day_outside_its_era_is_refused_with_the_right_one(typed: str, right: str) -> None:
    with pytest.raises(Unreadable, match=right):
        parse_date(typed)


@pytest.mark.parametrize(
    "typed", ["2026-02-29", "令和8年13月1日", "令和0年5月1日", "R8.4.31", "令和二十一年二月二十九日", "0000-01-01"]
)
def test_a_day_that_the_calendar_does_not_have_is_refused(typed: str) -> None:
    with pytest.raises(Unreadable, match="暦にありません"):
        parse_date(typed)


@pytest.mark.parametrize(
    "typed", ["あした", "12/11", "20261211", "明治1年1月1日", "2026-12-11x", "٢٠٢٦-12-11", "26-12-11"]
)
def test_what_is_no_date_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Unreadable, match="例：2026-12-11"):
        parse_date(typed)


def test_a_wrong_weekday_is_refused() -> None:
    with pytest.raises(Unreadable, match="令和8年12月11日は金曜日です"):
        parse_date("2026-12-11（木）")


def test_nothing_typed_is_no_date_and_no_time_and_no_year() -> None:
    assert (parse_date("　"), parse_time(""), parse_fiscal_year(" ")) == (None, None, None)


@given(st.dates(date(1912, 7, 30), date(2099, 12, 31)))
def test_every_written_form_is_read_again(day: date) -> None:
    assert parse_date(wareki(day)) == parse_date(wareki_day(day)) == parse_date(wareki_short(day)) == day
    assert parse_date(day.isoformat()) == day


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("17:15", time(17, 15)),
        ("１７：１５", time(17, 15)),
        ("17時15分", time(17, 15)),
        ("9時", time(9)),
        ("9:05:30", time(9, 5)),
    ],
)
def test_a_time_is_read_as_it_is_typed(typed: str, moment: time) -> None:
    assert parse_time(typed) == moment


@pytest.mark.parametrize("typed", ["25:00", "12:60", "12:", "noon", "17"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(Unreadable, match="24時間制"):
        parse_time(typed)


def test_a_fiscal_year_runs_from_april_to_march() -> None:
    assert (fiscal_year_of(date(2021, 3, 31)), fiscal_year_of(date(2021, 4, 1))) == (2020, 2021)
    assert (first_day(2021), last_day(2021)) == (date(2021, 4, 1), date(2022, 3, 31))


@pytest.mark.parametrize(
    ("year", "name"),
    [
        (2021, "令和3年度"),
        (2019, "令和元年度"),
        (2018, "平成30年度"),
        (1989, "平成元年度"),
        (1988, "昭和63年度"),
        (1900, "1900年度"),
    ],
)
def test_a_fiscal_year_is_named_in_its_era(year: int, name: str) -> None:
    assert fiscal_year_name(year) == name


@pytest.mark.parametrize(
    ("typed", "year"),
    [
        ("2021", 2021),
        ("令和3年度", 2021),
        ("Ｒ３", 2021),
        ("令和元年度", 2019),
        ("平成31年度", 2019),
        ("2021年度", 2021),
    ],
)
def test_a_fiscal_year_is_read_as_it_is_typed(typed: str, year: int) -> None:
    assert parse_fiscal_year(typed) == year


@pytest.mark.parametrize("typed", ["平成35年度", "令和0年度", "21", "来年度", "0021"])
def test_a_fiscal_year_that_never_was_is_refused(typed: str) -> None:
    with pytest.raises(Unreadable):
        parse_fiscal_year(typed)


@given(st.integers(1927, 2098))
def test_the_name_of_a_fiscal_year_is_read_again(year: int) -> None:
    assert parse_fiscal_year(fiscal_year_name(year)) == year
