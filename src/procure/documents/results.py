"""入札結果公表: the result of each lot of a round in the form in which results are posted. For publication."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from procure.documents.award import BID_COLUMNS
from procure.documents.letterhead import Letterhead
from procure.documents.opening import negotiated_facts
from procure.documents.press import Variant
from procure.documents.sheet import Sheet, pdf
from procure.reports.bids import Standing, standings
from procure.reports.businesses import Business
from procure.reports.lot_record import LotRecord
from procure.reports.published import published
from procure.reports.report import LotReport, RoundReport
from procure.settlement.labels import CONTRACT_KIND
from procure.settlement.round import CeilingDisclosure
from procure.templates import prose, yen
from procure.values.era import wareki_day, wareki_time

Records = Mapping[str, LotRecord]
NO_RECORD = LotRecord()
NO_RECORDS: Records = {}


def results_pdf(report: RoundReport, letterhead: Letterhead, made_at: datetime, records: Records = NO_RECORDS) -> bytes:
    """The public document: it shows what `published` leaves, whatever report it is given."""
    return pdf(results_sheet(published(report), letterhead, made_at, records))


def results_sheet(
    report: RoundReport, letterhead: Letterhead, made_at: datetime, records: Records = NO_RECORDS
) -> Sheet:
    """`records` are by lot: of them the winners' 法人番号 and addresses are told."""
    return Sheet(
        id=f"{report.id}-RESULTS",
        template="results.html",
        title=f"{report.title}　入札結果（{report.council}）",
        short=f"{report.title}（{report.id}）　入札結果",
        description="件名別の入札参加者と金額、落札者、落札金額、契約金額、予定価格及び落札率",
        letterhead=letterhead,
        made_at=made_at,
        variant=Variant.ARCHIVAL,
        values={
            "report": report,
            "lots": [
                (lot, tuple(_facts(report, lot, records.get(lot.id, NO_RECORD))), _standings(lot))
                for lot in report.lots
            ],
            "bid_columns": BID_COLUMNS,
        },
    )


def _standings(lot: LotReport) -> tuple[Standing, ...]:
    return standings(lot.attempts)


def _facts(report: RoundReport, lot: LotReport, record: LotRecord) -> Iterable[tuple[str, str]]:
    yield "種別", CONTRACT_KIND[lot.contract_kind]
    yield "数量", f"{sum(item.quantity > 0 for item in lot.items)}品目　{lot.participants}団体分"
    yield "入札日", prose(wareki_day(report.bid_date))
    if lot.attempts:
        yield "開札", "、".join(f"{one.label}　{prose(wareki_time(one.opened_at))}" for one in lot.attempts)
    if record.taken_in is not None:
        yield "取込み", prose(record.taken_in.public_text)
    yield "結果", f"{lot.outcome_label}{f'　{lot.reason}' if lot.reason and not lot.awarded else ''}"
    if lot.awarded:
        yield "落札者", _winner(lot, record)
        yield "落札金額（税抜）", f"{yen(lot.award_total)}円"
        yield "契約金額（税込）", f"{yen(lot.award_with_tax)}円"
    yield "予定価格", _ceiling(lot)
    if lot.ceiling_ratio_percent is not None:
        yield "落札率", f"{lot.ceiling_ratio_percent}％"
    for label, said in negotiated_facts(lot):
        yield label if label.startswith("契約") or label.startswith("見積") else f"随意契約の{label}", said


def _winner(lot: LotReport, record: LotRecord) -> str:
    """The name, with 法人番号 and address where they are registered."""
    won = next((bid.bidder for attempt in lot.attempts for bid in attempt.bids if bid.won), "")
    known = record.businesses.get(won, Business(lot.winner or ""))
    number = f"法人番号{known.corporate_number}" if known.corporate_number else ""
    return "　".join(filter(None, (lot.winner, number, known.address)))


def _ceiling(lot: LotReport) -> str:
    """予定価格 as the report still has it after `published`."""
    if lot.ceiling is not None:
        return f"{yen(lot.ceiling_with_tax)}円（税込）　入札書比較価格　{yen(lot.ceiling)}円（税抜）"
    if lot.ceiling_disclosure is CeilingDisclosure.NEVER or not lot.awarded:
        return "公表しない"
    return "定めなし"
