"""The 数量集計表 on paper, however many bodies and items, and as a workbook that recomputes it."""

from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from procure.documents.consolidated import BLOCK, consolidated_pdf, consolidated_xlsx, letters, parts, sheet_names
from procure.parties.directory import bodies_of
from procure.reports.consolidated import BodyCounts, Column, Consolidated, Count, LotCounts, summed
from tests.documents.papers import LETTERHEAD, MADE_AT, pages
from tests.harness.libreoffice import edited

MANY = 179  # the bodies of Hokkaido


def a_lot(items: int, bodies: int, quantity: int = 12, id: str = "pc", title: str = "パソコンの共同調達") -> LotCounts:
    """Every body asks for every second item; the first item has spares, and one body has changed it."""
    rows = []
    for place, body in enumerate(bodies_of("北海道")[:bodies]):
        counts = [
            Count(quantity if (place + number) % 2 else 0, 0, Count(quantity if (place + number) % 2 else 0))
            for number in range(items)
        ]
        counts[0] = Count(quantity, 2, Count(quantity + 1 if place == 3 else quantity, 2))
        rows.append(BodyCounts(body.code, body.display_name, tuple(counts), summed(counts, compared=True)))
    columns = tuple(
        Column(
            f"item-{number}",
            f"品目{number}（五年保守付き）",
            "",
            "台",
            total,
            sum(row.counts[number].quantity > 0 for row in rows),
        )
        for number in range(items)
        for total in [summed([row.counts[number] for row in rows], compared=True)]
    )
    return LotCounts(id, title, columns, tuple(rows), summed([column.total for column in columns], compared=True))


def a_table(*lots: LotCounts) -> Consolidated:
    day = date(2026, 11, 1)
    return Consolidated(
        "R8-1", "令和８年度 共同調達", "協議会", 2026, date(2027, 1, 8), False, MADE_AT, None, day, lots
    )


@cache
def wide_pdf() -> bytes:
    return consolidated_pdf(a_table(a_lot(20, MANY)), LETTERHEAD, MADE_AT)


def test_twenty_items_of_179_bodies_take_several_pages_with_their_head_on_each() -> None:
    said = pages(wide_pdf())
    assert len(said) > 10
    assert all("コード" in page and "団体" in page and "パソコンの共同調達" in page for page in said)
    assert sum("２分の１" in page for page in said) + sum("２分の２" in page for page in said) == len(said)


def test_every_body_and_every_item_stands_on_paper() -> None:
    said = "\n".join(pages(wide_pdf())).replace("\n", "")
    assert all(said.count(body.code) == 2 for body in bodies_of("北海道"))
    assert all(f"品目{number}（" in said for number in range(20))


def test_the_pages_lie_on_their_side_and_nothing_is_cut_off() -> None:
    boxes = {(round(page.mediabox.width), round(page.mediabox.height)) for page in PdfReader(BytesIO(wide_pdf())).pages}
    assert boxes == {(842, 595)}
    for lot in (a_lot(1, 3), a_lot(20, 3), a_lot(20, MANY, quantity=99_999_999)):
        assert all(sum(part.widths) == pytest.approx(BLOCK) for part in parts(lot))


def test_wide_figures_get_wide_columns() -> None:
    narrow, wide = list(parts(a_lot(20, 3))), list(parts(a_lot(20, MANY, quantity=99_999_999)))
    assert [len(part.heads) for part in narrow] == [11, 10]
    assert len(wide) > len(narrow)
    assert [head.name for part in wide for head in part.heads][-1] == "計"


def test_a_change_is_marked_in_words() -> None:
    assert "旧13" in "\n".join(pages(wide_pdf()))


def test_the_workbook_has_live_sums_that_count_spares_once() -> None:
    book = load_workbook(BytesIO(consolidated_xlsx(a_table(a_lot(3, 5)), LETTERHEAD, MADE_AT)))
    sheet = book["パソコンの共同調達"]
    assert [cell.value for cell in sheet[1]][2:6] == [
        "品目0（五年保守付き）　本体（台）",
        "品目0（五年保守付き）　予備（台）",
        "品目0（五年保守付き）　計（台）",
        "品目1（五年保守付き）（台）",
    ]
    assert (sheet["E2"].value, sheet["H2"].value) == ("=C2+D2", "=E2+F2+G2")
    assert (sheet["E7"].value, sheet["E8"].value) == ("=SUM(E2:E6)", '=COUNTIF(E2:E6,">0")')
    assert [cell.value for cell in book["変更"][2]][2:] == [
        "パソコンの共同調達",
        "品目0（五年保守付き）",
        "台",
        13,
        12,
        "=G2-F2",
    ]


def test_in_libreoffice_the_sums_follow_what_somebody_types(tmp_path: Path) -> None:
    content = consolidated_xlsx(a_table(a_lot(3, 5)), LETTERHEAD, MADE_AT)
    before = load_workbook(BytesIO(content), data_only=True)["パソコンの共同調達"]
    after = load_workbook(BytesIO(edited(content, {"C2": 100, "F3": 7}, tmp_path)), data_only=True)[
        "パソコンの共同調達"
    ]
    assert (before["E2"].value, after["E2"].value) == (12, 102)
    assert after["E7"].value == before["E7"].value + 90
    assert after["H7"].value == before["H7"].value + 90 + 7
    assert after["F8"].value == before["F8"].value + 1
    assert after["G7"].value == before["G7"].value


def test_sheets_have_names_that_a_spreadsheet_allows() -> None:
    names = sheet_names(["A/B:C*?[]'", "変更", "同じ件名", "同じ件名", "あ" * 40, "あ" * 50, ""])
    assert len({name.casefold() for name in names}) == len(names)
    assert all(1 <= len(name) <= 31 and not set(name) & set("/\\:*?[]'") for name in names)


def test_columns_are_lettered_as_spreadsheets_do() -> None:
    assert [letters(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_the_same_table_gives_the_same_bytes() -> None:
    table = a_table(a_lot(3, 5))
    assert consolidated_pdf(table, LETTERHEAD, MADE_AT) == consolidated_pdf(table, LETTERHEAD, MADE_AT)
    assert consolidated_xlsx(table, LETTERHEAD, MADE_AT) == consolidated_xlsx(table, LETTERHEAD, MADE_AT)


def test_hostile_text_stays_text() -> None:
    title = '=HYPERLINK("http://127.0.0.1/")<img src="http://127.0.0.1/x">'
    lot = a_lot(2, 2, title=title)
    book = load_workbook(BytesIO(consolidated_xlsx(a_table(lot), LETTERHEAD, MADE_AT)))
    assert book["変更"].max_row == 1
    assert title.replace("\n", "") in "\n".join(pages(consolidated_pdf(a_table(lot), LETTERHEAD, MADE_AT))).replace(
        "\n", ""
    )
