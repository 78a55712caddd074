"""和暦: dates written in the era that was in force on the day, and read back from what people type."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time

from procure.values.unreadable import Unreadable

WEEKDAYS = "月火水木金土日"


@dataclass(frozen=True, slots=True)
class Era:
    name: str
    letter: str
    first_day: date

    def year_of(self, day: date) -> int:
        return day.year - self.first_day.year + 1


# The first day of each era belongs to it; 明治 is left out, its calendar is not ours throughout.
ERAS = (
    Era("令和", "R", date(2019, 5, 1)),
    Era("平成", "H", date(1989, 1, 8)),
    Era("昭和", "S", date(1926, 12, 25)),
    Era("大正", "T", date(1912, 7, 30)),
)


def era_of(day: date) -> Era | None:
    """The era in force on the day; None before 大正."""
    day = date(day.year, day.month, day.day)
    return next((era for era in ERAS if era.first_day <= day), None)


def wareki_year(day: date) -> str:
    """令和3年, 令和元年; 1911年 before 大正."""
    era = era_of(day)
    return f"{era.name}{_era_year(era.year_of(day))}年" if era else f"{day.year}年"


def wareki(day: date) -> str:
    """令和3年6月11日."""
    return f"{wareki_year(day)}{day.month}月{day.day}日"


def wareki_day(day: date) -> str:
    """令和3年6月11日（金）."""
    return f"{wareki(day)}（{WEEKDAYS[day.weekday()]}）"


def wareki_short(day: date) -> str:
    """R3.6.11."""
    era = era_of(day)
    year = f"{era.letter}{era.year_of(day)}" if era else str(day.year)
    return f"{year}.{day.month}.{day.day}"


def wareki_time(moment: datetime) -> str:
    """令和8年12月11日（金）17時15分, as the clock of the value's own offset shows it."""
    return f"{wareki_day(moment)}{moment.hour}時{moment.minute:02d}分"


def _era_year(year: int) -> str:
    return "元" if year == 1 else str(year)


# --- what people type

_DASHES = str.maketrans(dict.fromkeys("−ー‐‑‒–—―", "-"))
_NUMBER = r"[0-9]{1,2}|[〇零一二三四五六七八九十]{1,3}"
_WEEKDAY = r"(?:\((?P<weekday>[月火水木金土日])(?:曜日?)?\))?"
_DAY = rf"(?P<month>{_NUMBER})[-/.月](?P<day>{_NUMBER})日?{_WEEKDAY}"
_WESTERN = re.compile(rf"(?:西暦)?(?P<year>[0-9]{{4}}|[〇零一二三四五六七八九]{{4}})[-/.年]{_DAY}", re.ASCII)
_IN_ERA = re.compile(
    rf"(?P<era>令和|平成|昭和|大正|[RHST])(?P<year>元|{_NUMBER})[-/.年]{_DAY}", re.ASCII | re.IGNORECASE
)
_CLOCK = re.compile(r"(?P<hour>[0-9]{1,2})(?::|時)(?:(?P<minute>[0-9]{1,2})(?:分|(?::[0-9]{2}))?)?", re.ASCII)
_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"零": 0}
_HOW = "例：2026-12-11、R8.12.11、令和8年12月11日"


def parse_date(typed: str) -> date | None:
    """The day, from one field: 2026-12-11, 2026/12/11, R8.12.11, 令和8年12月11日, 令和元年…, full width, 漢数字, ㋿.

    None where nothing was typed. A day outside the era it names is refused with the right era; so is a wrong weekday.
    """
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed)).translate(_DASHES)
    if not text:
        return None
    found = _IN_ERA.fullmatch(text) or _WESTERN.fullmatch(text)
    if found is None:
        raise Unreadable(f"日付を読み取れません。年月日を続けて入力してください（{_HOW}）。")
    era = _named_era(found.groupdict().get("era"))
    day = _calendar_day(found, era)
    if era and era_of(day) != era:
        raise Unreadable(f"{era.name}{_era_year(_number(found['year']))}年{day.month}月{day.day}日は{wareki(day)}です。"
                         f"「{wareki(day)}」と入力してください。")  # fmt: skip
    if found["weekday"] and found["weekday"] != WEEKDAYS[day.weekday()]:
        raise Unreadable(f"{wareki(day)}は{WEEKDAYS[day.weekday()]}曜日です。日付か曜日を直してください。")
    return day


def parse_month(typed: str) -> str | None:
    """A month of delivery as YYYY-MM: 2027-02, 2027/2, R9.2, 令和9年2月, full width; None where nothing was typed."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed)).translate(_DASHES)
    if not text:
        return None
    try:
        day = parse_date(f"{text.removesuffix('月')}-1")
    except Unreadable:
        raise Unreadable("年月を読み取れません。年と月を続けて入力してください（例：2027-02、令和9年2月）。") from None
    return f"{day:%Y-%m}" if day else None


def parse_time(typed: str) -> time | None:
    """The time of day: 17:15, 17時15分, 17時, full width; None where nothing was typed. Seconds are dropped."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed))
    if not text:
        return None
    found = _CLOCK.fullmatch(text)
    hour, minute = (int(found["hour"]), int(found["minute"] or 0)) if found else (24, 0)
    if hour > 23 or minute > 59 or text.endswith(":"):
        raise Unreadable("時刻を読み取れません。24時間制で入力してください（例：17:15、17時15分）。")
    return time(hour, minute)


def _named_era(name: str | None) -> Era | None:
    return next((era for era in ERAS if name and name.upper() in (era.name, era.letter)), None)


def _calendar_day(found: re.Match[str], era: Era | None) -> date:
    year = _number(found["year"])
    if era:
        year = era.first_day.year + year - 1 if year else 0
    try:
        return date(year, _number(found["month"]), _number(found["day"]))
    except ValueError:
        raise Unreadable(f"その日付は暦にありません。年月日を確かめてください（{_HOW}）。") from None


def _number(text: str) -> int:
    if text == "元":
        return 1
    if text[0] in "0123456789":
        return int(text)
    if "十" not in text:
        return int("".join(str(_DIGITS[character]) for character in text))
    tens, _, ones = text.partition("十")
    return 10 * _DIGITS.get(tens or "一", 100) + (_DIGITS.get(ones, 100) if ones else 0)
