"""Suppliers (事業者): known by their 法人番号, or by their name where they have none; and when they are suspended."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from procure.errors import Conflict, Fault, NotFound, refuse
from procure.history.record import Actor, Changes, label_of, record
from procure.parties.tables import SupplierRow, SuspensionRow
from procure.values.corporate_number import is_corporate_number

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ー", "-"))
NAMES = {"name": 200, "address": 200, "representative": 100}


@dataclass(frozen=True, slots=True)
class Supplier:
    """A supplier as it is registered; `corporate_number` is None for one that has no 法人番号."""

    name: str
    corporate_number: str | None = None
    address: str = ""
    representative: str = ""


def supplier_faults(supplier: Supplier) -> Iterator[Fault]:
    if not supplier.name:
        yield Fault("name", "商号又は名称を入力してください。")
    for field, longest in NAMES.items():
        if len(getattr(supplier, field)) > longest:
            yield Fault(field, f"{longest}字以内で入力してください。")
    if supplier.corporate_number is not None and not is_corporate_number(supplier.corporate_number):
        yield Fault(
            "corporate_number", "法人番号の検査用数字が合いません。13桁の番号を国税庁の公表サイトで確かめてください。"
        )


def typed_number(typed: str) -> str | None:
    """法人番号 as people type it: full width, with hyphens or blanks; None where nothing was typed."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed).translate(_DASHES)) or None


def suppliers(session: Session) -> Sequence[SupplierRow]:
    return session.exec(select(SupplierRow).order_by(col(SupplierRow.name), col(SupplierRow.id))).all()


def find_supplier(session: Session, number: int) -> SupplierRow:
    """Raises NotFound."""
    row = session.get(SupplierRow, number)
    if row is None:
        raise NotFound
    return row


def known_supplier(session: Session, supplier: Supplier, actor: Actor, at: datetime) -> SupplierRow:
    """The registered supplier of that 法人番号, or else of that very name; it is registered where it is new.

    What was not known of it yet is added, nothing that stands there is changed. Raises Invalid.
    """
    refuse(supplier_faults(supplier))
    row = registered_as(session, supplier)
    if row is None:
        row = SupplierRow(**_columns(supplier), changed_at=at)
        session.add(row)
        session.flush()
        record(session, at, actor, "supplier_added", subject=supplier.name)
        return row
    added = {name: value for name, value in _columns(supplier).items() if value and not getattr(row, name)}
    _change(session, row, added, actor, at)
    return row


def change_supplier(session: Session, row: SupplierRow, supplier: Supplier, actor: Actor, at: datetime) -> None:
    """Raises Invalid, and Conflict where another supplier has the 法人番号."""
    refuse(supplier_faults(supplier))
    other = _by_number(session, supplier.corporate_number)
    if other is not None and other.id != row.id:
        raise Conflict(f"法人番号 {supplier.corporate_number} は「{other.name}」で登録されています。")
    _change(session, row, _columns(supplier), actor, at)


def _change(session: Session, row: SupplierRow, wanted: Mapping[str, Any], actor: Actor, at: datetime) -> None:
    changes: Changes = {
        name: (getattr(row, name), value) for name, value in wanted.items() if getattr(row, name) != value
    }
    if changes:
        for name, value in wanted.items():
            setattr(row, name, value)
        row.changed_at = at
        record(session, at, actor, "supplier_changed", subject=row.name, changes=changes)


def suspend(
    session: Session, row: SupplierRow, first_day: date, last_day: date, reason: str, actor: Actor, at: datetime
) -> SuspensionRow:
    """指名停止, from the first to the last day. Raises Invalid."""
    refuse(suspension_faults(first_day, last_day, reason))
    suspension = SuspensionRow(
        supplier_id=row.id,
        first_day=first_day,
        last_day=last_day,
        reason=reason,
        recorded_at=at,
        recorded_by=label_of(actor),
    )
    session.add(suspension)
    session.flush()
    changes: Changes = {"days": (None, f"{first_day}〜{last_day}"), "reason": (None, reason)}
    record(session, at, actor, "supplier_suspended", subject=row.name, changes=changes)
    return suspension


def suspension_faults(first_day: date, last_day: date, reason: str) -> Iterator[Fault]:
    if last_day < first_day:
        yield Fault("last_day", "指名停止の終わりの日が始まりの日より前です。日付を確かめてください。")
    if not 0 < len(reason) <= 1000:
        yield Fault("reason", "指名停止の理由を1000字以内で入力してください。")


def lift_suspension(session: Session, suspension: SuspensionRow, actor: Actor, at: datetime) -> None:
    """Raises Conflict where it is lifted already."""
    if suspension.lifted_at is not None:
        raise Conflict("この指名停止は、すでに解除されています。")
    suspension.lifted_at = at
    row = find_supplier(session, suspension.supplier_id)
    changes: Changes = {"days": (f"{suspension.first_day}〜{suspension.last_day}", None)}
    record(session, at, actor, "suspension_lifted", subject=row.name, changes=changes)


def suspensions_of(session: Session, supplier_id: int) -> Sequence[SuspensionRow]:
    of_supplier = select(SuspensionRow).where(col(SuspensionRow.supplier_id) == supplier_id)
    return session.exec(of_supplier.order_by(col(SuspensionRow.first_day).desc())).all()


def suspended_on(session: Session, ids: Iterable[int], day: date) -> Mapping[int, SuspensionRow]:
    """Those of the suppliers that may not take part on the day, with the suspension that says so."""
    in_force = select(SuspensionRow).where(
        col(SuspensionRow.supplier_id).in_(list(ids)),
        col(SuspensionRow.first_day) <= day,
        col(SuspensionRow.last_day) >= day,
        col(SuspensionRow.lifted_at).is_(None),
    )
    return {row.supplier_id: row for row in session.exec(in_force)}


def registered_as(session: Session, supplier: Supplier) -> SupplierRow | None:
    """The registered supplier of that 法人番号, or else of that name; None for one that is not registered yet."""
    if supplier.corporate_number is not None and (found := _by_number(session, supplier.corporate_number)):
        return found
    named = session.exec(select(SupplierRow).where(col(SupplierRow.name) == supplier.name)).all()
    wanted = supplier.corporate_number
    return next((row for row in named if wanted is None or row.corporate_number is None), None)


def _by_number(session: Session, number: str | None) -> SupplierRow | None:
    if number is None:
        return None
    return session.exec(select(SupplierRow).where(col(SupplierRow.corporate_number) == number)).first()


def _columns(supplier: Supplier) -> dict[str, Any]:
    return {
        "name": supplier.name,
        "corporate_number": supplier.corporate_number,
        "address": supplier.address,
        "representative": supplier.representative,
    }
