"""事業報告: the section of the annual report on what was bought together, on paper."""

from datetime import datetime

from procure.documents.letterhead import Letterhead
from procure.documents.sheet import Sheet, pdf
from procure.reports.annual_report import AnnualReport
from procure.values.fiscal_year import fiscal_year_name


def annual_pdf(report: AnnualReport, letterhead: Letterhead, made_at: datetime) -> bytes:
    return pdf(annual_sheet(report, letterhead, made_at))


def annual_sheet(report: AnnualReport, letterhead: Letterhead, made_at: datetime) -> Sheet:
    year = fiscal_year_name(report.fiscal_year)
    return Sheet(
        id=f"ANNUAL-{report.fiscal_year}",
        template="annual_report.html",
        title=f"{year}　事業報告　共同調達（{letterhead.council}）",
        short=f"{year}　事業報告　共同調達",
        description="落札した件名の参加市町村数、入札日及び経費削減効果",
        letterhead=letterhead,
        made_at=made_at,
        values={"report": report},
    )
