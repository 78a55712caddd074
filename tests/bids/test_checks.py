"""A second person compares what was recorded with the papers."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import product
from threading import Barrier
from typing import Any

import pytest
from sqlmodel import Session

from procure.awards.actions import propose
from procure.bids.actions import record_attempt
from procure.bids.after_queries import checks_of
from procure.bids.checking import Found, Way, differences, recorded_of
from procure.bids.checks import check_attempt
from procure.bids.queries import attempts_of, load_round
from procure.database import Database
from procure.errors import Conflict, Invalid
from procure.history.queries import events_of_round
from procure.rounds.queries import find_lot, locked_round, lots_of
from procure.rounds.tables import LotRow, RoundRow
from procure.settlement.bids import total_quantities
from procure.settlement.lottery import draw_lots
from procure.settlement.round import Attempt, Bid, DrawMethod, Entry
from tests import stages
from tests.builders import OPENING, a_bid, at, some_bidders
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
            ("mihon-a", "120,791,000円、受付 R3.6.11 09:10", "120,791,001円"),
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
    assert (one.recorded, one.found) == ("120,791,000円、受付 R3.6.11 09:10", "くじ番号 418")


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
        papers = on_paper(session, row)
        papers["mihon-a"] = replace(papers["mihon-a"], is_void=True)
        (found,) = check_attempt(session, row, lot, 1, papers, Way.TYPED, SECOND, NOW)
    assert (found.recorded, found.found) == tuple(
        f"120,791,000円{void}、受付 R3.6.11 09:10" for void in ("", "（無効）")
    )


# ---- what an electronic lottery reads ----------------------------------------------------------------

PAPER = Found(Entry.BID, 500, received_at=at(9, 15, 1), draw_number=418, added_number=5)
OTHERWISE: dict[str, dict[str, Any]] = {
    "number": {"draw_number": 419},
    "no number": {"draw_number": None},
    "added": {"added_number": 6},
    "second": {"received_at": at(9, 15, 2)},
    "millisecond": {"received_at": at(9, 15, 1) + timedelta(milliseconds=1)},
    "no time": {"received_at": None},
}
READ_FROM_PAPERS = {
    DrawMethod.PAPER: set(),
    DrawMethod.CORE_EPOCH_SECONDS: {"number", "no number", "second", "no time"},
    DrawMethod.KUJI_ONLY: {"number", "no number", "second", "no time"},
    DrawMethod.RANDOM_ADDED: {"number", "no number", "added", "second", "no time"},
    DrawMethod.MILLISECONDS: {"number", "no number", "second", "millisecond", "no time"},
    DrawMethod.MILLISECONDS_CUT: {"number", "no number", "second", "millisecond", "no time"},
    DrawMethod.WAKAYAMA: {"second", "no time"},
}


@pytest.mark.parametrize("method", DrawMethod)
def test_what_the_lottery_reads_is_compared_and_nothing_else(method: DrawMethod) -> None:
    told = {
        what
        for what, change in OTHERWISE.items()
        if differences(some_bidders("a"), {"a": PAPER}, {"a": replace(PAPER, **change)}, method)
    }
    assert told == READ_FROM_PAPERS[method]


def test_of_who_did_not_bid_no_number_is_compared() -> None:
    declined = Found(Entry.DECLINED, received_at=at(9), draw_number=1)
    core = DrawMethod.CORE_EPOCH_SECONDS
    assert differences(some_bidders("a"), {"a": declined}, {"a": Found(Entry.DECLINED)}, core) == ()


def test_a_difference_names_what_the_lottery_reads() -> None:
    found = replace(PAPER, draw_number=7, received_at=at(9, 15, 1) + timedelta(milliseconds=30))
    (one,) = differences(some_bidders("a"), {"a": PAPER}, {"a": found}, DrawMethod.MILLISECONDS)
    assert one.recorded == "500円、受付 R3.6.11 09:15:01、くじ番号 418"
    assert one.found == "500円、受付 R3.6.11 09:15:01.030、くじ番号 007"


def bid_of(bidder: str, paper: Found) -> Bid:
    return a_bid(
        bidder, 500, received_at=paper.received_at, draw_number=paper.draw_number, added_number=paper.added_number
    )


MOMENTS = [None, *(at(9, 15, second) + timedelta(milliseconds=ms) for second in (0, 1, 2) for ms in (0, 1, 2))]
NUMBERS = [None, 5, 6, 418, 419]


@pytest.mark.parametrize("method", DrawMethod)
def test_where_the_check_agrees_lots_fall_as_the_papers_have_them(method: DrawMethod) -> None:
    other = replace(PAPER, received_at=at(9, 16))
    bidders, agreeing = some_bidders("a", "b"), 0

    def fallen(paper: Found) -> object:
        return draw_lots(method, [bid_of("a", paper), bid_of("b", other)], bidders, None, OPENING)

    for moment, number, added in product(MOMENTS, NUMBERS, NUMBERS):
        slip = replace(PAPER, received_at=moment, draw_number=number, added_number=added)
        if not differences(bidders[:1], {"a": slip}, {"a": PAPER}, method):
            agreeing += 1
            assert fallen(slip) == fallen(PAPER)
    assert agreeing


def test_a_wrong_draw_number_holds_everything_up(database: Database) -> None:
    with database.write() as session:
        row, lot = recorded(session)
        assert load_round(session, row).lots[0].rules.draw is DrawMethod.CORE_EPOCH_SECONDS
        papers = on_paper(session, row)
        typed = papers | {"mihon-a": replace(papers["mihon-a"], draw_number=418)}
        (found,) = check_attempt(session, row, lot, 1, typed, Way.TYPED, SECOND, NOW)
        assert found.found == f"{found.recorded}、くじ番号 418"
        with pytest.raises(Conflict, match="照合が済んでいません"):
            propose(session, row, "第1号", NOW.date(), ACTOR, NOW)


# ---- unit prices -------------------------------------------------------------------------------------


def mistyped(total: int | None) -> Attempt:
    """The example with one unit price of mihon-a typed a yen too high, under this total of the 入札書."""
    attempt = stages.example().lots[0].attempts[0]
    first, *rest = attempt.bids
    prices = dict(first.unit_prices or {})
    item = next(iter(prices))
    return replace(attempt, bids=(replace(first, unit_prices=prices | {item: prices[item] + 1}, total=total), *rest))


def test_a_wrong_unit_price_does_not_fit_the_total_of_the_paper(database: Database) -> None:
    with database.write() as session:
        row = stages.opening(session, NOW)
        with pytest.raises(Invalid) as refused:
            record_attempt(session, row, lots_of(session, row.id)[0], mistyped(120_791_000), ACTOR, NOW)
    assert [fault.field for fault in refused.value.faults] == ["bid-mihon-a-total"]


def test_a_wrong_unit_price_without_a_total_differs_from_the_paper(database: Database) -> None:
    with database.write() as session:
        row, lot = recorded(session)
        papers = on_paper(session, row)
        record_attempt(session, row, lot, mistyped(None), ACTOR, NOW)
        (found,) = check_attempt(session, row, lot, 1, papers, Way.TYPED, SECOND, NOW)
    assert (found.bidder, found.found.split("、")[0]) == ("mihon-a", "120,791,000円")
