"""Reading a whole answer as it was typed: participation, quantities, spares and what goes with them. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from procure.demand.states import Acquisition
from procure.errors import Fault
from procure.values.era import parse_month
from procure.values.money import Yen
from procure.values.quantity import MOST_QUANTITY, parse_quantity, parse_yen
from procure.values.text import clean
from procure.values.unreadable import Unreadable

YES, NO = "yes", "no"
LONGEST = 2000
EITHER = "数量を入力して「参加する」を選ぶか、数量を空欄にして「今回は参加しない」を選んでください。"
UNUSUALLY_MANY = 3  # times 前回
T = TypeVar("T")


class AskedItem(Protocol):
    """An item as the survey asks for it: the server's number of its row, its name and unit."""

    @property
    def id(self) -> int: ...

    @property
    def name(self) -> str: ...

    @property
    def unit(self) -> str: ...


@dataclass(frozen=True, slots=True)
class AskedLot:
    """A lot as the survey asks for it. `either`: the body chooses between purchase and lease."""

    id: int
    title: str
    items: tuple[AskedItem, ...]
    either: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """What a body asks of an item. `quantity` counts the spares; `last_unit_price` is tax-exclusive yen."""

    quantity: int
    spares: int = 0
    last_unit_price: Yen | None = None


@dataclass(frozen=True, slots=True)
class LotAnswer:
    """A body's answer for a lot; `participates` is None where it has not answered."""

    lot_id: int
    participates: bool | None
    lines: Mapping[int, Line] = field(default_factory=dict)
    acquisition: Acquisition | None = None
    delivery_month: str | None = None
    delivery_places: str = ""
    remarks: str = ""
    budget_with_tax: Yen | None = None


@dataclass(frozen=True, slots=True)
class TypedAnswer:
    """What could be read, and every fault at once."""

    lots: tuple[LotAnswer, ...]
    faults: tuple[Fault, ...]


# ---- fields: the ids are the server's, so no order or text of the page or sheet matters --------------


def quantity_field(item_id: int) -> str:
    """本体: the units that are not spares."""
    return f"qty-{item_id}"


def spares_field(item_id: int) -> str:
    return f"spare-{item_id}"


def paid_field(item_id: int) -> str:
    return f"paid-{item_id}"


def lot_field(what: str, lot_id: int) -> str:
    """`what` is one of LOT_FIELDS."""
    return f"{what}-{lot_id}"


LOT_FIELDS = ("join", "mode", "month", "places", "remarks", "budget")


def fields_of(lots: Sequence[AskedLot]) -> tuple[str, ...]:
    """Every field of a survey; whatever else is sent is ignored."""
    names: list[str] = []
    for lot in lots:
        names += [lot_field(what, lot.id) for what in LOT_FIELDS]
        for item in lot.items:
            names += [quantity_field(item.id), spares_field(item.id), paid_field(item.id)]
    return tuple(names)


# ---- reading -----------------------------------------------------------------------------------------


def read_answer(lots: Sequence[AskedLot], typed: Mapping[str, str]) -> TypedAnswer:
    """Reads the fields of the server's own lots and items."""
    reader = _Reader(typed)
    answers = tuple(reader.lot(lot) for lot in lots)
    return TypedAnswer(answers, tuple(reader.faults))


def unanswered(lots: Sequence[AskedLot], answer: TypedAnswer) -> Iterator[Fault]:
    """What stands in the way of submitting an answer that reads well: every lot needs 参加 or 不参加."""
    for lot, given in zip(lots, answer.lots, strict=True):
        if given.participates is None:
            yield Fault(lot_field("join", lot.id), f"「{lot.title}」に参加するか、今回は参加しないかを選んでください。")
        elif given.participates and lot.either and given.acquisition is None:
            yield Fault(lot_field("mode", lot.id), f"「{lot.title}」を購入するか賃借するかを選んでください。")


def unusual(item: AskedItem, quantity: int, last: int | None) -> str | None:
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


class _Reader:
    """Collects the faults of one answer while its fields are read."""

    def __init__(self, typed: Mapping[str, str]) -> None:
        self._typed = typed
        self.faults: list[Fault] = []

    def lot(self, lot: AskedLot) -> LotAnswer:
        lines = {item.id: line for item in lot.items if (line := self._line(item))}
        budget: Yen | None = self._read(lot_field("budget", lot.id), f"{lot.title}の予算額", parse_yen)
        return LotAnswer(
            lot_id=lot.id,
            participates=self._participates(lot, lines),
            lines=lines,
            acquisition=self._acquisition(lot),
            delivery_month=self._read(lot_field("month", lot.id), f"{lot.title}の希望納期", parse_month),
            delivery_places=self._text(lot_field("places", lot.id), f"{lot.title}の納入場所"),
            remarks=self._text(lot_field("remarks", lot.id), f"{lot.title}の備考"),
            budget_with_tax=budget,
        )

    def _line(self, item: AskedItem) -> Line | None:
        def count(text: str) -> int | None:
            return parse_quantity(text, item.unit)

        def price(text: str) -> Yen | None:
            return parse_yen(text, 2)

        main = self._read(quantity_field(item.id), item.name, count) or 0
        spares = self._read(spares_field(item.id), f"{item.name}の予備", count) or 0
        paid: Yen | None = self._read(paid_field(item.id), f"{item.name}の前回単価", price)
        if main + spares > MOST_QUANTITY:
            message = f"「{item.name}」：本体と予備を合わせて{MOST_QUANTITY:,}以下で入力してください。"
            self.faults.append(Fault(quantity_field(item.id), message))
        return Line(main + spares, spares, paid or None) if main + spares else None

    def _participates(self, lot: AskedLot, lines: Mapping[int, Line]) -> bool | None:
        field, chosen = lot_field("join", lot.id), self._typed.get(lot_field("join", lot.id), "")
        if chosen == NO and lines:
            self.faults.append(Fault(field, f"「{lot.title}」は「今回は参加しない」ですが、数量があります。{EITHER}"))
        if chosen == YES and not lines and not self._has_faulty_quantity(lot):
            self.faults.append(Fault(field, f"「{lot.title}」は「参加する」ですが、数量がありません。{EITHER}"))
        if chosen in (YES, NO):
            return chosen == YES
        return True if lines else None  # quantities are an answer, too

    def _has_faulty_quantity(self, lot: AskedLot) -> bool:
        fields = {name for item in lot.items for name in (quantity_field(item.id), spares_field(item.id))}
        return any(fault.field in fields for fault in self.faults)

    def _acquisition(self, lot: AskedLot) -> Acquisition | None:
        chosen = self._typed.get(lot_field("mode", lot.id), "") if lot.either else ""
        return Acquisition(chosen) if chosen in set(Acquisition) else None

    def _text(self, field: str, label: str) -> str:
        text = self._read(field, label, lambda typed: clean(typed.replace("\r\n", "\n"), lines=True).strip()) or ""
        if len(text) > LONGEST:
            self.faults.append(Fault(field, f"「{label}」は{LONGEST}字以内で入力してください。"))
        return text[:LONGEST]

    def _read(self, field: str, label: str, parse: Callable[[str], T]) -> T | None:
        try:
            return parse(self._typed.get(field, ""))
        except Unreadable as unreadable:
            self.faults.append(Fault(field, f"「{label}」：{unreadable.message}"))
            return None
