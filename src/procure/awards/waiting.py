"""What keeps the decision on a round from being proposed: one rule, for the action and for the guide."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from procure.bids.after_queries import waiting_corrections, waiting_negotiations
from procure.bids.after_tables import CorrectionRow, NegotiationRow
from procure.bids.queries import unchecked_attempts
from procure.bids.rules import is_final
from procure.bids.tables import AttemptRow
from procure.rounds.tables import RoundRow
from procure.settlement.result import LotResult, Outcome
from procure.settlement.round import Lot

Obstacle = AttemptRow | CorrectionRow | NegotiationRow | Outcome
"""An attempt to be checked, a correction or a negotiated contract to be judged, or that which the lot itself lacks."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a second person in a round, by the lot's ref."""

    attempts: Mapping[str, AttemptRow]
    corrections: Mapping[str, CorrectionRow]
    negotiations: Mapping[str, NegotiationRow]


def waiting_in(session: Session, row: RoundRow) -> Waiting:
    return Waiting(
        unchecked_attempts(session, row.id),
        waiting_corrections(session, row.id),
        waiting_negotiations(session, row.id),
    )


def obstacle_of(lot: Lot, result: LotResult, waiting: Waiting) -> Obstacle | None:
    """What comes first of that which the lot waits for; None where its outcome may be decided on.

    A lot that was cancelled waits for nothing: no award follows from its bids, and neither a check nor a correction
    changes a 取止め. What was left unchecked or unjudged stays on record as such.
    """
    if lot.cancelled is not None:
        return None
    for of_round in (waiting.attempts, waiting.corrections, waiting.negotiations):
        if lot.id in of_round:
            return of_round[lot.id]
    return None if is_final(result) else result.outcome
