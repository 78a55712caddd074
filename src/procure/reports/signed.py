"""Which bodies have signed their own contract of a published round, and when (地方自治法234条5項)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from procure.contracts.queries import terms_value
from procure.contracts.tables import ContractRow
from procure.rounds.tables import LotRow, RoundRow

Place = tuple[str, str]  # the lot, and the code of the body


@dataclass(frozen=True, slots=True)
class Signed:
    """What a body has recorded: the day of 本契約, or that it came to nothing (辞退, 解除, 否決)."""

    concluded_on: date | None
    has_failed: bool
    recorded_at: datetime


def signed_in(session: Session, row: RoundRow) -> Mapping[Place, Signed]:
    """A body that has recorded nothing is not in it."""
    joined = select(LotRow.ref, ContractRow).join(ContractRow, col(ContractRow.lot_id) == col(LotRow.id))
    return {
        (lot, contract.body_code): _signed(contract)
        for lot, contract in session.exec(joined.where(col(LotRow.round_id) == row.id))
    }


def _signed(row: ContractRow) -> Signed:
    terms = terms_value(row)
    return Signed(terms.concluded_on, terms.has_failed, row.changed_at)
