"""Which lots the bodies have signed for: what tells whether an award may be followed by a new tender."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from procure.contracts.queries import terms_value
from procure.contracts.tables import ContractRow
from procure.rounds.tables import LotRow, RoundRow


@dataclass(frozen=True, slots=True)
class Signing:
    """The refs of lots with a contract that some body has signed (仮契約 included), and with one that came to nothing:
    辞退, 解除, 否決.
    """

    signed: frozenset[str]
    failed: frozenset[str]


def signing_in(session: Session, row: RoundRow) -> Signing:
    joined = select(LotRow.ref, ContractRow).join(ContractRow, col(ContractRow.lot_id) == col(LotRow.id))
    terms = [(ref, terms_value(one)) for ref, one in session.exec(joined.where(col(LotRow.round_id) == row.id))]
    return Signing(
        signed=frozenset(ref for ref, one in terms if one.is_signed and not one.has_failed),
        failed=frozenset(ref for ref, one in terms if one.has_failed),
    )
