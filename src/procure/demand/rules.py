"""Reading what a body typed into the demand grid, and what may be submitted. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from procure.errors import Fault
from procure.values.quantity import parse_quantity
from procure.values.unreadable import Unreadable

UNUSUALLY_MANY = 3  # times 前回


class GridItem(Protocol):
    """An item as the grid asks for it: the server's number of its row, its name and unit."""

    id: int
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class TypedDemand:
    """Quantities by item row, and every fault at once. An empty field asks for nothing."""

    quantities: Mapping[int, int]
    faults: tuple[Fault, ...]


def field_of(item: GridItem) -> str:
    """The field of an item in the grid; the id is the server's, so no order or text of the page matters."""
    return f"qty-{item.id}"


def read_typed(items: Sequence[GridItem], typed: Mapping[str, str]) -> TypedDemand:
    """Reads the fields of the server's own items; whatever else was sent is ignored."""
    quantities: dict[int, int] = {}
    faults: list[Fault] = []
    for item in items:
        try:
            quantity = parse_quantity(typed.get(field_of(item), ""), item.unit)
        except Unreadable as unreadable:
            faults.append(Fault(field_of(item), f"「{item.name}」：{unreadable.message}"))
        else:
            quantities |= {item.id: quantity} if quantity else {}
    return TypedDemand(quantities, tuple(faults))


def unusual(item: GridItem, quantity: int, last: int | None) -> str | None:
    """What to ask about before it is submitted: three times as much as 前回, or nothing of what was bought then."""
    if not last:
        return None
    if quantity >= last * UNUSUALLY_MANY:
        return (
            f"「{item.name}」：前回（{last:,}{item.unit}）の{UNUSUALLY_MANY}倍以上の数量です"
            f"（{quantity:,}{item.unit}）。桁の誤りがないか確かめてください。"
        )
    if not quantity:
        return f"「{item.name}」：前回は{last:,}{item.unit}でしたが、今回は登録されません。"
    return None
