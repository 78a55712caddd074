"""Filters that pages and documents share."""

from decimal import Decimal
from fractions import Fraction

import pytest

from procure.templates import ENVIRONMENT, figures, filling, percent, prose, yen


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (1_234_567, "1,234,567"),
        (0, "0"),
        (-1_234, "▲1,234"),
        (Fraction("1234.5"), "1,234.5"),
        (Fraction("-0.05"), "▲0.05"),
        (None, "—"),
    ],
)
def test_yen_are_grouped_exact_and_marked_when_negative(amount: int | Fraction | None, written: str) -> None:
    assert yen(amount) == written


def test_yen_of_a_column_have_the_same_decimals() -> None:
    assert [yen(amount, 2) for amount in (12, Fraction("12.5"))] == ["12.00", "12.50"]


def test_a_percentage_keeps_its_places() -> None:
    assert [percent(rate) for rate in (Decimal("51.0"), Decimal("-3.2"), None)] == ["51.0", "▲3.2", "—"]


def test_prose_sets_single_digits_in_full_width() -> None:
    assert prose("令和3年6月11日（金）9時05分、51.6％") == "令和３年６月11日（金）９時05分、51.6％"


def test_figures_escape_what_they_mark_up() -> None:
    assert figures("<1,5>") == "&lt;1<i>,</i>5&gt;"


def test_columns_that_do_not_fill_the_page_are_refused() -> None:
    with pytest.raises(ValueError, match="164 mm"):
        filling([100, 64])
    assert list(filling([100.5, 64.5])) == [100.5, 64.5]


def test_text_is_escaped_and_a_missing_name_is_an_error() -> None:
    assert ENVIRONMENT.from_string("{{ text }}").render(text="<b>") == "&lt;b&gt;"
    with pytest.raises(Exception, match="'text' is undefined"):
        ENVIRONMENT.from_string("{{ text }}").render()
