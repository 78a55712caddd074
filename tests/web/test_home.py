"""The start page: what this is for a stranger, what to do next for everybody else."""

from datetime import timedelta

import pytest

from procure.rounds.stages import Stage
from tests.people import AUDITOR, KATSURAGI, NARA, NOW, SECRETARIAT, STRANGER, service, text_of
from tests.stages import SURVEY_DAYS
from tests.web.stage import REF, content_of, service_at
from tests.web.test_demand import submit, typed

NEXT = {
    Stage.PREPARING: ("需要登録を始めます", f"/rounds/{REF}/survey/open"),
    Stage.SURVEYING: ("市町村の回答を待っています", f"/rounds/{REF}/survey"),
    Stage.SPECIFIED: ("入札者を登録します", f"/rounds/{REF}/bidders"),
    Stage.BIDDING: ("開札を始めます", f"/rounds/{REF}/open"),
    Stage.OPENING: ("第1回の入札を記録します", f"/rounds/{REF}/lots/pc/attempts/1"),
}


def test_a_stranger_reads_what_this_is_and_what_was_published(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        page = town.browser(STRANGER).get("/")
    assert page.status_code == 200
    assert "市町村の共同調達" in page.text
    assert 'href="/sign-in"' in page.text
    assert f'href="/published/{REF}"' in page.text
    assert "142,699,980" in page.text


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.PUBLISHED])
def test_a_stranger_reads_nothing_of_a_round_that_is_not_published(sqlite_url: str, stage: Stage) -> None:
    with service_at(sqlite_url, stage) as town:
        page = town.browser(STRANGER).get("/")
    assert "令和３年度" not in page.text
    assert "公表された結果はまだありません。" in page.text


def test_on_an_empty_database_every_home_page_says_that_there_is_nothing_yet(sqlite_url: str) -> None:
    with service(sqlite_url) as town:
        for person in (STRANGER, NARA, SECRETARIAT, AUDITOR):
            page = town.browser(person).get("/")
            assert page.status_code == 200
            assert "ません" in text_of(page)


def test_a_municipality_sees_how_far_its_answer_has_come(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        browser = town.browser(NARA)
        states = [text_of(browser.get("/"))]
        browser.post(f"/demand/{REF}", typed(town, monitor="5"))
        states.append(text_of(browser.get("/")))
        submit(browser)
        states.append(text_of(browser.get("/")))
    for state, words in zip(states, ("未回答", "下書き", "登録済み"), strict=True):
        assert words in state
        assert f"あと {SURVEY_DAYS} 日" in state
    assert f"受付番号 {REF}-292010-01" in states[2]


def test_the_survey_leaves_the_home_page_with_its_deadline(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        town.now = NOW + timedelta(days=SURVEY_DAYS)
        page = town.browser(NARA).get("/")
    assert "いま登録を受け付けている調査はありません。" in page.text


def test_a_municipality_sees_its_new_result_and_only_its_own(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        joined, absent = town.browser(KATSURAGI).get("/").text, town.browser(NARA).get("/").text
    assert "14,491,994" in joined
    assert f'href="/results/{REF}"' in joined
    assert f'href="/results/{REF}"' not in absent


@pytest.mark.parametrize("stage", NEXT)
def test_the_secretariat_sees_the_next_step_of_every_unfinished_round(sqlite_url: str, stage: Stage) -> None:
    with service_at(sqlite_url, stage) as town:
        page = town.browser(SECRETARIAT).get("/")
    text, href = NEXT[stage]
    assert text in page.text
    assert f'href="{href}"' in page.text


def test_a_finished_round_asks_for_nothing_more(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        assert "進行中の案件はありません。" in town.browser(SECRETARIAT).get("/").text


def test_the_auditor_sees_what_changed_and_no_button_to_change_anything(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.BIDDING) as town:
        page = town.browser(AUDITOR).get("/")
    words = text_of(page)
    assert "入札を公告" in words
    assert "サインイン" not in words
    assert "開札を始めます" in words
    assert f'href="/rounds/{REF}/open"' not in page.text


@pytest.mark.parametrize("person", [STRANGER, NARA, SECRETARIAT, AUDITOR])
def test_looking_changes_nothing(sqlite_url: str, person: object) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        browser = town.browser(person)  # type: ignore[arg-type]
        before = content_of(town)
        browser.get("/")
        assert content_of(town) == before
