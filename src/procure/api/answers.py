"""The answers of all bodies for the secretariat: the board, one answer, and everything that is done to it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta
from sqlmodel import Session

from procure.accounts.roles import Permission
from procure.accounts.scopes import Scope
from procure.api.demand import EXAMPLE
from procure.api.demand_values import (
    Board,
    BodyLineShown,
    Codes,
    DemandBody,
    DemandFor,
    ItemDemand,
    body_of_answer,
    code_faults,
    codes_of,
    item_faults,
    path_of,
    typed_of_body,
)
from procure.api.fields import Body, Known, Reason, faults_named
from procure.api.operation import BODY_LIMIT, Operation, Query, Sent, operation
from procure.api.paging import PAGING, page_of
from procure.api.round_values import Because, NewDeadline, Nothing
from procure.api.versions import require_match
from procure.demand.actions import (
    accept_answer,
    correct_demand,
    extend,
    require_open,
    return_answer,
    save_draft,
    submit,
)
from procure.demand.answer import Line, read_answer
from procure.demand.board import BodyLine, Status, board_of
from procure.demand.changes import last_change
from procure.demand.queries import answer_version, draft_of, extension_of, lines_of, submission_of, typed_of
from procure.demand.rules import extension_faults, own_deadline_faults
from procure.demand.states import Way
from procure.errors import Conflict, Fault, NotFound, refuse
from procure.parties.tables import BodyRow
from procure.rounds.queries import find_round, locked_round, lots_of
from procure.rounds.tables import RoundRow
from procure.server import Visit

TAG = "需要（事務局）"
STATUS = Query("status", "回答の状況", "submitted", f"^({'|'.join(Status)})$")
HAS_DRAFT = "この団体は下書きを保存しています。置き換えてよければ replaces_draft を true にしてください。"
_READ = (Permission.READ_ROUNDS, Scope.DEMAND_READ)
_WRITE = (Permission.MANAGE_ROUNDS, Scope.DEMAND_WRITE)


class AnswerShown(BodyLineShown, frozen=True, kw_only=True):
    """団体の回答。answer は登録された内容。"""

    submitted_at: datetime | None
    submitted_by: str | None
    judged_at: datetime | None
    judged_by: str | None
    reason: str | None
    extended_because: str | None
    answer: DemandBody


class CorrectedLot(Body, frozen=True, kw_only=True):
    """訂正するロットの品目。挙げた品目だけが変わり、数量0で取り消す。"""

    ref: Known
    items: Annotated[tuple[ItemDemand, ...], Meta(min_length=1, max_length=300)]


class CorrectionBody(Body, frozen=True, kw_only=True):
    """仕様確定の後の数量の訂正。"""

    lots: tuple[CorrectedLot, ...]
    reason: Reason


@operation("GET", "/rounds/{ref}/demand", *_READ, "全団体の回答の状況", tag=TAG, answer=Board, query=(STATUS, *PAGING))
def read_board(visit: Visit, ref: str) -> Sent:
    row = find_round(visit.session, ref)
    wanted = visit.query.text("status")
    refs = [lot.ref for lot in lots_of(visit.session, row.id)]
    lines = [line for line in board_of(visit.session, row).lines if wanted in ("", line.status.value)]
    page, following = page_of(visit, lines, lambda line: (line.code,))
    items = tuple(BodyLineShown(**_line(line, refs)) for line in page)
    return Sent(Board(deadline=row.survey_deadline, items=items, next=following), next=following)


@operation("GET", "/rounds/{ref}/demand/{code}", *_READ, "団体の回答を読む", tag=TAG, answer=AnswerShown)
def read_an_answer(visit: Visit, ref: str, code: str) -> Sent:
    return _sent(visit, find_round(visit.session, ref), code)


@operation(
    "POST",
    "/rounds/{ref}/demand/{code}/submit",
    *_WRITE,
    "団体に代わって需要を登録する",
    tag=TAG,
    body=DemandFor,
    answer=AnswerShown,
    matches=True,
    body_limit=BODY_LIMIT,
    example={"lots": [*EXAMPLE["lots"], {"ref": "printer", "participates": False}]},
)
def submit_for_a_body(visit: Visit, ref: str, code: str, body: DemandFor) -> Sent:
    """What a body sent on paper or in a file of its own. Raises Conflict after its deadline."""
    row, now = _held(visit, ref, code), visit.clock()
    if not visit.session.get_one(BodyRow, code).is_member:
        raise NotFound
    require_open(visit.session, row, code, now)
    if draft_of(visit.session, row.id, code) is not None and not body.replaces_draft:
        raise Conflict(HAS_DRAFT)
    codes = codes_of(visit.session, row)
    refuse(code_faults(codes, body))
    typed, version = typed_of_body(codes, body), answer_version(visit.session, row.id, code)
    with faults_named(lambda field: path_of(codes, field)):
        save_draft(visit.session, row, code, typed, version, visit.person, now, Way.SECRETARIAT)
        submit(visit.session, row, code, visit.person, now)
    return _sent(visit, row, code)


@operation(
    "POST",
    "/rounds/{ref}/demand/{code}/accept",
    *_WRITE,
    "回答を受理する",
    tag=TAG,
    body=Nothing,
    answer=AnswerShown,
    matches=True,
    example={},
)
def accept_an_answer(visit: Visit, ref: str, code: str, body: Nothing) -> Sent:
    row = _held(visit, ref, code)
    accept_answer(visit.session, row, code, visit.person, visit.now)
    return _sent(visit, row, code)


@operation(
    "POST",
    "/rounds/{ref}/demand/{code}/return",
    *_WRITE,
    "回答を差し戻す",
    tag=TAG,
    body=Because,
    answer=AnswerShown,
    matches=True,
    example={"reason": "納入場所を記入してください。"},
)
def return_an_answer(visit: Visit, ref: str, code: str, body: Because) -> Sent:
    row = _held(visit, ref, code)
    return_answer(visit.session, row, code, body.reason, visit.person, visit.now)
    return _sent(visit, row, code)


@operation(
    "POST",
    "/rounds/{ref}/demand/{code}/extend",
    *_WRITE,
    "団体の登録期限を延長する",
    tag=TAG,
    body=NewDeadline,
    answer=AnswerShown,
    matches=True,
    example={"deadline": "2026-12-18T17:15:00+09:00", "reason": "議会の日程のため。"},
)
def extend_a_deadline(visit: Visit, ref: str, code: str, body: NewDeadline) -> Sent:
    row = _held(visit, ref, code)
    refuse(
        [
            *extension_faults(body.deadline, body.reason, visit.now),
            *own_deadline_faults(row.stage, row.survey_deadline, body.deadline),
        ]
    )
    extend(visit.session, row, code, body.deadline, body.reason, visit.person, visit.now)
    return _sent(visit, row, code)


@operation(
    "POST",
    "/rounds/{ref}/demand/{code}/correct",
    *_WRITE,
    "仕様確定の後に数量を訂正する",
    tag=TAG,
    body=CorrectionBody,
    answer=AnswerShown,
    matches=True,
    example={
        "lots": [{"ref": "pc", "items": [{"ref": "note-standard", "quantity": 25}]}],
        "reason": "学級数の変更のため。",
    },
)
def correct_an_answer(visit: Visit, ref: str, code: str, body: CorrectionBody) -> Sent:
    row = _held(visit, ref, code)
    codes = codes_of(visit.session, row)
    refuse(_correction_faults(codes, body))
    before = lines_of(visit.session, row.id, code)
    correct_demand(visit.session, row, code, _lines(codes, body, before), body.reason, visit.person, visit.now)
    return _sent(visit, row, code)


# ---- parts -------------------------------------------------------------------------------------------


def _held(visit: Visit, ref: str, code: str) -> RoundRow:
    row = locked_round(visit.session, ref)
    _body(visit.session, row, code)
    require_match(visit, _version(visit.session, row, code))
    return row


def _body(session: Session, row: RoundRow, code: str) -> BodyRow:
    """A body that is asked, or has answered. Raises NotFound."""
    body = session.get(BodyRow, code)
    if body is None or not (body.is_member or submission_of(session, row.id, code)):
        raise NotFound
    return body


def _version(session: Session, row: RoundRow, code: str) -> str:
    """Grows with what the body does and with what is done to its quantities, its state and its deadline."""
    submission, extension = submission_of(session, row.id, code), extension_of(session, row.id, code)
    state = submission.state.value if submission else "none"
    until = int(extension.deadline.timestamp()) if extension else 0
    return f"{answer_version(session, row.id, code)}-{last_change(session, row, code)}-{state}-{until}"


def _sent(visit: Visit, row: RoundRow, code: str) -> Sent:
    session = visit.session
    body = _body(session, row, code)
    submission, extension = submission_of(session, row.id, body.code), extension_of(session, row.id, body.code)
    codes = codes_of(session, row)
    line = next(one for one in board_of(session, row).lines if one.code == body.code)
    value = AnswerShown(
        **_line(line, [lot.ref for lot in lots_of(session, row.id)]),
        submitted_at=submission.submitted_at if submission else None,
        submitted_by=submission.submitted_by if submission else None,
        judged_at=submission.judged_at if submission else None,
        judged_by=submission.judged_by if submission else None,
        reason=submission.reason if submission else None,
        extended_because=extension.reason if extension else None,
        answer=body_of_answer(codes, read_answer(codes.asked, typed_of(session, row, body.code)).lots),
    )
    return Sent(value, version=_version(session, row, body.code))


def _line(line: BodyLine, refs: list[str]) -> dict[str, Any]:
    return {
        "code": line.code,
        "name": line.name,
        "status": line.status,
        "receipt_number": line.receipt_number,
        "changed_at": line.changed_at,
        "changed_by": line.changed_by,
        "own_deadline": line.own_deadline,
        "quantities": dict(zip(refs, line.quantities, strict=True)),
    }


def _correction_faults(codes: Codes, body: CorrectionBody) -> list[Fault]:
    faults: list[Fault] = []
    for at, given in enumerate(body.lots):
        lot = codes.lot_at(given.ref)
        if lot is None:
            faults.append(Fault(f"lots[{at}].ref", f"ロット「{given.ref}」はこの案件にありません。"))
        else:
            faults += item_faults(codes, lot, given.items, f"lots[{at}].")
    return faults


def _lines(codes: Codes, body: CorrectionBody, before: Mapping[int, Line]) -> dict[int, Line]:
    """What the body paid last time stays as it said."""
    found = {}
    for given in body.lots:
        lot = codes.lot_at(given.ref)
        for item in given.items:
            row = codes.item_at(lot, item.ref) if lot else None
            if row is not None:
                kept = before.get(row.id, Line(0))
                found[row.id] = replace(kept, quantity=item.quantity, spares=item.spares)
    return found


operations: list[Operation] = [
    read_board,
    read_an_answer,
    submit_for_a_body,
    accept_an_answer,
    return_an_answer,
    extend_a_deadline,
    correct_an_answer,
]
