"""The decision on a round in the browser: proposed by one person, confirmed by another who repeats the amounts."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlmodel import Session

from procure.awards.actions import propose
from procure.awards.queries import confirmation_of, proposal_of
from procure.awards.tables import ConfirmationRow, ProposalRow
from procure.bids.actions import record_attempt
from procure.rounds.actions import cancel_lot
from procure.rounds.queries import find_round, locked_round, lots_of
from procure.rounds.tables import RoundRow
from procure.settlement.round import Bid, Entry
from tests import outcomes, stages
from tests.people import AUDITOR, KATSURAGI, NOW, SECOND, SECRETARIAT, STRANGER, Service, text_of
from tests.stages import ACTOR, amounts_of, check
from tests.web.rounds_at import REF, council, row_in
from tests.web.stage import content_of

CONFIRM = f"/rounds/{REF}/confirm"
APPROVE, WITHDRAW = f"{CONFIRM}/approve", f"{CONFIRM}/withdraw"


def form(town: Service, **changes: str) -> dict[str, str]:
    fields = {"version": str(row_in(town).version), "decision_number": "第12号", "decision_date": "R8.11.24"}
    return fields | {"checked": "1"} | changes


def amounts(town: Service, **changes: str) -> dict[str, str]:
    with town.database.read() as session:
        typed = {f"amount-{lot}": f"{yen:,}" for lot, yen in amounts_of(session, find_round(session, REF)).items()}
    return {"version": str(row_in(town).version)} | typed | {f"amount-{lot}": value for lot, value in changes.items()}


def confirmation(town: Service) -> ConfirmationRow | None:
    with town.database.read() as session:
        return confirmation_of(session, find_round(session, REF))


def proposal(town: Service) -> ProposalRow | None:
    with town.database.read() as session:
        return proposal_of(session, find_round(session, REF))


def proposed(town: Service) -> None:
    assert town.browser(SECRETARIAT).post(CONFIRM, form(town)).headers["location"] == f"{CONFIRM}?done=award_proposed"


def without_breakdown(session: Session, now: datetime) -> RoundRow:
    row = stages.opening(session, now)
    for lot, value in zip(lots_of(session, row.id), stages.example().lots, strict=True):
        bids = tuple(
            replace(bid, total=100, unit_prices=None) if bid.unit_prices else bid for bid in value.attempts[0].bids[:1]
        )
        others = tuple(Bid(bidder.id, Entry.ABSENT) for bidder in value.bidders if bidder.id != bids[0].bidder)
        record_attempt(session, row, lot, replace(value.attempts[0], bids=(*bids, *others)), ACTOR, now)
        check(session, row, lot, 1, now)
    return row


def test_the_proposal_repeats_winners_and_amounts(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        page = text_of(town.browser(SECRETARIAT).get(CONFIRM))
    for words in ("見本システム株式会社", "113,643,760", "125,008,136", "51.6%", "みほん事務機株式会社", "118,529,820"):
        assert words in page


def test_the_amount_of_a_negotiated_contract_is_asked_for_and_not_shown(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes.negotiated) as town:
        proposed(town)
        typed = amounts(town)
        page = town.browser(SECOND).get(CONFIRM)
        missing = town.browser(SECOND).post(APPROVE, {**typed, "amount-pc": ""})
        assert confirmation(town) is None
        town.browser(SECOND).post(APPROVE, typed)
        assert confirmation(town) is not None
    assert "の随意契約の契約金額（税込・円）" in text_of(page)
    assert "随意契約：株式会社見本電機" in text_of(page)
    assert typed["amount-pc"] not in page.text
    assert missing.status_code == 422


def test_one_proposes_and_another_confirms_with_the_amounts_of_the_paper(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        proposed(town)
        assert confirmation(town) is None
        answer = town.browser(SECOND).post(APPROVE, amounts(town))
        kept = confirmation(town)
    assert answer.headers["location"] == f"/rounds/{REF}?done=award_confirmed"
    assert kept is not None
    assert (kept.decision_number, kept.decision_date) == ("第12号", date(2026, 11, 24))
    assert (kept.proposed_by, kept.confirmed_by) == ("事務局　花子（事務局）", "事務局　月子（事務局）")


def test_the_second_person_does_not_read_the_amounts_from_the_page(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        proposed(town)
        second, own = (town.browser(who).get(CONFIRM).text for who in (SECOND, SECRETARIAT))
    assert "見本システム株式会社" in second
    assert not [amount for amount in ("125,008,136", "125008136", "113,643,760", "118,529,820") if amount in second]
    assert "125,008,136" in own
    assert f'action="{APPROVE}"' not in own


def test_who_proposed_it_does_not_confirm_it(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        proposed(town)
        assert town.browser(SECRETARIAT).post(APPROVE, amounts(town)).status_code == 409
        assert confirmation(town) is None


@pytest.mark.parametrize("typed", ["", "125,008,137", "約1億"])
def test_an_amount_that_is_another_is_shown_again_without_telling_the_right_one(sqlite_url: str, typed: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        proposed(town)
        page = town.browser(SECOND).post(APPROVE, amounts(town, pc=typed))
        assert confirmation(town) is None
    assert page.status_code == 422
    assert 'href="#amount-pc"' in page.text
    assert f'value="{typed}"' in page.text
    assert "125,008,136" not in page.text


def test_what_changed_after_the_page_was_opened_is_not_confirmed(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        proposed(town)
        page = town.browser(SECOND).post(APPROVE, amounts(town) | {"version": "1"})
        assert confirmation(town) is None
    assert page.status_code == 409
    assert 'value="125,008,136"' in page.text


def test_a_change_voids_the_proposal_and_the_page_says_so(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        proposed(town)
        with town.database.write() as session:
            row = locked_round(session, REF)
            cancel_lot(session, row, lots_of(session, row.id)[1], "仕様の誤り", ACTOR, NOW)
        page = text_of(town.browser(SECOND).get(CONFIRM))
        refused = town.browser(SECOND).post(APPROVE, amounts(town))
        assert confirmation(town) is None
        proposed(town)
    assert "前の申請（第12号）は使えなくなりました" in page
    assert refused.status_code == 409


def test_a_proposal_is_taken_back(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        proposed(town)
        answer = town.browser(SECOND).post(WITHDRAW)
        assert answer.headers["location"] == f"{CONFIRM}?done=award_proposal_withdrawn"
        assert proposal(town) is None
        assert town.browser(SECOND).post(WITHDRAW).status_code == 409


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"decision_number": "", "decision_date": ""}, 2),
        ({"decision_date": "R8.11.25"}, 1),
        ({"decision_date": "R3.6.10"}, 1),
        ({"decision_date": "きのう", "decision_number": "号" * 101}, 2),
    ],
)
def test_a_proposal_that_lacks_something_is_shown_again(sqlite_url: str, changes: dict[str, str], faults: int) -> None:
    with council(sqlite_url, stages.decided) as town:
        page = town.browser(SECRETARIAT).post(CONFIRM, form(town, **changes))
        assert proposal(town) is None
    assert page.status_code == 422
    assert f"入力内容に{faults}件の誤りがあります" in page.text
    assert f'value="{changes.get("decision_date", "R8.11.24")}"' in page.text


def test_the_amounts_must_have_been_looked_at(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        fields = form(town)
        del fields["checked"]
        page = town.browser(SECRETARIAT).post(CONFIRM, fields)
        assert proposal(town) is None
    assert page.status_code == 422
    assert 'href="#checked"' in page.text


def test_a_proposal_from_a_stale_page_keeps_what_was_typed(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        page = town.browser(SECRETARIAT).post(CONFIRM, form(town, version="1"))
        assert proposal(town) is None
    assert page.status_code == 409
    assert 'value="第12号"' in page.text
    assert " checked" not in page.text


def test_before_the_confirmation_a_missing_breakdown_is_told(sqlite_url: str) -> None:
    with council(sqlite_url, without_breakdown) as town:
        page = text_of(town.browser(SECRETARIAT).get(CONFIRM))
    assert "パソコンの共同調達、プリンタの共同調達は、単価と市町村ごとの金額が決まりません" in page


def test_who_may_and_when(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        proposed(town)
        before = content_of(town)
        assert town.browser(AUDITOR).get(CONFIRM).status_code == 403
        assert town.browser(KATSURAGI).get(CONFIRM).status_code == 403
        assert town.browser(STRANGER).get(CONFIRM).headers["location"].startswith("/sign-in")
        assert town.browser(SECOND).post(APPROVE, amounts(town) | {"csrf_token": "x"}).status_code == 403
        town.browser(SECOND).get(CONFIRM)
        assert confirmation(town) is None
        assert content_of(town)["confirmation_proposal"] == before["confirmation_proposal"]


def test_a_confirmed_round_is_not_proposed_again(sqlite_url: str) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        assert town.browser(SECRETARIAT).get(CONFIRM).status_code == 409
        assert town.browser(SECOND).post(APPROVE, amounts(town)).status_code == 409


def test_a_proposal_in_the_database_waits_for_the_second_person(sqlite_url: str) -> None:
    def build(session: Session, now: datetime) -> RoundRow:
        row = stages.decided(session, now)
        propose(session, row, "第9号", now.date(), ACTOR, now)
        return row

    with council(sqlite_url, build) as town:
        assert "第9号" in text_of(town.browser(SECOND).get(CONFIRM))
