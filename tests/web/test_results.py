"""What a municipality reads of its own result, and the letter that tells it."""

from urllib.parse import unquote

import pytest
from sqlmodel import select

from procure.rounds.stages import Stage
from procure.rounds.tables import LotRow
from tests.harness import pdf
from tests.people import AUDITOR, KATSURAGI, NARA, SECRETARIAT, STRANGER, Person, text_of
from tests.web.stage import REF, content_of, service_at

PAGES = ("/results", f"/results/{REF}", f"/results/{REF}/notice.pdf")
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


def test_a_body_that_took_no_part_is_told_so_and_has_no_letter(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        browser = town.browser(NARA)
        page = browser.get(f"/results/{REF}")
        assert browser.get(f"/results/{REF}/notice.pdf").status_code == 404
        overview = text_of(browser.get("/results"))
    assert "奈良市は、この共同調達に参加していません。" in page.text
    assert "notice.pdf" not in page.text
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
        assert [browser.get(page).status_code for page in PAGES[1:]] == [404, 404]


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
