"""随意契約 in the browser: proposed by one person, approved by another, or taken back."""

import pytest
from sqlmodel import select

from procure.bids.after_tables import NegotiatedPriceRow, NegotiationRow
from procure.bids.queries import load_round
from procure.rounds.queries import find_round
from procure.settlement.round import Negotiation, NegotiationGround
from tests import outcomes, stages
from tests.people import AUDITOR, KATSURAGI, SECOND, SECRETARIAT, STRANGER, Service, text_of
from tests.web.rounds_at import REF, Builder, council, round_in, row_in

PAGE = f"/rounds/{REF}/lots/pc/negotiation"
APPROVE, WITHDRAW = f"{PAGE}/approve", f"{PAGE}/withdraw"
DECISION = f"/rounds/{REF}/lots/pc/decision"


def form(town: Service, **changes: str) -> dict[str, str]:
    prices = {f"price-{item.id}": "1,000" for item in round_in(town).lots[0].items}
    paper = {"reason": "落札者がないため", "agreed_on": "R8.11.24", "decision_number": "第13号"}
    return {"version": str(row_in(town).version), "contractor-0": "株式会社見本電機", **prices, **paper} | changes


def version(town: Service) -> dict[str, str]:
    return {"version": str(row_in(town).version)}


def kept(town: Service) -> list[NegotiationRow]:
    with town.database.read() as session:
        return list(session.exec(select(NegotiationRow)))


def agreed(town: Service) -> Negotiation | None:
    with town.database.read() as session:
        return load_round(session, find_round(session, REF)).lots[0].negotiation


def test_the_page_gives_ground_and_limit(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes.failed) as town:
        page = text_of(town.browser(SECRETARIAT).get(PAGE))
    assert "地方自治法施行令第167条の2第1項第8号" in page
    assert "122,730,000" in page


def test_after_an_award_the_limit_is_what_the_winner_bid(sqlite_url: str) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        page = text_of(town.browser(SECRETARIAT).get(PAGE))
    assert "地方自治法施行令第167条の2第1項第9号" in page
    assert "113,643,760" in page


def test_one_proposes_another_approves_and_only_then_it_counts(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes.failed) as town:
        answer = town.browser(SECRETARIAT).post(PAGE, form(town, **{"contractor-1": "別の会社", "by-office": "1"}))
        assert answer.headers["location"] == f"{PAGE}?done=negotiation_proposed"
        assert agreed(town) is None
        assert town.browser(SECRETARIAT).post(APPROVE, version(town)).status_code == 409
        page = text_of(town.browser(SECOND).get(PAGE))
        answer = town.browser(SECOND).post(APPROVE, version(town))
        assert answer.headers["location"] == f"{DECISION}?done=negotiation_approved"
        made = agreed(town)
        read_only = text_of(town.browser(SECOND).get(PAGE))
    assert "1,997,000" in page
    assert made is not None
    assert made.ground is NegotiationGround.FAILED_TENDER
    assert made.contracts[0].contractor == "mihon-a"  # one that bid goes by its id
    assert "承認済み" in read_only


def test_items_go_to_one_contractor_each(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes.failed) as town:
        first, *others = [item.id for item in round_in(town).lots[0].items]
        fields = form(town, **{"contractor-2": "別の会社", f"by-{first}": "2"})
        town.browser(SECRETARIAT).post(PAGE, fields)
        town.browser(SECOND).post(APPROVE, version(town))
        made = agreed(town)
    assert made is not None
    assert [(one.contractor, list(one.unit_prices)) for one in made.contracts] == [
        ("mihon-a", others),
        ("別の会社", [first]),
    ]


def test_a_proposal_is_taken_back_with_its_prices(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes.proposed_negotiation) as town:
        answer = town.browser(SECRETARIAT).post(WITHDRAW, version(town))
        assert answer.headers["location"] == f"{DECISION}?done=negotiation_withdrawn"
        assert kept(town) == []
        with town.database.read() as session:
            assert session.exec(select(NegotiatedPriceRow)).all() == []
        assert town.browser(SECRETARIAT).get(PAGE).status_code == 200


def test_only_what_the_second_person_has_seen_is_approved(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes.proposed_negotiation) as town:
        assert town.browser(SECOND).post(APPROVE, {"version": "1"}).status_code == 409
        assert town.browser(SECOND).post(WITHDRAW, {"version": "1"}).status_code == 409
        assert [row.approved_at for row in kept(town)] == [None]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        (
            {"contractor-0": "", "reason": "", "agreed_on": "", "decision_number": ""},
            ["contractor-0", "reason", "agreed_on", "decision_number"],
        ),
        ({"contractor-1": "商" * 201}, ["contractor-1"]),
        ({"contractor-1": "株式会社見本電機"}, ["contractor-1"]),
        ({"agreed_on": "R3.6.10"}, ["agreed_on"]),
        ({"agreed_on": "R8.11.25", "decision_number": "号" * 101}, ["agreed_on", "decision_number"]),
    ],
)
def test_all_faults_are_told_at_once_and_what_was_typed_is_kept(
    sqlite_url: str, changes: dict[str, str], fields: list[str]
) -> None:
    with council(sqlite_url, outcomes.failed) as town:
        page = town.browser(SECRETARIAT).post(PAGE, form(town, **changes))
        assert kept(town) == []
    assert page.status_code == 422
    for field in fields:
        assert f'href="#{field}"' in page.text
    assert 'value="1,000"' in page.text


def test_prices_must_be_there_and_within_the_limit(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes.failed) as town:
        first, second, *_ = [item.id for item in round_in(town).lots[0].items]
        browser = town.browser(SECRETARIAT)
        unread = browser.post(PAGE, form(town, **{f"price-{first}": "", f"price-{second}": "1.5", "by-" + first: "3"}))
        too_much = browser.post(PAGE, form(town, **{f"price-{first}": "99,999,999"}))
        assert kept(town) == []
    assert unread.status_code == too_much.status_code == 422
    for field in (f"price-{first}", f"price-{second}", "contractor-3"):
        assert f'href="#{field}"' in unread.text
    assert "契約金額の合計が予定価格を超えています" in too_much.text
    assert 'href="#total"' in too_much.text


def test_the_winner_who_did_not_sign_is_no_contractor(sqlite_url: str) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        page = town.browser(SECRETARIAT).post(PAGE, form(town, **{"contractor-0": "見本システム株式会社"}))
        assert kept(town) == []
    assert page.status_code == 422
    assert "契約を締結しない落札者を相手方にすることはできません。" in page.text


def test_a_stale_page_keeps_what_was_typed(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes.failed) as town:
        page = town.browser(SECRETARIAT).post(PAGE, form(town, version="1"))
        assert kept(town) == []
    assert page.status_code == 409
    assert "落札者がないため" in page.text


@pytest.mark.parametrize("build", [stages.decided, outcomes.failed_at_once, outcomes.unchecked, outcomes.cancelled])
def test_where_the_law_allows_none_there_is_none(sqlite_url: str, build: Builder) -> None:
    with council(sqlite_url, build) as town:
        browser = town.browser(SECRETARIAT)
        assert browser.get(PAGE).status_code == 409
        assert browser.post(PAGE, form(town)).status_code == 409
        assert kept(town) == []


def test_who_may(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes.failed) as town:
        assert town.browser(AUDITOR).get(PAGE).status_code == 403
        assert town.browser(KATSURAGI).get(PAGE).status_code == 403
        assert town.browser(STRANGER).get(PAGE).headers["location"].startswith("/sign-in")
        assert town.browser(SECRETARIAT).post(PAGE, form(town) | {"csrf_token": "x"}).status_code == 403
        town.browser(SECRETARIAT).get(PAGE)
        assert kept(town) == []
