"""From which amount the assembly is needed, and up to which a contract is a small one."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.contracts.states import Approval
from procure.contracts.thresholds import (
    RAISED_ON,
    Limits,
    assembly_limit,
    judge_approval,
    lawful_assembly_limit,
    own_ceiling,
    small_limit,
)
from procure.settlement.round import ContractKind
from procure.values.tax import ceiling_with_tax

TENTH = Fraction(1, 10)
CITY, TOWN, DESIGNATED, PREFECTURE = ("292010", "市"), ("293423", "町"), ("271004", "市"), ("290009", "県")
PURCHASE = ContractKind.PURCHASE


@pytest.mark.parametrize(
    ("code", "kind", "amount"),
    [
        (*CITY, 20_000_000),
        (*TOWN, 7_000_000),
        ("294446", "村", 7_000_000),
        (*DESIGNATED, 40_000_000),
        ("131016", "区", 20_000_000),
        (*PREFECTURE, 70_000_000),
    ],
)
def test_the_law_has_an_amount_for_each_kind_of_body(code: str, kind: str, amount: int) -> None:
    assert lawful_assembly_limit(code, kind) == amount


def test_the_members_of_a_union_decide_what_holds_for_it() -> None:
    assert lawful_assembly_limit("298000", "一部事務組合") is None
    assert judge_approval(PURCHASE, 10**9, None, 10**9).approval is Approval.UNKNOWN


def test_the_ordinance_of_the_body_stands_above_the_least_amount_of_the_law() -> None:
    assert assembly_limit(*CITY, Limits(assembly=30_000_000)) == 30_000_000
    assert assembly_limit(*CITY, Limits()) == 20_000_000


@pytest.mark.parametrize("limit", [7_000_000, 20_000_000, 40_000_000, 70_000_000])
def test_a_share_equal_to_the_amount_needs_the_assembly_and_less_by_any_part_of_a_yen_does_not(limit: int) -> None:
    below = Fraction(limit) - Fraction(1, 10**9)
    assert judge_approval(PURCHASE, limit, limit, 0).approval is Approval.NEEDED
    assert judge_approval(PURCHASE, limit - 1, limit, 0).approval is Approval.NOT_NEEDED
    assert judge_approval(PURCHASE, below, limit, 0).approval is Approval.NOT_NEEDED


@pytest.mark.parametrize("kind", [ContractKind.LEASE, ContractKind.WORKS])
def test_only_a_purchase_falls_under_the_eighth_item(kind: ContractKind) -> None:
    judged = judge_approval(kind, 10**9, 20_000_000, 10**9)
    assert judged.approval is Approval.NOT_SUBJECT
    assert judged.is_needed is False
    assert "第8号" in judged.reason


def test_without_a_ceiling_only_a_contract_amount_above_the_limit_can_tell() -> None:
    assert judge_approval(PURCHASE, None, 20_000_000, 20_000_000).approval is Approval.NEEDED
    judged = judge_approval(PURCHASE, None, 20_000_000, 19_999_999)
    assert judged.approval is Approval.UNKNOWN
    assert judged.is_needed is None


def test_a_ceiling_of_exactly_the_limit_is_not_lost_when_its_tax_is_added_again() -> None:
    without_tax = 20_000_000 * 10 // 11
    assert without_tax * 11 // 10 == 19_999_999
    assert ceiling_with_tax(None, without_tax, TENTH) == 20_000_000


@given(st.integers(1, 10**9))
def test_the_ceiling_with_tax_has_the_one_without_tax_that_is_on_record(without_tax: int) -> None:
    with_it = ceiling_with_tax(None, without_tax, TENTH)
    assert isinstance(with_it, int)
    assert with_it * 10 // 11 == without_tax
    assert (with_it - 1) * 10 // 11 < without_tax


def test_the_ceiling_with_tax_that_was_recorded_stands() -> None:
    assert ceiling_with_tax(1_234_567, 1, TENTH) == 1_234_567
    assert ceiling_with_tax(None, None, TENTH) is None


@given(st.integers(1, 10**9), st.lists(st.integers(0, 10**8), min_size=1, max_size=20).filter(any))
def test_the_shares_of_all_bodies_add_up_to_the_ceiling_exactly(ceiling: int, amounts: list[int]) -> None:
    shares = [own_ceiling(ceiling, amount, sum(amounts)) for amount in amounts]
    assert sum(Fraction(share or 0) for share in shares) == ceiling


@pytest.mark.parametrize(("ceiling", "amount", "award"), [(None, 1, 1), (1, None, 1), (1, 1, 0)])
def test_a_share_of_what_is_unknown_is_unknown(ceiling: int | None, amount: int | None, award: int) -> None:
    assert own_ceiling(ceiling, amount, award) is None


@pytest.mark.parametrize(
    ("body", "kind", "before", "after"),
    [
        (CITY, PURCHASE, 800_000, 1_500_000),
        (TOWN, PURCHASE, 800_000, 1_500_000),
        (DESIGNATED, PURCHASE, 1_600_000, 3_000_000),
        (PREFECTURE, PURCHASE, 1_600_000, 3_000_000),
        (CITY, ContractKind.LEASE, 400_000, 800_000),
        (CITY, ContractKind.WORKS, 1_300_000, 2_000_000),
    ],
)
def test_small_contracts_may_be_larger_from_the_first_of_april_of_reiwa_7(
    body: tuple[str, str], kind: ContractKind, before: int, after: int
) -> None:
    assert small_limit(*body, Limits(), kind, RAISED_ON - timedelta(days=1)) == before
    assert small_limit(*body, Limits(), kind, RAISED_ON) == after


def test_a_body_raises_the_amount_on_its_own_day_and_to_its_own_amount() -> None:
    own = Limits(small=1_000_000, small_since=date(2025, 10, 1))
    assert small_limit(*CITY, own, PURCHASE, date(2025, 9, 30)) == 800_000
    assert small_limit(*CITY, own, PURCHASE, date(2025, 10, 1)) == 1_000_000
    assert small_limit(*CITY, own, ContractKind.LEASE, date(2025, 10, 1)) == 800_000
