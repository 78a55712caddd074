"""The rows of 経費削減効果 as a spreadsheet works them out: quantities and prices typed once, the rest formulas."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from procure.documents.workbook import Cell, Column
from procure.reports.report import ItemRow, LotReport, RoundReport, ShareRow
from procure.reports.savings import Line, savings_report
from procure.settlement.baselines import Compared
from procure.values.money import Yen

LOTS, BASELINE_SHEET, ITEMS, SHARES, SUPPLIERS, BREAKDOWN, METHOD = (
    "件名別",
    "基準別",
    "品目別",
    "市町村別",
    "落札者別",
    "内訳",
    "算定の方法",
)
FIRST = 2  # the row under the heading
ID, TITLE = Column("件名番号", 12), Column("件名", 22)
_YEN = "（税抜・円）"
ITEM_COLUMNS = (
    ID,
    TITLE,
    Column("品目", 24),
    Column("仕様", 26),
    Column("単位", 6),
    Column("数量", 9),
    Column(f"定価{_YEN}", 13),
    Column(f"落札単価{_YEN}", 13),
    Column(f"定価額{_YEN}", 16),
    Column(f"落札額{_YEN}", 16),
    Column(f"削減額{_YEN}", 16),
    Column("値引率（％）", 9),
    Column(f"前回契約単価{_YEN}", 13),
    Column(f"前回単価による額{_YEN}", 16),
    Column(f"前回との差額{_YEN}", 16),
    Column("前回比の削減率（％）", 10),
    Column("前回の案件", 22),
    Column("定価の出典", 22),
)
SHARE_COLUMNS = (
    ID,
    TITLE,
    Column("団体コード", 10),
    Column("団体名", 18),
    Column(f"定価額{_YEN}", 16),
    Column("契約額（定価のある品目、税抜・円）", 18),
    Column(f"削減額{_YEN}", 16),
    Column("値引率（％）", 9),
    Column(f"契約額{_YEN}", 16),
    Column("消費税等（円）", 14),
    Column("契約額（税込・円）", 16),
    Column(f"前回単価による額{_YEN}", 16),
    Column("契約額（前回のある品目、税抜・円）", 18),
    Column(f"前回との差額{_YEN}", 16),
    Column("前回比の削減率（％）", 10),
)
BREAKDOWN_COLUMNS = (
    ID,
    TITLE,
    Column("団体コード", 10),
    Column("団体名", 18),
    Column("品目", 30),
    Column("単位", 6),
    Column("数量", 9),
    Column(f"定価{_YEN}", 13),
    Column(f"前回契約単価{_YEN}", 13),
    Column(f"落札単価{_YEN}", 13),
    Column(f"定価額{_YEN}", 16),
    Column(f"落札額{_YEN}", 16),
    Column(f"前回単価による額{_YEN}", 16),
    Column("品目別の行", 9),
)

Formulas = tuple[str | None, str | None, str, str]


@dataclass(frozen=True, slots=True)
class Span:
    """Rows of a sheet that stand one after another."""

    first: int
    last: int

    def of(self, sheet: str, column: str) -> str:
        return f"'{sheet}'!{column}{self.first}:{column}{self.last}"

    def total(self, sheet: str, column: str) -> str:
        return f"=SUM({self.of(sheet, column)})"

    def where(self, sheet: str, known: str, column: str) -> str:
        """The sum of `column` where `known` holds a number."""
        return f'=SUMIF({self.of(sheet, known)},">=0",{self.of(sheet, column)})'


@dataclass(frozen=True, slots=True)
class Part:
    """Quantities of one body in a lot, and the rows that they take up in the breakdown."""

    lot: LotReport
    share: ShareRow
    line: Line
    span: Span


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stands: the row of each item, the rows of each lot's items and bodies, of each body's items."""

    items: dict[tuple[str, str], int] = field(default_factory=dict)
    lot_items: dict[str, Span] = field(default_factory=dict)
    lot_shares: dict[str, Span] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()

    @property
    def breakdown(self) -> Span:
        return Span(FIRST, max((part.span.last for part in self.parts), default=FIRST))


def layout(report: RoundReport) -> Layout:
    savings = savings_report(report)
    bought = [(lot.id, item.id) for lot in report.awarded for item in lot.items if item.quantity]
    shares = [(lot.report, share, line) for lot in savings.lots for share, line in _bodies(lot.report, lot.bodies)]
    parts: list[Part] = []
    row = FIRST
    for lot, share, line in shares:
        parts.append(Part(lot, share, line, Span(row, row + len(share.items) - 1)))
        row += len(share.items)
    return Layout(
        items={key: row for row, key in enumerate(bought, FIRST)},
        lot_items=_spans(lot for lot, _ in bought),
        lot_shares=_spans(lot.id for lot, _, _ in shares),
        parts=tuple(parts),
    )


def item_rows(report: RoundReport, at: Layout) -> list[list[Cell]]:
    lots = [(lot, {line.id: line for line in lot.items}) for lot in savings_report(report).lots]
    return [
        _item(at.items[lot.report.id, item.id], lot.report, item, lines[item.id].last, at.breakdown)
        for lot, lines in lots
        for item in lot.report.items
        if item.quantity
    ]


def share_rows(at: Layout) -> list[list[Cell]]:
    return [_share(row, part) for row, part in enumerate(at.parts, FIRST)]


def breakdown_rows(at: Layout) -> list[list[Cell]]:
    return [
        _breakdown(row, part, item, at.items[part.lot.id, item.id])
        for part in at.parts
        for row, item in enumerate(part.share.items, part.span.first)
    ]


def rate(reference: str, paid: str) -> str:
    return f"=ROUND(({reference}-{paid})*100/{reference},1)"


def taxed(amount: str, lot: LotReport) -> str:
    """Whole numbers only, which a spreadsheet multiplies and divides without error: × 11 ÷ 10, not × 1.1.

    Prices with decimals are counted in their smallest unit: to a spreadsheet, 3.3 × 3 + 0.1 is less than 10.
    """
    factor, unit = 1 + lot.tax_rate, 10**lot.places
    counted = amount if unit == 1 else f"ROUND({amount}*{unit},0)"
    return f"=INT({counted}*{factor.numerator}/{factor.denominator * unit})"


def tax(with_tax: str, amount: str, lot: LotReport) -> str:
    """消費税等: what the amount with tax has above the whole yen of the amount."""
    return f"={with_tax}-INT({amount if lot.places == 0 else f'ROUND({amount},{lot.places})'})"


def compared_cells(found: Compared | None, formulas: Formulas, places: int) -> list[Cell]:
    """基準額, 落札額 or 契約額, 差額 and 率, with their formulas; None where a figure is typed."""
    values: tuple[Yen | None, ...] = (found.reference, found.award, found.difference) if found else (None,) * 3
    amounts = [Cell(value, formula, places) for value, formula in zip(values, formulas[:3], strict=True)]
    return [*amounts, Cell(found.percent if found else None, formulas[3], 1)]


def _bodies(lot: LotReport, lines: Iterable[Line]) -> Iterable[tuple[ShareRow, Line]]:
    return zip(lot.municipalities, lines, strict=True)


def _item(row: int, lot: LotReport, item: ItemRow, last: Compared | None, rows: Span) -> list[Cell]:
    places = lot.places
    quantity = f"=SUMIF({rows.of(BREAKDOWN, 'N')},ROW(),{rows.of(BREAKDOWN, 'G')})"
    formulas = (f"=F{row}*M{row}", "", f"=N{row}-J{row}", rate(f"N{row}", f"J{row}"))
    before, _, difference, percent = compared_cells(last, formulas, places)
    return [
        Cell(lot.id),
        Cell(lot.title),
        Cell(item.name),
        Cell(item.specification),
        Cell(item.unit),
        Cell(item.quantity, quantity),
        Cell(item.list_price, places=places),
        Cell(item.unit_price, places=places),
        Cell(item.list_amount, f"=F{row}*G{row}", places),
        Cell(item.amount, f"=F{row}*H{row}", places),
        Cell(item.saved, f"=I{row}-J{row}", places),
        Cell(item.savings_percent, rate(f"I{row}", f"J{row}"), 1),
        Cell(item.last_price, places=places),
        before,
        difference,
        percent,
        Cell(item.last_price_of or "—"),
        Cell(item.list_price_source or "—"),
    ]


def _share(row: int, part: Part) -> list[Cell]:
    lot, share, span = part.lot, part.share, part.span
    places = lot.places
    last = (
        span.total(BREAKDOWN, "M"),
        span.where(BREAKDOWN, "I", "L"),
        f"=L{row}-M{row}",
        rate(f"L{row}", f"M{row}"),
    )
    return [
        Cell(lot.id),
        Cell(lot.title),
        Cell(share.code),
        Cell(share.name),
        Cell(share.list_amount, span.total(BREAKDOWN, "K"), places),
        Cell(share.compared, span.where(BREAKDOWN, "H", "L"), places),
        Cell(share.saved, f"=E{row}-F{row}", places),
        Cell(share.savings_percent, rate(f"E{row}", f"F{row}"), 1),
        Cell(share.amount, span.total(BREAKDOWN, "L"), places),
        Cell(share.tax, tax(f"K{row}", f"I{row}", lot)),
        Cell(share.amount_with_tax, taxed(f"I{row}", lot)),
        *compared_cells(part.line.last, last, places),
    ]


def _breakdown(row: int, part: Part, item: ItemRow, at: int) -> list[Cell]:
    lot = part.lot
    places = lot.places
    before = None if item.last_price is None else item.last_price * item.quantity

    def price(column: str) -> str:
        return f"='{ITEMS}'!{column}{at}"

    return [
        Cell(lot.id),
        Cell(lot.title),
        Cell(part.share.code),
        Cell(part.share.name),
        Cell(item.name),
        Cell(item.unit),
        Cell(item.quantity),
        Cell(item.list_price, price("G"), places),
        Cell(item.last_price, price("M"), places),
        Cell(item.unit_price, price("H"), places),
        Cell(item.list_amount, f"=G{row}*H{row}", places),
        Cell(item.amount, f"=G{row}*J{row}", places),
        Cell(before, f"=G{row}*I{row}", places),
        Cell(at),
    ]


def _spans(lots: Iterable[str]) -> dict[str, Span]:
    """The rows that each lot takes up, where every row belongs to the lot it is given for."""
    rows: dict[str, list[int]] = {}
    for row, lot in enumerate(lots, FIRST):
        rows.setdefault(lot, []).append(row)
    return {lot: Span(taken[0], taken[-1]) for lot, taken in rows.items()}
