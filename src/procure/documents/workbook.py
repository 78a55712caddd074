"""Cells for a spreadsheet: texts that stay texts, exact numbers, and formulas that carry the figure they show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from procure.values.money import Yen, format_decimal

# Nothing that somebody typed becomes a formula, a link or a number.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
DIGITS = 15  # what a spreadsheet keeps of a number
UNKNOWN = "—"
LINE = 15.5  # points that a line takes
MOST_LINES = 26  # a row is at most 409 points high


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
    """The heading and the width, in half-width characters."""

    title: str
    width: float

    @property
    def lines(self) -> int:
        """How many lines the heading takes."""
        return self.lines_of(self.title)

    def lines_of(self, text: str) -> int:
        """How many lines a text takes."""
        room = max(int(self.width - 1), 1)
        return sum(max(-(-_halves(line) // room), 1) for line in text.split("\n"))


@dataclass(frozen=True, slots=True)
class Lowest:
    """Cells of which the lowest of each row is marked by ◎ and in bold, also after a figure is changed.

    Rows and columns are counted from 1; `places` are the decimals shown.
    """

    first_row: int
    last_row: int
    first_column: int
    last_column: int
    places: int

    @property
    def cells(self) -> tuple[int, int, int, int]:
        return self.first_row - 1, self.first_column - 1, self.last_row - 1, self.last_column - 1

    @property
    def rule(self) -> str:
        first, last = column_name(self.first_column), column_name(self.last_column)
        row = self.first_row
        return f"=AND(ISNUMBER({first}{row}),{first}{row}=MIN(${first}{row}:${last}{row}))"


def column_name(column: int) -> str:
    """A, B, …, AA of a column that is counted from 1."""
    return str(xl_col_to_name(column - 1))


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
        self,
        name: str,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Cell]],
        marked: Sequence[Lowest] = (),
        frozen: int = 0,
    ) -> None:
        """A sheet with its heading in row 1; so many of the first columns stay in view as the heading does."""
        sheet = self._book.add_worksheet(name)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
            sheet.write_string(0, at, column.title, self._head)
        sheet.set_row(0, LINE * max(column.lines for column in columns))
        for at, row in enumerate(rows, start=1):
            for across, cell in enumerate(row):
                self._put(sheet, at, across, cell)
            sheet.set_row(at, LINE * min(_lines(columns, row), MOST_LINES))
        for lowest in marked:
            sheet.conditional_format(*lowest.cells, self._mark(lowest))
        self._set_page(sheet, frozen)

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
            sheet.write_formula(row, column, _to_places(cell.formula, cell.places), self._style(cell), number)
        else:
            sheet.write_number(row, column, number, self._style(cell))

    def _style(self, cell: Cell) -> Any:
        key = (cell.places, cell.quiet, cell.strong, cell.framed)
        if key not in self._styles:
            shown = _shown(cell.places)
            written = f"{shown};▲{shown}" + (f';"{UNKNOWN}"' if cell.quiet else "")
            look = {"bold": cell.strong, "border": int(cell.framed)}
            self._styles[key] = self._book.add_format({"num_format": written, "valign": "top", **look})
        return self._styles[key]

    def _mark(self, lowest: Lowest) -> dict[str, Any]:
        style = self._book.add_format({"bold": True, "num_format": f'"◎ "{_shown(lowest.places)}'})
        return {"type": "formula", "criteria": lowest.rule, "format": style}

    def _set_page(self, sheet: Any, frozen: int) -> None:
        sheet.freeze_panes(1, frozen)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        if frozen:
            sheet.repeat_columns(0, frozen - 1)
        sheet.set_footer("&R&P ／ &N")


def _lines(columns: Sequence[Column], row: Sequence[Cell]) -> int:
    """How many lines a row needs, so that no text is cut where a program does not work out heights by itself."""
    texts = ((column, cell.value) for column, cell in zip(columns, row, strict=False) if isinstance(cell.value, str))
    return max((column.lines_of(text) for column, text in texts), default=1)


def _halves(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WFA" else 1 for character in text)


def _shown(places: int) -> str:
    return "#,##0" + ("." + "0" * places if places else "")


def _to_places(formula: str, places: int) -> str:
    """Whole numbers come out exact. To a spreadsheet, 0.1 + 3.3 × 3 is not 10, as it is here: it has to round."""
    if places == 0 or formula.startswith("=ROUND("):
        return formula
    return f"=ROUND({formula.removeprefix('=')},{places})"


def _number(value: Yen | Decimal) -> int | Decimal:
    return value if isinstance(value, int | Decimal) else Decimal(format_decimal(value))


def _fits(number: int | Decimal) -> bool:
    """A number with more digits would be shown as another one: it is written as text."""
    if isinstance(number, int):
        return len(str(abs(number))) <= DIGITS
    return len(number.as_tuple().digits) <= DIGITS
