"""What the secretariat does to a round before the bidding: create, describe, open and close the survey."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from procure.errors import Conflict, Fault, Invalid, refuse
from procure.history.record import Actor, Changes, record
from procure.rounds.queries import items_of, lots_of
from procure.rounds.rules import (
    Outline,
    lot_faults,
    outline_faults,
    price_reason_faults,
    reopening_faults,
    survey_faults,
)
from procure.rounds.stages import Act, Stage, may, require, require_unconfirmed
from procure.rounds.tables import ItemRow, LotRow, RoundRow
from procure.rounds.values import lot_values
from procure.settlement.round import Item, Lot, Rules
from procure.values.money import format_decimal

_SEALED = {"ceiling", "ceiling_with_tax"}
_LIST_PRICE = {"list_price", "list_price_source"}


def create_round(session: Session, outline: Outline, actor: Actor, at: datetime) -> RoundRow:
    refuse(outline_faults(outline))
    if session.exec(select(RoundRow.id).where(col(RoundRow.ref) == outline.ref)).first() is not None:
        raise Invalid(Fault("ref", f"案件番号「{outline.ref}」は使われています。別の番号にしてください。"))
    row = RoundRow(**_outline_columns(outline), ref=outline.ref, created_at=at)
    session.add(row)
    session.flush()
    record(
        session, at, actor, "round_created", round_ref=row.ref, subject=row.title, changes={"title": (None, row.title)}
    )
    return row


def edit_round(session: Session, row: RoundRow, outline: Outline, actor: Actor, at: datetime) -> None:
    """Changes everything but the number, by which files and papers refer to the round."""
    require(Act.EDIT_ROUND, row.stage)
    refuse(outline_faults(outline))
    changes = _assign(row, _outline_columns(outline))
    if changes:
        row.version += 1
        record(session, at, actor, "round_changed", round_ref=row.ref, subject=row.title, changes=changes)


def save_lot(
    session: Session,
    row: RoundRow,
    lot: Lot,
    actor: Actor,
    at: datetime,
    *,
    either: bool | None = None,
    reason: str = "",
) -> None:
    """Writes a lot with its rules and items, new or changed; a changed list price loses its check.

    While the survey runs and until the notice only rules and list prices may change: the bodies answer for the
    items that they were shown. After 仕様確定 a changed list price needs its `reason`. `either` is whether bodies
    choose between purchase and lease; None leaves it as it is.
    """
    require(Act.EDIT_RULES, row.stage)
    refuse(lot_faults(lot))
    existing = session.exec(select(LotRow).where(col(LotRow.round_id) == row.id, col(LotRow.ref) == lot.id)).first()
    if existing is None:
        _add_lot(session, row, lot, bool(either), actor, at)
    else:
        either = existing.either_acquisition if either is None else either
        _change_lot(session, row, existing, lot, either, reason, actor, at)
    row.version += 1


def remove_lot(session: Session, row: RoundRow, lot: LotRow, actor: Actor, at: datetime) -> None:
    require(Act.EDIT_LOTS, row.stage)
    for item in items_of(session, row.id):
        if item.lot_id == lot.id:
            session.delete(item)
    session.flush()
    session.delete(lot)
    row.version += 1
    record(
        session, at, actor, "lot_removed", round_ref=row.ref, subject=lot.title, changes={"title": (lot.title, None)}
    )


def open_survey(session: Session, row: RoundRow, deadline: datetime, actor: Actor, at: datetime) -> None:
    require(Act.OPEN_SURVEY, row.stage)
    lots = lot_values(lots_of(session, row.id), items_of(session, row.id))
    refuse(survey_faults(lots, deadline, at))
    row.survey_deadline, row.surveyed_at = deadline, at
    move_on(session, row, Stage.SURVEYING, "survey_opened", actor, at, {"deadline": (None, deadline.isoformat())})


def reopen_survey(session: Session, row: RoundRow, deadline: datetime, reason: str, actor: Actor, at: datetime) -> None:
    require(Act.REOPEN_SURVEY, row.stage)
    refuse(reopening_faults(reason, deadline, at))
    before = row.survey_deadline.isoformat() if row.survey_deadline else None
    row.survey_deadline, row.specified_at = deadline, None
    changes: Changes = {"deadline": (before, deadline.isoformat()), "reason": (None, reason)}
    move_on(session, row, Stage.SURVEYING, "survey_reopened", actor, at, changes)


def cancel_lot(session: Session, row: RoundRow, lot: LotRow, reason: str, actor: Actor, at: datetime) -> None:
    """取止め of one lot, with its reason."""
    require_cancellable(row, lot)
    if not reason or len(reason) > 1000:
        raise Invalid(Fault("reason", "取止めの理由を1000字以内で入力してください。"))
    lot.cancelled = reason
    row.version += 1
    record(
        session, at, actor, "lot_cancelled", round_ref=row.ref, subject=lot.title, changes={"reason": (None, reason)}
    )


def require_cancellable(row: RoundRow, lot: LotRow) -> None:
    """Raises Conflict."""
    require(Act.CANCEL_LOT, row.stage)
    require_unconfirmed(row.confirmed_at)
    if lot.cancelled is not None:
        raise Conflict(f"「{lot.title}」は、すでに取止めになっています。")


def move_on(
    session: Session,
    row: RoundRow,
    stage: Stage,
    action: str,
    actor: Actor,
    at: datetime,
    changes: Changes | None = None,
) -> None:
    """Takes a round to its next stage and records the step."""
    moved: Changes = {"stage": (row.stage.value, stage.value)}
    row.stage = stage
    row.version += 1
    record(session, at, actor, action, round_ref=row.ref, subject=row.title, changes={**moved, **(changes or {})})


# ---- writing lots and items --------------------------------------------------------------------------


def _add_lot(session: Session, row: RoundRow, lot: Lot, either: bool, actor: Actor, at: datetime) -> None:
    require(Act.EDIT_LOTS, row.stage)
    last = max((other.position for other in lots_of(session, row.id)), default=-1)
    write_lot(session, row, last + 1, lot).either_acquisition = either
    record(
        session,
        at,
        actor,
        "lot_added",
        round_ref=row.ref,
        subject=lot.title,
        changes={"title": (None, lot.title), **_item_changes((), lot)},
    )


def write_lot(session: Session, row: RoundRow, position: int, lot: Lot) -> LotRow:
    """Makes the rows of a new lot and its items."""
    new = LotRow(round_id=row.id, ref=lot.id, position=position, **_lot_columns(lot))
    session.add(new)
    session.flush()
    _write_items(session, new, lot.items)
    return new


def _change_lot(
    session: Session,
    row: RoundRow,
    existing: LotRow,
    lot: Lot,
    either: bool,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    before = [item for item in items_of(session, row.id) if item.lot_id == existing.id]
    if not may(Act.EDIT_LOTS, row.stage):
        _refuse_other_items(before, existing, lot, either)
    items = _item_changes(before, lot)
    if items and row.stage is Stage.SPECIFIED:
        refuse(price_reason_faults(reason))
        items["reason"] = (None, reason)
    changes = {**_assign(existing, _lot_columns(lot) | {"either_acquisition": either}), **items}
    if changes:
        _write_items(session, existing, lot.items)
        record(session, at, actor, "lot_changed", round_ref=row.ref, subject=lot.title, changes=changes)


def _refuse_other_items(before: Sequence[ItemRow], existing: LotRow, lot: Lot, either: bool) -> None:
    asked = [(item.ref, item.name, item.specification, item.unit) for item in before]
    now = [(item.id, item.name, item.specification, item.unit) for item in lot.items]
    is_same_way = (existing.contract_kind, existing.either_acquisition) == (lot.contract_kind, either)
    if asked != now or not is_same_way:
        raise Conflict(
            "需要登録を始めた後は、品目を増やしたり変えたりできません。変えられるのは定価と入札の条件だけです。"
        )


def _write_items(session: Session, lot: LotRow, items: Iterable[Item]) -> None:
    """Matches items by their code, so that what was asked for an item stays with it."""
    known = {row.ref: row for row in session.exec(select(ItemRow).where(col(ItemRow.lot_id) == lot.id))}
    wanted = list(items)
    for row in known.values():
        row.position = -1 - row.position  # out of the way of the new order
    for gone in known.keys() - {item.id for item in wanted}:
        session.delete(known[gone])
    session.flush()
    for position, item in enumerate(wanted):
        row = known.get(item.id) or ItemRow(lot_id=lot.id, ref=item.id, position=position, name="", unit="")
        if _LIST_PRICE & _assign(row, _item_columns(item) | {"position": position}).keys():
            row.list_price_checked_by = row.list_price_checked_at = None
        session.add(row)
    session.flush()


def _outline_columns(outline: Outline) -> dict[str, Any]:
    return {field.name: getattr(outline, field.name) for field in fields(outline) if field.name != "ref"}


def _lot_columns(lot: Lot) -> dict[str, Any]:
    """Without the ceiling: it is sealed, and comes into the lot when its seal is opened."""
    rules = {field.name: getattr(lot.rules, field.name) for field in fields(Rules) if field.name not in _SEALED}
    return (
        {"title": lot.title, "contract_kind": lot.contract_kind, "tender_method": lot.tender_method}
        | rules
        | {"tax_rate": format_decimal(lot.rules.tax_rate, 2), "void_grounds": "\n".join(lot.rules.void_grounds)}
    )


def _item_columns(item: Item) -> dict[str, Any]:
    return {field.name: getattr(item, field.name) for field in fields(item) if field.name != "id"}


def _item_changes(before: Iterable[ItemRow], lot: Lot) -> dict[str, tuple[object, object]]:
    """What changes in the items, by code: {"item note-a": (before, after)}."""
    old = {row.ref: _item_line(row) for row in before}
    new = {item.id: _item_line(item) for item in lot.items}
    refs = dict.fromkeys([*old, *new])
    return {f"item {ref}": (old.get(ref), new.get(ref)) for ref in refs if old.get(ref) != new.get(ref)}


def _item_line(item: ItemRow | Item) -> str:
    price = "オープン価格" if item.list_price is None else f"{format_decimal(item.list_price)}円"
    parts = (item.name, item.specification, item.unit, price, item.list_price_source or "")
    return "／".join(part for part in parts if part)


def _assign(row: RoundRow | LotRow | ItemRow, columns: dict[str, Any]) -> dict[str, tuple[object, object]]:
    """Sets the columns that differ and says which, from what to what."""
    changes: dict[str, tuple[object, object]] = {}
    for name, value in columns.items():
        before = getattr(row, name)
        if before != value:
            changes[name] = (before, value)
            setattr(row, name, value)
    return changes
