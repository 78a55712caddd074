"""Reads of the decision on a round."""

from sqlmodel import Session

from procure.awards.tables import ConfirmationRow, ProposalRow
from procure.rounds.tables import RoundRow


def confirmation_of(session: Session, row: RoundRow) -> ConfirmationRow | None:
    return session.get(ConfirmationRow, row.id)


def proposal_of(session: Session, row: RoundRow) -> ProposalRow | None:
    """The decision that waits for a second person; None once it is confirmed."""
    return None if row.confirmed_at is not None else session.get(ProposalRow, row.id)
