"""経費削減効果.xlsx: lots, items, bodies and method as live sheets that show the same figures as the report."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from procure.documents.letterhead import SAMPLE, Letterhead
from procure.documents.method import method
from procure.documents.workbook import Cell, Column, Workbook
from procure.reports.report import ItemRow, LotReport, RoundReport, ShareRow
from procure.reports.savings import savings_report
from procure.reports.sums import total
from procure.settlement.result import Savings

LOTS, ITEMS, SHARES, METHOD = "件名別", "品目別", "市町村別", "算定の方法"
ID, TITLE = Column("件名番号", 12), Column("件名", 26)
LOT_COLUMNS = (
    ID,
    TITLE,
    Column("結果", 10),
    Column("落札者", 26),
    Column("参加団体数", 9),
    Column("定価総額（税抜・円）", 16),
    Column("落札総額（定価のある品目、税抜・円）", 18),
    Column("削減額（税抜・円）", 16),
    Column("値引率（％）", 9),
    Column("落札金額（税抜・円）", 16),
    Column("契約金額（一括、税込・円）", 16),
    Column("市町村別の合計（税抜・円）", 16),
    Column("市町村別の合計（税込・円）", 16),
    Column("税の端数差（円）", 10),
)
ITEM_COLUMNS = (
    ID,
    TITLE,
    Column("品目", 30),
    Column("仕様", 40),
    Column("単位", 6),
    Column("数量", 9),
    Column("定価（税抜・円）", 13),
    Column("落札単価（税抜・円）", 13),
    Column("定価額（税抜・円）", 16),
    Column("落札額（税抜・円）", 16),
    Column("削減額（税抜・円）", 16),
    Column("値引率（％）", 9),
)
SHARE_COLUMNS = (
    ID,
    TITLE,
    Column("団体コード", 10),
    Column("団体名", 18),
    Column("定価額（税抜・円）", 16),
    Column("契約額（定価のある品目、税抜・円）", 18),
    Column("削減額（税抜・円）", 16),
    Column("値引率（％）", 9),
    Column("契約額（税抜・円）", 16),
    Column("消費税等（円）", 14),
    Column("契約額（税込・円）", 16),
)
METHOD_COLUMNS = (Column("事項", 18), Column("内容", 100))
FIRST = 2  # the row under the heading


@dataclass(frozen=True, slots=True)
class Span:
    """Rows of a sheet that stand one after another."""

    first: int
    last: int

    def of(self, sheet: str, column: str) -> str:
        return f"'{sheet}'!{column}{self.first}:{column}{self.last}"

    def total(self, sheet: str, column: str) -> str:
        return f"=SUM({self.of(sheet, column)})"


def savings_xlsx(report: RoundReport, letterhead: Letterhead, made_at: datetime) -> bytes:
    """The spreadsheet: formulas, and the figures as they stand beside them. No ceiling and no bid is in it."""
    items = [(lot, item) for lot in report.awarded for item in lot.items if item.quantity]
    shares = [(lot, share) for lot in report.awarded for share in lot.municipalities]
    book = Workbook(f"{report.title}　経費削減効果", report.council, made_at)
    book.add_sheet(LOTS, LOT_COLUMNS, _lots(report, _spans(lot for lot, _ in items), _spans(lot for lot, _ in shares)))
    book.add_sheet(ITEMS, ITEM_COLUMNS, [_item(row, lot, item) for row, (lot, item) in enumerate(items, FIRST)])
    book.add_sheet(SHARES, SHARE_COLUMNS, [_share(row, lot, share) for row, (lot, share) in enumerate(shares, FIRST)])
    book.add_sheet(METHOD, METHOD_COLUMNS, _method(report, letterhead))
    return book.content()


def _item(row: int, lot: LotReport, item: ItemRow) -> list[Cell]:
    places = lot.places
    return [
        Cell(lot.id),
        Cell(lot.title),
        Cell(item.name),
        Cell(item.specification),
        Cell(item.unit),
        Cell(item.quantity),
        Cell(item.list_price, places=places),
        Cell(item.unit_price, places=places),
        Cell(item.list_amount, f"=F{row}*G{row}", places),
        Cell(item.amount, f"=F{row}*H{row}", places),
        Cell(item.saved, f"=I{row}-J{row}", places),
        Cell(item.savings_percent, _percent(f"I{row}", f"J{row}"), 1),
    ]


def _share(row: int, lot: LotReport, share: ShareRow) -> list[Cell]:
    places = lot.places
    return [
        Cell(lot.id),
        Cell(lot.title),
        Cell(share.code),
        Cell(share.name),
        Cell(share.list_amount, places=places),
        Cell(share.compared, places=places),
        Cell(share.saved, f"=E{row}-F{row}", places),
        Cell(share.savings_percent, _percent(f"E{row}", f"F{row}"), 1),
        Cell(share.amount, places=places),
        Cell(share.tax, f"=K{row}-INT(I{row})"),
        Cell(share.amount_with_tax, _with_tax(f"I{row}", lot)),
    ]


def _lots(report: RoundReport, items: Mapping[str, Span], shares: Mapping[str, Span]) -> list[list[Cell]]:
    rows = [_lot(row, lot, items.get(lot.id), shares.get(lot.id)) for row, lot in enumerate(report.lots, FIRST)]
    return [*rows, _sums(FIRST + len(rows), report)]


def _lot(row: int, lot: LotReport, items: Span | None, shares: Span | None) -> list[Cell]:
    """`items` and `shares` are the rows of the lot in the other sheets, None where it has none."""
    places = lot.places
    return [
        Cell(lot.id),
        Cell(lot.title),
        Cell(lot.outcome_label),
        Cell(lot.winner),
        Cell(lot.participants),
        *_savings(row, lot.savings, items.total(ITEMS, "I") if items else None, _compared(lot, items), places),
        Cell(lot.award_total, places=places),
        Cell(lot.award_with_tax, _with_tax(f"J{row}", lot)),
        Cell(lot.shares_total if lot.awarded else None, shares.total(SHARES, "I") if shares else None, places),
        Cell(lot.shares_with_tax if lot.awarded else None, shares.total(SHARES, "K") if shares else None),
        Cell(lot.rounding_gap, f"=K{row}-M{row}"),
    ]


def _savings(row: int, savings: Savings | None, listed: str | None, paid: str | None, places: int) -> list[Cell]:
    """定価総額, 落札総額, 削減額 and 値引率 in columns F to I, from the formulas of the first two."""
    if savings is None:
        return [Cell(None)] * 4
    return [
        Cell(savings.list_total, listed, places),
        Cell(savings.award_total, paid, places),
        Cell(savings.saved, f"=F{row}-G{row}", places),
        Cell(savings.percent, _percent(f"F{row}", f"G{row}"), 1),
    ]


def _sums(row: int, report: RoundReport) -> list[Cell]:
    awarded = report.awarded
    places = max((lot.places for lot in awarded), default=0)

    def column(letter: str) -> str:
        return f"=SUM({letter}{FIRST}:{letter}{row - 1})"

    return [
        Cell("合計"),
        Cell(""),
        Cell(""),
        Cell(""),
        Cell(report.participants),
        *_savings(row, report.savings, column("F"), column("G"), places),
        Cell(report.award_total, column("J"), places),
        Cell(report.award_with_tax, column("K")),
        Cell(total(lot.shares_total for lot in awarded), column("L"), places),
        Cell(total(lot.shares_with_tax for lot in awarded), column("M")),
        Cell(report.rounding_gap, f"=K{row}-M{row}"),
    ]


def _method(report: RoundReport, letterhead: Letterhead) -> list[list[Cell]]:
    about = [("案件", f"{report.title}（{report.id}）"), ("作成", report.council)]
    if letterhead.sample:
        about.append(("見本", SAMPLE))
    return [[Cell(label), Cell(text)] for label, text in (*about, *method(savings_report(report)))]


def _percent(listed: str, paid: str) -> str:
    return f"=ROUND(({listed}-{paid})*100/{listed},1)"


def _with_tax(amount: str, lot: LotReport) -> str:
    """Whole numbers only, which a spreadsheet multiplies and divides without error: × 11 ÷ 10, not × 1.1."""
    factor = 1 + lot.tax_rate
    return f"=INT({amount}*{factor.numerator}/{factor.denominator})"


def _compared(lot: LotReport, items: Span | None) -> str | None:
    """What was paid for the items that have a list price; a plain figure where the unit prices are unknown."""
    if items is None or any(item.amount is None for item in lot.items if item.quantity):
        return None
    return f'=SUMIF({items.of(ITEMS, "G")},">0",{items.of(ITEMS, "J")})'


def _spans(lots: Iterable[LotReport]) -> dict[str, Span]:
    """The rows that each lot takes up, where every row belongs to the lot it is given for."""
    rows: dict[str, list[int]] = {}
    for row, lot in enumerate(lots, FIRST):
        rows.setdefault(lot.id, []).append(row)
    return {lot: Span(taken[0], taken[-1]) for lot, taken in rows.items()}
