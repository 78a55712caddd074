"""The attachments of rounds, and the questions of bodies with their answers."""

from datetime import datetime

from procure.accounts.roles import Permission
from procure.accounts.scopes import Scope
from procure.api.demand import asked_round
from procure.api.entrance import BINARY
from procure.api.fields import Body, Shown, Text, faults_named, shown
from procure.api.operation import Operation, Query, Sent, operation
from procure.api.shared import held_round
from procure.api.versions import require_match
from procure.rounds.attachments import (
    KINDS,
    MOST_BYTES,
    add_attachment,
    attachments_of,
    find_attachment,
    remove_attachment,
)
from procure.rounds.queries import find_round, locked_round
from procure.rounds.questions import (
    answer_question,
    ask,
    find_question,
    own_waiting,
    published_questions,
    questions_of,
)
from procure.rounds.tables import QuestionRow, RoundRow
from procure.server import Download, Visit

TAG = "資料と質問"
FILE_NAME = Query("name", "ファイル名（必須。拡張子で形式が決まる）", "仕様書.pdf")
_READ = (Permission.READ_ROUNDS, Scope.ROUNDS_READ)
_WRITE = (Permission.MANAGE_ROUNDS, Scope.ROUNDS_WRITE)
_OWN = (Permission.REGISTER_DEMAND, Scope.DEMAND_READ)
FILES = tuple(dict.fromkeys(kind.media_type for kind in KINDS.values()))


class QuestionBody(Body, frozen=True, kw_only=True):
    """仕様への質問。"""

    question: Text


class AnswerBody(Body, frozen=True, kw_only=True):
    """質問への回答。publish のときは、質問した団体の名を伏せて全団体に公表する。"""

    answer: Text
    publish: bool = False


class AttachmentShown(Shown, frozen=True, kw_only=True):
    """資料。size はバイト。"""

    id: int
    name: str
    media_type: str
    size: int
    sha256: str
    added_at: datetime
    added_by: str


class AttachmentList(Shown, frozen=True, kw_only=True):
    """案件の資料。"""

    items: tuple[AttachmentShown, ...]


class QuestionShown(Shown, frozen=True, kw_only=True):
    """質問と回答。"""

    id: int
    body_code: str | None
    question: str
    asked_at: datetime
    asked_by: str
    answer: str | None
    answered_at: datetime | None
    answered_by: str | None
    published_at: datetime | None


class QuestionList(Shown, frozen=True, kw_only=True):
    """案件への質問（受付順）。"""

    items: tuple[QuestionShown, ...]


class PublishedQuestion(Shown, frozen=True, kw_only=True):
    """公表された質問と回答。"""

    number: int
    question: str
    answer: str
    published_at: datetime


class OwnQuestions(Shown, frozen=True, kw_only=True):
    """公表された質問と、回答を待つ自団体の質問。"""

    published: tuple[PublishedQuestion, ...]
    waiting: tuple[str, ...]


# ---- attachments -------------------------------------------------------------------------------------


@operation("GET", "/rounds/{ref}/attachments", *_READ, "資料の一覧", tag=TAG, answer=AttachmentList)
def list_attachments(visit: Visit, ref: str) -> Sent:
    return _attachments(visit, find_round(visit.session, ref))


@operation("GET", "/rounds/{ref}/attachments/{number}", *_READ, "資料を取得する", tag=TAG, files=FILES)
def get_an_attachment(visit: Visit, ref: str, number: str) -> Download:
    return _attachment(visit, find_round(visit.session, ref), number)


@operation(
    "POST",
    "/rounds/{ref}/attachments",
    *_WRITE,
    "資料を登録する",
    tag=TAG,
    body=bytes,
    raw_body=True,
    takes=BINARY,
    body_limit=MOST_BYTES,
    query=(FILE_NAME,),
    answer=AttachmentList,
    status=201,
)
def add_an_attachment(visit: Visit, ref: str, body: bytes) -> Sent:
    """The content as it is, up to 20 MB; what it is called stands in the query."""
    row, name = locked_round(visit.session, ref), visit.query.text("name")
    with faults_named(lambda field: "body" if name else "name"):
        kept = add_attachment(visit.session, row, name, body, visit.person, visit.now)
    return Sent(_attachments_shown(visit, row), location=f"/rounds/{row.ref}/attachments/{kept.id}")


@operation(
    "DELETE",
    "/rounds/{ref}/attachments/{number}",
    *_WRITE,
    "資料を削除する",
    tag=TAG,
    answer=AttachmentList,
    matches=True,
)
def remove_an_attachment(visit: Visit, ref: str, number: str) -> Sent:
    """Only while the round is being prepared."""
    row = held_round(visit, ref)
    kept = find_attachment(visit.session, row.id, number)
    remove_attachment(visit.session, row, kept, visit.person, visit.now)
    return _attachments(visit, row)


@operation("GET", "/demand/{ref}/attachments", *_OWN, "調査の資料の一覧（市町村）", tag=TAG, answer=AttachmentList)
def list_own_attachments(visit: Visit, ref: str) -> Sent:
    return _attachments(visit, asked_round(find_round(visit.session, ref)))


@operation("GET", "/demand/{ref}/attachments/{number}", *_OWN, "調査の資料を取得する（市町村）", tag=TAG, files=FILES)
def get_own_attachment(visit: Visit, ref: str, number: str) -> Download:
    return _attachment(visit, asked_round(find_round(visit.session, ref)), number)


# ---- questions ---------------------------------------------------------------------------------------


@operation("GET", "/rounds/{ref}/questions", *_READ, "質問の一覧", tag=TAG, answer=QuestionList)
def list_questions(visit: Visit, ref: str) -> Sent:
    row = find_round(visit.session, ref)
    return Sent(QuestionList(items=tuple(_question(one) for one in questions_of(visit.session, row.id))))


@operation("GET", "/rounds/{ref}/questions/{number}", *_READ, "質問を読む", tag=TAG, answer=QuestionShown)
def read_a_question(visit: Visit, ref: str, number: str) -> Sent:
    row = find_round(visit.session, ref)
    return _question_sent(find_question(visit.session, row.id, number))


@operation(
    "PUT",
    "/rounds/{ref}/questions/{number}",
    *_WRITE,
    "質問に回答する",
    tag=TAG,
    body=AnswerBody,
    answer=QuestionShown,
    matches=True,
    example={"answer": "はい、含みます。", "publish": True},
)
def answer_a_question(visit: Visit, ref: str, number: str, body: AnswerBody) -> Sent:
    row = locked_round(visit.session, ref)
    asked = find_question(visit.session, row.id, number)
    require_match(visit, _version(asked))
    answer_question(visit.session, row, asked, body.answer, asked.answered_at, body.publish, visit.person, visit.now)
    return _question_sent(asked)


@operation("GET", "/demand/{ref}/questions", *_OWN, "公表された質問と自団体の質問", tag=TAG, answer=OwnQuestions)
def read_own_questions(visit: Visit, ref: str) -> Sent:
    return Sent(_own_questions(visit, asked_round(find_round(visit.session, ref))))


@operation(
    "POST",
    "/demand/{ref}/questions",
    Permission.REGISTER_DEMAND,
    Scope.DEMAND_WRITE,
    "仕様について質問する",
    tag=TAG,
    body=QuestionBody,
    answer=OwnQuestions,
    status=201,
    example={"question": "搬入と設置の費用は単価に含みますか。"},
)
def ask_a_question(visit: Visit, ref: str, body: QuestionBody) -> Sent:
    row = asked_round(locked_round(visit.session, ref))
    ask(visit.session, row, visit.body_code, body.question, visit.person, visit.now)
    return Sent(_own_questions(visit, row), location=f"/demand/{row.ref}/questions")


# ---- parts -------------------------------------------------------------------------------------------


def _attachments(visit: Visit, row: RoundRow) -> Sent:
    return Sent(_attachments_shown(visit, row), version=row.version)


def _attachments_shown(visit: Visit, row: RoundRow) -> AttachmentList:
    files = attachments_of(visit.session, row.id)
    return AttachmentList(items=tuple(shown(AttachmentShown, one) for one in files))


def _attachment(visit: Visit, row: RoundRow, number: str) -> Download:
    kept = find_attachment(visit.session, row.id, number)
    return Download(kept.content, kept.name, kept.media_type)


def _question(row: QuestionRow) -> QuestionShown:
    found: QuestionShown = shown(QuestionShown, row)
    return found


def _question_sent(row: QuestionRow) -> Sent:
    return Sent(_question(row), version=_version(row))


def _version(row: QuestionRow) -> str:
    """Of one question: it changes with every answer."""
    return f"{row.id}-{int(row.answered_at.timestamp() * 1_000_000) if row.answered_at else 0}"


def _own_questions(visit: Visit, row: RoundRow) -> OwnQuestions:
    published = published_questions(visit.session, row.id)
    return OwnQuestions(
        published=tuple(shown(PublishedQuestion, one) for one in published),
        waiting=tuple(one.question for one in own_waiting(visit.session, row.id, visit.body_code)),
    )


operations: list[Operation] = [
    list_attachments,
    get_an_attachment,
    add_an_attachment,
    remove_an_attachment,
    list_own_attachments,
    get_own_attachment,
    list_questions,
    read_a_question,
    answer_a_question,
    read_own_questions,
    ask_a_question,
]
