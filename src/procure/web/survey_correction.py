"""数量の訂正: the secretariat changes a body's quantities after the freeze, with a reason, once it has confirmed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from procure.demand.actions import correct_demand
from procure.demand.answer import AskedItem, AskedLot, Line, quantity_field, read_answer, spares_field
from procure.demand.changes import last_change
from procure.demand.queries import asked_lots, lines_of
from procure.errors import Conflict, Fault
from procure.rounds.queries import find_round, locked_round
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from procure.server import Answer, Done, Goto, Page, Permission, Visit, get, post
from procure.web.reading import Reading
from procure.web.survey_answer import STALE, find_body, values_of

NOT_NOW = "数量の訂正は、仕様確定から公告までの間に限り行えます。最新の画面でご確認ください。"
NOTHING = "数量が変わっていません。訂正する数量を入力してください。"
NOTHING_LEFT = Line(0)


@dataclass(frozen=True, slots=True)
class Correction:
    """An item before and after; the fields as typed."""

    id: int
    name: str
    unit: str
    before: Line
    after: Line
    main_field: str
    main: str
    spares_field: str
    spares: str


@dataclass(frozen=True, slots=True)
class CorrectedLot:
    title: str
    items: tuple[Correction, ...]


@get("/rounds/{ref}/survey/{code}/correct", Permission.MANAGE_ROUNDS)
def show_correcting(visit: Visit, ref: str, code: str) -> Answer:
    row = find_round(visit.session, ref)
    lots = asked_lots(visit.session, row.id)
    typed = _typed(lots, lines_of(visit.session, row.id, code))
    return _form_page(visit, row, code, _corrected(lots, lines_of(visit.session, row.id, code), typed, {}))


@post("/rounds/{ref}/survey/{code}/correct", Permission.MANAGE_ROUNDS)
def correct(visit: Visit, ref: str, code: str) -> Answer:
    """The first time it is shown what will change; with `confirmed` it is done."""
    row = locked_round(visit.session, ref)
    find_body(visit.session, row, code)
    if visit.form.text("seen") != str(last_change(visit.session, row, code)):
        raise Conflict(STALE)
    reading = Reading(visit.form)
    reason = reading.text("reason", lines=True)
    lots, before = asked_lots(visit.session, row.id), lines_of(visit.session, row.id, code)
    typed = {name: visit.form.text(name) for name in _typed(lots, before)}
    after, faults = _read(lots, typed, before)
    corrected = _corrected(lots, before, typed, after)
    changed = {one.id: one.after for lot in corrected for one in lot.items if one.before != one.after}
    faults = [*faults, *reading.faults, *_faults(reason, changed, bool(faults))]
    if faults:
        return _form_page(visit, row, code, corrected, faults)
    if visit.form.text("confirmed") != "yes":
        return _confirmation(visit, row, code, corrected, reason)
    correct_demand(visit.session, row, code, changed, reason, visit.person, visit.now)
    return Goto(f"/rounds/{row.ref}/survey/{code}", Done.demand_corrected)


def _read(
    lots: Sequence[AskedLot], typed: Mapping[str, str], before: Mapping[int, Line]
) -> tuple[Mapping[int, Line], list[Fault]]:
    """What the quantities will be; what the body paid last time stays as it said."""
    answer = read_answer(lots, typed)
    wanted = {item: line for given in answer.lots for item, line in given.lines.items()}
    kept = {item: before[item].last_unit_price for item in wanted.keys() & before.keys()}
    return {item: replace(line, last_unit_price=kept.get(item)) for item, line in wanted.items()}, list(answer.faults)


def _faults(reason: str, changed: Mapping[int, Line], is_faulty: bool) -> list[Fault]:
    faults = [] if 1 <= len(reason) <= 1000 else [Fault("reason", "訂正の理由を1000字以内で入力してください。")]
    return faults if changed or is_faulty else [Fault("", NOTHING), *faults]


def _typed(lots: Sequence[AskedLot], lines: Mapping[int, Line]) -> dict[str, str]:
    typed: dict[str, str] = {}
    for item in (item for lot in lots for item in lot.items):
        line = lines.get(item.id, NOTHING_LEFT)
        typed[quantity_field(item.id)] = str(line.quantity - line.spares or "")
        typed[spares_field(item.id)] = str(line.spares or "")
    return typed


def _corrected(
    lots: Sequence[AskedLot], before: Mapping[int, Line], typed: Mapping[str, str], after: Mapping[int, Line]
) -> tuple[CorrectedLot, ...]:
    return tuple(
        CorrectedLot(lot.title, tuple(_correction(item, before, typed, after) for item in lot.items)) for lot in lots
    )


def _correction(
    item: AskedItem, before: Mapping[int, Line], typed: Mapping[str, str], after: Mapping[int, Line]
) -> Correction:
    main, spares = quantity_field(item.id), spares_field(item.id)
    return Correction(
        id=item.id,
        name=item.name,
        unit=item.unit,
        before=before.get(item.id, NOTHING_LEFT),
        after=after.get(item.id, NOTHING_LEFT),
        main_field=main,
        main=typed[main],
        spares_field=spares,
        spares=typed[spares],
    )


def _form_page(
    visit: Visit, row: RoundRow, code: str, lots: tuple[CorrectedLot, ...], faults: Sequence[Fault] = ()
) -> Page:
    values = _values(visit, row, code, lots)
    form = {"reason": visit.form.text("reason"), "faults": tuple(faults)}
    return Page("survey_correct.html", {**values, **form}, status=422 if faults else 200)


def _confirmation(visit: Visit, row: RoundRow, code: str, lots: tuple[CorrectedLot, ...], reason: str) -> Page:
    return Page("survey_correct_confirm.html", {**_values(visit, row, code, lots), "reason": reason})


def _values(visit: Visit, row: RoundRow, code: str, lots: tuple[CorrectedLot, ...]) -> dict[str, object]:
    body = find_body(visit.session, row, code)
    if row.stage is not Stage.SPECIFIED:
        raise Conflict(NOT_NOW)
    return {**values_of(visit, row, body), "lots": lots, "seen": last_change(visit.session, row, code)}


routes = [show_correcting, correct]
