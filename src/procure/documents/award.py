"""落札結果: who won each lot of a round, how the bidding went, and the contract prices. For publication."""

from collections.abc import Iterable
from datetime import datetime

from procure.documents.letterhead import Letterhead
from procure.documents.press import Variant
from procure.documents.sheet import Sheet, pdf
from procure.reports.bids import standings
from procure.reports.published import published
from procure.reports.report import LotReport, RoundReport
from procure.settlement.round import CeilingDisclosure
from procure.templates import prose, yen
from procure.values.era import wareki_time

# Widths in mm by the number of attempts: rank, bidder, one column an attempt, difference, outcome.
BID_COLUMNS = {
    1: (13, 60, 32, 32, 28),
    2: (12, 45, 26, 26, 26, 30),
    3: (10, 31, 25, 25, 25, 24, 25),
}


def award_pdf(report: RoundReport, letterhead: Letterhead, made_at: datetime) -> bytes:
    """The public document: it shows what `published` leaves, whatever report it is given."""
    return pdf(award_sheet(published(report), letterhead, made_at))


def award_sheet(report: RoundReport, letterhead: Letterhead, made_at: datetime) -> Sheet:
    return Sheet(
        id=f"{report.id}-AWARD",
        template="award.html",
        title=f"{report.title}　落札結果（{report.council}）",
        short=f"{report.title}（{report.id}）　落札結果",
        description="件名別の落札者、落札金額、入札の経過及び契約単価",
        letterhead=letterhead,
        made_at=made_at,
        variant=Variant.ARCHIVAL,
        values={
            "report": report,
            "standings": {lot.id: standings(lot.attempts) for lot in report.lots},
            "ceilings": {lot.id: ceiling_words(lot) for lot in report.lots},
            "deals": tuple(deal for lot in report.lots for deal in lot.suppliers),
            "bid_columns": BID_COLUMNS,
            "tax_rates": "、".join(dict.fromkeys(f"{lot.tax_percent}％" for lot in report.awarded)),
            "open_prices": report.open_prices,
            "overview": tuple(_overview(report, letterhead)),
        },
    )


def ceiling_words(lot: LotReport) -> str:
    """予定価格 as it may be shown, in words."""
    if lot.ceiling is not None:
        return f"予定価格　{yen(lot.ceiling_with_tax)}円（税込）　入札書比較価格　{yen(lot.ceiling)}円（税抜）"
    return "予定価格　非公表" if lot.ceiling_disclosure is CeilingDisclosure.NEVER else ""


def _overview(report: RoundReport, letterhead: Letterhead) -> Iterable[tuple[str, str]]:
    opened = dict.fromkeys(
        f"{prose(wareki_time(attempt.opened_at))}　{attempt.label}" for lot in report.lots for attempt in lot.attempts
    )
    if opened:
        yield "開札", "、".join(opened)
    yield "契約の方法", "総価により落札者を決定し、内訳単価を契約単価として、参加団体がそれぞれ契約を締結する。"
    reached = [f"{label} {text}" for label, text in letterhead.contact if label in ("電話", "電子メール")]
    if reached:
        yield "問合せ先", "　".join(("協議会事務局", *reached))
