"""Days and times of day to the millisecond as people type them from the papers, and the three digits of a lottery."""

import re
from datetime import date, datetime, time, timedelta, timezone

from procure.values.era import parse_date, wareki_short
from procure.values.unreadable import Unreadable

JAPAN = timezone(timedelta(hours=9))

_DIGITS = str.maketrans("０１２３４５６７８９：．時分", "0123456789:.::", "秒")
_CLOCK = re.compile(r"[ T\u3000]*([0-9]{1,2}):([0-9]{1,2})?(?::(?:([0-9]{1,2})(?:\.([0-9]{1,3}))?)?)?$", re.ASCII)
NO_TIME = "時刻を読み取れません。24時間制で入力してください（例：9:10、17:15:30、9:10:05.123）。"


def parse_draw_number(typed: str) -> int | None:
    """000 to 999; None where nothing was typed."""
    text = typed.translate(_DIGITS).strip()
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,3}", text):
        raise Unreadable("000から999までの3桁の数字で入力してください。")
    return int(text)


def parse_moment(typed: str, usual_day: date) -> datetime | None:
    """A day and a time in Japan: R8.12.11 9:10:05.123, or 9:10 alone for the usual day.

    Seconds and milliseconds count: electronic lotteries are computed from them.
    """
    text = typed.translate(_DIGITS).strip()
    if not text:
        return None
    found = _CLOCK.search(text)
    if found is None:
        raise Unreadable("時刻まで入力してください（例：9:10、R8.12.11 9:10:05）。")
    clock = _clock(found)
    return datetime.combine(parse_date(text[: found.start()]) or usual_day, clock, JAPAN)


def parse_clock(typed: str) -> time | None:
    """A time of day alone, to the millisecond; None where nothing was typed."""
    text = typed.translate(_DIGITS).strip()
    if not text:
        return None
    found = _CLOCK.fullmatch(text)
    if found is None or (text.endswith(":") and not typed.rstrip().endswith(("時", "分"))):
        raise Unreadable(NO_TIME)
    return _clock(found)


def moment_text(moment: datetime) -> str:
    """As a person would type it, by the clock in Japan, and exact to the millisecond."""
    moment = moment.astimezone(JAPAN)
    return f"{wareki_short(moment)} {clock_text(moment)}"


def clock_text(moment: datetime) -> str:
    """9:10, 9:10:05 or 9:10:05.123, with no more than there is to say."""
    if moment.microsecond:
        return f"{moment:%H:%M:%S}.{moment.microsecond // 1000:03}"
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"


def _clock(found: re.Match[str]) -> time:
    hour, minute, second = (int(part or 0) for part in found.groups()[:3])
    try:
        return time(hour, minute, second, int((found[4] or "").ljust(3, "0")) * 1000)
    except ValueError:
        raise Unreadable(NO_TIME) from None
