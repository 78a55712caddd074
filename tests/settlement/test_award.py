"""The outcome of a lot, attempt by attempt."""

import pytest

from procure.settlement.award import decide
from procure.settlement.result import BidStatus, Outcome
from procure.settlement.round import Bid, CeilingDisclosure, Lot, PaperDraw, Rules
from procure.settlement.settle import settle_lot
from tests.builders import a_bid, a_demand, a_lot, absent, an_item, declined, priced

HIGH = (a_bid("a", 990_000),)


def outcome(lot: Lot) -> tuple[Outcome, str | None]:
    result = settle_lot(lot)
    return result.outcome, result.reason


def test_the_lowest_bid_within_the_ceiling_wins() -> None:
    result = settle_lot(a_lot((a_bid("a", 800_000), a_bid("b", 700_000), a_bid("c", 950_000))))

    assert result.outcome is Outcome.AWARDED
    assert result.award is not None
    assert (result.award.bidder, result.award.attempt, result.award.total) == ("b", 1, 700_000)


def test_a_single_bid_wins() -> None:
    assert outcome(a_lot((a_bid("a", 800_000),))) == (Outcome.AWARDED, None)


def test_a_lot_without_attempts_is_pending() -> None:
    assert outcome(a_lot()) == (Outcome.PENDING, None)


def test_a_cancelled_lot_gives_the_reason_and_awards_nothing() -> None:
    result = settle_lot(a_lot((a_bid("a", 800_000),), cancelled="仕様の誤り"))

    assert (result.outcome, result.reason, result.award) == (Outcome.CANCELLED, "仕様の誤り", None)
    assert result.attempts[0].bids[0].status is BidStatus.ELIGIBLE


def test_a_lottery_of_a_cancelled_lot_leaves_no_loser() -> None:
    tied = (a_bid("a", 1), a_bid("b", 1))
    result = settle_lot(a_lot(tied, draw=PaperDraw("a"), cancelled="予算の減額"))

    assert {bid.status for bid in result.attempts[0].bids} == {BidStatus.ELIGIBLE}
    assert result.draw is None


@pytest.mark.parametrize("bids", [(), (declined("a"), absent("b"))], ids=["nobody came", "all declined or absent"])
def test_without_any_entry_the_lot_is_no_bids(bids: tuple[Bid, ...]) -> None:
    assert outcome(a_lot(bids)) == (Outcome.NO_BIDS, "no_entries")


def test_a_void_bid_is_an_entry_so_that_the_lot_has_no_award_rather_than_no_bids() -> None:
    assert outcome(a_lot((a_bid("a", 1, void="x"),))) == (Outcome.NO_AWARD, "no_valid_bid")


def test_no_rebid_follows_where_the_ceiling_was_disclosed_before() -> None:
    rules = Rules(ceiling=900_000, ceiling_disclosure=CeilingDisclosure.BEFORE)

    assert outcome(a_lot(HIGH, rules=rules)) == (Outcome.NO_AWARD, "ceiling_disclosed")


def test_a_rebid_may_follow_while_a_valid_bid_is_left() -> None:
    assert outcome(a_lot(HIGH)) == (Outcome.REBID, "no_eligible_bid")


def test_all_who_may_bid_again_decline() -> None:
    assert outcome(a_lot(HIGH, (declined("a"),))) == (Outcome.NO_AWARD, "no_valid_bid")


def test_the_last_allowed_attempt_ends_without_award() -> None:
    rules = Rules(ceiling=900_000, max_attempts=2)

    assert outcome(a_lot(HIGH, (a_bid("a", 980_000),), rules=rules)) == (Outcome.NO_AWARD, "last_attempt")


def test_a_third_attempt_can_win() -> None:
    result = settle_lot(a_lot(HIGH, (a_bid("a", 980_000),), (a_bid("a", 890_000),)))

    assert result.award is not None
    assert (result.award.attempt, result.award.total) == (3, 890_000)


def test_the_award_with_tax_is_cut_to_whole_yen() -> None:
    """小平市: 40,999,999円 comes to 45,099,998円."""
    award = settle_lot(a_lot((a_bid("a", 40_999_999),), rules=Rules())).award

    assert award is not None
    assert award.total_with_tax == 45_099_998


def test_the_award_ratio_has_two_decimals() -> None:
    """菰野町: 12,225,000円 of 14,730,000円 is 82.99％."""
    award = settle_lot(a_lot((a_bid("a", 12_225_000),), rules=Rules(ceiling=14_730_000))).award

    assert award is not None
    assert str(award.ceiling_ratio_percent) == "82.99"


def test_without_a_ceiling_there_is_no_award_ratio() -> None:
    award = settle_lot(a_lot((a_bid("a", 1),), rules=Rules())).award

    assert award is not None
    assert award.ceiling_ratio_percent is None


def test_in_a_lot_of_one_item_the_unit_price_follows_from_the_total() -> None:
    result = settle_lot(a_lot((a_bid("a", 700_000),)))

    assert (result.reason, result.items[0].unit_price) == (None, 70_000)


def test_a_total_that_does_not_divide_leaves_the_breakdown_missing() -> None:
    result = settle_lot(a_lot((a_bid("a", 700_001),)))

    assert (result.outcome, result.reason) == (Outcome.AWARDED, "breakdown_missing")
    assert result.items[0].unit_price is None
    assert (result.municipalities[0].amount, result.municipalities[0].list_amount) == (None, 1_000_000)
    assert result.rounding_gap is None


def test_a_total_divides_with_the_decimals_that_the_rules_allow() -> None:
    result = settle_lot(a_lot((a_bid("a", 700_001),), rules=Rules(price_decimals=1)))

    assert (result.reason, str(result.items[0].unit_price)) == (None, "700001/10")


def test_in_a_lot_of_two_items_a_total_alone_leaves_the_breakdown_missing() -> None:
    items = (an_item(), an_item("mouse"))
    result = settle_lot(a_lot((a_bid("a", 700_000),), items=items, demand=(a_demand(pc=1),)))

    assert result.reason == "breakdown_missing"


def test_the_others_stay_eligible_after_the_award() -> None:
    bids = decide(a_lot((a_bid("a", 2), a_bid("b", 1)))).attempts[0].bids

    assert [bid.status for bid in bids] == [BidStatus.ELIGIBLE, BidStatus.AWARDED]


def test_two_totals_are_equal_whichever_way_they_are_written() -> None:
    result = settle_lot(a_lot((priced("a", pc=70_000), a_bid("b", 700_000))))

    assert result.outcome is Outcome.DRAW_REQUIRED
