"""事業報告 of a 年度: as a document on paper, and as HTML that a word processor takes over with headings and tables."""

from dataclasses import replace
from datetime import date, datetime

from procure import templates
from procure.documents.letterhead import Letterhead
from procure.documents.of_round import letterhead_of
from procure.documents.sheet import Sheet, pdf
from procure.documents.year_charts import participation_chart, savings_chart
from procure.reports.year_report import YearReport, how_held, who_came
from procure.settings import Letterhead as Sender
from procure.values.fiscal_year import fiscal_year_name

HTML = "text/html; charset=utf-8"


def annual_pdf(report: YearReport, letterhead: Letterhead, made_at: datetime) -> bytes:
    return pdf(annual_sheet(report, letterhead, made_at))


def annual_sheet(report: YearReport, letterhead: Letterhead, made_at: datetime) -> Sheet:
    year = fiscal_year_name(report.fiscal_year)
    return Sheet(
        id=f"ANNUAL-{report.fiscal_year}",
        template="annual_report.html",
        title=f"{year}　事業報告（{letterhead.council}）",
        short=f"{year}　事業報告",
        description="共同調達の参加市町村数、入札日及び経費削減効果と、研修会及び会議",
        letterhead=letterhead,
        made_at=made_at,
        values={
            "report": report,
            "how_held": how_held,
            "who_came": who_came,
            "savings_chart": savings_chart(report.years.rows),
            "participation_chart": participation_chart(report.years.rows),
        },
    )


def annual_html(report: YearReport, letterhead: Letterhead) -> bytes:
    """The same texts and tables in plain elements, without the charts; every figure of these is in the table."""
    template = templates.ENVIRONMENT.get_template("documents/annual_word.html")
    values = {"report": report, "letterhead": letterhead, "how_held": how_held, "who_came": who_came}
    return template.render(values).encode()


def annual_letterhead(report: YearReport, sender: Sender, day: date) -> Letterhead:
    """What stands around the document on that day, marked as a sample where something of the year is one."""
    return replace(letterhead_of(sender, day), sample=report.is_sample)


def annual_file_name(fiscal_year: int, ending: str) -> str:
    return f"事業報告_{fiscal_year_name(fiscal_year)}.{ending}"
