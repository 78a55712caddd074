"""The list of rounds, and what the secretariat says of one: its number, title, 年度 and 入札日."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from procure.bids.after_queries import rounds_with_waiting_negotiations
from procure.errors import Fault, Invalid
from procure.rounds.actions import create_round, edit_round
from procure.rounds.queries import find_round, locked_round, rounds_newest_first
from procure.rounds.rules import Outline, outline_faults
from procure.rounds.stages import Act, Stage, require
from procure.rounds.tables import RoundRow
from procure.server import Answer, Done, Fields, Goto, Page, Permission, Visit, get, post
from procure.values.era import parse_date, wareki, wareki_short
from procure.values.fiscal_year import first_day, fiscal_year_name, fiscal_year_of, parse_fiscal_year
from procure.web.next_steps import next_step
from procure.web.reading import Reading
from procure.web.standing import NextStep, standing_of

STAGE_TONES = {
    Stage.PREPARING: "gray",
    Stage.SURVEYING: "yellow",
    Stage.SPECIFIED: "blue",
    Stage.BIDDING: "blue",
    Stage.OPENING: "blue",
    Stage.PUBLISHED: "green",
}
CHANGED_MEANWHILE = (
    "この画面を開いた後に、ほかの人がこの案件を変更しました。入力した内容は下に残しています。"
    "最新の内容と見比べて、よければもう一度保存してください。"
)


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round in the list."""

    ref: str
    title: str
    fiscal_year: int
    stage: str
    tone: str
    bid_date: date
    is_sample: bool
    next: NextStep | None


@dataclass(frozen=True, slots=True)
class OutlineForm:
    """The form as it stands on the page: texts as typed, and the day that was read of them."""

    ref: str
    title: str
    fiscal_year: str
    bid_date: str
    council: str
    note: str
    is_sample: bool
    read_bid_date: date | None = None


@get("/rounds", Permission.READ_ROUNDS)
def show_rounds(visit: Visit) -> Answer:
    waiting = rounds_with_waiting_negotiations(visit.session)
    lines = tuple(_line(visit, row, row.id in waiting) for row in rounds_newest_first(visit.session))
    return Page("rounds.html", {"rounds": lines, "may_create": visit.person.may(Permission.MANAGE_ROUNDS)})


@get("/rounds/new", Permission.MANAGE_ROUNDS)
def show_new_round(visit: Visit) -> Answer:
    year = fiscal_year_of(visit.now.date())
    suggested = next_ref([row.ref for row in rounds_newest_first(visit.session)], year)
    council = visit.settings.letterhead.council
    return _new_page(OutlineForm(suggested, "", fiscal_year_name(year), "", council, "", is_sample=False))


@post("/rounds/new", Permission.MANAGE_ROUNDS)
def create(visit: Visit) -> Answer:
    reading = Reading(visit.form)
    outline = read_outline(reading, reading.text("ref"))
    faults = reading.judged(outline_faults(outline))
    if faults:
        return _new_page(typed_outline(visit.form, outline.bid_date, faults), faults)
    try:
        row = create_round(visit.session, outline, visit.person, visit.now)
    except Invalid as invalid:
        return _new_page(typed_outline(visit.form, outline.bid_date, invalid.faults), invalid.faults)
    return Goto(f"/rounds/{row.ref}", Done.added)


@get("/rounds/{ref}/edit", Permission.MANAGE_ROUNDS)
def show_edit(visit: Visit, ref: str) -> Answer:
    row = find_round(visit.session, ref)
    require(Act.EDIT_ROUND, row.stage)
    return _edit_page(row, _stored(row))


@post("/rounds/{ref}/edit", Permission.MANAGE_ROUNDS)
def save_edit(visit: Visit, ref: str) -> Answer:
    row = locked_round(visit.session, ref)
    require(Act.EDIT_ROUND, row.stage)
    reading = Reading(visit.form)
    outline = read_outline(reading, row.ref)
    faults = reading.judged(outline_faults(outline))
    form = typed_outline(visit.form, outline.bid_date, faults)
    if is_stale(visit.form, row):
        return _edit_page(row, form, faults, conflict=CHANGED_MEANWHILE)
    if faults:
        return _edit_page(row, form, faults)
    edit_round(visit.session, row, outline, visit.person, visit.now)
    return Goto(f"/rounds/{row.ref}", Done.saved)


def is_stale(form: Fields, row: RoundRow) -> bool:
    """Whether the round has changed since the form was shown."""
    return form.text("version") != str(row.version)


def next_ref(refs: Sequence[str], fiscal_year: int) -> str:
    """The next number of the 年度: R8-1, R8-2, …"""
    prefix = wareki_short(first_day(fiscal_year)).partition(".")[0]
    used = [int(found[1]) for ref in refs if (found := re.fullmatch(rf"{prefix}-([0-9]{{1,6}})", ref))]
    return f"{prefix}-{max(used, default=0) + 1}"


def read_outline(reading: Reading, ref: str) -> Outline:
    """Where the year or the day cannot be read, one that fits the other stands for it: it has its fault already."""
    year = reading.value("fiscal_year", parse_fiscal_year, "年度を入力してください（例：2026、令和8年度）。")
    day = reading.value("bid_date", parse_date, "入札日を入力してください（例：令和8年12月11日）。")
    day = day or first_day(year or 2000)
    return Outline(
        ref=ref,
        title=reading.text("title"),
        fiscal_year=year or fiscal_year_of(day),
        bid_date=day,
        council=reading.text("council"),
        note=reading.text("note", lines=True) or None,
        is_sample=reading.is_checked("is_sample"),
    )


def _line(visit: Visit, row: RoundRow, waits: bool) -> RoundLine:
    return RoundLine(
        ref=row.ref,
        title=row.title,
        fiscal_year=row.fiscal_year,
        stage=row.stage.label,
        tone=STAGE_TONES[row.stage],
        bid_date=row.bid_date,
        is_sample=row.is_sample,
        next=_next(visit.session, row, visit, waits),
    )


def _next(session: Session, row: RoundRow, visit: Visit, waits: bool) -> NextStep | None:
    """A published round for whose negotiated contract nobody waits needs nothing: it is not settled for the list."""
    return (
        None
        if row.stage is Stage.PUBLISHED and not waits
        else next_step(standing_of(session, row, visit.now, visit.viewer))
    )


def _stored(row: RoundRow) -> OutlineForm:
    return OutlineForm(
        ref=row.ref,
        title=row.title,
        fiscal_year=fiscal_year_name(row.fiscal_year),
        bid_date=wareki(row.bid_date),
        council=row.council,
        note=row.note or "",
        is_sample=row.is_sample,
        read_bid_date=row.bid_date,
    )


def typed_outline(form: Fields, bid_date: date, faults: Sequence[Fault]) -> OutlineForm:
    is_read = bool(form.text("bid_date").strip()) and "bid_date" not in {fault.field for fault in faults}
    return OutlineForm(
        ref=form.text("ref"),
        title=form.text("title"),
        fiscal_year=form.text("fiscal_year"),
        bid_date=form.text("bid_date"),
        council=form.text("council"),
        note=form.text("note"),
        is_sample="is_sample" in form,
        read_bid_date=bid_date if is_read else None,
    )


def _new_page(form: OutlineForm, faults: Sequence[Fault] = ()) -> Page:
    values = {"form": form, "faults": faults, "ref": None, "version": None, "conflict": None}
    return Page("round_form.html", values, status=422 if faults else 200)


def _edit_page(row: RoundRow, form: OutlineForm, faults: Sequence[Fault] = (), conflict: str | None = None) -> Page:
    values = {"form": form, "faults": faults, "ref": row.ref, "version": row.version, "conflict": conflict}
    status = 409 if conflict else 422 if faults else 200
    return Page("round_form.html", values, status=status)


routes = [show_rounds, show_new_round, create, show_edit, save_edit]
