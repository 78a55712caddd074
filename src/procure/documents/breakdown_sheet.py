"""入札内訳書.xlsx: the items of a lot with their quantities, to be priced by a bidder in its yellow cells."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from procure.bids.breakdown_sheet import (
    AMOUNT,
    BREAKDOWN,
    FORMAT,
    KEY,
    LIST_PRICE,
    META,
    NAME,
    NOTE,
    NUMBER,
    PRICE,
    QUANTITY,
    SPECIFICATION,
    UNIT,
    asked_items,
    key_of,
)
from procure.documents.survey_cells import FONT, STYLES, FormWorksheet
from procure.documents.workbook import OPTIONS, Column
from procure.settlement.round import Item, Lot
from procure.values.quantity import MOST_YEN

COLUMNS = {
    NUMBER: Column("No.", 5),
    NAME: Column("品名", 26),
    SPECIFICATION: Column("型番・規格", 38),
    UNIT: Column("単位", 6),
    QUANTITY: Column("数量", 9),
    PRICE: Column("単価\n（税抜・円）", 14),
    AMOUNT: Column("金額\n（税抜・円）", 16),
    LIST_PRICE: Column("定価\n（税抜・円、任意）", 14),
    NOTE: Column("備考", 20),
}
HOW_TO = (
    "黄色のセルだけに記入してください。単価は全品目に必要です。値引きの行は設けられません。",
    "合計（税抜）が入札書の入札金額と一致しない入札は、無効になることがあります。",
)
FIRST = 8  # row of the first item, from 1; its heading stands above
LINE, MOST_LINES = 14, 20


@dataclass(frozen=True, slots=True)
class BreakdownSheet:
    """Of which lot and round, and when it was made; the same of all gives the same bytes."""

    round_ref: str
    title: str
    council: str
    is_sample: bool
    lot: Lot
    made_at: datetime


def breakdown_xlsx(sheet: BreakdownSheet) -> bytes:
    return _Writing(sheet).content()


class _Writing:
    """Rows and columns count from 1, as they do in the addresses that people read."""

    def __init__(self, sheet: BreakdownSheet) -> None:
        self._sheet = sheet
        self._content = BytesIO()
        self._book: Any = xlsxwriter.Workbook(self._content, OPTIONS)
        created = sheet.made_at.astimezone(UTC).replace(tzinfo=None)
        title = f"{sheet.title}　入札内訳書（{sheet.lot.title}）"
        self._book.set_properties({"title": title, "author": sheet.council, "created": created})
        self._formats: dict[str, Any] = {}
        self._page: Any = self._book.add_worksheet(BREAKDOWN, worksheet_class=FormWorksheet)
        self._price = "sum_fine" if sheet.lot.rules.price_decimals else "sum"

    def content(self) -> bytes:
        self._write_head()
        last = FIRST - 1
        for place, (item, quantity) in enumerate(asked_items(self._sheet.lot), start=1):
            last = FIRST - 1 + place
            self._write_item(last, place, item, quantity)
        self._write_total(last)
        self._set_page(last)
        self._write_meta()
        self._book.close()
        return self._content.getvalue()

    def _write_head(self) -> None:
        sheet = self._sheet
        sample = "（見本）" if sheet.is_sample else ""
        self._text(1, NUMBER, f"入札内訳書{sample}", "title")
        self._text(2, NUMBER, f"件名：{sheet.title}　{sheet.lot.title}", "bold")
        self._text(3, NUMBER, "入札者：", "bold")
        self._blank(3, NAME, "yellow_text")
        self._blank(3, SPECIFICATION, "yellow_text")
        for row, text in enumerate(HOW_TO, start=4):
            self._text(row, NUMBER, text, "plain")
        for column, head in COLUMNS.items():
            self._text(FIRST - 1, column, head.title, "head")
        self._page.set_row(FIRST - 2, 32)

    def _write_item(self, row: int, place: int, item: Item, quantity: int) -> None:
        self._text(row, KEY, key_of(item), "plain")
        self._number(row, NUMBER, place, "number")
        for column, text in ((NAME, item.name), (SPECIFICATION, item.specification), (UNIT, item.unit)):
            self._text(row, column, text, "cell")
        self._number(row, QUANTITY, quantity, "number")
        for column in (PRICE, LIST_PRICE):
            self._blank(row, column, "yellow_price")
            self._page.data_validation(row - 1, column - 1, row - 1, column - 1, _amounts())
        price, count = (xl_rowcol_to_cell(row - 1, column - 1) for column in (PRICE, QUANTITY))
        self._formula(row, AMOUNT, f'=IF({price}="","",{price}*{count})', "", self._price)
        self._blank(row, NOTE, "yellow_text")
        lines = max(COLUMNS[NAME].lines_of(item.name), COLUMNS[SPECIFICATION].lines_of(item.specification))
        self._page.set_row(row - 1, LINE * min(lines, MOST_LINES) + 4)

    def _write_total(self, last: int) -> None:
        total = last + 1
        for column in COLUMNS:
            self._text(total, column, "合計（税抜）＝入札金額" if column == NAME else "", "total")
        column = xl_rowcol_to_cell(0, AMOUNT - 1).rstrip("1")
        style = "total_fine" if self._sheet.lot.rules.price_decimals else "total"
        self._formula(total, AMOUNT, f"=SUM({column}{FIRST}:{column}{last})" if last >= FIRST else "=0", 0, style)

    def _set_page(self, last: int) -> None:
        page = self._page
        page.set_column(KEY - 1, KEY - 1, 4, None, {"hidden": True})
        for column, head in COLUMNS.items():
            page.set_column(column - 1, column - 1, head.width)
        page.freeze_panes(FIRST - 1, NAME)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.repeat_rows(FIRST - 2)
        page.print_area(0, 0, last, NOTE - 1)
        page.set_footer(f"&L{self._sheet.round_ref}　{self._sheet.lot.id}&R&P ／ &N")
        # Without a password: it keeps from slips of the hand, not from people.
        page.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})

    def _write_meta(self) -> None:
        meta = self._book.add_worksheet(META)
        said = {"format": FORMAT, "round": self._sheet.round_ref, "lot": self._sheet.lot.id}
        for row, (label, text) in enumerate(said.items()):
            meta.write_string(row, 0, label)
            meta.write_string(row, 1, text)
        meta.very_hidden()

    # ---- cells

    def _text(self, row: int, column: int, text: str, style: str) -> None:
        self._page.write_string(row - 1, column - 1, text, self._format(style))

    def _blank(self, row: int, column: int, style: str) -> None:
        self._page.write_blank(row - 1, column - 1, None, self._format(style))

    def _number(self, row: int, column: int, value: int, style: str) -> None:
        self._page.write_number(row - 1, column - 1, Decimal(value), self._format(style))

    def _formula(self, row: int, column: int, formula: str, value: object, style: str) -> None:
        self._page.write_formula(row - 1, column - 1, formula, self._format(style), value)

    def _format(self, style: str) -> Any:
        if style not in self._formats:
            self._formats[style] = self._book.add_format({"font_name": FONT, "font_size": 10, **STYLES[style]})
        return self._formats[style]


def _amounts() -> dict[str, object]:
    return {
        "validate": "decimal",
        "criteria": "between",
        "minimum": 0,
        "maximum": MOST_YEN,
        "error_title": "単価の記入",
        "error_message": "税抜の単価を0以上の数字で記入してください。",
    }
