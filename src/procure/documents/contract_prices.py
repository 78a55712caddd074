"""契約単価一覧 with 数量・金額配分表: the unit prices of a round, and what each body gets and pays. For the bodies."""

from datetime import datetime

from procure.documents.allocation import quantity_tables
from procure.documents.letterhead import Letterhead
from procure.documents.press import Variant
from procure.documents.sheet import Sheet, pdf
from procure.reports.report import RoundReport


def contract_prices_pdf(report: RoundReport, letterhead: Letterhead, made_at: datetime) -> bytes:
    """Neither ceilings nor losing bids are in it."""
    return pdf(contract_prices_sheet(report, letterhead, made_at))


def contract_prices_sheet(report: RoundReport, letterhead: Letterhead, made_at: datetime) -> Sheet:
    return Sheet(
        id=f"{report.id}-PRICES",
        template="contract_prices.html",
        title=f"{report.title}　契約単価一覧（{report.council}）",
        short=f"{report.title}（{report.id}）　契約単価一覧",
        description="品目別の契約単価、団体別の数量及び金額",
        letterhead=letterhead,
        made_at=made_at,
        variant=Variant.ARCHIVAL,
        values={
            "report": report,
            "deals": tuple((deal, quantity_tables(deal)) for lot in report.lots for deal in lot.suppliers),
            "open_prices": report.open_prices,
        },
    )
