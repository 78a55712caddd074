"""The forms of the ledger: an order, a delivery, an acceptance, a change; and taking one of them back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from procure.contracts.actions import (
    CHANGED_MEANWHILE,
    behalf_faults,
    beyond_faults,
    names_of,
    record_slip,
    require_contract,
    require_standing,
    reverse_slip,
)
from procure.contracts.ledger import Ledger, Slip
from procure.contracts.slips import Note, field_of, reversal_faults, slip_faults
from procure.contracts.states import Act
from procure.demand.queries import lot_answers_of
from procure.errors import Fault, NotFound
from procure.server import Answer, Done, Fields, Goto, Page
from procure.values.era import parse_date, wareki_short
from procure.values.quantity import parse_quantity
from procure.web.contract_desk import Desk, seen_version
from procure.web.reading import Reading

NOTES = ("day", "place", "inspector", "remark", "resolved_on")  # the fields beside the quantities
ALL = "all"  # ?fill=all: everything that is left


@dataclass(frozen=True, slots=True)
class Line:
    """An item of the form. `before` is what it is measured by, `left` what may still be recorded of it."""

    field: str
    name: str
    specification: str
    unit: str
    before: int
    done: int
    left: int
    typed: str


@dataclass(frozen=True, slots=True)
class Words:
    """What the form of an act calls its columns."""

    before: str
    done: str
    left: str
    entry: str


WORDS = {
    Act.ORDER: Words("契約数量", "発注済み", "未発注", "発注する数量"),
    Act.DELIVERY: Words("発注済み", "納入済み", "未納入", "納入された数量"),
    Act.ACCEPTANCE: Words("納入済み", "検収済み", "未検収", "検収した数量"),
    Act.CHANGE: Words("契約数量", "発注済み", "減らせる数量", "変更後の数量"),
}


def act_of(text: str) -> Act:
    """Raises NotFound where there is no such act."""
    found = next((act for act in Act if act.value == text), None)
    if found is None:
        raise NotFound
    return found


def record_page(desk: Desk, act: Act) -> Page:
    """An empty form of today; everything that is left where that was asked for."""
    ledger, _ = require_contract(desk.recorded, desk.agreed, desk.body.code)
    left = ledger.room(act) if act is not Act.CHANGE and desk.visit.query.text("fill") == ALL else {}
    typed = {field_of(item): str(quantity) for item, quantity in left.items() if quantity > 0}
    typed |= {
        "day": wareki_short(desk.visit.now),
        "place": _usual_place(desk),
        "inspector": "",
        "remark": "",
        "resolved_on": "",
    }
    return _page(desk, act, ledger, typed)


def record(desk: Desk, act: Act) -> Answer:
    """Everything wrong at once; what was typed stays, also where somebody else was faster."""
    visit, reading = desk.visit, Reading(desk.visit.form)
    ledger, concluded_on = require_contract(desk.recorded, desk.agreed, desk.body.code)
    day = reading.value("day", parse_date, f"{act.label}の日を入力してください（例：令和8年12月11日）。")
    resolved_on = reading.value("resolved_on", parse_date)
    slip = Slip(0, act, day or concluded_on, _read(desk, reading, act, ledger), resolved_on=resolved_on)
    note = Note(reading.text("place"), reading.text("inspector"), reading.text("remark", lines=True))
    on_behalf = reading.text("on_behalf")
    typed = {name: visit.form.text(name) for name in (*_fields(ledger), *NOTES)}
    if seen_version(visit.form) != desk.report.version:
        return _page(desk, act, ledger, typed, message=CHANGED_MEANWHILE)
    found = slip_faults(ledger, slip, note, concluded_on, visit.now.date(), names_of(desk.agreed))
    over = beyond_faults(visit.session, desk.agreed, desk.body.code, desk.recorded, slip)
    faults = reading.judged((*found, *over, *behalf_faults(visit.person, desk.body.code, on_behalf)))
    if faults:
        return _page(desk, act, ledger, typed, faults)
    record_slip(
        visit.session,
        desk.row,
        desk.agreed,
        desk.body.code,
        slip,
        note,
        desk.report.version,
        visit.person,
        visit.now,
        on_behalf or None,
    )
    return Goto(desk.path, Done.slip_recorded)


def reversal_page(desk: Desk, number: str) -> Page:
    return _reversal(desk, _standing(desk, number).number)


def reverse(desk: Desk, number: str) -> Answer:
    visit, reading = desk.visit, Reading(desk.visit.form)
    ledger, _ = require_contract(desk.recorded, desk.agreed, desk.body.code)
    slip = _standing(desk, number)
    reason, on_behalf = reading.text("remark", lines=True), reading.text("on_behalf")
    if seen_version(visit.form) != desk.report.version:
        return _reversal(desk, slip.number, message=CHANGED_MEANWHILE)
    found = reversal_faults(ledger, slip.number, reason, names_of(desk.agreed))
    back = ledger.reversal(slip.number)
    over = beyond_faults(visit.session, desk.agreed, desk.body.code, desk.recorded, back)
    faults = reading.judged((*found, *over, *behalf_faults(visit.person, desk.body.code, on_behalf)))
    if faults:
        return _reversal(desk, slip.number, faults)
    reverse_slip(
        visit.session,
        desk.row,
        desk.agreed,
        desk.body.code,
        slip.number,
        reason,
        desk.report.version,
        visit.person,
        visit.now,
        on_behalf or None,
    )
    return Goto(desk.path, Done.slip_reversed)


def _standing(desk: Desk, number: str) -> Slip:
    """Raises NotFound where it is no number of a slip; Conflict where the slip was taken back."""
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise NotFound
    return require_standing(desk.recorded.ledger(desk.agreed.quantities_of(desk.body.code)), int(number))


def _reversal(desk: Desk, number: int, faults: Sequence[Fault] = (), message: str | None = None) -> Page:
    values = {
        "slip": next(slip for slip in desk.report.slips if slip.number == number),
        "remark": desk.visit.form.text("remark"),
        "faults": tuple(faults),
        "message": message,
    }
    status = 409 if message else 422 if faults else 200
    return Page("contracts_reverse.html", {**desk.values("記録の取消し"), **values}, status=status)


# ---- the form ----------------------------------------------------------------------------------------


def _read(desk: Desk, reading: Reading, act: Act, ledger: Ledger) -> Mapping[str, int]:
    """By item; of a change what it adds or takes away. An empty field is nothing, or no change."""
    units = {item.id: item.unit for item in desk.agreed.lot.items}
    now = ledger.sums(Act.CHANGE)
    found: dict[str, int] = {}
    for item in ledger.agreed:
        quantity = reading.value(field_of(item), partial(parse_quantity, unit=units[item]))
        if quantity is not None:
            found[item] = quantity - now[item] if act is Act.CHANGE else quantity
    return found


def _page(
    desk: Desk,
    act: Act,
    ledger: Ledger,
    typed: Mapping[str, str],
    faults: Sequence[Fault] = (),
    message: str | None = None,
) -> Page:
    values = {
        "act": act.value,
        "label": act.label,
        "words": WORDS[act],
        "lines": _lines(desk, act, ledger, typed),
        "form": typed,
        "read_day": _read_day(typed["day"]),
        "read_resolved_on": _read_day(typed["resolved_on"]),
        "may_fill": act is not Act.CHANGE and any(ledger.room(act).values()),
        "faults": tuple(faults),
        "message": message,
    }
    status = 409 if message else 422 if faults else 200
    return Page("contracts_record.html", {**desk.values(f"{act.label}の記録"), **values}, status=status)


def _lines(desk: Desk, act: Act, ledger: Ledger, typed: Mapping[str, str]) -> tuple[Line, ...]:
    room = ledger.room(act)
    upper = ledger.sums(Act.CHANGE if act is Act.CHANGE else _BEFORE[act])
    return tuple(
        Line(
            field=field_of(item.id),
            name=item.name,
            specification=item.specification,
            unit=item.unit,
            before=upper[item.id],
            done=upper[item.id] - room[item.id],
            left=room[item.id],
            typed=typed.get(field_of(item.id), ""),
        )
        for item in desk.agreed.lot.items
        if item.id in ledger.agreed
    )


_BEFORE = {Act.ORDER: Act.CHANGE, Act.DELIVERY: Act.ORDER, Act.ACCEPTANCE: Act.DELIVERY}


def _fields(ledger: Ledger) -> list[str]:
    return [field_of(item) for item in ledger.agreed]


def _read_day(text: str) -> date | None:
    return Reading(Fields([("day", text)])).value("day", parse_date)


def _usual_place(desk: Desk) -> str:
    """Where the last order went, else the one place that the body named in the survey."""
    places = [slip.place for slip in desk.report.slips if slip.place]
    if places:
        return places[-1]
    answer = lot_answers_of(desk.visit.session, desk.row.id, desk.body.code).get(desk.agreed.lot_id)
    named = answer.delivery_places.strip() if answer else ""
    return named if "\n" not in named and len(named) <= 200 else ""
