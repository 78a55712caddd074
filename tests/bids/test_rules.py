"""What an attempt must be before it is recorded, and who takes part in it."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.bids.rules import (
    attempt_faults,
    correction,
    draw_faults,
    entry_for,
    next_entry,
    opening_faults,
    tied_bidders,
)
from procure.settlement.round import Attempt, Bid, CeilingDisclosure, Drawer, DrawMethod, Lot, PaperDraw, Rules
from tests.builders import OPENING, a_bid, a_demand, a_lot, absent, an_item, at, declined, priced

OVER = (a_bid("a", 950_000), a_bid("b", 940_000), a_bid("c", 960_000, void="記名押印なし"), declined("d"))
TIED = (a_bid("a", 800_000), a_bid("b", 800_000), a_bid("c", 850_000), absent("d"))
TWO_ITEMS = {"items": (an_item("pc"), an_item("dock")), "demand": (a_demand(pc=10, dock=2),)}


def faults(lot: Lot, *bids: Bid, number: int = 1) -> list[str]:
    entry = entry_for(lot, number)
    assert entry is not None
    return [fault.field for fault in attempt_faults(lot, entry, Attempt(number, OPENING, bids))]


def participants(lot: Lot) -> list[str]:
    entry = next_entry(lot)
    return [bidder.id for bidder in entry.participants] if entry else []


def test_every_bidder_takes_part_in_the_first_attempt() -> None:
    assert participants(a_lot()) == ["a", "b", "c", "d"]


def test_only_those_whose_bid_was_valid_bid_again() -> None:
    assert participants(a_lot(OVER)) == ["a", "b"]


@pytest.mark.parametrize(
    "lot",
    [
        a_lot(TIED),
        a_lot((a_bid("a", 800_000),)),
        a_lot(OVER, rules=Rules(ceiling=900_000, max_attempts=1)),
        a_lot(OVER, rules=Rules(ceiling=900_000, ceiling_disclosure=CeilingDisclosure.BEFORE)),
        a_lot(cancelled="仕様の誤り"),
    ],
    ids=["a draw", "an award", "the last attempt", "a ceiling announced before", "called off"],
)
def test_a_lot_that_needs_no_attempt_has_no_next_entry(lot: Lot) -> None:
    assert next_entry(lot) is None


def test_the_last_attempt_may_be_corrected_by_those_who_took_part_in_it() -> None:
    entry = correction(a_lot(OVER, (a_bid("a", 930_000), absent("b"))))
    assert entry is not None
    assert (entry.number, entry.is_correction) == (2, True)
    assert [bidder.id for bidder in entry.participants] == ["a", "b"]


def test_an_earlier_attempt_and_a_lot_called_off_may_not_be_corrected() -> None:
    assert entry_for(a_lot(OVER, (a_bid("a", 930_000), absent("b"))), 1) is None
    assert correction(a_lot(OVER, cancelled="仕様の誤り")) is None
    assert correction(a_lot()) is None


@pytest.mark.parametrize(
    ("void", "found"),
    [
        ("鉛筆書き", []),
        ("金額を訂正した入札（訂正印もない）", []),
        ("金額を訂正した入札（訂正印もない", ["bid-c-void"]),
        ("金額を訂正した入札ではない", ["bid-c-void"]),
        ("（訂正印もない）", ["bid-c-void"]),
        ("社名が気に入らない", ["bid-c-void"]),
    ],
)
def test_a_bid_is_void_on_a_ground_of_the_notice_alone(void: str, found: list[str]) -> None:
    lot = a_lot(rules=Rules(ceiling=900_000, void_grounds=("鉛筆書き", "金額を訂正した入札")))
    assert faults(lot, *OVER[:2], replace(OVER[2], void=void), OVER[3]) == found


def test_where_the_notice_has_no_list_the_reason_is_free() -> None:
    assert faults(a_lot(), *OVER) == []


def test_a_complete_attempt_has_no_faults() -> None:
    assert faults(a_lot(), *TIED) == []


def test_everybody_bids_declines_or_is_absent() -> None:
    assert faults(a_lot(), a_bid("a", 1), declined("b")) == ["bid-c-entry", "bid-d-entry"]


def test_a_bid_needs_an_amount() -> None:
    assert faults(a_lot(), a_bid("a"), declined("b"), declined("c"), declined("d")) == ["bid-a-total"]


def test_a_breakdown_needs_every_item_that_is_asked_for() -> None:
    bid = priced("a", pc=100)
    assert faults(a_lot(**TWO_ITEMS), bid, declined("b"), declined("c"), declined("d")) == ["bid-a-price-dock"]


def test_an_item_that_nobody_asks_for_needs_no_price() -> None:
    lot = a_lot(items=(an_item("pc"), an_item("dock")), demand=(a_demand(pc=10),))
    assert faults(lot, priced("a", pc=100), declined("b"), declined("c"), declined("d")) == []


def test_a_total_that_differs_from_its_breakdown_is_a_fault_that_names_the_sum() -> None:
    entry = next_entry(a_lot())
    assert entry is not None
    attempt = Attempt(1, OPENING, (priced("a", {"total": 1_001}, pc=100), declined("b"), declined("c"), declined("d")))
    (fault,) = attempt_faults(a_lot(), entry, attempt)
    assert fault.field == "bid-a-total"
    assert "内訳の合計は1,000円" in fault.message


@pytest.mark.parametrize(
    ("bid", "field"),
    [
        (a_bid("a", 0), "bid-a-total"),
        (priced("a", pc=0), "bid-a-total"),
        (priced("a", pc=-1), "bid-a-price-pc"),
        (priced("a", pc=Fraction(1, 10)), "bid-a-price-pc"),
        (a_bid("a", Fraction(1, 10)), "bid-a-total"),
        (a_bid("a", 1, draw_number=1000), "bid-a-draw_number"),
        (a_bid("a", 1, received_at=OPENING + timedelta(seconds=1)), "bid-a-received_at"),
    ],
)
def test_what_cannot_stand_on_a_paper_is_a_fault_of_its_field(bid: Bid, field: str) -> None:
    assert field in faults(a_lot(), bid, declined("b"), declined("c"), declined("d"))


def test_a_total_may_have_the_decimals_of_a_unit_price_and_no_more() -> None:
    lot = a_lot(rules=Rules(price_decimals=1))
    rest = (declined("b"), declined("c"), declined("d"))
    assert faults(lot, a_bid("a", Fraction(15, 10)), *rest) == []
    assert faults(lot, a_bid("a", Fraction(155, 100)), *rest) == ["bid-a-total"]


def test_an_opening_lies_in_the_past_and_after_the_one_before() -> None:
    lot = a_lot(OVER)
    assert [f.field for f in opening_faults(lot, Attempt(2, at(11), ()), at(10), at(11))] == []
    assert [f.field for f in opening_faults(lot, Attempt(2, at(11), ()), None, at(10, 59))] == ["opened_at"]
    assert [f.field for f in opening_faults(lot, Attempt(2, at(9), ()), None, at(11))] == ["opened_at"]


def test_no_attempt_is_opened_before_the_opening_of_the_round() -> None:
    found = [list(opening_faults(a_lot(), Attempt(1, at(10), ()), held, at(12))) for held in (at(10), at(10, 1))]
    assert [[fault.field for fault in faults] for faults in found] == [[], ["opened_at"]]


def test_the_tied_are_those_who_share_the_lowest_eligible_total() -> None:
    assert tied_bidders(a_lot(TIED)) == ("a", "b")
    assert tied_bidders(a_lot(TIED, draw=PaperDraw("b"))) == ("a", "b")
    assert tied_bidders(a_lot(OVER)) == ()


def test_a_paper_draw_needs_a_winner_among_the_tied_a_drawer_and_a_witness() -> None:
    lot = a_lot(TIED)
    assert not list(draw_faults(lot, "a", "本人", "職員"))
    assert [fault.field for fault in draw_faults(lot, "c", "", "")] == ["winner", "drawn_by", "witness"]


def drawer_faults(*drawers: Drawer, drawn_by: str = "甲", witness: str = "丁") -> list[str]:
    return [fault.field for fault in draw_faults(a_lot(TIED), "a", drawn_by, witness, drawers)]


def test_each_of_the_tied_draws_once_or_an_official_does_in_its_place() -> None:
    assert drawer_faults(Drawer("a", "甲"), Drawer("b", "乙")) == []
    assert drawer_faults(Drawer("b", "丙", in_place=True), Drawer("a", "甲")) == []
    assert drawer_faults(Drawer("a", "丙", in_place=True), Drawer("b", "丙", in_place=True), drawn_by="丙") == []
    assert drawer_faults(Drawer("a", "甲")) == ["drawers"]
    assert drawer_faults(Drawer("a", "甲"), Drawer("a", "乙")) == ["drawers"]
    assert drawer_faults(Drawer("a", "甲"), Drawer("b", "")) == ["drawers-1-drawn_by"]


def test_nobody_is_drawer_and_witness_nor_an_agent_and_the_official_in_place() -> None:
    assert drawer_faults(drawn_by="丁") == ["witness"]
    assert drawer_faults(Drawer("a", "甲"), Drawer("b", "丁", in_place=True)) == ["witness"]
    assert drawer_faults(Drawer("a", "甲"), Drawer("b", "甲", in_place=True)) == ["drawers-1-drawn_by"]


people = st.sampled_from("甲乙丙丁")


@given(st.permutations("ab"), people, people, st.booleans(), st.booleans(), people)
def test_a_record_of_a_lottery_that_passes_names_a_witness_who_did_not_draw(
    order: list[str], first: str, second: str, first_in_place: bool, second_in_place: bool, witness: str
) -> None:
    drawers = (Drawer(order[0], first, first_in_place), Drawer(order[1], second, second_in_place))
    faults = drawer_faults(*drawers, drawn_by=first, witness=witness)
    agents = {one.drawn_by for one in drawers if not one.in_place}
    officials = {one.drawn_by for one in drawers if one.in_place}
    assert (faults == []) is (witness not in agents | officials and not agents & officials)


def test_an_electronic_lottery_is_not_drawn_on_paper() -> None:
    lot = a_lot(TIED, rules=replace(Rules(ceiling=900_000), draw=DrawMethod.KUJI_ONLY))
    assert [fault.field for fault in draw_faults(lot, "a", "本人", "職員")] == ["winner"]
