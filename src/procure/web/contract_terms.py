"""The form of a contract: its ground, the assembly's vote, its days, and why it failed."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from enum import StrEnum
from functools import partial
from typing import TypeVar

from procure.contracts.actions import CHANGED_MEANWHILE, behalf_faults, save_terms
from procure.contracts.judging import basis_of
from procure.contracts.rules import DAYS, Terms, terms_faults
from procure.contracts.states import AFTER_TENDER, Ground, Resolution
from procure.errors import Fault
from procure.server import Answer, Done, Fields, Goto, Page
from procure.values.era import parse_date, wareki_short
from procure.values.unreadable import Unreadable
from procure.web.contract_desk import GROUNDS, Desk, seen_version
from procure.web.reading import Reading

E = TypeVar("E", bound=StrEnum)

AS_JUDGED, NEEDED, NOT_NEEDED = "", "yes", "no"
RESOLUTIONS = [("", "議決はまだ"), *((one.value, one.label) for one in Resolution)]


def terms_page(desk: Desk) -> Page:
    return _page(desk, stored(desk.report.terms))


def save(desk: Desk) -> Answer:
    """Everything wrong at once; what was typed stays, also where somebody else was faster."""
    visit, reading = desk.visit, Reading(desk.visit.form)
    terms, on_behalf = read_terms(reading), reading.text("on_behalf")
    if seen_version(visit.form) != desk.report.version:
        return _page(desk, typed(visit.form), message=CHANGED_MEANWHILE)
    basis = basis_of(visit.session, desk.row, desk.agreed, desk.body, desk.recorded, terms, visit.now.date())
    behalf = behalf_faults(visit.person, desk.body.code, on_behalf)
    faults = reading.judged((*terms_faults(terms, basis), *behalf))
    if faults:
        return _page(desk, typed(visit.form), faults)
    save_terms(
        visit.session,
        desk.row,
        desk.agreed,
        desk.body.code,
        terms,
        desk.report.version,
        visit.person,
        visit.now,
        on_behalf or None,
    )
    return Goto(desk.path, Done.contract_saved)


def read_terms(reading: Reading) -> Terms:
    days = {name: reading.value(name, partial(_day, label)) for name, label in DAYS.items()}
    return Terms(
        ground=_choice(Ground, reading.form.text("ground")),
        approval={NEEDED: True, NOT_NEEDED: False}.get(reading.form.text("approval")),
        approval_reason=reading.text("approval_reason", lines=True),
        contract_number=reading.text("contract_number"),
        resolution=_choice(Resolution, reading.form.text("resolution")),
        failure_reason=reading.text("failure_reason", lines=True),
        **days,
    )


def _day(label: str, text: str) -> date | None:
    """The refusal of a day names it: in the summary it stands alone."""
    try:
        return parse_date(text)
    except Unreadable as unreadable:
        raise Unreadable(f"{label}：{unreadable.message}") from None


def stored(terms: Terms) -> dict[str, str]:
    """The fields as they stand in the database."""
    return {field.name: _text(getattr(terms, field.name)) for field in fields(Terms)}


def typed(form: Fields) -> dict[str, str]:
    return {field.name: form.text(field.name) for field in fields(Terms)}


def _page(desk: Desk, form: Mapping[str, str], faults: Sequence[Fault] = (), message: str | None = None) -> Page:
    reading = Reading(Fields(form.items()))
    values = {
        "form": form,
        "read": {name: reading.value(name, parse_date) for name in DAYS},
        "faults": tuple(faults),
        "message": message,
        "grounds": [("", "選んでください"), *_grounds(desk)],
        "approvals": [
            (AS_JUDGED, f"判定のとおり（{desk.report.judgement.approval.label}）"),
            (NEEDED, "必要（団体の判断）"),
            (NOT_NEEDED, "不要（団体の判断）"),
        ],
        "resolutions": RESOLUTIONS,
    }
    status = 409 if message else 422 if faults else 200
    return Page("contracts_terms.html", {**desk.values("契約の内容"), **values}, status=status)


def _grounds(desk: Desk) -> list[tuple[str, str]]:
    """Those that the lot allows: after an award none of 8号 and 9号, without one only its own."""
    own = desk.agreed.negotiated
    return [
        (value, label)
        for value, label in GROUNDS
        if (Ground(value) is own if own is not None else Ground(value) not in AFTER_TENDER)
    ]


def _choice(kind: type[E], text: str) -> E | None:
    return next((one for one in kind if one.value == text), None)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return NEEDED if value else NOT_NEEDED
    if isinstance(value, date):
        return wareki_short(value)
    return "" if value is None else str(value)
