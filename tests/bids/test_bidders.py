"""What the register of suppliers says of a bidder is not said otherwise by a registration, whoever sends it."""

from collections.abc import Sequence

import pytest

from procure.bids.bidders import Registration, registry_faults
from procure.parties.tables import SupplierRow
from tests.people import NOW

NUMBER, OTHER = "7000012050002", "1000020290009"


def supplier(name: str = "甲社", number: str | None = NUMBER, address: str = "奈良市") -> SupplierRow:
    return SupplierRow(
        id=1, name=name, corporate_number=number, address=address, representative="代表　太郎", changed_at=NOW
    )


def entry(
    name: str = "甲社", number: str | None = NUMBER, *, address: str = "", representative: str = ""
) -> Registration:
    return Registration("b1", name, frozenset({"pc"}), number, address, representative)


def fields(registration: Registration, known: SupplierRow | None, register: Sequence[SupplierRow] = ()) -> list[str]:
    found = registry_faults([registration], {"b1": known} if known else {}, register)
    return [fault.field for fault in found]


def test_what_is_left_out_or_said_alike_is_no_fault() -> None:
    known = supplier()
    assert fields(entry(), known, [known]) == []
    assert fields(entry(address="奈良市", representative="代表　太郎"), known, [known]) == []


def test_what_the_register_does_not_know_yet_may_be_added() -> None:
    assert fields(entry(address="奈良市登大路町"), supplier(address="")) == []


@pytest.mark.parametrize(
    ("registration", "field"),
    [
        (entry("乙社"), "bidder-0-name"),
        (entry(address="葛城市"), "bidder-0-address"),
        (entry(representative="代表　次郎"), "bidder-0-representative"),
    ],
)
def test_what_the_register_says_otherwise_is_changed_there(registration: Registration, field: str) -> None:
    assert fields(registration, supplier()) == [field]


def test_a_name_that_several_have_needs_its_number() -> None:
    register = [supplier(), supplier(number=OTHER)]
    assert fields(entry(number=None), register[0], register) == ["bidder-0-number"]
    assert fields(entry(), register[0], register) == []


def test_a_part_is_no_longer_than_the_register_keeps_it() -> None:
    assert fields(entry(address="あ" * 200, representative="あ" * 100), None) == []
    assert fields(entry(address="あ" * 201), None) == ["bidder-0-address"]
    assert fields(entry(representative="あ" * 101), None) == ["bidder-0-representative"]
