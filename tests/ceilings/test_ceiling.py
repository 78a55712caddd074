"""A ceiling and its basis: what fits together, and the text that goes under the seal."""

from dataclasses import replace
from fractions import Fraction
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.ceilings.ceiling import (
    LONGEST_EARLIER,
    LONGEST_NOTE,
    Basis,
    Ceiling,
    ceiling_faults,
    commitment,
    is_below_limit,
    packed,
    unpacked,
    without_tax,
)
from procure.ceilings.vault import SIZE
from procure.values.money import format_decimal
from procure.values.quantity import MOST_YEN
from procure.values.tax import least_with_tax

TENTH = Fraction(1, 10)
NOTED = Basis(note="参考見積による")
rates = st.sampled_from([TENTH, Fraction(8, 100), Fraction(78, 1000), Fraction(0)])
amounts = st.integers(1, MOST_YEN)
sen = st.integers(1, 100 * MOST_YEN).map(lambda number: Fraction(number, 100))
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)
bases = st.builds(
    Basis,
    list_total=st.none() | sen,
    discount_percent=st.none() | st.decimals(0, 99, places=2).map(Fraction),
    quotations=st.none() | st.integers(0, 99),
    lowest_quotation=st.none() | amounts,
    average_quotation=st.none() | amounts,
    earlier=st.lists(texts, max_size=5).map(tuple),
    note=texts,
)
nonces = st.binary(min_size=32, max_size=32).map(bytes.hex)


def fields(ceiling: Ceiling, rate: Fraction = TENTH, decimals: int = 0) -> list[str]:
    return [fault.field for fault in ceiling_faults(ceiling, rate, decimals)]


@given(amounts, rates)
def test_the_comparison_price_is_the_greatest_within_the_ceiling(with_tax: int, rate: Fraction) -> None:
    most = without_tax(with_tax, rate)
    assert most * (1 + rate) <= with_tax < (most + 1) * (1 + rate)


@given(sen, rates)
def test_the_least_ceiling_just_holds_the_comparison_price(without: Fraction, rate: Fraction) -> None:
    least = least_with_tax(without, rate)
    assert least - 1 < without * (1 + rate) <= least


@given(amounts.filter(lambda amount: amount > 2), rates)
def test_what_is_one_yen_above_the_limit_is_a_fault_and_one_below_is_to_be_looked_at(
    with_tax: int, rate: Fraction
) -> None:
    most = without_tax(with_tax, rate)
    assert fields(Ceiling(with_tax, most, NOTED), rate) == []
    assert fields(Ceiling(with_tax, most + 1, NOTED), rate) == ["without_tax"]
    assert not is_below_limit(Ceiling(with_tax, most), rate)
    assert is_below_limit(Ceiling(with_tax, most - 1), rate)


def test_eleven_bids_are_compared_with_ten_ceilings_and_not_the_rounded_tax() -> None:
    """909,091 yen come to 1,000,000 with their tax cut to whole yen, and are above the limit all the same."""
    assert fields(Ceiling(1_000_000, 909_091, NOTED)) == ["without_tax"]
    assert fields(Ceiling(1_000_000, 909_090, NOTED)) == []


@pytest.mark.parametrize(
    ("ceiling", "field"),
    [
        (Ceiling(0, 1), "with_tax"),
        (Ceiling(MOST_YEN + 1, 1), "with_tax"),
        (Ceiling(100, 0), "without_tax"),
        (Ceiling(100, Fraction(1, 2)), "without_tax"),
    ],
)
def test_amounts_are_within_their_bounds(ceiling: Ceiling, field: str) -> None:
    assert fields(replace(ceiling, basis=NOTED)) == [field]


@pytest.mark.parametrize(
    ("basis", "field"),
    [
        (Basis(), "note"),
        (Basis(discount_percent=Fraction(100)), "discount"),
        (Basis(discount_percent=Fraction(-1)), "discount"),
        (Basis(lowest_quotation=10), "quotations"),
        (Basis(quotations=2, lowest_quotation=10, average_quotation=9), "average_quotation"),
        (Basis(note="長" * (LONGEST_NOTE + 1)), "note"),
        (Basis(earlier=("長" * LONGEST_EARLIER, "")), "earlier"),
    ],
)
def test_a_ceiling_needs_a_basis_that_holds_together(basis: Basis, field: str) -> None:
    assert fields(Ceiling(110, 100, basis)) == [field]


@given(amounts, sen, bases, nonces)
def test_what_is_packed_is_unpacked_to_the_last_sen(with_tax: int, without: Fraction, basis: Basis, nonce: str) -> None:
    ceiling = Ceiling(with_tax, without, basis)
    assert unpacked(packed(ceiling, nonce)) == (ceiling, nonce)


@pytest.mark.parametrize("line", ["\U00020bb7" * LONGEST_EARLIER, "\n".join("\U00020bb7" * (LONGEST_EARLIER // 2))])
def test_the_longest_basis_that_is_no_fault_fits_into_a_seal(line: str) -> None:
    basis = Basis(
        list_total=MOST_YEN - Fraction(1, 100),
        discount_percent=Fraction(9999, 100),
        quotations=10**6,
        lowest_quotation=MOST_YEN,
        average_quotation=MOST_YEN,
        earlier=tuple(line.splitlines()),
        note="\U00020bb7" * LONGEST_NOTE,
    )
    ceiling = Ceiling(MOST_YEN, MOST_YEN - Fraction(1, 100), basis)
    assert fields(ceiling, Fraction(0), 2) == []
    assert len(packed(ceiling, "f" * 64)) <= SIZE


@given(amounts, sen, nonces)
def test_a_commitment_is_recomputed_from_what_is_told_after_the_opening(
    with_tax: int, without: Fraction, nonce: str
) -> None:
    told = f"{nonce}|R8-1|pc|1|{with_tax}|{format_decimal(without)}"
    assert commitment(Ceiling(with_tax, without, NOTED), nonce, "R8-1|pc|1") == sha256(told.encode()).hexdigest()


@given(amounts, nonces, nonces)
def test_another_amount_place_or_nonce_is_another_commitment(with_tax: int, nonce: str, other: str) -> None:
    ceiling = Ceiling(with_tax, 1)
    said = {
        commitment(ceiling, nonce, "R8-1|pc|1"),
        commitment(replace(ceiling, with_tax=with_tax + 1), nonce, "R8-1|pc|1"),
        commitment(replace(ceiling, without_tax=2), nonce, "R8-1|pc|1"),
        commitment(ceiling, nonce, "R8-1|pc|2"),
        commitment(ceiling, other, "R8-1|pc|1"),
    }
    assert len(said) == (5 if nonce != other else 4)
