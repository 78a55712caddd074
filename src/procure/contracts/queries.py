"""Reads of what follows the award: what was agreed in each lot, and each body's contract with its ledger."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from procure.bids.queries import load_round
from procure.contracts.agreed import Agreed, agreed_of
from procure.contracts.ledger import Ledger, Slip
from procure.contracts.rules import Terms
from procure.contracts.tables import (
    ContractLimitRow,
    ContractLineRow,
    ContractRow,
    ContractSlipRow,
    DeliveryDeadlineRow,
)
from procure.contracts.thresholds import Limits
from procure.errors import NotFound
from procure.rounds.queries import lots_of
from procure.rounds.tables import ItemRow, RoundRow
from procure.settlement.settle import settle

Place = tuple[int, str]  # the row of a lot, and the code of a body


def agreed_in(session: Session, row: RoundRow) -> tuple[Agreed, ...]:
    """The lots with a supplier, in their order."""
    value = load_round(session, row)
    result = settle(value)
    lots = zip(lots_of(session, row.id), value.lots, result.lots, strict=True)
    found = (agreed_of(lot_row.id, lot_row.ceiling_with_tax, lot, judged) for lot_row, lot, judged in lots)
    return tuple(agreed for agreed in found if agreed is not None)


def agreed_lot(session: Session, row: RoundRow, lot: str) -> Agreed:
    """Raises NotFound where there is no such lot, or none that is to be contracted."""
    for agreed in agreed_in(session, row):
        if agreed.lot.id == lot:
            return agreed
    raise NotFound


# ---- what was recorded -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recorded:
    """A body's contract as it was recorded. `version` is 0 where nothing was yet."""

    terms: Terms
    slips: tuple[ContractSlipRow, ...]
    quantities: Mapping[int, Mapping[str, int]]
    on_behalf: str | None
    version: int

    def ledger(self, asked: Mapping[str, int]) -> Ledger:
        """On the quantities that the body asked for, which are those of its contract."""
        return Ledger(asked, tuple(slip_value(row, self.quantities[row.id]) for row in self.slips))


NOTHING = Recorded(Terms(), (), {}, None, 0)


def recorded_in(session: Session, lots: Iterable[int]) -> Mapping[Place, Recorded]:
    """Every contract in these lots; `NOTHING` stands for those that are not there."""
    ids = tuple(lots)
    rows = session.exec(select(ContractRow).where(col(ContractRow.lot_id).in_(ids))).all()
    slips = _slips(session, ids)
    lines = _lines(session, ids)
    return {place: _recorded(row, slips[place], lines) for row in rows for place in [(row.lot_id, row.body_code)]}


def recorded_of(session: Session, lot_id: int, code: str) -> Recorded:
    return recorded_in(session, [lot_id]).get((lot_id, code), NOTHING)


def _recorded(row: ContractRow, slips: Sequence[ContractSlipRow], lines: Mapping[int, Mapping[str, int]]) -> Recorded:
    return Recorded(
        terms_value(row), tuple(slips), {slip.id: lines[slip.id] for slip in slips}, row.on_behalf, row.version
    )


def _slips(session: Session, lots: Sequence[int]) -> Mapping[Place, list[ContractSlipRow]]:
    found: dict[Place, list[ContractSlipRow]] = defaultdict(list)
    wanted = select(ContractSlipRow).where(col(ContractSlipRow.lot_id).in_(lots))
    for slip in session.exec(wanted.order_by(col(ContractSlipRow.number))):
        found[slip.lot_id, slip.body_code].append(slip)
    return found


def _lines(session: Session, lots: Sequence[int]) -> Mapping[int, Mapping[str, int]]:
    joined = (
        select(ContractLineRow, ItemRow)
        .join(ItemRow, col(ItemRow.id) == col(ContractLineRow.item_id))
        .where(col(ItemRow.lot_id).in_(lots))
        .order_by(col(ItemRow.position))
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for line, item in session.exec(joined):
        found[line.slip_id][item.ref] = line.quantity
    return found


def terms_value(row: ContractRow) -> Terms:
    return Terms(
        ground=row.ground,
        approval=row.approval,
        approval_reason=row.approval_reason,
        contract_number=row.contract_number,
        provisional_on=row.provisional_on,
        submitted_on=row.submitted_on,
        resolved_on=row.resolved_on,
        resolution=row.resolution,
        concluded_on=row.concluded_on,
        failed_on=row.failed_on,
        failure_reason=row.failure_reason,
    )


def slip_value(row: ContractSlipRow, quantities: Mapping[str, int]) -> Slip:
    return Slip(row.number, row.act, row.day, quantities, row.reverses, row.resolved_on)


# ---- settings ----------------------------------------------------------------------------------------


def limits_row(session: Session, code: str) -> ContractLimitRow | None:
    return session.get(ContractLimitRow, code)


def limits_of(session: Session, code: str) -> Limits:
    return limits_value(limits_row(session, code))


def limits_by_body(session: Session) -> Mapping[str, Limits]:
    """Of the bodies that have amounts of their own."""
    return {row.body_code: limits_value(row) for row in session.exec(select(ContractLimitRow))}


def limits_value(row: ContractLimitRow | None) -> Limits:
    return Limits(row.assembly, row.small, row.small_since, row.ordinance) if row else Limits()


def deadlines_in(session: Session, lots: Iterable[int]) -> Mapping[int, date]:
    """納入期限 by the row of the lot."""
    wanted = select(DeliveryDeadlineRow).where(col(DeliveryDeadlineRow.lot_id).in_(tuple(lots)))
    return {row.lot_id: row.day for row in session.exec(wanted)}
