"""Confirming and publishing, in the database."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from procure.awards.actions import confirm, propose, publish, withdraw_proposal
from procure.awards.queries import confirmation_of, proposal_of
from procure.awards.tables import ConfirmationRow
from procure.bids.after_tables import ReviewRow
from procure.bids.queries import bidders_by_lot, load_round
from procure.database import Database
from procure.errors import Conflict, Invalid
from procure.history.queries import events_of_round
from procure.rounds.actions import cancel_lot
from procure.rounds.queries import locked_round, lots_of
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from procure.settlement.result_file import result_json
from procure.settlement.round import Review
from procure.settlement.round_file import write_round
from procure.settlement.settle import settle
from tests import outcomes, stages
from tests.people import NOW
from tests.stages import ACTOR, SECOND, amounts_of

TODAY = NOW.date()


def test_a_confirmation_keeps_the_round_and_its_result_as_they_stood(database: Database) -> None:
    with database.write() as session:
        row = stages.confirmed(session, NOW)
        value = load_round(session, row)
        kept = confirmation_of(session, row)
    assert kept is not None
    assert kept.round_file == write_round(value)
    assert json.loads(kept.result) == json.loads(json.dumps(result_json(settle(value))))
    assert kept.sha256 == hashlib.sha256(f"{kept.round_file}\n{kept.result}".encode()).hexdigest()
    assert (kept.confirmed_at, row.confirmed_at) == (NOW, NOW)


def test_what_is_not_decided_is_not_confirmed(database: Database) -> None:
    with database.write() as session:
        row = stages.opening(session, NOW)
        with pytest.raises(Conflict, match="まだ決まっていません"):
            propose(session, row, "第1号", TODAY, ACTOR, NOW)


def test_a_confirmation_needs_its_number_and_day(database: Database) -> None:
    with database.write() as session:
        row = stages.decided(session, NOW)
        with pytest.raises(Invalid) as refused:
            propose(session, row, "", date(2021, 6, 10), ACTOR, NOW)
        assert proposal_of(session, row) is None
    assert [fault.field for fault in refused.value.faults] == ["decision_number", "decision_date"]


def test_nothing_is_decided_that_cannot_be_read_again(database: Database) -> None:
    with database.write() as session:
        row = stages.decided(session, NOW)
        bidder = bidders_by_lot(session, row.id)[lots_of(session, row.id)[0].id][0]
        stray = ReviewRow(
            lot_id=bidder.lot_id,
            bidder_id=bidder.id,
            position=0,
            passed=True,
            reviewed_on=NOW.date(),
            recorded_at=NOW,
            recorded_by=ACTOR,
        )
        session.add(stray)  # of one that nobody had to examine
        lots_of(session, row.id)[0].review = Review.AFTER
        session.flush()
        outcomes.review(session, row, "mihon-b", NOW)
        with pytest.raises(Conflict, match="never was the lowest"):
            propose(session, row, "第1号", NOW.date(), ACTOR, NOW)


def test_a_confirmed_round_is_not_confirmed_again(database: Database) -> None:
    with database.write() as session:
        row = stages.confirmed(session, NOW)
        with pytest.raises(Conflict, match="すでに確定"):
            propose(session, row, "第2号", TODAY, ACTOR, NOW)
        with pytest.raises(Conflict, match="すでに確定"):
            confirm(session, row, amounts_of(session, row), SECOND, NOW)


def proposed(session: Session) -> RoundRow:
    row = stages.decided(session, NOW)
    propose(session, row, "第1号", TODAY, ACTOR, NOW)
    return row


def test_nothing_is_confirmed_that_nobody_proposed(database: Database) -> None:
    with database.write() as session:
        row = stages.decided(session, NOW)
        with pytest.raises(Conflict, match="先に、決裁番号を付けて"):
            confirm(session, row, amounts_of(session, row), SECOND, NOW)


def test_who_proposed_the_decision_does_not_confirm_it(database: Database) -> None:
    with database.write() as session:
        row = proposed(session)
        with pytest.raises(Conflict, match="別の人"):
            confirm(session, row, amounts_of(session, row), ACTOR, NOW)


@pytest.mark.parametrize("typed", [125_008_137, None])
def test_the_second_person_repeats_the_amounts_of_the_decision(database: Database, typed: int | None) -> None:
    with database.write() as session:
        row = proposed(session)
        with pytest.raises(Invalid) as refused:
            confirm(session, row, amounts_of(session, row) | {"pc": typed}, SECOND, NOW)
        assert row.confirmed_at is None
    assert [fault.field for fault in refused.value.faults] == ["amount-pc"]


def test_a_proposal_does_not_outlive_what_it_was_for(database: Database) -> None:
    with database.write() as session:
        row = proposed(session)
        cancel_lot(session, row, lots_of(session, row.id)[1], "仕様の誤り", ACTOR, NOW)
        with pytest.raises(Conflict, match="もう一度申請"):
            confirm(session, row, amounts_of(session, row), SECOND, NOW)
        propose(session, row, "第2号", TODAY, ACTOR, NOW)
        assert confirm(session, row, amounts_of(session, row), SECOND, NOW).decision_number == "第2号"


def test_a_proposal_can_be_taken_back(database: Database) -> None:
    with database.write() as session:
        row = proposed(session)
        withdraw_proposal(session, row, ACTOR, NOW)
        with pytest.raises(Conflict):
            withdraw_proposal(session, row, ACTOR, NOW)


def test_what_is_not_confirmed_is_not_published(database: Database) -> None:
    with database.write() as session:
        row = stages.decided(session, NOW)
        with pytest.raises(Conflict, match="確定してから"):
            publish(session, row, ACTOR, NOW)
        assert row.stage is Stage.OPENING


def test_a_confirmed_round_is_published_once(database: Database) -> None:
    with database.write() as session:
        row = stages.published(session, NOW)
        assert (row.stage, row.published_at) == (Stage.PUBLISHED, NOW)
        with pytest.raises(Conflict):
            publish(session, row, ACTOR, NOW)


def test_of_two_who_confirm_at_the_same_moment_exactly_one_does(database: Database) -> None:
    with database.write() as session:
        row = proposed(session)
        ref, amounts = row.ref, amounts_of(session, row)
    start = Barrier(2)

    def confirm_as(person: str) -> bool:
        start.wait(timeout=30)
        try:
            with database.write() as session:
                confirm(session, locked_round(session, ref), amounts, person, NOW)
        except Conflict:
            return False
        return True

    two = ("照合の甲", "照合の乙")
    with ThreadPoolExecutor(2) as people:
        outcomes = dict(zip(two, people.map(confirm_as, two), strict=True))
    (first,) = [person for person, confirmed in outcomes.items() if confirmed]
    with database.read() as session:
        assert list(session.exec(select(ConfirmationRow.confirmed_by))) == [first]
        recorded = [event.actor for event in events_of_round(session, ref) if event.action == "award_confirmed"]
    assert recorded == [first]


@pytest.mark.parametrize("typed", [1, None])
def test_the_second_person_repeats_what_is_contracted_after_a_failed_tender(
    database: Database, typed: int | None
) -> None:
    with database.write() as session:
        row = outcomes.negotiated(session, NOW)
        amounts = amounts_of(session, row)
        propose(session, row, "第1号", TODAY, ACTOR, NOW)
        with pytest.raises(Invalid) as refused:
            confirm(session, row, amounts | {"pc": typed}, SECOND, NOW)
        (contracted,) = [lot.negotiation for lot in settle(load_round(session, row)).lots if lot.negotiation]
        assert amounts["pc"] == contracted.total_with_tax
        assert confirm(session, row, amounts, SECOND, NOW).confirmed_by == SECOND
    assert [fault.field for fault in refused.value.faults] == ["amount-pc"]


@pytest.mark.parametrize("change", ["UPDATE confirmation SET result = '{}'", "DELETE FROM confirmation"])
def test_the_evidence_of_a_confirmation_is_never_changed(database: Database, change: str) -> None:
    with database.write() as session:
        stages.confirmed(session, NOW)
    with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
        session.connection().execute(text(change))
