"""経費削減効果報告書: what a round saves against list price, by lot, item and body, and how it was worked out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from procure.documents.charts import participation_chart, price_charts
from procure.documents.letterhead import Letterhead
from procure.documents.method import method
from procure.documents.sheet import Sheet, pdf
from procure.documents.svg import shortened
from procure.reports.report import LotReport, RoundReport
from procure.reports.sums import places
from procure.templates import yen
from procure.values.money import Yen

LOTS_A_TABLE = 3


@dataclass(frozen=True, slots=True)
class Row:
    key: str
    label: str
    note: str
    values: tuple[Yen | None, ...]

    @property
    def places(self) -> int:
        return places(self.values)


@dataclass(frozen=True, slots=True)
class Columns:
    """A part of 合計の突合 that fits the page: some lots, and in the last part the sum. Widths are mm."""

    titles: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[Row, ...]


def savings_pdf(report: RoundReport, letterhead: Letterhead, made_at: datetime) -> bytes:
    """The public document: neither ceilings nor losing bids are in it."""
    return pdf(savings_sheet(report, letterhead, made_at))


def savings_sheet(report: RoundReport, letterhead: Letterhead, made_at: datetime) -> Sheet:
    awarded = report.awarded
    return Sheet(
        id=f"{report.id}-SAVINGS",
        template="savings.html",
        title=f"{report.title}　経費削減効果報告書（{report.council}）",
        short=f"{report.title}（{report.id}）　経費削減効果報告書",
        description="定価に対する削減額と値引率、市町村別の内訳及び算定の方法",
        letterhead=letterhead,
        made_at=made_at,
        values={
            "report": report,
            "prices": price_charts(report),
            "participation": participation_chart(report),
            "places": {lot.id: lot.places for lot in report.lots},
            "open_prices": report.open_prices,
            "partly": is_partly_covered(awarded),
            "awarded_participants": len({share.code for lot in awarded for share in lot.municipalities}),
            "all_items": sum(1 for lot in awarded for item in lot.items if item.quantity),
            "reconciliation": columns(report),
            "gap_statement": gap_statement(report.rounding_gap),
            "method": method(report.savings),
        },
    )


def is_partly_covered(lots: Sequence[LotReport]) -> bool:
    """Whether something was bought that has no list price."""
    return any(lot.savings is None or lot.savings.covered_items < lot.savings.items for lot in lots)


def gap_statement(gap: Yen | None) -> str:
    return "" if gap is None else f"今回の端数差は{yen(gap)}円です。"


def columns(report: RoundReport) -> tuple[Columns, ...]:
    """合計の突合 in tables of at most three lots."""
    titles = [lot.title for lot in report.awarded]
    starts = range(0, len(titles), LOTS_A_TABLE)
    return tuple(_columns(report, titles, start, last=start == starts[-1]) for start in starts)


def _columns(report: RoundReport, titles: Sequence[str], start: int, *, last: bool) -> Columns:
    chosen = slice(start, start + LOTS_A_TABLE)
    rows = tuple(
        Row(row.key, row.label, row.note, (*row.values[chosen], *((row.total,) if last else ())))
        for row in report.reconciliation
    )
    heads = (*(shortened(title, 17) for title in titles[chosen]), *(("合計",) if last else ()))
    widths = (10, 155 - 28 * len(heads), *(28 for _ in heads))
    return Columns(heads, widths, rows)
