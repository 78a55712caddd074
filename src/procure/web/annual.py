"""事業報告: the years with what was bought and held in each, and the whole of one to read, copy and take away."""

from dataclasses import dataclass

from procure.documents.annual import HTML, annual_file_name, annual_html, annual_letterhead, annual_pdf
from procure.documents.of_round import PDF
from procure.documents.year_charts import participation_chart, savings_chart
from procure.errors import NotFound
from procure.meetings.kinds import Kind
from procure.meetings.queries import counts_by_year
from procure.reports.annual_report import annual_report_text
from procure.reports.year_report import YearReport, how_held, who_came, year_report, year_report_text
from procure.reports.years import MOST_YEARS, YearFigures, decided_by_year, year_figures, years_table
from procure.server import Answer, Download, Page, Permission, Visit, get
from procure.values.fiscal_year import fiscal_year_of

FIRST_YEAR, LAST_YEAR = 1912, 2999


@dataclass(frozen=True, slots=True)
class YearLine:
    """A year in the list, with what was bought and how often people met."""

    figures: YearFigures
    trainings: int
    meetings: int


@get("/annual", Permission.READ_ROUNDS)
def show_years(visit: Visit) -> Answer:
    decided, held = decided_by_year(visit.session), counts_by_year(visit.session)
    years = sorted({fiscal_year_of(visit.now.date()), *decided, *held}, reverse=True)
    lines = tuple(
        YearLine(year_figures(year, decided.get(year, ())), held[year][Kind.TRAINING], held[year][Kind.MEETING])
        for year in years
    )
    table = years_table(decided)
    newest = table.rows[-MOST_YEARS:]
    values = {
        "lines": lines,
        "table": table,
        "savings_chart": savings_chart(newest),
        "participation_chart": participation_chart(newest),
    }
    return Page("annual.html", values)


@get("/annual/{year}", Permission.READ_ROUNDS)
def show_year(visit: Visit, year: str) -> Answer:
    report = _report(visit, year)
    values = {
        "report": report,
        "section": annual_report_text(report.procurement),
        "whole": year_report_text(report),
        "savings_chart": savings_chart(report.years.rows),
        "participation_chart": participation_chart(report.years.rows),
        "how_held": how_held,
        "who_came": who_came,
    }
    return Page("annual_year.html", values)


@get("/annual/{year}/report.pdf", Permission.READ_ROUNDS)
def download_pdf(visit: Visit, year: str) -> Answer:
    report, now = _report(visit, year), visit.now
    letterhead = annual_letterhead(report, visit.settings.letterhead, now.date())
    return Download(lambda: annual_pdf(report, letterhead, now), annual_file_name(report.fiscal_year, "pdf"), PDF)


@get("/annual/{year}/report.html", Permission.READ_ROUNDS)
def download_html(visit: Visit, year: str) -> Answer:
    """To be opened in a word processor; as a file to save, it never runs as a page of ours."""
    report = _report(visit, year)
    letterhead = annual_letterhead(report, visit.settings.letterhead, visit.now.date())
    return Download(annual_html(report, letterhead), annual_file_name(report.fiscal_year, "html"), HTML)


def _report(visit: Visit, year: str) -> YearReport:
    """Raises NotFound where the address names no year; a year with nothing in it has an empty report."""
    is_year = len(year) == 4 and year.isascii() and year.isdigit()
    if not is_year or not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise NotFound
    return year_report(visit.session, int(year))


routes = [show_years, show_year, download_pdf, download_html]
