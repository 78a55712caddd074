"""The board of answers, and opening, closing and reopening the survey."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from procure.clock import JAPAN
from procure.database import Database
from procure.demand.actions import save_draft, submit
from procure.demand.queries import answer_version
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
DEADLINE = {"deadline": "R8.12.11", "deadline_time": "17:15"}


def round_of(town: Service) -> RoundRow:
    with town.database.read() as session:
        return find_round(session, REF)


def partly_answered(session: Session) -> None:
    """16 bodies have answered; 生駒郡安堵町 has a draft, 宇陀市 takes no part, 葛城市 is changing its answer."""
    row = stages.answered(session, NOW)
    save_draft(session, row, "293458", {}, 0, stages.ACTOR, NOW)
    save_draft(session, row, "292125", {}, 0, stages.ACTOR, NOW)
    submit(session, row, "292125", stages.ACTOR, NOW)
    save_draft(session, row, "292117", {}, answer_version(session, row.id, "292117"), stages.ACTOR, NOW)


def fill(url: str) -> None:
    database = Database(url)
    with database.write() as session:
        partly_answered(session)
    database.close()


def test_the_board_shows_every_member_with_its_answer(sqlite_url: str) -> None:
    fill(sqlite_url)
    with service(sqlite_url) as town:
        words = text_of(town.browser(SECRETARIAT).get(BOARD))
    assert "17 ／ 39 団体" in words
    assert "すべて（39） 回答済み（16） 不参加（1） 下書き（1） 未回答（21）" in words
    assert "292028 大和高田市 回答済み R3-1-292028-01 令和8年11月24日（火） 9時00分" in words
    assert "292125 宇陀市 不参加 R3-1-292125-01" in words
    assert "293458 安堵町 下書き" in words
    assert "292010 奈良市 未回答" in words
    assert "回答済み 変更を下書き中 R3-1-292117-01" in words
    assert "合計 1,997 164" in words


def test_the_board_sums_every_item_and_names_who_asks_for_it(sqlite_url: str) -> None:
    fill(sqlite_url)
    with service(sqlite_url) as town:
        words = text_of(town.browser(SECRETARIAT).get(BOARD))
    assert "ノートパソコン（標準型） 15.6型 Core i5 メモリ8GB SSD256GB 523 台 13 団体 大和高田市、" in words
    assert "A3モノクロレーザープリンタ 40枚/分 両面 26 台 6 団体 大和郡山市、天理市、五條市、" in words


@pytest.mark.parametrize(
    ("status", "shown", "hidden"),
    [
        ("answered", "292028", "292125"),
        ("without", "292125", "292028"),
        ("draft", "293458", "292010"),
        ("none", "292010", "293458"),
        ("nonsense", "292010", "000000"),
    ],
)
def test_the_board_is_filtered_by_links(sqlite_url: str, status: str, shown: str, hidden: str) -> None:
    fill(sqlite_url)
    with service(sqlite_url) as town:
        page = town.browser(SECRETARIAT).get(f"{BOARD}?status={status}").text
    assert f'class="code num">{shown}' in page
    assert f'class="code num">{hidden}' not in page


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


def test_the_closing_page_names_those_who_have_not_answered(sqlite_url: str) -> None:
    fill(sqlite_url)
    with service(sqlite_url) as town:
        words = text_of(town.browser(SECRETARIAT).get(CLOSE))
    assert "登録期限はまだ過ぎていません" in words
    assert "回答した団体 17 団体 （うち不参加 1 団体 ）" in words
    assert "回答していない団体 22 団体 ：奈良市、御所市、" in words
    assert "下書きのままの団体 安堵町" in words


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
