"""What a body does with the survey: save a draft, ask for approval, submit; what the secretariat does with answers."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from procure.accounts.tables import AccountRow
from procure.accounts.viewer import Viewer
from procure.demand.answer import AskedLot, Line, TypedAnswer, read_answer
from procure.demand.freeze import freeze
from procure.demand.ledger import write_lines
from procure.demand.queries import (
    answer_version,
    asked_lots,
    draft_of,
    extension_of,
    lines_of,
    lot_answers_of,
    submission_of,
    typed_in,
    typed_of,
)
from procure.demand.rules import extension_faults, may_register, submission_faults
from procure.demand.states import AnswerState, Way
from procure.demand.tables import AnswerRow, DraftRow, ExtensionRow, SubmissionRow
from procure.errors import Conflict, Fault, Invalid, NotAllowed, refuse
from procure.history.record import Actor, Changes, account_of, label_of, record
from procure.parties.tables import BodyRow
from procure.rounds.actions import move_on
from procure.rounds.stages import Act, Stage, require
from procure.rounds.tables import RoundRow

TOO_LATE = (
    "需要登録の期限を過ぎたため、登録できません。入力した内容は下に残しています。"
    "変更が必要な場合は、事務局へご連絡ください。"
)
CHANGED_MEANWHILE = (
    "この画面を開いた後に、同じ団体の別の方が下書きを保存しました。入力した内容は下に残しています。"
    "最新の内容と見比べて、もう一度保存してください。"
)
CHANGED_SINCE_CONFIRMED = (
    "確認画面を開いた後に、同じ団体の別の方が下書きを変更しました。最新の内容を確かめて、もう一度登録してください。"
)
NO_DRAFT = "登録する下書きがありません。すでに登録済みの場合は、受付の控えをご確認ください。"
NEEDS_ANOTHER = (
    "この団体では、入力した方とは別の承認者が内容を確かめて登録します。"
    "承認者の方にログインして登録してもらってください。"
)


# ---- a body ------------------------------------------------------------------------------------------


def save_draft(
    session: Session,
    row: RoundRow,
    body_code: str,
    typed: Mapping[str, str],
    seen_version: int,
    actor: Actor,
    at: datetime,
    way: Way = Way.GRID,
) -> DraftRow:
    """Keeps what was typed, right or wrong, so that nothing is lost. What waited for approval waits no longer.

    `row` is locked. Raises Conflict after the deadline, and where somebody of the same body has saved or submitted
    since `seen_version` was shown (`answer_version`; 0: nothing yet).
    """
    require_open(session, row, body_code, at)
    if answer_version(session, row.id, body_code) != seen_version:
        raise Conflict(CHANGED_MEANWHILE)
    draft = draft_of(session, row.id, body_code)
    if draft is None:
        draft = DraftRow(round_id=row.id, body_code=body_code, typed="", saved_at=at, saved_by="", version=0)
    draft.typed = json.dumps(dict(typed), ensure_ascii=False)
    draft.way, draft.saved_at, draft.saved_by, draft.requested_at = way, at, label_of(actor), None
    draft.saved_by_account = account_of(actor)
    draft.version += 1
    session.add(draft)
    session.flush()
    return draft


def request_approval(session: Session, row: RoundRow, body_code: str, actor: Actor, at: datetime) -> DraftRow:
    """担当 → 課長: the draft reads well and waits for a second person of the body."""
    require_open(session, row, body_code, at)
    draft = _draft(session, row, body_code)
    lots = asked_lots(session, row.id)
    refuse(submission_faults(lots, read_answer(lots, typed_in(draft))))
    draft.requested_at = at
    draft.saved_by_account = account_of(actor)
    record(session, at, actor, "approval_requested", round_ref=row.ref, subject=body_code)
    return draft


def submit(
    session: Session, row: RoundRow, body_code: str, actor: Actor, at: datetime, seen_version: int | None = None
) -> SubmissionRow:
    """Turns the draft into the body's answer and gives it a 受付番号.

    `row` is locked. Raises Conflict after the deadline, where there is no draft, or where it is another than the one
    of `seen_version` (None: whichever there is); NotAllowed where a second person of the body has to do it; Invalid
    with every fault.
    """
    require_open(session, row, body_code, at)
    draft = _draft(session, row, body_code)
    if seen_version not in (None, answer_version(session, row.id, body_code)):
        raise Conflict(CHANGED_SINCE_CONFIRMED)
    if not may_submit(session, body_code, draft, actor):
        raise NotAllowed(NEEDS_ANOTHER)
    lots = asked_lots(session, row.id)
    answer = read_answer(lots, typed_in(draft))
    refuse(submission_faults(lots, answer))
    reason = _exception(session, row, body_code)
    changes = write_answer(session, lots, body_code, answer, actor, at, draft.way, reason)
    submission = _receive(session, row, body_code, actor, at)
    _tell_the_notice(row)
    session.delete(draft)
    session.flush()
    record(session, at, actor, "demand_submitted", round_ref=row.ref, subject=body_code, changes=changes)
    return submission


def may_submit(session: Session, body_code: str, draft: DraftRow, actor: Actor) -> bool:
    """Where the body wants it, an approver other than who asked for the approval; the secretariat always."""
    body = session.get(BodyRow, body_code)
    if body is None or not body.needs_approval or not isinstance(actor, Viewer) or actor.body_code is None:
        return True
    account = session.get(AccountRow, actor.account_id)
    is_approver = account is not None and account.is_approver
    return is_approver and draft.requested_at is not None and not draft.writer.is_same(actor)


def require_open(session: Session, row: RoundRow, body_code: str, at: datetime) -> None:
    """Raises Conflict where the body's registration is over, or has not begun."""
    extension = extension_of(session, row.id, body_code)
    if not may_register(row.stage, row.survey_deadline, extension.deadline if extension else None, at):
        raise Conflict(TOO_LATE)


# ---- the secretariat ---------------------------------------------------------------------------------


def return_answer(session: Session, row: RoundRow, body_code: str, reason: str, actor: Actor, at: datetime) -> None:
    """差戻し, with the reason: the body finds its answer as a draft, and its quantities do not count meanwhile."""
    submission = _judged(session, row, body_code)
    if not 1 <= len(reason) <= 1000:
        raise Invalid(Fault("reason", "差戻しの理由を1000字以内で入力してください。"))
    _tell_the_notice(row)
    submission.state, submission.reason = AnswerState.RETURNED, reason
    submission.judged_at, submission.judged_by = at, label_of(actor)
    if draft_of(session, row.id, body_code) is None:
        typed = json.dumps(typed_of(session, row, body_code), ensure_ascii=False)
        session.add(DraftRow(round_id=row.id, body_code=body_code, typed=typed, saved_at=at, saved_by=label_of(actor)))
    session.flush()
    record(
        session, at, actor, "demand_returned", round_ref=row.ref, subject=body_code, changes={"reason": (None, reason)}
    )


def accept_answer(session: Session, row: RoundRow, body_code: str, actor: Actor, at: datetime) -> None:
    """受理: the secretariat has looked at the answer and finds it right."""
    submission = _judged(session, row, body_code)
    submission.state, submission.reason = AnswerState.ACCEPTED, None
    submission.judged_at, submission.judged_by = at, label_of(actor)
    session.flush()
    record(session, at, actor, "demand_accepted", round_ref=row.ref, subject=body_code)


def extend(
    session: Session, row: RoundRow, body_code: str, deadline: datetime, reason: str, actor: Actor, at: datetime
) -> ExtensionRow:
    """Reopens the registration for one body until a later deadline, also after the closing and until the notice."""
    if row.stage not in (Stage.SURVEYING, Stage.SPECIFIED):
        require(Act.REOPEN_SURVEY, row.stage)
    refuse(extension_faults(deadline, reason, at))
    earlier = extension_of(session, row.id, body_code)
    before = earlier.deadline if earlier else row.survey_deadline
    extension = session.merge(
        ExtensionRow(
            round_id=row.id,
            body_code=body_code,
            deadline=deadline,
            reason=reason,
            granted_at=at,
            granted_by=label_of(actor),
        )
    )
    session.flush()
    changes: Changes = {"deadline": (before, deadline), "reason": (None, reason)}
    record(session, at, actor, "survey_extended", round_ref=row.ref, subject=body_code, changes=changes)
    return extension


def close_survey(session: Session, row: RoundRow, actor: Actor, at: datetime) -> None:
    """締切・仕様確定: the quantities are those that will be tendered, and a copy of them is kept."""
    require(Act.CLOSE_SURVEY, row.stage)
    row.specified_at = at
    move_on(session, row, Stage.SPECIFIED, "survey_closed", actor, at)
    freeze(session, row, actor, at)


def correct_demand(
    session: Session,
    row: RoundRow,
    body_code: str,
    lines: Mapping[int, Line],
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    """A change after the freeze and before the notice: an exception, recorded with its reason.

    `lines` are the items to change, by item row; a quantity of 0 takes the item out.
    """
    if row.stage is not Stage.SPECIFIED:
        raise Conflict("数量の訂正は、仕様確定から公告までの間に限り行えます。最新の画面でご確認ください。")
    submission = submission_of(session, row.id, body_code)
    if submission and submission.state is AnswerState.RETURNED:
        raise Conflict("この団体の回答は差戻し中で、数量に入っていません。団体が登録し直してから訂正してください。")
    if not 1 <= len(reason) <= 1000:
        raise Invalid(Fault("reason", "訂正の理由を1000字以内で入力してください。"))
    now = lines_of(session, row.id, body_code)
    wanted = {item: line for item, line in {**now, **lines}.items() if line.quantity}
    items = [item.id for lot in asked_lots(session, row.id) for item in lot.items]
    changes = write_lines(session, items, body_code, wanted, Way.SECRETARIAT, label_of(actor), at, reason)
    if not changes:
        raise Conflict("数量は変わっていません。")
    _agree_with(session, row, body_code, wanted)
    row.version += 1
    record(
        session,
        at,
        actor,
        "demand_corrected",
        round_ref=row.ref,
        subject=body_code,
        changes={**changes, "reason": (None, reason)},
    )


# ---- rows --------------------------------------------------------------------------------------------


def write_answer(
    session: Session,
    lots: tuple[AskedLot, ...],
    body_code: str,
    answer: TypedAnswer,
    actor: Actor,
    at: datetime,
    way: Way,
    reason: str | None = None,
) -> Changes:
    """Writes the answer for every lot and its quantities; gives what changed in the quantities."""
    for given in answer.lots:
        session.merge(
            AnswerRow(
                lot_id=given.lot_id,
                body_code=body_code,
                participates=bool(given.participates),
                acquisition=given.acquisition,
                delivery_month=given.delivery_month,
                delivery_places=given.delivery_places,
                remarks=given.remarks,
                budget_with_tax=given.budget_with_tax,
            )
        )
    session.flush()
    lines = {item: line for given in answer.lots for item, line in given.lines.items()}
    items = [item.id for lot in lots for item in lot.items]
    return write_lines(session, items, body_code, lines, way, label_of(actor), at, reason)


def _agree_with(session: Session, row: RoundRow, body_code: str, lines: Mapping[int, Line]) -> None:
    """Whoever has quantities takes part, and whoever has none does not: what was answered may not say otherwise."""
    answers = lot_answers_of(session, row.id, body_code)
    for lot in asked_lots(session, row.id):
        if given := answers.get(lot.id):
            given.participates = any(item.id in lines for item in lot.items)
    session.flush()


def _tell_the_notice(row: RoundRow) -> None:
    """After the freeze the notice is prepared on the quantities: a page that was made before is not confirmed."""
    if row.stage is Stage.SPECIFIED:
        row.version += 1


def _exception(session: Session, row: RoundRow, body_code: str) -> str | None:
    """Why the body may still answer after the freeze: what it changes is an exception with that reason."""
    extension = extension_of(session, row.id, body_code)
    return extension.reason if extension and row.stage is Stage.SPECIFIED else None


def _draft(session: Session, row: RoundRow, body_code: str) -> DraftRow:
    draft = draft_of(session, row.id, body_code)
    if draft is None:
        raise Conflict(NO_DRAFT)
    return draft


def _judged(session: Session, row: RoundRow, body_code: str) -> SubmissionRow:
    if row.stage not in (Stage.SURVEYING, Stage.SPECIFIED):
        require(Act.REGISTER_DEMAND, row.stage)
    submission = submission_of(session, row.id, body_code)
    if submission is None or submission.state is AnswerState.RETURNED:
        raise Conflict("この団体の回答は、まだ登録されていません。")
    return submission


def _receive(session: Session, row: RoundRow, body_code: str, actor: Actor, at: datetime) -> SubmissionRow:
    earlier = submission_of(session, row.id, body_code)
    version = earlier.version + 1 if earlier else 1
    submission = earlier or SubmissionRow(
        round_id=row.id, body_code=body_code, receipt_number="", submitted_at=at, submitted_by=""
    )
    submission.receipt_number = f"{row.ref}-{body_code}-{version:02}"
    submission.submitted_at, submission.submitted_by, submission.version = at, label_of(actor), version
    submission.state, submission.reason = AnswerState.SUBMITTED, None
    submission.judged_at, submission.judged_by = None, None
    session.add(submission)
    session.flush()
    return submission
