"""The survey of a round for the secretariat: who has answered, and opening, closing and reopening it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from procure.clock import JAPAN
from procure.demand.actions import close_survey
from procure.errors import Fault
from procure.parties.queries import members
from procure.rounds.actions import open_survey, reopen_survey
from procure.rounds.queries import find_round, items_of, locked_round, lots_of
from procure.rounds.rules import reopening_faults, survey_faults
from procure.rounds.stages import Act, may, require
from procure.rounds.tables import RoundRow
from procure.rounds.values import lot_values
from procure.server import Answer, Done, Goto, Page, Permission, Visit, get, post
from procure.values.era import parse_date, parse_time, wareki
from procure.web.reading import Reading
from procure.web.survey_board import Board, Status, board_of

SURVEY_LENGTH = timedelta(days=14)
CLOSING_TIME = time(17, 15)


@dataclass(frozen=True, slots=True)
class DeadlineForm:
    """The deadline as typed, and the day that was read of it."""

    day: str
    time: str
    reason: str = ""
    read_day: date | None = None


@get("/rounds/{ref}/survey", Permission.READ_ROUNDS)
def show_board(visit: Visit, ref: str) -> Answer:
    row = find_round(visit.session, ref)
    board = board_of(visit.session, row)
    chosen = next((status for status in Status if status.value == visit.query.text("status")), None)
    values = {
        "ref": row.ref,
        "title": row.title,
        "stage": row.stage,
        "deadline": row.survey_deadline,
        "now": visit.now,
        "board": board,
        "chosen": chosen,
        "lines": board.of(chosen) if chosen else board.lines,
        "filters": _filters(row.ref, board, chosen),
        "acts": _acts(visit, row),
    }
    return Page("survey.html", values)


@get("/rounds/{ref}/survey/open", Permission.MANAGE_ROUNDS)
def show_opening(visit: Visit, ref: str) -> Answer:
    row = find_round(visit.session, ref)
    require(Act.OPEN_SURVEY, row.stage)
    return _deadline_page("survey_open.html", visit, row, _standard(visit.now))


@post("/rounds/{ref}/survey/open", Permission.MANAGE_ROUNDS)
def open_(visit: Visit, ref: str) -> Answer:
    row = locked_round(visit.session, ref)
    require(Act.OPEN_SURVEY, row.stage)
    reading = Reading(visit.form)
    deadline = _read_deadline(reading)
    lots = lot_values(lots_of(visit.session, row.id), items_of(visit.session, row.id))
    faults = _shown(reading.judged(survey_faults(lots, deadline or visit.now + SURVEY_LENGTH, visit.now)))
    if faults or deadline is None:
        return _deadline_page("survey_open.html", visit, row, _typed(reading), faults)
    open_survey(visit.session, row, deadline, visit.person, visit.now)
    return Goto(f"/rounds/{row.ref}", Done.survey_opened)


@get("/rounds/{ref}/survey/close", Permission.MANAGE_ROUNDS)
def show_closing(visit: Visit, ref: str) -> Answer:
    row = find_round(visit.session, ref)
    require(Act.CLOSE_SURVEY, row.stage)
    board = board_of(visit.session, row)
    is_early = row.survey_deadline is not None and visit.now < row.survey_deadline
    values = {"ref": row.ref, "title": row.title, "deadline": row.survey_deadline, "is_early": is_early, "board": board}
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
    return _deadline_page("survey_reopen.html", visit, row, _standard(visit.now))


@post("/rounds/{ref}/survey/reopen", Permission.MANAGE_ROUNDS)
def reopen(visit: Visit, ref: str) -> Answer:
    row = locked_round(visit.session, ref)
    require(Act.REOPEN_SURVEY, row.stage)
    reading = Reading(visit.form)
    deadline = _read_deadline(reading)
    reason = reading.text("reason", lines=True)
    faults = reading.judged(reopening_faults(reason, deadline or visit.now + SURVEY_LENGTH, visit.now))
    if faults or deadline is None:
        return _deadline_page("survey_reopen.html", visit, row, _typed(reading), faults)
    reopen_survey(visit.session, row, deadline, reason, visit.person, visit.now)
    return Goto(f"/rounds/{row.ref}", Done.survey_reopened)


def _filters(ref: str, board: Board, chosen: Status | None) -> list[tuple[str, str, bool]]:
    """A link for each status with its number of bodies: (label, address, whether it is chosen)."""
    path = f"/rounds/{ref}/survey"
    every = (f"すべて（{len(board.lines)}）", path, chosen is None)
    return [every, *((f"{s.label}（{len(board.of(s))}）", f"{path}?status={s.value}", s is chosen) for s in Status)]


def _acts(visit: Visit, row: RoundRow) -> list[tuple[str, str]]:
    """What the secretariat may do now, as (label, address)."""
    if not visit.person.may(Permission.MANAGE_ROUNDS):
        return []
    path = f"/rounds/{row.ref}/survey"
    acts = (
        (Act.OPEN_SURVEY, "需要登録を始める", "open"),
        (Act.CLOSE_SURVEY, "需要登録を締め切る", "close"),
        (Act.REOPEN_SURVEY, "需要登録を再開する", "reopen"),
    )
    return [(label, f"{path}/{page}") for act, label, page in acts if may(act, row.stage)]


def _standard(now: datetime) -> DeadlineForm:
    """Two weeks from today, when offices close."""
    day = (now + SURVEY_LENGTH).date()
    return DeadlineForm(wareki(day), f"{CLOSING_TIME:%H:%M}", read_day=day)


def _typed(reading: Reading) -> DeadlineForm:
    day = Reading(reading.form).value("deadline", parse_date)
    form = reading.form
    return DeadlineForm(form.text("deadline"), form.text("deadline_time"), form.text("reason"), day)


def _read_deadline(reading: Reading) -> datetime | None:
    day = reading.value("deadline", parse_date, "登録期限の日付を入力してください（例：令和8年12月11日）。")
    at = reading.value("deadline_time", parse_time, "登録期限の時刻を入力してください（例：17:15）。")
    return None if day is None or at is None else datetime.combine(day, at, JAPAN)


def _shown(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """What is wrong with the lots has no field on this page."""
    return tuple(Fault("", fault.message) if fault.field == "lots" else fault for fault in faults)


def _deadline_page(
    template: str, visit: Visit, row: RoundRow, form: DeadlineForm, faults: Sequence[Fault] = ()
) -> Page:
    asked = len(members(visit.session))
    values = {"ref": row.ref, "title": row.title, "form": form, "faults": faults, "members": asked}
    return Page(template, values, status=422 if faults else 200)


routes = [show_board, show_opening, open_, show_closing, close, show_reopening, reopen]
