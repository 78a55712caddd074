"""What anybody may read of the rounds."""

import pytest
from sqlmodel import select

from procure.rounds.queries import find_round, locked_round
from procure.rounds.stages import Stage
from procure.rounds.tables import LotRow
from procure.settlement.round import CeilingDisclosure
from tests.people import AUDITOR, NARA, SECRETARIAT, STRANGER, Service, text_of
from tests.web.stage import REF, content_of, service_at

PAGES = ("/published", f"/published/{REF}")
CEILING, RATIO = "122,730,000", "92.60"
UNPUBLISHED = [stage for stage in Stage if stage is not Stage.PUBLISHED]


@pytest.mark.parametrize("page", PAGES)
def test_a_published_round_can_be_read_by_anybody(sqlite_url: str, page: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        for person in (STRANGER, NARA, SECRETARIAT, AUDITOR):
            answer = town.browser(person).get(page)
            assert answer.status_code == 200
            assert "令和３年度 共同調達" in answer.text
            assert "54.6" in answer.text


@pytest.mark.parametrize("stage", UNPUBLISHED)
def test_before_the_publication_a_round_does_not_exist(sqlite_url: str, stage: Stage) -> None:
    with service_at(sqlite_url, stage) as town:
        for person in (STRANGER, NARA, SECRETARIAT):
            browser = town.browser(person)
            assert browser.get(f"/published/{REF}").status_code == 404
            assert "共同調達</a>" not in browser.get("/published").text


def test_the_result_stands_with_its_bids_items_and_bodies(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        page = text_of(town.browser(STRANGER).get(f"/published/{REF}"))
    for expected in ("142,699,980", "118,529,820", "見本システム株式会社", "113,643,760", "予定価格超過", "7,540,742"):
        assert expected in page
    assert "葛\U000e0100城市" in page


def test_a_ceiling_that_is_disclosed_afterwards_is_shown(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        page = town.browser(STRANGER).get(f"/published/{REF}")
    assert CEILING in page.text
    assert RATIO in page.text


def test_a_ceiling_that_is_never_disclosed_appears_nowhere(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        conceal(town)
        for person in (STRANGER, NARA):
            for path in (*PAGES, "/"):
                page = town.browser(person).get(path)
                assert "122,730,000" not in page.text
                assert "122730000" not in page.text
                assert "入札書比較価格" not in page.text
                assert RATIO not in page.text


def test_a_cancelled_lot_shows_its_reason_and_nobodys_demand(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        with town.database.write() as session:
            lot = session.exec(select(LotRow).where(LotRow.ref == "printer")).one()
            lot.cancelled = "仕様の見直しのため"
        page = text_of(town.browser(STRANGER).get(f"/published/{REF}"))
    assert "仕様の見直しのため" in page
    assert "4,886,060" not in page
    assert "1,225,477" not in page


def test_rounds_are_found_by_their_year(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        browser = town.browser(STRANGER)
        for year in ("", "2021", "令和3年度", "R3"):
            assert f'href="/published/{REF}"' in browser.get(f"/published?year={year}").text
        for year in ("2020", "まだ", "9999"):
            page = browser.get(f"/published?year={year}")
            assert page.status_code == 200
            assert f'href="/published/{REF}"' not in page.text


def test_a_title_with_an_official_glyph_stands_as_it_was_typed(sqlite_url: str) -> None:
    title = "葛\U000e0100城市ほか共同調達"
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        with town.database.write() as session:
            locked_round(session, REF).title = title
        for page in (*PAGES, "/"):
            assert title in town.browser(STRANGER).get(page).text


def test_an_unknown_round_is_not_found(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        assert town.browser(STRANGER).get("/published/nope").status_code == 404


def test_looking_changes_nothing(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        before = content_of(town)
        for page in PAGES:
            town.browser(STRANGER).get(page)
        assert content_of(town) == before


def conceal(town: Service) -> None:
    with town.database.write() as session:
        row = find_round(session, REF)
        for lot in session.exec(select(LotRow).where(LotRow.round_id == row.id)):
            lot.ceiling_disclosure = CeilingDisclosure.NEVER
