"""What the demand pages show of a round for one body: the grid, its differences to last time, its state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlmodel import Session

from procure.demand.queries import draft_of, last_quantities, submission_of, typed_in
from procure.demand.rules import field_of, read_typed, unusual
from procure.demand.tables import DraftRow, SubmissionRow
from procure.errors import Fault
from procure.reports.sums import total
from procure.rounds.queries import items_of, lots_of
from procure.rounds.stages import is_registration_open
from procure.rounds.tables import ItemRow, LotRow, RoundRow
from procure.values.era import wareki
from procure.values.money import Yen, whole_or_exact
from procure.values.quantity import parse_quantity
from procure.values.unreadable import Unreadable

MIXED_UNITS = "点"


@dataclass(frozen=True, slots=True)
class GridRow:
    """An item in the grid. `raw` is as typed, `quantity` as read; `last` is 前回. Tax-exclusive yen at list price."""

    id: str
    field: str
    name: str
    specification: str
    unit: str
    list_price: Yen | None
    last: int | None
    raw: str
    quantity: int | None
    error: str | None
    warning: str | None

    @property
    def amount(self) -> Yen | None:
        if self.quantity is None or self.list_price is None:
            return None
        return whole_or_exact(self.list_price * self.quantity)

    @property
    def difference(self) -> int | None:
        """Against last time; None where there was no last time."""
        return None if self.last is None else (self.quantity or 0) - self.last


@dataclass(frozen=True, slots=True)
class GridLot:
    title: str
    rows: tuple[GridRow, ...]

    @property
    def unit(self) -> str:
        return common_unit(self.rows)

    @property
    def quantity(self) -> int:
        return sum(row.quantity or 0 for row in self.rows)

    @property
    def amount(self) -> Yen:
        return total(row.amount or 0 for row in self.rows) or 0


@dataclass(frozen=True)
class Grid:
    """Everything that is asked for, lot by lot, and every fault at once."""

    lots: tuple[GridLot, ...]
    faults: tuple[Fault, ...]

    @cached_property
    def rows(self) -> tuple[GridRow, ...]:
        return tuple(row for lot in self.lots for row in lot.rows)

    @property
    def unit(self) -> str:
        return common_unit(self.rows)

    @property
    def quantity(self) -> int:
        return sum(lot.quantity for lot in self.lots)

    @property
    def amount(self) -> Yen:
        return total(lot.amount for lot in self.lots) or 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing is typed at all."""
        return not any(row.raw.strip() for row in self.rows)

    @property
    def asks_for_nothing(self) -> bool:
        """Whether it would say that the body takes no part."""
        return not any(row.quantity for row in self.rows)

    @property
    def has_last(self) -> bool:
        return any(row.last for row in self.rows)

    @property
    def asked(self) -> tuple[GridRow, ...]:
        return tuple(row for row in self.rows if row.quantity)

    @property
    def changed(self) -> tuple[GridRow, ...]:
        """The items whose quantity is not last time's."""
        return tuple(row for row in self.rows if (row.quantity and row.last is None) or row.difference)

    @property
    def unchanged(self) -> int:
        """How many items are asked for as last time."""
        return sum(1 for row in self.asked if row.difference == 0)

    @property
    def warnings(self) -> tuple[str, ...]:
        if self.asks_for_nothing:
            return ()
        return tuple(row.warning for row in self.rows if row.warning)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a body has submitted last: its 受付番号, when, and by whom."""

    number: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What is saved and not submitted, field by field as it was typed."""

    typed: Mapping[str, str]
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey as a body sees it: its round, its deadline, and how far the body has come with its answer."""

    ref: str
    title: str
    is_sample: bool
    deadline: datetime | None
    is_open: bool
    is_published: bool
    receipt: Receipt | None
    draft: Draft | None

    @property
    def path(self) -> str:
        return f"/demand/{self.ref}"

    @property
    def state(self) -> str:
        if self.receipt and self.draft:
            return "登録済み（変更は下書き）"
        if self.receipt:
            return "登録済み"
        return "下書き" if self.draft else "未回答"

    @property
    def tone(self) -> str:
        if self.draft:
            return "yellow"
        return "green" if self.receipt else "gray"

    @property
    def act(self) -> str:
        """The words on its link."""
        if not self.is_open:
            return "回答を見る"
        return "変更する" if self.receipt else "続きを入力する" if self.draft else "登録する"


def grid_of(session: Session, row: RoundRow, body_code: str, typed: Mapping[str, str]) -> Grid:
    """The grid with what was typed, by field."""
    items = items_of(session, row.id)
    last = last_quantities(session, row, items, body_code)
    rows = {item.id: _row(item, typed.get(field_of(item), ""), last.get(item.id)) for item in items}
    lots = tuple(_lot(lot, items, rows) for lot in lots_of(session, row.id))
    return Grid(lots, read_typed(items, typed).faults)


def last_typed(session: Session, row: RoundRow, body_code: str) -> dict[str, str]:
    """The fields as they would be with last time's quantities."""
    items = items_of(session, row.id)
    last = last_quantities(session, row, items, body_code)
    return {field_of(item): str(last[item.id]) for item in items if last.get(item.id)}


def survey_of(session: Session, row: RoundRow, body_code: str, now: datetime) -> Survey:
    return survey(row, submission_of(session, row.id, body_code), draft_of(session, row.id, body_code), now)


def survey(row: RoundRow, submission: SubmissionRow | None, draft: DraftRow | None, now: datetime) -> Survey:
    return Survey(
        ref=row.ref,
        title=row.title,
        is_sample=row.is_sample,
        deadline=row.survey_deadline,
        is_open=is_registration_open(row.stage, row.survey_deadline, now),
        is_published=row.published_at is not None,
        receipt=None if submission is None else _receipt(submission),
        draft=None if draft is None else Draft(typed_in(draft), draft.saved_at),
    )


def saved_state(at: Survey, now: datetime) -> str:
    """What the bar at the foot says has been kept."""
    if at.draft is None:
        return "登録済みの内容です" if at.receipt else "まだ保存していません"
    saved = at.draft.saved_at
    day = "" if saved.date() == now.date() else wareki(saved)
    return f"下書き保存済み　{day}{saved.hour}時{saved.minute:02d}分"


def common_unit(rows: Sequence[GridRow]) -> str:
    """The unit of a sum: that of the items, or 点 where they are counted differently."""
    units = {row.unit for row in rows}
    return units.pop() if len(units) == 1 else MIXED_UNITS


def _receipt(row: SubmissionRow) -> Receipt:
    return Receipt(row.receipt_number, row.submitted_at, row.submitted_by)


def _lot(lot: LotRow, items: Sequence[ItemRow], rows: Mapping[int, GridRow]) -> GridLot:
    return GridLot(lot.title, tuple(rows[item.id] for item in items if item.lot_id == lot.id))


def _row(item: ItemRow, raw: str, last: int | None) -> GridRow:
    quantity, error = _read(raw, item.unit)
    return GridRow(
        id=item.ref,
        field=field_of(item),
        name=item.name,
        specification=item.specification,
        unit=item.unit,
        list_price=item.list_price,
        last=last,
        raw=raw,
        quantity=quantity,
        error=error,
        warning=None if error else unusual(item, quantity or 0, last),
    )


def _read(raw: str, unit: str) -> tuple[int | None, str | None]:
    try:
        return parse_quantity(raw, unit), None
    except Unreadable as unreadable:
        return None, unreadable.message
