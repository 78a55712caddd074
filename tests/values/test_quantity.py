"""Quantities and amounts as people type them."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.values.money import Yen
from procure.values.quantity import parse_quantity, parse_yen
from procure.values.unreadable import Unreadable


@pytest.mark.parametrize(
    "typed",
    [
        "1200",
        "1,200",
        "１，２００",
        "1、200",
        "1200台",
        "１，２００台",
        " 1 200 ",
        "1200.0",
        "0001200",
        "1200セット",
        "1,200個",
    ],
)
def test_a_quantity_is_read_as_it_is_typed(typed: str) -> None:
    assert parse_quantity(typed) == 1_200


def test_nothing_typed_is_no_quantity_and_zero_is_zero() -> None:
    assert (parse_quantity(""), parse_quantity("　 "), parse_quantity("０"), parse_quantity("-0")) == (None, None, 0, 0)


def test_the_items_own_unit_may_follow() -> None:
    assert parse_quantity("12ライセンス", unit="ライセンス") == 12
    assert parse_quantity("3ケース", unit="ケース") == 3
    with pytest.raises(Unreadable):
        parse_quantity("12台", unit="本")


@pytest.mark.parametrize("typed", ["-5", "−5", "ー5", "‐5", "▲5"])
def test_every_look_alike_of_a_minus_is_a_minus(typed: str) -> None:
    with pytest.raises(Unreadable, match="数量は0以上の整数で入力してください（例：12）。"):
        parse_quantity(typed)


@pytest.mark.parametrize(
    "typed", ["①", "²", "½", "١٢", "1_000", "1e3", "12x", "十二", "1,20", "12,", "台", "+1", "0x1f"]
)
def test_what_is_no_plain_number_is_refused(typed: str) -> None:
    with pytest.raises(Unreadable, match="0以上の整数"):
        parse_quantity(typed)


def test_a_fraction_and_a_giant_are_refused_with_their_own_words() -> None:
    with pytest.raises(Unreadable, match="小数は使えません"):
        parse_quantity("1.5")
    with pytest.raises(Unreadable, match="99,999,999以下"):
        parse_quantity("100000000")
    with pytest.raises(Unreadable, match="99,999,999以下"):
        parse_quantity("9" * 10_000)


@pytest.mark.parametrize(
    "typed", ["1200", "￥1,200", "¥1200", "\\1,200", "1,200円", "１，２００円", "金1,200円", "金￥1,200円也"]
)
def test_an_amount_is_read_as_it_is_typed(typed: str) -> None:
    assert parse_yen(typed) == 1_200


def test_an_amount_may_have_the_decimals_of_its_lot() -> None:
    assert parse_yen("0.85", decimals=2) == Fraction(17, 20)
    assert parse_yen("１２．５０円", decimals=1) == Fraction(25, 2)
    assert parse_yen("12.00") == 12
    with pytest.raises(Unreadable, match="小数は2桁まで"):
        parse_yen("0.855", decimals=2)
    with pytest.raises(Unreadable, match="小数は使えません"):
        parse_yen("0.5")


@pytest.mark.parametrize("typed", ["-1", "△1", "円", "￥", "1,2,3", "12.", ".5", "一万"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(Unreadable, match="金額は0以上の数字"):
        parse_yen(typed, decimals=2)


def test_an_amount_has_an_upper_end() -> None:
    assert parse_yen("999,999,999,999") == 999_999_999_999
    for typed in ("1000000000000", "999999999999.5"):
        with pytest.raises(Unreadable, match="999,999,999,999円以下"):
            parse_yen(typed, decimals=2)


def test_no_amount_typed_is_none() -> None:
    assert parse_yen(" ") is None


@given(st.integers(0, 99_999_999))
def test_every_quantity_is_read_with_and_without_commas(quantity: int) -> None:
    assert parse_quantity(str(quantity)) == parse_quantity(f"{quantity:,}台") == quantity


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    assert is_read_or_refused(lambda: parse_quantity(text))
    assert is_read_or_refused(lambda: parse_yen(text, decimals=2))


def is_read_or_refused(parse: Callable[[], Yen | None]) -> bool:
    try:
        return (parse() or 0) >= 0
    except Unreadable as refused:
        return "入力してください" in refused.message
