"""Cells of a spreadsheet as plain values, within limits."""

import re
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from procure.spreadsheets import reading
from procure.spreadsheets.reading import Cell, Sheet, read_workbook
from procure.values.unreadable import Unreadable
from tests.spreadsheets.files import saved, with_sheet_xml, workbook

ANY = workbook([["あ"]])


def rows_of(content: bytes) -> Sheet:
    (sheet,) = read_workbook(content).values()
    return sheet


def cell_of(value: object) -> Cell:
    return rows_of(workbook([[value]]))[0].at(1)


def said_of(cell: Cell) -> str:
    with pytest.raises(Unreadable) as refused:
        _ = cell.text
    return refused.value.message


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("１，２００台", "１，２００台"),
        ("葛\U000e0100城市", "葛\U000e0100城市"),
        ("納入先は\n二か所", "納入先は\n二か所"),
        (12, "12"),
        (3.0, "3"),
        (3.5, "3.5"),
        (0.1 + 0.2, "0.3"),
        (1e15, "1000000000000000"),
        (-1, "-1"),
    ],
)
def test_a_cell_reads_as_somebody_would_type_it(value: object, text: str) -> None:
    assert cell_of(value).text == text


def test_numbers_are_exact() -> None:
    assert cell_of(1234.56).value == Decimal("1234.56")


def test_a_cell_knows_its_address_and_a_row_has_no_end() -> None:
    row = rows_of(workbook([[], [], ["", None, "三"]]))[0]
    assert (row.number, row.at(3).address, row.at(40).address, row.at(40).text) == (3, "C3", "AN3", "")


def test_a_formula_is_seen_and_what_it_says_it_amounts_to_is_not() -> None:
    cell = rows_of(with_sheet_xml(ANY, '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>'))[0].at(1)
    assert said_of(cell) == reading.FORMULA


def test_text_that_looks_like_a_formula_stays_text() -> None:
    book = openpyxl.Workbook()
    cell = book.active["A1"]  # type: ignore[index]
    cell.value, cell.data_type = "=1+1", "s"
    assert rows_of(saved(book))[0].at(1).text == "=1+1"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("#REF!", reading.ERROR),
        (True, reading.TRUTH),
        (date(2027, 2, 1), reading.DATE),
        (datetime(2027, 2, 1), reading.DATE),  # noqa: DTZ001  (a spreadsheet knows no offset)
        (time(12, 30), reading.ERROR),
    ],
)
def test_what_is_no_text_and_no_number_says_so(value: object, message: str) -> None:
    assert said_of(cell_of(value)) == message


def test_a_date_is_a_month() -> None:
    assert cell_of(date(2027, 2, 1)).month == "2027-02"
    assert cell_of("令和9年2月").month == "令和9年2月"


def test_rows_without_anything_are_left_out_even_a_million_of_them() -> None:
    sheet = rows_of(with_sheet_xml(ANY, '<row r="2"><c r="A2"><v>1</v></c></row><row r="1048576"/>'))
    assert [row.number for row in sheet] == [2]


@pytest.mark.parametrize("number", [reading.MOST_ROWS + 1, reading.LAST_ROW, 10**12])
def test_a_cell_far_below_is_too_many_rows(number: int) -> None:
    content = with_sheet_xml(ANY, f'<row r="{number}"><c><v>1</v></c></row>')
    with pytest.raises(Unreadable, match=re.escape(reading.TOO_MANY_ROWS)):
        read_workbook(content)


def test_a_cell_far_to_the_right_costs_nothing() -> None:
    sheet = rows_of(with_sheet_xml(ANY, '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>'))
    assert len(sheet[0].cells) == reading.MOST_COLUMNS


def test_a_size_that_the_sheet_claims_is_not_believed() -> None:
    head = '<dimension ref="A1:A1"/>'
    content = with_sheet_xml(ANY, '<row r="1"><c><v>1</v></c></row><row r="9"><c><v>2</v></c></row>')
    assert len(rows_of(content.replace(b"<sheetData>", head.encode() + b"<sheetData>"))) == 2


def test_only_the_sheets_that_are_asked_for_are_read() -> None:
    book = openpyxl.Workbook()
    book.create_sheet("ほか").append(["x"])
    assert set(read_workbook(saved(book), {"ほか", "ない"})) == {"ほか"}


def test_nothing_but_its_own_package_opens_spreadsheets() -> None:
    source = Path(reading.__file__).parents[1]
    users = {
        path.relative_to(source).as_posix() for path in source.rglob("*.py") if "openpyxl" in path.read_text("utf-8")
    }
    assert users == {"spreadsheets/reading.py"}
