"""The demand grid of one body: every field as it was typed and read, sums at list price, differences to last time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlmodel import Session

from procure.demand.answer import (
    AskedLot,
    LotAnswer,
    TypedAnswer,
    lot_field,
    paid_field,
    quantity_field,
    read_answer,
    spares_field,
    unanswered,
    unusual,
)
from procure.demand.queries import asked_lots, last_quantities
from procure.errors import Fault
from procure.reports.sums import total
from procure.rounds.queries import items_of, lots_of
from procure.rounds.tables import ItemRow, RoundRow
from procure.values.era import wareki_year
from procure.values.money import Yen, parse_decimal, whole_or_exact
from procure.values.tax import with_tax

MIXED_UNITS = "点"


@dataclass(frozen=True, slots=True)
class Box:
    """A field: its name, the text in it as typed, and what is wrong with that."""

    field: str
    raw: str
    error: str | None = None


@dataclass(frozen=True, slots=True)
class GridRow:
    """An item. `units` counts the spares; None where they could not be read. `last` is 前回. Tax-exclusive yen."""

    id: str
    name: str
    specification: str
    unit: str
    list_price: Yen | None
    last: int | None
    main: Box
    spare: Box
    paid: Box
    units: int | None
    spares: int
    warning: str | None = None

    @property
    def boxes(self) -> tuple[Box, Box]:
        return self.main, self.spare

    @property
    def amount(self) -> Yen | None:
        if self.units is None or self.list_price is None:
            return None
        return whole_or_exact(self.list_price * self.units)

    @property
    def difference(self) -> int | None:
        """Against last time; None where there was no last time."""
        return None if self.last is None else (self.units or 0) - self.last

    @property
    def is_faulty(self) -> bool:
        return any(box.error for box in self.boxes)


@dataclass(frozen=True, slots=True)
class GridLot:
    """A lot with its answer. `mode` is there where the body chooses between purchase and lease."""

    title: str
    rows: tuple[GridRow, ...]
    answer: LotAnswer
    join: Box
    mode: Box | None
    month: Box
    places: Box
    remarks: Box
    budget: Box
    amount_with_tax: int

    @property
    def unit(self) -> str:
        return common_unit(self.rows)

    @property
    def units(self) -> int:
        return sum(row.units or 0 for row in self.rows)

    @property
    def spares(self) -> int:
        return sum(row.spares for row in self.rows)

    @property
    def amount(self) -> Yen:
        return _amount(self.rows)

    @property
    def last(self) -> int:
        return sum(row.last or 0 for row in self.rows)

    @property
    def delivery_month(self) -> str | None:
        """希望納期: 令和9年2月."""
        if self.answer.delivery_month is None:
            return None
        first = date.fromisoformat(f"{self.answer.delivery_month}-01")
        return f"{wareki_year(first)}{first.month}月"

    @property
    def details(self) -> tuple[Box, ...]:
        """What need not be said."""
        return self.month, self.places, self.remarks, self.budget, *(row.paid for row in self.rows)

    @property
    def has_details(self) -> bool:
        return any(box.raw or box.error for box in self.details)

    @property
    def asked(self) -> tuple[GridRow, ...]:
        return tuple(row for row in self.rows if row.units)

    @property
    def changed(self) -> tuple[GridRow, ...]:
        """The items whose quantity is not last time's."""
        return tuple(row for row in self.rows if (row.units and row.last is None) or row.difference)

    @property
    def unchanged(self) -> int:
        """How many items are asked for as last time."""
        return sum(1 for row in self.asked if row.difference == 0)

    @property
    def over_budget(self) -> int | None:
        """By how much the list prices with tax exceed the budget, in yen; None where they do not."""
        budget = self.answer.budget_with_tax
        return None if budget is None or self.amount_with_tax <= budget else int(self.amount_with_tax - budget)

    @property
    def warnings(self) -> tuple[str, ...]:
        if self.answer.participates:
            return tuple(row.warning for row in self.rows if row.warning)
        if self.last and self.answer.participates is False:
            return (f"「{self.title}」：前回は{self.last:,}{self.unit}でしたが、今回は参加しない回答です。",)
        return ()


@dataclass(frozen=True)
class Grid:
    """The answer of a body, lot by lot, every fault of what was typed, and what is still to be answered."""

    lots: tuple[GridLot, ...]
    faults: tuple[Fault, ...]
    missing: tuple[Fault, ...]

    @cached_property
    def rows(self) -> tuple[GridRow, ...]:
        return tuple(row for lot in self.lots for row in lot.rows)

    @property
    def unit(self) -> str:
        return common_unit(self.rows)

    @property
    def units(self) -> int:
        return sum(lot.units for lot in self.lots)

    @property
    def spares(self) -> int:
        return sum(lot.spares for lot in self.lots)

    @property
    def amount(self) -> Yen:
        return _amount(self.rows)

    @property
    def takes_part(self) -> bool:
        return any(lot.answer.participates for lot in self.lots)

    @property
    def is_empty(self) -> bool:
        """Whether no quantity is typed at all."""
        return not any(box.raw.strip() for row in self.rows for box in row.boxes)

    @property
    def has_last(self) -> bool:
        return any(row.last for row in self.rows)

    @property
    def asked(self) -> tuple[GridRow, ...]:
        return tuple(row for row in self.rows if row.units)

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(warning for lot in self.lots for warning in lot.warnings)


def grid_of(
    session: Session, row: RoundRow, body_code: str, typed: Mapping[str, str], *, asks_for_all: bool = False
) -> Grid:
    """The grid with what was typed, by field. `asks_for_all`: what is not answered yet is a fault, too."""
    lots = asked_lots(session, row.id)
    answer = read_answer(lots, typed)
    missing = tuple(unanswered(lots, answer))
    faults = (*answer.faults, *missing) if asks_for_all else answer.faults
    made = _Maker(session, row, body_code, typed, faults)
    return Grid(tuple(made.lots(lots, answer)), faults, missing)


def last_typed(session: Session, row: RoundRow, body_code: str) -> dict[str, str]:
    """The fields as they would be with last time's quantities."""
    last = last_quantities(session, row, items_of(session, row.id), body_code)
    return {quantity_field(item): str(quantity) for item, quantity in last.items() if quantity}


def common_unit(rows: Sequence[GridRow]) -> str:
    """The unit of a sum: that of the items, or 点 where they are counted differently."""
    units = {row.unit for row in rows}
    return units.pop() if len(units) == 1 else MIXED_UNITS


def _amount(rows: Sequence[GridRow]) -> Yen:
    return total(row.amount or 0 for row in rows) or 0


class _Maker:
    """Puts the rows of a round beside what was typed for them."""

    def __init__(
        self, session: Session, row: RoundRow, body_code: str, typed: Mapping[str, str], faults: Sequence[Fault]
    ) -> None:
        self._typed = typed
        self._errors = {fault.field: _beside_its_field(fault) for fault in reversed(faults)}
        self._items: dict[int, ItemRow] = {item.id: item for item in items_of(session, row.id)}
        self._rates = {lot.id: parse_decimal(lot.tax_rate) for lot in lots_of(session, row.id)}
        self._last = last_quantities(session, row, list(self._items.values()), body_code)

    def lots(self, lots: Sequence[AskedLot], answer: TypedAnswer) -> Iterator[GridLot]:
        for lot, given in zip(lots, answer.lots, strict=True):
            rows = tuple(self._row(self._items[item.id], given) for item in lot.items)
            yield GridLot(
                title=lot.title,
                rows=rows,
                answer=given,
                join=self._join(lot, given),
                mode=self._box(lot_field("mode", lot.id)) if lot.either else None,
                month=self._box(lot_field("month", lot.id)),
                places=self._box(lot_field("places", lot.id)),
                remarks=self._box(lot_field("remarks", lot.id)),
                budget=self._box(lot_field("budget", lot.id)),
                amount_with_tax=with_tax(_amount(rows), self._rates[lot.id]),
            )

    def _join(self, lot: AskedLot, given: LotAnswer) -> Box:
        """Quantities without a choice say 参加する, and the page shows it so."""
        box = self._box(lot_field("join", lot.id))
        return Box(box.field, "yes", box.error) if given.participates and not box.raw else box

    def _row(self, item: ItemRow, given: LotAnswer) -> GridRow:
        main, spare = self._box(quantity_field(item.id)), self._box(spares_field(item.id))
        line, last = given.lines.get(item.id), self._last.get(item.id)
        is_typed = bool(main.raw.strip() or spare.raw.strip())
        units = line.quantity if line else 0 if is_typed else None
        is_faulty = bool(main.error or spare.error)
        return GridRow(
            id=item.ref,
            name=item.name,
            specification=item.specification,
            unit=item.unit,
            list_price=item.list_price,
            last=last,
            main=main,
            spare=spare,
            paid=self._box(paid_field(item.id)),
            units=None if is_faulty else units,
            spares=line.spares if line and not is_faulty else 0,
            warning=None if is_faulty else unusual(item, units or 0, last),
        )

    def _box(self, field: str) -> Box:
        return Box(field, self._typed.get(field, ""), self._errors.get(field))


def _beside_its_field(fault: Fault) -> str:
    """The list of faults names the field; beside the field its name would only repeat."""
    return fault.message.partition("」：")[2] or fault.message
