"""調査票.xlsx: the survey of a round for one body to fill in, protected but for its yellow cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from procure.demand.answer import lot_field, paid_field, quantity_field, spares_field
from procure.demand.sheet import (
    AMOUNT,
    ANSWER,
    CODE,
    FORMAT,
    KEY,
    LAST,
    LIST_PRICE,
    LOT_LABELS,
    MAIN,
    META,
    NAME,
    PAID,
    SPARES,
    SUM,
    SURVEY,
    UNIT,
    SheetField,
    SheetItem,
    SheetLot,
    Unread,
    sheet_fields,
)
from procure.documents.survey_cells import FONT, STYLES, FormWorksheet, validation
from procure.documents.workbook import OPTIONS
from procure.values.era import wareki_time
from procure.values.money import Yen, format_decimal, whole_or_exact

HEADS = {
    CODE: ("コード", 13),
    NAME: ("品名・項目", 27),
    ANSWER: ("規格・仕様／記入欄", 38),
    UNIT: ("単位", 6),
    LIST_PRICE: ("定価\n（税抜・円）", 12),
    LAST: ("前回\n数量", 9),
    MAIN: ("数量\n（本体）", 10),
    SPARES: ("数量\n（予備）", 10),
    SUM: ("数量計", 10),
    PAID: ("前回の購入単価\n（税抜・円、任意）", 16),
    AMOUNT: ("定価による額\n（税抜・円）", 15),
}
HOW_TO = (
    "記入のしかた：黄色のセルだけに記入してください。不要な品目は、行を消さずに空欄のままにします。数量には予備を含めず、予備は別の列に記入します。",
    "ロットごとに「参加の有無」を必ず選んでください。記入したら.xlsxの形式のまま保存し、画面の「Excelから取り込む」から取り込みます。",
)
LINE_HEIGHT, MOST_LINES = 14, 20  # points; a row is 409 points high at most
OPEN_PRICE = "オープン価格"
FIRST_LOT = 6  # row, from 1; the heading of the table stands above it


@dataclass(frozen=True, slots=True)
class SurveySheet:
    """A round's survey for one body. `typed` are the fields as they stand, `version` that of the body's answer."""

    round_ref: str
    title: str
    council: str
    is_sample: bool
    body_code: str
    body_name: str
    deadline: datetime | None
    lots: tuple[SheetLot, ...]
    typed: Mapping[str, str]
    version: int
    made_at: datetime


def survey_xlsx(sheet: SurveySheet) -> bytes:
    """The same survey and the same moment give the same bytes."""
    return _Writing(sheet).content()


class _Writing:
    """One sheet being written; rows and columns count from 1, as they do in the addresses that people read."""

    def __init__(self, sheet: SurveySheet) -> None:
        self._sheet = sheet
        self._content = BytesIO()
        self._book: Any = xlsxwriter.Workbook(self._content, OPTIONS)
        created = sheet.made_at.astimezone(UTC).replace(tzinfo=None)
        title = f"{sheet.title}　調査票（{sheet.body_name}）"
        self._book.set_properties({"title": title, "author": sheet.council, "created": created})
        self._formats: dict[str, Any] = {}
        self._page: Any = self._book.add_worksheet(SURVEY, worksheet_class=FormWorksheet)
        self._fields = {field.name: field for field in sheet_fields(sheet.lots)}
        self._sums: list[int] = []
        self._row = 0

    def content(self) -> bytes:
        self._write_head()
        for lot in self._sheet.lots:
            self._write_lot(lot)
        self._write_total()
        self._set_page()
        self._write_meta()
        self._book.close()
        return self._content.getvalue()

    # ---- parts of the page

    def _write_head(self) -> None:
        sheet = self._sheet
        deadline = wareki_time(sheet.deadline) if sheet.deadline else "未定"
        sample = "（見本）" if sheet.is_sample else ""
        self._line(f"{sheet.title}　需要調査票{sample}", "title")
        self._line(f"団体：{sheet.body_name}（{sheet.body_code}）　　登録期限：{deadline}　　{sheet.council}", "bold")
        for text in HOW_TO:
            self._line(text, "plain")
        self._row += 1
        for column, (label, _) in HEADS.items():
            self._text(column, label, "head")
        self._page.set_row(self._row - 1, 32)

    def _write_lot(self, lot: SheetLot) -> None:
        self._row += 1
        for column in HEADS:
            self._text(column, lot.title if column == CODE else "", "band")
        for what in lot.questions:
            self._write_question(lot, what)
        first = self._row + 1
        for item in lot.items:
            self._write_item(item)
        self._write_sums(f"{lot.title}　計", lot.items, [f"{first}:{self._row}"] if lot.items else [])
        self._sums.append(self._row)

    def _write_question(self, lot: SheetLot, what: str) -> None:
        self._row += 1
        field = self._fields[lot_field(what, lot.id)]
        self._text(KEY, field.key, "plain")
        self._text(CODE, lot.ref, "cell")
        self._text(NAME, LOT_LABELS[what], "cell")
        self._heighten({ANSWER: self._sheet.typed.get(field.name, ""), CODE: lot.ref})
        self._write_field(field, "yen" if what == "budget" else "text")

    def _write_item(self, item: SheetItem) -> None:
        self._row += 1
        self._heighten({NAME: item.name, ANSWER: item.specification, CODE: item.ref})
        self._text(KEY, item.key, "plain")
        for column, text in ((CODE, item.ref), (NAME, item.name), (ANSWER, item.specification), (UNIT, item.unit)):
            self._text(column, text, "cell")
        if item.list_price is None:
            self._text(LIST_PRICE, OPEN_PRICE, "right")
        else:
            self._number(LIST_PRICE, item.list_price, _style_of("number", item.list_price))
        if item.last is None:
            self._text(LAST, "前回なし", "right")
        else:
            self._number(LAST, item.last, "number")
        self._write_field(self._fields[quantity_field(item.id)], "quantity")
        self._write_field(self._fields[spares_field(item.id)], "quantity")
        self._write_field(self._fields[paid_field(item.id)], "price")
        self._formula(SUM, f"=SUM({self._at(MAIN)}:{self._at(SPARES)})", self._quantity(item), "sum")
        if item.list_price is None:
            self._text(AMOUNT, "", "cell")
        else:
            amount = f"={self._at(LIST_PRICE)}*{self._at(SUM)}"
            self._formula(AMOUNT, amount, self._amount(item), _style_of("sum", item.list_price))

    def _write_total(self) -> None:
        items = [item for lot in self._sheet.lots for item in lot.items]
        self._write_sums("合計", items, [str(row) for row in self._sums])

    def _write_sums(self, label: str, items: Sequence[SheetItem], rows: Sequence[str]) -> None:
        """`rows` are single rows, or spans such as 8:12, of the columns that are summed."""
        self._row += 1
        for column in HEADS:
            self._text(column, label if column == NAME else "", "total")
        cached = {
            MAIN: sum(self._count(quantity_field(item.id)) for item in items),
            SPARES: sum(self._count(spares_field(item.id)) for item in items),
            SUM: sum(self._quantity(item) for item in items),
            AMOUNT: whole_or_exact(sum(self._amount(item) for item in items)),
        }
        for column, value in cached.items():
            letter = xl_rowcol_to_cell(0, column - 1).rstrip("1")
            spans = ",".join(":".join(f"{letter}{row}" for row in span.split(":")) for span in rows)
            self._formula(column, f"=SUM({spans or 0})", value, _style_of("total", value))

    def _set_page(self) -> None:
        page = self._page
        page.set_column(KEY - 1, KEY - 1, 4, None, {"hidden": True})
        for column, (_, width) in HEADS.items():
            page.set_column(column - 1, column - 1, width)
        page.freeze_panes(FIRST_LOT - 1, NAME)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.repeat_rows(FIRST_LOT - 2)
        page.print_area(0, 0, self._row - 1, AMOUNT - 1)
        page.set_footer(f"&L{self._sheet.round_ref}　{self._sheet.body_code}&R&P ／ &N")
        # Without a password: it keeps from slips of the hand, not from people.
        page.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})

    def _write_meta(self) -> None:
        sheet = self._sheet
        meta = self._book.add_worksheet(META)
        said = {"format": FORMAT, "round": sheet.round_ref, "body": sheet.body_code, "version": str(sheet.version)}
        for row, (label, text) in enumerate({**said, "made_at": sheet.made_at.isoformat(timespec="seconds")}.items()):
            meta.write_string(row, 0, label)
            meta.write_string(row, 1, text)
        meta.very_hidden()

    # ---- cells to fill in

    def _write_field(self, field: SheetField, kind: str) -> None:
        typed = self._sheet.typed.get(field.name, "")
        value, at = field.value(typed), (self._row - 1, field.column - 1)
        format_ = self._format(f"yellow_{kind}")
        if value is None:
            self._page.write_blank(*at, None, format_)
        elif kind == "text" or isinstance(value, Unread):
            self._page.write_string(*at, field.shown(typed), format_)
        else:
            self._page.write_number(*at, _exact(value), format_)  # type: ignore[arg-type]
        self._page.data_validation(*at, *at, validation(field.name.partition("-")[0], kind))

    def _count(self, name: str) -> int:
        value = self._fields[name].value(self._sheet.typed.get(name, ""))
        return value if isinstance(value, int) else 0

    def _quantity(self, item: SheetItem) -> int:
        return self._count(quantity_field(item.id)) + self._count(spares_field(item.id))

    def _amount(self, item: SheetItem) -> Yen:
        return whole_or_exact((item.list_price or 0) * self._quantity(item))

    # ---- cells

    def _heighten(self, texts: Mapping[int, str]) -> None:
        """Room for texts that need several lines: Excel works heights out only for rows that it writes itself."""
        lines = max(_lines(text, HEADS[column][1]) for column, text in texts.items())
        self._page.set_row(self._row - 1, LINE_HEIGHT * min(lines, MOST_LINES) + 4)

    def _line(self, text: str, style: str) -> None:
        self._row += 1
        self._text(CODE, text, style)

    def _text(self, column: int, text: str, style: str) -> None:
        self._page.write_string(self._row - 1, column - 1, text, self._format(style))

    def _number(self, column: int, value: Yen, style: str) -> None:
        self._page.write_number(self._row - 1, column - 1, _exact(value), self._format(style))

    def _formula(self, column: int, formula: str, value: Yen, style: str) -> None:
        self._page.write_formula(self._row - 1, column - 1, formula, self._format(style), _exact(value))

    def _at(self, column: int) -> str:
        return str(xl_rowcol_to_cell(self._row - 1, column - 1))

    def _format(self, style: str) -> Any:
        if style not in self._formats:
            self._formats[style] = self._book.add_format({"font_name": FONT, "font_size": 10, **STYLES[style]})
        return self._formats[style]


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column, whose width counts narrow characters."""
    wide = ("W", "F", "A")
    needed = (sum(2 if east_asian_width(sign) in wide else 1 for sign in line) for line in text.split("\n"))
    return sum(max(1, -(-narrow // int(width - 2))) for narrow in needed)


def _exact(value: Yen) -> Decimal:
    return Decimal(format_decimal(value))


def _style_of(style: str, value: Yen) -> str:
    return style if isinstance(value, int) else f"{style}_fine"
