"""Reads of rounds, lots and items, in the order in which they are shown."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from procure.errors import NotFound
from procure.rounds.stages import Stage
from procure.rounds.tables import ItemRow, LotRow, RoundRow


def rounds_newest_first(session: Session) -> Sequence[RoundRow]:
    newest = (col(RoundRow.fiscal_year).desc(), col(RoundRow.bid_date).desc(), col(RoundRow.ref))
    return session.exec(select(RoundRow).order_by(*newest)).all()


def rounds_in(session: Session, stage: Stage) -> Sequence[RoundRow]:
    return [row for row in rounds_newest_first(session) if row.stage == stage]


def find_round(session: Session, ref: str) -> RoundRow:
    """Raises NotFound."""
    row = session.exec(select(RoundRow).where(col(RoundRow.ref) == ref)).one_or_none()
    if row is None:
        raise NotFound
    return row


def rounds_following(session: Session, ref: str) -> Sequence[RoundRow]:
    """The rounds that repeat a failed tender of this one (再度公告入札), in the order of their making."""
    return session.exec(select(RoundRow).where(col(RoundRow.follows) == ref).order_by(col(RoundRow.id))).all()


def repeated_lots(session: Session, ref: str) -> frozenset[str]:
    """The refs of the round's lots that another round has put out to tender again."""
    return frozenset(lot.ref for other in rounds_following(session, ref) for lot in lots_of(session, other.id))


def locked_round(session: Session, ref: str) -> RoundRow:
    """The round, locked until the transaction ends: whoever changes a round takes its turn here."""
    locking = select(RoundRow).where(col(RoundRow.ref) == ref).with_for_update()
    row = session.exec(locking.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound
    return row


def lots_of(session: Session, round_id: int) -> Sequence[LotRow]:
    return session.exec(select(LotRow).where(col(LotRow.round_id) == round_id).order_by(col(LotRow.position))).all()


def find_lot(session: Session, round_id: int, ref: str) -> LotRow:
    """Raises NotFound."""
    of_round = select(LotRow).where(col(LotRow.round_id) == round_id, col(LotRow.ref) == ref)
    row = session.exec(of_round).one_or_none()
    if row is None:
        raise NotFound
    return row


def items_of(session: Session, round_id: int) -> Sequence[ItemRow]:
    """The items of a round, lot by lot."""
    joined = select(ItemRow).join(LotRow, col(LotRow.id) == col(ItemRow.lot_id))
    in_order = joined.where(col(LotRow.round_id) == round_id).order_by(col(LotRow.position), col(ItemRow.position))
    return session.exec(in_order).all()
