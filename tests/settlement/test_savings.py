"""経費削減効果 against the list price."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from procure.settlement.result import Savings
from procure.settlement.round import Lot, NegotiatedContract, Negotiation, NegotiationGround, Rules
from procure.settlement.savings import savings_of_contracts, savings_of_lots, statement
from procure.settlement.settle import settle, settle_lot
from tests.builders import NARA, a_bid, a_demand, a_lot, a_round, an_item, priced

NO_LIMIT = Rules()
TWO = (an_item("listed", 1_000), an_item("open", None))


def saved(lot: Lot) -> Savings:
    found = settle_lot(lot).savings
    assert found is not None
    return found


def lot_at(unit_price: int, list_price: int | None = 1_000, *, quantity: int = 1, id: str = "pc") -> Lot:
    item, demand = an_item(list_price=list_price), a_demand(NARA, pc=quantity)
    return a_lot((priced("a", pc=unit_price),), id=id, items=(item,), demand=(demand,), rules=NO_LIMIT)


def test_the_percent_has_one_decimal_and_says_whether_it_is_exact() -> None:
    exact, rounded = saved(lot_at(484)), saved(lot_at(4839, 10_000))

    assert (str(exact.percent), exact.exact, exact.statement) == ("51.6", True, "定価の51.6％引きで購入")
    assert (str(rounded.percent), rounded.exact, rounded.statement) == ("51.6", False, "定価の約51.6％引きで購入")


def test_a_half_is_rounded_away_from_zero_on_both_sides() -> None:
    assert str(saved(lot_at(9_995, 10_000)).percent) == "0.1"
    assert str(saved(lot_at(10_005, 10_000)).percent) == "-0.1"


def test_what_is_dearer_is_said_to_be_dearer() -> None:
    dearer = saved(lot_at(10_321, 10_000))

    assert (str(dearer.percent), dearer.saved, dearer.statement) == ("-3.2", -321, "定価の約3.2％増しで購入")


def test_exactly_the_list_price_is_said_so() -> None:
    same = saved(lot_at(1_000))

    assert (str(same.percent), same.exact, same.statement) == ("0.0", True, "定価どおりで購入")


@pytest.mark.parametrize(
    ("true_percent", "said"),
    [("0.04", "定価の約0.0％引きで購入"), ("-0.04", "定価の約0.0％増しで購入"), ("100", "定価の100.0％引きで購入")],
)
def test_the_statement_near_its_edges(true_percent: str, said: str) -> None:
    assert statement(Fraction(true_percent)) == said


def test_a_percent_that_rounds_to_zero_has_no_sign() -> None:
    assert str(saved(lot_at(100_001, 100_000)).percent) == "0.0"


def test_an_open_price_is_left_out_of_both_sides() -> None:
    found = saved(a_lot((priced("a", listed=600, open=200),), items=TWO, demand=(a_demand(listed=1, open=1),)))

    assert (found.list_total, found.award_total, found.saved, str(found.percent)) == (1_000, 600, 400, "40.0")
    assert (found.covered_items, found.items, str(found.coverage_percent)) == (1, 2, "75.0")


def test_an_item_without_a_quantity_is_not_counted() -> None:
    found = saved(a_lot((priced("a", listed=600),), items=TWO, demand=(a_demand(listed=1),)))

    assert (found.covered_items, found.items) == (1, 1)


def test_with_no_list_price_at_all_there_are_no_savings() -> None:
    assert settle_lot(lot_at(600, None)).savings is None


def test_without_an_award_there_are_no_savings() -> None:
    assert settle_lot(a_lot()).savings is None


def test_without_a_breakdown_savings_need_every_list_price() -> None:
    two_listed = (an_item("x", 1_000), an_item("y", 2_000))
    demand = (a_demand(x=1, y=1),)
    found = saved(a_lot((a_bid("a", 1_500),), items=two_listed, demand=demand))

    assert (found.list_total, found.award_total, str(found.percent), found.covered_items) == (3_000, 1_500, "50.0", 2)
    assert settle_lot(a_lot((a_bid("a", 1_500),), items=TWO, demand=(a_demand(listed=1, open=1),))).savings is None


def test_an_open_price_nobody_asks_for_does_not_hide_the_savings_of_a_total() -> None:
    assert str(saved(a_lot((a_bid("a", 600),), items=TWO, demand=(a_demand(listed=1),))).percent) == "40.0"


def test_several_lots_are_added_and_divided_once_never_averaged() -> None:
    big, small = lot_at(500, quantity=9), lot_at(900, 1_000, id="small")
    found = settle(a_round(big, small)).savings

    assert found is not None
    assert (found.list_total, found.award_total, str(found.percent)) == (10_000, 5_400, "46.0")


def test_the_round_counts_uncovered_lots_in_its_coverage_and_only_awarded_lots() -> None:
    lots = (lot_at(500), lot_at(500, None, id="open"), a_lot(id="pending"))
    found = settle(a_round(*lots)).savings

    assert found is not None
    assert (found.covered_items, found.items, str(found.coverage_percent)) == (1, 2, "50.0")


def test_a_lot_whose_breakdown_is_missing_counts_in_the_coverage_of_the_round() -> None:
    unknown = a_lot((a_bid("a", 1_500),), id="unknown", items=TWO, demand=(a_demand(listed=1, open=1),))
    found = settle(a_round(lot_at(500), unknown)).savings

    assert found is not None
    assert (str(found.percent), found.covered_items, found.items, str(found.coverage_percent)) == ("50.0", 1, 3, "25.0")


def test_savings_of_several_rounds_are_added_the_same_way() -> None:
    one, other = settle(a_round(lot_at(500))), settle(a_round(lot_at(1_000)))
    found = savings_of_lots((*one.lots, *other.lots))

    assert found is not None
    assert str(found.percent) == "25.0"


def test_negotiated_contracts_are_saved_by_themselves_and_take_the_place_of_an_award_that_nobody_signed() -> None:
    won = a_lot((a_bid("a", 800_000),))
    agreed = Negotiation(
        NegotiationGround.NOT_SIGNED, date(2021, 6, 18), "辞退", (NegotiatedContract("Z商会", {"pc": 70_000}),)
    )
    result = settle(a_round(replace(won, negotiation=agreed), replace(won, id="other")))
    negotiation = result.lots[0].negotiation
    assert negotiation is not None
    assert negotiation.savings is not None
    assert result.savings is not None
    assert (negotiation.savings.award_total, str(negotiation.savings.percent)) == (700_000, "30.0")
    assert result.savings.award_total == 1_600_000
    contracted = savings_of_contracts(result.lots)
    assert contracted is not None
    assert (contracted.list_total, contracted.award_total, contracted.items) == (2_000_000, 1_500_000, 2)
