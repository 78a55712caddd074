"""The 調査票 as a spreadsheet: what comes back is read by keys, and whatever is wrong is named with its cell."""

from datetime import date

import pytest

from procure.demand.answer import read_answer
from procure.demand.sheet import META, NOT_OURS, OTHER_FORMAT, SURVEY, Stamp, differences, stamp_of
from procure.documents.survey_sheet import survey_xlsx
from procure.spreadsheets.reading import FORMULA, read_workbook
from procure.values.unreadable import Unreadable
from tests.demand.sheets import (
    LOTS,
    TYPED,
    address,
    blank,
    filled,
    opened,
    page_of,
    read,
    reordered,
    row_of,
    saved,
    stamped,
    survey,
    written,
)
from tests.spreadsheets.files import workbook

ASKED = tuple(lot.asked for lot in LOTS)


def messages(content: bytes) -> list[str]:
    return [fault.message for fault in read(content).faults]


def only_message(content: bytes, at: str | None = None) -> str:
    (fault,) = read(content).faults
    assert at is None or fault.field == at
    return fault.message


# ---- there and back ----------------------------------------------------------------------------------


def test_what_goes_out_comes_back_as_the_same_answer() -> None:
    reading = read(survey_xlsx(survey()))
    assert reading.faults == ()
    assert read_answer(ASKED, reading.typed) == read_answer(ASKED, TYPED)
    assert differences(LOTS, TYPED, reading.typed, reading.cells) == ()


def test_a_blank_sheet_says_nothing() -> None:
    assert set(read(blank()).typed.values()) == {""}


def test_what_cannot_be_read_goes_out_as_it_was_typed() -> None:
    content = survey_xlsx(survey({"qty-1": "１２台くらい", "month-1": "来年"}))
    assert read(content).typed["qty-1"] == "１２台くらい"
    assert [fault.field for fault in read(content).faults] == [address(content, "month-1"), address(content, "qty-1")]


def test_the_hidden_sheet_says_what_it_is_for() -> None:
    sheets = read_workbook(survey_xlsx(survey()), {SURVEY, META})
    assert stamp_of(sheets) == Stamp("R3-1", "292117", 1_000_003)


@pytest.mark.parametrize(
    ("typed", "quantity"),
    [("１，２００", 1200), ("1,200台", 1200), ("１２台", 12), (3.0, 3), (" 7 ", 7), (0, None), ("", None)],
)
def test_a_quantity_is_read_as_people_write_it(typed: object, quantity: int | None) -> None:
    reading = read(filled(blank(), {"qty-1": typed}))
    assert reading.faults == ()
    line = read_answer(ASKED, reading.typed).lots[0].lines.get(1)
    assert (line.quantity if line else None) == quantity


@pytest.mark.parametrize("month", ["2027-02", "R9.2", "令和９年２月", "2027/2", date(2027, 2, 15)])
def test_a_month_is_read_as_people_write_it_and_from_a_date(month: object) -> None:
    reading = read(filled(blank(), {"month-1": month}))
    assert reading.faults == ()
    assert read_answer(ASKED, reading.typed).lots[0].delivery_month == "2027-02"


@pytest.mark.parametrize(("word", "participates"), [("参加する", True), ("今回は参加しない", False), (None, None)])
def test_participation_is_chosen_by_words(word: str | None, participates: bool | None) -> None:
    assert read_answer(ASKED, read(filled(blank(), {"join-2": word})).typed).lots[1].participates is participates


def test_prices_keep_their_sen() -> None:
    reading = read(filled(blank(), {"qty-1": 1, "paid-1": 148_000.55, "budget-1": "￥1,200,000円"}))
    lot = read_answer(ASKED, reading.typed).lots[0]
    assert (str(lot.lines[1].last_unit_price), lot.budget_with_tax) == ("2960011/20", 1_200_000)


# ---- rows --------------------------------------------------------------------------------------------


def test_rows_may_stand_in_any_order() -> None:
    content = filled(blank(), {"qty-1": 1, "qty-2": 2, "month-1": "2027-02"})
    first = row_of(content, "join-1")
    count = row_of(content, "item-2") - first + 1
    turned = reordered(content, first, list(reversed(range(count))))
    assert row_of(turned, "item-2") == first
    assert read(turned).typed == read(content).typed
    assert read(turned).faults == ()


def test_rows_of_which_only_some_columns_were_sorted_are_refused() -> None:
    content = filled(blank(), {"qty-1": 1, "qty-2": 2})
    torn = reordered(content, row_of(content, "item-1"), [1, 0], columns=(2, 12))
    assert len(messages(torn)) == 2
    assert all("入れ替わって" in message for message in messages(torn))
    questions = reordered(content, row_of(content, "join-1"), [1, 0], columns=(2, 12))
    assert len(messages(questions)) == 2


def test_an_unknown_item_is_named_with_its_cell() -> None:
    row = row_of(blank(), "item-2")
    content = written(blank(), {f"A{row}": "item-99", f"C{row}": "タブレット"})
    faults = read(content).faults
    assert faults[0].field == f"B{row}"
    assert "「タブレット」は、この調査にない品目です" in faults[0].message


def test_a_missing_row_is_refused_by_name_for_it_could_mean_two_things() -> None:
    book = opened(filled(blank(), {"qty-1": 5}))
    page_of(book).delete_rows(row_of(blank(), "item-2"))
    assert only_message(saved(book)).startswith("「ノートPC B」の行がありません")


def test_an_item_that_is_there_twice_is_refused_at_both_places() -> None:
    row = row_of(blank(), "item-1")
    content = written(blank(), {f"A{row + 90}": "item-1", f"B{row + 90}": "note-a", f"H{row + 90}": 3})
    faults = read(content).faults
    assert [fault.field for fault in faults] == [f"B{row}", f"B{row + 90}"]
    assert all("「ノートPC A」の行が2つあります" in fault.message for fault in faults)


def test_where_the_rows_are_wrong_no_field_is_read() -> None:
    row = row_of(blank(), "item-2")
    assert read(written(filled(blank(), {"qty-1": 5}), {f"A{row}": "item-99"})).typed == {}


# ---- cells -------------------------------------------------------------------------------------------


def test_a_formula_in_place_of_a_number_is_refused_with_its_cell() -> None:
    content = filled(blank(), {"qty-1": "=6+6"})
    assert only_message(content, address(content, "qty-1")) == f"「ノートPC A（本体）」：{FORMULA}"


def test_the_formulas_of_the_sums_are_no_fault_and_are_not_believed() -> None:
    content = written(survey_xlsx(survey()), {f"J{row_of(blank(), 'item-1')}": 999})
    assert read(content).faults == ()
    assert read_answer(ASKED, read(content).typed).lots[0].lines[1].quantity == 12


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("qty-1", 3.5, "小数は使えません"),
        ("qty-1", -1, "0以上の整数"),
        ("qty-1", 100_000_000, "大きすぎます"),
        ("qty-1", "だいたい3", "0以上の整数"),
        ("qty-1", date(2027, 2, 1), "日付になっています"),
        ("qty-1", True, "TRUE"),
        ("qty-1", "#REF!", "エラー値"),
        ("spare-1", "二台", "0以上の整数"),
        ("paid-1", 1.005, "小数は2桁まで"),
        ("budget-1", 1.5, "小数は使えません"),
        ("month-1", "来年の春", "年月を読み取れません"),
        ("join-1", "たぶん参加", "「参加する」か「今回は参加しない」"),
        ("mode-1", "割賦", "「購入」か「賃貸借」"),
        ("places-1", "あ" * 2001, "2000字以内"),
        ("remarks-1", "\u202e逆さま", "使えない文字"),
    ],
)
def test_what_a_cell_may_not_hold_is_named_with_its_cell(name: str, value: object, said: str) -> None:
    content = filled(blank(), {name: value})
    assert said in only_message(content, address(content, name))


def test_participation_and_quantities_must_agree() -> None:
    content = filled(blank(), {"join-1": "今回は参加しない", "qty-1": 3})
    assert "今回は参加しない" in only_message(content, address(content, "join-1"))


def test_every_fault_is_told_at_once() -> None:
    assert len(messages(filled(blank(), {"qty-1": 3.5, "spare-2": "=1", "month-2": "いつか"}))) == 3


# ---- what it is --------------------------------------------------------------------------------------


def test_a_spreadsheet_of_another_kind_is_named() -> None:
    for content in (workbook([["品目", 1]]), workbook([["x"]], SURVEY)):
        with pytest.raises(Unreadable, match="調査票ではありません"):
            stamp_of(read_workbook(content))


@pytest.mark.parametrize(("text", "message"), [("procure-survey/2", OTHER_FORMAT), ("", NOT_OURS), ("x", NOT_OURS)])
def test_a_sheet_of_another_format_is_named(text: str, message: str) -> None:
    with pytest.raises(Unreadable) as refused:
        stamp_of(read_workbook(stamped(blank(), "format", text)))
    assert refused.value.message == message


@pytest.mark.parametrize("version", ["", "-1", "１", "x", "9" * 30, "=1"])
def test_a_version_that_is_none_is_no_version_that_exists(version: str) -> None:
    assert stamp_of(read_workbook(stamped(blank(), "version", version))).version == -1


# ---- what it would change ----------------------------------------------------------------------------


def test_differences_show_both_values_as_people_read_them() -> None:
    after = read(filled(survey_xlsx(survey()), {"qty-1": "１，２００台", "month-1": "R9.3", "join-2": None}))
    found = {one.field: (one.before, one.after) for one in differences(LOTS, TYPED, after.typed, after.cells)}
    assert found == {
        "month-1": ("令和9年2月", "令和9年3月"),
        "qty-1": ("10", "1,200"),
        "join-2": ("今回は参加しない", ""),
    }


def test_two_ways_of_writing_the_same_are_no_difference() -> None:
    before = {**TYPED, "qty-1": "１０台", "month-1": "R9.2", "budget-1": "1200000円", "spare-2": "0"}
    after = read(survey_xlsx(survey()))
    assert differences(LOTS, before, after.typed, after.cells) == ()
