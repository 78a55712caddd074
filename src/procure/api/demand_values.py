"""Demand as the API takes and shows it, lot by lot and item by item, by their codes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from msgspec import Meta
from sqlmodel import Session

from procure.api.fields import Amount, Body, Known, Quantity, Shown, Text, amount, yen
from procure.demand.answer import NO, YES, AskedLot, LotAnswer, lot_field, paid_field, quantity_field, spares_field
from procure.demand.board import Status
from procure.demand.queries import asked_lots
from procure.demand.states import Acquisition
from procure.errors import Fault
from procure.rounds.queries import items_of, lots_of
from procure.rounds.tables import ItemRow, LotRow, RoundRow
from procure.values.money import format_decimal

Month = Annotated[str, Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$", max_length=7, description="希望納期（YYYY-MM）")]


# ---- what is sent ------------------------------------------------------------------------------------


class ItemDemand(Body, frozen=True, kw_only=True):
    """品目の数量。spares（予備）は quantity に含まれる。last_unit_price は前回の単価（税抜・円）。"""

    ref: Known
    quantity: Quantity
    spares: Quantity = 0
    last_unit_price: Amount | None = None


class LotDemand(Body, frozen=True, kw_only=True):
    """ロットへの回答。participates は参加するか（null は未回答）、budget_with_tax は予算額（税込・円）。"""

    ref: Known
    participates: bool | None
    items: Annotated[tuple[ItemDemand, ...], Meta(max_length=300)] = ()
    acquisition: Acquisition | None = None
    delivery_month: Month | None = None
    delivery_places: Text = ""
    remarks: Text = ""
    budget_with_tax: Amount | None = None


class DemandBody(Body, frozen=True, kw_only=True):
    """団体の回答の全体。挙げなかったロットは未回答になる。"""

    lots: tuple[LotDemand, ...]


class DemandFor(DemandBody, frozen=True, kw_only=True):
    """団体に代わって登録する需要の全体。replaces_draft は、団体が保存した下書きがあっても置き換えること。"""

    replaces_draft: bool = False


# ---- what is answered --------------------------------------------------------------------------------


class AskedItem(Shown, frozen=True, kw_only=True):
    """調査の品目。list_price は定価（税抜・円）、last_quantity は前回の数量。"""

    ref: str
    name: str
    specification: str
    unit: str
    list_price: int | str | None
    last_quantity: int | None


class AskedLotShown(Shown, frozen=True, kw_only=True):
    """調査のロット。either_acquisition のときは、団体が購入か賃貸借かを選ぶ。"""

    ref: str
    title: str
    either_acquisition: bool
    items: tuple[AskedItem, ...]


class Warned(Shown, frozen=True, kw_only=True):
    """登録の前に確かめること、または読み取れない項目。"""

    field: str
    message: str


class BodyLineShown(Shown, frozen=True, kw_only=True):
    """団体の回答の状況。quantities はロットごとの数量。"""

    code: str
    name: str
    status: Status
    receipt_number: str | None
    changed_at: datetime | None
    changed_by: str | None
    own_deadline: datetime | None
    quantities: dict[str, int]


class Board(Shown, frozen=True, kw_only=True):
    """全団体の回答の状況。"""

    deadline: datetime | None
    items: tuple[BodyLineShown, ...]
    next: str | None


# ---- the codes of lots and items, and the numbers of their rows --------------------------------------


@dataclass(frozen=True, slots=True)
class Codes:
    """The lots of a survey by their rows: as they are asked, and with their items."""

    asked: tuple[AskedLot, ...]
    lots: Mapping[int, LotRow]
    items: Mapping[int, ItemRow]

    def lot_at(self, ref: str) -> AskedLot | None:
        return next((lot for lot in self.asked if self.lots[lot.id].ref == ref), None)

    def item_at(self, lot: AskedLot, ref: str) -> ItemRow | None:
        return next((self.items[item.id] for item in lot.items if self.items[item.id].ref == ref), None)


def codes_of(session: Session, row: RoundRow) -> Codes:
    return Codes(
        asked_lots(session, row.id),
        {lot.id: lot for lot in lots_of(session, row.id)},
        {item.id: item for item in items_of(session, row.id)},
    )


# ---- from a body to the fields that a page would have ------------------------------------------------


def code_faults(codes: Codes, body: DemandBody) -> Iterator[Fault]:
    """Lots and items that the survey does not ask for, or that stand there twice, and more spares than units."""
    seen: set[str] = set()
    for at, given in enumerate(body.lots):
        lot = codes.lot_at(given.ref)
        if lot is None:
            yield Fault(f"lots[{at}].ref", f"ロット「{given.ref}」はこの調査にありません。")
        elif given.ref in seen:
            yield Fault(f"lots[{at}].ref", f"ロット「{given.ref}」が二度指定されています。")
        else:
            yield from item_faults(codes, lot, given.items, f"lots[{at}].")
        seen.add(given.ref)


def item_faults(codes: Codes, lot: AskedLot, items: Sequence[ItemDemand], path: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for at, item in enumerate(items):
        if codes.item_at(lot, item.ref) is None:
            yield Fault(f"{path}items[{at}].ref", f"品目「{item.ref}」はこのロットにありません。")
        elif item.ref in seen:
            yield Fault(f"{path}items[{at}].ref", f"品目「{item.ref}」が二度指定されています。")
        if item.spares > item.quantity:
            yield Fault(f"{path}items[{at}].spares", "予備は数量に含めて指定してください（予備は数量以下です）。")
        seen.add(item.ref)


def typed_of_body(codes: Codes, body: DemandBody) -> dict[str, str]:
    """The fields as somebody would have typed them: a draft is kept so, whoever made it."""
    typed: dict[str, str] = {}
    for given in body.lots:
        lot = codes.lot_at(given.ref)
        if lot is not None:
            typed |= _typed_lot(lot.id, given)
            for item in given.items:
                if row := codes.item_at(lot, item.ref):
                    typed |= _typed_item(row.id, item)
    return typed


def _typed_lot(lot: int, given: LotDemand) -> dict[str, str]:
    return {
        lot_field("join", lot): {True: YES, False: NO, None: ""}[given.participates],
        lot_field("mode", lot): given.acquisition.value if given.acquisition else "",
        lot_field("month", lot): given.delivery_month or "",
        lot_field("places", lot): given.delivery_places,
        lot_field("remarks", lot): given.remarks,
        lot_field("budget", lot): _typed_amount(given.budget_with_tax),
    }


def _typed_item(item: int, given: ItemDemand) -> dict[str, str]:
    return {
        quantity_field(item): str(given.quantity - given.spares or ""),
        spares_field(item): str(given.spares or ""),
        paid_field(item): _typed_amount(given.last_unit_price),
    }


def _typed_amount(given: int | str | None) -> str:
    value = yen(given)
    return "" if value is None else format_decimal(value)


# ---- and back ----------------------------------------------------------------------------------------


def body_of_answer(codes: Codes, lots: Sequence[LotAnswer]) -> DemandBody:
    return DemandBody(lots=tuple(_lot_demand(codes, lot) for lot in lots))


def _lot_demand(codes: Codes, given: LotAnswer) -> LotDemand:
    items = tuple(
        ItemDemand(
            ref=codes.items[item].ref,
            quantity=line.quantity,
            spares=line.spares,
            last_unit_price=amount(line.last_unit_price),
        )
        for item, line in given.lines.items()
    )
    return LotDemand(
        ref=codes.lots[given.lot_id].ref,
        participates=given.participates,
        items=items,
        acquisition=given.acquisition,
        delivery_month=given.delivery_month,
        delivery_places=given.delivery_places,
        remarks=given.remarks,
        budget_with_tax=amount(given.budget_with_tax),
    )


_LOT_FIELDS = {
    "join": "participates",
    "mode": "acquisition",
    "month": "delivery_month",
    "places": "delivery_places",
    "remarks": "remarks",
    "budget": "budget_with_tax",
}
_ITEM_FIELDS = {"qty": "quantity", "spare": "spares", "paid": "last_unit_price"}


def path_of(codes: Codes, field: str) -> str:
    """qty-17 → lots.pc.items.note-a.quantity; join-3 → lots.pc.participates"""
    found = re.fullmatch(r"([a-z]+)-([0-9]+)", field)
    if found is None:
        return field
    what, number = found[1], int(found[2])
    if what in _LOT_FIELDS:
        return f"lots.{codes.lots[number].ref}.{_LOT_FIELDS[what]}"
    item = codes.items[number]
    return f"lots.{codes.lots[item.lot_id].ref}.items.{item.ref}.{_ITEM_FIELDS[what]}"


def asked_shown(codes: Codes, last: Mapping[int, int]) -> tuple[AskedLotShown, ...]:
    return tuple(
        AskedLotShown(
            ref=codes.lots[lot.id].ref,
            title=lot.title,
            either_acquisition=lot.either,
            items=tuple(_asked_item(codes.items[item.id], last) for item in lot.items),
        )
        for lot in codes.asked
    )


def _asked_item(row: ItemRow, last: Mapping[int, int]) -> AskedItem:
    return AskedItem(
        ref=row.ref,
        name=row.name,
        specification=row.specification,
        unit=row.unit,
        list_price=amount(row.list_price),
        last_quantity=last.get(row.id),
    )
