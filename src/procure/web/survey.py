"""The survey of a round for the secretariat: who has answered, and opening, closing and reopening it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlmodel import Session

from procure.clock import JAPAN
from procure.demand.queries import demand_by_lot, drafts_of, submissions_of
from procure.demand.tables import DraftRow, SubmissionRow
from procure.errors import Fault
from procure.parties.queries import bodies
from procure.parties.tables import BodyRow
from procure.rounds.actions import close_survey, open_survey, reopen_survey
from procure.rounds.queries import find_round, items_of, locked_round, lots_of
from procure.rounds.rules import reopening_faults, survey_faults
from procure.rounds.stages import Act, may, require
from procure.rounds.tables import ItemRow, LotRow, RoundRow
from procure.rounds.values import lot_values
from procure.server import Answer, Done, Goto, Page, Permission, Visit, get, post
from procure.values.era import parse_date, parse_time, wareki
from procure.web.reading import Reading

SURVEY_LENGTH = timedelta(days=14)
CLOSING_TIME = time(17, 15)


class Status(StrEnum):
    """How far a body has come with its answer; the values stand in addresses."""

    ANSWERED = "answered"
    WITHOUT = "without"
    DRAFT = "draft"
    NONE = "none"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def tone(self) -> str:
        return _TONES[self]


_LABELS = {Status.ANSWERED: "回答済み", Status.WITHOUT: "不参加", Status.DRAFT: "下書き", Status.NONE: "未回答"}
_TONES = {Status.ANSWERED: "green", Status.WITHOUT: "gray", Status.DRAFT: "blue", Status.NONE: "yellow"}


@dataclass(frozen=True, slots=True)
class BodyLine:
    """A body on the board. `quantities` are by lot, in the order of the lots."""

    code: str
    name: str
    status: Status
    is_changing: bool
    receipt_number: str | None
    changed_at: datetime | None
    changed_by: str | None
    quantities: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ItemSum:
    """What all bodies together ask for of an item, and who they are."""

    name: str
    specification: str
    unit: str
    quantity: int
    bodies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LotSums:
    title: str
    lines: tuple[ItemSum, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The answers to a survey: `lines` of every body, `sums` of every item."""

    lots: tuple[str, ...]
    lines: tuple[BodyLine, ...]
    sums: tuple[LotSums, ...]

    def of(self, *statuses: Status) -> tuple[BodyLine, ...]:
        return tuple(line for line in self.lines if line.status in statuses)

    @property
    def answered(self) -> tuple[BodyLine, ...]:
        return self.of(Status.ANSWERED, Status.WITHOUT)

    @property
    def unanswered(self) -> tuple[BodyLine, ...]:
        return self.of(Status.DRAFT, Status.NONE)

    @property
    def quantity_heads(self) -> list[tuple[str, str]]:
        """The columns of figures, one for each lot."""
        return [(lot, "num") for lot in self.lots]

    @property
    def lot_sums(self) -> tuple[int, ...]:
        return tuple(sum(line.quantities[place] for line in self.lines) for place in range(len(self.lots)))


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


def board_of(session: Session, row: RoundRow) -> Board:
    """Every member, and whoever else has answered, in the order of the codes."""
    lots = lots_of(session, row.id)
    submissions, drafts = submissions_of(session, row.id), drafts_of(session, row.id)
    asked = _quantities(session, row, lots)
    shown = [body for body in bodies(session) if body.is_member or body.code in submissions]
    lines = tuple(
        _line(body, submissions.get(body.code), drafts.get(body.code), asked.get(body.code, {}), lots) for body in shown
    )
    names = {body.code: body.display_name for body in shown}
    return Board(tuple(lot.title for lot in lots), lines, _sums(lots, items_of(session, row.id), asked, names))


Asked = Mapping[str, Mapping[tuple[int, str], int]]  # body → (lot, item) → quantity


def _quantities(session: Session, row: RoundRow, lots: Sequence[LotRow]) -> Asked:
    by_lot = demand_by_lot(session, row.id)
    found: dict[str, dict[tuple[int, str], int]] = {}
    for lot in lots:
        for demand in by_lot.get(lot.id, ()):
            of_body = found.setdefault(demand.municipality, {})
            of_body |= {(lot.id, item): quantity for item, quantity in demand.quantities.items()}
    return found


def _line(
    body: BodyRow,
    submission: SubmissionRow | None,
    draft: DraftRow | None,
    asked: Mapping[tuple[int, str], int],
    lots: Sequence[LotRow],
) -> BodyLine:
    by_lot = Counter[int]()
    for (lot, _), quantity in asked.items():
        by_lot[lot] += quantity
    return BodyLine(
        code=body.code,
        name=body.display_name,
        status=_status(submission is not None, draft is not None, bool(asked)),
        is_changing=submission is not None and draft is not None,
        receipt_number=submission.receipt_number if submission else None,
        changed_at=submission.submitted_at if submission else draft.saved_at if draft else None,
        changed_by=submission.submitted_by if submission else draft.saved_by if draft else None,
        quantities=tuple(by_lot[lot.id] for lot in lots),
    )


def _status(has_answered: bool, has_draft: bool, asks: bool) -> Status:
    if has_answered:
        return Status.ANSWERED if asks else Status.WITHOUT
    return Status.DRAFT if has_draft else Status.NONE


def _sums(
    lots: Sequence[LotRow], items: Sequence[ItemRow], asked: Asked, names: Mapping[str, str]
) -> tuple[LotSums, ...]:
    return tuple(
        LotSums(lot.title, tuple(_sum(item, asked, names) for item in items if item.lot_id == lot.id)) for lot in lots
    )


def _sum(item: ItemRow, asked: Asked, names: Mapping[str, str]) -> ItemSum:
    key = (item.lot_id, item.ref)
    asking = {code: of_body[key] for code, of_body in sorted(asked.items()) if of_body.get(key)}
    who = tuple(names.get(code, code) for code in asking)
    return ItemSum(item.name, item.specification, item.unit, sum(asking.values()), who)


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
    members = len([body for body in bodies(visit.session) if body.is_member])
    values = {"ref": row.ref, "title": row.title, "form": form, "faults": faults, "members": members}
    return Page(template, values, status=422 if faults else 200)


routes = [show_board, show_opening, open_, show_closing, close, show_reopening, reopen]
