"""The lots of a round: their items and the rules of their notice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from procure.ceilings.queries import seal_of
from procure.errors import Fault, NotFound
from procure.rounds.actions import remove_lot, save_lot
from procure.rounds.list_prices import check_list_prices, checked_refs
from procure.rounds.queries import find_lot, find_round, items_of, locked_round, lots_of
from procure.rounds.rules import lot_faults, price_reason_faults
from procure.rounds.stages import Act, Stage, may, require
from procure.rounds.tables import ItemRow, LotRow, RoundRow
from procure.rounds.values import lot_values
from procure.server import Answer, Done, Goto, Page, Permission, Visit, get, post
from procure.settlement.labels import CEILING_DISCLOSURE, CONTRACT_KIND, DRAW_METHOD, REVIEW, TENDER_METHOD
from procure.settlement.round import Item, Lot
from procure.values.era import wareki_short
from procure.values.money import Yen, format_decimal
from procure.web import lot_form
from procure.web.lot_form import (
    LotForm,
    ReadLot,
    in_order,
    new_form,
    read_lot,
    read_rules,
    stored_form,
    ticked,
    typed_form,
    typed_rules_form,
)
from procure.web.reading import Reading
from procure.web.rounds import CHANGED_MEANWHILE, is_stale

FORM_LIMIT = 1024 * 1024  # bytes: three hundred items with long specifications
MORE_ROWS = "more_rows"  # the button that adds rows to the table
OPTIONS = {
    "contract_kinds": lot_form.CONTRACT_KINDS,
    "disclosures": lot_form.DISCLOSURES,
    "attempts": lot_form.ATTEMPTS,
    "decimals": lot_form.DECIMALS,
    "draws": lot_form.DRAWS,
    "tender_methods": lot_form.TENDER_METHODS,
    "reviews": lot_form.REVIEWS,
}


@dataclass(frozen=True, slots=True)
class LotView:
    """A lot to read. Amounts are tax-exclusive yen unless named so. `checks` are who checked which list price."""

    ref: str
    title: str
    kind: str
    tax_percent: str
    ceiling: Yen | None
    ceiling_with_tax: Yen | None
    is_sealed: bool
    minimum: Yen | None
    disclosure: str
    max_attempts: int
    rebid_must_be_lower: bool
    decimals: str
    draw: str
    tender_method: str
    review: str
    void_grounds: tuple[str, ...]
    cancelled: str | None
    items: tuple[Item, ...]
    either: bool
    checks: Mapping[str, str]


@get("/rounds/{ref}/lots/new", Permission.MANAGE_ROUNDS)
def show_new_lot(visit: Visit, ref: str) -> Answer:
    row = find_round(visit.session, ref)
    require(Act.EDIT_LOTS, row.stage)
    refs = {lot.ref for lot in lots_of(visit.session, row.id)}
    free = next(f"lot-{number}" for number in range(1, len(refs) + 2) if f"lot-{number}" not in refs)
    return _form_page(row, None, new_form(free))


@post("/rounds/{ref}/lots/new", Permission.MANAGE_ROUNDS, body_limit=FORM_LIMIT)
def add_lot(visit: Visit, ref: str) -> Answer:
    row = locked_round(visit.session, ref)
    require(Act.EDIT_LOTS, row.stage)
    form = typed_form(visit.form)
    if MORE_ROWS in visit.form:
        return _form_page(row, None, form.with_blank_rows())
    reading = Reading(visit.form)
    read = read_lot(reading, reading.text("ref"), ())
    taken = [lot.ref for lot in lots_of(visit.session, row.id)]
    faults = [*_faults(reading, read), *_taken(read.lot.id, taken)]
    if faults or is_stale(visit.form, row):
        return _form_page(row, None, form, faults, CHANGED_MEANWHILE if is_stale(visit.form, row) else None)
    _write(visit, row, read, form)
    return Goto(f"/rounds/{row.ref}#lots", Done.added)


@get("/rounds/{ref}/lots/{lot}", Permission.READ_ROUNDS)
def show_lot(visit: Visit, ref: str, lot: str) -> Answer:
    row = find_round(visit.session, ref)
    view = _view(visit, row, value := _value(visit, row, lot))
    may_manage = visit.person.may(Permission.MANAGE_ROUNDS)
    if may(Act.EDIT_RULES, row.stage) and may_manage:
        form = stored_form(value, view.either, view.checks)
        return _form_page(row, view, form.with_blank_rows() if may(Act.EDIT_LOTS, row.stage) else form)
    return Page("lot.html", {"ref": row.ref, "stage": row.stage.label, "lot": view, "may_manage": may_manage})


@post("/rounds/{ref}/lots/{lot}", Permission.MANAGE_ROUNDS, body_limit=FORM_LIMIT)
def save(visit: Visit, ref: str, lot: str) -> Answer:
    row = locked_round(visit.session, ref)
    value = _value(visit, row, lot)
    require(Act.EDIT_RULES, row.stage)
    view = _view(visit, row, value)
    is_whole = may(Act.EDIT_LOTS, row.stage)
    form = typed_form(visit.form) if is_whole else typed_rules_form(visit.form, value, view.either)
    if is_whole and MORE_ROWS in visit.form:
        return _form_page(row, view, form.with_blank_rows())
    reading = Reading(visit.form)
    stored = {item.id for item in value.items}
    read = read_lot(reading, value.id, stored) if is_whole else read_rules(reading, value)
    reason = reading.text("price_reason", lines=True)
    faults = [*_faults(reading, read), *_unexplained(reading, row, value, read, reason)]
    if faults or is_stale(visit.form, row):
        return _form_page(row, view, form, faults, CHANGED_MEANWHILE if is_stale(visit.form, row) else None)
    _write(visit, row, read, form, reason)
    return Goto(f"/rounds/{row.ref}/lots/{value.id}", Done.saved)


@get("/rounds/{ref}/lots/{lot}/remove", Permission.MANAGE_ROUNDS)
def show_removal(visit: Visit, ref: str, lot: str) -> Answer:
    row = find_round(visit.session, ref)
    value = _value(visit, row, lot)
    require(Act.EDIT_LOTS, row.stage)
    return Page("lot_remove.html", {"ref": row.ref, "lot": _view(visit, row, value)})


@post("/rounds/{ref}/lots/{lot}/remove", Permission.MANAGE_ROUNDS)
def remove(visit: Visit, ref: str, lot: str) -> Answer:
    row = locked_round(visit.session, ref)
    found = find_lot(visit.session, row.id, lot)
    remove_lot(visit.session, row, found, visit.person, visit.now)
    return Goto(f"/rounds/{row.ref}#lots", Done.removed)


def _value(visit: Visit, row: RoundRow, ref: str) -> Lot:
    """Raises NotFound."""
    values = lot_values(lots_of(visit.session, row.id), items_of(visit.session, row.id))
    found = next((lot for lot in values if lot.id == ref), None)
    if found is None:
        raise NotFound
    return found


def _write(visit: Visit, row: RoundRow, read: ReadLot, form: LotForm, reason: str = "") -> None:
    """The lot, then the ticks beside its list prices: one that was there before does not hold for a new price."""
    existing = [lot for lot in lots_of(visit.session, row.id) if lot.ref == read.lot.id]
    before = checked_refs(visit.session, existing[0]) if existing else frozenset()
    save_lot(visit.session, row, read.lot, visit.person, visit.now, either=form.either, reason=reason)
    found, now = find_lot(visit.session, row.id, read.lot.id), ticked(visit.form, read)
    check_list_prices(visit.session, row, found, now - before, before - now, visit.person, visit.now)


def _unexplained(reading: Reading, row: RoundRow, before: Lot, read: ReadLot, reason: str) -> list[Fault]:
    """A list price that changes after 仕様確定 without its reason."""
    if row.stage is not Stage.SPECIFIED or read.lot.items == before.items:
        return []
    unread = {fault.field for fault in reading.faults}
    return [fault for fault in price_reason_faults(reason) if fault.field not in unread]


def _faults(reading: Reading, read: ReadLot) -> list[Fault]:
    return list(in_order(reading.judged(read.placed(lot_faults(read.lot)))))


def _taken(ref: str, taken: Sequence[str]) -> list[Fault]:
    if ref not in taken:
        return []
    return [Fault("ref", f"記号「{ref}」は使えません。この案件のほかのロットと違う記号にしてください。")]


def _form_page(
    row: RoundRow, lot: LotView | None, form: LotForm, faults: Sequence[Fault] = (), conflict: str | None = None
) -> Page:
    values = {
        "ref": row.ref,
        "version": row.version,
        "lot": lot,
        "is_whole": may(Act.EDIT_LOTS, row.stage),
        "is_frozen": row.stage is Stage.SPECIFIED,
        "stage": row.stage.label,
        "form": form.with_checks(lot.checks) if lot else form,
        "faults": faults,
        "conflict": conflict,
        "options": OPTIONS,
    }
    return Page("lot_form.html", values, status=409 if conflict else 422 if faults else 200)


def _view(visit: Visit, row: RoundRow, lot: Lot) -> LotView:
    rules, stored = lot.rules, find_lot(visit.session, row.id, lot.id)
    return LotView(
        ref=lot.id,
        title=lot.title,
        kind=CONTRACT_KIND[lot.contract_kind],
        tax_percent=format_decimal(rules.tax_rate * 100),
        ceiling=rules.ceiling,
        ceiling_with_tax=rules.ceiling_with_tax,
        is_sealed=seal_of(visit.session, stored) is not None,
        minimum=rules.minimum,
        disclosure=CEILING_DISCLOSURE[rules.ceiling_disclosure],
        max_attempts=rules.max_attempts,
        rebid_must_be_lower=rules.rebid_must_be_lower,
        decimals=dict(lot_form.DECIMALS)[str(rules.price_decimals)],
        draw=DRAW_METHOD[rules.draw],
        tender_method=TENDER_METHOD[lot.tender_method],
        review=REVIEW[rules.review],
        void_grounds=rules.void_grounds,
        cancelled=lot.cancelled,
        items=lot.items,
        either=stored.either_acquisition,
        checks=_checks(items_of(visit.session, row.id), stored),
    )


def _checks(items: Sequence[ItemRow], lot: LotRow) -> dict[str, str]:
    """Who checked the list price of an item, and when, by its code."""
    return {
        item.ref: f"{item.list_price_checked_by}　{wareki_short(item.list_price_checked_at)}"
        for item in items
        if item.lot_id == lot.id and item.list_price_checked_at is not None
    }


routes = [show_new_lot, add_lot, show_lot, save, show_removal, remove]
