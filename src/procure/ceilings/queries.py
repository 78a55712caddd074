"""Reads of ceilings: that one is sealed, when and by whom; and what an opened one was based on."""

import json
from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, select

from procure.ceilings.ceiling import Basis, basis_from_json
from procure.ceilings.tables import OpenedCeilingRow, SealedCeilingRow
from procure.rounds.tables import LotRow


def seals_of(session: Session, lot: LotRow) -> Sequence[SealedCeilingRow]:
    """Every seal of the lot in order; the last one counts."""
    of_lot = select(SealedCeilingRow).where(col(SealedCeilingRow.lot_id) == lot.id)
    return session.exec(of_lot.order_by(col(SealedCeilingRow.number))).all()


def seal_of(session: Session, lot: LotRow) -> SealedCeilingRow | None:
    """The seal that counts."""
    return next(reversed(seals_of(session, lot)), None)


def sealed_lots(session: Session, round_id: int) -> Mapping[int, SealedCeilingRow]:
    """The seals that count of every lot of a round, opened or not."""
    joined = select(SealedCeilingRow).join(LotRow, col(LotRow.id) == col(SealedCeilingRow.lot_id))
    of_round = joined.where(col(LotRow.round_id) == round_id).order_by(col(SealedCeilingRow.number))
    return {row.lot_id: row for row in session.exec(of_round)}


def opened_of(session: Session, lot: LotRow) -> OpenedCeilingRow | None:
    return session.get(OpenedCeilingRow, lot.id)


def basis_of(session: Session, lot: LotRow) -> Basis | None:
    """The basis of an opened ceiling; None where it is sealed, or came without one."""
    opened = opened_of(session, lot)
    return None if opened is None else basis_from_json(json.loads(opened.basis))
