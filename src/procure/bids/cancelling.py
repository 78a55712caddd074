"""取止め of a lot, where no negotiated contract rests on its tender."""

from datetime import datetime

from sqlmodel import Session

from procure.bids.actions import require_no_negotiation
from procure.history.record import Actor
from procure.rounds.actions import cancel_lot, require_cancellable
from procure.rounds.tables import LotRow, RoundRow


def call_off(session: Session, row: RoundRow, lot: LotRow, reason: str, actor: Actor, at: datetime) -> None:
    """`row` is locked. Raises Conflict, and Invalid where the reason is missing."""
    require_callable_off(session, row, lot)
    cancel_lot(session, row, lot, reason, actor, at)


def require_callable_off(session: Session, row: RoundRow, lot: LotRow) -> None:
    """Raises Conflict: a contract of 8号 presupposes a tender that failed, not one that was called off."""
    require_cancellable(row, lot)
    require_no_negotiation(session, lot, "取止めにできません")
