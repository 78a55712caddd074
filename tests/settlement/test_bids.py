"""The status of each bid, and why."""

from dataclasses import replace

from procure.settlement.award import decide
from procure.settlement.result import BidStatus, JudgedBid, Outcome
from procure.settlement.round import CeilingDisclosure, ContractKind, Entry, Lot, Rules
from tests.builders import a_bid, a_demand, a_lot, absent, an_item, declined, priced

WORKS = ContractKind.WORKS


def judged(lot: Lot, attempt: int = 1) -> dict[str, tuple[BidStatus, str | None]]:
    bids = decide(lot).attempts[attempt - 1].bids
    return {bid.bidder: (bid.status, bid.reason) for bid in bids}


def test_a_bid_equal_to_the_ceiling_is_eligible() -> None:
    assert judged(a_lot((a_bid("a", 900_000),)))["a"] == (BidStatus.AWARDED, None)


def test_a_bid_one_yen_over_the_ceiling_is_valid_but_cannot_win() -> None:
    decision = decide(a_lot((a_bid("a", 900_001),)))

    assert decision.attempts[0].bids == (JudgedBid("a", 900_001, BidStatus.OVER_CEILING, None),)
    assert decision.outcome is Outcome.REBID


def test_a_bid_over_a_ceiling_disclosed_before_is_disqualified() -> None:
    rules = Rules(ceiling=900_000, ceiling_disclosure=CeilingDisclosure.BEFORE)

    assert judged(a_lot((a_bid("a", 900_001),), rules=rules))["a"] == (BidStatus.DISQUALIFIED, "over_ceiling")


def test_without_a_ceiling_on_record_every_valid_bid_is_eligible() -> None:
    assert judged(a_lot((a_bid("a", 10**12),), rules=Rules()))["a"] == (BidStatus.AWARDED, None)


def test_the_ceiling_is_compared_without_tax_and_not_with_it() -> None:
    """P = 1,000,000円 (税込): 909,091円 comes to no more with tax, yet is over 入札書比較価格 909,090円."""
    lot = a_lot((a_bid("a", 909_091), a_bid("b", 909_090)), rules=Rules(ceiling=909_090))

    assert judged(lot) == {"a": (BidStatus.OVER_CEILING, None), "b": (BidStatus.AWARDED, None)}


def test_a_bid_below_the_minimum_is_disqualified_and_one_equal_to_it_wins() -> None:
    rules = Rules(ceiling=900_000, minimum=600_000)
    lot = a_lot((a_bid("a", 599_999), a_bid("b", 600_000)), contract_kind=WORKS, rules=rules)

    assert judged(lot) == {"a": (BidStatus.DISQUALIFIED, "below_minimum"), "b": (BidStatus.AWARDED, None)}


def test_declined_and_absent_come_before_every_other_status() -> None:
    lot = a_lot((replace(declined("a"), void="x"), absent("b"), a_bid("c", 1)))

    assert judged(lot)["a"] == (BidStatus.DECLINED, None)
    assert judged(lot)["b"] == (BidStatus.ABSENT, None)


def test_the_officers_reason_comes_before_the_limits() -> None:
    lot = a_lot((a_bid("a", 999_999, void="記名押印なし"), a_bid("b", 800_000)))

    assert judged(lot)["a"] == (BidStatus.VOID, "記名押印なし")


def test_a_void_bid_does_not_win_however_low() -> None:
    assert judged(a_lot((a_bid("a", 1, void="委任状なし"), a_bid("b", 800_000))))["b"] == (BidStatus.AWARDED, None)


def test_only_those_whose_bid_before_was_valid_may_bid_again() -> None:
    first = (a_bid("a", 950_000), a_bid("b", 960_000, void="鉛筆書き"), declined("c"))
    again = (a_bid("a", 940_000), a_bid("b", 930_000), a_bid("c", 920_000), a_bid("d", 910_000))

    statuses = judged(a_lot(first, again), attempt=2)

    assert statuses["a"] == (BidStatus.OVER_CEILING, None)
    assert {statuses[bidder] for bidder in "bcd"} == {(BidStatus.VOID, "not_a_participant")}


def test_a_rebid_must_be_lower_than_the_lowest_valid_bid_before() -> None:
    first = (a_bid("a", 950_000), a_bid("b", 960_000), a_bid("c", 905_000, void="期間外"))
    again = (a_bid("a", 950_000), a_bid("b", 949_999))

    statuses = judged(a_lot(first, again), attempt=2)

    assert statuses == {"a": (BidStatus.VOID, "not_lower"), "b": (BidStatus.OVER_CEILING, None)}


def test_where_the_rules_allow_it_a_rebid_may_be_as_high_as_before() -> None:
    rules = Rules(ceiling=900_000, rebid_must_be_lower=False)
    lot = a_lot((a_bid("a", 950_000),), (a_bid("a", 950_000),), rules=rules)

    assert judged(lot, attempt=2)["a"] == (BidStatus.OVER_CEILING, None)


def test_the_total_is_the_exact_sum_of_unit_prices_times_all_quantities() -> None:
    lot = a_lot(
        (priced("a", pc=70_001, mouse=3),),
        items=(an_item(), an_item("mouse", None)),
        demand=(a_demand(pc=3, mouse=10), a_demand("292028", pc=7)),
    )

    assert decide(lot).attempts[0].bids[0].total == 700_010 + 30


def test_what_was_not_bid_has_no_total() -> None:
    with_amount = replace(a_bid("a", 1), entry=Entry.DECLINED)

    assert decide(a_lot((with_amount,))).attempts[0].bids[0].total is None
