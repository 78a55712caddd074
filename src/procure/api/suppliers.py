"""Suppliers (事業者), the register that bidders are known by, and their suspensions (指名停止)."""

import hashlib
from datetime import date, datetime
from typing import Annotated

from msgspec import Meta

from procure.accounts.roles import Permission
from procure.accounts.scopes import Scope
from procure.api.fields import Body, Line, Reason, Shown, Title, shown
from procure.api.operation import Operation, Query, Sent, operation
from procure.api.paging import PAGING, page_of
from procure.api.round_values import Nothing
from procure.api.versions import require_match
from procure.errors import Conflict, NotFound
from procure.parties.suppliers import (
    Supplier,
    change_supplier,
    find_supplier,
    known_supplier,
    lift_suspension,
    registered_as,
    suppliers,
    suspend,
    suspensions_of,
)
from procure.parties.tables import SupplierRow
from procure.server import Visit
from procure.values.text import search_key

TAG = "事業者"
NAMED = Query("q", "商号、法人番号、所在地、代表者に含まれる語", "見本")
_READ = (Permission.READ_ROUNDS, Scope.BIDS_READ)
_WRITE = (Permission.MANAGE_ROUNDS, Scope.BIDS_WRITE)


class SupplierBody(Body, frozen=True, kw_only=True):
    """事業者。"""

    name: Title
    corporate_number: Annotated[str, Meta(pattern=r"^[0-9]{13}$", max_length=13, description="法人番号")] | None = None
    address: Line = ""
    representative: Annotated[str, Meta(max_length=100)] = ""


class SuspensionBody(Body, frozen=True, kw_only=True):
    """指名停止。始まりの日と終わりの日を含む。"""

    first_day: date
    last_day: date
    reason: Reason


class SuspensionShown(Shown, frozen=True, kw_only=True):
    """指名停止。lifted_at は解除した日時。"""

    id: int
    first_day: date
    last_day: date
    reason: str
    recorded_at: datetime
    recorded_by: str
    lifted_at: datetime | None


class SupplierShown(Shown, frozen=True, kw_only=True):
    """事業者と指名停止（新しい順）。"""

    id: int
    name: str
    corporate_number: str | None
    address: str
    representative: str
    suspensions: tuple[SuspensionShown, ...]


class SupplierList(Shown, frozen=True, kw_only=True):
    """事業者の一覧（商号の順）。"""

    items: tuple[SupplierShown, ...]
    next: str | None


@operation("GET", "/suppliers", *_READ, "事業者の一覧", tag=TAG, answer=SupplierList, query=(NAMED, *PAGING))
def list_suppliers(visit: Visit) -> Sent:
    wanted = search_key(visit.query.text("q")).strip()
    rows = [row for row in suppliers(visit.session) if wanted in _search_text(row)]
    page, following = page_of(visit, rows, lambda row: (row.name, row.id))
    return Sent(SupplierList(items=tuple(_shown(visit, row) for row in page), next=following), next=following)


@operation(
    "POST",
    "/suppliers",
    *_WRITE,
    "事業者を登録する",
    tag=TAG,
    body=SupplierBody,
    answer=SupplierShown,
    status=201,
    example={"name": "見本教材株式会社", "address": "奈良県奈良市登大路町30", "representative": "代表取締役　見本太郎"},
)
def add_a_supplier(visit: Visit, body: SupplierBody) -> Sent:
    """Raises Conflict where it is registered already."""
    supplier = _supplier_of(body)
    known = registered_as(visit.session, supplier)
    if known is not None:
        raise Conflict(f"「{known.name}」は、すでに登録されています。一覧から番号を確かめて変更してください。")
    row = known_supplier(visit.session, supplier, visit.person, visit.now)
    return _sent(visit, row, location=f"/suppliers/{row.id}")


@operation("GET", "/suppliers/{number}", *_READ, "事業者を読む", tag=TAG, answer=SupplierShown)
def read_a_supplier(visit: Visit, number: str) -> Sent:
    return _sent(visit, _found(visit, number))


@operation(
    "PUT",
    "/suppliers/{number}",
    *_WRITE,
    "事業者を変更する",
    tag=TAG,
    body=SupplierBody,
    answer=SupplierShown,
    matches=True,
    example={"name": "見本教材株式会社", "address": "奈良県奈良市三条大路一丁目1-1"},
)
def change_a_supplier(visit: Visit, number: str, body: SupplierBody) -> Sent:
    row = _held(visit, number)
    change_supplier(visit.session, row, _supplier_of(body), visit.person, visit.now)
    return _sent(visit, row)


@operation(
    "POST",
    "/suppliers/{number}/suspensions",
    *_WRITE,
    "指名停止を記録する",
    tag=TAG,
    body=SuspensionBody,
    answer=SupplierShown,
    status=201,
    matches=True,
    example={"first_day": "2026-12-01", "last_day": "2027-02-28", "reason": "指名停止要綱第3条による。"},
)
def suspend_a_supplier(visit: Visit, number: str, body: SuspensionBody) -> Sent:
    row = _held(visit, number)
    suspend(visit.session, row, body.first_day, body.last_day, body.reason, visit.person, visit.now)
    return _sent(visit, row, location=f"/suppliers/{row.id}")


@operation(
    "POST",
    "/suppliers/{number}/suspensions/{suspension}/lift",
    *_WRITE,
    "指名停止を解除する",
    tag=TAG,
    body=Nothing,
    answer=SupplierShown,
    matches=True,
    example={},
)
def lift_a_suspension(visit: Visit, number: str, suspension: str, body: Nothing) -> Sent:
    row = _held(visit, number)
    found = next((one for one in suspensions_of(visit.session, row.id) if str(one.id) == suspension), None)
    if found is None:
        raise NotFound
    lift_suspension(visit.session, found, visit.person, visit.now)
    return _sent(visit, row)


# ---- parts -------------------------------------------------------------------------------------------


def _found(visit: Visit, number: str) -> SupplierRow:
    """Raises NotFound."""
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise NotFound
    return find_supplier(visit.session, int(number))


def _held(visit: Visit, number: str) -> SupplierRow:
    """Locked, in the version that the sender has seen. Raises NotFound, VersionStale."""
    row = _found(visit, number)
    visit.session.refresh(row, with_for_update=True)
    require_match(visit, _version(visit, row))
    return row


def _supplier_of(body: SupplierBody) -> Supplier:
    return Supplier(body.name, body.corporate_number, body.address, body.representative)


def _shown(visit: Visit, row: SupplierRow) -> SupplierShown:
    suspensions = tuple(shown(SuspensionShown, one) for one in suspensions_of(visit.session, row.id))
    found: SupplierShown = shown(SupplierShown, row, suspensions=suspensions)
    return found


def _sent(visit: Visit, row: SupplierRow, location: str | None = None) -> Sent:
    return Sent(_shown(visit, row), version=_version(visit, row), location=location)


def _version(visit: Visit, row: SupplierRow) -> str:
    """A supplier has no count of its changes: its version is a mark of what is known of it."""
    return hashlib.sha256(repr(_shown(visit, row)).encode()).hexdigest()[:16]


def _search_text(row: SupplierRow) -> str:
    return search_key("\n".join([row.name, row.corporate_number or "", row.address, row.representative]))


operations: list[Operation] = [
    list_suppliers,
    add_a_supplier,
    read_a_supplier,
    change_a_supplier,
    suspend_a_supplier,
    lift_a_suspension,
]
