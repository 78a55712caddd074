"""再度公告入札 in the browser: a new round from lots that failed, linked both ways."""

import re
from datetime import datetime

import pytest
from sqlmodel import Session

from procure.bids.queries import load_round
from procure.contracts.rules import Terms
from procure.errors import Conflict
from procure.rounds.queries import find_round, rounds_following
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from tests import outcomes, stages
from tests.contracts import contracting
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


def refused_by_a_body(session: Session, now: datetime) -> RoundRow:
    """The winner withdrew from the contract with 葛城市, and nobody else has signed."""
    withdrawn = Terms(failed_on=contracting.DAY, failure_reason="落札者の辞退")
    return contracting.sign(session, stages.published(session, now), withdrawn)


def chosen_in(page: str) -> list[str]:
    return re.findall(r'name="lots" value="([^"]+)" checked', page)


def test_an_award_is_given_up_only_where_its_lot_is_named(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes.failed_and_confirmed) as town:
        browser = town.browser(SECRETARIAT)
        assert chosen_in(browser.get(PAGE).text) == ["pc"]
        page = browser.get(f"{PAGE}?lot=printer").text
    assert chosen_in(page) == ["printer"]
    assert "プリンタの共同調達（落札者が契約を締結しないため）" in page


def test_a_lot_whose_winner_does_not_sign_is_tendered_again_and_no_longer_contracted(sqlite_url: str) -> None:
    with council(sqlite_url, stages.published) as town:
        browser = town.browser(SECRETARIAT)
        assert browser.post(PAGE, form()).headers["location"] == "/rounds/R8-5?done=retendered"
        assert browser.get(f"/rounds/{REF}/lots/pc/negotiation").status_code == 409
        with town.database.write() as session, pytest.raises(Conflict, match="再度公告入札に付して"):
            contracting.sign(session, find_round(session, REF))


def test_a_lot_that_a_body_has_signed_for_is_not_tendered_again(sqlite_url: str) -> None:
    with council(sqlite_url, contracting.contracted) as town:
        browser = town.browser(SECRETARIAT)
        assert "パソコン" not in browser.get(f"{PAGE}?lot=printer").text.split("<form")[-1].split("</fieldset>")[0]
        assert browser.post(PAGE, form()).status_code == 422
        assert following(town) == []
        decision = text_of(browser.get(f"/rounds/{REF}/lots/pc/decision"))
    assert "契約を締結した団体があるため、この案件からは作成できません。" in decision


def test_a_contract_that_came_to_nothing_brings_its_lot_and_ways_to_the_round(sqlite_url: str) -> None:
    with council(sqlite_url, refused_by_a_body) as town:
        page = town.browser(SECRETARIAT).get(f"/rounds/{REF}").text
    ways = page[page.index('id="ways"') : page.index('id="items"')]
    assert "第167条の2第1項第9号" in ways
    assert f'href="/rounds/{REF}/lots/pc/negotiation"' in ways
    assert f'href="{PAGE}?lot=pc"' in ways
    assert "プリンタ" not in ways


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
