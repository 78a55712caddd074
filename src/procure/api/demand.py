"""A municipality's own demand: the surveys it is asked in, its draft, asking for approval, submitting."""

from datetime import datetime
from typing import Any

from procure.accounts.roles import Permission
from procure.accounts.scopes import Scope
from procure.api.demand_values import (
    AskedLotShown,
    Codes,
    DemandBody,
    Warned,
    asked_shown,
    body_of_answer,
    code_faults,
    codes_of,
    path_of,
    typed_of_body,
)
from procure.api.fields import Body, Shown, faults_named
from procure.api.operation import BODY_LIMIT, Operation, Sent, operation
from procure.api.paging import PAGING, page_of, place_of_round
from procure.api.round_values import Nothing
from procure.api.versions import require_match
from procure.demand.actions import request_approval, require_open, save_draft, submit
from procure.demand.answer import TypedAnswer, read_answer, unusual
from procure.demand.board import Status, status_of
from procure.demand.queries import (
    answer_version,
    answers_of,
    draft_of,
    extension_of,
    extensions_for,
    joined_rounds,
    last_quantities,
    submission_of,
    typed_in,
    typed_of,
    unsubmitted,
)
from procure.demand.rules import deadline_of, may_register
from procure.demand.tables import DraftRow, ExtensionRow, SubmissionRow
from procure.errors import Fault, NotFound, refuse
from procure.rounds.queries import find_round, locked_round, rounds_newest_first
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from procure.server import Visit

TAG = "需要（市町村）"
UNCHECKED = "前回と大きく異なる数量があります。warnings を確かめ、よければ checked を true にして送信してください。"
_READ = (Permission.REGISTER_DEMAND, Scope.DEMAND_READ)
_WRITE = (Permission.REGISTER_DEMAND, Scope.DEMAND_WRITE)
EXAMPLE = {
    "lots": [
        {
            "ref": "pc",
            "participates": True,
            "items": [{"ref": "note-standard", "quantity": 12, "spares": 2, "last_unit_price": 158000}],
            "delivery_month": "2027-02",
            "delivery_places": "本庁舎　情報政策課",
        }
    ]
}


class SurveyShown(Shown, frozen=True, kw_only=True):
    """調査。is_open は、いま登録できるか。"""

    ref: str
    title: str
    is_sample: bool
    is_open: bool
    deadline: datetime | None
    status: Status
    receipt_number: str | None


class SurveyList(Shown, frozen=True, kw_only=True):
    """調査の一覧（新しい順）。"""

    items: tuple[SurveyShown, ...]
    next: str | None


class OwnDemand(SurveyShown, frozen=True, kw_only=True):
    """自団体の需要。draft は登録していない下書き、submitted は登録した内容。

    faults は下書きを登録できない理由、warnings は登録の前に確かめること。
    """

    submitted_at: datetime | None
    submitted_by: str | None
    returned_because: str | None
    draft_saved_at: datetime | None
    draft_saved_by: str | None
    asked: tuple[AskedLotShown, ...]
    draft: DemandBody | None
    submitted: DemandBody | None
    faults: tuple[Warned, ...]
    warnings: tuple[Warned, ...]


class Submission(Body, frozen=True, kw_only=True):
    """登録。checked は、前回と大きく異なる数量を確かめたこと。"""

    checked: bool = False


@operation("GET", "/demand", *_READ, "自団体の調査の一覧", tag=TAG, answer=SurveyList, query=PAGING)
def list_surveys(visit: Visit) -> Sent:
    session, code = visit.session, visit.body_code
    rows = [row for row in rounds_newest_first(session) if row.stage is not Stage.PREPARING]
    page, following = page_of(visit, rows, place_of_round)
    answers, drafts, later = answers_of(session, code), unsubmitted(session, code), extensions_for(session, code)
    joined = joined_rounds(session, code)
    lines = tuple(
        SurveyShown(**_facts(visit, row, answers.get(row.id), drafts.get(row.id), later.get(row.id), row.id in joined))
        for row in page
    )
    return Sent(SurveyList(items=lines, next=following), next=following)


@operation("GET", "/demand/{ref}", *_READ, "自団体の需要を読む", tag=TAG, answer=OwnDemand)
def read_demand(visit: Visit, ref: str) -> Sent:
    return _sent(visit, asked_round(find_round(visit.session, ref)))


@operation(
    "PUT",
    "/demand/{ref}",
    *_WRITE,
    "下書きを保存する",
    tag=TAG,
    body=DemandBody,
    answer=OwnDemand,
    matches=True,
    body_limit=BODY_LIMIT,
    example=EXAMPLE,
)
def save_demand(visit: Visit, ref: str, body: DemandBody) -> Sent:
    """The whole draft at once. It must read well; whether it is complete is asked when it is submitted."""
    row, version = _held(visit, ref)
    codes = codes_of(visit.session, row)
    require_open(visit.session, row, visit.body_code, visit.clock())
    refuse(code_faults(codes, body))
    typed = typed_of_body(codes, body)
    with faults_named(lambda field: path_of(codes, field)):
        refuse(read_answer(codes.asked, typed).faults)
    save_draft(visit.session, row, visit.body_code, typed, version, visit.person, visit.clock())
    return _sent(visit, row)


@operation(
    "POST",
    "/demand/{ref}/request-approval",
    *_WRITE,
    "下書きの承認を依頼する",
    tag=TAG,
    body=Nothing,
    answer=OwnDemand,
    matches=True,
    example={},
)
def request_an_approval(visit: Visit, ref: str, body: Nothing) -> Sent:
    row, _ = _held(visit, ref)
    codes = codes_of(visit.session, row)
    with faults_named(lambda field: path_of(codes, field)):
        request_approval(visit.session, row, visit.body_code, visit.person, visit.clock())
    visit.session.flush()
    return _sent(visit, row)


@operation(
    "POST",
    "/demand/{ref}/submit",
    *_WRITE,
    "下書きを登録する",
    tag=TAG,
    body=Submission,
    answer=OwnDemand,
    matches=True,
    example={"checked": True},
)
def submit_demand(visit: Visit, ref: str, body: Submission) -> Sent:
    row, version = _held(visit, ref)
    codes = codes_of(visit.session, row)
    if not body.checked and (draft := draft_of(visit.session, row.id, visit.body_code)):
        warnings = _warnings(visit, row, codes, read_answer(codes.asked, typed_in(draft)))
        refuse((Fault("checked", UNCHECKED), *(Fault(one.field, one.message) for one in warnings)) if warnings else ())
    with faults_named(lambda field: path_of(codes, field)):
        submit(visit.session, row, visit.body_code, visit.person, visit.clock(), version)
    return _sent(visit, row)


# ---- parts -------------------------------------------------------------------------------------------


def asked_round(row: RoundRow) -> RoundRow:
    """Nobody is asked while a round is being prepared: to a municipality it does not exist yet."""
    if row.stage is Stage.PREPARING:
        raise NotFound
    return row


def _held(visit: Visit, ref: str) -> tuple[RoundRow, int]:
    """The round, locked, and the version of the body's answer, which is the one that the sender has seen."""
    row = asked_round(locked_round(visit.session, ref))
    version = answer_version(visit.session, row.id, visit.body_code)
    require_match(visit, version)
    return row, version


def _sent(visit: Visit, row: RoundRow) -> Sent:
    session, code = visit.session, visit.body_code
    submission, draft = submission_of(session, row.id, code), draft_of(session, row.id, code)
    codes = codes_of(session, row)
    drafted = read_answer(codes.asked, typed_in(draft)) if draft else None
    submitted = read_answer(codes.asked, typed_of(session, row, code)) if submission else None
    joined = row.id in joined_rounds(session, code)
    value = OwnDemand(
        **_facts(visit, row, submission, draft, extension_of(session, row.id, code), joined),
        submitted_at=submission.submitted_at if submission else None,
        submitted_by=submission.submitted_by if submission else None,
        returned_because=submission.reason if submission else None,
        draft_saved_at=draft.saved_at if draft else None,
        draft_saved_by=draft.saved_by if draft else None,
        asked=asked_shown(codes, last_quantities(session, row, tuple(codes.items.values()), code)),
        draft=body_of_answer(codes, drafted.lots) if drafted else None,
        submitted=body_of_answer(codes, submitted.lots) if submitted else None,
        faults=_faults(codes, drafted),
        warnings=_warnings(visit, row, codes, drafted) if drafted else (),
    )
    return Sent(value, version=answer_version(session, row.id, code))


def _facts(
    visit: Visit,
    row: RoundRow,
    submission: SubmissionRow | None,
    draft: DraftRow | None,
    extension: ExtensionRow | None,
    takes_part: bool,
) -> dict[str, Any]:
    later = extension.deadline if extension else None
    return {
        "ref": row.ref,
        "title": row.title,
        "is_sample": row.is_sample,
        "is_open": may_register(row.stage, row.survey_deadline, later, visit.now),
        "deadline": deadline_of(row.stage, row.survey_deadline, later),
        "status": status_of(submission, draft, takes_part),
        "receipt_number": submission.receipt_number if submission else None,
    }


def _faults(codes: Codes, answer: TypedAnswer | None) -> tuple[Warned, ...]:
    found = answer.faults if answer else ()
    return tuple(Warned(field=path_of(codes, fault.field), message=fault.message) for fault in found)


def _warnings(visit: Visit, row: RoundRow, codes: Codes, answer: TypedAnswer) -> tuple[Warned, ...]:
    last = last_quantities(visit.session, row, tuple(codes.items.values()), visit.body_code)
    wanted = {item: line.quantity for lot in answer.lots for item, line in lot.lines.items()}
    asked = [(lot, item) for lot in codes.asked for item in lot.items]
    told = [(item, unusual(item, wanted.get(item.id, 0), last.get(item.id))) for _, item in asked]
    return tuple(
        Warned(field=path_of(codes, f"qty-{item.id}"), message=message) for item, message in told if message is not None
    )


operations: list[Operation] = [list_surveys, read_demand, save_demand, request_an_approval, submit_demand]
