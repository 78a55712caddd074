"""Text and codes as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.values.codes import check_digit, is_code
from procure.values.text import clean, fullwidth, has_private_use, plain, search_key
from procure.values.unreadable import Unreadable

KATSURAGI = "葛\U000e0100城市"


CONTROLS = [0x00, 0x1B, 0x0A, 0x09]
TURNING = [0x202E, 0x2066, 0x200E, 0x061C]
HIDDEN = [0x200B, 0x200D, 0x2060, 0xFEFF, 0x2028, 0xE0041]
NO_CHARACTERS = [0xD800, 0xFFFE, 0x0378]


@pytest.mark.parametrize("code_point", [*CONTROLS, *TURNING, *HIDDEN, *NO_CHARACTERS])
def test_characters_that_hide_or_turn_a_text_are_refused(code_point: int) -> None:
    with pytest.raises(Unreadable, match=f"U\\+{code_point:04X}"):
        clean(f"見{chr(code_point)}本")


@pytest.mark.parametrize("name", ["髙﨑", "𠮷野", "㈱見本", "ﾀﾞｲﾜ", "①", KATSURAGI, "☺\ufe0f", "～－"])
def test_names_keep_the_characters_of_their_owners(name: str) -> None:
    assert clean(name) == name


def test_text_is_composed_and_trimmed_and_its_line_ends_are_one_kind() -> None:
    assert clean("　か\u3099 ") == "が"
    assert clean("一行\r\n\t二行\n", lines=True) == "一行\n\t二行"


def test_stacked_marks_are_refused() -> None:
    assert clean("x\u0301\u0302\u0303") == "x\u0301\u0302\u0303"
    with pytest.raises(Unreadable, match="結合文字"):
        clean("x\u0301\u0302\u0303\u0304")


@given(st.text(st.characters(exclude_categories=("C", "M", "Z"))))
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_gaiji_are_worth_a_warning() -> None:
    assert has_private_use("見本\ue000")
    assert not has_private_use(KATSURAGI)


def test_the_plain_form_drops_variation_selectors_only() -> None:
    assert plain(KATSURAGI) == "葛城市"
    assert plain("☺\ufe0fが") == "☺が"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ＡＢＣ", "abc"),
        ("五条市", "五條市"),
        ("曾爾村", "曽爾村"),
        ("霞ヶ浦", "霞ケ浦"),
        (KATSURAGI, "葛城市"),
        ("ｶﾂﾗｷﾞ", "カツラギ"),
    ],
)
def test_variants_are_found_by_the_same_key(typed: str, meant: str) -> None:
    assert search_key(typed) == search_key(meant)


def test_digits_of_a_report_stand_in_full_width() -> None:
    assert fullwidth("定価の約51.6％引き、1,234円") == "定価の約５１．６％引き、１，２３４円"


def test_the_check_digit_of_a_code() -> None:
    assert is_code("290009")
    assert is_code("292010")
    assert not is_code("292011")
    assert [check_digit(five) for five in ("29000", "01100")] == ["9", "2"]


@pytest.mark.parametrize("code", ["", "29201", "2920100", "２９２０１０", "29201a", "292010\n"])
def test_a_code_is_six_ascii_digits(code: str) -> None:
    assert not is_code(code)


@given(st.from_regex(r"[0-9]{5}", fullmatch=True), st.integers(0, 4), st.integers(1, 9))
def test_one_mistyped_digit_is_nearly_always_noticed(five: str, place: int, shift: int) -> None:
    other = f"{five[:place]}{(int(five[place]) + shift) % 10}{five[place + 1 :]}"

    assert check_digit(five) != check_digit(other) or check_digit(five) == "1"
