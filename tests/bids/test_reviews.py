"""事後審査 in the database: only the candidate is examined, once, and on a day that can be."""

from datetime import timedelta

import pytest

from procure.bids.queries import load_round
from procure.bids.reviews import record_review
from procure.database import Database
from procure.errors import Conflict, Invalid
from procure.rounds.queries import lots_of
from procure.settlement.round import DrawMethod, QualificationReview, Review
from procure.settlement.settle import settle
from tests import outcomes
from tests.people import NOW
from tests.stages import ACTOR

TODAY = NOW.date()


def test_the_next_lowest_moves_up_until_nobody_is_left(database: Database) -> None:
    with database.write() as session:
        row = outcomes.reviewing(session, NOW)
        candidates = []
        for bidder in ("mihon-b", "mihon-a"):
            candidates.append(settle(load_round(session, row)).lots[0].candidate)
            outcomes.review(session, row, bidder, NOW, "資格がない")
        result = settle(load_round(session, row)).lots[0]
    assert candidates == ["mihon-b", "mihon-a"]
    assert (result.candidate, result.outcome.value, result.reason) == (None, "no_award", "review_failed")


def test_only_the_candidate_is_examined(database: Database) -> None:
    with database.write() as session:
        row = outcomes.reviewing(session, NOW)
        with pytest.raises(Conflict, match="いまの落札候補者は"):
            outcomes.review(session, row, "mihon-a", NOW)
        outcomes.review(session, row, "mihon-b", NOW)
        with pytest.raises(Conflict, match="審査を待っている落札候補者はいません"):
            outcomes.review(session, row, "mihon-b", NOW, "やはり不適合")


def test_a_review_needs_its_reason_and_a_possible_day(database: Database) -> None:
    with database.write() as session:
        row = outcomes.reviewing(session, NOW)
        late = QualificationReview("mihon-b", passed=False, reason="", reviewed_on=TODAY + timedelta(days=1))
        with pytest.raises(Invalid) as refused:
            record_review(session, row, lots_of(session, row.id)[0], late, ACTOR, NOW)
    assert [fault.field for fault in refused.value.faults] == ["reason", "reviewed_on"]


def test_lots_are_drawn_again_only_when_the_one_drawn_failed_the_review(database: Database) -> None:
    with database.write() as session:
        row, lot = outcomes.opened(session, NOW, draw=DrawMethod.PAPER, review=Review.AFTER)
        outcomes.bid(session, row, lot, dict.fromkeys(("mihon-a", "mihon-b", "mihon-c"), 110_000_000), NOW)
        outcomes.draw(session, row, "mihon-a", NOW)
        outcomes.review(session, row, "mihon-a", NOW, "資格がない")
        outcomes.draw(session, row, "mihon-b", NOW)
        outcomes.review(session, row, "mihon-b", NOW)
        with pytest.raises(Conflict, match="すでに記録されています"):
            outcomes.draw(session, row, "mihon-c", NOW)
        (result, _) = settle(load_round(session, row)).lots
    assert result.award is not None
    assert result.award.bidder == "mihon-b"
