"""A form read field by field: values where the text can be read, a fault beside the field where it cannot."""

from collections.abc import Callable, Iterable
from enum import Enum
from typing import TypeVar

from procure.errors import Fault
from procure.server import Fields
from procure.values.text import clean
from procure.values.unreadable import Unreadable

T = TypeVar("T")
E = TypeVar("E", bound=Enum)


class Reading:
    """Collects every fault, so that the whole form is judged at once."""

    def __init__(self, form: Fields) -> None:
        self.form = form
        self.faults: list[Fault] = []

    def text(self, name: str, *, lines: bool = False) -> str:
        """The text to store; "" where it holds something that may not be stored."""
        return self.value(name, lambda typed: clean(typed, lines=lines)) or ""

    def value(self, name: str, parse: Callable[[str], T], missing: str | None = None) -> T | None:
        """What the parser makes of the field. `missing` is the fault of an empty one, where it may not be empty."""
        try:
            value = parse(self.form.text(name))
        except Unreadable as unreadable:
            self.faults.append(Fault(name, unreadable.message))
            return None
        if value is None and missing:
            self.faults.append(Fault(name, missing))
        return value

    def choice(self, name: str, kind: type[E], label: str) -> E | None:
        """One of an enumeration, by its value."""
        typed = self.form.text(name)
        found = next((member for member in kind if member.value == typed), None)
        if found is None:
            self.faults.append(Fault(name, f"{label}を選択してください。"))
        return found

    def is_checked(self, name: str) -> bool:
        return name in self.form

    def judged(self, faults: Iterable[Fault]) -> tuple[Fault, ...]:
        """The faults of reading, and those of the rules in the fields that could be read, as they stand in the form."""
        unread = {fault.field for fault in self.faults}
        return self._in_order([*self.faults, *(fault for fault in faults if fault.field not in unread)])

    def _in_order(self, faults: list[Fault]) -> tuple[Fault, ...]:
        """A field that sends nothing while it is empty, such as a choice, has no place to be sorted by."""
        places = {name: place for place, name in enumerate(self.form.names())}
        known = all(fault.field in places for fault in faults)
        return tuple(sorted(faults, key=lambda fault: places[fault.field])) if known else tuple(faults)
