"""Names of the files that are handed out: the round's number, title and western date in plain characters."""

import re
from datetime import date
from typing import Protocol

from procure.reports.report import RoundReport
from procure.values.text import plain

LONGEST = 80
_TITLE = 24  # characters left of a long title, so that what tells files apart always fits
_FORBIDDEN = re.compile(r'[\s\\/:*?"<>|\x00-\x1f\x7f]+')
_FISCAL_YEAR = re.compile(r"^(?:令和|平成)(?:元|[0-9０-９]+)年度")


class OfRound(Protocol):
    """What a name says of the round: its report has it, and its row."""

    @property
    def ref(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def bid_date(self) -> date: ...


def file_name(of: OfRound, document: str, ending: str, day: date | None = None) -> str:
    """R3-1_共同調達_落札結果_20210611.pdf: at most 80 characters, no blanks and nothing that Windows refuses."""
    before = "_".join(filter(None, (in_file_name(of.ref)[:_TITLE], _title(of.title))))
    after = f"_{day or of.bid_date:%Y%m%d}.{ending}"
    return f"{before}_{in_file_name(document)}"[: LONGEST - len(after)] + after


def lot_file_name(report: RoundReport, lot: str, document: str, ending: str) -> str:
    """R3-1_共同調達_開札調書_1_パソコン_20210611.pdf: the place of the lot tells files of long titles apart."""
    number, title = next((place, one.title) for place, one in enumerate(report.lots, start=1) if one.id == lot)
    return file_name(report, f"{document}_{number}_{title}", ending)


def in_file_name(text: str) -> str:
    """The text without variation selectors, and with _ for what a file name may not hold."""
    return _FORBIDDEN.sub("_", plain(text)).strip("._")


def _title(text: str) -> str:
    """The round's title without the fiscal year at its head."""
    return in_file_name(_FISCAL_YEAR.sub("", text))[:_TITLE]
