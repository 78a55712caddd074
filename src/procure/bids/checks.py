"""A second person compares an attempt with the papers; until it agrees nothing rests on it."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlmodel import Session

from procure.bids.actions import lot_value
from procure.bids.after_tables import AttemptCheckRow
from procure.bids.checking import Difference, Found, Way, check_faults, differences, recorded_of
from procure.bids.queries import attempt_of
from procure.bids.rules import entered_bidders
from procure.bids.tables import AttemptRow
from procure.errors import Conflict, refuse
from procure.history.record import Actor, Changes, label_of, record
from procure.history.two_people import require_another
from procure.rounds.stages import Act, require, require_unconfirmed
from procure.rounds.tables import LotRow, RoundRow
from procure.settlement.bids import total_quantities


def check_attempt(
    session: Session,
    row: RoundRow,
    lot: LotRow,
    number: int,
    found: Mapping[str, Found],
    way: Way,
    actor: Actor,
    at: datetime,
) -> tuple[Difference, ...]:
    """Compares what the second person found with what was recorded, and lists the differences.

    Without any the attempt stands from now on. `row` is locked. Raises Conflict where the attempt is not there, is
    checked already, or was recorded by the same person; Invalid where a bidder was left out.
    """
    attempt_row = require_checkable(session, row, lot, number, actor)
    value = lot_value(session, row, lot)
    attempt = value.attempts[number - 1]
    bidders = entered_bidders(value, attempt)
    refuse(check_faults(bidders, found))
    differing = differences(bidders, recorded_of(attempt, total_quantities(value)), found, value.rules.draw)
    session.add(
        AttemptCheckRow(
            lot_id=lot.id,
            number=number,
            way=way,
            recorded_at=attempt_row.recorded_at,
            checked_at=at,
            checked_by=label_of(actor),
            differences=json.dumps([asdict(one) for one in differing], ensure_ascii=False),
        )
    )
    if not differing:
        attempt_row.checked_at, attempt_row.checked_by = at, label_of(actor)
    row.version += 1
    changes: Changes = {
        "way": (None, way.label),
        "result": (None, f"相違 {len(differing)}件" if differing else "一致"),
        **{one.name: (one.recorded, one.found) for one in differing},
    }
    subject = f"{lot.title} 第{number}回"
    record(session, at, actor, "attempt_checked", round_ref=row.ref, subject=subject, changes=changes)
    return differing


def require_checkable(session: Session, row: RoundRow, lot: LotRow, number: int, actor: Actor) -> AttemptRow:
    """The attempt that the actor may check now. Raises Conflict."""
    require(Act.RECORD_BIDS, row.stage)
    require_unconfirmed(row.confirmed_at)
    attempt = attempt_of(session, lot, number)
    if attempt is None:
        raise Conflict(f"第{number}回の入札は、まだ記録されていません。")
    if attempt.checked_at is not None:
        raise Conflict(f"第{number}回の入札の照合は、すでに済んでいます。")
    require_another(attempt.recorder, actor, "照合", "入札を記録")
    return attempt
