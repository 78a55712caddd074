"""A municipality registers its demand: list, grid, confirmation and approval, receipt."""

from collections.abc import Mapping
from datetime import datetime

from procure.demand.actions import CHANGED_SINCE_CONFIRMED, NO_DRAFT, TOO_LATE, request_approval, save_draft, submit
from procure.demand.answer import fields_of
from procure.demand.queries import answer_version, approvers_of, asked_lots, draft_of, typed_of, typed_or_submitted
from procure.errors import Conflict, Fault, NotFound
from procure.parties.tables import BodyRow
from procure.rounds.queries import find_round, locked_round
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from procure.server import Answer, Done, Goto, Json, Page, Permission, Visit, get, post
from procure.web.demand_conflict import chosen_of, clash_page, differences, picks_in, saved_of, told_clash
from procure.web.demand_grid import Grid, grid_of, last_typed
from procure.web.demand_view import Survey, saved_state, survey_of, surveys_of

UNCHECKED = "数量が前回と大きく異なる品目があります。内容を確かめて、「確認しました」に印を付けてください。"
LONGEST_ANSWER = 1024 * 1024  # bytes: the remarks of many lots
AUTO, CONFIRM = "auto", "confirm"


@get("/demand", Permission.REGISTER_DEMAND)
def list_surveys(visit: Visit) -> Answer:
    surveys = surveys_of(visit.session, visit.person, visit.body_code, visit.now)
    still_open = sorted((one for one in surveys if one.is_open), key=lambda one: (one.deadline or visit.now, one.ref))
    earlier = [one for one in surveys if not one.is_open]
    return Page("demand_list.html", {"open": still_open, "earlier": earlier, "now": visit.now})


@get("/demand/{ref}", Permission.REGISTER_DEMAND)
def show_demand(visit: Visit, ref: str) -> Answer:
    row = _asked(find_round(visit.session, ref))
    at = _survey(visit, row)
    if not at.is_open:
        return _closed(visit, row, at)
    if visit.query.text("from") == "last":
        typed = last_typed(visit.session, row, visit.body_code)
        return _grid_page(visit, row, at, typed, state="前回の数量を入れました（まだ保存していません）")
    typed = typed_or_submitted(visit.session, row, visit.body_code)
    return _grid_page(visit, row, at, typed, asks_for_all="check" in visit.query)


@post("/demand/{ref}", Permission.REGISTER_DEMAND, body_limit=LONGEST_ANSWER)
def save_demand(visit: Visit, ref: str) -> Answer:
    """Saves whatever was typed; on the way to the confirmation page it must also be readable and complete."""
    row = _asked(locked_round(visit.session, ref))
    now, typed, action = visit.clock(), _typed(visit, row), visit.form.text("action")
    at = _survey(visit, row, now)
    if not at.is_open:
        return _told_too_late() if action == AUTO else _closed(visit, row, at, typed)
    saved = saved_of(visit.session, row, visit.body_code, typed)
    if saved.clashes_with(_seen_version(visit)):
        return told_clash(at, saved) if action == AUTO else clash_page(at, saved, typed)
    if saved.differences or at.draft is None:
        save_draft(visit.session, row, visit.body_code, typed, saved.version, visit.person, now)
    at = _survey(visit, row, now)
    if action == AUTO:
        return Json({"version": _version(visit, row), "state": saved_state(at, now)})
    if action != CONFIRM:
        return Goto(at.path, Done.draft_saved)
    page = _grid_page(visit, row, at, typed, asks_for_all=True)
    return page if page.status == 422 else Goto(f"{at.path}/confirm")


@post("/demand/{ref}/conflict", Permission.REGISTER_DEMAND, body_limit=LONGEST_ANSWER)
def resolve_conflict(visit: Visit, ref: str) -> Answer:
    """Somebody of the same body was faster: of every field that differs, the person has chosen whose it shall be."""
    row = _asked(locked_round(visit.session, ref))
    now, typed = visit.clock(), _typed(visit, row)
    at = _survey(visit, row, now)
    if not at.is_open:
        return _closed(visit, row, at, typed)
    saved = saved_of(visit.session, row, visit.body_code, typed)
    if saved.clashes_with(_seen_version(visit)):
        return clash_page(at, saved, typed)
    picks = picks_in(visit.form, saved.differences)
    if not all(picks.values()):
        return clash_page(at, saved, typed, picks)
    if "mine" in picks.values():
        chosen = chosen_of(saved, typed, picks)
        save_draft(visit.session, row, visit.body_code, chosen, saved.version, visit.person, now)
    return Goto(at.path, Done.draft_saved)


@get("/demand/{ref}/confirm", Permission.REGISTER_DEMAND)
def show_confirmation(visit: Visit, ref: str) -> Answer:
    row = _asked(find_round(visit.session, ref))
    at = _survey(visit, row)
    if at.draft is None or not at.is_open:
        return Goto(at.path)
    grid = grid_of(visit.session, row, visit.body_code, at.draft.typed, asks_for_all=True)
    return Goto(f"{at.path}?check=1") if grid.faults else _confirmation(visit, at, row, grid)


@post("/demand/{ref}/confirm", Permission.REGISTER_DEMAND)
def submit_demand(visit: Visit, ref: str) -> Answer:
    """Registers the draft, or asks a second person of the body to do so."""
    row = _asked(locked_round(visit.session, ref))
    now = visit.clock()
    at = _survey(visit, row, now)
    if not at.is_open:
        return _closed(visit, row, at, at.draft.typed if at.draft else {})
    if at.draft is None:
        raise Conflict(NO_DRAFT)
    grid = grid_of(visit.session, row, visit.body_code, at.draft.typed, asks_for_all=True)
    if _seen_version(visit) != _version(visit, row):
        return _confirmation(visit, at, row, grid, message=CHANGED_SINCE_CONFIRMED)
    if grid.faults:
        return Goto(f"{at.path}?check=1")
    if grid.warnings and not visit.form.text("checked"):
        return _confirmation(visit, at, row, grid, Fault("checked", UNCHECKED))
    if visit.form.text("act") == "request":
        request_approval(visit.session, row, visit.body_code, visit.person, now)
        return Goto(f"{at.path}/confirm", Done.approval_requested)
    submit(visit.session, row, visit.body_code, visit.person, now, _seen_version(visit))
    return Goto(f"{at.path}/receipt", Done.demand_submitted)


@get("/demand/{ref}/receipt", Permission.REGISTER_DEMAND)
def show_receipt(visit: Visit, ref: str) -> Answer:
    row = _asked(find_round(visit.session, ref))
    at = _survey(visit, row)
    if at.receipt is None:
        raise NotFound
    grid = grid_of(visit.session, row, visit.body_code, typed_of(visit.session, row, visit.body_code))
    return Page("demand_receipt.html", {"survey": at, "grid": grid, "body": visit.person.body_name})


# ---- pages -------------------------------------------------------------------------------------------


def _grid_page(
    visit: Visit,
    row: RoundRow,
    at: Survey,
    typed: Mapping[str, str],
    *,
    asks_for_all: bool = False,
    state: str | None = None,
) -> Page:
    """The grid as typed; 422 and kept where a fault stands in the way of the confirmation that was asked for."""
    grid = grid_of(visit.session, row, visit.body_code, typed, asks_for_all=asks_for_all)
    values = {
        "survey": at,
        "grid": grid,
        "faults": grid.faults,
        "now": visit.now,
        "version": _version(visit, row),
        "state": state or saved_state(at, visit.now),
        "unsaved": state is not None,
    }
    refused = grid.faults and visit.form.text("action") == CONFIRM
    return Page("demand.html", values, status=422 if refused else 200, keep=True)


def _confirmation(
    visit: Visit, at: Survey, row: RoundRow, grid: Grid, fault: Fault | None = None, message: str | None = None
) -> Page:
    body, draft = visit.session.get_one(BodyRow, visit.body_code), draft_of(visit.session, row.id, visit.body_code)
    values = {
        "survey": at,
        "grid": grid,
        "now": visit.now,
        "body": body.display_name,
        "needs_approval": body.needs_approval,
        "approvers": approvers_of(visit.session, body.code, draft) if draft else (),
        "version": _version(visit, row),
        "faults": [fault] if fault else [],
        "message": message,
    }
    return Page("demand_confirm.html", values, status=422 if fault else 409 if message else 200)


def _closed(visit: Visit, row: RoundRow, at: Survey, typed: Mapping[str, str] | None = None) -> Page:
    """What was submitted, to read; `typed` is what came too late, and stays on the page to be copied."""
    registered = typed_of(visit.session, row, visit.body_code)
    left_over = at.draft.typed if at.draft and typed is None else typed
    values = {
        "survey": at,
        "grid": grid_of(visit.session, row, visit.body_code, registered),
        "typed": differences(visit.session, row, registered, left_over) if left_over else (),
        "message": None if typed is None else TOO_LATE,
        "now": visit.now,
    }
    return Page("demand_closed.html", values, status=200 if typed is None else 409)


def _told_too_late() -> Json:
    return Json({"message": TOO_LATE, "different": []}, status=409)


# ---- what came in, what there is ---------------------------------------------------------------------


def _asked(row: RoundRow) -> RoundRow:
    """Nobody is asked while a round is being prepared: to a municipality it does not exist yet."""
    if row.stage is Stage.PREPARING:
        raise NotFound
    return row


def _survey(visit: Visit, row: RoundRow, now: datetime | None = None) -> Survey:
    return survey_of(visit.session, row, visit.person, visit.body_code, now or visit.now)


def _version(visit: Visit, row: RoundRow) -> int:
    return answer_version(visit.session, row.id, visit.body_code)


def _typed(visit: Visit, row: RoundRow) -> dict[str, str]:
    """The fields of the server's own lots and items; whatever else was sent is ignored."""
    fields = fields_of(asked_lots(visit.session, row.id))
    return {field: visit.form.text(field).replace("\r\n", "\n") for field in fields}


def _seen_version(visit: Visit) -> int:
    """The version that the page was made from; one that is none at all differs from every version."""
    text = visit.form.text("version")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1


routes = [list_surveys, show_demand, save_demand, resolve_conflict, show_confirmation, submit_demand, show_receipt]
