"""Preparing a round quickly: a copy of an earlier one, and the items of a lot from an Excel list."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from procure.documents.workbook import Column, Workbook
from procure.errors import Fault, Invalid, NotFound
from procure.rounds.actions import save_lot
from procure.rounds.attachments import attachments_of, clean_name
from procure.rounds.copying import copy_round, suggested_bid_date, suggested_title, suggested_year
from procure.rounds.item_list import (
    FIELD,
    HEADINGS,
    MOST_ITEMS,
    ItemList,
    ListedItem,
    TypedList,
    TypedRow,
    read_list,
    typed_list,
)
from procure.rounds.queries import find_round, items_of, locked_round, lots_of, rounds_newest_first
from procure.rounds.rules import outline_faults
from procure.rounds.stages import Act, require
from procure.rounds.tables import RoundRow
from procure.rounds.values import lot_values
from procure.server import Answer, Done, Download, Goto, Page, Permission, Visit, get, post
from procure.settlement.round import Item, Lot
from procure.spreadsheets.reading import read_workbook
from procure.values.era import wareki
from procure.values.fiscal_year import fiscal_year_name
from procure.values.money import Yen
from procure.values.unreadable import Unreadable
from procure.web.reading import Reading
from procure.web.rounds import CHANGED_MEANWHILE, OutlineForm, is_stale, next_ref, read_outline, typed_outline

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UPLOAD_LIMIT = 5 * 1024 * 1024  # bytes
CONFIRM_LIMIT = 8 * 1024 * 1024  # bytes: the rows of the list as the preview sends them back, in percent signs
WIDTHS = {"ref": 16, "name": 36, "specification": 50, "unit": 8, "list_price": 16, "list_price_source": 36}
NO_FILE = "ファイルを選択してください。"
NO_LIST = "取り込む内容を読み取れませんでした。もう一度ファイルを選んでください。"
_PARTS = {
    "name": "品名",
    "specification": "規格",
    "unit": "単位",
    "list_price": "定価",
    "list_price_source": "定価の出典",
}


@dataclass(frozen=True, slots=True)
class PartChange:
    """What the list changes of an item; amounts are tax-exclusive yen, None for オープン価格."""

    label: str
    before: str | Yen | None
    after: str | Yen | None
    is_price: bool


@dataclass(frozen=True, slots=True)
class ChangedItem:
    row: int
    item: Item
    changes: tuple[PartChange, ...]


# ---- a copy of an earlier round ----------------------------------------------------------------------


@get("/rounds/{ref}/copy", Permission.MANAGE_ROUNDS)
def show_copy(visit: Visit, ref: str) -> Answer:
    source = find_round(visit.session, ref)
    return _copy_page(visit, source, _suggested(visit, source), with_attachments=True)


@post("/rounds/{ref}/copy", Permission.MANAGE_ROUNDS)
def copy(visit: Visit, ref: str) -> Answer:
    source = locked_round(visit.session, ref)
    reading = Reading(visit.form)
    outline = read_outline(reading, reading.text("ref"))
    with_attachments = reading.is_checked("with_attachments")
    faults = reading.judged(outline_faults(outline))
    if not faults:
        try:
            row = copy_round(visit.session, source, outline, with_attachments, visit.person, visit.now)
        except Invalid as invalid:
            faults = invalid.faults
        else:
            return Goto(f"/rounds/{row.ref}", Done.copied)
    return _copy_page(visit, source, typed_outline(visit.form, outline.bid_date, faults), with_attachments, faults)


def _suggested(visit: Visit, source: RoundRow) -> OutlineForm:
    day = suggested_bid_date(source.bid_date, visit.now.date())
    year = suggested_year(source.fiscal_year, source.bid_date, day)
    refs = [row.ref for row in rounds_newest_first(visit.session)]
    return OutlineForm(
        ref=next_ref(refs, year),
        title=suggested_title(source.title, source.fiscal_year, year),
        fiscal_year=fiscal_year_name(year),
        bid_date=wareki(day),
        council=source.council,
        note="",
        is_sample=source.is_sample,
        read_bid_date=day,
    )


def _copy_page(
    visit: Visit, source: RoundRow, form: OutlineForm, with_attachments: bool, faults: Sequence[Fault] = ()
) -> Page:
    values = {
        "ref": source.ref,
        "title": source.title,
        "lots": tuple(lot.title for lot in lots_of(visit.session, source.id)),
        "items": len(items_of(visit.session, source.id)),
        "files": tuple(file.name for file in attachments_of(visit.session, source.id)),
        "form": form,
        "with_attachments": with_attachments,
        "faults": faults,
    }
    return Page("round_copy.html", values, status=422 if faults else 200)


# ---- items from an Excel list ------------------------------------------------------------------------


@get("/rounds/{ref}/lots/{lot}/items/upload", Permission.MANAGE_ROUNDS)
def show_upload(visit: Visit, ref: str, lot: str) -> Answer:
    row = find_round(visit.session, ref)
    value = _lot(visit, row, lot)
    return _upload_page(row, value)


@get("/rounds/{ref}/lots/{lot}/items/template", Permission.MANAGE_ROUNDS)
def template(visit: Visit, ref: str, lot: str) -> Answer:
    """An empty list with its headings."""
    row = find_round(visit.session, ref)
    value = _lot(visit, row, lot)
    book = Workbook(f"{value.title}　品目一覧", row.council, visit.now)
    book.add_sheet("品目", [Column(title, WIDTHS[part]) for part, title in HEADINGS.items()], [])
    return Download(book.content(), f"品目一覧_{row.ref}_{value.id}.xlsx", XLSX)


@post("/rounds/{ref}/lots/{lot}/items/upload", Permission.MANAGE_ROUNDS, takes_uploads=True, body_limit=UPLOAD_LIMIT)
def preview(visit: Visit, ref: str, lot: str) -> Answer:
    """What the list would change; nothing is written."""
    row = locked_round(visit.session, ref)
    value = _lot(visit, row, lot)
    upload = visit.form.upload(FIELD)
    if upload is None:
        return _upload_page(row, value, (Fault(FIELD, NO_FILE),))
    try:
        typed = typed_list(read_workbook(upload.content).values())
    except Unreadable as unreadable:
        return _upload_page(row, value, (Fault(FIELD, unreadable.message),))
    read = read_list(typed, value)
    if read.faults:
        return _upload_page(row, value, read.faults)
    return _preview_page(row, value, typed, read, clean_name(upload.filename))


@post("/rounds/{ref}/lots/{lot}/items/confirm", Permission.MANAGE_ROUNDS, body_limit=CONFIRM_LIMIT)
def confirm(visit: Visit, ref: str, lot: str) -> Answer:
    """The list of the preview, read once more against the lot as it is now."""
    row = locked_round(visit.session, ref)
    value = _lot(visit, row, lot)
    typed = unpacked(visit.form.text("list"))
    if typed is None:
        return _upload_page(row, value, (Fault(FIELD, NO_LIST),))
    read = read_list(typed, value)
    if read.faults:
        return _upload_page(row, value, read.faults)
    if is_stale(visit.form, row):
        return _preview_page(row, value, typed, read, visit.form.text("filename"), conflict=CHANGED_MEANWHILE)
    save_lot(visit.session, row, replace(value, items=read.items), visit.person, visit.now)
    return Goto(f"/rounds/{row.ref}/lots/{value.id}", Done.imported)


def packed(typed: TypedList) -> str:
    """The list as a field of a form."""
    rows = [[row.number, dict(row.texts)] for row in typed.rows]
    return json.dumps({"columns": dict(typed.columns), "rows": rows}, ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str) -> TypedList | None:
    """The list of a field; None where it is not one that `packed` made."""
    try:
        content = json.loads(text)
        columns = _texts(content["columns"])
        rows = tuple(TypedRow(int(number), _texts(texts)) for number, texts in content["rows"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    is_whole = {"name", "unit"} <= columns.keys() and all(row.texts.keys() == columns.keys() for row in rows)
    return TypedList(columns, rows) if is_whole and rows else None


def _texts(value: Any) -> Mapping[str, str]:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise TypeError("not texts by name")
    return {str(name): text for name, text in value.items()}


def _lot(visit: Visit, row: RoundRow, ref: str) -> Lot:
    """Raises NotFound, and Conflict once the bodies have been asked for the items."""
    values = lot_values(lots_of(visit.session, row.id), items_of(visit.session, row.id))
    found = next((lot for lot in values if lot.id == ref), None)
    if found is None:
        raise NotFound
    require(Act.EDIT_LOTS, row.stage)
    return found


def _upload_page(row: RoundRow, lot: Lot, faults: Sequence[Fault] = ()) -> Page:
    values = {
        "ref": row.ref,
        "lot": lot,
        "headings": tuple(HEADINGS.values()),
        "most": MOST_ITEMS,
        "faults": faults,
    }
    return Page("items_upload.html", values, status=422 if faults else 200)


def _preview_page(
    row: RoundRow, lot: Lot, typed: TypedList, read: ItemList, filename: str, conflict: str | None = None
) -> Page:
    values = {
        "ref": row.ref,
        "version": row.version,
        "lot": lot,
        "filename": filename,
        "list": packed(typed),
        "added": read.added,
        "changed": tuple(_changed(line) for line in read.changed),
        "unchanged": len(read.unchanged),
        "untouched": read.untouched,
        "conflict": conflict,
    }
    return Page("items_preview.html", values, status=409 if conflict else 200)


def _changed(line: ListedItem) -> ChangedItem:
    before = line.before or line.item
    pairs = ((part, getattr(before, part), getattr(line.item, part)) for part in _PARTS)
    changes = tuple(PartChange(_PARTS[part], old, new, part == "list_price") for part, old, new in pairs if old != new)
    return ChangedItem(line.row, line.item, changes)


routes = [show_copy, copy, show_upload, template, preview, confirm]
