"""What a record of a training course or a meeting must be."""

from datetime import date
from typing import Any

import pytest

from procure.meetings.kinds import Form, Kind
from procure.meetings.rules import Record, record_faults
from tests.meetings.records import DAY, a_meeting, a_training

KNOWN = {"292010", "292117"}
TODAY = date(2026, 11, 24)


def fields(record: Record, today: date = TODAY) -> list[str]:
    return [fault.field for fault in record_faults(record, KNOWN, today)]


def test_a_meeting_and_a_training_as_they_are_held_have_no_fault() -> None:
    assert fields(a_meeting(bodies=("292010",))) == []
    assert fields(a_training()) == []


def test_every_fault_is_named_at_once() -> None:
    wrong = a_meeting(organ=None, title="", day=date(2027, 1, 1), place="", persons=0, bodies=("999999",), agenda=())
    assert fields(wrong) == ["organ", "title", "day", "place", "persons", "bodies", "agenda"]


@pytest.mark.parametrize(
    ("form", "expected"),
    [(Form.IN_PERSON, ["place"]), (Form.HYBRID, ["place"]), (Form.ONLINE, []), (Form.WRITTEN, [])],
)
def test_only_people_who_come_together_need_a_place(form: Form, expected: list[str]) -> None:
    assert fields(a_meeting(form=form, place="")) == expected


def test_what_is_held_today_may_be_recorded_and_what_is_planned_may_not() -> None:
    assert fields(a_meeting(), today=DAY) == []
    assert fields(a_meeting(), today=date(2021, 6, 23)) == ["day"]


def test_a_year_that_was_mistyped_is_noticed() -> None:
    assert fields(a_meeting(day=date(1912, 3, 31))) == ["day"]
    assert fields(a_meeting(day=date(1912, 4, 1))) == []


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"title": "会" * 200}, []),
        ({"title": "会" * 201}, ["title"]),
        ({"place": "所" * 201}, ["place"]),
        ({"persons": 99_999}, []),
        ({"persons": 100_000}, ["persons"]),
        ({"persons": None}, []),
        ({"agenda": ("議" * 200,) * 30}, []),
        ({"agenda": ("議",) * 31}, ["agenda"]),
        ({"agenda": ("議" * 201, "議", "議" * 201)}, ["agenda", "agenda"]),
        ({"result": "結" * 2001}, ["result"]),
        ({"speaker": "師" * 201}, ["speaker"]),
    ],
)
def test_texts_and_numbers_have_their_limits(other: dict[str, Any], expected: list[str]) -> None:
    assert fields(a_meeting(**other)) == expected


def test_a_training_needs_neither_organ_nor_agenda() -> None:
    assert fields(a_training(title="")) == ["title"]
    assert a_training().kind is Kind.TRAINING


@pytest.mark.parametrize(
    ("day", "year"), [(date(2022, 3, 31), 2021), (date(2022, 4, 1), 2022), (date(2021, 4, 1), 2021)]
)
def test_the_year_changes_on_the_first_of_april(day: date, year: int) -> None:
    assert a_meeting(day=day).fiscal_year == year
