"""A body without Excel: LibreOffice opens the downloaded 調査票, fills it in, saves it, and it is uploaded."""

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from procure.demand.actions import submit
from procure.demand.sheet import MAIN, META, PAID, SPARES, SUM, SURVEY, stamp_of
from procure.rounds.queries import find_round
from procure.spreadsheets.reading import read_workbook
from tests.demand.sheets import row_of
from tests.harness.libreoffice import edited
from tests.people import KATSURAGI, text_of
from tests.stages import surveying
from tests.web.rounds_at import REF, council
from tests.web.sheets import cell_of, draft, first_field, lots_of, quantities, sheet_of, upload
from tests.web.test_demand_sheet import CONFIRM, kept_in

pytestmark = pytest.mark.libreoffice
CODE = "292117"


def test_libreoffice_edits_and_saves_the_sheet_and_it_is_taken_over(sqlite_url: str, tmp_path: Path) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(KATSURAGI)
        sheet, (first, *others) = sheet_of(browser), lots_of(town, CODE)
        item = first.items[0]
        typed: dict[str, str | int] = {
            f"join-{first.id}": "参加する",
            f"month-{first.id}": "令和９年２月",
            f"places-{first.id}": "葛\U000e0100城市役所　本庁",
            first_field(town, CODE): 12,
            f"spare-{item.id}": "２台",
            **{f"join-{lot.id}": "今回は参加しない" for lot in others},
        }
        cells = {cell_of(town, CODE, sheet, name): value for name, value in typed.items()}
        saved = edited(sheet, cells, tmp_path)

        assert saved != sheet
        assert stamp_of(read_workbook(saved, {SURVEY, META})).body_code == CODE
        page = upload(browser, saved)
        assert page.status_code == 200, text_of(page)
        assert "令和9年2月" in text_of(page)
        assert browser.post(CONFIRM, {"upload": kept_in(page.text)}).status_code == 303
        assert (draft(town, CODE) or {})[f"places-{first.id}"] == "葛\U000e0100城市役所　本庁"
        with town.database.write() as session:
            submit(session, find_round(session, REF), CODE, "葛城　一郎（市町村）", town.now)
        assert quantities(town, CODE) == [14]


def test_the_sums_of_the_sheet_are_worked_out_by_libreoffice(sqlite_url: str, tmp_path: Path) -> None:
    with council(sqlite_url, surveying) as town:
        sheet = sheet_of(town.browser(KATSURAGI))
        item = lots_of(town, CODE)[0].items[0]
        cells = {
            cell_of(town, CODE, sheet, f"{what}-{item.id}"): number for what, number in (("qty", 12), ("spare", 2))
        }
    page = openpyxl.load_workbook(BytesIO(edited(sheet, cells, tmp_path)), data_only=True)[SURVEY]
    row = row_of(sheet, item.key)
    assert page.cell(row, SUM).value == 14
    assert page.cell(page.max_row, SUM).value == 14
    assert item.list_price is not None
    assert page.cell(page.max_row, SUM + 2).value == item.list_price * 14


def test_the_sheet_is_still_protected_but_for_its_fields_after_libreoffice_has_saved_it(
    sqlite_url: str, tmp_path: Path
) -> None:
    with council(sqlite_url, surveying) as town:
        sheet = sheet_of(town.browser(KATSURAGI))
        field = cell_of(town, CODE, sheet, first_field(town, CODE))
    book = openpyxl.load_workbook(BytesIO(edited(sheet, {field: 1}, tmp_path)))
    page, row = book[SURVEY], int(field[1:])
    assert page.protection.sheet
    assert not page[field].protection.locked
    assert [cell.column for cell in page[row] if not cell.protection.locked] == [MAIN, SPARES, PAID]
    assert book[META].sheet_state != "visible"
