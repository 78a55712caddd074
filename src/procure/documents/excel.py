"""経費削減効果.xlsx: live sheets that work out the figures of the report again, and show the same."""

from collections.abc import Iterator
from datetime import datetime

from procure.documents.letterhead import SAMPLE, Letterhead
from procure.documents.method import method
from procure.documents.negotiated_sheets import add_negotiated_sheets
from procure.documents.savings_rows import (
    BASELINE_SHEET,
    BREAKDOWN,
    BREAKDOWN_COLUMNS,
    FIRST,
    ID,
    ITEM_COLUMNS,
    ITEMS,
    LOTS,
    METHOD,
    SHARE_COLUMNS,
    SHARES,
    SUPPLIERS,
    TITLE,
    Layout,
    Span,
    breakdown_rows,
    item_rows,
    layout,
    rate,
    share_rows,
    taxed,
)
from procure.documents.workbook import Cell, Column, Workbook
from procure.reports.report import LotReport, RoundReport
from procure.reports.savings import BASELINES, Line, SavingsReport, savings_report
from procure.reports.sums import total
from procure.settlement.baselines import WORDING, Baseline, Compared
from procure.settlement.result import Savings

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
BASELINE_COLUMNS = (
    ID,
    TITLE,
    Column("比較の基準", 18),
    Column("差の名称", 20),
    Column("基準額（税抜・円）", 16),
    Column("落札額（対象分、税抜・円）", 16),
    Column("差（税抜・円）", 16),
    Column("率（％）", 9),
    Column("対象の品目", 9),
    Column("全品目", 9),
    Column("落札金額（税抜・円）", 16),
    Column("対象の割合（％）", 9),
)
SUPPLIER_COLUMNS = (
    Column("落札者", 30),
    Column("件名（件）", 9),
    Column("落札金額（税抜・円）", 16),
    Column("定価額（税抜・円）", 16),
    Column("落札額（定価のある品目、税抜・円）", 18),
    Column("削減額（税抜・円）", 16),
    Column("値引率（％）", 9),
)
METHOD_COLUMNS = (Column("事項", 18), Column("内容", 100))


def savings_xlsx(report: RoundReport, letterhead: Letterhead, made_at: datetime) -> bytes:
    """The spreadsheet. Quantities and prices are typed in it once; a ceiling only where anybody may be told it."""
    at, savings = layout(report), savings_report(report)
    book = Workbook(f"{report.title}　経費削減効果", report.council, made_at)
    book.add_sheet(LOTS, LOT_COLUMNS, _lots(report, at))
    book.add_sheet(BASELINE_SHEET, BASELINE_COLUMNS, list(_baselines(savings, at)))
    book.add_sheet(ITEMS, ITEM_COLUMNS, item_rows(report, at))
    book.add_sheet(SHARES, SHARE_COLUMNS, share_rows(at))
    book.add_sheet(SUPPLIERS, SUPPLIER_COLUMNS, _suppliers(savings))
    book.add_sheet(BREAKDOWN, BREAKDOWN_COLUMNS, breakdown_rows(at))
    add_negotiated_sheets(book, savings)
    book.add_sheet(METHOD, METHOD_COLUMNS, _method(savings, letterhead))
    return book.content()


def _lots(report: RoundReport, at: Layout) -> list[list[Cell]]:
    rows = [
        _lot(row, lot, at.lot_items.get(lot.id), at.lot_shares.get(lot.id))
        for row, lot in enumerate(report.lots, FIRST)
    ]
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
        Cell(lot.award_with_tax, taxed(f"J{row}", lot)),
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
        Cell(savings.percent, rate(f"F{row}", f"G{row}"), 1),
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


def _compared(lot: LotReport, items: Span | None) -> str | None:
    """What was paid for the items that have a list price; a plain figure where the unit prices are unknown."""
    if items is None or _is_unpriced(lot):
        return None
    return items.where(ITEMS, "G", "J")


def _is_unpriced(lot: LotReport) -> bool:
    return any(item.amount is None for item in lot.items if item.quantity)


# ---- 基準別: a row for each baseline of each lot, and then for each over all lots -----------------------


def _baselines(savings: SavingsReport, at: Layout) -> Iterator[list[Cell]]:
    row = FIRST
    lots = {lot.id: place for place, lot in enumerate(savings.report.lots, FIRST)}
    for lot in savings.lots:
        for baseline in BASELINES:
            formulas = _of_lot(baseline, lot.report, lots[lot.report.id], at.lot_items[lot.report.id])
            yield _baseline(row, lot.line, baseline, formulas, lot.report.places)
            row += 1
    last = row - 1
    for baseline in BASELINES if savings.lots else ():
        yield _baseline(row, savings.total, baseline, _of_all(row, last), savings.report.places, "合計", "")
        row += 1


def _of_lot(baseline: Baseline, lot: LotReport, row: int, items: Span) -> dict[str, str]:
    """The formulas by their column. Other bids and ceilings are typed, and so is what a missing breakdown hides."""
    award = {"K": f"='{LOTS}'!J{row}"}
    match baseline:
        case Baseline.LIST_PRICE:
            own = {"E": f"='{LOTS}'!F{row}", "F": f"='{LOTS}'!G{row}", "I": f"=COUNT({items.of(ITEMS, 'G')})"}
        case Baseline.LAST_PRICE if _is_unpriced(lot):
            own = {}
        case Baseline.LAST_PRICE:
            own = {
                "E": items.total(ITEMS, "N"),
                "F": items.where(ITEMS, "M", "J"),
                "I": f"=COUNT({items.of(ITEMS, 'M')})",
            }
        case _:
            own = {"F": f"='{LOTS}'!J{row}"}
    return award | own


def _of_all(row: int, last: int) -> dict[str, str]:
    def column(letter: str) -> str:
        return f"=SUMIF(C${FIRST}:C${last},C{row},{letter}${FIRST}:{letter}${last})"

    return {letter: column(letter) for letter in "EFIJK"}


def _baseline(
    row: int,
    line: Line,
    baseline: Baseline,
    formulas: dict[str, str],
    places: int,
    id: str | None = None,
    title: str | None = None,
) -> list[Cell]:
    found, sums, wording = line.compared(baseline), line.sums[baseline], WORDING[baseline]
    return [
        Cell(line.id if id is None else id),
        Cell(line.name if title is None else title),
        Cell(wording.name),
        Cell(wording.difference),
        Cell(found.reference if found else None, formulas.get("E"), places),
        Cell(found.award if found else None, formulas.get("F"), places),
        Cell(found.difference if found else None, f"=E{row}-F{row}", places),
        Cell(found.percent if found else None, rate(f"E{row}", f"F{row}"), 1),
        Cell(sums.covered_items, formulas.get("I") if found else None),
        Cell(sums.items, formulas.get("J")),
        Cell(line.award_total, formulas["K"], places),
        _coverage(row, found),
    ]


def _coverage(row: int, found: Compared | None) -> Cell:
    return Cell(found.coverage_percent if found else None, f"=ROUND(F{row}*100/K{row},1)", 1)


# ---- 落札者別, 算定の方法 -----------------------------------------------------------------------------


def _suppliers(savings: SavingsReport) -> list[list[Cell]]:
    rows: dict[str, list[int]] = {line.id: [] for line in savings.suppliers}
    for row, lot in enumerate(savings.report.lots, FIRST):
        if lot.awarded:
            rows[lot.supplier].append(row)
    lines = [_supplier(row, line, rows[line.id], savings) for row, line in enumerate(savings.suppliers, FIRST)]
    return [
        *lines,
        _supplier(FIRST + len(lines), savings.total, [row for taken in rows.values() for row in taken], savings),
    ]


def _supplier(row: int, line: Line, lots: list[int], savings: SavingsReport) -> list[Cell]:
    """`lots` are its rows in 件名別."""
    places, found = savings.report.places, line.listed

    def column(letter: str) -> str:
        cells = ",".join(f"'{LOTS}'!{letter}{lot}" for lot in lots)
        return f"=SUM({cells})"

    return [
        Cell("合計" if line is savings.total else line.name),
        Cell(line.lots),
        Cell(line.award_total, column("J"), places),
        Cell(found.reference if found else None, column("F"), places),
        Cell(found.award if found else None, column("G"), places),
        Cell(found.difference if found else None, f"=D{row}-E{row}", places),
        Cell(found.percent if found else None, rate(f"D{row}", f"E{row}"), 1),
    ]


def _method(savings: SavingsReport, letterhead: Letterhead) -> list[list[Cell]]:
    report = savings.report
    about = [("案件", f"{report.title}（{report.id}）"), ("作成", report.council)]
    if letterhead.sample:
        about.append(("見本", SAMPLE))
    return [[Cell(label), Cell(text)] for label, text in (*about, *method(savings))]
