"""Lots as they are shown, and the round that a change holds."""

from collections import defaultdict

from sqlmodel import Session

from procure.api.round_values import LotShown, lot_shown
from procure.api.versions import require_match
from procure.rounds.queries import items_of, locked_round, lots_of
from procure.rounds.tables import ItemRow, RoundRow
from procure.server import Visit


def held_round(visit: Visit, ref: str) -> RoundRow:
    """The round, locked, in the version that the sender has seen. Raises NotFound, VersionStale."""
    row = locked_round(visit.session, ref)
    require_match(visit, row.version)
    return row


def lots_shown(session: Session, row: RoundRow) -> tuple[LotShown, ...]:
    by_lot: dict[int, list[ItemRow]] = defaultdict(list)
    for item in items_of(session, row.id):
        by_lot[item.lot_id].append(item)
    return tuple(lot_shown(lot, tuple(by_lot[lot.id])) for lot in lots_of(session, row.id))
