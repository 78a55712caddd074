"""随意契約 after a tender without a contract: its limits, how it may be divided, and what it comes to."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given

from procure.settlement.explain import explain
from procure.settlement.negotiation import negotiation_faults
from procure.settlement.result import NegotiationResult, Outcome
from procure.settlement.round import (
    CeilingDisclosure,
    Lot,
    NegotiatedContract,
    Negotiation,
    NegotiationGround,
    Rules,
)
from procure.settlement.settle import settle, settle_lot
from procure.values.money import Yen
from tests.builders import NARA, OPENING, YAMATOTAKADA, a_bid, a_demand, a_lot, a_round, an_item, declined
from tests.settlement.strategies import lots

FAILED, UNSIGNED = NegotiationGround.FAILED_TENDER, NegotiationGround.NOT_SIGNED
NOBODY = (declined("a"),)
TWO_ITEMS = (an_item("pc"), an_item("mouse", 2_000, name="マウス"))
TWO_BODIES = (a_demand(NARA, pc=3, mouse=3), a_demand(YAMATOTAKADA, pc=7))


def agreed(ground: NegotiationGround = FAILED, **contractors: Mapping[str, Yen]) -> Negotiation:
    contracts = tuple(NegotiatedContract(name, prices) for name, prices in contractors.items())
    return Negotiation(ground, OPENING.date(), "入札者がないため", contracts)


def settled(lot: Lot, negotiation: Negotiation) -> NegotiationResult:
    result = settle_lot(replace(lot, negotiation=negotiation)).negotiation
    assert result is not None
    return result


def faults(lot: Lot, negotiation: Negotiation) -> list[str]:
    found = negotiation_faults(lot, settle_lot(lot), negotiation)
    assert all(fault.notice.endswith("。") for fault in found)
    assert settle_lot(replace(lot, negotiation=negotiation)).negotiation is None or not found
    return [f"{fault.path}: {fault.message}" for fault in found]


def said(lot: Lot) -> str:
    return "\n".join(str(sentence) for sentence in explain(lot, settle_lot(lot)))


def test_a_lot_without_bids_may_be_contracted_at_the_ceiling() -> None:
    result = settled(a_lot(NOBODY), agreed(Z商会={"pc": 90_000}))

    assert (result.limit, result.total, result.total_with_tax) == (900_000, 900_000, 990_000)
    assert str(result.ceiling_ratio_percent) == "100.00"


def test_a_yen_above_the_ceiling_is_too_much() -> None:
    lot = a_lot(NOBODY, rules=Rules(ceiling=899_999))

    assert faults(lot, agreed(Z商会={"pc": 90_000})) == ["contracts: 900000 is more than the ceiling, 899999"]


def test_the_outcome_and_the_savings_stay_those_of_the_tender() -> None:
    lot = a_lot(NOBODY, negotiation=agreed(Z商会={"pc": 80_000}))
    result = settle(a_round(lot))

    assert (result.lots[0].outcome, result.lots[0].award) == (Outcome.NO_BIDS, None)
    assert (result.lots[0].savings, result.savings) == (None, None)
    assert result.lots[0].municipalities[0].amount is None


def test_it_follows_a_tender_in_which_nobody_came_within_the_ceiling() -> None:
    high = ((a_bid("a", 990_000),), (a_bid("a", 980_000),), (a_bid("a", 970_000),))

    assert settle_lot(a_lot(*high)).outcome is Outcome.NO_AWARD
    assert faults(a_lot(*high), agreed(A商会={"pc": 89_000})) == []


@pytest.mark.parametrize(
    ("lot", "outcome"),
    [
        (a_lot(), "pending"),
        (a_lot((a_bid("a", 990_000),)), "rebid"),
        (a_lot((a_bid("a", 800_000),)), "awarded"),
        (a_lot(NOBODY, cancelled="予算の減額"), "cancelled"),
        (a_lot((a_bid("a", 5), a_bid("b", 5))), "draw_required"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_ground_8_follows_nothing_but_a_failed_tender(lot: Lot, outcome: str) -> None:
    assert faults(lot, agreed(Z商会={"pc": 1})) == [
        f"ground: it follows only no_bids or no_award, and the outcome of the lot is {outcome}"
    ]


def test_ground_8_does_not_follow_a_single_attempt_that_came_to_no_award() -> None:
    beforehand = Rules(ceiling=900_000, ceiling_disclosure=CeilingDisclosure.BEFORE)
    lot = a_lot((a_bid("a", 990_000),), rules=beforehand)

    assert settle_lot(lot).outcome is Outcome.NO_AWARD
    assert faults(lot, agreed(Z商会={"pc": 80_000})) == [
        "ground: it follows no_award only where bids were invited again, and the lot has one attempt"
    ]


@given(lots())
def test_ground_8_needs_that_nobody_bid_or_that_bids_were_invited_again(lot: Lot) -> None:
    result = settle_lot(replace(lot, negotiation=None))
    bid_again = len(result.attempts) > 1
    allowed = result.outcome is Outcome.NO_BIDS or (result.outcome is Outcome.NO_AWARD and bid_again)
    found = [fault for fault in negotiation_faults(lot, result, agreed(Z商会={})) if fault.path == "ground"]
    assert (found == []) is allowed


def test_ground_9_follows_an_award_within_its_amount() -> None:
    lot = a_lot((a_bid("a", 800_000), a_bid("b", 850_000)))
    result = settled(lot, agreed(UNSIGNED, B商会={"pc": 80_000}))

    assert (result.limit, result.total) == (800_000, 800_000)
    assert str(result.ceiling_ratio_percent) == "88.89"
    assert faults(lot, agreed(UNSIGNED, B商会={"pc": 80_001})) == ["contracts: 800010 is more than the award, 800000"]
    assert faults(a_lot(NOBODY), agreed(UNSIGNED, B商会={"pc": 1})) == [
        "ground: it follows only awarded, and the outcome of the lot is no_bids"
    ]


def test_the_winner_who_did_not_sign_cannot_be_the_contractor() -> None:
    lot = a_lot((a_bid("a", 800_000),))

    for contractor in ("a", "A商会"):
        assert faults(lot, agreed(UNSIGNED, **{contractor: {"pc": 1}})) == [
            "contracts[0].contractor: is the winner, who did not sign"
        ]


def test_it_may_be_divided_item_by_item_among_contractors() -> None:
    lot = a_lot(NOBODY, items=TWO_ITEMS, demand=TWO_BODIES)
    result = settled(lot, agreed(Y商会={"pc": 80_001}, Z商会={"mouse": 1_501}))
    pc, mouse = result.contracts

    assert (result.total, result.total_with_tax) == (804_513, 880_011 + 4_953)
    assert (pc.contractor, pc.total, pc.total_with_tax) == ("Y商会", 800_010, 880_011)
    assert [(share.code, share.amount) for share in pc.municipalities] == [(NARA, 240_003), (YAMATOTAKADA, 560_007)]
    assert [item.id for item in mouse.items] == ["mouse"]
    assert [(share.code, share.amount_with_tax) for share in mouse.municipalities] == [(NARA, 4_953)]
    assert (pc.rounding_gap, mouse.rounding_gap) == (1, 0)


def test_divided_contracts_share_one_limit() -> None:
    lot = a_lot(NOBODY, items=TWO_ITEMS, demand=TWO_BODIES)

    assert faults(lot, agreed(Y商会={"pc": 89_999}, Z商会={"mouse": 4}))[0].startswith("contracts: 900002 is more")


def test_every_item_that_is_bought_stands_in_exactly_one_contract() -> None:
    lot = a_lot(NOBODY, items=TWO_ITEMS, demand=TWO_BODIES)

    assert faults(lot, agreed(Y商会={"pc": 1})) == ["contracts: no contract prices mouse"]
    assert faults(lot, agreed(Y商会={"pc": 1, "mouse": 1}, Z商会={"mouse": 1})) == [
        "contracts: more than one contract prices mouse"
    ]
    assert faults(replace(lot, demand=(a_demand(NARA, pc=1),)), agreed(Y商会={"pc": 1})) == []


def test_every_fault_comes_at_once() -> None:
    contracts = (
        NegotiatedContract("Y商会", {"pc": 100_000, "desk": 1}),
        NegotiatedContract("Y商会", {}),
    )
    negotiation = replace(agreed(UNSIGNED), contracts=contracts)

    assert faults(a_lot(NOBODY), negotiation) == [
        "ground: it follows only awarded, and the outcome of the lot is no_bids",
        "contracts[1].contractor: stands already in contracts",
        "contracts[0].unit_prices.desk: is an unknown item",
        "contracts[1].unit_prices: comes to zero",
    ]
    assert faults(a_lot(NOBODY), agreed()) == [
        "contracts: is empty; one or more are needed",
        "contracts: no contract prices pc",
    ]


def test_prices_have_the_decimals_that_the_rules_allow() -> None:
    finer = agreed(Z商会={"pc": Rules().tax_rate})

    assert faults(a_lot(NOBODY), finer) == ["contracts[0].unit_prices.pc: has more decimals than price_decimals, 0"]
    assert faults(a_lot(NOBODY, rules=Rules(ceiling=900_000, price_decimals=1)), finer) == []


def test_without_a_ceiling_on_record_there_is_no_limit_to_hold_it_to() -> None:
    result = settled(a_lot(NOBODY, rules=Rules()), agreed(Z商会={"pc": 1_000_000}))

    assert (result.limit, result.ceiling_ratio_percent, result.total) == (None, None, 10_000_000)


def test_what_no_longer_fits_the_tender_decides_nothing() -> None:
    lot = a_lot((a_bid("a", 800_000),), negotiation=agreed(Z商会={"pc": 80_000}))

    assert settle_lot(lot).negotiation is None


def test_what_the_law_allows_after_a_failure_is_told_until_it_is_done() -> None:
    lot = a_lot(NOBODY)
    done = replace(lot, negotiation=agreed(Z商会={"pc": 80_000}))

    assert "随意契約によることができます（地方自治法施行令第167条の2第1項第8号）。" in said(lot)
    assert "あらためて公告して入札に付することができます" in said(lot)
    assert "できます" not in said(done)
    assert (
        "令和3年6月11日、Z商会との随意契約によることとしました。理由：入札者がないため。"
        "契約金額は800,000円（税抜）、880,000円（税込）です（地方自治法施行令第167条の2第1項第8号）。"
    ) in said(done)


def test_after_a_single_attempt_with_bids_only_a_new_tender_is_named() -> None:
    rules = Rules(ceiling=900_000, ceiling_disclosure=CeilingDisclosure.BEFORE)
    told = said(a_lot((a_bid("a", 990_000),), rules=rules))

    assert "随意契約" not in told
    assert told.endswith("あらためて公告して入札に付することができます（地方自治法施行令第167条の6第1項）。")


def test_a_substitute_for_a_winner_who_did_not_sign_is_told_with_its_ground() -> None:
    lot = a_lot((a_bid("a", 800_000), a_bid("b", 850_000)), negotiation=agreed(UNSIGNED, b={"pc": 80_000}))

    assert "A商会に決定しました。" in said(lot)
    assert "落札者が契約を締結しないため、令和3年6月11日、B商会との随意契約" in said(lot)
    assert said(lot).endswith("（地方自治法施行令第167条の2第1項第9号）。")


def test_a_divided_contract_is_told_item_by_item() -> None:
    lot = a_lot(NOBODY, items=TWO_ITEMS, demand=TWO_BODIES)
    lot = replace(lot, negotiation=agreed(Y商会={"pc": 80_000}, Z商会={"mouse": 1_500}))

    assert said(lot).endswith(
        "品目ごとに分けて契約します：Y商会はノートパソコンで800,000円（税抜）、Z商会はマウスで4,500円（税抜）。"
    )
