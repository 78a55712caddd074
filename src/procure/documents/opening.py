"""開札調書（入札執行調書）: the record of the opening of a lot, with every attempt, to be signed by those present."""

from collections.abc import Iterable
from datetime import datetime

from procure.documents.letterhead import Letterhead
from procure.documents.press import Variant
from procure.documents.sheet import Sheet, pdf
from procure.reports.opening import drawn_lots, entrants
from procure.reports.report import LotReport, RoundReport
from procure.settlement.labels import CONTRACT_KIND
from procure.settlement.result import Draw, LotResult, Outcome
from procure.settlement.round import Lot
from procure.templates import prose, yen
from procure.values.era import wareki_time

# Widths in mm by the number of attempts: order, bidder, one column an attempt, remarks.
ENTRY_COLUMNS = {
    1: (11, 62, 34, 58),
    2: (11, 50, 28, 28, 48),
    3: (11, 43, 25, 25, 25, 36),
}
# Names are not on record: they are written by hand on the lines of the record itself.
SIGNED = (("公告番号", "開札の場所"), ("入札執行者", "記録者"), ("立会人", "立会人"), ("調製日", ""))


def is_opened(result: LotResult) -> bool:
    """Whether there is an opening to record: every attempt is in, and lots were drawn where they had to be."""
    return bool(result.attempts) and result.outcome not in (Outcome.REBID, Outcome.DRAW_REQUIRED)


def opening_pdf(report: RoundReport, lot: Lot, draw: Draw | None, letterhead: Letterhead, made_at: datetime) -> bytes:
    """It holds the ceiling: for the council's files, not for publication."""
    return pdf(opening_sheet(report, lot, draw, letterhead, made_at))


def opening_sheet(report: RoundReport, lot: Lot, draw: Draw | None, letterhead: Letterhead, made_at: datetime) -> Sheet:
    """The lot as it was recorded, and its draw where there was one."""
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
            "facts": tuple(_facts(report, shown, lot)),
            "entrants": entrants(lot, shown),
            "columns": ENTRY_COLUMNS[len(shown.attempts)],
            "places": shown.places,
            "draw": draw,
            "drawn": drawn_lots(lot, draw) if draw else (),
            "outcome": tuple(_outcome(shown)),
            "is_secret": shown.ceiling is not None and not shown.ceiling_may_be_named,
            "signed": SIGNED,
        },
    )


def _facts(report: RoundReport, shown: LotReport, lot: Lot) -> Iterable[tuple[str, str]]:
    yield "件名", lot.title
    yield "案件", f"{report.title}（{report.id}）"
    yield "契約の種類", CONTRACT_KIND[lot.contract_kind]
    yield "落札者の決定方法", "総価による最低の価格（地方自治法第234条第3項）"
    yield "開札日時", "、".join(f"{one.label}　{prose(wareki_time(one.opened_at))}" for one in shown.attempts)
    yield "予定価格", ceiling_in_full(shown)
    yield "最低制限価格", "―" if lot.rules.minimum is None else f"{yen(lot.rules.minimum)}円（税抜）"


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
