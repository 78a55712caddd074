"""The rule of two people, as a rule and in every action that has it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from procure.accounts.queries import account_of as account_by_login
from procure.accounts.roles import Role
from procure.accounts.viewer import Grant, Viewer
from procure.awards.actions import confirm, propose
from procure.bids.actions import record_attempt
from procure.bids.checking import Way, recorded_of
from procure.bids.checks import check_attempt
from procure.bids.corrections import approve_correction, propose_correction
from procure.bids.negotiations import approve_negotiation, propose_negotiation
from procure.bids.queries import load_round
from procure.database import Database
from procure.errors import Conflict
from procure.history.record import Actor, account_of, label_of
from procure.history.two_people import Person, require_another
from procure.rounds.queries import lots_of
from procure.rounds.tables import RoundRow
from procure.settlement.bids import total_quantities
from procure.settlement.round import Attempt, Bid, Entry, NegotiatedContract, Negotiation, NegotiationGround
from tests import people, stages
from tests.people import NOW, SECOND, SECRETARIAT, settle_in

HANAKO = Viewer(1, "hanako", "事務局　花子", Role.SECRETARIAT, None, None, "token")
TSUKIKO = Viewer(2, "tsukiko", "事務局　月子", Role.SECRETARIAT, None, None, "token")
BY_TOKEN = replace(HANAKO, through=Grant(1, "夜間連携", frozenset()))

actors: st.SearchStrategy[Actor] = st.one_of(
    st.sampled_from(["procure", HANAKO.label, TSUKIKO.label]),
    st.builds(
        replace, st.sampled_from([HANAKO, TSUKIKO]), name=st.sampled_from(["花子", "月子"]), through=st.just(None)
    ),
    st.just(BY_TOKEN),
)


def person(actor: Actor) -> Person:
    return Person(account_of(actor), label_of(actor))


@given(actors)
def test_nobody_is_another_than_oneself(actor: Actor) -> None:
    assert person(actor).is_same(actor)


@given(actors, actors)
def test_the_account_is_the_person_whatever_the_label_says(first: Actor, second: Actor) -> None:
    if isinstance(first, Viewer) and isinstance(second, Viewer):
        assert person(first).is_same(second) == (first.account_id == second.account_id)
    else:
        assert person(first).is_same(second) == (first == second)


def test_a_person_and_the_own_token_are_one() -> None:
    assert BY_TOKEN.label != HANAKO.label
    with pytest.raises(Conflict) as refused:
        require_another(person(HANAKO), BY_TOKEN, "照合", "入札を記録")
    assert refused.value.message == "照合は、入札を記録した人と別の人が行ってください。"


# ---- the actions that have the rule ------------------------------------------------------------------


Begun = tuple[RoundRow, Callable[[Actor], object]]
"""The round, and what a second person does in it."""


def checking(session: Session, first: Actor) -> Begun:
    row = stages.opening(session, NOW)
    lot = lots_of(session, row.id)[0]
    record_attempt(session, row, lot, stages.example().lots[0].attempts[0], first, NOW)
    value = load_round(session, row).lots[0]
    found = recorded_of(value.attempts[0], total_quantities(value))
    return row, lambda second: check_attempt(session, row, lot, 1, found, Way.TYPED, second, NOW)


def correcting(session: Session, first: Actor) -> Begun:
    row = stages.decided(session, NOW)
    lot = lots_of(session, row.id)[0]
    bid = load_round(session, row).lots[0].attempts[0].bids[0]
    propose_correction(session, row, lot, 1, replace(bid, draw_number=418), "読み違い", first, NOW)
    return row, lambda second: approve_correction(session, row, lot, second, NOW)


def negotiating(session: Session, first: Actor) -> Begun:
    row = stages.opening(session, NOW)
    lot = lots_of(session, row.id)[0]
    value = load_round(session, row).lots[0]
    nobody = Attempt(1, NOW, tuple(Bid(bidder.id, Entry.DECLINED) for bidder in value.bidders))
    record_attempt(session, row, lot, nobody, stages.ACTOR, NOW)
    stages.check(session, row, lot, 1, NOW)
    prices = {item: 1 for item, quantity in total_quantities(value).items() if quantity}
    contract = NegotiatedContract(value.bidders[0].name, prices)
    negotiation = Negotiation(NegotiationGround.FAILED_TENDER, NOW.date(), "入札者がないため", (contract,))
    propose_negotiation(session, row, lot, negotiation, "第1号", first, NOW)
    return row, lambda second: approve_negotiation(session, row, lot, second, NOW)


def confirming(session: Session, first: Actor) -> Begun:
    row = stages.decided(session, NOW)
    propose(session, row, "第1号", NOW.date(), first, NOW)
    return row, lambda second: confirm(session, row, stages.amounts_of(session, row), second, NOW)


@pytest.mark.parametrize("has_account", [False, True], ids=["a command", "an account"])
@pytest.mark.parametrize(
    ("begin", "refusal"),
    [
        (checking, "照合は、入札を記録した人と別の人が行ってください。"),
        (correcting, "訂正の承認は、訂正を申請した人と別の人が行ってください。"),
        (negotiating, "随意契約の承認は、随意契約を申請した人と別の人が行ってください。"),
        (confirming, "落札者の決定の確定は、決定を申請した人と別の人が行ってください。"),
    ],
    ids=["check", "correction", "negotiation", "confirmation"],
)
def test_who_began_is_refused_and_another_is_not(
    database: Database, begin: Callable[[Session, Actor], Begun], refusal: str, has_account: bool
) -> None:
    with database.write() as session:
        settle_in(session, [SECRETARIAT, SECOND])
        hanako, tsukiko = viewer(session, SECRETARIAT), viewer(session, SECOND)
        first = hanako if has_account else "事務局の操作"
        by_token = replace(hanako, through=BY_TOKEN.through)
        row, agree = begin(session, first)
        before = row.version
        for same in filter(person(first).is_same, (first, by_token)):
            with pytest.raises(Conflict) as refused:
                agree(same)
            assert refused.value.message == refusal
        assert row.version == before
        agree(tsukiko)
        assert row.version == before + 1


def viewer(session: Session, someone: people.Person) -> Viewer:
    account = account_by_login(session, someone.login)
    assert account is not None
    return replace(HANAKO, account_id=account.id, login=account.login, name=account.name)
