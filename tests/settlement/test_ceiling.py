"""The ceiling is tested without tax, and what tax does to amounts that are cut to whole yen."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from procure.settlement.result import Outcome
from procure.settlement.round import Rules
from procure.settlement.settle import settle_lot
from procure.values.tax import STANDARD_RATE, with_tax
from tests.builders import a_bid, a_lot


def test_a_published_award_with_tax_comes_from_one_bid_only() -> None:
    """小平市 45,099,998円."""
    around = {bid: with_tax(bid, STANDARD_RATE) for bid in range(40_999_997, 41_000_002)}

    assert [bid for bid, taxed in around.items() if taxed == 45_099_998] == [40_999_999]


@given(st.integers(1, 10**12))
def test_no_award_with_tax_leaves_ten_when_divided_by_eleven(bid: int) -> None:
    assert with_tax(bid, STANDARD_RATE) % 11 != 10


def test_a_bid_whose_tax_is_cut_may_look_within_a_ceiling_that_it_exceeds() -> None:
    """予定価格 1,000,000円: 909,091円 comes to 1,000,000円, and 11 × 909,091 is more than 10 × 1,000,000."""
    ceiling_with_tax, bid = 1_000_000, 909_091
    rules = Rules(ceiling=ceiling_with_tax * 10 // 11, ceiling_with_tax=ceiling_with_tax)

    assert with_tax(bid, STANDARD_RATE) <= ceiling_with_tax
    assert settle_lot(a_lot((a_bid("a", bid),), rules=rules)).outcome is Outcome.REBID
    assert settle_lot(a_lot((a_bid("a", bid - 1),), rules=rules)).outcome is Outcome.AWARDED


@given(st.integers(2, 10**9), st.integers(-3, 3))
def test_within_the_ceiling_is_exactly_eleven_bids_within_ten_ceilings(ceiling_with_tax: int, step: int) -> None:
    ceiling = ceiling_with_tax * 10 // 11
    bid = max(ceiling + step, 1)
    award = settle_lot(a_lot((a_bid("a", bid),), rules=Rules(ceiling=max(ceiling, 1)))).award

    assert (award is not None) == (11 * bid <= 10 * ceiling_with_tax)


@given(st.integers(1, 10**9), st.lists(st.integers(1, 50), min_size=1, max_size=20))
def test_contracts_of_each_body_fall_short_of_the_award_by_less_than_a_yen_each(price: int, counts: list[int]) -> None:
    each = sum(with_tax(price * count, STANDARD_RATE) for count in counts)

    assert 0 <= with_tax(price * sum(counts), STANDARD_RATE) - each < len(counts)


def test_a_price_in_fractions_of_a_yen_is_multiplied_before_it_is_cut() -> None:
    assert with_tax(Fraction("0.85") * 1000, STANDARD_RATE) == 935
