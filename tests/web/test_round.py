"""The page of a round, from the first item to the published result."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from sqlmodel import Session

from procure.bids.actions import record_attempt
from procure.database import Database
from procure.rounds.queries import find_round, lots_of
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from procure.settlement.round import Attempt, Bid, Entry
from tests import stages
from tests.people import AUDITOR, NARA, NOW, SECRETARIAT, STRANGER, Service, service, text_of
from tests.web.stage import REF, content_of, service_at

PAGE = f"/rounds/{REF}"
Builder = Callable[[Session, datetime], RoundRow]


@contextmanager
def service_with(url: str, builder: Builder) -> Iterator[Service]:
    database = Database(url)
    with database.write() as session:
        builder(session, NOW)
    database.close()
    with service(url) as town:
        yield town


def page_at(url: str, builder: Builder, path: str = PAGE) -> str:
    with service_with(url, builder) as town:
        answer = town.browser(SECRETARIAT).get(path)
    assert answer.status_code == 200
    return answer.text


def test_a_decided_round_shows_what_it_saves_and_how_it_is_made_up(sqlite_url: str) -> None:
    with service_with(sqlite_url, stages.decided) as town:
        words = text_of(town.browser(SECRETARIAT).get(PAGE))
    assert "定価からの削減率 54.6 %" in words
    assert "定価総額（税抜） 261,229,800 円" in words
    assert "落札候補の総額（税抜） 118,529,820 円" in words
    assert "削減額（税抜） 142,699,980 円" in words
    assert "16 ／ 39 団体" in words
    assert "参加率 41.0%" in words
    assert "品目 8" in words
    assert "合計 2,161 261,229,800 118,529,820 54.6%" in words


def test_a_winner_is_a_candidate_until_the_decision_is_confirmed(sqlite_url: str) -> None:
    words = page_at(sqlite_url, stages.decided)
    assert "落札候補あり" in words
    assert ">落札候補</span>" in words
    assert ">落札</span>" not in words


def test_a_confirmed_round_names_the_award_and_leads_to_the_documents(sqlite_url: str) -> None:
    words = page_at(sqlite_url, stages.confirmed)
    assert "落札候補" not in words
    assert ">落札</span>" in words
    assert f'href="{PAGE}/documents"' in words


def test_each_lot_has_a_tab_with_its_ranking(sqlite_url: str) -> None:
    with service_with(sqlite_url, stages.decided) as town:
        browser = town.browser(SECRETARIAT)
        first, second = browser.get(PAGE), browser.get(f"{PAGE}?lot=printer")
        unknown = browser.get(f"{PAGE}?lot=nothing")
    assert 'href="?lot=pc#bids" aria-current="page"' in first.text
    assert 'href="?lot=printer#bids" aria-current="page"' in second.text
    assert "1 位 見本システム株式会社 113,643,760 48.4%" in text_of(first)
    assert "127,380,060" in first.text
    assert "127,380,060" not in second.text
    assert text_of(unknown) == text_of(first)


def test_the_same_attempt_twice_over_the_ceiling_shows_both_attempts(sqlite_url: str) -> None:
    def two_attempts(session: Session, now: datetime) -> RoundRow:
        row = stages.opening(session, now)
        lot = lots_of(session, row.id)[0]
        for number, total in ((1, 200_000_000), (2, 150_000_000)):
            bids = (Bid("mihon-a", Entry.BID, total=total), *absentees(number))
            record_attempt(session, row, lot, Attempt(number, now, bids), stages.ACTOR, now)
            stages.check(session, row, lot, number, now)
        return row

    words = page_at(sqlite_url, two_attempts)
    assert words.index("初度入札</h3>") < words.index("再度入札</h3>")
    assert "予定価格超過" in words


def absentees(number: int) -> tuple[Bid, ...]:
    return tuple(Bid(f"mihon-{x}", Entry.ABSENT) for x in "bcd") if number == 1 else ()


@pytest.mark.parametrize(
    ("stage", "position", "step"),
    [
        (Stage.PREPARING, "1段階目「準備」", "需要登録を始めます"),
        (Stage.SURVEYING, "2段階目「需要登録」", "市町村の回答を待っています"),
        (Stage.SPECIFIED, "3段階目「締切・仕様確定」", "入札者を登録します"),
        (Stage.BIDDING, "4段階目「入札」", "開札を始めます"),
        (Stage.OPENING, "5段階目「開札・決定」", "パソコンの共同調達：第1回の入札を記録します"),
    ],
)
def test_every_stage_says_where_the_round_stands_and_what_to_do(
    sqlite_url: str, stage: Stage, position: str, step: str
) -> None:
    page = page_at(sqlite_url, lambda session, now: stages.round_at(session, stage, now))
    assert position in page
    assert f"次の作業：{step}" in page
    assert page.count("btn--fill") == 1


def test_nothing_is_left_to_do_on_a_published_round(sqlite_url: str) -> None:
    page = page_at(sqlite_url, stages.published)
    assert "6段階が完了しています" in page
    assert "次の作業" not in page


def test_before_the_bids_the_page_shows_what_is_asked_and_no_savings(sqlite_url: str) -> None:
    with service_with(sqlite_url, stages.answered) as town:
        page = town.browser(SECRETARIAT).get(PAGE)
    assert "定価からの削減率" not in page.text
    assert "落札" not in page.text.replace("落札決定", "")
    assert "数量計 2,161" in text_of(page)
    assert "16 団体" in text_of(page)


def test_registered_bidders_are_listed_before_there_are_bids(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.BIDDING) as town:
        words = text_of(town.browser(SECRETARIAT).get(PAGE))
    assert "プリンタの共同調達 株式会社見本電機、みほん事務機株式会社、株式会社サンプル商会" in words


def test_an_auditor_reads_everything_and_is_offered_no_action(sqlite_url: str) -> None:
    with service_with(sqlite_url, stages.decided) as town:
        page = town.browser(AUDITOR).get(PAGE)
    assert "54.6" in page.text
    assert "btn--fill" not in page.text
    assert f"{PAGE}/edit" not in page.text
    assert "/cancel" not in page.text
    assert "次の作業：落札者の決定を申請します（事務局）" in page.text


def test_nobody_but_secretariat_and_auditor_reads_a_round(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        assert town.browser(NARA).get(PAGE).status_code == 403
        assert town.browser(STRANGER).get(PAGE).headers["location"].startswith("/sign-in?next=")


def test_an_unknown_round_is_not_found(sqlite_url: str) -> None:
    with service(sqlite_url) as town:
        assert town.browser(SECRETARIAT).get("/rounds/R1-1").status_code == 404


def test_looking_changes_nothing(sqlite_url: str) -> None:
    with service_with(sqlite_url, stages.decided) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        browser.get(PAGE)
        assert content_of(town) == before
        with town.database.read() as session:
            assert find_round(session, REF).stage is Stage.OPENING
