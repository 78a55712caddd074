"""年度: the fiscal year, from 1 April to 31 March (地方自治法208条), as the Gregorian year of its 1 April."""

import re
import unicodedata
from datetime import date

from procure.values.era import ERAS, era_of
from procure.values.unreadable import Unreadable

_TYPED = re.compile(
    r"(?:(?P<era>令和|平成|昭和|大正|[RHST])(?P<in_era>元|[0-9]{1,2})|(?P<year>[0-9]{4}))(?:年度?)?", re.I
)


def fiscal_year_of(day: date) -> int:
    return day.year if day.month >= 4 else day.year - 1


def first_day(year: int) -> date:
    return date(year, 4, 1)


def last_day(year: int) -> date:
    return date(year + 1, 3, 31)


def fiscal_year_name(year: int) -> str:
    """令和3年度. The year in which the era changed bears the new era's name, as 令和元年度 does."""
    era = era_of(date(year, 12, 31))
    if era is None:
        return f"{year}年度"
    in_era = era.year_of(date(year, 12, 31))
    return f"{era.name}{'元' if in_era == 1 else in_era}年度"


def parse_fiscal_year(typed: str) -> int | None:
    """2021, 令和3年度, R3 or 平成31年度 as the year of its 1 April; None where nothing was typed."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed))
    if not text:
        return None
    found = _TYPED.fullmatch(text)
    year = _gregorian(found) if found else None
    if year is None or not 1912 <= year <= 2999:
        raise Unreadable("年度を読み取れません。西暦か和暦で入力してください（例：2026、令和8年度）。")
    return year


def _gregorian(found: re.Match[str]) -> int | None:
    if found["year"]:
        return int(found["year"])
    era = next(era for era in ERAS if found["era"].upper() in (era.name, era.letter))
    year = era.first_day.year + (1 if found["in_era"] == "元" else int(found["in_era"])) - 1
    if year < era.first_day.year or era not in (era_of(first_day(year)), era_of(last_day(year))):
        raise Unreadable(f"その年度はありません。{fiscal_year_name(year)}であれば、そのように入力してください。")
    return year
