"""The rows of the form of bidders: as typed, completed from the register of suppliers, and read into registrations."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

from procure.bids.admission import Admission
from procure.bids.bidders import Registration
from procure.errors import Fault
from procure.parties.suppliers import typed_number
from procure.parties.tables import SupplierRow
from procure.server import Fields
from procure.web.reading import Reading

MOST_ROWS = 200
_BLANK = " \t\u3000"
_ORDER = ("name", "number", "address", "representative", "admission", "reason")
_FIELD = re.compile(r"bidder-([0-9]+)-(.+)")


@dataclass(frozen=True, slots=True)
class BidderLine:
    """A row of the form as text; `ref` is "" for a bidder that is not registered yet."""

    ref: str = ""
    name: str = ""
    number: str = ""
    address: str = ""
    representative: str = ""
    lots: frozenset[str] = frozenset()
    admission: str = Admission.REGISTERED.value
    reason: str = ""

    @property
    def is_kept(self) -> bool:
        """A name that was emptied removes its bidder; in a new row something else may stand without the name yet."""
        is_begun = any(text.strip(_BLANK) for text in (self.number, self.address, self.representative))
        return bool(self.name.strip(_BLANK)) or (not self.ref and is_begun)


def typed_lines(form: Fields, known: Iterable[SupplierRow]) -> list[BidderLine]:
    """The rows that count, in their order. What was left empty is filled in from the register."""
    lines = (_typed(form, index) for index in range(MOST_ROWS) if f"bidder-{index}-name" in form)
    register = list(known)
    return [_completed(line, register) for line in lines if line.is_kept]


def _typed(form: Fields, index: int) -> BidderLine:
    at = f"bidder-{index}"
    return BidderLine(
        ref=form.text(f"{at}-ref"),
        name=form.text(f"{at}-name"),
        number=form.text(f"{at}-number"),
        address=form.text(f"{at}-address"),
        representative=form.text(f"{at}-representative"),
        lots=frozenset(form.texts(f"{at}-lots")),
        admission=form.text(f"{at}-admission") or Admission.REGISTERED.value,
        reason=form.text(f"{at}-reason"),
    )


def _completed(line: BidderLine, register: Sequence[SupplierRow]) -> BidderLine:
    """By its number, or by its name where but one supplier has it. Nothing that was typed is changed."""
    number, name = typed_number(line.number), line.name.strip(_BLANK)
    same = [one for one in register if (one.corporate_number == number if number else one.name == name)]
    if len(same) != 1:
        return line
    (supplier,) = same
    return replace(
        line,
        name=line.name if name else supplier.name,
        number=line.number if number else supplier.corporate_number or "",
        address=line.address if line.address.strip(_BLANK) else supplier.address,
        representative=line.representative if line.representative.strip(_BLANK) else supplier.representative,
    )


def renumbered(lines: Sequence[BidderLine]) -> Fields:
    """The rows under the numbers that they have when the page is shown again."""
    names = [field.name for field in fields(BidderLine) if field.name != "lots"]
    return Fields((f"bidder-{index}-{name}", getattr(line, name)) for index, line in enumerate(lines) for name in names)


def read_line(reading: Reading, index: int, ref: str, lots: frozenset[str]) -> Registration:
    at = f"bidder-{index}"
    return Registration(
        ref=ref,
        name=reading.text(f"{at}-name"),
        lots=lots,
        corporate_number=reading.value(f"{at}-number", typed_number),
        address=reading.text(f"{at}-address"),
        representative=reading.text(f"{at}-representative"),
        admission=reading.choice(f"{at}-admission", Admission, "参加の区分") or Admission.REGISTERED,
        admission_reason=reading.text(f"{at}-reason"),
    )


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Row by row, as the fields stand on the page."""
    return sorted(faults, key=_place)


def _place(fault: Fault) -> tuple[int, int]:
    found = _FIELD.fullmatch(fault.field)
    return (int(found[1]), _ORDER.index(found[2])) if found else (-1, 0)
