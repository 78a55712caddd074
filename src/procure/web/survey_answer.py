"""A body's answer as the secretariat sees it: reading it whole, accepting it, returning it, giving it more time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from procure.demand.actions import accept_answer, extend, return_answer
from procure.demand.answer import AskedLot, Line
from procure.demand.board import Status, may_judge, status_of
from procure.demand.queries import (
    asked_lots,
    draft_of,
    extension_of,
    last_quantities,
    lines_of,
    lot_answers_of,
    submission_of,
)
from procure.demand.rules import deadline_of, extension_faults, own_deadline_faults
from procure.demand.states import AnswerState
from procure.demand.tables import AnswerRow, SubmissionRow
from procure.errors import Conflict, Fault, Invalid, NotFound
from procure.parties.tables import BodyRow
from procure.rounds.queries import find_round, items_of, locked_round
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from procure.server import Answer, Done, Goto, Page, Permission, Visit, get, post
from procure.values.money import Yen
from procure.web.deadline_form import SURVEY_LENGTH, read_deadline, standard_deadline, typed_deadline
from procure.web.reading import Reading

STALE = "この画面を開いた後に、団体が登録し直しました。最新の内容を確かめて、もう一度行ってください。"
NOTHING_MORE = "公告した後は、団体の登録期限を延長できません。"


@dataclass(frozen=True, slots=True)
class AnsweredItem:
    """What a body asks of an item; `last` is what it asked for last time, `paid` what it paid (tax-exclusive yen)."""

    name: str
    unit: str
    line: Line
    last: int | None
    paid: Yen | None


@dataclass(frozen=True, slots=True)
class AnsweredLot:
    """`participation` is 参加, 今回は参加しない or 未回答; the budget is in yen with tax."""

    title: str
    participation: str
    acquisition: str | None
    delivery_month: str | None
    delivery_places: str
    remarks: str
    budget_with_tax: Yen | None
    items: tuple[AnsweredItem, ...]

    @property
    def quantity(self) -> int:
        return sum(item.line.quantity for item in self.items)


@dataclass(frozen=True, slots=True)
class BodyAnswer:
    """`acts` are what the secretariat may do with it now, by name."""

    code: str
    name: str
    status: Status
    receipt_number: str | None
    submitted_at: datetime | None
    submitted_by: str | None
    judged_at: datetime | None
    judged_by: str | None
    reason: str | None
    draft_saved_at: datetime | None
    draft_saved_by: str | None
    deadline: datetime | None
    extended_because: str | None
    lots: tuple[AnsweredLot, ...]
    acts: frozenset[str]


@get("/rounds/{ref}/survey/{code}", Permission.READ_ROUNDS)
def show_answer(visit: Visit, ref: str, code: str) -> Answer:
    row = find_round(visit.session, ref)
    return Page("survey_answer.html", values_of(visit, row, find_body(visit.session, row, code)))


@post("/rounds/{ref}/survey/{code}/accept", Permission.MANAGE_ROUNDS)
def accept(visit: Visit, ref: str, code: str) -> Answer:
    row = locked_round(visit.session, ref)
    require_as_seen(visit, row, code)
    accept_answer(visit.session, row, code, visit.person, visit.now)
    return Goto(f"/rounds/{row.ref}/survey/{code}", Done.answer_accepted)


@get("/rounds/{ref}/survey/{code}/return", Permission.MANAGE_ROUNDS)
def show_returning(visit: Visit, ref: str, code: str) -> Answer:
    row = find_round(visit.session, ref)
    return _return_page(visit, row, find_body(visit.session, row, code))


@post("/rounds/{ref}/survey/{code}/return", Permission.MANAGE_ROUNDS)
def return_(visit: Visit, ref: str, code: str) -> Answer:
    row = locked_round(visit.session, ref)
    body = find_body(visit.session, row, code)
    require_as_seen(visit, row, code)
    reading = Reading(visit.form)
    reason = reading.text("reason", lines=True)
    if reading.faults:
        return _return_page(visit, row, body, reading.faults)
    try:
        return_answer(visit.session, row, code, reason, visit.person, visit.now)
    except Invalid as invalid:
        return _return_page(visit, row, body, invalid.faults)
    return Goto(f"/rounds/{row.ref}/survey/{code}", Done.answer_returned)


@get("/rounds/{ref}/survey/{code}/extend", Permission.MANAGE_ROUNDS)
def show_extending(visit: Visit, ref: str, code: str) -> Answer:
    row = find_round(visit.session, ref)
    return _extension_page(visit, row, find_body(visit.session, row, code))


@post("/rounds/{ref}/survey/{code}/extend", Permission.MANAGE_ROUNDS)
def extend_deadline(visit: Visit, ref: str, code: str) -> Answer:
    row = locked_round(visit.session, ref)
    body = find_body(visit.session, row, code)
    reading = Reading(visit.form)
    deadline, reason = read_deadline(reading), reading.text("reason", lines=True)
    rules = [
        *extension_faults(deadline or visit.now + SURVEY_LENGTH, reason, visit.now),
        *own_deadline_faults(row.stage, row.survey_deadline, deadline),
    ]
    faults = reading.judged(rules)
    if faults or deadline is None:
        return _extension_page(visit, row, body, reading, faults)
    extend(visit.session, row, code, deadline, reason, visit.person, visit.now)
    return Goto(f"/rounds/{row.ref}/survey/{code}", Done.deadline_extended)


# ---- shared with the correction ----------------------------------------------------------------------


def find_body(session: Session, row: RoundRow, code: str) -> BodyRow:
    """A body that is asked, or has answered. Raises NotFound."""
    body = session.get(BodyRow, code)
    if body is None or not (body.is_member or submission_of(session, row.id, code)):
        raise NotFound
    return body


def values_of(visit: Visit, row: RoundRow, body: BodyRow) -> dict[str, object]:
    path = f"/rounds/{row.ref}/survey"
    return {
        "ref": row.ref,
        "title": row.title,
        "now": visit.now,
        "board_path": path,
        "path": f"{path}/{body.code}",
        "answer": _answer(visit, row, body),
    }


def require_as_seen(visit: Visit, row: RoundRow, code: str) -> None:
    """Raises Conflict where the answer is not the one that stood on the page."""
    submission = submission_of(visit.session, row.id, code)
    if (submission.receipt_number if submission else "") != visit.form.text("receipt"):
        raise Conflict(STALE)


# ---- views -------------------------------------------------------------------------------------------


def _answer(visit: Visit, row: RoundRow, body: BodyRow) -> BodyAnswer:
    session = visit.session
    submission, draft = submission_of(session, row.id, body.code), draft_of(session, row.id, body.code)
    extension = extension_of(session, row.id, body.code)
    lots = _lots(session, row, body.code)
    takes_part = any(lot.quantity or lot.participation == JOINS for lot in lots)
    return BodyAnswer(
        code=body.code,
        name=body.display_name,
        status=status_of(submission, draft, takes_part),
        receipt_number=submission.receipt_number if submission else None,
        submitted_at=submission.submitted_at if submission else None,
        submitted_by=submission.submitted_by if submission else None,
        judged_at=submission.judged_at if submission else None,
        judged_by=submission.judged_by if submission else None,
        reason=submission.reason if submission else None,
        draft_saved_at=draft.saved_at if draft else None,
        draft_saved_by=draft.saved_by if draft else None,
        deadline=deadline_of(row.stage, row.survey_deadline, extension.deadline if extension else None),
        extended_because=extension.reason if extension else None,
        lots=lots,
        acts=_acts(visit, row, submission),
    )


def _acts(visit: Visit, row: RoundRow, submission: SubmissionRow | None) -> frozenset[str]:
    if not visit.person.may(Permission.MANAGE_ROUNDS) or not may_judge(row):
        return frozenset()
    state = submission.state if submission else None
    acts = {"extend"}
    if state is AnswerState.SUBMITTED:
        acts.add("accept")
    if state in (AnswerState.SUBMITTED, AnswerState.ACCEPTED):
        acts.add("return")
    if row.stage is Stage.SPECIFIED and state is not AnswerState.RETURNED:
        acts.add("correct")
    return frozenset(acts)


JOINS, STAYS_OUT, UNANSWERED = "参加する", "今回は参加しない", "未回答"


def _lots(session: Session, row: RoundRow, code: str) -> tuple[AnsweredLot, ...]:
    answers, lines = lot_answers_of(session, row.id, code), lines_of(session, row.id, code)
    last = last_quantities(session, row, items_of(session, row.id), code)
    return tuple(_lot(lot, answers.get(lot.id), lines, last) for lot in asked_lots(session, row.id))


def _lot(lot: AskedLot, given: AnswerRow | None, lines: Mapping[int, Line], last: Mapping[int, int]) -> AnsweredLot:
    items = tuple(_item(item.name, item.unit, lines.get(item.id), last.get(item.id)) for item in lot.items)
    asks = any(item.line.quantity for item in items)
    joins = asks or (given is not None and given.participates)
    return AnsweredLot(
        title=lot.title,
        participation=JOINS if joins else UNANSWERED if given is None else STAYS_OUT,
        acquisition=given.acquisition.label if given and given.acquisition else None,
        delivery_month=given.delivery_month if given else None,
        delivery_places=given.delivery_places if given else "",
        remarks=given.remarks if given else "",
        budget_with_tax=given.budget_with_tax if given else None,
        items=items,
    )


def _item(name: str, unit: str, line: Line | None, last: int | None) -> AnsweredItem:
    return AnsweredItem(name, unit, line or Line(0), last, line.last_unit_price if line else None)


# ---- pages -------------------------------------------------------------------------------------------


def _return_page(visit: Visit, row: RoundRow, body: BodyRow, faults: Sequence[Fault] = ()) -> Page:
    values = values_of(visit, row, body)
    answer = values["answer"]
    if not isinstance(answer, BodyAnswer) or "return" not in answer.acts:
        raise Conflict("この団体には、差し戻せる回答がありません。最新の画面でご確認ください。")
    form = {"reason": visit.form.text("reason"), "faults": faults}
    return Page("survey_return.html", {**values, **form}, status=422 if faults else 200)


def _extension_page(
    visit: Visit, row: RoundRow, body: BodyRow, reading: Reading | None = None, faults: Sequence[Fault] = ()
) -> Page:
    if not may_judge(row):
        raise Conflict(NOTHING_MORE)
    form = typed_deadline(reading) if reading else standard_deadline(visit.now)
    values = {**values_of(visit, row, body), "form": form, "faults": faults, "is_frozen": row.stage is Stage.SPECIFIED}
    return Page("survey_extend.html", values, status=422 if faults else 200)


routes = [show_answer, accept, show_returning, return_, show_extending, extend_deadline]
