"""The survey of a round for the secretariat: who has answered, accepting many answers, opening, closing, reopening."""

from collections.abc import Sequence

from procure.demand.actions import accept_answer, close_survey
from procure.demand.board import Board, Status, board_of, may_judge
from procure.demand.freeze import freezes_of
from procure.demand.queries import submissions_of
from procure.demand.states import AnswerState
from procure.errors import Fault
from procure.mail.letters import reminder_text
from procure.parties.queries import members
from procure.rounds.actions import open_survey, reopen_survey
from procure.rounds.queries import find_round, items_of, locked_round, lots_of
from procure.rounds.rules import reopening_faults, survey_faults
from procure.rounds.stages import Act, Stage, may, require
from procure.rounds.tables import RoundRow
from procure.rounds.values import lot_values
from procure.server import Answer, Done, Goto, Page, Permission, Visit, get, post
from procure.web.deadline_form import SURVEY_LENGTH, DeadlineForm, read_deadline, standard_deadline, typed_deadline
from procure.web.reading import Reading

NOTHING_CHOSEN = "受理する回答を選んでください。"
NOT_AS_SEEN = "画面を開いた後に変わった回答があるため、どの回答も受理していません。最新の内容を確かめてください。"


@get("/rounds/{ref}/survey", Permission.READ_ROUNDS)
def show_board(visit: Visit, ref: str) -> Answer:
    return _board_page(visit, find_round(visit.session, ref))


@post("/rounds/{ref}/survey/accept", Permission.MANAGE_ROUNDS)
def accept_many(visit: Visit, ref: str) -> Answer:
    """The answers chosen by the receipt number that stood on the page: all of them, or none where one has changed."""
    row = locked_round(visit.session, ref)
    chosen = visit.form.texts("receipt")
    if not chosen:
        return _board_page(visit, row, NOTHING_CHOSEN, 422)
    waiting = {
        one.receipt_number: one.body_code
        for one in submissions_of(visit.session, row.id).values()
        if one.state is AnswerState.SUBMITTED
    }
    if not waiting.keys() >= set(chosen):
        return _board_page(visit, row, NOT_AS_SEEN, 409)
    for receipt in chosen:
        accept_answer(visit.session, row, waiting[receipt], visit.person, visit.now)
    return Goto(f"/rounds/{row.ref}/survey", Done.answers_accepted)


@get("/rounds/{ref}/survey/open", Permission.MANAGE_ROUNDS)
def show_opening(visit: Visit, ref: str) -> Answer:
    row = find_round(visit.session, ref)
    require(Act.OPEN_SURVEY, row.stage)
    return _deadline_page("survey_open.html", visit, row, standard_deadline(visit.now))


@post("/rounds/{ref}/survey/open", Permission.MANAGE_ROUNDS)
def open_(visit: Visit, ref: str) -> Answer:
    row = locked_round(visit.session, ref)
    require(Act.OPEN_SURVEY, row.stage)
    reading = Reading(visit.form)
    deadline = read_deadline(reading)
    lots = lot_values(lots_of(visit.session, row.id), items_of(visit.session, row.id))
    faults = _shown(reading.judged(survey_faults(lots, deadline or visit.now + SURVEY_LENGTH, visit.now)))
    if faults or deadline is None:
        return _deadline_page("survey_open.html", visit, row, typed_deadline(reading), faults)
    open_survey(visit.session, row, deadline, visit.person, visit.now)
    return Goto(f"/rounds/{row.ref}", Done.survey_opened)


@get("/rounds/{ref}/survey/close", Permission.MANAGE_ROUNDS)
def show_closing(visit: Visit, ref: str) -> Answer:
    row = find_round(visit.session, ref)
    require(Act.CLOSE_SURVEY, row.stage)
    board = board_of(visit.session, row)
    values = {
        "ref": row.ref,
        "title": row.title,
        "deadline": row.survey_deadline,
        "is_early": row.survey_deadline is not None and visit.now < row.survey_deadline,
        "board": board,
        "extended": board.extended(visit.now),
    }
    return Page("survey_close.html", values)


@post("/rounds/{ref}/survey/close", Permission.MANAGE_ROUNDS)
def close(visit: Visit, ref: str) -> Answer:
    row = locked_round(visit.session, ref)
    close_survey(visit.session, row, visit.person, visit.now)
    return Goto(f"/rounds/{row.ref}", Done.survey_closed)


@get("/rounds/{ref}/survey/reopen", Permission.MANAGE_ROUNDS)
def show_reopening(visit: Visit, ref: str) -> Answer:
    row = find_round(visit.session, ref)
    require(Act.REOPEN_SURVEY, row.stage)
    return _deadline_page("survey_reopen.html", visit, row, standard_deadline(visit.now))


@post("/rounds/{ref}/survey/reopen", Permission.MANAGE_ROUNDS)
def reopen(visit: Visit, ref: str) -> Answer:
    row = locked_round(visit.session, ref)
    require(Act.REOPEN_SURVEY, row.stage)
    reading = Reading(visit.form)
    deadline = read_deadline(reading)
    reason = reading.text("reason", lines=True)
    faults = reading.judged(reopening_faults(reason, deadline or visit.now + SURVEY_LENGTH, visit.now))
    if faults or deadline is None:
        return _deadline_page("survey_reopen.html", visit, row, typed_deadline(reading), faults)
    reopen_survey(visit.session, row, deadline, reason, visit.person, visit.now)
    return Goto(f"/rounds/{row.ref}", Done.survey_reopened)


def _board_page(visit: Visit, row: RoundRow, message: str | None = None, status: int = 200) -> Page:
    board = board_of(visit.session, row)
    chosen = next((one for one in Status if one.value == visit.query.text("status")), None)
    lines = board.of(chosen) if chosen else board.lines
    may_manage = visit.person.may(Permission.MANAGE_ROUNDS)
    path = f"/rounds/{row.ref}/survey"
    values = {
        "ref": row.ref,
        "title": row.title,
        "stage": row.stage,
        "deadline": row.survey_deadline,
        "now": visit.now,
        "path": path,
        "board": board,
        "chosen": chosen,
        "lines": lines,
        "filters": _filters(path, board, chosen),
        "acts": _acts(visit, row, board),
        "may_accept": may_manage and may_judge(row) and any(line.may_be_accepted for line in lines),
        "all_path": f"{path}?{f'status={chosen.value}&' if chosen else ''}all=1",
        "is_all": "all" in visit.query,
        "reminder": _reminder(visit, row, board) if may_manage and may_judge(row) else None,
        "is_frozen": bool(freezes_of(visit.session, row.id)),
        "message": message,
    }
    return Page("survey.html", values, status=status)


def _reminder(visit: Visit, row: RoundRow, board: Board) -> str | None:
    """The text of a mail to all that lists those who are not done; None where everybody is."""
    names = [line.name for line in board.unfinished]
    if not names or row.survey_deadline is None:
        return None
    return reminder_text(row.title, names, row.survey_deadline, visit.now, visit.settings.letterhead)


def _filters(path: str, board: Board, chosen: Status | None) -> list[tuple[str, str, bool]]:
    """A link for each status with its number of bodies: (label, address, whether it is chosen)."""
    every = (f"すべて（{len(board.lines)}）", path, chosen is None)
    return [every, *((f"{s.label}（{len(board.of(s))}）", f"{path}?status={s.value}", s is chosen) for s in Status)]


def _acts(visit: Visit, row: RoundRow, board: Board) -> list[tuple[str, str]]:
    """What the secretariat may do now, as (label, address). Sheets come in as long as any body has time left."""
    if not visit.person.may(Permission.MANAGE_ROUNDS):
        return []
    path = f"/rounds/{row.ref}/survey"
    acts = (
        (Act.OPEN_SURVEY, "需要登録を始める", "open"),
        (Act.REGISTER_DEMAND, "届いた調査票を取り込む", "upload"),
        (Act.CLOSE_SURVEY, "需要登録を締め切る", "close"),
        (Act.REOPEN_SURVEY, "需要登録を再開する", "reopen"),
    )
    extended = {Act.REGISTER_DEMAND} if row.stage is Stage.SPECIFIED and board.extended(visit.now) else frozenset()
    return [(label, f"{path}/{page}") for act, label, page in acts if may(act, row.stage) or act in extended]


def _shown(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """What is wrong with the lots has no field on this page."""
    return tuple(Fault("", fault.message) if fault.field == "lots" else fault for fault in faults)


def _deadline_page(
    template: str, visit: Visit, row: RoundRow, form: DeadlineForm, faults: Sequence[Fault] = ()
) -> Page:
    asked = len(members(visit.session))
    values = {
        "ref": row.ref,
        "title": row.title,
        "bid_date": row.bid_date,
        "form": form,
        "faults": faults,
        "members": asked,
    }
    return Page(template, values, status=422 if faults else 200)


routes = [show_board, accept_many, show_opening, open_, show_closing, close, show_reopening, reopen]
