"""A 随意契約 that is approved after the decision was confirmed is kept as evidence of its own, beside that decision."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from procure.bids.after_tables import NegotiationEvidenceRow, NegotiationRow
from procure.bids.queries import load_round
from procure.rounds.tables import LotRow, RoundRow
from procure.settlement.evidence import evidence_of
from procure.settlement.settle import settle


def keep_negotiated(
    session: Session, row: RoundRow, waiting: NegotiationRow, by: str, at: datetime
) -> NegotiationEvidenceRow:
    """Writes the round file and the result as they are with the contract in force."""
    value = load_round(session, row)
    evidence = evidence_of(value, settle(value))
    kept = NegotiationEvidenceRow(
        lot_id=waiting.lot_id,
        approved_at=at,
        approved_by=by,
        proposed_by=waiting.proposed_by,
        decision_number=waiting.decision_number,
        round_file=evidence.round_file,
        result=evidence.result,
        sha256=evidence.sha256,
    )
    session.add(kept)
    session.flush()
    return kept


def negotiated_evidence(session: Session, round_id: int) -> Sequence[tuple[str, NegotiationEvidenceRow]]:
    """The ref of the lot and what is kept of its contract, in the order of approval."""
    found = (
        select(LotRow.ref, NegotiationEvidenceRow)
        .join(LotRow, col(LotRow.id) == col(NegotiationEvidenceRow.lot_id))
        .where(col(LotRow.round_id) == round_id)
        .order_by(col(NegotiationEvidenceRow.approved_at), col(LotRow.position))
    )
    return [(ref, kept) for ref, kept in session.exec(found)]
