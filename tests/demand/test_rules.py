"""What bodies type into the demand grid, and what is asked about before it is submitted."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.demand.rules import field_of, read_typed, unusual
from procure.values.quantity import MOST_QUANTITY
from procure.values.text import fullwidth


@dataclass(frozen=True)
class Asked:
    id: int
    name: str = "ノートパソコン"
    unit: str = "台"


ITEMS = [Asked(number) for number in range(1, 6)]
WRITINGS = (
    str,
    "{:,}".format,
    lambda quantity: fullwidth(str(quantity)),
    "　{}　".format,
    "{:,}台".format,
    "{} 台".format,
    lambda quantity: fullwidth(f"{quantity:,}"),
)
some_quantities = st.dictionaries(st.sampled_from(ITEMS), st.integers(0, MOST_QUANTITY))


@given(some_quantities, st.data())
def test_however_a_quantity_is_written_the_same_quantity_is_read_back(
    asked: dict[Asked, int], data: st.DataObject
) -> None:
    typed = {field_of(item): data.draw(st.sampled_from(WRITINGS))(quantity) for item, quantity in asked.items()}
    read = read_typed(ITEMS, typed)
    assert read.faults == ()
    assert read.quantities == {item.id: quantity for item, quantity in asked.items() if quantity}


@given(some_quantities, st.dictionaries(st.text(), st.text()))
def test_fields_that_were_not_asked_for_are_ignored(asked: dict[Asked, int], strange: dict[str, str]) -> None:
    typed = {field_of(item): str(quantity) for item, quantity in asked.items()}
    unknown = {name: text for name, text in strange.items() if name not in map(field_of, ITEMS)}
    assert read_typed(ITEMS, {**unknown, **typed}) == read_typed(ITEMS, typed)


@given(st.dictionaries(st.sampled_from([field_of(item) for item in ITEMS]), st.text()))
def test_whatever_is_typed_each_item_has_a_quantity_a_fault_or_nothing(typed: dict[str, str]) -> None:
    read = read_typed(ITEMS, typed)
    faulty = {fault.field for fault in read.faults}
    assert all(0 < quantity <= MOST_QUANTITY for quantity in read.quantities.values())
    assert not faulty & {field_of(item) for item in ITEMS if item.id in read.quantities}


def test_every_fault_is_told_at_once_with_its_field_and_its_item() -> None:
    read = read_typed(ITEMS, {"qty-1": "１２台くらい", "qty-2": "3", "qty-3": "-3"})
    assert [fault.field for fault in read.faults] == ["qty-1", "qty-3"]
    assert read.faults[0].message == "「ノートパソコン」：数量は0以上の整数で入力してください（例：12）。"
    assert read.quantities == {2: 3}


@pytest.mark.parametrize("nothing", ["", "　", "0", "０", "0台"])
def test_an_empty_field_and_a_zero_ask_for_nothing(nothing: str) -> None:
    read = read_typed(ITEMS, {"qty-1": nothing})
    assert (read.quantities, read.faults) == ({}, ())


@pytest.mark.parametrize(("quantity", "last"), [(30, 10), (31, 10), (3, 1)])
def test_three_times_as_much_as_last_time_is_asked_about(quantity: int, last: int) -> None:
    assert "3倍以上" in (unusual(ITEMS[0], quantity, last) or "")


def test_nothing_of_what_was_bought_last_time_is_asked_about() -> None:
    assert unusual(ITEMS[0], 0, 60) == "「ノートパソコン」：前回は60台でしたが、今回は登録されません。"


@pytest.mark.parametrize(("quantity", "last"), [(29, 10), (1, 10), (500, 0), (500, None), (0, 0), (0, None)])
def test_anything_else_passes_without_a_question(quantity: int, last: int | None) -> None:
    assert unusual(ITEMS[0], quantity, last) is None
