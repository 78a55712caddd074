"""A body's answer as the secretariat sees it, and what it may do with it: accept, return, extend, correct."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from procure.clock import JAPAN
from procure.demand.answer import Line, quantity_field, spares_field
from procure.demand.changes import changes_of
from procure.demand.queries import draft_of, extension_of, lines_of, submission_of
from procure.demand.states import AnswerState, Way
from procure.rounds.queries import items_of
from procure.rounds.tables import RoundRow
from tests.demand.test_changes import OFFICE, answer
from tests.people import AUDITOR, NARA, NOW, SECRETARIAT, STRANGER, Service, text_of
from tests.stages import answered, bidding, published, specified
from tests.web.rounds_at import council, row_in
from tests.web.stage import REF, content_of

SAKURAI, GOSE = "292061", "292087"
PATH = f"/rounds/{REF}/survey/{SAKURAI}"
RECEIPT = f"{REF}-{SAKURAI}-01"
ACCEPT, RETURN, EXTEND, CORRECT = (f"{PATH}/{act}" for act in ("accept", "return", "extend", "correct"))
DEADLINE = {"deadline": "令和8年12月25日", "deadline_time": "17時", "reason": "議会の日程による。"}


def state_in(town: Service) -> AnswerState:
    with town.database.read() as session:
        submission = submission_of(session, row_in(town).id, SAKURAI)
        assert submission is not None
        return submission.state


def monitor_in(session: Session, row: RoundRow) -> int:
    return next(item.id for item in items_of(session, row.id) if item.ref == "monitor")


def correction(
    town: Service, main: str, spares: str = "", reason: str = "電話での申出による。", **more: str
) -> dict[str, str]:
    """The form as the page shows it, with the monitors changed."""
    with town.database.read() as session:
        row = row_in(town)
        lines = lines_of(session, row.id, SAKURAI)
        fields = {
            quantity_field(item.id): str(lines.get(item.id, Line(0)).quantity) for item in items_of(session, row.id)
        }
        monitor = monitor_in(session, row)
        seen = changes_of(session, row, body_code=SAKURAI)[0].number
    changed = {quantity_field(monitor): main, spares_field(monitor): spares}
    return {**fields, **changed, "reason": reason, "seen": str(seen), **more}


def test_the_whole_answer_is_read_on_one_page(sqlite_url: str) -> None:
    with council(sqlite_url, answered) as town:
        words = text_of(town.browser(SECRETARIAT).get(PATH))
    assert "桜井市の回答 登録済み" in words
    assert f"受付番号 {RECEIPT}" in words
    assert "登録期限 令和8年12月8日（火） 9時00分" in words
    assert "液晶ディスプレイ 27 台" in words
    assert "プリンタの共同調達 参加 今回は参加しない" in words


def test_a_body_that_has_not_answered_has_a_page_too(sqlite_url: str) -> None:
    with council(sqlite_url, answered) as town:
        words = text_of(town.browser(SECRETARIAT).get(f"/rounds/{REF}/survey/{GOSE}"))
    assert "御所市の回答 未回答" in words
    assert "まだ登録されていません" in words
    assert "差し戻す" not in words
    assert "期限を延ばす" in words


def test_an_answer_is_accepted(sqlite_url: str) -> None:
    with council(sqlite_url, answered) as town:
        browser = town.browser(SECRETARIAT)
        done = browser.post(ACCEPT, {"receipt": RECEIPT})
        words = text_of(browser.get(done.headers["location"]))
    assert "回答を受理しました。" in words
    assert "受理 令和8年11月24日（火） 9時00分 事務局 花子（事務局）" in words


def test_an_answer_is_returned_with_its_reason_and_stands_as_a_draft_again(sqlite_url: str) -> None:
    with council(sqlite_url, answered) as town:
        browser = town.browser(SECRETARIAT)
        assert browser.get(RETURN).status_code == 200
        done = browser.post(RETURN, {"receipt": RECEIPT, "reason": "台数を\r\n確かめてください。"})
        words = text_of(browser.get(done.headers["location"]))
        with town.database.read() as session:
            assert draft_of(session, row_in(town).id, SAKURAI) is not None
    assert "回答を差し戻しました。" in words
    assert "台数を 確かめてください。" in words


@pytest.mark.parametrize("reason", ["", "x" * 1001, "a\u202eb"])
def test_a_return_needs_a_reason_that_can_be_read(sqlite_url: str, reason: str) -> None:
    with council(sqlite_url, answered) as town:
        page = town.browser(SECRETARIAT).post(RETURN, {"receipt": RECEIPT, "reason": reason})
        assert state_in(town) is AnswerState.SUBMITTED
    assert page.status_code == 422
    assert reason in page.text


@pytest.mark.parametrize("path", [ACCEPT, RETURN])
def test_an_answer_that_was_registered_again_meanwhile_is_not_judged(sqlite_url: str, path: str) -> None:
    with council(sqlite_url, answered) as town:
        with town.database.write() as session:
            answer(session, row_in(town), {"monitor": 1}, NOW, body=SAKURAI)
        page = town.browser(SECRETARIAT).post(path, {"receipt": RECEIPT, "reason": "台数"})
        assert state_in(town) is AnswerState.SUBMITTED
    assert page.status_code == 409
    assert "登録し直しました" in page.text


def test_a_body_is_given_more_time_with_a_reason(sqlite_url: str) -> None:
    with council(sqlite_url, specified) as town:
        browser = town.browser(SECRETARIAT)
        assert "仕様は確定しています" in browser.get(EXTEND).text
        done = browser.post(EXTEND, DEADLINE)
        words = text_of(browser.get(done.headers["location"]))
        with town.database.read() as session:
            extension = extension_of(session, row_in(town).id, SAKURAI)
    assert extension is not None
    assert extension.deadline == datetime(2026, 12, 25, 17, 0, tzinfo=JAPAN)
    assert "（この団体だけ延長：議会の日程による。）" in words


def test_a_deadline_that_gives_no_time_is_shown_again_with_every_fault(sqlite_url: str) -> None:
    with council(sqlite_url, answered) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        early = browser.post(EXTEND, {"deadline": "R8.12.1", "deadline_time": "17:15", "reason": ""})
        odd = browser.post(EXTEND, {"deadline": "来週", "deadline_time": "夕方", "reason": "理由"})
        assert content_of(town) == before
    assert "全団体の登録期限（令和8年12月8日（火）9時00分）より後の日時にしてください。" in early.text
    assert "入力内容に2件の誤りがあります" in early.text
    assert 'value="来週"' in odd.text
    assert odd.status_code == 422


def test_a_correction_is_confirmed_and_recorded_as_an_exception(sqlite_url: str) -> None:
    with council(sqlite_url, specified) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        assert 'value="27"' in browser.get(CORRECT).text
        form = correction(town, "２５台", "2")
        confirm = browser.post(CORRECT, form)
        assert content_of(town) == before
        done = browser.post(CORRECT, {**form, "confirmed": "yes"})
        with town.database.read() as session:
            change = changes_of(session, row_in(town), body_code=SAKURAI)[0]
    assert "27 台 → から 27 台 （うち予備 2 ）" in text_of(confirm)
    assert "電話での申出による。" in confirm.text
    assert done.headers["location"] == f"{PATH}?done=demand_corrected"
    assert (change.before, change.after, change.way) == (Line(27), Line(27, 2), Way.SECRETARIAT)
    assert (change.by, change.reason) == (OFFICE, "電話での申出による。")


def test_a_correction_takes_an_item_out_and_leaves_the_others(sqlite_url: str) -> None:
    with council(sqlite_url, specified) as town:
        with town.database.read() as session:
            row = row_in(town)
            monitor, before = monitor_in(session, row), lines_of(session, row.id, SAKURAI)
        town.browser(SECRETARIAT).post(CORRECT, correction(town, "", confirmed="yes"))
        with town.database.read() as session:
            after = lines_of(session, row.id, SAKURAI)
    assert monitor in before
    assert after == {item: line for item, line in before.items() if item != monitor}


def test_a_faulty_correction_is_shown_again_as_it_was_typed(sqlite_url: str) -> None:
    with council(sqlite_url, specified) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        odd = browser.post(CORRECT, correction(town, "三台", reason="", confirmed="yes"))
        same = browser.post(CORRECT, correction(town, "27", confirmed="yes"))
        assert content_of(town) == before
    assert "入力内容に2件の誤りがあります" in odd.text
    assert 'value="三台"' in odd.text
    assert (odd.status_code, same.status_code) == (422, 422)
    assert "数量が変わっていません" in same.text


def test_a_correction_of_quantities_that_changed_meanwhile_is_refused(sqlite_url: str) -> None:
    with council(sqlite_url, specified) as town:
        form = correction(town, "5", seen="1")
        page = town.browser(SECRETARIAT).post(CORRECT, {**form, "confirmed": "yes"})
    assert page.status_code == 409


@pytest.mark.parametrize(
    ("build", "path"),
    [(answered, CORRECT), (bidding, CORRECT), (bidding, EXTEND), (bidding, RETURN), (published, ACCEPT)],
)
def test_at_another_stage_nothing_changes(
    sqlite_url: str, build: Callable[[Session, datetime], RoundRow], path: str
) -> None:
    with council(sqlite_url, build) as town:
        before = content_of(town)
        form = {**correction(town, "5", confirmed="yes"), **DEADLINE, "receipt": RECEIPT}
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        assert browser.post(path, form).status_code == 409
        assert content_of(town) == before


def test_an_auditor_reads_and_is_offered_nothing(sqlite_url: str) -> None:
    with council(sqlite_url, specified) as town:
        browser = town.browser(AUDITOR)
        page = browser.get(PATH)
        assert all(browser.get(path).status_code == 403 for path in (RETURN, EXTEND, CORRECT))
        assert all(browser.post(path).status_code == 403 for path in (ACCEPT, RETURN, EXTEND, CORRECT))
    assert page.status_code == 200
    assert "差し戻す" not in page.text
    assert "<form" not in page.text.partition("<main")[2]


def test_strangers_and_municipalities_stay_out_and_unknown_bodies_have_no_page(sqlite_url: str) -> None:
    with council(sqlite_url, specified) as town:
        for path in (PATH, RETURN, EXTEND, CORRECT):
            assert town.browser(STRANGER).get(path).headers["location"].startswith("/sign-in?next=")
            assert town.browser(NARA).get(path).status_code == 403
        assert town.browser(SECRETARIAT).get(f"/rounds/{REF}/survey/011002").status_code == 404


@pytest.mark.parametrize("path", [ACCEPT, RETURN, EXTEND, CORRECT])
def test_a_form_without_the_token_is_refused(sqlite_url: str, path: str) -> None:
    with council(sqlite_url, specified) as town:
        form = {**correction(town, "5", confirmed="yes"), **DEADLINE, "receipt": RECEIPT, "csrf_token": ""}
        assert town.browser(SECRETARIAT).post(path, form).status_code == 403


def test_looking_changes_nothing(sqlite_url: str) -> None:
    with council(sqlite_url, specified) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        for path in (
            PATH,
            RETURN,
            EXTEND,
            CORRECT,
            f"/rounds/{REF}/survey/frozen",
            f"/rounds/{REF}/survey/frozen.json",
        ):
            assert browser.get(path).status_code == 200
        assert content_of(town) == before


def test_the_copy_stands_beside_the_demand_of_today_with_the_exceptions(sqlite_url: str) -> None:
    with council(sqlite_url, specified) as town:
        town.wait(timedelta(hours=1))
        browser = town.browser(SECRETARIAT)
        browser.post(CORRECT, correction(town, "25", confirmed="yes"))
        browser.post(f"/rounds/{REF}/survey/292028/return", {"receipt": f"{REF}-292028-01", "reason": "確認"})
        words = text_of(browser.get(f"/rounds/{REF}/survey/frozen"))
        kept = browser.get(f"/rounds/{REF}/survey/frozen.json")
    assert "液晶ディスプレイ 361 台 325 台 −36 台" in words
    assert "桜井市 液晶ディスプレイ パソコンの共同調達 27 台 → から 25 台 事務局 電話での申出による。" in words
    assert "大和高田市の回答を差戻し ：確認" in words
    assert '"municipality": "292061"' in kept.text
    assert "照合値（SHA-256）" in words


def test_before_the_freeze_there_is_no_copy(sqlite_url: str) -> None:
    with council(sqlite_url, answered) as town:
        assert town.browser(SECRETARIAT).get(f"/rounds/{REF}/survey/frozen").status_code == 404
