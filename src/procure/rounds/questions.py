"""Questions on the specification: a body asks, the secretariat answers, and all read it without who asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from procure.errors import Conflict, Fault, NotFound, refuse
from procure.history.record import Actor, Changes, label_of, record
from procure.rounds.stages import Act, may, require
from procure.rounds.tables import QuestionRow, RoundRow

LONGEST_QUESTION = 2000
LONGEST_ANSWER = 4000
CHANGED_MEANWHILE = (
    "この画面を開いた後に、ほかの人がこの質問に回答しました。入力した内容は下に残しています。"
    "保存されている回答と見比べて、よければもう一度保存してください。"
)


@dataclass(frozen=True, slots=True)
class Published:
    """A question with its answer, as every body reads it: it does not say who asked."""

    number: int
    question: str
    answer: str
    published_at: datetime


# ---- rules -------------------------------------------------------------------------------------------


def question_faults(question: str) -> Iterator[Fault]:
    if not 1 <= len(question) <= LONGEST_QUESTION:
        yield Fault("question", f"質問を{LONGEST_QUESTION}字以内で入力してください。")


def answer_faults(answer: str) -> Iterator[Fault]:
    if not 1 <= len(answer) <= LONGEST_ANSWER:
        yield Fault("answer", f"回答を{LONGEST_ANSWER:,}字以内で入力してください。")


# ---- reading -----------------------------------------------------------------------------------------


def questions_of(session: Session, round_id: int) -> Sequence[QuestionRow]:
    """Every question of a round with who asked it, in the order in which they came: for the secretariat."""
    of_round = select(QuestionRow).where(col(QuestionRow.round_id) == round_id)
    return session.exec(of_round.order_by(col(QuestionRow.id))).all()


def published_questions(session: Session, round_id: int) -> tuple[Published, ...]:
    """In the order in which they were asked; the numbers are those of this list."""
    rows = [row for row in questions_of(session, round_id) if row.published_at is not None]
    return tuple(
        Published(number, row.question, row.answer, row.published_at)
        for number, row in enumerate(rows, start=1)
        if row.answer is not None and row.published_at is not None
    )


def own_waiting(session: Session, round_id: int, body_code: str) -> tuple[QuestionRow, ...]:
    """What a body has asked and cannot read an answer to yet."""
    return tuple(
        row for row in questions_of(session, round_id) if row.body_code == body_code and row.published_at is None
    )


def waiting_count(session: Session, row: RoundRow) -> int:
    """How many questions have no published answer, while they can still be answered."""
    if not may(Act.ANSWER_QUESTION, row.stage):
        return 0
    waiting = select(func.count()).select_from(QuestionRow)
    return session.exec(
        waiting.where(col(QuestionRow.round_id) == row.id, col(QuestionRow.published_at).is_(None))
    ).one()


def find_question(session: Session, round_id: int, number: str) -> QuestionRow:
    """`number` as it stood in the address. Raises NotFound, also for another round's question."""
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    found = session.get(QuestionRow, int(number)) if is_number else None
    if found is None or found.round_id != round_id:
        raise NotFound
    return found


# ---- writing -----------------------------------------------------------------------------------------


def ask(session: Session, row: RoundRow, body_code: str, question: str, actor: Actor, at: datetime) -> QuestionRow:
    require(Act.ASK_QUESTION, row.stage)
    refuse(question_faults(question))
    asked = QuestionRow(round_id=row.id, body_code=body_code, question=question, asked_at=at, asked_by=label_of(actor))
    session.add(asked)
    session.flush()
    changes: Changes = {"question": (None, question)}
    record(session, at, actor, "question_asked", round_ref=row.ref, subject=body_code, changes=changes)
    return asked


def answer_question(
    session: Session,
    row: RoundRow,
    asked: QuestionRow,
    answer: str,
    seen_at: datetime | None,
    publish: bool,
    actor: Actor,
    at: datetime,
) -> None:
    """Keeps the answer and, where it is to be published, shows it to all. A published answer stays published.

    `seen_at` is when the answer on the page was written (None: there was none); raises Conflict where there is
    another one now.
    """
    require(Act.ANSWER_QUESTION, row.stage)
    if asked.answered_at != seen_at:
        raise Conflict(CHANGED_MEANWHILE)
    refuse(answer_faults(answer))
    changes: Changes = {"question": (None, asked.question), "answer": (asked.answer, answer)}
    asked.answer, asked.answered_at, asked.answered_by = answer, at, label_of(actor)
    if publish and asked.published_at is None:
        asked.published_at = at
    action = "question_answered" if asked.published_at is None else "answer_published"
    session.flush()
    record(session, at, actor, action, round_ref=row.ref, subject=asked.body_code or "", changes=changes)
