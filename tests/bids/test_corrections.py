"""A typing error found after the check is corrected beside the record, by two people."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from procure.awards.actions import propose
from procure.bids.actions import record_attempt, record_draw
from procure.bids.after_queries import as_recorded, corrected, corrections_of, waiting_correction
from procure.bids.after_tables import CorrectionRow
from procure.bids.bid_text import bid_of, bid_text
from procure.bids.corrections import approve_correction, propose_correction, reject_correction
from procure.bids.queries import load_round
from procure.bids.tables import BidRow, UnitPriceRow
from procure.database import Database
from procure.errors import Conflict, Invalid
from procure.history.queries import events_of_round
from procure.rounds.queries import find_lot, locked_round, lots_of
from procure.rounds.tables import LotRow, RoundRow
from procure.settlement.result import Outcome
from procure.settlement.round import Attempt, Bid, DrawMethod, Entry, PaperDraw
from procure.settlement.settle import settle
from tests import outcomes, stages
from tests.people import NOW
from tests.stages import ACTOR, SECOND, check

LOW = Bid("mihon-a", Entry.BID, total=100_000_000)


def decided(session: Session) -> tuple[RoundRow, LotRow]:
    row = stages.decided(session, NOW)
    return row, lots_of(session, row.id)[0]


def winner(session: Session, row: RoundRow) -> str:
    award = settle(load_round(session, row)).lots[0].award
    assert award is not None
    return award.bidder


def rows_of_bids(session: Session) -> list[dict[str, object]]:
    return [row.model_dump() for table in (BidRow, UnitPriceRow) for row in session.exec(select(table))]


def test_a_correction_counts_once_a_second_person_has_approved_it(database: Database) -> None:
    with database.write() as session:
        row, lot = decided(session)
        before, recorded = winner(session, row), rows_of_bids(session)
        propose_correction(session, row, lot, 1, LOW, "入札書の読み違い", ACTOR, NOW)
        assert winner(session, row) == before != "mihon-a"
        approve_correction(session, row, lot, SECOND, NOW)
        assert winner(session, row) == "mihon-a"
        assert rows_of_bids(session) == recorded


def test_the_correction_keeps_what_stood_there_why_and_by_whom(database: Database) -> None:
    with database.write() as session:
        row, lot = decided(session)
        stood = load_round(session, row).lots[0].attempts[0].bids[0]
        propose_correction(session, row, lot, 1, LOW, "入札書の読み違い", ACTOR, NOW)
        approve_correction(session, row, lot, SECOND, NOW)
        (made,) = load_round(session, row).lots[0].attempts[0].corrections
        event = events_of_round(session, row.ref, 1)[0]
    assert (made.was, made.reason, made.corrected_by, made.approved_by) == (stood, "入札書の読み違い", ACTOR, SECOND)
    assert event.action == "correction_approved"
    assert [(change.after or "") for change in event.changes if change.what == "株式会社見本電機"] == [
        "入札、入札金額 100,000,000円"
    ]


def test_who_proposed_a_correction_does_not_approve_it(database: Database) -> None:
    with database.write() as session:
        row, lot = decided(session)
        propose_correction(session, row, lot, 1, LOW, "読み違い", ACTOR, NOW)
        with pytest.raises(Conflict, match="別の人"):
            approve_correction(session, row, lot, ACTOR, NOW)


def test_a_rejected_correction_changes_nothing_and_another_may_follow(database: Database) -> None:
    with database.write() as session:
        row, lot = decided(session)
        before = winner(session, row)
        propose_correction(session, row, lot, 1, LOW, "読み違い", ACTOR, NOW)
        with pytest.raises(Conflict, match="承認を待っている訂正"):
            propose_correction(session, row, lot, 1, LOW, "もう一つ", ACTOR, NOW)
        reject_correction(session, row, lot, SECOND, NOW)
        assert winner(session, row) == before
        assert waiting_correction(session, lot) is None
        propose_correction(session, row, lot, 1, replace(LOW, total=99), "やはり", ACTOR, NOW)
        approve_correction(session, row, lot, SECOND, NOW)
        assert [one.rejected_at is None for one in corrections_of(session, lot)] == [False, True]


def test_nothing_is_decided_while_a_correction_waits(database: Database) -> None:
    with database.write() as session:
        row, lot = decided(session)
        propose_correction(session, row, lot, 1, LOW, "読み違い", ACTOR, NOW)
        with pytest.raises(Conflict, match="承認を待っている訂正"):
            propose(session, row, "第1号", NOW.date(), ACTOR, NOW)


def test_before_the_check_there_is_nothing_to_correct(database: Database) -> None:
    with database.write() as session:
        row = stages.opening(session, NOW)
        lot = lots_of(session, row.id)[0]
        with pytest.raises(Conflict, match="照合の前"):
            propose_correction(session, row, lot, 1, LOW, "読み違い", ACTOR, NOW)
        record_attempt(session, row, lot, stages.example().lots[0].attempts[0], ACTOR, NOW)
        with pytest.raises(Conflict, match="照合の前"):
            propose_correction(session, row, lot, 1, LOW, "読み違い", ACTOR, NOW)


@pytest.mark.parametrize(("number", "bidder"), [(3, "mihon-c"), (1, "nobody")])
def test_who_took_no_part_in_an_attempt_has_nothing_to_correct(database: Database, number: int, bidder: str) -> None:
    with database.write() as session:
        row = outcomes.failed(session, NOW)
        lot = lots_of(session, row.id)[0]
        with pytest.raises(Invalid) as refused:
            propose_correction(session, row, lot, number, replace(LOW, bidder=bidder), "読み違い", ACTOR, NOW)
    assert [fault.field for fault in refused.value.faults] == [f"bid-{bidder}-entry"]


def test_after_the_confirmation_nothing_is_corrected(database: Database) -> None:
    with database.write() as session:
        row = stages.confirmed(session, NOW)
        with pytest.raises(Conflict, match="確定しているため"):
            propose_correction(session, row, lots_of(session, row.id)[0], 1, LOW, "読み違い", ACTOR, NOW)


def test_a_correction_needs_a_reason_and_another_content(database: Database) -> None:
    with database.write() as session:
        row, lot = decided(session)
        same = load_round(session, row).lots[0].attempts[0].bids[0]
        with pytest.raises(Invalid) as refused:
            propose_correction(session, row, lot, 1, same, "", ACTOR, NOW)
    assert [fault.field for fault in refused.value.faults] == ["bid-mihon-a-entry", "reason"]


def test_a_correction_does_not_undo_a_rebid_that_was_held(database: Database) -> None:
    with database.write() as session:
        row = stages.opening(session, NOW)
        lot = lots_of(session, row.id)[0]
        bidders = [bidder.id for bidder in load_round(session, row).lots[0].bidders]
        for number, total in ((1, 200_000_000), (2, 190_000_000)):
            bids = tuple(Bid(ref, Entry.BID, total=total + place) for place, ref in enumerate(bidders))
            record_attempt(session, row, lot, Attempt(number, NOW, bids), ACTOR, NOW)
            check(session, row, lot, number, NOW)
        with pytest.raises(Invalid) as refused:
            propose_correction(session, row, lot, 1, LOW, "読み違い", ACTOR, NOW)
        dearer = replace(LOW, total=200_000_009)
        propose_correction(session, row, lot, 1, dearer, "読み違い", ACTOR, NOW)
    assert "その後の入札が成り立ちません" in refused.value.faults[0].message


@pytest.mark.parametrize("act", [approve_correction, reject_correction])
def test_of_two_who_judge_a_correction_at_the_same_moment_exactly_one_does(
    database: Database, act: Callable[..., None]
) -> None:
    with database.write() as session:
        row, lot = decided(session)
        propose_correction(session, row, lot, 1, LOW, "読み違い", ACTOR, NOW)
        ref, lot_ref = row.ref, lot.ref
    start = Barrier(2)

    def judge(person: str) -> bool:
        start.wait(timeout=30)
        try:
            with database.write() as session:
                locked = locked_round(session, ref)
                act(session, locked, find_lot(session, locked.id, lot_ref), person, NOW)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as people:
        assert sorted(people.map(judge, ("照合の甲", "照合の乙"))) == [False, True]


@pytest.mark.parametrize(
    "bid",
    [
        LOW,
        Bid("b", Entry.DECLINED),
        Bid("c", Entry.BID, {"x": 1}, received_at=NOW, draw_number=7, added_number=0, void="金額の訂正"),
    ],
    ids=["a total", "declined", "everything"],
)
def test_a_bid_comes_back_from_its_text(bid: Bid) -> None:
    assert bid_of(bid_text(bid), bid.bidder) == bid


BIDDERS = {1: "a", 2: "b", 3: "c"}
AMOUNTS = st.integers(1, 10**9)
BIDS = st.tuples(*(st.builds(Bid, st.just(ref), st.just(Entry.BID), total=AMOUNTS) for ref in BIDDERS.values()))
STATES = st.sampled_from(("approved", "rejected", "waiting"))
PROPOSED = st.lists(st.tuples(st.sampled_from(sorted(BIDDERS)), AMOUNTS, STATES), max_size=6)


def rows_of(proposed: list[tuple[int, int, str]]) -> list[CorrectionRow]:
    return [
        CorrectionRow(
            number=1,
            bidder_id=bidder,
            bid=bid_text(Bid(BIDDERS[bidder], Entry.BID, total=total)),
            reason="読み違い",
            proposed_at=NOW,
            proposed_by=ACTOR,
            approved_at=NOW if state == "approved" else None,
            approved_by=SECOND if state == "approved" else None,
            rejected_at=NOW if state == "rejected" else None,
        )
        for bidder, total, state in proposed
    ]


@given(BIDS, PROPOSED)
def test_whatever_was_corrected_the_record_can_be_read_behind_it(
    bids: tuple[Bid, ...], proposed: list[tuple[int, int, str]]
) -> None:
    attempt = Attempt(1, NOW, bids)
    assert as_recorded(corrected(attempt, rows_of(proposed), BIDDERS)) == attempt


@given(BIDS, PROPOSED)
def test_the_last_that_was_approved_counts_and_no_other(
    bids: tuple[Bid, ...], proposed: list[tuple[int, int, str]]
) -> None:
    mended = corrected(Attempt(1, NOW, bids), rows_of(proposed), BIDDERS)
    approved = {BIDDERS[bidder]: total for bidder, total, state in proposed if state == "approved"}
    assert {bid.bidder: bid.total for bid in mended.bids} == {bid.bidder: bid.total for bid in bids} | approved
    assert len(mended.corrections) == sum(state == "approved" for *_, state in proposed)


def test_while_a_correction_waits_no_further_attempt_is_recorded(database: Database) -> None:
    with database.write() as session:
        row = stages.opening(session, NOW)
        lot = lots_of(session, row.id)[0]
        bidders = [bidder.id for bidder in load_round(session, row).lots[0].bidders]
        dear = tuple(Bid(ref, Entry.BID, total=200_000_000 + place) for place, ref in enumerate(bidders))
        record_attempt(session, row, lot, Attempt(1, NOW, dear), ACTOR, NOW)
        check(session, row, lot, 1, NOW)
        propose_correction(session, row, lot, 1, LOW, "読み違い", ACTOR, NOW)
        with pytest.raises(Conflict, match="承認を待っている訂正"):
            record_attempt(session, row, lot, Attempt(2, NOW, dear), ACTOR, NOW)


def test_a_draw_that_one_of_the_tied_had_no_part_in_is_undone(database: Database) -> None:
    with database.write() as session:
        row = stages.opening(session, NOW)
        lot = lots_of(session, row.id)[0]
        lot.draw = DrawMethod.PAPER
        bidders = [bidder.id for bidder in load_round(session, row).lots[0].bidders]
        totals = (100_000_000, 100_000_000, 100_000_005, 100_000_006)
        tie = tuple(Bid(ref, Entry.BID, total=total) for ref, total in zip(bidders, totals, strict=True))
        record_attempt(session, row, lot, Attempt(1, NOW, tie), ACTOR, NOW)
        check(session, row, lot, 1, NOW)
        record_draw(session, row, lot, PaperDraw(bidders[0], "本人", "職員"), ACTOR, NOW)
        third = Bid(bidders[2], Entry.BID, total=100_000_000)
        propose_correction(session, row, lot, 1, third, "読み違い", ACTOR, NOW)
        approve_correction(session, row, lot, SECOND, NOW)
        value = load_round(session, row).lots[0]
        assert value.draw is None
        assert settle(load_round(session, row)).lots[0].outcome is Outcome.DRAW_REQUIRED
        assert events_of_round(session, row.ref, 1)[0].action == "draw_undone"
