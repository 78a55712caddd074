"""調査票.xlsx as Excel sees it: what may be filled in, what is hidden, and what every cell lets in."""

from fractions import Fraction
from io import BytesIO

import openpyxl

from procure.demand.sheet import CODE, KEY, LIST_PRICE, MAIN, META, NAME, SPARES, SUM, SURVEY, sheet_fields
from procure.documents.survey_sheet import OPEN_PRICE, survey_xlsx
from tests.demand.sheets import LOTS, address, opened, page_of, row_of, survey

CONTENT = survey_xlsx(survey())


def test_the_same_survey_and_moment_give_the_same_bytes() -> None:
    assert survey_xlsx(survey()) == CONTENT


def test_the_head_names_round_body_with_its_official_glyph_and_deadline_in_the_era() -> None:
    page = page_of(opened(CONTENT))
    words = " ".join(str(page.cell(row, CODE).value) for row in (1, 2, 3, 4))
    assert "令和３年度　共同調達　需要調査票" in words
    assert "団体：葛\U000e0100城市（292117）" in words
    assert "登録期限：令和8年12月8日（火）9時00分" in words
    assert "黄色のセル" in words
    assert "（見本）" not in words
    assert "（見本）" in page_of(opened(survey_xlsx(survey(is_sample=True)))).cell(1, CODE).value


def test_the_yellow_cells_are_those_of_the_fields_and_nothing_else_can_be_changed() -> None:
    page = page_of(opened(CONTENT))
    unlocked = {cell.coordinate for row in page.iter_rows() for cell in row if not cell.protection.locked}
    yellow = {cell.coordinate for row in page.iter_rows() for cell in row if cell.fill.fgColor.rgb == "FFFFF9D6"}
    assert page.protection.sheet
    assert unlocked == yellow == {address(CONTENT, field.name) for field in sheet_fields(LOTS)}


def test_number_cells_switch_the_input_method_off_and_have_their_range() -> None:
    rules = {str(rule.sqref): rule for rule in page_of(opened(CONTENT)).data_validations.dataValidation}
    for name in ("qty-1", "spare-3"):
        rule = rules[address(CONTENT, name)]
        assert (rule.type, rule.imeMode, rule.formula1, rule.formula2) == ("whole", "off", "0", "99999999")
    for name in ("paid-1", "budget-2"):
        assert rules[address(CONTENT, name)].imeMode == "off"
    assert rules[address(CONTENT, "places-1")].imeMode is None


def test_participation_and_acquisition_are_chosen_from_lists() -> None:
    rules = {str(rule.sqref): rule for rule in page_of(opened(CONTENT)).data_validations.dataValidation}
    assert rules[address(CONTENT, "join-1")].formula1 == '"参加する,今回は参加しない"'
    assert rules[address(CONTENT, "mode-1")].formula1 == '"購入,賃貸借"'
    assert row_of(CONTENT, "mode-1")
    assert "mode-2" not in [page_of(opened(CONTENT)).cell(row, KEY).value for row in range(1, 40)]


def test_sums_are_formulas_that_carry_their_value() -> None:
    formulas = page_of(opened(CONTENT))
    values = openpyxl.load_workbook(BytesIO(CONTENT), data_only=True)[SURVEY]
    row, last = row_of(CONTENT, "item-1"), values.max_row
    assert formulas.cell(row, SUM).value == f"=SUM(H{row}:I{row})"
    assert [values.cell(row, column).value for column in (MAIN, SPARES, SUM, SUM + 2)] == [10, 2, 12, 1_800_000]
    assert [values.cell(last, column).value for column in (MAIN, SPARES, SUM, SUM + 2)] == [10, 2, 12, 1_800_000]
    assert str(formulas.cell(last, SUM).value).count("J") == len(LOTS)


def test_what_was_typed_is_written_as_numbers_where_it_is_one_and_never_as_a_formula() -> None:
    page = page_of(opened(CONTENT))
    assert page[address(CONTENT, "budget-1")].value == 1_200_000
    assert page[address(CONTENT, "paid-1")].value == 148_000.5
    assert page[address(CONTENT, "month-1")].value == "令和9年2月"
    remark = page[address(CONTENT, "remarks-1")]
    assert (remark.value, remark.data_type) == ("=1+1", "s")


def test_an_open_price_says_so_and_an_exact_price_shows_its_sen() -> None:
    page = page_of(opened(CONTENT))
    assert page.cell(row_of(CONTENT, "item-2"), LIST_PRICE).value == OPEN_PRICE
    exact = page.cell(row_of(CONTENT, "item-3"), LIST_PRICE)
    assert (Fraction(str(exact.value)), exact.number_format) == (Fraction(77_001, 2), "#,##0.00")


def test_the_key_is_hidden_the_meta_sheet_more_so_and_the_head_stays_in_sight() -> None:
    book = opened(CONTENT)
    page = page_of(book)
    assert page.column_dimensions["A"].hidden
    assert book[META].sheet_state == "veryHidden"
    assert page.freeze_panes == f"{'ABCDEF'[NAME]}6"
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)


def test_a_survey_without_lots_or_answers_is_still_a_sheet() -> None:
    assert page_of(opened(survey_xlsx(survey({}, lots=(), deadline=None)))).max_row > 5
