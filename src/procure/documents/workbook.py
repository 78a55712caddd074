"""Cells for a spreadsheet: texts that stay texts, exact numbers, and formulas that carry the figure they show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter

from procure.values.money import Yen, format_decimal

# Nothing that somebody typed becomes a formula, a link or a number.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
DIGITS = 15  # what a spreadsheet keeps of a number
UNKNOWN = "—"
LINE = 15.5  # points that a line takes


@dataclass(frozen=True, slots=True)
class Cell:
    """`formula` is left out where the value is unknown; `places` are the decimals shown.

    `quiet` shows a zero as a dash; `strong` numbers are bold, `framed` ones have a frame.
    """

    value: Yen | Decimal | str | None
    formula: str | None = None
    places: int = 0
    quiet: bool = False
    strong: bool = False
    framed: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    width: float


class Workbook:
    """An .xlsx in memory. The same cells and the same moment give the same bytes."""

    def __init__(self, title: str, author: str, made_at: datetime) -> None:
        self._content = BytesIO()
        self._book: Any = xlsxwriter.Workbook(self._content, OPTIONS)
        created = made_at.astimezone(UTC).replace(tzinfo=None)
        self._book.set_properties({"title": title, "author": author, "created": created})
        self._styles: dict[tuple[int, bool, bool, bool], Any] = {}
        self._text = self._book.add_format({"valign": "top", "text_wrap": True})
        self._head = self._book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#eff3f7"})
        self._unknown = self._book.add_format({"align": "right", "valign": "top", "font_color": "#4a525b"})

    def add_sheet(
        self, name: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], fixed_columns: int = 0
    ) -> None:
        """A sheet with its heading in row 1; the first columns may stay where they are while it is scrolled."""
        sheet = self._book.add_worksheet(name)
        sheet.set_row(0, LINE * max(_lines(column) for column in columns))
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
            sheet.write_string(0, at, column.title, self._head)
        for at, row in enumerate(rows, start=1):
            for across, cell in enumerate(row):
                self._put(sheet, at, across, cell)
        self._set_page(sheet, fixed_columns)

    def content(self) -> bytes:
        self._book.close()
        return self._content.getvalue()

    def _put(self, sheet: Any, row: int, column: int, cell: Cell) -> None:
        if cell.value is None:
            sheet.write_string(row, column, UNKNOWN, self._unknown)
        elif isinstance(cell.value, str):
            sheet.write_string(row, column, cell.value, self._text)
        elif not _fits(number := _number(cell.value)):
            sheet.write_string(row, column, str(number), self._unknown)
        elif cell.formula:
            sheet.write_formula(row, column, cell.formula, self._style(cell), number)
        else:
            sheet.write_number(row, column, number, self._style(cell))

    def _style(self, cell: Cell) -> Any:
        key = (cell.places, cell.quiet, cell.strong, cell.framed)
        if key not in self._styles:
            shown = "#,##0" + ("." + "0" * cell.places if cell.places else "")
            written = f"{shown};▲{shown}" + (f';"{UNKNOWN}"' if cell.quiet else "")
            look = {"bold": cell.strong, "border": int(cell.framed)}
            self._styles[key] = self._book.add_format({"num_format": written, "valign": "top", **look})
        return self._styles[key]

    def _set_page(self, sheet: Any, fixed_columns: int) -> None:
        sheet.freeze_panes(1, fixed_columns)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        if fixed_columns:
            sheet.repeat_columns(0, fixed_columns - 1)
        sheet.set_footer("&R&P ／ &N")


def _lines(column: Column) -> int:
    """How many lines the heading takes in its width, which counts half-width characters."""
    halves = sum(2 if east_asian_width(character) in "WFA" else 1 for character in column.title)
    return -(-halves // int(column.width - 1))


def _number(value: Yen | Decimal) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(format_decimal(value))


def _fits(number: Decimal) -> bool:
    """A number with more digits would be shown as another one: it is written as text."""
    return len(number.as_tuple().digits) <= DIGITS
