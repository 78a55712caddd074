"""Names of the files that are handed out: era, title and western date in plain characters."""

import re
from datetime import date

from procure.values.era import wareki_short
from procure.values.text import plain

LONGEST = 80
_FORBIDDEN = re.compile(r'[\s\\/:*?"<>|\x00-\x1f\x7f]+')


def file_name(fiscal_year: int, title: str, day: date, ending: str) -> str:
    """R3_落札結果_20210611.pdf: at most 80 characters, no blanks and nothing that Windows refuses in a name."""
    before, after = f"{_era(fiscal_year)}_", f"_{day:%Y%m%d}.{ending}"
    return before + in_file_name(title)[: LONGEST - len(before) - len(after)] + after


def in_file_name(text: str) -> str:
    """The text without variation selectors, and with _ for what a file name may not hold."""
    return _FORBIDDEN.sub("_", plain(text)).strip("._")


def _era(fiscal_year: int) -> str:
    """R3: the era at the end of the calendar year, so that 2019 is R1."""
    return wareki_short(date(fiscal_year, 12, 31)).split(".")[0]
