"""A correction takes back the lotteries and reviews that no longer fit the bids, and leaves those that do."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from procure.bids.corrections import approve_correction, propose_correction
from procure.bids.queries import load_round
from procure.bids.setting_aside import fitting, papers_of
from procure.database import Database
from procure.history.queries import events_of_round
from procure.parties.directory import known_codes
from procure.rounds.queries import lots_of
from procure.rounds.tables import LotRow, RoundRow
from procure.settlement.award import decide_attempts
from procure.settlement.result import Outcome
from procure.settlement.round import Bid, DrawMethod, Entry, Lot, PaperDraw, QualificationReview, Review, Rules
from procure.settlement.round_file import read_round, write_round
from procure.settlement.settle import settle, settle_lot
from tests import outcomes
from tests.builders import OPENING, a_bid, a_lot, a_round, some_bidders
from tests.people import NOW
from tests.stages import ACTOR, SECOND

TIE = {"mihon-a": 110_000_000, "mihon-b": 110_000_000, "mihon-c": 110_000_000}


def correct(session: Session, row: RoundRow, bidder: str, total: int) -> Lot:
    """The lot of computers as it stands once the total was mended; what is exported can be read again."""
    lot = lots_of(session, row.id)[0]
    bid = Bid(bidder, Entry.BID, total=total)
    propose_correction(session, row, lot, 1, bid, "読み違い", ACTOR, NOW)
    approve_correction(session, row, lot, SECOND, NOW)
    value = load_round(session, row)
    assert settle(read_round(write_round(value).encode(), known_codes())) == settle(value)
    return value.lots[0]


def three_tied(session: Session, *, failed: bool) -> tuple[RoundRow, LotRow]:
    """a, b and c tie, the lot falls on a; where it `failed` the review, on b next."""
    row, lot = outcomes.opened(session, NOW, draw=DrawMethod.PAPER, review=Review.AFTER)
    outcomes.bid(session, row, lot, TIE, NOW)
    outcomes.draw(session, row, "mihon-a", NOW)
    if failed:
        outcomes.review(session, row, "mihon-a", NOW, "納税証明なし")
        outcomes.draw(session, row, "mihon-b", NOW)
    return row, lot


@pytest.mark.parametrize("reason", [None, "納税証明なし"])
def test_who_is_no_longer_the_candidate_was_not_examined(database: Database, reason: str | None) -> None:
    with database.write() as session:
        row = outcomes.reviewing(session, NOW)
        outcomes.review(session, row, "mihon-b", NOW, reason)
        lot = correct(session, row, "mihon-b", 121_000_000)
        assert (lot.reviews, settle_lot(lot).candidate) == ((), "mihon-a")
        undone = events_of_round(session, row.ref, 1)[0]
        assert undone.action == "review_undone"
        found = {change.what: (change.before, change.after) for change in undone.changes}
        assert found["見本システム株式会社"] == ("資格なし" if reason else "資格あり", None)


def test_who_stays_the_candidate_keeps_the_review(database: Database) -> None:
    with database.write() as session:
        row = outcomes.reviewing(session, NOW)
        outcomes.review(session, row, "mihon-b", NOW)
        lot = correct(session, row, "mihon-b", 90_000_000)
        assert settle_lot(lot).outcome is Outcome.AWARDED


def test_one_who_is_the_candidate_again_is_examined_again(database: Database) -> None:
    with database.write() as session:
        row = outcomes.reviewing(session, NOW)
        outcomes.review(session, row, "mihon-b", NOW, "納税証明なし")
        outcomes.review(session, row, "mihon-a", NOW)
        correct(session, row, "mihon-b", 121_000_000)
        lot = correct(session, row, "mihon-b", 110_000_000)
        assert settle_lot(lot).candidate == "mihon-b"
        outcomes.review(session, row, "mihon-b", NOW, "納税証明なし")
        outcomes.review(session, row, "mihon-a", NOW)
        (result, _) = settle(load_round(session, row)).lots
        assert result.award is not None
        assert result.award.bidder == "mihon-a"


def test_an_earlier_lottery_that_no_longer_fits_does_not_block_the_lot(database: Database) -> None:
    with database.write() as session:
        row, _ = three_tied(session, failed=True)
        lot = correct(session, row, "mihon-a", 121_000_000)
        assert lot.draws_before == ()  # a has no part in what is drawn now
        assert [paper.winner for paper in papers_of(lot)] == ["mihon-b"]
        outcomes.review(session, row, "mihon-b", NOW)
        assert settle(load_round(session, row)).lots[0].outcome is Outcome.AWARDED


def test_without_a_lottery_of_now_the_earlier_one_is_taken_back_all_the_same(database: Database) -> None:
    with database.write() as session:
        row, _ = three_tied(session, failed=False)
        outcomes.review(session, row, "mihon-a", NOW, "納税証明なし")
        lot = correct(session, row, "mihon-a", 121_000_000)
        assert (lot.draws_before, lot.draw) == ((), None)
        assert {event.action for event in events_of_round(session, row.ref, 2)} == {"draw_undone", "review_undone"}
        outcomes.draw(session, row, "mihon-c", NOW)
        assert settle(load_round(session, row)).lots[0].candidate == "mihon-c"


def test_a_lottery_among_the_same_stands(database: Database) -> None:
    with database.write() as session:
        row, _ = three_tied(session, failed=True)
        before = load_round(session, row).lots[0]
        lot = correct(session, row, "mihon-d", 119_000_000)
    assert (lot.draws_before, lot.draw, lot.reviews) == (before.draws_before, before.draw, before.reviews)


# ---- whatever was drawn, examined and corrected -------------------------------------------------------

TOTALS = st.sampled_from([100, 100, 100, 200, 1_000])
BIDDERS = ("a", "b", "c", "d")
RULES = Rules(ceiling=500, review=Review.AFTER, draw=DrawMethod.PAPER)


def played(lot: Lot, choices: Iterator[int]) -> Lot:
    """The lot with lotteries and reviews as far as the choices reach, as the actions would record them."""
    for choice in choices:
        result, chosen = settle_lot(lot), decide_attempts(lot).selection
        if chosen.awaits_draw:
            lot = replace(lot, draw=PaperDraw(chosen.tied[choice % len(chosen.tied)]))
        elif result.candidate is not None:
            passed = choice % 3 == 0
            review = QualificationReview(result.candidate, passed, None if passed else "不適合", OPENING.date())
            aside = lot.draw is not None and not passed and lot.draw.winner == result.candidate
            draws = papers_of(lot) if aside else lot.draws_before
            draw = None if aside else lot.draw
            lot = replace(lot, reviews=(*lot.reviews, review), draws_before=draws, draw=draw)
    return lot


@settings(max_examples=300, deadline=None)
@given(
    st.lists(TOTALS, min_size=4, max_size=4), st.lists(st.integers(0, 11), max_size=8), st.sampled_from(BIDDERS), TOTALS
)
def test_after_any_correction_the_record_is_one_that_the_bids_allow(
    totals: list[int], choices: list[int], bidder: str, total: int
) -> None:
    bids = tuple(a_bid(one, amount) for one, amount in zip(BIDDERS, totals, strict=True))
    before = played(a_lot(bids, rules=RULES, bidders=some_bidders(*BIDDERS)), iter(choices))
    mended = tuple(a_bid(bidder, total) if bid.bidder == bidder else bid for bid in bids)
    after = replace(before, attempts=(replace(before.attempts[0], bids=mended),))
    fits = fitting(before, after)
    papers = tuple(papers_of(before)[place] for place in fits.draws)
    lot = replace(
        after,
        draws_before=papers[:-1] if fits.last_counts else papers,
        draw=papers[-1] if fits.last_counts else None,
        reviews=tuple(review for review in before.reviews if review.bidder in fits.reviewed),
    )
    assert read_round(write_round(a_round(lot)).encode(), known_codes()) == a_round(lot)
    held, due = decide_attempts(before).selection.ties, decide_attempts(lot).selection.ties
    assert [set(held[place]) for place in fits.draws] == [set(tied) for tied in due[: len(papers)]]
    if mended == bids:
        assert (lot.draw, lot.draws_before, lot.reviews) == (before.draw, before.draws_before, before.reviews)
