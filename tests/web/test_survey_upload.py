"""調査票 that came by mail: the secretariat looks at many at once and submits them for the bodies."""

import re
from datetime import timedelta

import pytest
from httpx import Response
from sqlmodel import Session, select

from procure.demand.actions import close_survey, extend, save_draft
from procure.demand.queries import answer_version, submission_of
from procure.demand.states import Way
from procure.demand.tables import DemandChangeRow
from procure.history.queries import events_of_round
from procure.rounds.queries import find_round, locked_round
from procure.rounds.tables import RoundRow
from procure.spreadsheets import package
from tests.demand.sheets import stamped
from tests.people import AUDITOR, KATSURAGI, NARA, SECRETARIAT, STRANGER, Browser, Service, text_of
from tests.spreadsheets.files import workbook
from tests.stages import SURVEY_DAYS, bidding, preparing, surveying
from tests.web.rounds_at import REF, council
from tests.web.sheets import (
    ROUND_UPLOAD,
    answered_sheet,
    draft,
    filled,
    first_field,
    lots_of,
    quantities,
    rows_of,
    sheet_of,
    upload_many,
)
from tests.web.test_demand_sheet import kept_in

BOARD, CONFIRM = ROUND_UPLOAD.removesuffix("/upload"), f"{ROUND_UPLOAD}/confirm"
NARA_CODE, KATSURAGI_CODE = "292010", "292117"


def two_sheets(town: Service) -> list[tuple[str, bytes]]:
    nara = answered_sheet(town, town.browser(NARA), NARA_CODE, "１２台")
    katsuragi = answered_sheet(town, town.browser(KATSURAGI), KATSURAGI_CODE, 5)
    return [("奈良市.xlsx", nara), ("葛\U000e0100城市.xlsx", katsuragi)]


def body_saves(town: Service, code: str, typed: str) -> None:
    with town.database.write() as session:
        row = find_round(session, REF)
        seen = answer_version(session, row.id, code)
        save_draft(session, row, code, {first_field(town, code): typed}, seen, "団体の方（市町村）", town.now)


def confirm(browser: Browser, page: Response, replace: list[str] | None = None) -> Response:
    return browser.post(CONFIRM, {"upload": kept_in(page.text), "replace": replace or []})


# ---- the way that is meant ---------------------------------------------------------------------------


def test_many_sheets_are_looked_at_together_and_submitted_together(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(SECRETARIAT)
        page = upload_many(browser, two_sheets(town))
        assert page.status_code == 200
        assert "登録できる団体 2 団体" in text_of(page)
        assert quantities(town, NARA_CODE) is None
        assert draft(town, NARA_CODE) is None
        done = confirm(browser, page)
        assert (done.status_code, done.headers["location"]) == (303, f"/rounds/{REF}/survey?done=imported")
        assert (quantities(town, NARA_CODE), quantities(town, KATSURAGI_CODE)) == ([12], [5])
        assert (draft(town, NARA_CODE), rows_of(town)["sheet_upload"]) == (None, [])


def test_the_history_says_who_submitted_for_whom_and_from_which_file(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(SECRETARIAT)
        confirm(browser, upload_many(browser, two_sheets(town)))
        with town.database.read() as session:
            events = [event for event in events_of_round(session, REF) if event.subject == KATSURAGI_CODE]
            ways = {change.way for change in session.exec(select(DemandChangeRow))}
            submission = submission_of(session, find_round(session, REF).id, KATSURAGI_CODE)
    taken = next(event for event in events if event.action == "sheet_taken_over")
    assert "事務局　花子" in taken.actor
    assert [(change.what, change.after) for change in taken.changes] == [("file", "葛\U000e0100城市.xlsx")]
    assert {event.action for event in events} >= {"sheet_taken_over", "demand_submitted"}
    assert ways == {Way.SECRETARIAT}
    assert submission is not None
    assert "事務局　花子" in submission.submitted_by


def test_what_is_refused_does_not_keep_the_rest_from_being_submitted(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(SECRETARIAT)
        page = upload_many(browser, [*two_sheets(town), ("案内.pdf", b"%PDF-1.7"), ("空.xlsx", b"")])
        words = text_of(page)
        assert page.status_code == 200
        assert "受け付けられないファイル 2 件" in words
        assert all(said in words for said in ("案内.pdf", package.NOT_XLSX, "空.xlsx", package.EMPTY))
        assert confirm(browser, page).status_code == 303
        assert quantities(town, NARA_CODE) == [12]


def test_a_sheet_that_says_what_was_submitted_already_is_left_out(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(SECRETARIAT)
        confirm(browser, upload_many(browser, two_sheets(town)))
        again = upload_many(browser, [("同じ.xlsx", sheet_of(town.browser(NARA)))])
    assert again.status_code == 422
    assert "登録済みと同じ 1 団体" in text_of(again)
    assert 'name="upload"' not in again.text


# ---- somebody was faster -----------------------------------------------------------------------------


def test_a_body_that_has_saved_since_is_replaced_only_where_that_is_chosen(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(SECRETARIAT)
        sheets = two_sheets(town)
        body_saves(town, NARA_CODE, "99")
        page = upload_many(browser, sheets)
        assert "選ぶ必要がある団体 1 団体" in text_of(page)
        assert "奈良市：Excelの内容で置き換える" in text_of(page)
        assert confirm(browser, page).status_code == 303
        assert (quantities(town, NARA_CODE), quantities(town, KATSURAGI_CODE)) == (None, [5])
        assert draft(town, NARA_CODE) == {first_field(town, NARA_CODE): "99"}
        page = upload_many(browser, sheets[:1])
        assert confirm(browser, page).status_code == 409
        assert confirm(browser, page, [NARA_CODE]).status_code == 303
        assert quantities(town, NARA_CODE) == [12]


def test_a_body_that_saves_during_the_preview_stops_all_of_it_and_is_named(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(SECRETARIAT)
        page = upload_many(browser, two_sheets(town))
        body_saves(town, KATSURAGI_CODE, "99")
        before = rows_of(town)
        answer = confirm(browser, page, [KATSURAGI_CODE])
        assert answer.status_code == 409
        assert "城市：" in answer.text
        assert rows_of(town) == before


# ---- refused, by name, and nothing is written --------------------------------------------------------


def test_two_sheets_of_one_body_are_both_refused(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(SECRETARIAT)
        (_, nara), _ = two_sheets(town)
        page = upload_many(browser, [("一.xlsx", nara), ("二.xlsx", nara)])
    assert page.status_code == 422
    assert page.text.count("同じ団体の調査票が複数選ばれています") == 2


def test_wrong_round_and_unknown_body_are_named(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(SECRETARIAT)
        (_, nara), _ = two_sheets(town)
        before = rows_of(town)
        sheets = [("回.xlsx", stamped(nara, "round", "R2-1")), ("団体.xlsx", stamped(nara, "body", "131016"))]
        page = upload_many(browser, sheets)
        assert page.status_code == 422
        assert "別の調達（R2-1）の調査票です" in page.text
        assert "別の団体（131016）の調査票です" in page.text
        assert rows_of(town) == before


def test_an_answer_that_is_not_complete_is_named_with_its_cell(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(SECRETARIAT)
        content = filled(sheet_of(town.browser(NARA)), {first_field(town, NARA_CODE): 3}, lots_of(town, NARA_CODE))
        page = upload_many(browser, [("途中.xlsx", content)])
    assert page.status_code == 422
    assert "参加するか、今回は参加しないかを選んでください" in page.text
    assert re.search(r">D\d+<", page.text)


def test_no_file_and_too_many_files_are_refused(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(SECRETARIAT)
        assert "選んでください" in browser.post(ROUND_UPLOAD).text
        page = upload_many(browser, [(f"{number}.xlsx", b"x") for number in range(101)])
    assert page.status_code == 422
    assert "100ファイルまで" in page.text


def test_after_the_deadline_only_bodies_with_more_time_can_be_submitted_for(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        sheets = two_sheets(town)
        town.wait(timedelta(days=SURVEY_DAYS))
        with town.database.write() as session:
            row = find_round(session, REF)
            extend(session, row, NARA_CODE, town.now + timedelta(days=1), "郵便の遅れ", "事務局", town.now)
        browser = town.browser(SECRETARIAT)
        page = upload_many(browser, sheets)
        assert "登録期限を過ぎています" in page.text
        assert "登録できる団体 1 団体" in text_of(page)
        assert confirm(browser, page).status_code == 303
        assert (quantities(town, NARA_CODE), quantities(town, KATSURAGI_CODE)) == ([12], None)


def test_a_body_with_more_time_after_the_closing_can_be_submitted_for_from_the_board(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        sheets = two_sheets(town)
        with town.database.write() as session:
            close_survey(session, find_round(session, REF), "事務局", town.now)
        browser = town.browser(SECRETARIAT)
        assert "届いた調査票を取り込む" not in browser.get(BOARD).text
        with town.database.write() as session:
            row = find_round(session, REF)
            extend(session, row, NARA_CODE, town.now + timedelta(days=1), "郵便の遅れ", "事務局", town.now)
        assert ROUND_UPLOAD in browser.get(BOARD).text
        assert confirm(browser, upload_many(browser, sheets)).status_code == 303
        assert (quantities(town, NARA_CODE), quantities(town, KATSURAGI_CODE)) == ([12], None)
        town.wait(timedelta(days=1))
        assert "届いた調査票を取り込む" not in browser.get(BOARD).text


def test_who_waits_for_the_round_past_the_deadline_is_too_late(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with council(sqlite_url, surveying) as town:
        at_the_deadline = town.now + timedelta(days=SURVEY_DAYS)
        town.wait(timedelta(days=SURVEY_DAYS, minutes=-10))
        browser = town.browser(SECRETARIAT)
        page = upload_many(browser, two_sheets(town))

        def held_by_another(session: Session, ref: str) -> RoundRow:
            town.wait(at_the_deadline - town.now)
            return locked_round(session, ref)

        monkeypatch.setattr("procure.web.survey_upload.locked_round", held_by_another)
        assert confirm(browser, page).status_code == 409
        assert (quantities(town, NARA_CODE), quantities(town, KATSURAGI_CODE)) == (None, None)


# ---- who may, and when -------------------------------------------------------------------------------


def test_only_the_secretariat_uploads_for_others_and_looking_changes_nothing(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        sheets = two_sheets(town)
        assert town.browser(STRANGER).get(ROUND_UPLOAD).headers["location"].startswith("/sign-in")
        for person in (NARA, AUDITOR):
            browser = town.browser(person)
            assert browser.get(ROUND_UPLOAD).status_code == 403
            assert upload_many(browser, sheets).status_code == 403
        browser = town.browser(SECRETARIAT)
        before = rows_of(town)
        assert browser.get(ROUND_UPLOAD).status_code == 200
        assert rows_of(town) == before


def test_a_form_without_the_token_is_refused(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(SECRETARIAT)
        sheets = two_sheets(town)
        before = rows_of(town)
        assert upload_many(browser, sheets, {"csrf_token": ""}).status_code == 403
        assert browser.post(CONFIRM, {"upload": "x", "csrf_token": ""}).status_code == 403
        assert rows_of(town) == before


@pytest.mark.parametrize("build", [preparing, bidding])
def test_in_other_stages_there_is_nothing_to_upload(sqlite_url: str, build: object) -> None:
    with council(sqlite_url, build) as town:  # type: ignore[arg-type]
        browser = town.browser(SECRETARIAT)
        before = rows_of(town)
        assert browser.get(ROUND_UPLOAD).status_code == 409
        assert upload_many(browser, [("x.xlsx", workbook([["x"]]))]).status_code == 409
        assert browser.post(CONFIRM, {"upload": "x"}).status_code == 409
        assert rows_of(town) == before
