"""What bodies type into the survey, how it is read, and what is asked about before it is submitted."""

from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.demand.answer import (
    NO,
    YES,
    AskedLot,
    Line,
    TypedAnswer,
    fields_of,
    quantity_field,
    read_answer,
    spares_field,
    unanswered,
    unusual,
)
from procure.demand.states import Acquisition
from procure.values.quantity import MOST_QUANTITY
from procure.values.text import fullwidth


@dataclass(frozen=True)
class Asked:
    id: int
    name: str = "ノートパソコン"
    unit: str = "台"


ITEMS = tuple(Asked(number) for number in range(1, 6))
LOT = AskedLot(7, "パソコン", ITEMS)
EITHER = AskedLot(7, "パソコン", ITEMS, either=True)
WRITINGS = (
    str,
    "{:,}".format,
    lambda quantity: fullwidth(str(quantity)),
    "　{}　".format,
    "{:,}台".format,
    "{} 台".format,
    lambda quantity: fullwidth(f"{quantity:,}"),
)
some_quantities = st.dictionaries(
    st.sampled_from(ITEMS), st.tuples(st.integers(0, MOST_QUANTITY // 2), st.integers(0, MOST_QUANTITY // 2))
)


@given(some_quantities, st.data())
def test_however_quantities_are_written_the_same_ones_are_read_back(
    asked: dict[Asked, tuple[int, int]], data: st.DataObject
) -> None:
    typed = {}
    for item, (main, spares) in asked.items():
        typed[quantity_field(item.id)] = data.draw(st.sampled_from(WRITINGS))(main)
        typed[spares_field(item.id)] = data.draw(st.sampled_from(WRITINGS))(spares)
    answer = read(typed)
    assert answer.faults == ()
    assert answer.lots[0].lines == {
        item.id: Line(main + spares, spares) for item, (main, spares) in asked.items() if main + spares
    }


@given(st.dictionaries(st.sampled_from(fields_of([EITHER])), st.text()), st.dictionaries(st.text(), st.text()))
def test_fields_that_were_not_asked_for_are_ignored(typed: dict[str, str], strange: dict[str, str]) -> None:
    unknown = {name: text for name, text in strange.items() if name not in fields_of([EITHER])}
    assert read_answer([EITHER], {**unknown, **typed}) == read_answer([EITHER], typed)


@given(st.dictionaries(st.sampled_from(fields_of([LOT])), st.text() | st.sampled_from(["1", "9" * 8, YES, NO])))
def test_whatever_is_typed_what_is_read_fits_into_the_database(typed: dict[str, str]) -> None:
    answer = read(typed)
    (lot,) = answer.lots
    if not answer.faults:
        assert all(0 < line.quantity <= MOST_QUANTITY for line in lot.lines.values())
        assert all(line.last_unit_price is None or line.last_unit_price > 0 for line in lot.lines.values())
        assert lot.participates is not False or not lot.lines
    assert len(lot.remarks) <= 2000


def test_every_fault_is_told_at_once_with_its_field_and_its_item() -> None:
    answer = read({"qty-1": "１２台くらい", "qty-2": "3", "spare-3": "-3", "month-7": "春ごろ", "budget-7": "1.5"})
    assert [fault.field for fault in answer.faults] == ["qty-1", "spare-3", "budget-7", "month-7"]
    assert answer.faults[0].message == "「ノートパソコン」：数量は0以上の整数で入力してください（例：12）。"
    assert answer.lots[0].lines == {2: Line(3)}


@pytest.mark.parametrize("nothing", ["", "　", "0", "０", "0台"])
def test_an_empty_field_and_a_zero_ask_for_nothing(nothing: str) -> None:
    answer = read({"qty-1": nothing, "spare-1": nothing})
    assert (answer.lots[0].lines, answer.faults) == ({}, ())


def test_spares_are_counted_in_the_quantity_and_kept_apart() -> None:
    assert read({"qty-1": "10", "spare-1": "2", "paid-1": "1,234.5"}).lots[0].lines == {
        1: Line(12, 2, Fraction("1234.5"))
    }
    assert read({"spare-1": "2"}).lots[0].lines == {1: Line(2, 2)}


def test_main_units_and_spares_together_stay_within_the_most() -> None:
    answer = read({"qty-1": str(MOST_QUANTITY), "spare-1": "1"})
    assert [fault.field for fault in answer.faults] == ["qty-1"]


@pytest.mark.parametrize(
    ("typed", "participates"),
    [
        ({}, None),
        ({"join-7": YES, "qty-1": "1"}, True),
        ({"join-7": NO}, False),
        ({"qty-1": "1"}, True),
        ({"join-7": "perhaps", "qty-1": "0"}, None),
    ],
)
def test_participation_is_what_was_chosen_or_what_the_quantities_say(
    typed: dict[str, str], participates: bool | None
) -> None:
    answer = read(typed)
    assert answer.faults == ()
    assert answer.lots[0].participates is participates


@pytest.mark.parametrize("typed", [{"join-7": NO, "qty-1": "1"}, {"join-7": NO, "spare-1": "1"}, {"join-7": YES}])
def test_a_choice_against_the_quantities_is_a_fault(typed: dict[str, str]) -> None:
    assert [fault.field for fault in read(typed).faults] == ["join-7"]


def test_a_quantity_that_cannot_be_read_is_not_missed_a_second_time() -> None:
    assert [fault.field for fault in read({"join-7": YES, "qty-1": "三台"}).faults] == ["qty-1"]


def test_a_lot_without_an_answer_cannot_be_submitted() -> None:
    assert [fault.field for fault in unanswered([LOT], read({}))] == ["join-7"]
    assert list(unanswered([LOT], read({"join-7": NO}))) == []


def test_who_takes_part_in_a_lot_that_allows_both_says_purchase_or_lease() -> None:
    bought = read_answer([EITHER], {"qty-1": "1"})
    leased = read_answer([EITHER], {"qty-1": "1", "mode-7": "lease"})
    assert [fault.field for fault in unanswered([EITHER], bought)] == ["mode-7"]
    assert leased.lots[0].acquisition is Acquisition.LEASE
    assert read({"qty-1": "1", "mode-7": "lease"}).lots[0].acquisition is None


def test_what_goes_with_the_quantities_is_read() -> None:
    typed = {"month-7": "令和９年２月", "places-7": "本庁舎\r\n分庁舎 ", "remarks-7": "至急", "budget-7": "￥1,200,000"}
    (lot,) = read(typed).lots
    assert (lot.delivery_month, lot.delivery_places, lot.remarks, lot.budget_with_tax) == (
        "2027-02",
        "本庁舎\n分庁舎",
        "至急",
        1_200_000,
    )


@pytest.mark.parametrize(("quantity", "last"), [(30, 10), (31, 10), (3, 1)])
def test_three_times_as_much_as_last_time_is_asked_about(quantity: int, last: int) -> None:
    assert "3倍以上" in (unusual(ITEMS[0], quantity, last) or "")


def test_nothing_of_what_was_bought_last_time_is_asked_about() -> None:
    assert unusual(ITEMS[0], 0, 60) == "「ノートパソコン」：前回は60台でしたが、今回は登録されません。"


@pytest.mark.parametrize(("quantity", "last"), [(29, 10), (1, 10), (500, 0), (500, None), (0, 0), (0, None)])
def test_anything_else_passes_without_a_question(quantity: int, last: int | None) -> None:
    assert unusual(ITEMS[0], quantity, last) is None


def read(typed: dict[str, str]) -> TypedAnswer:
    return read_answer([LOT], typed)
