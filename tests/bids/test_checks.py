"""A second person compares what was recorded with the papers."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlmodel import Session

from procure.awards.actions import propose
from procure.bids.actions import record_attempt
from procure.bids.after_queries import checks_of
from procure.bids.checking import Found, Way, recorded_of
from procure.bids.checks import check_attempt
from procure.bids.queries import attempts_of, load_round
from procure.database import Database
from procure.errors import Conflict, Invalid
from procure.history.queries import events_of_round
from procure.rounds.queries import find_lot, locked_round, lots_of
from procure.rounds.tables import LotRow, RoundRow
from procure.settlement.bids import total_quantities
from procure.settlement.round import Entry
from tests import stages
from tests.people import NOW
from tests.stages import ACTOR, SECOND


def recorded(session: Session) -> tuple[RoundRow, LotRow]:
    row = stages.opening(session, NOW)
    lot = lots_of(session, row.id)[0]
    record_attempt(session, row, lot, stages.example().lots[0].attempts[0], ACTOR, NOW)
    return row, lot


def on_paper(session: Session, row: RoundRow, **changes: Found) -> dict[str, Found]:
    """What stands on the papers: what was recorded, but for these bidders."""
    lot = load_round(session, row).lots[0]
    return recorded_of(lot.attempts[0], total_quantities(lot)) | {
        ref.replace("_", "-"): found for ref, found in changes.items()
    }


def test_where_everything_agrees_the_attempt_stands(database: Database) -> None:
    with database.write() as session:
        row, lot = recorded(session)
        assert check_attempt(session, row, lot, 1, on_paper(session, row), Way.TYPED, SECOND, NOW) == ()
        (attempt,) = attempts_of(session, lot)
        assert (attempt.checked_at, attempt.checked_by) == (NOW, SECOND)
        with pytest.raises(Conflict, match="すでに済んでいます"):
            check_attempt(session, row, lot, 1, on_paper(session, row), Way.TYPED, SECOND, NOW)


def test_who_recorded_an_attempt_does_not_check_it(database: Database) -> None:
    with database.write() as session:
        row, lot = recorded(session)
        with pytest.raises(Conflict, match="別の人"):
            check_attempt(session, row, lot, 1, on_paper(session, row), Way.TYPED, ACTOR, NOW)


def test_a_difference_is_kept_and_holds_everything_up(database: Database) -> None:
    with database.write() as session:
        row, lot = recorded(session)
        typo = on_paper(session, row, mihon_a=Found(Entry.BID, 120_791_001), mihon_d=Found(Entry.ABSENT))
        found = check_attempt(session, row, lot, 1, typo, Way.TYPED, SECOND, NOW)
        assert [(one.bidder, one.recorded, one.found) for one in found] == [
            ("mihon-a", "120,791,000円", "120,791,001円"),
            ("mihon-d", "辞退", "不参"),
        ]
        (kept,) = checks_of(session, lot, 1)
        assert [one["bidder"] for one in json.loads(kept.differences)] == ["mihon-a", "mihon-d"]
        with pytest.raises(Conflict, match="照合が済んでいません"):
            propose(session, row, "第1号", NOW.date(), ACTOR, NOW)


def test_a_mended_record_is_checked_again(database: Database) -> None:
    with database.write() as session:
        row, lot = recorded(session)
        value = stages.example().lots[0].attempts[0]
        prices = {item: price + 1 for item, price in (value.bids[0].unit_prices or {}).items()}
        mended = replace(value, bids=(replace(value.bids[0], unit_prices=prices, total=None), *value.bids[1:]))
        papers = on_paper(session, row)
        record_attempt(session, row, lot, mended, ACTOR, NOW)
        assert len(check_attempt(session, row, lot, 1, papers, Way.COMPARED, SECOND, NOW)) == 1
        record_attempt(session, row, lot, value, ACTOR, NOW)
        assert check_attempt(session, row, lot, 1, papers, Way.COMPARED, SECOND, NOW) == ()
        assert [event.action for event in events_of_round(session, row.ref, 4)] == [
            "attempt_checked",
            "attempt_corrected",
            "attempt_checked",
            "attempt_corrected",
        ]


def test_no_bidder_is_left_out(database: Database) -> None:
    with database.write() as session:
        row, lot = recorded(session)
        papers = on_paper(session, row)
        del papers["mihon-b"]
        papers["mihon-a"] = Found(Entry.BID)
        with pytest.raises(Invalid) as refused:
            check_attempt(session, row, lot, 1, papers, Way.TYPED, SECOND, NOW)
    assert [fault.field for fault in refused.value.faults] == ["check-mihon-a-total", "check-mihon-b-entry"]


def test_a_paper_that_reads_otherwise_is_a_difference_in_its_own_words(database: Database) -> None:
    with database.write() as session:
        row, lot = recorded(session)
        told = on_paper(session, row, mihon_a=Found(Entry.BID, 120_791_000, "くじ番号 418"))
        (one,) = check_attempt(session, row, lot, 1, told, Way.COMPARED, SECOND, NOW)
    assert (one.recorded, one.found) == ("120,791,000円", "くじ番号 418")


def test_of_two_who_check_an_attempt_at_the_same_moment_exactly_one_does(database: Database) -> None:
    with database.write() as session:
        row, lot = recorded(session)
        papers = on_paper(session, row)
        ref, lot_ref = row.ref, lot.ref
    start = Barrier(2)

    def judge(person: str) -> bool:
        start.wait(timeout=30)
        try:
            with database.write() as session:
                locked = locked_round(session, ref)
                check_attempt(session, locked, find_lot(session, locked.id, lot_ref), 1, papers, Way.TYPED, person, NOW)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as people:
        assert sorted(people.map(judge, ("照合の甲", "照合の乙"))) == [False, True]


def test_a_bid_that_is_void_on_one_side_only_is_a_difference(database: Database) -> None:
    with database.write() as session:
        row, lot = recorded(session)
        total = on_paper(session, row)["mihon-a"].total
        papers = on_paper(session, row, mihon_a=Found(Entry.BID, total, is_void=True))
        (found,) = check_attempt(session, row, lot, 1, papers, Way.TYPED, SECOND, NOW)
    assert (found.recorded, found.found) == ("120,791,000円", "120,791,000円（無効）")
