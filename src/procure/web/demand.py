"""A municipality registers its demand: list, grid, confirmation, receipt."""

from collections.abc import Mapping, Sequence

from procure.demand.actions import CHANGED_SINCE_CONFIRMED, TOO_LATE, save_draft, submit
from procure.demand.queries import (
    answer_version,
    answers_of,
    quantities_of,
    typed_or_submitted,
    unsubmitted,
)
from procure.demand.rules import field_of
from procure.errors import Conflict, Fault, NotFound
from procure.rounds.queries import find_round, items_of, locked_round, rounds_newest_first
from procure.rounds.stages import Stage, is_registration_open
from procure.rounds.tables import ItemRow, RoundRow
from procure.server import Answer, Done, Goto, Page, Permission, Visit, get, post
from procure.web.demand_view import Grid, Survey, grid_of, last_typed, saved_state, survey, survey_of

UNCHECKED = "数量が前回と大きく異なる品目があります。内容を確かめて、「確認しました」に印を付けてください。"


@get("/demand", Permission.REGISTER_DEMAND)
def list_surveys(visit: Visit) -> Answer:
    surveys = surveys_of(visit)
    still_open = sorted((one for one in surveys if one.is_open), key=lambda one: (one.deadline or visit.now, one.ref))
    earlier = [one for one in surveys if not one.is_open]
    return Page("demand_list.html", {"open": still_open, "earlier": earlier, "now": visit.now})


@get("/demand/{ref}", Permission.REGISTER_DEMAND)
def show_demand(visit: Visit, ref: str) -> Answer:
    row = _asked(find_round(visit.session, ref))
    if not _is_open(visit, row):
        return _closed(visit, row)
    items = items_of(visit.session, row.id)
    if visit.query.text("from") == "last":
        typed = last_typed(visit.session, row, visit.body_code)
        return _grid_page(visit, row, typed, "前回の数量を入れました（まだ保存していません）")
    typed = typed_or_submitted(visit.session, row, items, visit.body_code)
    return _grid_page(visit, row, typed)


@post("/demand/{ref}", Permission.REGISTER_DEMAND)
def save_demand(visit: Visit, ref: str) -> Answer:
    """Saves whatever was typed; on the way to the confirmation page it must also be readable."""
    row = _asked(locked_round(visit.session, ref))
    typed = _typed(visit, items_of(visit.session, row.id))
    if not _is_open(visit, row):
        return _closed(visit, row, typed)
    try:
        save_draft(visit.session, row, visit.body_code, typed, _seen_version(visit), visit.person, visit.now)
    except Conflict as conflict:
        return _clash(visit, row, typed, conflict)
    if visit.form.text("action") != "confirm":
        return Goto(f"/demand/{row.ref}", Done.draft_saved)
    page = _grid_page(visit, row, typed)
    return page if page.status == 422 else Goto(f"/demand/{row.ref}/confirm")


@get("/demand/{ref}/confirm", Permission.REGISTER_DEMAND)
def show_confirmation(visit: Visit, ref: str) -> Answer:
    row = _asked(find_round(visit.session, ref))
    at = _survey(visit, row)
    if at.draft is None or not at.is_open:
        return Goto(at.path)
    grid = grid_of(visit.session, row, visit.body_code, at.draft.typed)
    return Goto(at.path) if grid.faults else _confirmation(visit, at, row, grid)


@post("/demand/{ref}/confirm", Permission.REGISTER_DEMAND)
def submit_demand(visit: Visit, ref: str) -> Answer:
    row = _asked(locked_round(visit.session, ref))
    at = _survey(visit, row)
    if at.draft is None or not at.is_open:
        return _not_submittable(visit, row, at)
    grid = grid_of(visit.session, row, visit.body_code, at.draft.typed)
    if _seen_version(visit) != answer_version(visit.session, row.id, visit.body_code):
        return _confirmation(visit, at, row, grid, message=CHANGED_SINCE_CONFIRMED)
    if grid.warnings and not visit.form.text("checked"):
        return _confirmation(visit, at, row, grid, Fault("checked", UNCHECKED))
    submit(visit.session, row, visit.body_code, visit.person, visit.now, _seen_version(visit))
    return Goto(f"{at.path}/receipt", Done.demand_submitted)


@get("/demand/{ref}/receipt", Permission.REGISTER_DEMAND)
def show_receipt(visit: Visit, ref: str) -> Answer:
    row = _asked(find_round(visit.session, ref))
    at = _survey(visit, row)
    if at.receipt is None:
        raise NotFound
    grid = grid_of(visit.session, row, visit.body_code, _submitted(visit, row))
    return Page("demand_receipt.html", {"survey": at, "grid": grid, "body": visit.person.body_name})


def surveys_of(visit: Visit) -> list[Survey]:
    """Every survey that the body was or is asked in, newest round first."""
    answers = answers_of(visit.session, visit.body_code)
    drafts = unsubmitted(visit.session, visit.body_code)
    rows = [row for row in rounds_newest_first(visit.session) if row.stage is not Stage.PREPARING]
    return [survey(row, answers.get(row.id), drafts.get(row.id), visit.now) for row in rows]


# ---- pages -------------------------------------------------------------------------------------------


def _grid_page(visit: Visit, row: RoundRow, typed: Mapping[str, str], state: str | None = None) -> Page:
    """The grid as typed; 422 and kept where a fault stands in the way of the confirmation that was asked for."""
    grid = grid_of(visit.session, row, visit.body_code, typed)
    asked_to_confirm = visit.form.text("action") == "confirm"
    status = 422 if grid.faults and asked_to_confirm else 200
    return Page("demand.html", _grid_values(visit, row, grid, state), status=status, keep=True)


def _clash(visit: Visit, row: RoundRow, typed: Mapping[str, str], conflict: Conflict) -> Page:
    """Somebody of the same body was faster: what they have now beside what was typed here."""
    items = items_of(visit.session, row.id)
    theirs = typed_or_submitted(visit.session, row, items, visit.body_code)
    grid = grid_of(visit.session, row, visit.body_code, typed)
    different = [(line, theirs.get(line.field, "")) for line in grid.rows if line.raw != theirs.get(line.field, "")]
    values = _grid_values(visit, row, grid, "この画面の内容は、まだ保存していません")
    return Page("demand.html", values | {"clash": conflict.message, "different": different}, status=409)


def _grid_values(visit: Visit, row: RoundRow, grid: Grid, state: str | None) -> dict[str, object]:
    at = _survey(visit, row)
    return {
        "survey": at,
        "grid": grid,
        "faults": grid.faults,
        "now": visit.now,
        "version": answer_version(visit.session, row.id, visit.body_code),
        "state": state or saved_state(at, visit.now),
        "unsaved": state is not None,
        "clash": None,
        "different": (),
    }


def _confirmation(
    visit: Visit, at: Survey, row: RoundRow, grid: Grid, fault: Fault | None = None, message: str | None = None
) -> Page:
    values = {
        "survey": at,
        "grid": grid,
        "now": visit.now,
        "body": visit.person.body_name,
        "version": answer_version(visit.session, row.id, visit.body_code),
        "faults": [fault] if fault else [],
        "message": message,
    }
    return Page("demand_confirm.html", values, status=422 if fault else 409 if message else 200)


def _not_submittable(visit: Visit, row: RoundRow, at: Survey) -> Answer:
    """Too late, with the draft shown; or there is no draft, because a colleague has submitted or it was sent twice."""
    if not at.is_open:
        return _closed(visit, row, at.draft.typed if at.draft else {})
    raise Conflict("登録する下書きがありません。すでに登録済みの場合は、受付の控えをご確認ください。")


def _closed(visit: Visit, row: RoundRow, typed: Mapping[str, str] | None = None) -> Page:
    """What was submitted, to read; `typed` is what came too late, and stays on the page to be copied."""
    at = _survey(visit, row)
    left_over = at.draft.typed if at.draft and typed is None else typed
    values = {
        "survey": at,
        "grid": grid_of(visit.session, row, visit.body_code, _submitted(visit, row)),
        "typed": left_over,
        "message": None if typed is None else TOO_LATE,
        "now": visit.now,
    }
    return Page("demand_closed.html", values, status=200 if typed is None else 409)


# ---- what came in, what there is ---------------------------------------------------------------------


def _asked(row: RoundRow) -> RoundRow:
    """Nobody is asked while a round is being prepared: to a municipality it does not exist yet."""
    if row.stage is Stage.PREPARING:
        raise NotFound
    return row


def _is_open(visit: Visit, row: RoundRow) -> bool:
    return is_registration_open(row.stage, row.survey_deadline, visit.now)


def _survey(visit: Visit, row: RoundRow) -> Survey:
    return survey_of(visit.session, row, visit.body_code, visit.now)


def _typed(visit: Visit, items: Sequence[ItemRow]) -> dict[str, str]:
    """The fields of the server's own items; whatever else was sent is ignored."""
    return {field_of(item): visit.form.text(field_of(item)) for item in items}


def _submitted(visit: Visit, row: RoundRow) -> dict[str, str]:
    items = items_of(visit.session, row.id)
    quantities = quantities_of(visit.session, items, visit.body_code)
    return {field_of(item): str(quantities[item.id]) for item in items if item.id in quantities}


def _seen_version(visit: Visit) -> int:
    """The version that the page was made from; one that is none at all differs from every version."""
    text = visit.form.text("version")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1


routes = [list_surveys, show_demand, save_demand, show_confirmation, submit_demand, show_receipt]
