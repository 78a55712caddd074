"""発注書: the form behind the notice, and the workbook that a body fills in."""

import re
from datetime import date
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet
from pypdf import PdfReader

from procure.documents.notice import notice_pdf
from procure.documents.orders import order_sheets
from procure.reports.businesses import Business
from procure.settlement.round import Lot, NegotiationGround
from tests.builders import NARA, a_bid, a_demand, a_lot, a_round, an_item
from tests.documents.ordering import FAILED, WON, form, many, negotiated, orders, workbook
from tests.documents.papers import LETTERHEAD, MADE_AT, figures, formulas, pages, unbroken
from tests.harness.libreoffice import edited
from tests.reports.reported import report_of

UNPRICED = a_lot((a_bid("a", 500_000),), items=(an_item(), an_item("lcd")), demand=(a_demand(pc=1, lcd=2),))
LONGEST = {
    "name": "教職員用ノート型パーソナルコンピュータ（周辺機器及び設定作業を含む。）",
    "specification": "Windows 11 Pro、メモリ16GB、SSD 512GB、15.6型、5年間オンサイト保守",
}


def long_named(count: int) -> Lot:
    lot = many(count)
    items = tuple(an_item(item.id, 20_000, **LONGEST) for item in lot.items)
    return a_lot(items=items, demand=lot.demand, attempts=lot.attempts, rules=lot.rules)


# ---- the form ----------------------------------------------------------------------------------------


def test_a_form_names_who_orders_what_of_whom_on_which_contract() -> None:
    said = unbroken(form(WON))
    for text in ("奈良市登大路町30番地", "A商会", "代表取締役 見本 太郎 様", "（法人番号 1234567890123）", "奈良市長"):
        assert text in said.replace("\u3000", " ")
    assert "入札　令和３年６月11日（金）執行、令和３年６月18日（金）落札決定" in said
    assert "金220,000円 （うち消費税及び地方消費税の額　20,000円）" in said
    assert re.search(r"小計（税抜）\s*200,000", said)
    assert re.search(r"切捨て）\s*20,000", said)
    assert re.search(r"合計（税込）\s*220,000", said)


def test_number_day_section_person_and_seal_are_left_to_the_body() -> None:
    said = unbroken(form(WON))
    assert all(label in said for label in ("発注番号", "発注年月日", "担当課", "担当者", "電話", "印", "備考"))
    assert "令和\u3000\u3000\u3000年\u3000\u3000\u3000月\u3000\u3000\u3000日" in said
    assert LETTERHEAD.number not in said
    assert f"会長　{LETTERHEAD.chair}" not in said


def test_a_form_tells_places_deadline_and_spares() -> None:
    said = unbroken(form(many(2), places={NARA: "本庁舎２階　情報政策課"}, deadline=date(2021, 10, 29)))
    assert "本庁舎２階　情報政策課" in said
    assert "令和３年10月29日（金）まで" in said
    assert said.count("うち予備 1") == 1


def test_places_that_fill_more_than_the_form_follow_it() -> None:
    schools = [f"第{number}小学校" for number in range(1, 31)]
    first, second = pages(form(WON, places={NARA: "\n".join(schools)}))
    assert "別紙のとおり" in first
    assert schools[0] not in first
    assert all(school in second for school in schools)


def test_an_order_on_a_negotiated_contract_names_its_ground_and_speaks_of_no_award() -> None:
    lot = negotiated(FAILED, NegotiationGround.FAILED_TENDER, ("a", {"pc": 50_000}), ("外の会社", {"lcd": 20_000}))
    first, second = pages(form(lot))
    ground = "随意契約（地方自治法施行令第167条の2第1項第8号）　令和３年７月１日（木）見積合わせ"
    assert all(ground in page and "落札" not in page for page in (first, second))
    assert ("A商会" in first, "液晶モニター" in first) == (True, False)
    assert ("外の会社" in second, "液晶モニター" in second) == (True, True)


def test_prices_that_are_not_known_are_left_to_fill_in() -> None:
    said = unbroken(form(UNPRICED))
    assert "契約単価及び金額は、内訳が決まってから記入する。" in said
    assert "—" not in said
    assert "金" + "0円" not in said


@pytest.mark.parametrize("count", [1, 8, 9, 20])
def test_a_form_of_up_to_twenty_items_is_one_page(count: int) -> None:
    (page,) = pages(form(many(count), places={NARA: "本庁舎"}, deadline=date(2021, 10, 29)))
    assert f"品目i{count}" in page


@pytest.mark.parametrize("count", [8, 9, 10, 20])
def test_on_a_second_page_stand_the_last_item_its_sums_and_the_remarks_together(count: int) -> None:
    name = "株式会社" + "情報通信ネットワークソリューションズ" * 4
    known = Business(name, "1234567890123", "奈良県奈良市登大路町三十番地" * 4, "代表取締役社長　見本　太郎左衛門尉")
    *_, last = pages(form(long_named(count), businesses={"a": known}))
    assert all(text in last for text in ("オンサイト保守", "小計（税抜）", "合計（税込）", "備考", "品目"))


def test_the_forms_stand_behind_the_notice_and_under_its_bookmark() -> None:
    report = report_of(a_round(WON))
    made = notice_pdf(
        report, NARA, LETTERHEAD, MADE_AT, lambda code: order_sheets(report, orders(WON, code), LETTERHEAD, MADE_AT)
    )
    assert all(text in pages(made)[-1] for text in ("発注番号", "1 ／ 1"))
    reader = PdfReader(BytesIO(made))
    outline: Any = reader.outline
    letter, below = outline
    assert "結果について（通知）" in letter.title
    form_page = reader.get_destination_page_number(below[-1])
    assert (below[-1].title, form_page) == ("発注書　奈良市　パソコンの共同調達　A商会", len(reader.pages) - 1)


# ---- the workbook ------------------------------------------------------------------------------------


def test_a_workbook_has_a_sheet_for_each_order() -> None:
    lot = negotiated(FAILED, NegotiationGround.FAILED_TENDER, ("a", {"pc": 50_000}), ("外の会社", {"lcd": 20_000}))
    assert figures(workbook(lot)).sheetnames == ["発注書1", "発注書2"]
    assert figures(workbook(WON)).sheetnames == ["発注書"]


def test_a_sheet_shows_the_sums_of_the_result() -> None:
    assert sums(page_of(workbook(WON))) == [220_000, 200_000, 20_000, 220_000]


def test_a_sheet_prints_on_the_width_of_a4_with_its_heading_on_every_page() -> None:
    page = formulas(workbook(many(20)))["発注書"]
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "portrait")
    assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (1, 0)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    (head,) = [cell.row for cell in page["A"] if cell.value == "品目"]
    assert page.print_title_rows == f"${head}:${head}"
    assert str(page.print_area).endswith(f"$G${page.max_row}")


def test_whatever_was_typed_stays_text() -> None:
    lot = a_lot((a_bid("a", 500_000),), items=(an_item(name="=1+1", specification="@x", unit="+1"),))
    page = formulas(workbook(lot, places={NARA: "=HYPERLINK(1)"}))["発注書"]
    typed = [cell for row in page.iter_rows() for cell in row if cell.value in ("=1+1", "@x", "+1", "=HYPERLINK(1)")]
    assert [cell.data_type for cell in typed] == ["s"] * 4


def test_places_are_whole_on_a_sheet_however_many_there_are() -> None:
    schools = [f"第{number}小学校" for number in range(1, 90)]
    page = page_of(workbook(WON, places={NARA: "\n".join(schools)}))
    said = "\n".join(str(cell.value) for row in page.iter_rows() for cell in row if cell.value)
    assert all(school in said.split("\n") for school in schools)
    assert all((page.row_dimensions[row].height or 0) <= 409 for row in range(1, page.max_row + 1))


def test_the_same_orders_give_the_same_workbook() -> None:
    assert workbook(WON) == workbook(WON)


@pytest.mark.libreoffice
@pytest.mark.parametrize(
    "lot",
    [many(1), many(20), many(20, price=199), many(3, price=1), long_named(20)],
    ids=["one", "twenty", "cut tax", "one yen", "long names"],
)
def test_libreoffice_works_out_the_sums_of_the_result(lot: Lot, tmp_path: Path) -> None:
    made = workbook(lot)
    again = page_of(edited(without_results(made), {}, tmp_path))
    assert sums(again) == sums(page_of(made))
    assert sums(again)[0] == orders(lot)[0].share.amount_with_tax


@pytest.mark.libreoffice
def test_prices_of_sen_come_to_the_yen_of_the_result(tmp_path: Path) -> None:
    lot = many(20, price=Fraction(1235, 100), unit_price_places=2)
    share = orders(lot)[0].share
    again = page_of(edited(without_results(workbook(lot)), {}, tmp_path))
    assert sums(again) == [share.amount_with_tax, pytest.approx(2593.5), share.tax, share.amount_with_tax]


@pytest.mark.libreoffice
def test_a_part_that_is_ordered_first_comes_to_its_own_sums(tmp_path: Path) -> None:
    page = page_of(workbook(WON))
    (row,) = [cell.row for cell in page["D"] if cell.value == 4]
    assert sums(page_of(edited(workbook(WON), {f"D{row}": 3}, tmp_path))) == [165_000, 150_000, 15_000, 165_000]


@pytest.mark.libreoffice
def test_without_a_breakdown_the_sums_wait_for_the_prices(tmp_path: Path) -> None:
    made = workbook(UNPRICED)
    page = page_of(made)
    assert not any(sums(page))
    first, second = [cell.row for cell in page["D"] if cell.value in (1, 2)]
    half = page_of(edited(made, {f"F{first}": 1_000}, tmp_path))
    assert not any(sums(half))
    whole = page_of(edited(made, {f"F{first}": 1_000, f"F{second}": 555}, tmp_path))
    assert sums(whole) == [2_321, 2_110, 211, 2_321]


def page_of(xlsx: bytes) -> Worksheet:
    """The first sheet with the figures that are stored beside its formulas."""
    return figures(xlsx).worksheets[0]


def sums(page: Worksheet) -> list[Any]:
    """発注金額, 小計, 消費税 and 合計."""
    labels = {str(cell.value): cell.row for cell in page["A"] if cell.value}
    rows = [row for label, row in labels.items() if label[:2] in ("小計", "消費", "合計")]
    return [page.cell(labels["発注金額（税込）"], 2).value, *(page.cell(row, 7).value for row in rows)]


def without_results(xlsx: bytes) -> bytes:
    """With its formulas alone, so that whoever opens it has to work them out."""
    made = BytesIO()
    formulas(xlsx).save(made)
    return made.getvalue()
