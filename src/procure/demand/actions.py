"""What a body does with the survey: save a draft, submit it."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, delete

from procure.demand.queries import answer_version, draft_of, quantities_of, submission_of, typed_in
from procure.demand.rules import read_typed
from procure.demand.tables import DemandRow, DraftRow, SubmissionRow
from procure.errors import Conflict, Invalid
from procure.history.record import Actor, Changes, label_of, record
from procure.rounds.queries import items_of
from procure.rounds.stages import is_registration_open
from procure.rounds.tables import ItemRow, RoundRow

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


def save_draft(
    session: Session,
    row: RoundRow,
    body_code: str,
    typed: Mapping[str, str],
    seen_version: int,
    actor: Actor,
    at: datetime,
) -> DraftRow:
    """Keeps what was typed, right or wrong, so that nothing is lost.

    `row` is locked. Raises Conflict after the deadline, and where somebody of the same body has saved or submitted
    since `seen_version` was shown (`answer_version`; 0: nothing yet).
    """
    if not is_registration_open(row.stage, row.survey_deadline, at):
        raise Conflict(TOO_LATE)
    if answer_version(session, row.id, body_code) != seen_version:
        raise Conflict(CHANGED_MEANWHILE)
    draft = draft_of(session, row.id, body_code)
    if draft is None:
        draft = DraftRow(round_id=row.id, body_code=body_code, typed="", saved_at=at, saved_by="", version=0)
    draft.typed = json.dumps(dict(typed), ensure_ascii=False)
    draft.saved_at, draft.saved_by = at, label_of(actor)
    draft.version += 1
    session.add(draft)
    session.flush()
    return draft


def submit(
    session: Session, row: RoundRow, body_code: str, actor: Actor, at: datetime, seen_version: int | None = None
) -> SubmissionRow:
    """Turns the draft into the body's demand and gives it a 受付番号. An empty grid answers that it takes no part.

    `row` is locked. Raises Conflict after the deadline, where there is no draft, or where it is another than the one
    of `seen_version` (None: whichever there is), Invalid with every fault.
    """
    if not is_registration_open(row.stage, row.survey_deadline, at):
        raise Conflict(TOO_LATE)
    draft = draft_of(session, row.id, body_code)
    if draft is None:
        raise Conflict("登録する下書きがありません。すでに登録済みの場合は、受付の控えをご確認ください。")
    if seen_version not in (None, answer_version(session, row.id, body_code)):
        raise Conflict(CHANGED_SINCE_CONFIRMED)
    items = items_of(session, row.id)
    typed = read_typed(items, typed_in(draft))
    if typed.faults:
        raise Invalid(*typed.faults)
    changes = _write_quantities(session, items, body_code, typed.quantities)
    submission = _receive(session, row, body_code, actor, at)
    session.delete(draft)
    record(session, at, actor, "demand_submitted", round_ref=row.ref, subject=body_code, changes=changes)
    return submission


def _write_quantities(session: Session, items: Sequence[ItemRow], body_code: str, wanted: Mapping[int, int]) -> Changes:
    before = quantities_of(session, items, body_code)
    changed = [item for item in items if before.get(item.id) != wanted.get(item.id)]
    ids = [item.id for item in changed]
    session.exec(delete(DemandRow).where(col(DemandRow.item_id).in_(ids), col(DemandRow.body_code) == body_code))
    for item in changed:
        if item.id in wanted:
            session.add(DemandRow(item_id=item.id, body_code=body_code, quantity=wanted[item.id]))
    session.flush()
    return {item.name: (before.get(item.id), wanted.get(item.id)) for item in changed}


def _receive(session: Session, row: RoundRow, body_code: str, actor: Actor, at: datetime) -> SubmissionRow:
    earlier = submission_of(session, row.id, body_code)
    version = earlier.version + 1 if earlier else 1
    submission = earlier or SubmissionRow(
        round_id=row.id, body_code=body_code, receipt_number="", submitted_at=at, submitted_by=""
    )
    submission.receipt_number = f"{row.ref}-{body_code}-{version:02}"
    submission.submitted_at, submission.submitted_by, submission.version = at, label_of(actor), version
    session.add(submission)
    session.flush()
    return submission
