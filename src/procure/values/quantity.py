"""Quantities and yen as people type them: １，２００, 1,200台, ￥1,200, 1,200円."""

import re
from fractions import Fraction

from procure.values.money import Yen, whole_or_exact
from procure.values.unreadable import Unreadable

MOST_QUANTITY = 99_999_999
MOST_YEN = 999_999_999_999

# Not NFKC, which would also read ① ² ½ as numbers, and would leave the look-alikes of minus and comma.
_TYPED = str.maketrans(
    {
        **{chr(ord("０") + digit): str(digit) for digit in range(10)},
        **dict.fromkeys("，、､", ","),
        **dict.fromkeys("．｡。", "."),
        **dict.fromkeys("－−ー‐‑‒–—―ｰ▲△", "-"),
        **dict.fromkeys(" \u3000\u00a0\t", ""),
    }
)
_NUMBER = re.compile(r"(-?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]+))?", re.ASCII)
_AROUND_YEN = re.compile(r"^金?[￥¥\\]?|円也?$")
_COUNTERS = "台本個枚式件箱冊部組基脚着袋缶"


def parse_quantity(typed: str, unit: str | None = None) -> int | None:
    """A whole quantity from 0 to 99,999,999; None where nothing was typed. Unreadable says what to type.

    The item's `unit` may follow the number; where it is not known, any common counter may.
    """
    text = typed.translate(_TYPED)
    if not text:
        return None
    number = _parts(_without_unit(text, unit))
    if number is None or number[0]:
        raise Unreadable("数量は0以上の整数で入力してください（例：12）。")
    if number[2].strip("0"):
        raise Unreadable("数量に小数は使えません。0以上の整数で入力してください（例：12）。")
    if number[1] > MOST_QUANTITY:
        raise Unreadable(f"数量が大きすぎます。{MOST_QUANTITY:,}以下の整数で入力してください。")
    return number[1]


def parse_yen(typed: str, decimals: int = 0) -> Yen | None:
    """An amount of yen from 0 to 999,999,999,999 with at most so many decimals; None where nothing was typed."""
    text = typed.translate(_TYPED)
    if not text:
        return None
    number = _parts(_AROUND_YEN.sub("", text))
    if number is None or number[0]:
        raise Unreadable("金額は0以上の数字で入力してください（例：1,200）。")
    fraction = number[2].rstrip("0")
    if len(fraction) > decimals:
        raise Unreadable(_too_fine(decimals))
    if number[1] > MOST_YEN or (number[1] == MOST_YEN and fraction):
        raise Unreadable(f"金額が大きすぎます。{MOST_YEN:,}円以下で入力してください。")
    return whole_or_exact(Fraction(f"{number[1]}.{fraction or 0}"))


def _too_fine(decimals: int) -> str:
    if decimals:
        return f"金額の小数は{decimals}桁までです。{decimals}桁以内で入力してください。"
    return "金額に小数は使えません。円単位の整数で入力してください（例：1,200）。"


def _without_unit(text: str, unit: str | None) -> str:
    if unit:
        return text.removesuffix(unit.translate(_TYPED))
    return text.removesuffix("セット") if text.endswith("セット") else text.rstrip(_COUNTERS)


def _parts(text: str) -> tuple[bool, int, str] | None:
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    whole = found[2].replace(",", "")
    if len(whole) > 30:
        whole = "9" * 30
    return bool(found[1]) and bool(int(whole) or (found[3] or "").strip("0")), int(whole), found[3] or ""
