"""Training courses and meetings of the council: the list of a 年度, and each of them to read, enter and remove."""

from collections.abc import Sequence

from procure.errors import Fault
from procure.meetings.actions import add_meeting, change_meeting, remove_meeting
from procure.meetings.kinds import Kind
from procure.meetings.queries import Held, counts_by_year, find_held, held_in, held_of, locked_meeting, of_kind
from procure.meetings.rules import LONGEST_ITEM, MOST_ITEMS
from procure.parties.directory import Body
from procure.parties.queries import directory
from procure.server import Answer, Done, Goto, Page, Permission, Visit, get, post
from procure.values.fiscal_year import fiscal_year_name, fiscal_year_of, parse_fiscal_year
from procure.values.unreadable import Unreadable
from procure.web.meeting_form import FORMS, ORGANS, MeetingForm, read_record, stored_form, typed_form
from procure.web.published import Years

FORM_LIMIT = 128 * 1024  # bytes: thirty items and a long result, and their code points in percent signs
CHANGED_MEANWHILE = (
    "この画面を開いた後に、ほかの人がこの記録を変更しました。入力した内容は下に残しています。"
    "最新の内容と見比べて、よければもう一度保存してください。"
)
NEW = {Kind.TRAINING: "/meetings/trainings/new", Kind.MEETING: "/meetings/new"}


@get("/meetings", Permission.READ_ROUNDS)
def show_meetings(visit: Visit) -> Answer:
    years = _years(visit)
    held = held_in(visit.session, years.chosen or 0)
    values = {
        "years": years,
        "year": years.chosen,
        "trainings": of_kind(held, Kind.TRAINING),
        "meetings": of_kind(held, Kind.MEETING),
        "may_manage": visit.person.may(Permission.MANAGE_ROUNDS),
    }
    return Page("meetings.html", values)


@get("/meetings/new", Permission.MANAGE_ROUNDS)
def show_new_meeting(visit: Visit) -> Answer:
    return _form_page(visit, None, MeetingForm(Kind.MEETING))


@post("/meetings/new", Permission.MANAGE_ROUNDS, body_limit=FORM_LIMIT)
def create_meeting(visit: Visit) -> Answer:
    return _create(visit, Kind.MEETING)


@get("/meetings/trainings/new", Permission.MANAGE_ROUNDS)
def show_new_training(visit: Visit) -> Answer:
    return _form_page(visit, None, MeetingForm(Kind.TRAINING))


@post("/meetings/trainings/new", Permission.MANAGE_ROUNDS, body_limit=FORM_LIMIT)
def create_training(visit: Visit) -> Answer:
    return _create(visit, Kind.TRAINING)


@get("/meetings/{number}", Permission.READ_ROUNDS)
def show_one(visit: Visit, number: str) -> Answer:
    held = find_held(visit.session, number)
    return Page("meeting.html", {"held": held, "may_manage": visit.person.may(Permission.MANAGE_ROUNDS)})


@get("/meetings/{number}/edit", Permission.MANAGE_ROUNDS)
def show_edit(visit: Visit, number: str) -> Answer:
    held = find_held(visit.session, number)
    return _form_page(visit, held, stored_form(held.record))


@post("/meetings/{number}/edit", Permission.MANAGE_ROUNDS, body_limit=FORM_LIMIT)
def save_edit(visit: Visit, number: str) -> Answer:
    row = locked_meeting(visit.session, number)
    held = held_of(visit.session, row)
    record, faults = read_record(visit.form, row.kind, directory(visit.session).keys(), visit.now.date())
    form = typed_form(visit.form, row.kind)
    if visit.form.text("version") != str(row.version):
        return _form_page(visit, held, form, faults, CHANGED_MEANWHILE)
    if faults:
        return _form_page(visit, held, form, faults)
    change_meeting(visit.session, row, record, visit.person, visit.now)
    return Goto(f"/meetings/{row.id}", Done.saved)


@get("/meetings/{number}/remove", Permission.MANAGE_ROUNDS)
def show_removal(visit: Visit, number: str) -> Answer:
    return Page("meeting_remove.html", {"held": find_held(visit.session, number)})


@post("/meetings/{number}/remove", Permission.MANAGE_ROUNDS)
def remove(visit: Visit, number: str) -> Answer:
    row = locked_meeting(visit.session, number)
    year = fiscal_year_of(row.day)
    remove_meeting(visit.session, row, visit.person, visit.now)
    return Goto(f"/meetings?year={year}", Done.removed)


def _create(visit: Visit, kind: Kind) -> Answer:
    record, faults = read_record(visit.form, kind, directory(visit.session).keys(), visit.now.date())
    if faults:
        return _form_page(visit, None, typed_form(visit.form, kind), faults)
    add_meeting(visit.session, record, visit.person, visit.now)
    return Goto(f"/meetings?year={record.fiscal_year}", Done.added)


def _years(visit: Visit) -> Years:
    """This 年度, those in which anything was held, and the one that was asked for; without a wish this one."""
    now = fiscal_year_of(visit.now.date())
    try:
        chosen = parse_fiscal_year(visit.query.text("year")) or now
    except Unreadable:
        chosen = now
    known = sorted({now, chosen, *counts_by_year(visit.session)}, reverse=True)
    return Years(tuple((str(year), fiscal_year_name(year)) for year in known), chosen)


def _form_page(
    visit: Visit, held: Held | None, form: MeetingForm, faults: Sequence[Fault] = (), conflict: str | None = None
) -> Page:
    values = {
        "form": form,
        "action": f"/meetings/{held.number}/edit" if held else NEW[form.kind],
        "number": held.number if held else None,
        "version": held.version if held else None,
        "forms": FORMS,
        "organs": ORGANS,
        "bodies": _choices(visit),
        "most_items": MOST_ITEMS,
        "longest_item": LONGEST_ITEM,
        "faults": faults,
        "conflict": conflict,
    }
    return Page("meeting_form.html", values, status=409 if conflict else 422 if faults else 200)


def _choices(visit: Visit) -> tuple[Body, ...]:
    return tuple(directory(visit.session).values())


routes = [
    show_meetings,
    show_new_meeting,
    create_meeting,
    show_new_training,
    create_training,
    show_one,
    show_edit,
    save_edit,
    show_removal,
    remove,
]
