"""What a round and its lots must be before they are written."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from procure.rounds.rules import NO_ROUNDS, Outline, is_before_its_year, lot_faults, outline_faults, survey_faults
from procure.rounds.void_grounds import LONGEST, MOST, STANDARD
from procure.settlement.round import ContractKind, Rules
from tests.builders import a_lot, an_item
from tests.people import NOW

OUTLINE = Outline("R8-1", "令和８年度 共同調達", 2026, date(2026, 12, 11), "見本協議会")


def test_a_complete_outline_and_a_complete_lot_have_no_faults() -> None:
    assert not list(outline_faults(OUTLINE))
    assert not list(lot_faults(a_lot()))


def test_every_fault_of_an_outline_is_found_at_once() -> None:
    bad = replace(OUTLINE, ref="令和8", title="", council="長" * 201, bid_date=date(2025, 9, 30))
    assert [fault.field for fault in outline_faults(bad)] == ["ref", "title", "council", "bid_date"]


@pytest.mark.parametrize("ref", sorted(NO_ROUNDS))
def test_a_round_does_not_take_the_address_of_another_page(ref: str) -> None:
    (fault,) = outline_faults(replace(OUTLINE, ref=ref))
    assert fault.field == "ref"
    assert fault.message.startswith(f"案件番号「{ref}」は使えません。ほかのページのアドレスになるためです。")


@pytest.mark.parametrize("day", [date(2025, 10, 1), date(2026, 3, 6), date(2026, 4, 1)])
def test_bids_for_the_next_fiscal_year_may_be_opened_before_it_begins(day: date) -> None:
    assert not list(outline_faults(replace(OUTLINE, bid_date=day)))


def test_a_tender_in_march_is_a_preparation_for_the_year_that_begins_in_april() -> None:
    assert is_before_its_year(2026, date(2026, 3, 31))
    assert not is_before_its_year(2026, date(2026, 4, 1))


def test_a_minimum_price_is_for_works_only() -> None:
    bought = a_lot(rules=Rules(minimum=1))
    made = replace(bought, contract_kind=ContractKind.WORKS)
    assert [fault.field for fault in lot_faults(bought)] == ["minimum"]
    assert "第167条の10第2項" in next(lot_faults(bought)).message
    assert not list(lot_faults(made))


@pytest.mark.parametrize("minimum", [0, -1, 1_000_000_000_000, Fraction(1, 1000)])
def test_a_minimum_price_is_above_zero_within_bounds_and_no_finer_than_1_sen(minimum: int | Fraction) -> None:
    lot = a_lot(contract_kind=ContractKind.WORKS, rules=Rules(minimum=minimum))
    assert [fault.field for fault in lot_faults(lot)] == ["minimum"]


@pytest.mark.parametrize("grounds", [("事" * (LONGEST + 1),), ("金額のない入札",) * (MOST + 1)])
def test_grounds_on_which_a_bid_is_void_are_not_without_end(grounds: tuple[str, ...]) -> None:
    assert [fault.field for fault in lot_faults(a_lot(rules=Rules(void_grounds=grounds)))] == ["void_grounds"]


def test_the_usual_grounds_are_a_list_that_a_lot_may_have() -> None:
    assert len(STANDARD) == len(set(STANDARD)) == 13
    assert not list(lot_faults(a_lot(rules=Rules(void_grounds=STANDARD))))


@pytest.mark.parametrize("rate", [Fraction(-1, 100), Fraction(1)])
def test_a_tax_rate_is_from_0_to_below_1(rate: Fraction) -> None:
    assert [fault.field for fault in lot_faults(a_lot(rules=Rules(tax_rate=rate)))] == ["tax_rate"]


def test_items_need_a_code_a_name_a_unit_and_no_code_twice() -> None:
    items = (an_item("pc"), an_item("pc"), an_item("P C", 0, name="", unit=""))
    fields = {fault.field for fault in lot_faults(a_lot(items=items))}
    assert fields == {"item-0-ref", "item-1-ref", "item-2-ref", "item-2-name", "item-2-unit", "item-2-list_price"}


def test_an_open_price_is_no_fault() -> None:
    assert not list(lot_faults(a_lot(items=(an_item(list_price=None),))))


def test_a_survey_needs_time_and_something_to_ask_for() -> None:
    assert not list(survey_faults([a_lot()], NOW + timedelta(seconds=1), NOW))
    assert [fault.field for fault in survey_faults([], NOW, NOW)] == ["deadline", "lots"]
    assert [fault.field for fault in survey_faults([a_lot(items=())], NOW + timedelta(days=1), NOW)] == ["lots"]
