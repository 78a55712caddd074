"""再度公告入札 in the browser: a new round from lots that failed, linked both ways."""

import pytest

from procure.bids.queries import load_round
from procure.rounds.queries import find_round, rounds_following
from procure.rounds.stages import Stage
from tests import outcomes, stages
from tests.people import AUDITOR, KATSURAGI, SECRETARIAT, STRANGER, Service, text_of
from tests.web.rounds_at import REF, Builder, council

PAGE = f"/rounds/{REF}/retender"


def form(**changes: str) -> dict[str, str]:
    fields = {
        "lots": "pc",
        "demand": "keep",
        "ref": "R8-5",
        "title": "パソコンの再度公告入札",
        "fiscal_year": "令和8年度",
        "bid_date": "R9.1.20",
        "council": "見本協議会",
    }
    return fields | changes


def following(town: Service) -> list[str]:
    with town.database.read() as session:
        return [row.ref for row in rounds_following(session, REF)]


def test_a_failed_lot_is_tendered_again_with_its_frozen_quantities(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes.failed_and_confirmed) as town:
        browser = town.browser(SECRETARIAT)
        answer = browser.post(PAGE, form())
        assert answer.headers["location"] == "/rounds/R8-5?done=retendered"
        with town.database.read() as session:
            source, row = find_round(session, REF), find_round(session, "R8-5")
            old, new = load_round(session, source).lots[0], load_round(session, row).lots
            assert (row.follows, row.stage) == (REF, Stage.SPECIFIED)
        assert [lot.id for lot in new] == ["pc"]
        assert (new[0].items, new[0].demand) == (old.items, old.demand)
        assert (new[0].rules.ceiling, new[0].attempts, new[0].bidders) == (None, (), ())
        assert f'href="/rounds/{REF}"' in browser.get("/rounds/R8-5").text
        assert 'href="/rounds/R8-5"' in browser.get(f"/rounds/{REF}").text
        assert 'href="/rounds/R8-5"' in browser.get(f"/rounds/{REF}/lots/pc/decision").text
        assert browser.get("/rounds/R8-5/announce").status_code == 200
        assert "再度公告入札の案件を作成" in text_of(browser.get(f"/rounds/{REF}/history"))


def test_the_bodies_may_be_asked_again(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes.cancelled) as town:
        town.browser(SECRETARIAT).post(PAGE, form(demand="ask"))
        with town.database.read() as session:
            row = find_round(session, "R8-5")
            (lot,) = load_round(session, row).lots
    assert (row.stage, lot.demand, lot.cancelled) == (Stage.PREPARING, (), None)


def test_a_lot_is_tendered_again_once(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes.cancelled) as town:
        browser = town.browser(SECRETARIAT)
        browser.post(PAGE, form())
        assert browser.get(PAGE).status_code == 409
        assert browser.post(PAGE, form(ref="R8-6")).status_code == 409
        assert following(town) == ["R8-5"]


@pytest.mark.parametrize("build", [stages.decided, outcomes.failed, outcomes.negotiated])
def test_what_did_not_fail_for_good_is_not_tendered_again(sqlite_url: str, build: Builder) -> None:
    with council(sqlite_url, build) as town:
        browser = town.browser(SECRETARIAT)
        assert browser.get(PAGE).status_code == 409
        assert browser.post(PAGE, form()).status_code == 409
        assert following(town) == []


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"lots": "", "demand": "", "ref": "番号", "title": "", "bid_date": ""}, ["lots", "demand", "ref", "title"]),
        ({"lots": "printer"}, ["lots"]),
        ({"ref": REF}, ["ref"]),
        ({"bid_date": "いつか"}, ["bid_date"]),
    ],
)
def test_all_faults_are_told_at_once_and_what_was_typed_is_kept(
    sqlite_url: str, changes: dict[str, str], fields: list[str]
) -> None:
    with council(sqlite_url, outcomes.cancelled) as town:
        page = town.browser(SECRETARIAT).post(PAGE, form(**changes))
        assert following(town) == []
    assert page.status_code == 422
    for field in fields:
        assert f'href="#{field}"' in page.text
    assert 'value="見本協議会"' in page.text


def test_who_may(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes.cancelled) as town:
        assert town.browser(AUDITOR).get(PAGE).status_code == 403
        assert town.browser(KATSURAGI).get(PAGE).status_code == 403
        assert town.browser(STRANGER).get(PAGE).headers["location"].startswith("/sign-in")
        assert town.browser(SECRETARIAT).post(PAGE, form() | {"csrf_token": "x"}).status_code == 403
        town.browser(SECRETARIAT).get(PAGE)
        assert following(town) == []
