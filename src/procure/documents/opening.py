"""開札調書（入札執行調書）: the record of the opening of a lot, with every attempt, to be signed by those present."""

from collections.abc import Iterable
from datetime import datetime

from procure.documents.letterhead import Letterhead
from procure.documents.press import Variant
from procure.documents.sheet import Sheet, pdf
from procure.reports.lot_record import LotRecord
from procure.reports.opening import corrected_bids, entrants, lotteries
from procure.reports.report import LotReport, RoundReport
from procure.settlement.labels import CONTRACT_KIND, REVIEW, TENDER_METHOD, WITNESS_KIND
from procure.settlement.result import LotResult, Outcome
from procure.settlement.round import Lot, Opening, Round
from procure.templates import prose, yen
from procure.values.era import wareki_day, wareki_time

NO_RECORD = LotRecord()
# Widths in mm by the number of attempts: order, bidder, one column an attempt, remarks.
ENTRY_COLUMNS = {
    1: (11, 62, 34, 58),
    2: (11, 50, 28, 28, 48),
    3: (11, 43, 25, 25, 25, 36),
}
# Signatures are written by hand, beside the names where they are on record.
UNKNOWN = (("開札の場所", ""), ("入札執行者", ""), ("記録者", ""), ("立会人", ""))


def is_opened(result: LotResult) -> bool:
    """Whether there is an opening to record: every attempt is in, and lots were drawn where they had to be."""
    return bool(result.attempts) and result.outcome not in (
        Outcome.REBID,
        Outcome.DRAW_REQUIRED,
        Outcome.REVIEW_REQUIRED,
    )


def opening_pdf(
    report: RoundReport,
    round_: Round,
    result: LotResult,
    letterhead: Letterhead,
    made_at: datetime,
    record: LotRecord = NO_RECORD,
) -> bytes:
    """It holds the ceiling: for the council's files, not for publication."""
    return pdf(opening_sheet(report, round_, result, letterhead, made_at, record))


def opening_sheet(
    report: RoundReport,
    round_: Round,
    result: LotResult,
    letterhead: Letterhead,
    made_at: datetime,
    record: LotRecord = NO_RECORD,
) -> Sheet:
    """The lot as it was recorded, with what was mended, who checked it, and every lottery."""
    lot = next(one for one in round_.lots if one.id == result.id)
    number, shown = next((place, one) for place, one in enumerate(report.lots, start=1) if one.id == lot.id)
    return Sheet(
        id=f"{report.id}-OPENING-{number}",
        template="opening.html",
        title=f"{lot.title}　開札調書（{report.council}）",
        short=f"{lot.title}　開札調書",
        description="各回の入札金額、無効及び失格の理由、くじの経過並びに開札の結果",
        letterhead=letterhead,
        made_at=made_at,
        variant=Variant.ARCHIVAL,
        values={
            "report": report,
            "lot": shown,
            "facts": tuple(_facts(report, shown, lot, record)),
            "entrants": entrants(lot, shown),
            "columns": ENTRY_COLUMNS[len(shown.attempts)],
            "places": shown.places,
            "lotteries": lotteries(lot, result),
            "checks": record.checks,
            "corrections": corrected_bids(lot),
            "reviews": tuple(_reviews(lot)),
            "outcome": tuple(_outcome(shown)),
            "negotiated": tuple(negotiated_facts(shown)),
            "is_secret": shown.ceiling is not None and not shown.ceiling_may_be_named,
            "signed": tuple(_signed(round_.opening)),
        },
    )


def _facts(report: RoundReport, shown: LotReport, lot: Lot, record: LotRecord) -> Iterable[tuple[str, str]]:
    yield "件名", lot.title
    yield "案件", f"{report.title}（{report.id}）"
    kinds = (CONTRACT_KIND[lot.contract_kind], TENDER_METHOD[lot.tender_method], REVIEW[lot.rules.review])
    yield "契約の種類", "　".join(kinds)
    yield "落札者の決定方法", "総価による最低の価格（地方自治法第234条第3項）"
    yield "開札日時", "、".join(f"{one.label}　{prose(wareki_time(one.opened_at))}" for one in shown.attempts)
    yield "予定価格", ceiling_in_full(shown)
    yield "最低制限価格", "―" if lot.rules.minimum is None else f"{yen(lot.rules.minimum)}円（税抜）"
    if record.taken_in is not None:
        yield "取込み", prose(record.taken_in.text)


def _signed(opening: Opening | None) -> Iterable[tuple[str, str]]:
    """Who was there, each on a line to sign; empty where it is not on record."""
    if opening is None:
        yield from UNKNOWN
        return
    yield "開札の場所", opening.place
    yield "入札執行者", opening.officer
    yield "記録者", opening.recorder
    for one in opening.witnesses:
        who = "、".join(filter(None, (WITNESS_KIND[one.kind], one.affiliation)))
        yield "立会人", f"{one.name}（{who}）"


def _reviews(lot: Lot) -> Iterable[tuple[str, str, str]]:
    """Bidder, verdict with its reason, and the day."""
    names = {bidder.id: bidder.name for bidder in lot.bidders}
    for one in lot.reviews:
        said = "適合" if one.passed else f"不適合（{one.reason}）"
        yield names[one.bidder], said, prose(wareki_day(one.reviewed_on))


def negotiated_facts(lot: LotReport) -> Iterable[tuple[str, str]]:
    """随意契約 after the tender, which is not called 落札."""
    made = lot.negotiation
    if made is None:
        return
    yield "根拠", made.law
    yield "理由", made.reason
    yield "見積合わせの日", prose(wareki_day(made.agreed_on))
    for contract in made.contracts:
        items = "、".join(item.name for item in contract.items)
        amounts = f"{yen(contract.total)}円（税抜）　{yen(contract.total_with_tax)}円（税込）"
        yield "契約の相手方", f"{contract.name}　{amounts}" + (f"　{items}" if len(made.contracts) > 1 else "")
    if len(made.contracts) > 1:
        yield "契約金額の計", f"{yen(made.total)}円（税抜）　{yen(made.total_with_tax)}円（税込）"


def ceiling_in_full(lot: LotReport) -> str:
    """Whatever may be published of it: for the record itself."""
    if lot.ceiling is None:
        return "定めなし"
    return f"{yen(lot.ceiling_with_tax)}円（税込）　入札書比較価格　{yen(lot.ceiling)}円（税抜）"


def _outcome(lot: LotReport) -> Iterable[tuple[str, str]]:
    yield "結果", f"{lot.outcome_label}{f'　{lot.reason}' if lot.reason else ''}"
    if lot.awarded:
        ratio = lot.ceiling_ratio_percent
        yield "落札者", lot.winner or ""
        yield "落札金額", f"{yen(lot.award_total)}円（税抜）　契約金額　{yen(lot.award_with_tax)}円（税込）"
        yield "落札率", "―" if ratio is None else f"{ratio}％（落札金額÷入札書比較価格）"
