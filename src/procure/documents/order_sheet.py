"""発注書.xlsx: the order forms of a body, a sheet for each, to fill in and to print; the amounts stay live."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from itertools import zip_longest
from typing import Any

import xlsxwriter

from procure.documents.letterhead import Letterhead
from procure.documents.orders import facts, order_id, orderer
from procure.documents.survey_cells import FONT, PALE, RULE
from procure.documents.workbook import OPTIONS, Column, column_name
from procure.reports.businesses import Business
from procure.reports.orders import Order
from procure.reports.report import ItemRow, RoundReport
from procure.values.money import Yen, format_decimal

NAME, SPECIFICATION, UNIT, QUANTITY, SPARES, PRICE, AMOUNT = range(1, 8)
COLUMNS = {
    NAME: Column("品目", 27),
    SPECIFICATION: Column("型番・規格", 27),
    UNIT: Column("単位", 6),
    QUANTITY: Column("数量", 10),
    SPARES: Column("うち予備", 9),
    PRICE: Column("契約単価\n（税抜・円）", 14),
    AMOUNT: Column("金額\n（税抜・円）", 17),
}
FINEST = 2  # decimals of a price that is still to be filled in
TO_FILL_IN = ("担当課", "担当者", "電話")
BEFORE_ITEMS, SUMS = 2, 3  # rows
LINE, MOST_LINES = 15, 26  # points; a row is 409 points high at most
WIDEST = 40  # characters in a line of what is ordered
_BOX = {"border": 1, "border_color": RULE, "valign": "vcenter"}
STYLES: dict[str, dict[str, object]] = {
    "plain": {"text_wrap": True, "valign": "top"},
    "title": {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"},
    "label": {"align": "right", "valign": "bottom"},
    "fill": {"bottom": 1, "align": "center", "valign": "bottom"},
    "seal": {"align": "right", "valign": "top", "font_color": RULE},
    "head": {**_BOX, "text_wrap": True, "bold": True, "align": "center", "bg_color": PALE},
    "cell": {**_BOX, "text_wrap": True},
    "unit": {**_BOX, "align": "center"},
    "count": {**_BOX, "num_format": "#,##0"},
    "sum": {**_BOX, "bold": True},
    "total": {**_BOX, "bold": True, "bg_color": PALE},
    "words": {**_BOX, "bold": True, "bg_color": PALE, "align": "left", "font_size": 12, "num_format": '"金"#,##0"円"'},
    "remarks": {**_BOX, "text_wrap": True, "valign": "top"},
}


def orders_xlsx(report: RoundReport, orders: Sequence[Order], letterhead: Letterhead, made_at: datetime) -> bytes:
    """At least one order, all of one body. The same orders and the same moment give the same bytes."""
    content = BytesIO()
    book: Any = xlsxwriter.Workbook(content, OPTIONS)
    created = made_at.astimezone(UTC).replace(tzinfo=None)
    title = f"{report.title}　発注書（{orders[0].body.name}）"
    book.set_properties({"title": title, "author": report.council, "created": created})
    formats: dict[tuple[str, int | None], Any] = {}
    for order in orders:
        name = f"発注書{order.number}" if len(orders) > 1 else "発注書"
        _Form(report, order, letterhead, book, book.add_worksheet(name), formats).write()
    book.close()
    return content.getvalue()


class _Form:
    """One form being written; rows and columns count from 1, as they do in the addresses that people read."""

    def __init__(
        self,
        report: RoundReport,
        order: Order,
        letterhead: Letterhead,
        book: Any,
        page: Any,
        formats: dict[tuple[str, int | None], Any],
    ) -> None:
        self._report, self._order, self._letterhead = report, order, letterhead
        self._book, self._page, self._formats = book, page, formats
        self._places = order.lot.places if order.priced else FINEST
        self._row = self._head = 0

    def write(self) -> None:
        self._write_head()
        self._write_parties()
        self._write_facts()
        self._write_items()
        self._write_sums()
        self._write_remarks()
        self._set_page()

    def _write_head(self) -> None:
        for label, text in (("発注番号", ""), ("発注年月日", "令和　　年　　月　　日")):
            self._next()
            self._text(SPARES, label, "label")
            self._merge(PRICE, AMOUNT, text, "fill")
        self._next(30)
        self._merge(NAME, AMOUNT, "発注書（見本）" if self._letterhead.sample else "発注書", "title")

    def _write_parties(self) -> None:
        """宛先 on the left, 発注者 on the right, line by line."""
        left = tuple(_addressee(self._order.contractor))
        right = ("発注者", orderer(self._order.body), *TO_FILL_IN)
        for text, own in zip_longest(left, right, fillvalue=""):
            self._next(LINE * max(_lines(text, NAME, SPECIFICATION), _lines(own, QUANTITY, PRICE)) + 3)
            self._merge(NAME, SPECIFICATION, text, "plain")
            self._write_own(own)
        self._next()
        self._next()
        self._text(NAME, "次のとおり発注します。", "plain")

    def _write_own(self, text: str) -> None:
        """A line of 発注者, with the place for its seal or with one to write on."""
        if text in TO_FILL_IN:
            self._text(QUANTITY, text, "plain")
            self._merge(SPARES, AMOUNT, "", "fill")
        elif text:
            self._merge(QUANTITY, PRICE, text, "plain")
            self._text(AMOUNT, "" if text == "発注者" else "印", "seal")

    def _write_facts(self) -> None:
        for label, text in facts(self._report, self._order, self._letterhead, is_whole=True):
            for place, part in enumerate(_parts(text)):
                self._next(LINE * _lines(part, SPECIFICATION, AMOUNT) + 3)
                self._text(NAME, "" if place else label, "cell")
                self._merge(SPECIFICATION, AMOUNT, part, "cell")
        self._next(21)
        self._text(NAME, "発注金額（税込）", "total")
        self._merge(SPECIFICATION, AMOUNT, "", "words")
        total = self._row + BEFORE_ITEMS + len(self._order.share.items) + SUMS
        self._formula(SPECIFICATION, f"={_at(AMOUNT, total)}", self._order.share.amount_with_tax, "words")

    def _write_items(self) -> None:
        self._next(8)
        self._next(LINE * 2 + 3)
        self._head = self._row
        for column, head in COLUMNS.items():
            self._text(column, head.title, "head")
        for item in self._order.share.items:
            self._write_item(item)

    def _write_item(self, item: ItemRow) -> None:
        self._next(LINE * max(_lines(item.name, NAME), _lines(item.specification or "", SPECIFICATION)) + 3)
        self._text(NAME, item.name, "cell")
        self._text(SPECIFICATION, item.specification or "", "cell")
        self._text(UNIT, item.unit, "unit")
        self._number(QUANTITY, item.quantity, "count")
        self._number(SPARES, self._order.spares.get(item.id) or None, "count")
        self._number(PRICE, item.unit_price if self._order.priced else None, "cell", self._places)
        price, quantity = _at(PRICE, self._row), _at(QUANTITY, self._row)
        amount = f'=IF(ISNUMBER({price}),ROUND({quantity}*{price},{self._places}),"")'
        self._formula(AMOUNT, amount, item.amount if self._order.priced else None, "cell", self._places)

    def _write_sums(self) -> None:
        share, lot = self._order.share, self._order.lot
        rows = f"{_at(AMOUNT, self._head + 1)}:{_at(AMOUNT, self._row)}"
        subtotal, total = _at(AMOUNT, self._row + 1), _at(AMOUNT, self._row + SUMS)
        added = f"ROUND(SUM({rows}),{self._places})"
        self._sum("小計（税抜）", f'=IF(COUNT({rows})=ROWS({rows}),{added},"")', share.amount, "sum", self._places)
        taxed = f'=IF({subtotal}="","",{total}-INT({subtotal}))'
        self._sum(f"消費税及び地方消費税（{lot.tax_percent}％、１円未満切捨て）", taxed, share.tax, "sum", 0)
        self._sum(
            "合計（税込）", f'=IF({subtotal}="","",{self._with_tax(subtotal)})', share.amount_with_tax, "total", 0
        )

    def _with_tax(self, amount: str) -> str:
        """Of whole numbers only, which a spreadsheet multiplies without error: × 11 ÷ 10, not × 1.1."""
        factor, scale = 1 + self._order.lot.tax_rate, 10**self._places
        return f"INT(ROUND({amount}*{scale},0)*{factor.numerator}/{factor.denominator * scale})"

    def _sum(self, label: str, formula: str, value: Yen | None, style: str, places: int) -> None:
        self._next(LINE + 3)
        self._merge(NAME, PRICE, label, style)
        self._formula(AMOUNT, formula, value, style, places)

    def _write_remarks(self) -> None:
        self._next(LINE * 3)
        self._text(NAME, "備考", "remarks")
        self._merge(SPECIFICATION, AMOUNT, "", "remarks")

    def _set_page(self) -> None:
        page = self._page
        for column, wanted in COLUMNS.items():
            page.set_column(column - 1, column - 1, wanted.width, self._format("plain"))
        page.set_portrait()
        page.set_paper(9)  # A4
        page.set_margins(left=0.8, right=0.6, top=0.7, bottom=0.8)
        page.center_horizontally()
        page.fit_to_pages(1, 0)
        page.repeat_rows(self._head - 1)
        page.print_area(0, 0, self._row - 1, AMOUNT - 1)
        page.hide_gridlines(2)
        page.set_footer(f"&L{order_id(self._report, self._order).replace('&', '&&')}&R&P ／ &N")

    # ---- cells

    def _next(self, height: float = LINE + 3) -> None:
        self._row += 1
        self._page.set_row(self._row - 1, min(height, 409))

    def _text(self, column: int, text: str, style: str) -> None:
        self._page.write_string(self._row - 1, column - 1, text, self._format(style))

    def _number(self, column: int, value: Yen | None, style: str, places: int | None = None) -> None:
        at, format_ = (self._row - 1, column - 1), self._format(style, places)
        if value is None:
            self._page.write_blank(*at, None, format_)
        else:
            self._page.write_number(*at, _exact(value), format_)

    def _formula(self, column: int, formula: str, value: Yen | None, style: str, places: int | None = None) -> None:
        shown = "" if value is None else _exact(value)
        self._page.write_formula(self._row - 1, column - 1, formula, self._format(style, places), shown)

    def _merge(self, first: int, last: int, text: str, style: str) -> None:
        self._page.merge_range(self._row - 1, first - 1, self._row - 1, last - 1, text, self._format(style))

    def _format(self, style: str, places: int | None = None) -> Any:
        if (style, places) not in self._formats:
            shown = {} if places is None else {"num_format": "#,##0" + ("." + "0" * places if places else "")}
            look = {"font_name": FONT, "font_size": 10, **STYLES[style], **shown}
            self._formats[style, places] = self._book.add_format(look)
        return self._formats[style, places]


def _addressee(business: Business) -> Iterator[str]:
    """宛先 as the letters have it."""
    if business.address:
        yield business.address
    yield business.name if business.representative else f"{business.name}　御中"
    if business.representative:
        yield f"{business.representative}　様"
    if business.corporate_number:
        yield f"（法人番号　{business.corporate_number}）"


def _parts(text: str) -> Iterator[str]:
    """The text whole, or in parts that each fit in a row."""
    if _lines(text, SPECIFICATION, AMOUNT) <= MOST_LINES:
        yield text
        return
    lines = [line[at : at + WIDEST] for line in text.split("\n") for at in range(0, max(len(line), 1), WIDEST)]
    for at in range(0, len(lines), MOST_LINES):
        yield "\n".join(lines[at : at + MOST_LINES])


def _lines(text: str, first: int, last: int | None = None) -> int:
    """How many lines a text takes over these columns."""
    width = sum(COLUMNS[column].width for column in range(first, (last or first) + 1))
    return Column("", width).lines_of(text)


def _at(column: int, row: int) -> str:
    return f"{column_name(column)}{row}"


def _exact(value: Yen) -> Decimal:
    return Decimal(format_decimal(value))
