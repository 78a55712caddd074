"""経費削減効果.xlsx: live formulas, and texts that stay texts."""

from dataclasses import replace
from fractions import Fraction

import pytest

from procure.documents.excel import savings_xlsx
from procure.settlement.round import Rules
from tests.builders import a_bid, a_lot, a_round, an_item, priced, some_bidders
from tests.documents.papers import LETTERHEAD, MADE_AT, figures, formulas, r3_xlsx
from tests.reports.reported import r3_report, report_of


def test_the_sheets_are_live() -> None:
    book = formulas(r3_xlsx())
    assert book.sheetnames == ["件名別", "品目別", "市町村別", "算定の方法"]
    assert book["品目別"]["J2"].value == "=F2*H2"
    assert book["件名別"]["F2"].value == "=SUM('品目別'!I2:I6)"
    assert book["件名別"]["G3"].value == "=SUMIF('品目別'!G7:G9,\">0\",'品目別'!J7:J9)"
    assert book["市町村別"]["K2"].value == "=INT(I2*11/10)"
    assert book["件名別"]["J4"].value == "=SUM(J2:J3)"


@pytest.mark.parametrize(
    "typed", ["=1+1", '=HYPERLINK("http://127.0.0.1/")', "+1", "-1", "@SUM(A1)", "http://127.0.0.1/", "007"]
)
def test_what_somebody_typed_stays_text(typed: str) -> None:
    lot = a_lot(
        (a_bid("a", 500_000),),
        title=typed,
        items=(an_item(name=typed, specification=typed, unit=typed),),
        bidders=tuple(replace(bidder, name=typed) for bidder in some_bidders("a")),
    )
    book = formulas(savings_xlsx(report_of(a_round(lot, council=typed)), LETTERHEAD, MADE_AT))
    cells = [book["件名別"]["B2"], book["件名別"]["D2"], *(book["品目別"][f"{column}2"] for column in "BCDE")]
    assert [(cell.value, cell.data_type, cell.hyperlink) for cell in cells] == [(typed, "s", None)] * 6


def test_what_is_unknown_is_a_dash_and_has_no_formula() -> None:
    book = formulas(
        savings_xlsx(
            report_of(
                a_round(
                    a_lot((a_bid("a", 333_333),)),
                )
            ),
            LETTERHEAD,
            MADE_AT,
        )
    )
    assert [book["品目別"][f"{column}2"].value for column in "HJKL"] == ["—"] * 4
    assert book["件名別"]["G2"].value == 333_333


def test_decimals_are_kept_and_shown() -> None:
    lot = a_lot((priced("a", pc=Fraction("20.05")),), rules=Rules(price_decimals=2))
    cell = figures(savings_xlsx(report_of(a_round(lot)), LETTERHEAD, MADE_AT))["品目別"]["H2"]
    assert (str(cell.value), cell.number_format) == ("20.05", "#,##0.00;▲#,##0.00")


def test_a_number_that_a_spreadsheet_would_change_is_written_as_text() -> None:
    lot = a_lot((a_bid("a", 12_345_678_901_234_560),), rules=Rules())
    book = figures(savings_xlsx(report_of(a_round(lot)), LETTERHEAD, MADE_AT))
    assert book["件名別"]["J2"].value == "12345678901234560"


def test_lots_without_award_stand_in_it_with_their_outcome() -> None:
    row = [cell.value for cell in formulas(savings_xlsx(report_of(a_round()), LETTERHEAD, MADE_AT))["件名別"][2]]
    assert row == ["pc", "パソコンの共同調達", "開札前", "—", 1, *["—"] * 9]


def test_the_same_input_gives_the_same_bytes() -> None:
    assert savings_xlsx(r3_report(), LETTERHEAD, MADE_AT) == r3_xlsx()
