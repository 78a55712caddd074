"""The bids of a lot by bidder and item: the page and its spreadsheet."""

from datetime import datetime
from io import BytesIO
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook
from sqlmodel import Session

from procure.awards.archive import import_round
from procure.rounds.tables import RoundRow
from tests import stages
from tests.builders import a_bid, a_lot, a_round, declined, some_bidders
from tests.people import AUDITOR, NARA, SECRETARIAT, STRANGER, text_of
from tests.web.rounds_at import REF, council
from tests.web.stage import content_of

PAGE = f"/rounds/{REF}/lots/pc/matrix"
SHEET = f"{PAGE}.xlsx"
HARD = "<img src=x>{{7*7}}"


def three_attempts(session: Session, now: datetime) -> RoundRow:
    lot = a_lot(
        (a_bid("a", 990_000), a_bid("b", 980_000, void=HARD), a_bid("c", 970_001), declined("d")),
        (a_bid("a", 960_000), a_bid("c", 950_000)),
        (a_bid("a", 890_000), declined("c")),
        bidders=tuple(some_bidders("a", "b", "c", "d")),
    )
    return import_round(session, a_round(lot, id=REF), stages.ACTOR, now)


@pytest.mark.parametrize("person", [SECRETARIAT, AUDITOR], ids=["secretariat", "auditor"])
@pytest.mark.parametrize("path", [PAGE, SHEET])
def test_who_reads_rounds_reads_it_and_looking_changes_nothing(sqlite_url: str, path: str, person: object) -> None:
    with council(sqlite_url, stages.decided) as town:
        browser = town.browser(person)  # type: ignore[arg-type]
        before = content_of(town)
        assert browser.get(path).status_code == 200
        assert content_of(town) == before


@pytest.mark.parametrize("path", [PAGE, SHEET])
def test_a_stranger_is_sent_to_sign_in_and_a_municipality_refused(sqlite_url: str, path: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        assert town.browser(STRANGER).get(path).headers["location"].startswith("/sign-in?next=")
        assert town.browser(NARA).get(path).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        f"/rounds/{REF}/lots/none/matrix",
        f"/rounds/{REF}/lots/none/matrix.xlsx",
        "/rounds/none/lots/pc/matrix",
        f"{PAGE}?attempt=2",
        f"{PAGE}?attempt=x",
        f"{SHEET}?attempt=2",
    ],
)
def test_what_does_not_exist_is_not_found(sqlite_url: str, path: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        assert town.browser(SECRETARIAT).get(path).status_code == 404


def test_before_the_bids_it_says_so_and_shows_no_ceiling(sqlite_url: str) -> None:
    with council(sqlite_url, stages.opening) as town:
        browser = town.browser(SECRETARIAT)
        page = browser.get(PAGE)
        assert browser.get(SHEET).status_code == 409
    assert "入札はまだ記録されていません" in page.text
    assert "122,730,000" not in page.text
    assert "matrix.xlsx" not in page.text


def test_it_shows_prices_amounts_totals_and_ratios_with_the_lowest_marked_in_words(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        page = text_of(town.browser(SECRETARIAT).get(PAGE))
    for said in (
        "◎ 最低 91,570 47,891,110",
        "97,330 50,903,590",
        "◎ 最低 113,643,760",
        "48.4% 51.4% 54.2%",
        "92.60% 98.42% 103.79%",
        "— 辞退",
    ):
        assert said in page


def test_the_table_is_a_region_that_has_a_name(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        page = town.browser(SECRETARIAT).get(PAGE).text
    name = "パソコンの共同調達　初度入札　入札者別・品目別の単価と金額"
    assert f'<div class="scroll" role="region" aria-label="{name}" data-wide>' in page


def test_the_last_attempt_is_shown_and_each_can_be_chosen(sqlite_url: str) -> None:
    with council(sqlite_url, three_attempts) as town:
        browser = town.browser(SECRETARIAT)
        last, first = browser.get(PAGE).text, browser.get(f"{PAGE}?attempt=1").text
    assert f'<a href="{PAGE}?attempt=3" aria-current="page">再々度入札</a>' in last
    assert f'<a href="{PAGE}?attempt=1" aria-current="page">初度入札</a>' in first
    assert "890,000" in last
    assert "890,000" not in first
    assert f'href="{PAGE}.xlsx?attempt=1"' in first


def test_gaps_are_told_in_words_and_typed_text_stays_text(sqlite_url: str) -> None:
    with council(sqlite_url, three_attempts) as town:
        page = town.browser(SECRETARIAT).get(f"{PAGE}?attempt=1").text
    assert "内訳書なし" in page
    assert "&lt;img src=x&gt;{{7*7}}" in page
    assert HARD not in page


def test_the_spreadsheet_holds_the_attempt_that_was_chosen(sqlite_url: str) -> None:
    with council(sqlite_url, three_attempts) as town:
        answer = town.browser(AUDITOR).get(f"{SHEET}?attempt=2")
    assert "入札比較_1_パソコンの共同調達" in unquote(answer.headers["content-disposition"])
    assert load_workbook(BytesIO(answer.content)).sheetnames[0] == "第２回_単価"


def test_the_decision_leads_to_it(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        assert f'href="{PAGE}"' in town.browser(SECRETARIAT).get(f"/rounds/{REF}/lots/pc/decision").text
