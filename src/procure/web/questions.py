"""Questions on the specification: a body asks, the secretariat answers and publishes, every body reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from procure.errors import Conflict, Fault
from procure.parties.queries import directory
from procure.rounds.queries import find_round, locked_round
from procure.rounds.questions import (
    CHANGED_MEANWHILE,
    LONGEST_ANSWER,
    LONGEST_QUESTION,
    answer_faults,
    answer_question,
    ask,
    find_question,
    own_waiting,
    published_questions,
    question_faults,
    questions_of,
)
from procure.rounds.stages import Act, may, require
from procure.rounds.tables import QuestionRow, RoundRow
from procure.server import Answer, Done, Goto, Page, Permission, Visit, get, post
from procure.web.attachments import files_of, shown_to_bodies
from procure.web.reading import Reading

FORM_LIMIT = 128 * 1024  # bytes: four thousand characters, and their code points in percent signs
PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class AskedView:
    """A question as the secretariat reads it, with who asked."""

    id: int
    question: str
    body: str
    asked_at: datetime
    asked_by: str
    answer: str | None
    answered_at: datetime | None
    answered_by: str | None
    published_at: datetime | None

    @property
    def state(self) -> str:
        if self.published_at is not None:
            return "公表済み"
        return "未回答" if self.answer is None else "回答の下書き"

    @property
    def tone(self) -> str:
        return "green" if self.published_at is not None else "yellow"


# ---- a municipality ----------------------------------------------------------------------------------


@get("/demand/{ref}/questions", Permission.REGISTER_DEMAND)
def show_to_body(visit: Visit, ref: str) -> Answer:
    return _body_page(visit, shown_to_bodies(find_round(visit.session, ref)), "")


@post("/demand/{ref}/questions", Permission.REGISTER_DEMAND, body_limit=FORM_LIMIT)
def send(visit: Visit, ref: str) -> Answer:
    row = shown_to_bodies(locked_round(visit.session, ref))
    reading = Reading(visit.form)
    question = reading.text("question", lines=True)
    faults = reading.judged(question_faults(question))
    if not may(Act.ASK_QUESTION, row.stage):
        message = "需要登録を締め切ったため、質問の受付は終わりました。お急ぎの場合は、事務局へご連絡ください。"
        return _body_page(visit, row, visit.form.text("question"), conflict=message)
    if faults:
        return _body_page(visit, row, visit.form.text("question"), faults)
    ask(visit.session, row, visit.body_code, question, visit.person, visit.now)
    return Goto(f"/demand/{row.ref}/questions", Done.question_asked)


# ---- the secretariat ---------------------------------------------------------------------------------


@get("/rounds/{ref}/questions", Permission.READ_ROUNDS)
def show_questions(visit: Visit, ref: str) -> Answer:
    row = find_round(visit.session, ref)
    asked = _asked(visit, row)
    may_answer = visit.person.may(Permission.MANAGE_ROUNDS) and may(Act.ANSWER_QUESTION, row.stage)
    values = {
        "ref": row.ref,
        "title": row.title,
        "waiting": tuple(one for one in asked if one.published_at is None),
        "published": tuple(one for one in asked if one.published_at is not None),
        "may_answer": may_answer,
    }
    return Page("questions.html", values)


@get("/rounds/{ref}/questions/{number}", Permission.MANAGE_ROUNDS)
def show_answer_form(visit: Visit, ref: str, number: str) -> Answer:
    row = find_round(visit.session, ref)
    asked = find_question(visit.session, row.id, number)
    require(Act.ANSWER_QUESTION, row.stage)
    return _answer_page(visit, row, asked, asked.answer or "")


@post("/rounds/{ref}/questions/{number}", Permission.MANAGE_ROUNDS, body_limit=FORM_LIMIT)
def save_answer(visit: Visit, ref: str, number: str) -> Answer:
    row = locked_round(visit.session, ref)
    asked = find_question(visit.session, row.id, number)
    require(Act.ANSWER_QUESTION, row.stage)
    reading = Reading(visit.form)
    answer = reading.text("answer", lines=True)
    faults = reading.judged(answer_faults(answer))
    typed = visit.form.text("answer")
    if visit.form.text("seen") != _seen(asked):
        return _answer_page(visit, row, asked, typed, conflict=CHANGED_MEANWHILE)
    if faults:
        return _answer_page(visit, row, asked, typed, faults)
    publish = PUBLISH in visit.form
    try:
        answer_question(visit.session, row, asked, answer, asked.answered_at, publish, visit.person, visit.now)
    except Conflict as conflict:
        return _answer_page(visit, row, asked, typed, conflict=conflict.message)
    done = Done.answer_published if asked.published_at is not None else Done.saved
    return Goto(f"/rounds/{row.ref}/questions", done)


# ---- pages -------------------------------------------------------------------------------------------


def _body_page(
    visit: Visit, row: RoundRow, typed: str, faults: Sequence[Fault] = (), conflict: str | None = None
) -> Page:
    values = {
        "ref": row.ref,
        "title": row.title,
        "files": files_of(visit, row),
        "published": published_questions(visit.session, row.id),
        "waiting": tuple(
            (one.question, one.asked_at, one.asked_by) for one in own_waiting(visit.session, row.id, visit.body_code)
        ),
        "may_ask": may(Act.ASK_QUESTION, row.stage),
        "typed": typed,
        "longest": LONGEST_QUESTION,
        "faults": faults,
        "conflict": conflict,
    }
    return Page("demand_questions.html", values, status=409 if conflict else 422 if faults else 200)


def _answer_page(
    visit: Visit,
    row: RoundRow,
    asked: QuestionRow,
    typed: str,
    faults: Sequence[Fault] = (),
    conflict: str | None = None,
) -> Page:
    names = _names(visit)
    values = {
        "ref": row.ref,
        "title": row.title,
        "asked": _view(asked, names),
        "seen": _seen(asked),
        "typed": typed,
        "longest": LONGEST_ANSWER,
        "faults": faults,
        "conflict": conflict,
    }
    return Page("question_answer.html", values, status=409 if conflict else 422 if faults else 200)


def _asked(visit: Visit, row: RoundRow) -> tuple[AskedView, ...]:
    names = _names(visit)
    return tuple(_view(asked, names) for asked in questions_of(visit.session, row.id))


def _names(visit: Visit) -> Mapping[str, str]:
    return {code: body.display_name for code, body in directory(visit.session).items()}


def _view(row: QuestionRow, names: Mapping[str, str]) -> AskedView:
    return AskedView(
        id=row.id,
        question=row.question,
        body=names.get(row.body_code or "", row.body_code or "事務局"),
        asked_at=row.asked_at,
        asked_by=row.asked_by,
        answer=row.answer,
        answered_at=row.answered_at,
        answered_by=row.answered_by,
        published_at=row.published_at,
    )


def _seen(asked: QuestionRow) -> str:
    """Which answer the form was made from: when it was written."""
    return asked.answered_at.isoformat() if asked.answered_at else ""


routes = [show_to_body, send, show_questions, show_answer_form, save_answer]
