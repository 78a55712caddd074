"""随意契約 in the database: on which ground, by two people, exactly once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from procure.awards.queries import confirmation_of
from procure.awards.retender import retender
from procure.bids.after_tables import NegotiationRow
from procure.bids.corrections import propose_correction
from procure.bids.negotiation_evidence import negotiated_evidence
from procure.bids.negotiations import approve_negotiation, possible_ground, require_negotiable
from procure.bids.queries import load_round
from procure.database import Database
from procure.errors import Conflict, Invalid
from procure.history.queries import events_of_round
from procure.rounds.queries import find_lot, locked_round, lots_of
from procure.rounds.rules import Outline
from procure.settlement.evidence import evidence_of
from procure.settlement.round import Bid, Entry, NegotiationGround
from procure.settlement.settle import settle
from tests import outcomes, stages
from tests.people import NOW
from tests.stages import ACTOR, SECOND
from tests.web.rounds_at import REF, Builder

WITHIN = Bid("mihon-b", Entry.BID, total=100_000_000)


@pytest.mark.parametrize(
    ("build", "ground"),
    [
        (outcomes.nobody, NegotiationGround.FAILED_TENDER),
        (outcomes.failed, NegotiationGround.FAILED_TENDER),
        (outcomes.failed_at_once, None),
        (outcomes.cancelled, None),
        (stages.decided, None),
        (stages.confirmed, NegotiationGround.NOT_SIGNED),
    ],
)
def test_the_ground_follows_from_the_tender(
    database: Database, build: Builder, ground: NegotiationGround | None
) -> None:
    with database.write() as session:
        row = build(session, NOW)
        assert possible_ground(session, row, lots_of(session, row.id)[0]) is ground


def test_another_ground_than_that_of_the_tender_is_refused(database: Database) -> None:
    with database.write() as session:
        row = outcomes.failed(session, NOW)
        asked = outcomes.a_negotiation(session, row, NegotiationGround.NOT_SIGNED, NOW.date())
        with pytest.raises(Invalid) as refused:
            outcomes.propose_it(session, row, asked, NOW)
    assert "ground" in {fault.field for fault in refused.value.faults}


def test_a_lot_that_is_tendered_again_is_not_contracted_on_its_failed_tender(database: Database) -> None:
    with database.write() as session:
        row = outcomes.failed_and_confirmed(session, NOW)
        lot = find_lot(session, row.id, "pc")
        assert require_negotiable(session, row, lot) is NegotiationGround.FAILED_TENDER
        again = Outline("R8-5", "再度公告入札", 2026, NOW.date(), "協議会")
        retender(session, row, again, {"pc"}, ACTOR, NOW, signed=frozenset(), keeps_demand=True, with_attachments=False)
        with pytest.raises(Conflict, match="再度公告入札に付している"):
            require_negotiable(session, row, lot)


def test_who_proposed_it_does_not_approve_it(database: Database) -> None:
    with database.write() as session:
        row = outcomes.proposed_negotiation(session, NOW)
        with pytest.raises(Conflict, match="別の人"):
            approve_negotiation(session, row, lots_of(session, row.id)[0], ACTOR, NOW)


def test_no_contract_is_proposed_while_a_correction_may_still_change_the_outcome(database: Database) -> None:
    with database.write() as session:
        row = outcomes.failed(session, NOW)
        lot = lots_of(session, row.id)[0]
        propose_correction(session, row, lot, 3, WITHIN, "読み違い", ACTOR, NOW)
        with pytest.raises(Conflict, match="承認を待っている訂正"):
            require_negotiable(session, row, lot)


@pytest.mark.parametrize(
    ("build", "reason"),
    [(outcomes.proposed_negotiation, "先に申請を取り下げて"), (outcomes.negotiated, "承認しているため")],
)
def test_no_bid_is_corrected_from_under_a_contract(database: Database, build: Builder, reason: str) -> None:
    with database.write() as session:
        row = build(session, NOW)
        with pytest.raises(Conflict, match=reason):
            propose_correction(session, row, lots_of(session, row.id)[0], 3, WITHIN, "読み違い", ACTOR, NOW)


def test_a_contract_is_approved_only_where_it_still_follows_from_the_tender(database: Database) -> None:
    with database.write() as session:
        row = outcomes.proposed_negotiation(session, NOW)
        lot = lots_of(session, row.id)[0]
        lot.ceiling = 1_000
        with pytest.raises(Conflict, match=r"予定価格を超えています.*申請し直して"):
            approve_negotiation(session, row, lot, SECOND, NOW)
        lot.cancelled = "仕様の誤り"
        with pytest.raises(Conflict, match="いまは随意契約によれません"):
            approve_negotiation(session, row, lot, SECOND, NOW)


def test_a_contract_approved_after_the_confirmation_is_evidence_of_its_own(database: Database) -> None:
    with database.write() as session:
        row = outcomes.not_signed(session, NOW)
        value = load_round(session, row)
        ((lot, kept),) = negotiated_evidence(session, row.id)
        decided = confirmation_of(session, row)
        approval = next(one for one in events_of_round(session, row.ref) if one.action == "negotiation_approved")
    evidence = evidence_of(value, settle(value))
    assert (lot, kept.proposed_by, kept.approved_by) == ("pc", ACTOR, SECOND)
    assert (kept.round_file, kept.result, kept.sha256) == (evidence.round_file, evidence.result, evidence.sha256)
    assert decided is not None
    assert '"negotiation"' in kept.round_file
    assert '"negotiation"' not in decided.round_file
    assert kept.sha256 in [change.after for change in approval.changes]


def test_a_contract_that_the_confirmation_knows_needs_no_evidence_of_its_own(database: Database) -> None:
    with database.write() as session:
        row = outcomes.contracted_after_failing(session, NOW)
        assert negotiated_evidence(session, row.id) == []


@pytest.mark.parametrize("change", ["UPDATE negotiation_evidence SET result = ''", "DELETE FROM negotiation_evidence"])
def test_the_evidence_of_a_contract_is_never_changed(database: Database, change: str) -> None:
    with database.write() as session:
        outcomes.not_signed(session, NOW)
    with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
        session.connection().execute(text(change))


def test_of_two_who_approve_at_the_same_moment_exactly_one_does(database: Database) -> None:
    with database.write() as session:
        outcomes.proposed_negotiation(session, NOW)
    start = Barrier(2)

    def approve_as(person: str) -> bool:
        start.wait(timeout=30)
        try:
            with database.write() as session:
                row = locked_round(session, REF)
                approve_negotiation(session, row, find_lot(session, row.id, "pc"), person, NOW)
        except Conflict:
            return False
        return True

    two = ("承認の甲", "承認の乙")
    with ThreadPoolExecutor(2) as people:
        outcomes_of = dict(zip(two, people.map(approve_as, two), strict=True))
    (first,) = [person for person, approved in outcomes_of.items() if approved]
    with database.read() as session:
        assert list(session.exec(select(NegotiationRow.approved_by))) == [first]
