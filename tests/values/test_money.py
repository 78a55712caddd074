"""Yen, tax and rounding, exactly."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.values.money import amount_from_json, amount_to_json, decimals_fit, format_decimal, whole_or_exact
from procure.values.rounding import half_up, percent
from procure.values.tax import with_tax

TEN = Fraction(1, 10)


@pytest.mark.parametrize(
    ("written", "amount"), [(12, 12), ("12", 12), ("12.50", Fraction(25, 2)), ("-0.5", Fraction(-1, 2)), ("0", 0)]
)
def test_an_amount_is_an_integer_or_a_decimal_string(written: int | str, amount: int | Fraction) -> None:
    assert amount_from_json(written) == amount


@pytest.mark.parametrize(
    "written", ["", "1e3", "1_000", "1,000", "+1", ".5", "5.", "01", " 1", "１", "٣", "NaN", "1/2"]
)
def test_nothing_but_a_plain_decimal_is_an_amount(written: str) -> None:
    with pytest.raises(ValueError, match="plain decimal"):
        amount_from_json(written)


def test_an_endless_number_is_refused_before_it_is_computed() -> None:
    with pytest.raises(ValueError, match="1000 characters"):
        amount_from_json("1" * 1_001)


@given(st.integers(), st.integers(0, 6))
def test_what_is_written_is_read_again(digits: int, places: int) -> None:
    amount = whole_or_exact(Fraction(digits, 10**places))

    assert amount_from_json(amount_to_json(amount)) == amount


def test_a_number_without_end_has_no_decimal_form() -> None:
    with pytest.raises(ValueError, match="finite"):
        format_decimal(Fraction(1, 3))


@pytest.mark.parametrize(
    ("number", "places", "written"),
    [(Fraction(1, 10), 2, "0.10"), (Fraction(-1, 200), 0, "-0.005"), (5, 0, "5"), (Fraction(1, 8), 2, "0.125")],
)
def test_a_decimal_is_written_with_at_least_its_places(number: Fraction, places: int, written: str) -> None:
    assert format_decimal(number, places) == written


def test_decimals_fit_where_the_amount_is_exact_with_them() -> None:
    assert decimals_fit(Fraction(17, 20), 2)
    assert not decimals_fit(Fraction(17, 20), 1)
    assert decimals_fit(10**30, 0)


@pytest.mark.parametrize(
    ("amount", "rate", "together"),
    [
        (40_999_999, TEN, 45_099_998),  # 小平市の例
        (909_091, TEN, 1_000_000),
        (100, Fraction(8, 100), 108),
        (99, Fraction(0), 99),
        (Fraction("0.85"), TEN, 0),
    ],
)
def test_tax_is_added_and_cut_to_whole_yen(amount: int, rate: Fraction, together: int) -> None:
    assert with_tax(amount, rate) == together


@given(st.integers(0, 10**15))
def test_at_ten_percent_the_cut_is_that_of_the_law(bid: int) -> None:
    assert with_tax(bid, TEN) == bid * 110 // 100
    assert with_tax(bid, TEN) % 11 != 10


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        (Fraction(5, 100), 1, "0.1"),
        (Fraction(-5, 100), 1, "-0.1"),
        (Fraction(4999, 100_000), 1, "0.0"),
        (Fraction(-4999, 100_000), 1, "0.0"),
        (Fraction(1, 3), 2, "0.33"),
        (10**40, 1, f"{10**40}.0"),
    ],
)
def test_a_half_is_rounded_away_from_zero_and_zero_has_no_sign(value: Fraction, places: int, rounded: str) -> None:
    assert str(half_up(value, places)) == rounded


@given(st.fractions(), st.integers(0, 3))
def test_rounding_stays_within_half_a_unit(value: Fraction, places: int) -> None:
    assert abs(Fraction(half_up(value, places)) - value) <= Fraction(1, 2 * 10**places)


def test_a_percentage_of_two_amounts() -> None:
    assert percent(12_225_000, 14_730_000, 2) == Decimal("82.99")
