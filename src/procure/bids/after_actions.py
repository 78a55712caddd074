"""What follows the attempts of a lot, written as a round file has it."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from procure.bids.after_tables import CorrectionRow, EarlierDrawRow, NegotiationRow, ReviewRow
from procure.bids.bid_text import bid_text
from procure.bids.draw_text import drawers_text
from procure.bids.negotiations import write_contracts
from procure.history.record import Actor, label_of
from procure.rounds.tables import LotRow
from procure.settlement.round import Attempt, Lot

IMPORTED = "取込み"  # stands for the 決裁番号 of what was decided before it came here


def write_aftermath(
    session: Session, row: LotRow, lot: Lot, bidders: Mapping[str, int], actor: Actor, at: datetime
) -> None:
    """Corrections, reviews, earlier draws and the negotiated contracts of a lot; `bidders` are the rows of the ids."""
    by = label_of(actor)
    for attempt in lot.attempts:
        _write_corrections(session, row, attempt, bidders)
    for position, review in enumerate(lot.reviews):
        session.add(
            ReviewRow(
                lot_id=row.id,
                bidder_id=bidders[review.bidder],
                position=position,
                passed=review.passed,
                reason=review.reason,
                reviewed_on=review.reviewed_on,
                recorded_at=at,
                recorded_by=by,
            )
        )
    for position, draw in enumerate(lot.draws_before):
        session.add(
            EarlierDrawRow(
                lot_id=row.id,
                position=position,
                bidder_id=bidders[draw.winner],
                drawn_by=draw.drawn_by,
                witness=draw.witness,
                drawers=drawers_text(draw.drawers),
                recorded_at=at,
                recorded_by=by,
            )
        )
    if lot.negotiation is not None:
        _write_negotiation(session, row, lot, by, at)
    session.flush()


def _write_corrections(session: Session, row: LotRow, attempt: Attempt, bidders: Mapping[str, int]) -> None:
    """Each correction leads to what the next one of the same bidder found, the last one to what counts."""
    counts = {bid.bidder: bid for bid in attempt.bids}
    made: list[CorrectionRow] = []
    for correction in reversed(attempt.corrections):
        made.append(
            CorrectionRow(
                lot_id=row.id,
                number=attempt.number,
                bidder_id=bidders[correction.bidder],
                bid=bid_text(counts[correction.bidder]),
                reason=correction.reason,
                proposed_at=correction.corrected_at,
                proposed_by=correction.corrected_by,
                approved_at=correction.corrected_at,
                approved_by=correction.approved_by,
            )
        )
        counts[correction.bidder] = correction.was
    for one in reversed(made):
        session.add(one)
        session.flush()


def _write_negotiation(session: Session, row: LotRow, lot: Lot, by: str, at: datetime) -> None:
    if lot.negotiation is None:
        return
    session.add(
        NegotiationRow(
            lot_id=row.id,
            ground=lot.negotiation.ground,
            reason=lot.negotiation.reason,
            agreed_on=lot.negotiation.agreed_on,
            decision_number=IMPORTED,
            proposed_at=at,
            proposed_by=by,
            approved_at=at,
            approved_by=by,
        )
    )
    session.flush()
    write_contracts(session, row, lot.negotiation)
