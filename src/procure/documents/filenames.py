"""Names of the files that are handed out: by era, round, document and body or lot, in plain characters."""

import re
from datetime import date
from typing import Protocol

from procure.reports.report import RoundReport
from procure.values.era import wareki
from procure.values.fiscal_year import fiscal_year_name
from procure.values.text import plain

LONGEST = 80
_REF = 24  # characters left of a long number of a round, so that what tells files apart always fits
_FORBIDDEN = re.compile(r'[\s\\/:*?"<>|\x00-\x1f\x7f]+')


class OfRound(Protocol):
    """What a name says of the round: its report has it, and its row."""

    @property
    def ref(self) -> str: ...

    @property
    def fiscal_year(self) -> int: ...


def file_name(of: OfRound, document: str, ending: str, day: date | None = None) -> str:
    """令和3年度_R3-1_落札結果.pdf: at most 80 characters, no blanks and nothing that Windows refuses.

    `day` names that of which the file shows a state: 令和8年度_R8-1_数量集計表_令和8年11月27日.pdf.
    """
    before = f"{fiscal_year_name(of.fiscal_year)}_{in_file_name(of.ref)[:_REF]}_{in_file_name(document)}"
    after = f".{ending}" if day is None else f"_{wareki(day)}.{ending}"
    return before[: LONGEST - len(after)] + after


def lot_file_name(report: RoundReport, lot: str, document: str, ending: str) -> str:
    """令和3年度_R3-1_開札調書_1_パソコン.pdf: the place of the lot tells files of long titles apart."""
    number, title = next((place, one.title) for place, one in enumerate(report.lots, start=1) if one.id == lot)
    return file_name(report, f"{document}_{number}_{title}", ending)


def in_file_name(text: str) -> str:
    """The text without variation selectors, and with _ for what a file name may not hold."""
    return _FORBIDDEN.sub("_", plain(text)).strip("._")
