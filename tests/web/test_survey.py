"""The board of answers, and opening, closing and reopening the survey."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from procure.clock import JAPAN
from procure.database import Database
from procure.demand.actions import accept_answer, extend, request_approval, return_answer, save_draft, submit
from procure.demand.answer import NO, lot_field
from procure.demand.queries import answer_version, asked_lots
from procure.rounds.actions import create_round
from procure.rounds.queries import find_round
from procure.rounds.rules import Outline
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from tests import stages
from tests.people import AUDITOR, NARA, NOW, SECRETARIAT, STRANGER, Service, service, text_of
from tests.web.stage import REF, content_of, service_at

BOARD = f"/rounds/{REF}/survey"
OPEN, CLOSE, REOPEN = f"{BOARD}/open", f"{BOARD}/close", f"{BOARD}/reopen"
OFFICE = "事務局　花子（事務局）"
DEADLINE = {"deadline": "R8.12.11", "deadline_time": "17:15"}


def round_of(town: Service) -> RoundRow:
    with town.database.read() as session:
        return find_round(session, REF)


def partly_answered(session: Session) -> None:
    """16 bodies have answered: 大和高田市 was accepted, 大和郡山市 returned, 葛城市 is changing its answer.

    安堵町 has a draft, 奈良市 waits for its approver, 宇陀市 takes no part, 御所市 has more time.
    """
    row = stages.answered(session, NOW)
    none = {lot_field("join", lot.id): NO for lot in asked_lots(session, row.id)}
    accept_answer(session, row, "292028", OFFICE, NOW + timedelta(hours=1))
    return_answer(session, row, "292036", "台数を確かめてください。", OFFICE, NOW)
    save_draft(session, row, "292117", {}, answer_version(session, row.id, "292117"), stages.ACTOR, NOW)
    save_draft(session, row, "293458", {}, 0, stages.ACTOR, NOW)
    save_draft(session, row, "292010", none, 0, stages.ACTOR, NOW)
    request_approval(session, row, "292010", stages.ACTOR, NOW)
    save_draft(session, row, "292125", none, 0, stages.ACTOR, NOW)
    submit(session, row, "292125", stages.ACTOR, NOW)
    extend(session, row, "292087", NOW + timedelta(days=30), "議会の日程による。", OFFICE, NOW)


def fill(url: str) -> None:
    database = Database(url)
    with database.write() as session:
        partly_answered(session)
    database.close()


def test_the_board_shows_every_member_with_the_state_of_its_answer(sqlite_url: str) -> None:
    fill(sqlite_url)
    with service(sqlite_url) as town:
        words = text_of(town.browser(SECRETARIAT).get(BOARD))
    assert "16 ／ 39 団体" in words
    counts = "未回答（20） 下書き（1） 承認待ち（1） 登録済み（14） 差戻し（1） 受理済み（1） 不参加（1）"
    assert f"すべて（39） {counts}" in words
    assert "大和高田市 受理済み R3-1-292028-01 令和8年11月24日（火） 10時00分 事務局 花子（事務局）" in words
    assert "大和郡山市 差戻し R3-1-292036-01" in words
    assert "奈良市 承認待ち" in words
    assert "葛󠄀城市 登録済み 変更を下書き中 R3-1-292117-01" in words
    assert "宇陀市 不参加 R3-1-292125-01" in words
    assert "安堵町 下書き" in words
    assert "御所市 未回答 期限 令和8年12月24日（木） 9時00分" in words


def test_a_returned_answer_is_not_in_the_sums(sqlite_url: str) -> None:
    fill(sqlite_url)
    with service(sqlite_url) as town:
        words = text_of(town.browser(SECRETARIAT).get(BOARD))
    assert "合計 1,857 146" in words


@pytest.mark.parametrize(
    ("status", "shown", "hidden"),
    [
        ("submitted", "292117", "292125"),
        ("accepted", "292028", "292117"),
        ("returned", "292036", "292028"),
        ("waiting", "292010", "293458"),
        ("without", "292125", "292028"),
        ("draft", "293458", "292010"),
        ("none", "292087", "293458"),
        ("nonsense", "292010", "000000"),
    ],
)
def test_the_board_is_filtered_by_links(sqlite_url: str, status: str, shown: str, hidden: str) -> None:
    fill(sqlite_url)
    with service(sqlite_url) as town:
        page = town.browser(SECRETARIAT).get(f"{BOARD}?status={status}").text
    assert f'class="code num">{shown}' in page
    assert f'class="code num">{hidden}' not in page


def test_the_text_of_a_reminder_lists_those_who_are_not_done(sqlite_url: str) -> None:
    fill(sqlite_url)
    with service(sqlite_url) as town:
        text = town.browser(SECRETARIAT).get(BOARD).text.partition('id="reminder"')[2]
        assert all(f"・{name}" in text for name in ("奈良市", "大和郡山市", "安堵町", "御所市"))
        assert "・宇陀市" not in text
        assert 'id="reminder"' not in town.browser(AUDITOR).get(BOARD).text


def test_the_chosen_answers_are_accepted_together(sqlite_url: str) -> None:
    fill(sqlite_url)
    with service(sqlite_url) as town:
        browser = town.browser(SECRETARIAT)
        assert 'value="R3-1-292044-01" checked' in browser.get(f"{BOARD}?all=1").text
        chosen = ["R3-1-292044-01", "R3-1-292125-01"]
        answer = browser.post(f"{BOARD}/accept", {"receipt": chosen})
        words = text_of(browser.get(answer.headers["location"]))
    assert "選んだ回答を受理しました。" in words
    assert "天理市 受理済み" in words
    assert "宇陀市 不参加 受理済み" in words
    assert "登録済み（13）" in words


def test_where_one_of_the_chosen_answers_has_changed_none_is_accepted(sqlite_url: str) -> None:
    fill(sqlite_url)
    with service(sqlite_url) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        page = browser.post(f"{BOARD}/accept", {"receipt": ["R3-1-292044-01", "R3-1-292052-09"]})
        empty = browser.post(f"{BOARD}/accept")
        assert content_of(town) == before
    assert (page.status_code, empty.status_code) == (409, 422)
    assert "どの回答も受理していません" in page.text
    assert "天理市 登録済み" in text_of(page)
    assert "受理する回答を選んでください。" in empty.text


def test_the_survey_opens_for_two_weeks_until_offices_close(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        page = browser.get(OPEN)
        answer = browser.post(OPEN, DEADLINE)
        row = round_of(town)
    assert 'value="令和8年12月8日"' in page.text
    assert "令和8年12月8日（火）" in page.text
    assert 'value="17:15"' in page.text
    assert answer.headers["location"] == f"/rounds/{REF}?done=survey_opened"
    assert (row.stage, row.survey_deadline) == (Stage.SURVEYING, datetime(2026, 12, 11, 17, 15, tzinfo=JAPAN))


@pytest.mark.parametrize("path", [OPEN, REOPEN])
def test_a_deadline_that_is_past_or_cannot_be_read_is_shown_again(sqlite_url: str, path: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING if path == OPEN else Stage.SPECIFIED) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        past = browser.post(path, {"deadline": "2026-11-24", "deadline_time": "9時", "reason": "誤り"})
        odd = browser.post(path, {"deadline": "来週", "deadline_time": "夕方", "reason": "誤り"})
        empty = browser.post(path, {"reason": "誤り"})
        assert content_of(town) == before
    assert (past.status_code, odd.status_code, empty.status_code) == (422, 422, 422)
    assert "登録期限は、現在より後の日時にしてください" in past.text
    assert "令和8年11月24日（火）" in past.text
    assert all(f'value="{typed}"' in odd.text for typed in ("来週", "夕方"))
    assert "入力内容に2件の誤りがあります" in odd.text
    assert "入力内容に2件の誤りがあります" in empty.text


def test_a_round_without_items_asks_for_nothing(sqlite_url: str) -> None:
    with service(sqlite_url) as town:
        outline = Outline(REF, "件名", 2026, NOW.date(), "協議会")
        with town.database.write() as session:
            create_round(session, outline, stages.ACTOR, NOW)
        page = town.browser(SECRETARIAT).post(OPEN, DEADLINE)
    assert page.status_code == 422
    assert "ロットがありません" in page.text


def test_the_closing_page_names_everybody_who_is_not_done(sqlite_url: str) -> None:
    fill(sqlite_url)
    with service(sqlite_url) as town:
        words = text_of(town.browser(SECRETARIAT).get(CLOSE))
    assert "登録期限はまだ過ぎていません" in words
    assert "登録が済んだ団体 16 団体 （うち受理済み 1 団体 、不参加 1 団体 ）" in words
    assert "未回答の団体 20 団体 ：御所市、" in words
    assert "下書きのままの団体 1 団体 ：安堵町" in words
    assert "承認待ちの団体 1 団体 ：奈良市" in words
    assert "差戻し中の団体 1 団体 ：大和郡山市" in words
    assert "御所市 令和8年12月24日（木） 9時00分 まで" in words


def test_after_the_deadline_closing_needs_no_warning_and_fixes_the_quantities(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        town.wait(timedelta(days=stages.SURVEY_DAYS))
        browser = town.browser(SECRETARIAT)
        assert "まだ過ぎていません" not in browser.get(CLOSE).text
        answer = browser.post(CLOSE)
        assert round_of(town).stage is Stage.SPECIFIED
    assert answer.headers["location"] == f"/rounds/{REF}?done=survey_closed"


def test_the_survey_is_reopened_with_a_reason_and_a_new_deadline(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SPECIFIED) as town:
        browser = town.browser(SECRETARIAT)
        refused = browser.post(REOPEN, DEADLINE)
        answer = browser.post(REOPEN, {**DEADLINE, "reason": "数量の誤り"})
        row = round_of(town)
        said = browser.get(answer.headers["location"])
    assert refused.status_code == 422
    assert "再開の理由" in refused.text
    assert (row.stage, row.survey_deadline) == (Stage.SURVEYING, datetime(2026, 12, 11, 17, 15, tzinfo=JAPAN))
    assert "需要登録を再開しました。" in said.text


WRONG: list[Any] = [
    (Stage.SURVEYING, OPEN),
    (Stage.SURVEYING, REOPEN),
    (Stage.PREPARING, CLOSE),
    (Stage.BIDDING, OPEN),
    (Stage.BIDDING, CLOSE),
    (Stage.BIDDING, REOPEN),
]


@pytest.mark.parametrize(("stage", "path"), WRONG)
def test_at_another_stage_nothing_changes(sqlite_url: str, stage: Stage, path: str) -> None:
    with service_at(sqlite_url, stage) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        assert browser.get(path).status_code == 409
        assert browser.post(path, {**DEADLINE, "reason": "理由"}).status_code == 409
        assert content_of(town) == before


def test_an_auditor_reads_the_board_and_is_offered_nothing(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        browser = town.browser(AUDITOR)
        page = browser.get(BOARD)
        assert all(browser.get(path).status_code == 403 for path in (OPEN, CLOSE, REOPEN))
        assert all(browser.post(path, DEADLINE).status_code == 403 for path in (OPEN, CLOSE, REOPEN))
        assert round_of(town).stage is Stage.SURVEYING
    assert page.status_code == 200
    assert f'href="{CLOSE}"' not in page.text


@pytest.mark.parametrize("path", [f"{BOARD}/accept", OPEN, CLOSE, REOPEN])
def test_a_form_is_for_the_secretariat_alone(sqlite_url: str, path: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        for person in (NARA, AUDITOR):
            assert town.browser(person).post(path, {"receipt": "R3-1-292028-01"}).status_code == 403


@pytest.mark.parametrize("path", [BOARD, OPEN, CLOSE, REOPEN])
def test_strangers_and_municipalities_stay_out(sqlite_url: str, path: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        assert town.browser(STRANGER).get(path).headers["location"].startswith("/sign-in?next=")
        assert town.browser(NARA).get(path).status_code == 403


@pytest.mark.parametrize(
    ("stage", "path"), [(Stage.PREPARING, OPEN), (Stage.SURVEYING, CLOSE), (Stage.SPECIFIED, REOPEN)]
)
def test_a_form_without_the_token_is_refused(sqlite_url: str, stage: Stage, path: str) -> None:
    with service_at(sqlite_url, stage) as town:
        form = {**DEADLINE, "reason": "理由", "csrf_token": ""}
        assert town.browser(SECRETARIAT).post(path, form).status_code == 403
        assert round_of(town).stage is stage


def test_looking_changes_nothing(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        for path in (BOARD, CLOSE):
            assert browser.get(path).status_code == 200
        assert content_of(town) == before
