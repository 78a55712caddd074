"""Reads of the decision on a round."""

from sqlmodel import Session

from procure.awards.tables import ConfirmationRow
from procure.rounds.tables import RoundRow


def confirmation_of(session: Session, row: RoundRow) -> ConfirmationRow | None:
    return session.get(ConfirmationRow, row.id)
