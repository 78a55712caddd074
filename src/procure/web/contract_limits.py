"""A body's own amounts: from which its assembly is needed, and up to which a contract is a small one."""

from collections.abc import Sequence

from procure.contracts.actions import CHANGED_MEANWHILE
from procure.contracts.queries import limits_row, limits_value
from procure.contracts.rules import limits_faults
from procure.contracts.settings import lawful_small_limit, set_limits
from procure.contracts.thresholds import RAISED_ON, Limits, lawful_assembly_limit
from procure.errors import Fault, NotFound
from procure.parties.tables import BodyRow
from procure.server import Answer, Done, Goto, Page, Permission, Visit, get, post
from procure.values.era import parse_date, wareki_short
from procure.values.quantity import parse_yen
from procure.web.contract_desk import seen_version
from procure.web.reading import Reading

FIELDS = ("assembly", "small", "small_since", "ordinance")


@get("/contracts/settings", Permission.READ_OWN_RESULTS)
def show_own(visit: Visit) -> Answer:
    return _page(visit, visit.session.get_one(BodyRow, visit.body_code), "/contracts/settings", is_own=True)


@post("/contracts/settings", Permission.RECORD_CONTRACTS)
def save_own(visit: Visit) -> Answer:
    body = visit.session.get_one(BodyRow, visit.body_code)
    return _save(visit, body, "/contracts/settings", is_own=True)


@get("/bodies/{code}/contracts", Permission.READ_ROUNDS)
def show_of_body(visit: Visit, code: str) -> Answer:
    return _page(visit, _found(visit, code), f"/bodies/{code}/contracts", is_own=False)


@post("/bodies/{code}/contracts", Permission.MANAGE_MEMBERS)
def save_of_body(visit: Visit, code: str) -> Answer:
    return _save(visit, _found(visit, code), f"/bodies/{code}/contracts", is_own=False)


def _found(visit: Visit, code: str) -> BodyRow:
    body = visit.session.get(BodyRow, code)
    if body is None or not body.is_member:
        raise NotFound
    return body


def _save(visit: Visit, body: BodyRow, path: str, *, is_own: bool) -> Answer:
    row, reading = limits_row(visit.session, body.code), Reading(visit.form)
    limits = Limits(
        assembly=reading.value("assembly", parse_yen),
        small=reading.value("small", parse_yen),
        small_since=reading.value("small_since", parse_date),
        ordinance=reading.text("ordinance"),
    )
    version = seen_version(visit.form)
    if version != (row.version if row else 0):
        return _page(visit, body, path, is_own=is_own, message=CHANGED_MEANWHILE)
    lawful = lawful_assembly_limit(body.code, body.kind)
    faults = reading.judged(limits_faults(limits, lawful, lawful_small_limit(body)))
    if faults:
        return _page(visit, body, path, faults, is_own=is_own)
    set_limits(visit.session, body, limits, version, visit.person, visit.now)
    return Goto(path, Done.saved)


def _page(
    visit: Visit,
    body: BodyRow,
    path: str,
    faults: Sequence[Fault] = (),
    *,
    is_own: bool,
    message: str | None = None,
) -> Page:
    row = limits_row(visit.session, body.code)
    form = {name: visit.form.text(name) for name in FIELDS} if faults or message else _stored(limits_value(row))
    values = {
        "body": body.display_name,
        "code": body.code,
        "path": path,
        "is_own": is_own,
        "may_save": visit.person.may(Permission.RECORD_CONTRACTS if is_own else Permission.MANAGE_MEMBERS),
        "form": form,
        "read_since": Reading(visit.form).value("small_since", parse_date) if faults or message else None,
        "lawful": lawful_assembly_limit(body.code, body.kind),
        "lawful_small": lawful_small_limit(body),
        "raised_on": RAISED_ON,
        "own": limits_value(row),
        "changed_at": row.changed_at if row else None,
        "changed_by": row.changed_by if row else None,
        "version": row.version if row else 0,
        "faults": tuple(faults),
        "message": message,
    }
    return Page("contracts_limits.html", values, status=409 if message else 422 if faults else 200)


def _stored(limits: Limits) -> dict[str, str]:
    return {
        "assembly": "" if limits.assembly is None else f"{int(limits.assembly):,}",
        "small": "" if limits.small is None else f"{int(limits.small):,}",
        "small_since": "" if limits.small_since is None else wareki_short(limits.small_since),
        "ordinance": limits.ordinance,
    }


routes = [show_own, save_own, show_of_body, save_of_body]
