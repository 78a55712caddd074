"""A form read field by field."""

from procure.errors import Fault
from procure.server import Fields
from procure.values.era import parse_date
from procure.web.reading import Reading

NO_DAY, NO_TITLE, NO_CHOICE = (Fault(field, f"{field}?") for field in ("day", "title", "choice"))


def reading(**typed: str) -> Reading:
    return Reading(Fields(list(typed.items())))


def test_faults_stand_in_the_order_of_the_form_whoever_found_them() -> None:
    read = reading(title="", day="")
    read.value("day", parse_date, NO_DAY.message)
    assert read.judged([NO_TITLE]) == (NO_TITLE, NO_DAY)


def test_what_an_empty_choice_lacks_stays_where_the_rules_put_it() -> None:
    assert reading(title="", day="").judged([NO_CHOICE, NO_DAY, NO_TITLE]) == (NO_CHOICE, NO_DAY, NO_TITLE)


def test_a_field_that_cannot_be_read_has_one_fault() -> None:
    read = reading(day="x")
    read.value("day", parse_date)
    assert [fault.field for fault in read.judged([NO_DAY])] == ["day"]
