"""Signs over the attempts of a lot, and in its award."""

import pytest

from procure.settlement.round import Rules
from procure.signs.kinds import Kind
from tests.builders import a_bid, a_lot, absent, declined
from tests.signs.looking import figures, looks_for, said, signs_of


def test_a_second_that_declines_the_rebid_is_a_sign() -> None:
    lot = a_lot(
        (a_bid("a", 950_000), a_bid("b", 960_000), a_bid("c", 970_000)),
        (a_bid("a", 890_000), declined("b"), a_bid("c", 940_000)),
    )
    assert said(Kind.SECOND_GIVES_UP, lot) == ["前回2番目だったB商会が、再度入札に入札していません。"]
    assert figures(signs_of(Kind.SECOND_GIVES_UP, lot)[0]) == {
        "初度入札の最低（A商会）": "950,000円",
        "初度入札の2番目（B商会）": "960,000円",
        "再度入札のB商会": "辞退",
    }


def test_a_second_that_bids_again_is_none() -> None:
    lot = a_lot((a_bid("a", 950_000), a_bid("b", 960_000)), (a_bid("a", 890_000), a_bid("b", 940_000)))
    assert said(Kind.SECOND_GIVES_UP, lot) == []


def test_one_of_two_equal_seconds_is_enough() -> None:
    first = (a_bid("a", 950_000), a_bid("b", 960_000), a_bid("c", 960_000))
    assert said(Kind.SECOND_GIVES_UP, a_lot(first, (a_bid("a", 890_000), declined("b"), a_bid("c", 940_000)))) == []
    both = a_lot(first, (a_bid("a", 890_000), declined("b"), absent("c")))
    assert said(Kind.SECOND_GIVES_UP, both) == ["前回2番目だったB商会、C商会が、再度入札に入札していません。"]


def test_without_a_second_nobody_can_give_up() -> None:
    lot = a_lot((a_bid("a", 950_000), declined("b")), (a_bid("a", 890_000),))
    assert [look.not_looked for look in looks_for(Kind.SECOND_GIVES_UP, lot)] == [
        "前回に、2番目の有効な入札がありません。"
    ]


def test_the_same_lowest_bidder_in_every_attempt_is_a_sign() -> None:
    lot = a_lot(
        (a_bid("a", 950_000), a_bid("b", 960_000)),
        (a_bid("a", 930_000), a_bid("b", 940_000)),
        (a_bid("a", 890_000), a_bid("b", 920_000)),
    )
    assert said(Kind.FIRST_UNCHANGED, lot) == [
        "初度入札から再々度入札まで、最低の入札者がA商会のまま変わっていません。"
    ]
    assert figures(signs_of(Kind.FIRST_UNCHANGED, lot)[0]) == {
        "初度入札の最低（A商会）": "950,000円",
        "再度入札の最低（A商会）": "930,000円",
        "再々度入札の最低（A商会）": "890,000円",
    }


def test_a_lowest_bidder_that_changes_is_none() -> None:
    lot = a_lot((a_bid("a", 950_000), a_bid("b", 960_000)), (a_bid("a", 930_000), a_bid("b", 890_000)))
    assert said(Kind.FIRST_UNCHANGED, lot) == []


def test_the_first_is_not_asked_for_without_a_rebid_or_without_a_valid_bid() -> None:
    once = a_lot((a_bid("a", 800_000),))
    no_valid = a_lot((a_bid("a", 950_000), a_bid("b", 960_000)), (a_bid("a", 955_000), declined("b")))
    assert [look.not_looked for look in looks_for(Kind.FIRST_UNCHANGED, once)] == ["再度の入札がありません。"]
    assert [look.not_looked for look in looks_for(Kind.FIRST_UNCHANGED, no_valid)] == ["有効な入札のない回があります。"]


@pytest.mark.parametrize(("total", "found"), [(891_000, True), (890_999, False), (900_000, True)])
def test_an_award_of_99_percent_of_the_ceiling_is_a_sign(total: int, found: bool) -> None:
    assert bool(said(Kind.NEAR_CEILING, a_lot((a_bid("a", total),)))) is found


def test_an_award_near_the_ceiling_shows_both_amounts() -> None:
    lot = a_lot((a_bid("a", 895_500), a_bid("b", 899_000)))
    assert said(Kind.NEAR_CEILING, lot) == ["落札金額が、入札書比較価格の99.50%です。"]
    assert figures(signs_of(Kind.NEAR_CEILING, lot)[0]) == {
        "落札金額（税抜、A商会）": "895,500円",
        "入札書比較価格（税抜）": "900,000円",
        "割合": "99.50%",
    }


@pytest.mark.parametrize(("total", "found"), [(539_999, True), (540_000, False)])
def test_an_award_below_60_percent_of_the_ceiling_is_a_sign(total: int, found: bool) -> None:
    assert bool(said(Kind.LOW_AWARD, a_lot((a_bid("a", total),)))) is found


def test_without_an_award_or_a_ceiling_nothing_is_compared() -> None:
    no_award = a_lot((a_bid("a", 990_000),), rules=Rules(ceiling=900_000, max_attempts=1))
    no_ceiling = a_lot((a_bid("a", 990_000),), rules=Rules())
    for kind in (Kind.NEAR_CEILING, Kind.LOW_AWARD):
        assert [look.not_looked for look in looks_for(kind, no_award)] == ["落札者がいません。"]
        assert [look.not_looked for look in looks_for(kind, no_ceiling)] == ["入札書比較価格の定めがありません。"]
