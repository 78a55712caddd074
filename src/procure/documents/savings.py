"""経費削減効果報告書: what a round saves, by lot, item, body and supplier, and how it was worked out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from procure.documents.bid_charts import bids_charts, deciding_attempt
from procure.documents.charts import lots_charts, price_charts
from procure.documents.letterhead import Letterhead
from procure.documents.method import covered, last_rounds, method, missing, sources
from procure.documents.participation_chart import participation_chart
from procure.documents.sheet import Sheet, pdf
from procure.documents.svg import shortened
from procure.reports.contracted import contracted_in
from procure.reports.reconcile import OF_CONTRACTS, TaxGap, reconcile, tax_gaps
from procure.reports.report import AttemptReport, LotReport, Reconciliation, RoundReport
from procure.reports.savings import BASELINES, Line, LotSavings, NegotiatedSavings, savings_report
from procure.reports.sums import places
from procure.settlement.baselines import WORDING, Baseline, Compared, Wording
from procure.settlement.labels import NEGOTIATION_SHORT
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


@dataclass(frozen=True, slots=True)
class BaselineRow:
    """A baseline by its words, and what it comes to; where there is nothing, `note` says why."""

    wording: Wording
    found: Compared | None
    note: str


@dataclass(frozen=True, slots=True)
class LotPart:
    """What is shown of an awarded lot: its figures, the bids that decided it, and where its list prices are from."""

    savings: LotSavings
    baselines: tuple[BaselineRow, ...]
    attempt: AttemptReport | None
    bids: tuple[str, ...]
    sources: tuple[str, ...]
    last_rounds: tuple[str, ...]

    @property
    def report(self) -> LotReport:
        return self.savings.report

    @property
    def has_last(self) -> bool:
        return self.savings.line.last is not None

    def last(self, item: str) -> Compared | None:
        """The item beside its 前回契約単価."""
        return self.savings.last(item)


@dataclass(frozen=True, slots=True)
class NegotiatedPart:
    """What is shown of a lot contracted by 随意契約: its figures, each contract, and the sums that have to agree."""

    savings: NegotiatedSavings
    baselines: tuple[BaselineRow, ...]
    sources: tuple[str, ...]
    reconciliation: tuple[Columns, ...]
    gaps: tuple[TaxGap, ...]

    @property
    def title(self) -> str:
        return self.savings.report.title

    @property
    def contracts(self) -> tuple[LotReport, ...]:
        return self.savings.report.contracts

    @property
    def law(self) -> str:
        return NEGOTIATION_SHORT[self.savings.ground]


def savings_pdf(report: RoundReport, letterhead: Letterhead, made_at: datetime) -> bytes:
    """A public document: the ceiling is in it only where anybody may be told it."""
    return pdf(savings_sheet(report, letterhead, made_at))


def savings_sheet(report: RoundReport, letterhead: Letterhead, made_at: datetime) -> Sheet:
    return Sheet(
        id=f"{report.id}-SAVINGS",
        template="savings.html",
        title=f"{report.title}　経費削減効果報告書（{report.council}）",
        short=f"{report.title}（{report.id}）　経費削減効果報告書",
        description="定価に対する削減額と値引率、市町村別の内訳及び算定の方法",
        letterhead=letterhead,
        made_at=made_at,
        values=savings_values(report),
    )


def savings_values(report: RoundReport) -> dict[str, object]:
    """What the page and the report show, in one order and in the same words."""
    awarded, savings = report.awarded, savings_report(report)
    return {
        "report": report,
        "savings": savings,
        "baselines": baseline_rows(savings.total),
        "lots": tuple(_lot(lot) for lot in savings.lots),
        "negotiated": tuple(_negotiated(lot) for lot in savings.negotiated),
        "contracted": contracted_in(savings),
        "prices": price_charts(report),
        "lots_charts": lots_charts(report),
        "participation": participation_chart(report),
        "places": {lot.id: lot.places for lot in report.lots},
        "open_prices": report.open_prices,
        "partly": is_partly_covered(awarded),
        "awarded_participants": len({share.code for lot in awarded for share in lot.municipalities}),
        "all_items": sum(1 for lot in awarded for item in lot.items if item.quantity),
        "reconciliation": columns([lot.title for lot in awarded], report.reconciliation),
        "gaps": tax_gaps(awarded),
        "gap_statement": gap_statement(report.rounding_gap),
        "method": method(savings),
    }


def baseline_rows(line: Line) -> tuple[BaselineRow, ...]:
    """Every baseline; one that nothing can be compared with says why."""
    return tuple(_baseline_row(baseline, line.compared(baseline)) for baseline in BASELINES)


def is_partly_covered(lots: Sequence[LotReport]) -> bool:
    """Whether something was bought that has no list price."""
    return any(lot.savings is None or lot.savings.covered_items < lot.savings.items for lot in lots)


def gap_statement(gap: Yen | None) -> str:
    return "" if gap is None else f"今回の端数差は{yen(gap)}円です。"


def columns(titles: Sequence[str], rows: Sequence[Reconciliation]) -> tuple[Columns, ...]:
    """合計の突合 in tables of at most three lots."""
    starts = range(0, len(titles), LOTS_A_TABLE)
    return tuple(_columns(rows, titles, start, last=start == starts[-1]) for start in starts)


def _columns(reconciled: Sequence[Reconciliation], titles: Sequence[str], start: int, *, last: bool) -> Columns:
    chosen = slice(start, start + LOTS_A_TABLE)
    rows = tuple(
        Row(row.key, row.label, row.note, (*row.values[chosen], *((row.total,) if last else ()))) for row in reconciled
    )
    heads = (*(shortened(title, 17) for title in titles[chosen]), *(("合計",) if last else ()))
    widths = (10, 155 - 28 * len(heads), *(28 for _ in heads))
    return Columns(heads, widths, rows)


def _baseline_row(baseline: Baseline, found: Compared | None) -> BaselineRow:
    return BaselineRow(WORDING[baseline], found, missing(baseline) if found is None else covered(found))


def _lot(lot: LotSavings) -> LotPart:
    return LotPart(
        savings=lot,
        baselines=baseline_rows(lot.line),
        attempt=deciding_attempt(lot.report),
        bids=bids_charts(lot.report),
        sources=sources(lot.report),
        last_rounds=last_rounds(lot.report),
    )


def _negotiated(lot: NegotiatedSavings) -> NegotiatedPart:
    contracts = lot.report.contracts
    return NegotiatedPart(
        savings=lot,
        baselines=baseline_rows(lot.line),
        sources=sources(lot.report),
        reconciliation=columns([contract.winner or "" for contract in contracts], reconcile(contracts, OF_CONTRACTS)),
        gaps=tax_gaps(contracts),
    )
