"""Names of the files that are handed out: era, title and western date in plain characters."""

import re
from datetime import date
from typing import Protocol

from procure.reports.report import RoundReport
from procure.values.era import wareki_short
from procure.values.text import plain

LONGEST = 80
_TITLE = 24  # characters left of a long title, so that what tells files apart always fits
_FORBIDDEN = re.compile(r'[\s\\/:*?"<>|\x00-\x1f\x7f]+')
_FISCAL_YEAR = re.compile(r"^(?:令和|平成)(?:元|[0-9０-９]+)年度")


class OfRound(Protocol):
    """What a name says of the round: its report has it, and its row."""

    @property
    def fiscal_year(self) -> int: ...

    @property
    def title(self) -> str: ...

    @property
    def bid_date(self) -> date: ...


def file_name(of: OfRound, document: str, ending: str, day: date | None = None) -> str:
    """R3_共同調達_落札結果_20210611.pdf: at most 80 characters, no blanks and nothing that Windows refuses."""
    before = "_".join(filter(None, (_era(of.fiscal_year), _title(of.title))))
    after = f"_{day or of.bid_date:%Y%m%d}.{ending}"
    return f"{before}_{in_file_name(document)}"[: LONGEST - len(after)] + after


def lot_file_name(report: RoundReport, lot: str, document: str, ending: str) -> str:
    """R3_共同調達_開札調書_1_パソコンの共同調達_20210611.pdf: the place of the lot tells files of long titles apart."""
    number, title = next((place, one.title) for place, one in enumerate(report.lots, start=1) if one.id == lot)
    return file_name(report, f"{document}_{number}_{title}", ending)


def in_file_name(text: str) -> str:
    """The text without variation selectors, and with _ for what a file name may not hold."""
    return _FORBIDDEN.sub("_", plain(text)).strip("._")


def _title(text: str) -> str:
    """The round's title; its fiscal year goes, the era at the head of the name says it."""
    return in_file_name(_FISCAL_YEAR.sub("", text))[:_TITLE]


def _era(fiscal_year: int) -> str:
    """R3: the era at the end of the calendar year, so that 2019 is R1."""
    return wareki_short(date(fiscal_year, 12, 31)).split(".")[0]
