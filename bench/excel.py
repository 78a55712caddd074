"""The Excel table of 1,741 bodies × 50 items: ours, with formulas and formats, against XlsxWriter alone."""

from datetime import date, datetime
from io import BytesIO

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from bench.measure import Compared, medians
from procure.clock import JAPAN
from procure.documents.consolidated import consolidated_xlsx
from procure.documents.letterhead import Letterhead
from procure.reports.consolidated import BodyCounts, Column, Consolidated, Count, LotCounts, summed

BODIES, ITEMS = 1741, 50
TURNS = 5
TARGET = 2.0
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=JAPAN)


def measured() -> Compared:
    table, letterhead = a_table(), Letterhead("協議会")
    found = medians({"ours": lambda: consolidated_xlsx(table, letterhead, NOW), "bare": lambda: bare(table)}, TURNS)
    ratio = found["ours"] / found["bare"]
    what = f"Excel of {BODIES:,} bodies × {ITEMS} items"
    return Compared(what, found["ours"], found["bare"], ratio, f"≤ {TARGET:g}", ratio <= TARGET)


def bare(table: Consolidated) -> bytes:
    """The same cells: codes, names, numbers in one format, a sum for each row and each column."""
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    number, sheet = book.add_format({"num_format": "#,##0"}), book.add_worksheet()
    (lot,) = table.lots
    last = xl_col_to_name(ITEMS + 1)
    for at, body in enumerate(lot.bodies, start=1):
        sheet.write_string(at, 0, body.code)
        sheet.write_string(at, 1, body.name)
        for across, count in enumerate(body.counts, start=2):
            sheet.write_number(at, across, count.quantity, number)
        sheet.write_formula(at, ITEMS + 2, f"=SUM(C{at + 1}:{last}{at + 1})", number, body.total.quantity)
    for across, column in enumerate(lot.columns, start=2):
        letter = xl_col_to_name(across)
        sheet.write_formula(BODIES + 1, across, f"=SUM({letter}2:{letter}{BODIES + 1})", number, column.total.quantity)
    book.close()
    return content.getvalue()


def a_table() -> Consolidated:
    counts = [tuple(Count((at * 7 + n) % 90) for n in range(ITEMS)) for at in range(BODIES)]
    bodies = tuple(
        BodyCounts(f"{at:06}", f"第{at}市", own, summed(own, compared=False)) for at, own in enumerate(counts)
    )
    columns = tuple(_column(n, [own[n] for own in counts]) for n in range(ITEMS))
    lot = LotCounts("pc", "パソコン", columns, bodies, summed([one.total for one in columns], compared=False))
    day = date(2027, 1, 15)
    return Consolidated("R8-1", "令和８年度　共同調達", "協議会", 2026, day, False, NOW, None, None, (lot,))


def _column(number: int, counts: list[Count]) -> Column:
    takers = sum(count.quantity > 0 for count in counts)
    return Column(f"i{number}", f"品目{number}", "仕様", "台", summed(counts, compared=False), takers)
