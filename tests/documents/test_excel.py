"""経費削減効果.xlsx: live formulas, and texts that stay texts."""

import math
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from procure.documents.excel import savings_xlsx
from procure.documents.savings_rows import tax, taxed
from procure.reports.report import RoundReport
from procure.settlement.round import NegotiationGround, Rules
from tests.builders import YAMATOTAKADA, a_bid, a_demand, a_lot, a_round, an_item, priced, some_bidders
from tests.documents.opendata.published import negotiated_after
from tests.documents.papers import LETTERHEAD, MADE_AT, figures, formulas, r3_xlsx
from tests.harness.libreoffice import edited
from tests.reports.reported import r3_report, r3_round, report_of, savings_of


def test_the_sheets_are_live() -> None:
    book = formulas(r3_xlsx())
    assert book.sheetnames == ["件名別", "基準別", "品目別", "市町村別", "落札者別", "内訳", "算定の方法"]
    assert book["内訳"]["H2"].value == "='品目別'!G2"
    assert book["品目別"]["F2"].value == "=SUMIF('内訳'!N2:N85,ROW(),'内訳'!G2:G85)"
    assert book["品目別"]["J2"].value == "=F2*H2"
    assert book["件名別"]["F2"].value == "=SUM('品目別'!I2:I6)"
    assert book["件名別"]["G3"].value == "=SUMIF('品目別'!G7:G9,\">=0\",'品目別'!J7:J9)"
    assert book["市町村別"]["E2"].value == "=SUM('内訳'!K2:K6)"
    assert book["市町村別"]["K2"].value == "=INT(I2*11/10)"
    assert book["件名別"]["J4"].value == "=SUM(J2:J3)"
    assert book["基準別"]["E10"].value == "=SUMIF(C$2:C$9,C10,E$2:E$9)"


def without_results(xlsx: bytes) -> bytes:
    """The workbook with its formulas and without what they come to, so that a program has to work it out."""
    made = BytesIO()
    with ZipFile(BytesIO(xlsx)) as source, ZipFile(made, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, re.sub(rb"</f><v>[^<]*</v>", b"</f>", content))
    return made.getvalue()


def cells(book: Workbook) -> dict[str, list[tuple[object, ...]]]:
    return {
        sheet.title: [tuple(None if cell.value == "" else cell.value for cell in row) for row in sheet.iter_rows()]
        for sheet in book
    }


def last_time_too() -> RoundReport:
    """The example a year after itself, one item now without a list price."""
    before = r3_round()
    again = replace(before, id="R4-1", fiscal_year=2022, bid_date=date(2022, 6, 10))
    open_price = replace(again.lots[0].items[0], list_price=None)
    opened = replace(again.lots[0], items=(open_price, *again.lots[0].items[1:]))
    return savings_of(before, replace(again, lots=(opened, *again.lots[1:]))).rounds[1].report


def with_negotiated() -> RoundReport:
    """The winner of the computers does not sign, and the printers fail: 9号 with one, 8号 with two."""
    computers, printers = r3_round().lots
    by_item = {item.id: {item.id: 30_001} for item in printers.items}
    first, *others = by_item.values()
    failed = replace(printers, rules=replace(printers.rules, ceiling=10_000_000, max_attempts=2))
    first_attempt = failed.attempts[0]
    bids = [
        replace(first_attempt.bids[0], unit_prices={item.id: price for item in printers.items}, total=None)
        for price in (900_000, 890_000)
    ]
    attempts = tuple(replace(first_attempt, number=number, bids=(bid,)) for number, bid in enumerate(bids, 1))
    failed = replace(failed, attempts=attempts)
    lots = (
        negotiated_after(computers, NegotiationGround.NOT_SIGNED, 丙={item.id: 50_000 for item in computers.items}),
        negotiated_after(
            failed,
            NegotiationGround.FAILED_TENDER,
            甲=first,
            乙={key: price for one in others for key, price in one.items()},
        ),
    )
    return report_of(replace(r3_round(), lots=lots))


SEN = Fraction(1, 100)
PRICED = st.tuples(st.integers(0, 999_999_999).map(lambda sen: sen * SEN), st.integers(0, 9_999))


def worked_out(formula: str, **cells: float) -> float:
    """What a program comes to that reckons in binary floats, and snaps nothing to a decimal that is near."""
    names = {"INT": math.floor, "ROUND": lambda value, places: math.floor(value * 10**places + 0.5) / 10**places}
    return float(eval(formula.removeprefix("="), names, cells))


@given(st.lists(PRICED, min_size=1, max_size=30), st.sampled_from([Fraction(10, 100), Fraction(8, 100)]))
@example([(Fraction("0.1"), 1), (Fraction("3.3"), 3)], Fraction(10, 100))
def test_binary_floats_move_no_yen_of_the_tax(prices: list[tuple[Fraction, int]], rate: Fraction) -> None:
    lot = replace(r3_report().lots[0], tax_rate=rate, items=(replace(r3_report().lots[0].items[0], unit_price=SEN),))
    exact = sum((price * quantity for price, quantity in prices), Fraction(0))
    amount = sum(float(price) * quantity for price, quantity in prices)
    with_tax = worked_out(taxed("A", lot), A=amount)
    assert with_tax == math.floor(exact * (1 + rate))
    assert worked_out(tax("B", "A", lot), A=amount, B=with_tax) == with_tax - math.floor(exact)


def with_sen() -> RoundReport:
    """Prices of 銭, 10 % and 8 % of tax, an item without a list price; in floats, 0.1 + 3.3 × 3 falls short of 10."""
    items = (
        an_item("a", Fraction("0.3")),
        an_item("b", Fraction("4.45")),
        an_item("c", list_price=None),
    )
    prices = {"a": Fraction("0.1"), "b": Fraction("3.3"), "c": Fraction("12.35")}
    lot = a_lot(
        (priced("a", **prices),),
        rules=Rules(price_decimals=2),
        items=items,
        demand=(a_demand(a=1, b=3), a_demand(YAMATOTAKADA, a=7, b=3, c=9)),
    )
    reduced = replace(lot.rules, tax_rate=Fraction(8, 100))
    return report_of(a_round(lot, replace(lot, id="reduced", rules=reduced)))


def test_what_was_negotiated_has_sheets_of_its_own_and_is_added_up_with_the_awards() -> None:
    book = formulas(savings_xlsx(with_negotiated(), LETTERHEAD, MADE_AT))
    assert book.sheetnames[6:-1] == [
        "契約の計",
        "随意契約_契約別",
        "随意契約_品目別",
        "随意契約_市町村別",
        "随意契約_内訳",
    ]
    assert [row[2].value for row in book["契約の計"].iter_rows(min_row=2)] == [
        "=SUM('件名別'!J2)",
        "=SUM('件名別'!J2)",
        "=N(C2)-N(C3)",
        "=SUM('随意契約_契約別'!J3,'随意契約_契約別'!J4)",
        "=SUM('随意契約_契約別'!J2)",
        "=SUM(C4:C6)",
    ]
    assert "随意契約" not in "".join(formulas(r3_xlsx()).sheetnames)


@pytest.mark.libreoffice
@pytest.mark.parametrize(
    "report",
    [r3_report, last_time_too, with_negotiated, with_sen],
    ids=["first", "with last prices", "with negotiated", "with prices of 銭"],
)
def test_libreoffice_works_out_the_same_figures(report: Callable[[], RoundReport], tmp_path: Path) -> None:
    xlsx = savings_xlsx(report(), LETTERHEAD, MADE_AT)
    emptied = without_results(xlsx)
    assert formulas(emptied)["件名別"]["F2"].value == formulas(xlsx)["件名別"]["F2"].value
    assert figures(emptied)["件名別"]["F2"].value is None
    assert cells(figures(edited(emptied, {}, tmp_path))) == cells(figures(xlsx))


@pytest.mark.libreoffice
def test_a_price_typed_anew_changes_every_sum_that_hangs_on_it(tmp_path: Path) -> None:
    """The award as it was written stays, so that the reconciliation shows what no longer agrees."""
    xlsx = without_results(r3_xlsx())
    book = formulas(xlsx)
    book["品目別"]["H2"] = 92_570  # a thousand yen more for each of the 523 standard computers
    made = BytesIO()
    book.save(made)
    found = figures(edited(made.getvalue(), {}, tmp_path))
    assert found["件名別"]["G2"].value == 113_643_760 + 523_000
    assert found["件名別"]["L2"].value == 113_643_760 + 523_000
    assert found["件名別"]["J2"].value == 113_643_760
    assert found["基準別"]["F10"].value == 118_529_820 + 523_000


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
