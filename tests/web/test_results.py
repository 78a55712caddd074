"""What a municipality reads of its own result, and the letter that tells it."""

from datetime import date
from io import BytesIO
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from procure.contracts.tables import DeliveryDeadlineRow
from procure.demand.tables import AnswerRow
from procure.rounds.stages import Stage
from procure.rounds.tables import LotRow
from tests.harness import pdf
from tests.people import AUDITOR, KATSURAGI, NARA, NOW, SECRETARIAT, STRANGER, Person, text_of
from tests.web.stage import REF, content_of, service_at

PAGES = ("/results", f"/results/{REF}", f"/results/{REF}/notice.pdf", f"/results/{REF}/orders.xlsx")
OFFICIAL = "葛\U000e0100城市"
OWN = ("13,174,540", "1,317,454", "14,491,994", "52.4")
OTHERS = ("7,540,742", "9,604,771")
UNPUBLISHED = [stage for stage in Stage if stage is not Stage.PUBLISHED]


def test_a_body_reads_what_it_pays_and_saves(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        browser = town.browser(KATSURAGI)
        overview, page = browser.get("/results"), browser.get(f"/results/{REF}")
    assert OWN[2] in overview.text
    assert all(amount in page.text for amount in OWN)
    assert "見本システム株式会社" in page.text
    assert "定価の約52.4％引きで購入" in page.text


def test_the_amounts_of_other_bodies_are_not_on_its_pages(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        browser = town.browser(KATSURAGI)
        pages = [browser.get(page).text for page in PAGES[:2]]
    assert not any(amount in page for page in pages for amount in OTHERS)


def test_its_letter_can_be_saved_and_bears_its_official_name_and_amount(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        answer = town.browser(KATSURAGI).get(f"/results/{REF}/notice.pdf")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    name = unquote(answer.headers["content-disposition"].removeprefix("attachment; filename*=UTF-8''"))
    assert name.startswith("令和3年度_R3-1_結果通知_")
    words = pdf.text(answer.content)
    assert OWN[2] in words
    assert OFFICIAL in words
    assert not any(amount in words for amount in OTHERS)


def test_its_order_forms_are_in_the_letter_and_can_be_saved_to_fill_in(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        browser = town.browser(KATSURAGI)
        letter, sheets = browser.get(f"/results/{REF}/notice.pdf"), browser.get(f"/results/{REF}/orders.xlsx")
        assert "発注書（Excel）を受け取る" in browser.get(f"/results/{REF}").text
    assert unquote(sheets.headers["content-disposition"]).endswith("令和3年度_R3-1_発注書_292117_葛城市.xlsx")
    shown = [
        cell.value for row in load_workbook(BytesIO(sheets.content), data_only=True).active.iter_rows() for cell in row
    ]
    assert {int(amount.replace(",", "")) for amount in OWN[:3]} <= set(shown)
    assert f"{OFFICIAL}長" in shown
    assert "R3-1-ORDER-292117-1" in pdf.text(letter.content)


def test_the_order_forms_tell_the_places_that_the_body_named_and_the_deadline_of_the_lot(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        browser = town.browser(KATSURAGI)
        before = browser.get(f"/results/{REF}/notice.pdf").content
        with town.database.write() as session:
            lot = session.exec(select(LotRow).where(LotRow.ref == "pc")).one()
            answers = select(AnswerRow).where(AnswerRow.lot_id == lot.id, AnswerRow.body_code == KATSURAGI.body_code)
            session.exec(answers).one().delivery_places = "新庄庁舎２階"
            session.add(DeliveryDeadlineRow(lot_id=lot.id, day=date(2021, 10, 29), set_at=NOW, set_by="事務局"))
        after = browser.get(f"/results/{REF}/notice.pdf").content
    assert "新庄庁舎２階" not in pdf.text(before)
    assert "新庄庁舎２階" in pdf.text(after)
    assert "令和３年10月29日（金）まで" in pdf.text(after)


def test_a_body_that_took_no_part_is_told_so_and_has_no_letter(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        browser = town.browser(NARA)
        page = browser.get(f"/results/{REF}")
        assert [browser.get(document).status_code for document in PAGES[2:]] == [404, 404]
        overview = text_of(browser.get("/results"))
    assert "奈良市は、この共同調達に参加していません。" in page.text
    assert "notice.pdf" not in page.text
    assert "orders.xlsx" not in page.text
    assert f'href="/published/{REF}"' in page.text
    assert "不参加" in overview


def test_a_lot_without_an_award_shows_why(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        with town.database.write() as session:
            session.exec(select(LotRow).where(LotRow.ref == "pc")).one().cancelled = "仕様の見直しのため"
        page = text_of(town.browser(KATSURAGI).get(f"/results/{REF}"))
    assert "仕様の見直しのため" in page
    assert OWN[0] not in page


@pytest.mark.parametrize("stage", UNPUBLISHED)
def test_before_the_publication_there_is_no_result(sqlite_url: str, stage: Stage) -> None:
    with service_at(sqlite_url, stage) as town:
        browser = town.browser(KATSURAGI)
        assert "公表された結果はまだありません" in browser.get("/results").text
        assert [browser.get(page).status_code for page in PAGES[1:]] == [404] * 3


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_sent_to_the_sign_in(sqlite_url: str, page: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        answer = town.browser(STRANGER).get(page)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("person", [SECRETARIAT, AUDITOR])
@pytest.mark.parametrize("page", PAGES)
def test_only_municipalities_have_own_results(sqlite_url: str, page: str, person: Person) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        assert town.browser(person).get(page).status_code == 403


def test_looking_changes_nothing(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        browser = town.browser(KATSURAGI)
        before = content_of(town)
        for page in PAGES:
            browser.get(page)
        assert content_of(town) == before
