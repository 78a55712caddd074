"""What an award is compared with: every baseline by one arithmetic."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.settlement.baselines import (
    WORDING,
    Baseline,
    Sums,
    against_amount,
    against_prices,
    compared,
    highest_valid_bid,
)
from procure.settlement.result import ItemResult
from procure.settlement.savings import savings
from procure.settlement.settle import settle_lot
from procure.values.rounding import half_up
from tests.builders import a_bid, a_lot, declined

AMOUNTS = st.integers(1, 10**12)


def bought(id: str, quantity: int, amount: int | None) -> ItemResult:
    return ItemResult(id, quantity, None, None, None, amount, None)


def test_every_baseline_has_its_words_and_only_the_ceiling_is_no_saving() -> None:
    assert set(WORDING) == set(Baseline)
    assert [baseline for baseline in Baseline if not WORDING[baseline].is_saving] == [Baseline.CEILING]
    assert "削減" not in WORDING[Baseline.CEILING].difference + WORDING[Baseline.CEILING].rate


def test_an_item_without_a_price_is_left_out_of_both_sides() -> None:
    sums = against_prices({"pc": 100}, [bought("pc", 3, 210), bought("open", 1, 90)], 300)
    found = compared(Baseline.LAST_PRICE, sums)
    assert found is not None
    assert (found.reference, found.award, found.difference, str(found.percent)) == (300, 210, 90, "30.0")
    assert (found.covered_items, found.items, str(found.coverage_percent)) == (1, 2, "70.0")
    assert found.is_partial


def test_a_total_without_breakdown_is_compared_only_where_every_item_has_a_price() -> None:
    items = [bought("pc", 3, None), bought("open", 1, None)]
    assert compared(Baseline.LAST_PRICE, against_prices({"pc": 100}, items, 300)) is None
    whole = compared(Baseline.LAST_PRICE, against_prices({"pc": 100, "open": 100}, items, 300))
    assert whole is not None
    assert (whole.reference, whole.award, str(whole.percent)) == (400, 300, "25.0")


def test_an_item_nobody_asks_for_is_not_counted() -> None:
    assert against_prices({"pc": 100}, [bought("pc", 0, 0), bought("x", 2, 10)], 10).items == 1
    assert against_amount(20, [bought("pc", 0, 0), bought("x", 2, 10)], 10).covered_items == 1


def test_what_is_dearer_is_below_zero() -> None:
    found = compared(Baseline.LAST_PRICE, against_prices({"pc": 1_000}, [bought("pc", 1, 1_032)], 1_032))
    assert found is not None
    assert (found.difference, str(found.percent), found.exact) == (-32, "-3.2", True)


def test_a_baseline_of_nothing_compares_nothing() -> None:
    assert compared(Baseline.CEILING, against_amount(None, [bought("pc", 1, 10)], 10)) is None
    assert compared(Baseline.LAST_PRICE, against_prices({"pc": 0}, [bought("pc", 1, 0)], 0)) is None


def test_items_that_are_given_away_have_no_share_of_an_award_of_nothing() -> None:
    found = compared(Baseline.LIST_PRICE, against_prices({"pc": 100}, [bought("pc", 1, 0)], 0))
    assert found is not None
    assert (str(found.percent), found.coverage_percent) == ("100.0", None)


def test_the_highest_valid_bid_may_be_over_the_ceiling_but_not_void() -> None:
    result = settle_lot(a_lot((a_bid("a", 500_000), a_bid("b", 950_000), a_bid("c", 990_000, void="代理人"))))
    assert highest_valid_bid(result.attempts[0]) == 950_000


def test_without_a_valid_bid_there_is_no_highest() -> None:
    result = settle_lot(a_lot((declined("a"), a_bid("b", 500_000, void="記名押印なし"))))
    assert highest_valid_bid(result.attempts[0]) is None


def test_the_list_price_is_compared_as_the_savings_are() -> None:
    sums = Sums(234_989_800, 113_643_760, 113_643_760, 5, 5)
    said, found = savings(sums), compared(Baseline.LIST_PRICE, sums)
    assert said is not None
    assert found is not None
    assert (said.list_total, said.award_total, said.saved) == (found.reference, found.award, found.difference)
    assert (said.percent, said.exact, said.coverage_percent) == (found.percent, found.exact, found.coverage_percent)


@pytest.mark.parametrize("baseline", Baseline)
@given(amount=AMOUNTS)
def test_an_award_equal_to_its_baseline_differs_by_nothing(baseline: Baseline, amount: int) -> None:
    found = compared(baseline, Sums(amount, amount, amount, 1, 1))
    assert found is not None
    assert (found.difference, str(found.percent), found.exact) == (0, "0.0", True)


@given(reference=AMOUNTS, award=st.integers(0, 10**12), factor=st.fractions(Fraction(1, 1000), 1000))
def test_scaling_every_amount_changes_no_percentage(reference: int, award: int, factor: Fraction) -> None:
    one = compared(Baseline.LIST_PRICE, Sums(reference, award, award + 1, 1, 2))
    other = compared(Baseline.LIST_PRICE, Sums(reference * factor, award * factor, (award + 1) * factor, 1, 2))
    assert one is not None
    assert other is not None
    assert (one.percent, one.exact, one.coverage_percent) == (other.percent, other.exact, other.coverage_percent)
    assert other.difference == one.difference * factor


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=5))
def test_sums_are_divided_once_and_percentages_never_averaged(pairs: list[tuple[int, int]]) -> None:
    merged = sum((Sums(reference, award, award, 1, 1) for reference, award in pairs), Sums())
    found = compared(Baseline.LIST_PRICE, merged)
    assert found is not None
    reference, award = (sum(pair[side] for pair in pairs) for side in (0, 1))
    assert found.percent == half_up((1 - Fraction(award, reference)) * 100, 1)
    assert (found.difference, found.items) == (reference - award, len(pairs))
