"""入札比較.xlsx: live formulas with the figures of the matrix, marks that are more than a colour, texts that stay."""

from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from procure.documents.matrix import matrix_xlsx
from procure.reports.matrix import matrices
from procure.settlement.round import Lot
from procure.settlement.settle import settle_lot
from tests.builders import a_bid, a_lot, a_round, an_item, declined, some_bidders
from tests.documents.papers import MADE_AT, figures, formulas
from tests.reports.reported import r3_round, report_of

PRICES, AMOUNTS, RATIOS = "第１回_単価", "第１回_金額", "第１回_定価比"


def made(lot: Lot) -> bytes:
    return matrix_xlsx(report_of(a_round(lot)), matrices(lot, settle_lot(lot)), MADE_AT)


def example() -> bytes:
    return made(r3_round().lots[0])


def test_the_sheets_are_live() -> None:
    book = formulas(example())
    assert book.sheetnames == [PRICES, AMOUNTS, RATIOS, "説明"]
    assert book[PRICES]["K2"].value == "=MIN($G2:$I2)"
    assert book[AMOUNTS]["G2"].value == f"='{PRICES}'!G2*$E2"
    assert book[AMOUNTS]["G7"].value == "=SUM(G2:G6)"
    assert book[AMOUNTS]["H8"].value == "=H7-MIN($G7:$I7)"
    assert book[AMOUNTS]["G11"].value == "=ROUND(G7*100/$F11,2)"
    assert book[RATIOS]["G2"].value == f"=ROUND('{PRICES}'!G2*100/$F2,1)"


def test_the_figures_beside_the_formulas_are_those_of_the_matrix() -> None:
    lot = r3_round().lots[0]
    (matrix,) = matrices(lot, settle_lot(lot))
    book = figures(example())
    for row, item in enumerate(matrix.items, start=2):
        cells = [[book[sheet].cell(row, 7 + place).value for place in range(4)] for sheet in (PRICES, AMOUNTS)]
        assert cells[0] == [price.unit_price if price.unit_price is not None else "—" for price in item.prices]
        assert cells[1] == [price.amount if price.amount is not None else "—" for price in item.prices]
        assert book[PRICES].cell(row, 11).value == item.lowest
    totals = [book[AMOUNTS].cell(7, 7 + place).value for place in range(4)]
    assert totals == [113_643_760, 120_791_000, 127_380_060, "—"]
    assert [book[AMOUNTS].cell(row, 7).value for row in range(8, 13)] == [0, 1, 48.4, 92.6, "落札"]


def test_the_lowest_is_marked_in_bold_and_with_a_sign_and_only_among_valid_bids() -> None:
    void = a_bid("b", 400_000, void="記名がない")
    sheet = formulas(made(a_lot((a_bid("a", 500_000), void))))[PRICES]
    ((cells, (rule,)),) = [(str(mark.sqref), mark.rules) for mark in sheet.conditional_formatting]
    assert (cells, rule.formula) == ("G2", ["AND(ISNUMBER(G2),G2=MIN($G2:$G2))"])
    assert rule.dxf.font.b
    assert rule.dxf.numFmt.formatCode == '"◎ "#,##0'


def test_every_attempt_has_its_sheets() -> None:
    lot = a_lot((a_bid("a", 990_000), a_bid("b", 980_000)), (a_bid("a", 890_000), declined("b")))
    assert [name for name in formulas(made(lot)).sheetnames if name.endswith("単価")] == [PRICES, "第２回_単価"]


def test_what_is_missing_is_a_dash_under_a_word_and_has_no_formula() -> None:
    sheet = formulas(made(a_lot((a_bid("a", 333_333), declined("b")))))
    assert [cell.value for cell in sheet[PRICES][1]][6:8] == ["A商会（内訳書なし）", "B商会（辞退）"]
    assert [cell.value for cell in sheet[PRICES][2]][6:] == ["—", "—", "—"]
    assert [cell.value for cell in sheet[AMOUNTS][3]][6:] == [333_333, "—"]


def test_a_lot_without_a_valid_bid_has_no_marks() -> None:
    book = formulas(made(a_lot((declined("a"), a_bid("b", 1, void="x")))))
    assert [list(sheet.conditional_formatting) for sheet in book] == [[], [], [], []]


@pytest.mark.parametrize("typed", ["=1+1", "+1", "@SUM(A1)", "http://127.0.0.1/", "007"])
def test_what_somebody_typed_stays_text(typed: str) -> None:
    lot = a_lot(
        (a_bid("a", 500_000, void=typed),),
        title=typed,
        items=(an_item(name=typed, specification=typed, unit=typed),),
        bidders=tuple(replace(bidder, name=typed) for bidder in some_bidders("a")),
    )
    book: Workbook = load_workbook(BytesIO(made(lot)))
    cells = [*(book[PRICES][f"{column}2"] for column in "BCD"), book[AMOUNTS]["G9"]]
    assert [(cell.value, cell.data_type, cell.hyperlink) for cell in cells] == [(typed, "s", None)] * 4
    assert (book[PRICES]["G1"].value, book[PRICES]["G1"].data_type) == (f"{typed}（無効）", "s")


def test_the_same_input_gives_the_same_bytes() -> None:
    assert example() == example()
