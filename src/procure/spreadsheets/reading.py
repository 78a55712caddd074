"""The cells of an .xlsx that somebody sent, as plain values: within limits, and without working anything out."""

import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from procure.spreadsheets.package import BROKEN, require_xlsx
from procure.values.unreadable import Unreadable

if not openpyxl.DEFUSEDXML or openpyxl.LXML:
    raise ImportError("openpyxl must read XML through defusedxml, and not through lxml: it opens files of strangers")

# Parts it does not know, such as pictures, it warns of and leaves out: nothing that is read here.
warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")

MOST_ROWS = 5_000
MOST_COLUMNS = 50
LAST_ROW = 1_048_576  # of any spreadsheet; a file may claim more
DIGITS = 15  # what a spreadsheet keeps of a number

TOO_MANY_ROWS = f"行が多すぎます。{MOST_ROWS:,}行以内にしてください。"
FORMULA = "数式が入っています。計算した結果の値を直接入力してください。"
ERROR = "エラー値が入っています。値を直接入力してください。"
DATE = "日付になっています。セルに数字をそのまま入力してください。"
TRUTH = "TRUE／FALSEになっています。値をそのまま入力してください。"


@dataclass(frozen=True, slots=True)
class Formula:
    """Something to be worked out; what it says it amounts to is not looked at."""


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """#REF! and its like."""


Value = str | Decimal | date | bool | Formula | ErrorValue | None


@dataclass(frozen=True, slots=True)
class Cell:
    """`row` and `column` count from 1. Numbers are exact decimals of what the spreadsheet showed."""

    row: int
    column: int
    value: Value = None

    @property
    def address(self) -> str:
        """H12."""
        return f"{get_column_letter(self.column)}{self.row}"

    @property
    def is_empty(self) -> bool:
        return self.value is None or self.value == ""

    @property
    def text(self) -> str:
        """As somebody would type it, "" where it is empty; Unreadable for a formula, an error, a date, TRUE."""
        match self.value:
            case None:
                return ""
            case str():
                return self.value
            case Decimal():
                return f"{self.value:f}"
        raise Unreadable({Formula: FORMULA, ErrorValue: ERROR, bool: TRUTH}.get(type(self.value), DATE))

    @property
    def month(self) -> str:
        """The text of a cell that holds a month: a date is one, as YYYY-MM. Raises Unreadable as `text` does."""
        return f"{self.value:%Y-%m}" if isinstance(self.value, date) else self.text


@dataclass(frozen=True, slots=True)
class SheetRow:
    """The cells of a row from column A on; a row may be shorter than another."""

    number: int
    cells: tuple[Cell, ...]

    def at(self, column: int) -> Cell:
        """The cell in the column (from 1), an empty one where the row ends before it."""
        return self.cells[column - 1] if column <= len(self.cells) else Cell(self.number, column)


Sheet = tuple[SheetRow, ...]


def read_workbook(content: bytes, wanted: Collection[str] | None = None) -> Mapping[str, Sheet]:
    """The sheets by name (None: all), without their empty rows. Raises Unreadable, in Japanese and by name."""
    require_xlsx(content)
    try:
        return _sheets(content, wanted)
    except Unreadable:
        raise
    except Exception as fault:  # whatever a made-up file does to the reader, it is the file that is at fault
        raise Unreadable(BROKEN) from fault


def _sheets(content: bytes, wanted: Collection[str] | None) -> dict[str, Sheet]:
    book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
    try:
        return {
            sheet.title: tuple(_rows(sheet)) for sheet in book.worksheets if wanted is None or sheet.title in wanted
        }
    finally:
        book.close()


def _rows(sheet: Any) -> Iterator[SheetRow]:
    sheet.reset_dimensions()  # what the file says of its own size is not believed
    gap: object = None  # the rows of a gap are one and the same tuple: a million of them are passed over quickly
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        if number > LAST_ROW:
            raise Unreadable(TOO_MANY_ROWS)
        if cells is gap:
            continue
        if all(cell.value is None for cell in cells):
            gap = cells
            continue
        if number > MOST_ROWS:
            raise Unreadable(TOO_MANY_ROWS)
        yield SheetRow(number, _row(number, cells))


def _row(number: int, cells: Iterable[Any]) -> tuple[Cell, ...]:
    return tuple(Cell(number, column, _value(cell)) for column, cell in enumerate(cells, start=1))


def _value(cell: Any) -> Value:
    match cell.data_type, cell.value:
        case _, None:
            return None
        case "f", _:
            return Formula()
        case _, datetime() as moment:
            return moment.date()
        case (("s" | "b" | "d"), (str() | bool() | date()) as value):
            return value
        case "n", (int() | float()) as number:
            return _number(number)
    return ErrorValue()  # an error, a time of day, a span of time: nothing that is asked for


def _number(value: int | float) -> Decimal:
    """A spreadsheet counts in binary and shows fifteen digits: what it showed is what was meant."""
    return Decimal(value) if isinstance(value, int) else Decimal(f"{value:.{DIGITS}g}")
