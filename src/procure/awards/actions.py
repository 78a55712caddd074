"""Confirming the decision on a round, and publishing its result."""

import hashlib
import json
from datetime import date, datetime

from sqlmodel import Session

from procure.awards.rules import decision_faults, undecided_lots
from procure.awards.tables import ConfirmationRow
from procure.bids.queries import load_round
from procure.errors import Conflict, refuse
from procure.history.record import Actor, Changes, label_of, record
from procure.rounds.actions import move_on
from procure.rounds.stages import Act, Stage, require
from procure.rounds.tables import RoundRow
from procure.settlement.result import Result
from procure.settlement.result_file import result_json
from procure.settlement.round import Round
from procure.settlement.round_file import write_round
from procure.settlement.settle import settle


def confirm(
    session: Session, row: RoundRow, decision_number: str, decision_date: date, actor: Actor, at: datetime
) -> ConfirmationRow:
    """Confirms what the engine decided, and keeps the round file and the result as they stood.

    `row` is locked. Raises Conflict where it is confirmed already or a lot is not decided yet.
    """
    value, result = confirmable(session, row)
    refuse(decision_faults(decision_number, decision_date, row.bid_date, at.date()))
    return keep_evidence(session, row, value, result, decision_number, decision_date, actor, at)


def confirmable(session: Session, row: RoundRow) -> tuple[Round, Result]:
    """What a confirmation would confirm. Raises Conflict where it is confirmed already or a lot is not decided yet."""
    require(Act.CONFIRM, row.stage)
    if row.confirmed_at is not None:
        raise Conflict("落札者の決定は、すでに確定しています。")
    value = load_round(session, row)
    result = settle(value)
    if undecided_lots(result):
        raise Conflict("まだ決まっていないロットがあります。すべてのロットの結果が出てから確定してください。")
    return value, result


def require_publishable(row: RoundRow) -> None:
    """Raises Conflict."""
    require(Act.PUBLISH, row.stage)
    if row.confirmed_at is None:
        raise Conflict("落札者の決定を確定してから公表してください。")


def keep_evidence(
    session: Session,
    row: RoundRow,
    value: Round,
    result: Result,
    decision_number: str,
    decision_date: date,
    actor: Actor,
    at: datetime,
) -> ConfirmationRow:
    """Writes the confirmation with both texts and their SHA-256."""
    round_file = write_round(value)
    result_file = json.dumps(result_json(result), ensure_ascii=False)
    kept = ConfirmationRow(
        round_id=row.id,
        confirmed_at=at,
        confirmed_by=label_of(actor),
        decision_number=decision_number,
        decision_date=decision_date,
        round_file=round_file,
        result=result_file,
        sha256=hashlib.sha256(f"{round_file}\n{result_file}".encode()).hexdigest(),
    )
    session.add(kept)
    row.confirmed_at = at
    row.version += 1
    session.flush()
    changes: Changes = {
        "decision_number": (None, decision_number),
        "decision_date": (None, decision_date.isoformat()),
        "sha256": (None, kept.sha256),
    }
    record(session, at, actor, "award_confirmed", round_ref=row.ref, subject=row.title, changes=changes)
    return kept


def publish(session: Session, row: RoundRow, actor: Actor, at: datetime) -> None:
    """公表: from now on everybody may read what may be published."""
    require_publishable(row)
    row.published_at = at
    move_on(session, row, Stage.PUBLISHED, "results_published", actor, at)
