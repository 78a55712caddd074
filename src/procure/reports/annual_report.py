"""The 事業報告 section of a fiscal year: what was bought together, by how many bodies, at what saving."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from procure.reports.report import RoundReport
from procure.settlement.result import Savings
from procure.values.era import wareki
from procure.values.text import fullwidth

NOT_COMPARABLE = "定価のない品目のため、定価との比較はありません"


@dataclass(frozen=True, slots=True)
class AnnualLot:
    """An awarded lot as it is reported; `savings` is None where no item has a list price."""

    round: str
    title: str
    participants: int
    bid_date: date
    savings: Savings | None

    @property
    def statement(self) -> str:
        return self.savings.statement if self.savings else NOT_COMPARABLE


@dataclass(frozen=True, slots=True)
class AnnualReport:
    """The awarded lots of a 年度 by bid date and round, lots of one round in their order."""

    fiscal_year: int
    lots: tuple[AnnualLot, ...]


def annual_report(rounds: Iterable[RoundReport], fiscal_year: int) -> AnnualReport:
    """`fiscal_year` is the Gregorian year of its 1 April; rounds of other years are left out."""
    ordered = sorted(
        (report for report in rounds if report.fiscal_year == fiscal_year),
        key=lambda report: (report.bid_date, report.id),
    )
    return AnnualReport(
        fiscal_year,
        tuple(
            AnnualLot(report.id, lot.title, lot.participants, report.bid_date, lot.savings)
            for report in ordered
            for lot in report.awarded
        ),
    )


def annual_report_text(report: AnnualReport) -> str:
    """Three lines for each lot, digits full width; the empty text where nothing was awarded."""
    return "".join(_lines(lot) for lot in report.lots)


def _lines(lot: AnnualLot) -> str:
    return (
        f"{lot.title}\n"
        f"【参加市町村】{fullwidth(f'{lot.participants}市町村')}　【入札日】{fullwidth(wareki(lot.bid_date))}\n"
        f"【経費削減効果】{fullwidth(lot.statement)}\n"
    )
