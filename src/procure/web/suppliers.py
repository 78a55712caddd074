"""Suppliers (事業者): the register that bidders are known by, and their suspensions (指名停止)."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from procure.errors import Conflict, Fault, NotFound
from procure.parties.suppliers import (
    Supplier,
    change_supplier,
    find_supplier,
    known_supplier,
    lift_suspension,
    registered_as,
    supplier_faults,
    suppliers,
    suspend,
    suspended_on,
    suspension_faults,
    suspensions_of,
    typed_number,
)
from procure.parties.tables import SupplierRow, SuspensionRow
from procure.server import Answer, Done, Fields, Goto, Page, Permission, Visit, get, post
from procure.values.era import parse_date
from procure.values.text import search_key
from procure.web.reading import Reading

COLUMNS = tuple(field.name for field in fields(Supplier))
SUSPENSION = ("first_day", "last_day", "reason")


@dataclass(frozen=True, slots=True)
class SupplierView:
    """A line of the register; `suspended_until` is the last day of a suspension that is in force today."""

    number: int
    name: str
    corporate_number: str | None
    address: str
    representative: str
    suspended_until: date | None


@dataclass(frozen=True, slots=True)
class Suspension:
    number: int
    first_day: date
    last_day: date
    reason: str
    recorded_by: str
    lifted_at: datetime | None
    state: str
    tone: str


@get("/suppliers", Permission.READ_ROUNDS)
def show_suppliers(visit: Visit) -> Answer:
    return _list_page(visit, visit.query.text("q"))


@post("/suppliers", Permission.MANAGE_ROUNDS)
def add_supplier(visit: Visit) -> Answer:
    reading = Reading(visit.form)
    supplier = _read(reading)
    faults = list(reading.judged(supplier_faults(supplier)))
    if not faults and (found := registered_as(visit.session, supplier)) is not None:
        faults.append(Fault("name", f"「{found.name}」は、すでに登録されています。一覧から選んで修正してください。"))
    if faults:
        return _list_page(visit, "", faults)
    row = known_supplier(visit.session, supplier, visit.person, visit.now)
    return Goto(f"/suppliers/{row.id}", Done.added)


@get("/suppliers/{number}", Permission.READ_ROUNDS)
def show_supplier(visit: Visit, number: str) -> Answer:
    return _page(visit, _found(visit, number))


@post("/suppliers/{number}", Permission.MANAGE_ROUNDS)
def save(visit: Visit, number: str) -> Answer:
    row, reading = _found(visit, number), Reading(visit.form)
    supplier = _read(reading)
    if faults := reading.judged(supplier_faults(supplier)):
        return _page(visit, row, faults)
    try:
        change_supplier(visit.session, row, supplier, visit.person, visit.now)
    except Conflict as conflict:
        return _page(visit, row, (Fault("corporate_number", conflict.message),), status=409)
    return Goto(f"/suppliers/{row.id}", Done.saved)


@post("/suppliers/{number}/suspend", Permission.MANAGE_ROUNDS)
def add_suspension(visit: Visit, number: str) -> Answer:
    row, reading = _found(visit, number), Reading(visit.form)
    first_day = reading.value("first_day", parse_date, "始まりの日を入力してください（例：令和8年12月11日）。")
    last_day = reading.value("last_day", parse_date, "終わりの日を入力してください（例：令和9年3月10日）。")
    reason = reading.text("reason", lines=True)
    if first_day is None or last_day is None:  # the reason is judged all the same
        first_day = last_day = date.min
    if faults := reading.judged(suspension_faults(first_day, last_day, reason)):
        return _page(visit, row, faults)
    suspend(visit.session, row, first_day, last_day, reason, visit.person, visit.now)
    return Goto(f"/suppliers/{row.id}", Done.supplier_suspended)


@post("/suppliers/{number}/lift", Permission.MANAGE_ROUNDS)
def lift(visit: Visit, number: str) -> Answer:
    row, which = _found(visit, number), visit.form.text("suspension")
    found = next((one for one in suspensions_of(visit.session, row.id) if str(one.id) == which), None)
    if found is None:
        raise NotFound
    lift_suspension(visit.session, found, visit.person, visit.now)
    return Goto(f"/suppliers/{row.id}", Done.suspension_lifted)


def _read(reading: Reading) -> Supplier:
    return Supplier(
        name=reading.text("name"),
        corporate_number=reading.value("corporate_number", typed_number),
        address=reading.text("address"),
        representative=reading.text("representative"),
    )


def _found(visit: Visit, number: str) -> SupplierRow:
    """Raises NotFound."""
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise NotFound
    return find_supplier(visit.session, int(number))


# ---- the pages ---------------------------------------------------------------------------------------


def _list_page(visit: Visit, query: str, faults: Sequence[Fault] = ()) -> Page:
    rows = suppliers(visit.session)
    wanted = search_key(query).strip()
    found = [row for row in rows if wanted in _search_text(row)]
    suspended = suspended_on(visit.session, [row.id for row in found], visit.now.date())
    values = {
        "query": query,
        "suppliers": [_view(row, suspended.get(row.id)) for row in found],
        "total": len(rows),
        "typed": {name: visit.form.text(name) for name in COLUMNS},
        "faults": faults,
        "may_manage": visit.person.may(Permission.MANAGE_ROUNDS),
    }
    return Page("suppliers.html", values, status=422 if faults else 200)


def _search_text(row: SupplierRow) -> str:
    return search_key("\n".join([row.name, row.corporate_number or "", row.address, row.representative]))


def _page(visit: Visit, row: SupplierRow, faults: Sequence[Fault] = (), status: int | None = None) -> Page:
    suspended = suspended_on(visit.session, [row.id], visit.now.date())
    view, today = _view(row, suspended.get(row.id)), visit.now.date()
    values = {
        "supplier": view,
        "suspensions": [_suspension(one, today) for one in suspensions_of(visit.session, row.id)],
        "typed": _typed(visit.form, view),
        "faults": faults,
        "may_manage": visit.person.may(Permission.MANAGE_ROUNDS),
    }
    return Page("supplier.html", values, status=status or (422 if faults else 200))


def _typed(form: Fields, view: SupplierView) -> dict[str, str]:
    """What was typed into the one form, and what is stored in the other."""
    is_typed = "name" in form
    stored = {name: form.text(name) if is_typed else getattr(view, name) or "" for name in COLUMNS}
    return stored | {name: form.text(name) for name in SUSPENSION}


def _view(row: SupplierRow, suspension: SuspensionRow | None) -> SupplierView:
    return SupplierView(
        number=row.id,
        name=row.name,
        corporate_number=row.corporate_number,
        address=row.address,
        representative=row.representative,
        suspended_until=suspension.last_day if suspension else None,
    )


def _suspension(row: SuspensionRow, today: date) -> Suspension:
    state, tone = _state(row, today)
    return Suspension(
        number=row.id,
        first_day=row.first_day,
        last_day=row.last_day,
        reason=row.reason,
        recorded_by=row.recorded_by,
        lifted_at=row.lifted_at,
        state=state,
        tone=tone,
    )


def _state(row: SuspensionRow, today: date) -> tuple[str, str]:
    if row.lifted_at is not None:
        return "解除", "gray"
    if today > row.last_day:
        return "終了", "gray"
    return ("停止中", "orange") if row.first_day <= today else ("開始前", "yellow")


routes = [show_suppliers, add_supplier, show_supplier, save, add_suspension, lift]
