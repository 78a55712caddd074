"""A municipality's 調査票: downloaded, filled in, looked at, and taken over only when somebody says so."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from sqlmodel import select

from procure.accounts.tables import AccountRow
from procure.accounts.viewer import Viewer
from procure.demand.actions import may_submit, save_draft, submit
from procure.demand.queries import answer_version, draft_of
from procure.demand.states import Way
from procure.demand.tables import DemandChangeRow
from procure.demand.uploads import KEPT_FOR
from procure.history.queries import events_of_round
from procure.parties.tables import BodyRow
from procure.rounds.queries import find_round
from procure.spreadsheets import package
from tests.demand.sheets import stamped, written
from tests.people import AUDITOR, KATSURAGI, NARA, SECRETARIAT, STRANGER, Service, text_of
from tests.spreadsheets.files import workbook
from tests.stages import SURVEY_DAYS, preparing, specified, surveying
from tests.web.rounds_at import REF, council
from tests.web.sheets import (
    BODY_UPLOAD,
    answered_sheet,
    cell_of,
    draft,
    first_field,
    quantities,
    rows_of,
    sheet_of,
    upload,
)

CODE = "292010"
CONFIRM = f"{BODY_UPLOAD}/confirm"


def kept_in(page: str) -> str:
    found = re.search(r'name="upload" value="([\w-]+)"', page)
    assert found is not None
    return found[1]


def colleague_saves(town: Service, name: str, typed: str) -> None:
    with town.database.write() as session:
        row = find_round(session, REF)
        seen = answer_version(session, row.id, CODE)
        save_draft(session, row, CODE, {name: typed}, seen, "同僚（市町村）", town.now)


# ---- the way that is meant ---------------------------------------------------------------------------


def test_the_file_is_named_after_the_round_and_the_body(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        named = unquote(town.browser(KATSURAGI).get(f"/demand/{REF}/sheet.xlsx").headers["content-disposition"])
    assert re.search(r"令和3年度_R3-1_調査票_292117_葛城市\.xlsx", named)


def test_a_sheet_is_looked_at_taken_over_and_confirmed(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(NARA)
        field = first_field(town, CODE)
        content = answered_sheet(town, browser, CODE, "１，２００台")
        page = upload(browser, content)
        assert page.status_code == 200
        assert draft(town, CODE) is None
        assert cell_of(town, CODE, content, field) in page.text
        assert "1,200" in page.text
        taken = browser.post(CONFIRM, {"upload": kept_in(page.text)})
        assert (taken.status_code, taken.headers["location"]) == (303, f"/demand/{REF}/confirm?done=imported")
        assert (draft(town, CODE) or {})[field] == "１，２００台"
        assert browser.get(f"/demand/{REF}/confirm").status_code == 200


def test_the_ledger_says_that_a_quantity_came_by_excel(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(NARA)
        page = upload(browser, answered_sheet(town, browser, CODE))
        browser.post(CONFIRM, {"upload": kept_in(page.text)})
        with town.database.write() as session:
            row = find_round(session, REF)
            submit(session, row, CODE, "奈良　太郎（市町村）", town.now)
            assert [change.way for change in session.exec(select(DemandChangeRow))] == [Way.EXCEL]
            events = [event.action for event in events_of_round(session, REF)]
    assert "sheet_taken_over" in events


def test_what_was_submitted_comes_back_in_the_next_sheet_without_a_difference(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(NARA)
        page = upload(browser, answered_sheet(town, browser, CODE, 7))
        browser.post(CONFIRM, {"upload": kept_in(page.text)})
        with town.database.write() as session:
            submit(session, find_round(session, REF), CODE, "奈良　太郎（市町村）", town.now)
        again = upload(browser, sheet_of(browser))
    assert again.status_code == 200
    assert "変わるところはありません" in again.text
    assert 'name="upload"' not in again.text


def test_where_a_body_wants_a_second_person_the_one_who_uploaded_cannot_submit(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(NARA)
        page = upload(browser, answered_sheet(town, browser, CODE))
        browser.post(CONFIRM, {"upload": kept_in(page.text)})
        with town.database.write() as session:
            body = session.get(BodyRow, CODE)
            account = session.exec(select(AccountRow).where(AccountRow.login == NARA.login)).one()
            assert body is not None
            body.needs_approval = account.is_approver = True
            session.flush()
            kept = draft_of(session, find_round(session, REF).id, CODE)
            assert kept is not None
            viewer = Viewer(account.id, NARA.login, NARA.name, NARA.role, CODE, "奈良市", "")
            assert not may_submit(session, CODE, kept, viewer)


# ---- somebody was faster -----------------------------------------------------------------------------


def test_a_stale_sheet_shows_both_values_and_counts_only_when_that_is_chosen(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(NARA)
        field = first_field(town, CODE)
        content = answered_sheet(town, browser, CODE, 3)
        colleague_saves(town, field, "58")
        page = upload(browser, content)
        assert page.status_code == 409
        words = text_of(page)
        assert "回答が変わっています" in words
        assert f"{cell_of(town, CODE, content, field)} 58 3" in words
        refused = browser.post(CONFIRM, {"upload": kept_in(page.text)})
        assert refused.status_code == 409
        assert draft(town, CODE) == {field: "58"}
        assert "Excelの内容で置き換える" in page.text
        taken = browser.post(CONFIRM, {"upload": kept_in(page.text), "replace": "1"})
        assert taken.status_code == 303
        assert (draft(town, CODE) or {})[field] == "3"


def test_a_stale_sheet_that_says_the_same_is_no_conflict(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(NARA)
        content = sheet_of(browser)
        colleague_saves(town, first_field(town, CODE), "")
        page = upload(browser, content)
    assert page.status_code == 200
    assert "変わるところはありません" in page.text


def test_what_changes_between_preview_and_confirmation_is_not_overwritten(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(NARA)
        page = upload(browser, answered_sheet(town, browser, CODE))
        colleague_saves(town, first_field(town, CODE), "58")
        for replace in ("", "1"):
            answer = browser.post(CONFIRM, {"upload": kept_in(page.text), "replace": replace})
            assert answer.status_code == 409
        assert draft(town, CODE) == {first_field(town, CODE): "58"}


# ---- what is kept meanwhile --------------------------------------------------------------------------


def test_a_preview_can_be_confirmed_once_by_its_own_person_and_within_a_day(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(NARA)
        upload_id = kept_in(upload(browser, answered_sheet(town, browser, CODE)).text)
        assert town.browser(KATSURAGI).post(CONFIRM, {"upload": upload_id}).status_code == 409
        assert browser.post(CONFIRM, {"upload": "x"}).status_code == 409
        assert browser.post(CONFIRM, {"upload": upload_id}).status_code == 303
        assert browser.post(CONFIRM, {"upload": upload_id}).status_code == 409
        later = kept_in(upload(browser, answered_sheet(town, browser, CODE, 4)).text)
        town.wait(KEPT_FOR + timedelta(seconds=1))
        late = town.browser(NARA).post(CONFIRM, {"upload": later})
        assert late.status_code == 409
        assert "もう一度ファイルを選んで" in late.text


def test_a_new_preview_takes_the_place_of_the_one_before(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(NARA)
        first = kept_in(upload(browser, answered_sheet(town, browser, CODE, 3)).text)
        second = kept_in(upload(browser, answered_sheet(town, browser, CODE, 4)).text)
        assert len(rows_of(town)["sheet_upload"]) == 1
        assert browser.post(CONFIRM, {"upload": first}).status_code == 409
        assert browser.post(CONFIRM, {"upload": second}).status_code == 303


def test_too_late_is_too_late_at_every_step(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(NARA)
        content = answered_sheet(town, browser, CODE)
        town.wait(timedelta(days=SURVEY_DAYS) - timedelta(minutes=1))
        browser = town.browser(NARA)
        upload_id = kept_in(upload(browser, content).text)
        town.wait(timedelta(minutes=1))
        assert browser.post(CONFIRM, {"upload": upload_id}).status_code == 409
        assert upload(browser, content).status_code == 409
        assert browser.get(BODY_UPLOAD).headers["location"] == f"/demand/{REF}"
        assert draft(town, CODE) is None


# ---- refused, by name, and nothing is written --------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", package.EMPTY),
        (b"%PDF-1.7", package.NOT_XLSX),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", package.OLD_FORMAT),
        (b"PK\x03\x04", package.BROKEN),
        (workbook([["品目"]]), "このサービスの調査票ではありません"),
    ],
)
def test_a_file_that_is_no_sheet_of_ours_is_refused_by_name(sqlite_url: str, content: bytes, message: str) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(NARA)
        before = rows_of(town)
        page = upload(browser, content)
        assert page.status_code == 422
        assert message in page.text
        assert rows_of(town) == before


def test_no_file_at_all_is_asked_for(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        page = town.browser(NARA).post(BODY_UPLOAD)
    assert page.status_code == 422
    assert "選んでください" in page.text


def test_the_sheet_of_another_body_or_round_is_refused_by_name(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(NARA)
        theirs = sheet_of(town.browser(KATSURAGI))
        before = rows_of(town)
        page = upload(browser, theirs)
        assert page.status_code == 422
        assert "別の団体（292117）の調査票です" in page.text
        other = upload(browser, stamped(sheet_of(browser), "round", "R8-2"))
        assert other.status_code == 422
        assert "別の調達（R8-2）の調査票です" in other.text
        assert rows_of(town) == before


def test_faults_are_listed_with_their_cells_and_nothing_is_kept(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(NARA)
        content = answered_sheet(town, browser, CODE, "=6+6")
        before = rows_of(town)
        page = upload(browser, content)
        assert page.status_code == 422
        assert cell_of(town, CODE, content, first_field(town, CODE)) in page.text
        assert "数式が入っています" in page.text
        assert 'name="upload"' not in page.text
        assert rows_of(town) == before


def test_the_name_of_a_file_is_shown_and_does_no_harm(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(NARA)
        content = answered_sheet(town, browser, CODE)
        page = upload(browser, content, "<b>../../葛\U000e0100.xlsx")
        assert "&lt;b&gt;../../葛\U000e0100.xlsx" in page.text
        assert upload(browser, content, "あ" * 400 + ".xlsx").status_code == 200


def test_a_file_over_the_limit_is_not_read(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        assert upload(town.browser(NARA), b"PK\x03\x04" + b"\0" * 5_000_000).status_code == 413


# ---- who may, and when -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [f"/demand/{REF}/sheet.xlsx", BODY_UPLOAD])
def test_only_municipalities_come_here_and_looking_changes_nothing(sqlite_url: str, path: str) -> None:
    with council(sqlite_url, surveying) as town:
        assert town.browser(STRANGER).get(path).headers["location"].startswith("/sign-in")
        for person in (SECRETARIAT, AUDITOR):
            assert town.browser(person).get(path).status_code == 403
        browser = town.browser(NARA)
        before = rows_of(town)
        assert browser.get(path).status_code == 200
        assert rows_of(town) == before


def test_a_round_that_is_being_prepared_does_not_exist_for_a_body(sqlite_url: str) -> None:
    with council(sqlite_url, preparing) as town:
        browser = town.browser(NARA)
        for path in (f"/demand/{REF}/sheet.xlsx", BODY_UPLOAD):
            assert browser.get(path).status_code == 404
        assert upload(browser, workbook([["x"]])).status_code == 404
        assert browser.post(CONFIRM, {"upload": "x"}).status_code == 404


def test_a_form_without_the_token_is_refused(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(NARA)
        content = answered_sheet(town, browser, CODE)
        before = rows_of(town)
        assert upload(browser, content, fields={"csrf_token": ""}).status_code == 403
        assert browser.post(CONFIRM, {"upload": "x", "csrf_token": ""}).status_code == 403
        assert rows_of(town) == before


def test_after_the_closing_the_sheet_can_still_be_read_and_no_longer_uploaded(sqlite_url: str) -> None:
    with council(sqlite_url, specified) as town:
        browser = town.browser(KATSURAGI)
        assert upload(browser, sheet_of(browser)).status_code == 409
        assert quantities(town, "292117")


def test_a_sheet_without_its_rows_is_named(sqlite_url: str) -> None:
    with council(sqlite_url, surveying) as town:
        browser = town.browser(NARA)
        page = upload(browser, written(sheet_of(browser), {"A13": None}))
    assert page.status_code == 422
    assert "の行がありません" in page.text
