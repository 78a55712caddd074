"""Signs in how the totals lie to each other."""

from decimal import Decimal
from fractions import Fraction

import pytest

from procure.signs.kinds import Kind
from procure.signs.spacing import variance
from procure.signs.wording import root_half_up
from tests.builders import a_bid, a_lot
from tests.signs.looking import figures, looks_for, said, signs_of


def test_a_second_within_one_percent_is_a_sign() -> None:
    lot = a_lot((a_bid("a", 800_000), a_bid("b", 808_000)))
    assert said(Kind.CLOSE_SECOND, lot) == ["最低の入札と2番目の入札の差が、最低の入札金額の1.00%です。"]
    assert figures(signs_of(Kind.CLOSE_SECOND, lot)[0]) == {
        "最低（A商会）": "800,000円",
        "2番目（B商会）": "808,000円",
        "差": "8,000円",
        "差の割合": "1.00%",
    }


@pytest.mark.parametrize("second", [808_001, 800_000], ids=["just above one percent", "equal"])
def test_a_second_further_off_or_equal_is_none(second: int) -> None:
    assert said(Kind.CLOSE_SECOND, a_lot((a_bid("a", 800_000), a_bid("b", second)))) == []


def test_a_void_bid_is_not_the_second() -> None:
    lot = a_lot((a_bid("a", 800_000), a_bid("b", 800_001, void="記名押印なし")))
    assert [look.not_looked for look in looks_for(Kind.CLOSE_SECOND, lot)] == ["有効な入札が2者に足りません。"]


def test_a_coefficient_of_variation_of_three_percent_is_a_sign() -> None:
    lot = a_lot((a_bid("a", 776_000), a_bid("b", 800_000), a_bid("c", 824_000)))
    assert said(Kind.LOW_VARIATION, lot) == ["有効な3者の入札金額の変動係数が、3.00%です。"]
    assert figures(signs_of(Kind.LOW_VARIATION, lot)[0]) == {
        "A商会": "776,000円",
        "B商会": "800,000円",
        "C商会": "824,000円",
        "平均": "800,000.00円",
        "標本標準偏差": "24,000.00円",
        "変動係数": "3.00%",
    }


def test_a_wider_variation_is_none() -> None:
    assert said(Kind.LOW_VARIATION, a_lot((a_bid("a", 775_999), a_bid("b", 800_000), a_bid("c", 824_001)))) == []


def test_two_bids_have_no_variation_to_speak_of() -> None:
    lot = a_lot((a_bid("a", 800_000), a_bid("b", 800_001)))
    for kind in (Kind.LOW_VARIATION, Kind.EQUAL_STEPS):
        assert [look.not_looked for look in looks_for(kind, lot)] == ["有効な入札が3者に足りません。"]


def test_a_lowest_bid_twice_the_spread_of_the_others_away_is_a_sign() -> None:
    lot = a_lot((a_bid("a", 870_000), a_bid("b", 890_000), a_bid("c", 900_000), a_bid("d", 910_000)))
    assert said(Kind.RELATIVE_DISTANCE, lot) == [
        "最低と2番目の入札金額の差が、最低以外の入札金額の標準偏差の2.00倍です。"
    ]
    assert figures(signs_of(Kind.RELATIVE_DISTANCE, lot)[0])["最低以外の標本標準偏差"] == "10,000.00円"


def test_a_lowest_bid_nearer_to_the_others_is_none() -> None:
    lot = a_lot((a_bid("a", 870_001), a_bid("b", 890_000), a_bid("c", 900_000), a_bid("d", 910_000)))
    assert said(Kind.RELATIVE_DISTANCE, lot) == []


def test_other_bids_that_are_all_equal_have_no_spread_to_divide_by() -> None:
    lot = a_lot((a_bid("a", 870_000), a_bid("b", 890_000), a_bid("c", 890_000), a_bid("d", 890_000)))
    (sign,) = signs_of(Kind.RELATIVE_DISTANCE, lot)
    assert figures(sign)["相対距離"] == "算出できません（ほかの入札金額がすべて同じ）"


def test_three_bids_are_too_few_for_a_distance() -> None:
    lot = a_lot((a_bid("a", 1), a_bid("b", 890_000), a_bid("c", 890_001)))
    assert [look.not_looked for look in looks_for(Kind.RELATIVE_DISTANCE, lot)] == ["有効な入札が4者に足りません。"]


def test_totals_in_equal_steps_are_a_sign() -> None:
    lot = a_lot((a_bid("c", 820_000), a_bid("a", 800_000), a_bid("b", 810_000)))
    assert said(Kind.EQUAL_STEPS, lot) == ["有効な3者の入札金額が、10,000円ずつの等間隔です。"]


@pytest.mark.parametrize("third", [820_001, 810_000], ids=["uneven", "equal"])
def test_totals_in_uneven_steps_are_none(third: int) -> None:
    assert said(Kind.EQUAL_STEPS, a_lot((a_bid("a", 800_000), a_bid("b", 810_000), a_bid("c", third)))) == []


def test_the_variance_is_that_of_a_sample() -> None:
    assert variance([2, 4, 4, 4, 5, 5, 7, 9]) == Fraction(32, 7)


@pytest.mark.parametrize(
    ("square", "root"),
    [(Fraction(0), "0.00"), (Fraction(2), "1.41"), (Fraction(3), "1.73"), (Fraction(1, 40_000), "0.01"), (25, "5.00")],
)
def test_a_root_is_rounded_half_up(square: Fraction | int, root: str) -> None:
    assert root_half_up(Fraction(square), 2) == Decimal(root)
