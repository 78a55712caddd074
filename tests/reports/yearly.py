"""Whole years that a test builds, without a database."""

from collections import defaultdict
from datetime import date

from procure.meetings.kinds import Kind
from procure.meetings.queries import Held, of_kind
from procure.meetings.rules import Record
from procure.parties.directory import body
from procure.reports.annual_report import annual_report
from procure.reports.queries import SettledRound
from procure.reports.year_report import YearReport
from procure.reports.years import years_table
from procure.settlement.round import Lot, Round
from procure.settlement.settle import settle
from tests.builders import a_bid, a_lot, a_round
from tests.reports.reported import report_of


def settled(value: Round, *, is_sample: bool = False) -> SettledRound:
    return SettledRound(value, settle(value), report_of(value), is_sample)


def bought_in(year: int, *lots: Lot) -> Round:
    """A round of the year with these lots, or one that was awarded at half its list price."""
    return a_round(
        *(lots or (a_lot((a_bid("a", 500_000),)),)), id=f"R{year}", fiscal_year=year, bid_date=date(year, 6, 11)
    )


def held(*records: Record) -> tuple[Held, ...]:
    return tuple(
        Held(number, 1, record, tuple(found for code in record.bodies if (found := body(code))))
        for number, record in enumerate(records, start=1)
    )


def a_year_report(*rounds: Round, records: tuple[Record, ...] = (), fiscal_year: int = 2021) -> YearReport:
    """The year's report; rounds of other years stand beside it in the table."""
    by_year: dict[int, list[SettledRound]] = defaultdict(list)
    for value in rounds:
        by_year[value.fiscal_year].append(settled(value))
    everything = held(*records)
    return YearReport(
        fiscal_year=fiscal_year,
        procurement=annual_report((one.report for one in by_year.get(fiscal_year, ())), fiscal_year),
        years=years_table(by_year),
        trainings=of_kind(everything, Kind.TRAINING),
        meetings=of_kind(everything, Kind.MEETING),
        is_sample=False,
    )
