"""The time in Japan. The only reader of the clock: everything else is handed the time as a value."""

from datetime import datetime
from zoneinfo import ZoneInfo

JAPAN = ZoneInfo("Asia/Tokyo")


def now() -> datetime:
    return datetime.now(JAPAN)
