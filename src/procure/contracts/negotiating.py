"""随意契約 of a lot whose bodies sign for themselves: none takes the place of a contract that a body has signed."""

from datetime import datetime

from sqlmodel import Session

from procure.bids.after_tables import NegotiationRow
from procure.bids.negotiations import approve_negotiation, propose_negotiation, require_negotiable
from procure.contracts.signing import signing_in
from procure.errors import Conflict
from procure.history.record import Actor
from procure.rounds.tables import LotRow, RoundRow
from procure.settlement.round import Negotiation, NegotiationGround


def require_unsigned(session: Session, row: RoundRow, lot: LotRow) -> None:
    """9号 asks that the winner does not sign. Raises Conflict where it has signed with some body, 仮契約 included."""
    if lot.ref in signing_in(session, row).signed:
        raise Conflict(
            f"「{lot.title}」は、落札者と仮契約または契約を締結した団体があるため、第9号の随意契約によれません"
            "（地方自治法施行令第167条の2第1項第9号）。締結していない団体の分は、新しい案件として作成してください。"
        )


def ground_to_propose(session: Session, row: RoundRow, lot: LotRow) -> NegotiationGround:
    """The ground on which a contract may be proposed now. Raises Conflict."""
    ground = require_negotiable(session, row, lot)
    require_unsigned(session, row, lot)
    return ground


def propose_unsigned(
    session: Session,
    row: RoundRow,
    lot: LotRow,
    negotiation: Negotiation,
    decision_number: str,
    actor: Actor,
    at: datetime,
) -> NegotiationRow:
    """`row` is locked. Raises Conflict, and Invalid with every fault."""
    ground_to_propose(session, row, lot)
    return propose_negotiation(session, row, lot, negotiation, decision_number, actor, at)


def approve_unsigned(session: Session, row: RoundRow, lot: LotRow, actor: Actor, at: datetime) -> None:
    """`row` is locked. Raises Conflict, also where a body signed after the proposal."""
    require_unsigned(session, row, lot)
    approve_negotiation(session, row, lot, actor, at)
