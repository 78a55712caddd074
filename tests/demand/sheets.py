"""調査票 for tests: a small survey, its sheet, and the sheet as somebody fills it in, sorts it or spoils it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from procure.demand.sheet import (
    KEY,
    META,
    SURVEY,
    Reading,
    SheetField,
    SheetItem,
    SheetLot,
    read_sheet,
    sheet_fields,
)
from procure.documents.survey_sheet import SurveySheet, survey_xlsx
from procure.spreadsheets.reading import read_workbook
from tests.people import NOW
from tests.spreadsheets.files import saved

PC = SheetLot(
    1,
    "pc",
    "校務用パソコン",
    (
        SheetItem(1, "note-a", "ノートPC A", "13.3型、重量1.3kg以下", "台", 150_000, 12),
        SheetItem(2, "note-b", "ノートPC B", "", "台", None, None),
    ),
    either=True,
)
SOFT = SheetLot(2, "soft", "ソフトウェア", (SheetItem(3, "office", "オフィス", "", "本", Fraction(77_001, 2), 0),))
LOTS = (PC, SOFT)
TYPED = {
    "join-1": "yes",
    "mode-1": "lease",
    "month-1": "2027-02",
    "places-1": "市役所本庁\n各支所",
    "budget-1": "1,200,000",
    "remarks-1": "=1+1",
    "qty-1": "10",
    "spare-1": "2",
    "paid-1": "148000.5",
    "join-2": "no",
}


def survey(typed: Mapping[str, str] = TYPED, **changed: object) -> SurveySheet:
    made = SurveySheet(
        round_ref="R3-1",
        title="令和３年度　共同調達",
        council="奈良県市町村共同調達協議会",
        is_sample=False,
        body_code="292117",
        body_name="葛\U000e0100城市",
        deadline=NOW + timedelta(days=14),
        lots=LOTS,
        typed=typed,
        version=1_000_003,
        made_at=NOW,
    )
    return replace(made, **changed)  # type: ignore[arg-type]


def blank() -> bytes:
    return survey_xlsx(survey({}))


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(content))


def page_of(book: openpyxl.Workbook) -> Any:
    return book[SURVEY]


def address(content: bytes, name: str, lots: tuple[SheetLot, ...] = LOTS) -> str:
    """Where the field stands in this very file."""
    field = field_named(name, lots)
    rows = {row.at(KEY).text: row.number for row in read_workbook(content, {SURVEY})[SURVEY]}
    return f"{get_column_letter(field.column)}{rows[field.key]}"


def field_named(name: str, lots: tuple[SheetLot, ...] = LOTS) -> SheetField:
    return next(field for field in sheet_fields(lots) if field.name == name)


def filled(content: bytes, values: Mapping[str, object], lots: tuple[SheetLot, ...] = LOTS) -> bytes:
    """The file with values put into fields, by the name of the field."""
    return written(content, {address(content, name, lots): value for name, value in values.items()})


def written(content: bytes, values: Mapping[str, object], sheet: str = SURVEY) -> bytes:
    """The file with values put into cells, by address."""
    book = opened(content)
    for at, value in values.items():
        book[sheet][at] = value
    return saved(book)


def stamped(content: bytes, label: str, text: str) -> bytes:
    """The file with something else in its hidden sheet."""
    book = opened(content)
    for row in book[META].iter_rows():
        if row[0].value == label:
            row[1].value = text
    return saved(book)


def reordered(content: bytes, first: int, order: list[int], columns: tuple[int, int] = (1, 12)) -> bytes:
    """The file with the rows from `first` on put in another order: of whole rows, or of some columns only."""
    book = opened(content)
    page = page_of(book)
    across = range(columns[0], columns[1] + 1)
    values = [[page.cell(first + place, column).value for column in across] for place in range(len(order))]
    for place, taken in enumerate(order):
        for column, value in zip(across, values[taken], strict=True):
            page.cell(first + place, column).value = value
    return saved(book)


def row_of(content: bytes, key: str) -> int:
    rows = read_workbook(content, {SURVEY})[SURVEY]
    return next(row.number for row in rows if row.at(KEY).text == key)


def read(content: bytes, lots: tuple[SheetLot, ...] = LOTS) -> Reading:
    return read_sheet(lots, read_workbook(content, {SURVEY})[SURVEY])
