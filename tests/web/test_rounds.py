"""The list of rounds, and the form in which the secretariat describes one."""

from typing import Any

import pytest

from procure.rounds.queries import find_round
from procure.rounds.stages import Stage
from procure.web.rounds import next_ref
from tests.people import AUDITOR, NARA, SECRETARIAT, STRANGER, Service, service, text_of
from tests.web.stage import REF, content_of, service_at

NEW: dict[str, Any] = {
    "ref": "R8-1",
    "title": "令和８年度 共同調達",
    "fiscal_year": "令和8年度",
    "bid_date": "R8.12.11",
    "council": "見本協議会",
    "note": "一行目\r\n二行目",
}


def edited(town: Service, **changes: str) -> dict[str, Any]:
    with town.database.read() as session:
        row = find_round(session, REF)
        known = {"title": row.title, "fiscal_year": "2021", "bid_date": "R3.6.11", "council": row.council}
        return {**known, "version": str(row.version), **changes}


def test_the_list_shows_every_round_with_its_stage_and_next_step(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SPECIFIED) as town:
        page = text_of(town.browser(SECRETARIAT).get("/rounds"))
    assert "案件を作成する" in page
    assert f"{REF} 令和３年度 共同調達 令和3年度 締切・仕様確定 令和3年6月11日（金） 入札者を登録します" in page


def test_the_newest_round_comes_first_and_a_published_one_needs_nothing(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        browser = town.browser(SECRETARIAT)
        browser.post("/rounds/new", NEW)
        page = text_of(browser.get("/rounds"))
    assert page.index("R8-1") < page.index(REF)
    assert "すべて終わりました" in page


def test_an_auditor_reads_the_list_and_is_offered_nothing_to_do(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        page = town.browser(AUDITOR).get("/rounds")
    assert page.status_code == 200
    assert "/rounds/new" not in page.text


def test_an_empty_list_says_how_to_begin(sqlite_url: str) -> None:
    with service(sqlite_url) as town:
        assert "案件はまだありません" in town.browser(SECRETARIAT).get("/rounds").text


def test_the_form_suggests_the_next_number_the_year_and_the_council(sqlite_url: str) -> None:
    with service(sqlite_url) as town:
        browser = town.browser(SECRETARIAT)
        assert 'value="R8-1"' in browser.get("/rounds/new").text
        browser.post("/rounds/new", NEW)
        page = browser.get("/rounds/new").text
    assert 'value="R8-2"' in page
    assert 'value="令和8年度"' in page
    assert 'value="奈良県電子自治体推進協議会"' in page


@pytest.mark.parametrize(
    ("refs", "expected"),
    [([], "R8-1"), (["R8-2", "R8-10", "R7-30"], "R8-11"), (["R8-x", "R8-1-2"], "R8-1")],
)
def test_the_next_number_follows_the_highest_of_its_year(refs: list[str], expected: str) -> None:
    assert next_ref(refs, 2026) == expected


def test_a_round_is_created_from_what_people_type(sqlite_url: str) -> None:
    with service(sqlite_url) as town:
        answer = town.browser(SECRETARIAT).post("/rounds/new", {**NEW, "is_sample": "1"})
        with town.database.read() as session:
            row = find_round(session, "R8-1")
            assert (row.fiscal_year, row.bid_date.isoformat(), row.is_sample) == (2026, "2026-12-11", True)
            assert row.note == "一行目\n二行目"
    assert (answer.status_code, answer.headers["location"]) == (303, "/rounds/R8-1?done=added")


def test_every_fault_is_shown_at_once_and_what_was_typed_stays(sqlite_url: str) -> None:
    wrong = {"ref": "番号", "title": "", "fiscal_year": "来年", "bid_date": "令和元年4月30日", "council": "x\u202ey"}
    with service(sqlite_url) as town:
        page = town.browser(SECRETARIAT).post("/rounds/new", wrong)
        assert "案件はまだありません" in town.browser(SECRETARIAT).get("/rounds").text
    assert page.status_code == 422
    assert "入力内容に5件の誤りがあります" in page.text
    assert "平成31年4月30日" in page.text
    assert all(f'value="{text}"' in page.text for text in ("番号", "来年", "令和元年4月30日"))


def test_the_day_that_was_read_is_printed_back(sqlite_url: str) -> None:
    with service(sqlite_url) as town:
        page = town.browser(SECRETARIAT).post("/rounds/new", {**NEW, "title": "", "bid_date": "２０２６／１２／１１"})
    assert page.status_code == 422
    assert "令和8年12月11日（金）" in page.text
    assert 'value="２０２６／１２／１１"' in page.text


def test_a_number_in_use_is_refused(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        page = town.browser(SECRETARIAT).post("/rounds/new", {**NEW, "ref": REF})
    assert page.status_code == 422
    assert f"案件番号「{REF}」は使われています" in page.text


def test_a_round_is_edited_until_the_notice(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SPECIFIED) as town:
        browser = town.browser(SECRETARIAT)
        assert 'value="令和3年6月11日"' in browser.get(f"/rounds/{REF}/edit").text
        answer = browser.post(f"/rounds/{REF}/edit", edited(town, title="新しい件名", ref="R9-9"))
        with town.database.read() as session:
            assert find_round(session, REF).title == "新しい件名"
    assert answer.headers["location"] == f"/rounds/{REF}?done=saved"


def test_a_page_that_is_out_of_date_is_not_saved_and_loses_nothing(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        stale = edited(town, title="遅れた件名")
        browser.post(f"/rounds/{REF}/edit", edited(town, title="先の件名"))
        before = content_of(town)
        page = browser.post(f"/rounds/{REF}/edit", stale)
        assert content_of(town) == before
    assert page.status_code == 409
    assert 'value="遅れた件名"' in page.text


def test_wrong_input_is_shown_again_when_editing(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        page = town.browser(SECRETARIAT).post(f"/rounds/{REF}/edit", edited(town, bid_date="2020-06-11"))
    assert page.status_code == 422
    assert "入札日が年度の始まり" in page.text


def test_a_tender_before_its_fiscal_year_is_told_to_be_a_preparation(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        assert "入札日が年度の始まり" not in browser.get(f"/rounds/{REF}").text
        answer = browser.post(f"/rounds/{REF}/edit", edited(town, bid_date="令和3年3月12日"))
        page = browser.get(answer.headers["location"])
    assert "入札日が年度の始まり（4月1日）より前です" in page.text
    assert "令和3年度の案件として載ります" in page.text


def test_after_the_notice_the_round_cannot_be_edited(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.BIDDING) as town:
        browser, before = town.browser(SECRETARIAT), content_of(town)
        assert browser.get(f"/rounds/{REF}/edit").status_code == 409
        assert browser.post(f"/rounds/{REF}/edit", edited(town, title="遅い")).status_code == 409
        assert content_of(town)["round"] == before["round"]


@pytest.mark.parametrize("page", ["/rounds", "/rounds/new", f"/rounds/{REF}/edit"])
def test_a_stranger_is_sent_to_the_sign_in(sqlite_url: str, page: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        answer = town.browser(STRANGER).get(page)
    assert answer.headers["location"].startswith("/sign-in?next=")


def test_a_municipality_sees_no_rounds_and_an_auditor_changes_none(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        before = content_of(town)
        for person, pages in ((NARA, ["/rounds"]), (AUDITOR, [])):
            browser = town.browser(person)
            for page in [*pages, "/rounds/new", f"/rounds/{REF}/edit"]:
                assert browser.get(page).status_code == 403
            for page in ("/rounds/new", f"/rounds/{REF}/edit"):
                assert browser.post(page, NEW).status_code == 403
        assert content_of(town)["round"] == before["round"]


def test_a_form_without_the_token_is_refused(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        for page in ("/rounds/new", f"/rounds/{REF}/edit"):
            assert browser.post(page, {**NEW, **edited(town), "csrf_token": ""}).status_code == 403


def test_an_unknown_round_is_not_found(sqlite_url: str) -> None:
    with service(sqlite_url) as town:
        browser = town.browser(SECRETARIAT)
        assert browser.get("/rounds/R1-1/edit").status_code == 404
        assert browser.post("/rounds/R1-1/edit", NEW).status_code == 404


def test_looking_changes_nothing(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        for page in ("/rounds", "/rounds/new", f"/rounds/{REF}/edit"):
            assert browser.get(page).status_code == 200
        assert content_of(town) == before
