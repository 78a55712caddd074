"""Who may read which changes of quantities, and what they say."""

from datetime import timedelta

from sqlmodel import Session

from procure.demand.actions import close_survey, correct_demand
from procure.demand.answer import Line
from procure.rounds.queries import items_of
from procure.rounds.tables import RoundRow
from tests.demand.test_changes import OFFICE, answer, item
from tests.people import AUDITOR, KATSURAGI, NARA, NOW, SECRETARIAT, STRANGER, text_of
from tests.stages import answered, preparing, surveying
from tests.web.rounds_at import council
from tests.web.stage import REF, content_of

OWN, ALL = f"/demand/{REF}/history", f"/rounds/{REF}/survey/history"


def corrected(session: Session, now: object) -> RoundRow:
    """葛城市 asked for five monitors, one of them spare, and the secretariat made them four."""
    row = surveying(session, NOW)
    answer(session, row, {"monitor": 4}, NOW, {"monitor": 1}, body="292117")
    answer(session, row, {"monitor": 70}, NOW, body="292010")
    close_survey(session, row, OFFICE, NOW)
    later = NOW + timedelta(days=1)
    correct_demand(session, row, "292117", {item(session, row, "monitor"): Line(4)}, "申出による。", OFFICE, later)
    return row


def test_a_body_reads_every_change_of_its_own(sqlite_url: str) -> None:
    with council(sqlite_url, corrected) as town:
        page = town.browser(KATSURAGI).get(OWN)
    words = text_of(page)
    assert "令和8年11月25日（水） 9時00分 事務局 花子（事務局） 液晶ディスプレイ" in words
    assert "5 台 （うち予備 1 ） → から 4 台 事務局 申出による。" in words
    assert "0 台 → から 5 台 （うち予備 1 ） 画面" in words
    assert "70" not in words


def test_the_secretariat_and_the_auditor_read_all_and_choose_a_body(sqlite_url: str) -> None:
    with council(sqlite_url, corrected) as town:
        for person in (SECRETARIAT, AUDITOR):
            browser = town.browser(person)
            words, chosen = text_of(browser.get(ALL)), text_of(browser.get(f"{ALL}?body=292010"))
            assert "70 台" in words
            assert "申出による。" in words
            assert "70 台" in chosen
            assert "申出による。" not in chosen


def test_a_long_history_is_read_on_page_by_page(sqlite_url: str) -> None:
    def many(session: Session, now: object) -> RoundRow:
        row = answered(session, NOW)
        refs = [one.ref for one in items_of(session, row.id)]
        for number in range(1, 15):
            answer(session, row, dict.fromkeys(refs, number), NOW, body="292010")
        return row

    with council(sqlite_url, many) as town:
        browser = town.browser(SECRETARIAT)
        first = browser.get(f"{ALL}?body=292010").text
        more = first.partition('href="' + ALL + "?body=292010&amp;before=")[2].partition('"')[0]
        second = browser.get(f"{ALL}?body=292010&before={more}").text
        odd = browser.get(f"{ALL}?before=abc")
    assert first.count("<tr") - 1 == 100
    assert second.count("<tr") - 1 == 12
    assert odd.status_code == 200


def test_others_stay_out(sqlite_url: str) -> None:
    with council(sqlite_url, corrected) as town:
        assert town.browser(STRANGER).get(OWN).headers["location"].startswith("/sign-in")
        assert town.browser(STRANGER).get(ALL).headers["location"].startswith("/sign-in")
        assert town.browser(SECRETARIAT).get(OWN).status_code == 403
        assert town.browser(NARA).get(ALL).status_code == 403


def test_a_round_in_preparation_is_not_there_for_a_body(sqlite_url: str) -> None:
    with council(sqlite_url, preparing) as town:
        assert town.browser(NARA).get(OWN).status_code == 404
        assert town.browser(NARA).get("/demand/R9-9/history").status_code == 404
        assert "まだありません" in town.browser(SECRETARIAT).get(ALL).text


def test_looking_changes_nothing(sqlite_url: str) -> None:
    with council(sqlite_url, corrected) as town:
        browser = town.browser(KATSURAGI)
        before = content_of(town)
        assert browser.get(OWN).status_code == 200
        assert content_of(town) == before
