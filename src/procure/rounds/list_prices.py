"""定価 checked against its source by a second pair of eyes: who checked which item, and when."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from procure.history.record import Actor, label_of, record
from procure.rounds.queries import items_of
from procure.rounds.stages import Act, require
from procure.rounds.tables import ItemRow, LotRow, RoundRow


def checked_refs(session: Session, lot: LotRow) -> frozenset[str]:
    """The codes of the items whose list price somebody has checked as it stands."""
    return frozenset(item.ref for item in _items(session, lot) if item.list_price_checked_at is not None)


def check_list_prices(
    session: Session,
    row: RoundRow,
    lot: LotRow,
    newly: Collection[str],
    no_more: Collection[str],
    actor: Actor,
    at: datetime,
) -> None:
    """Records the checks of the items with the codes `newly`, and takes back those of `no_more`."""
    require(Act.EDIT_LIST_PRICES, row.stage)
    changes: dict[str, tuple[object, object]] = {}
    for item in _items(session, lot):
        before = item.list_price_checked_by
        if item.ref in newly:
            item.list_price_checked_by, item.list_price_checked_at = label_of(actor), at
        elif item.ref in no_more:
            item.list_price_checked_by = item.list_price_checked_at = None
        if item.list_price_checked_by != before:
            changes[f"item {item.ref}"] = (before, item.list_price_checked_by)
    if changes:
        session.flush()
        record(session, at, actor, "list_prices_checked", round_ref=row.ref, subject=lot.title, changes=changes)


def _items(session: Session, lot: LotRow) -> list[ItemRow]:
    return [item for item in items_of(session, lot.round_id) if item.lot_id == lot.id]
