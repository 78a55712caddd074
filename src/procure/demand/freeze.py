"""The copy of demand and list prices at 仕様確定, which later changes cannot touch."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from procure.demand.queries import demand_by_lot
from procure.demand.tables import FreezeRow
from procure.history.record import Actor, label_of
from procure.rounds.queries import items_of, lots_of
from procure.rounds.tables import ItemRow, RoundRow
from procure.values.money import amount_to_json


def freeze(session: Session, row: RoundRow, actor: Actor, at: datetime) -> FreezeRow:
    """Keeps what every body asks for now, and the items with their list prices, lot by lot."""
    text = json.dumps({"demand": _demand(session, row), "items": _items(session, row)}, ensure_ascii=False)
    kept = FreezeRow(
        round_id=row.id,
        number=len(freezes_of(session, row.id)) + 1,
        at=at,
        by=label_of(actor),
        content=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
    session.add(kept)
    session.flush()
    return kept


def freezes_of(session: Session, round_id: int) -> Sequence[FreezeRow]:
    return session.exec(
        select(FreezeRow).where(col(FreezeRow.round_id) == round_id).order_by(col(FreezeRow.number))
    ).all()


def frozen_demand(kept: FreezeRow) -> dict[str, list[dict[str, Any]]]:
    """By lot: {"municipality": code, "quantities": {item: number}, "spares": {item: number}} for each body."""
    demand: dict[str, list[dict[str, Any]]] = json.loads(kept.content)["demand"]
    return demand


def frozen_items(kept: FreezeRow) -> dict[str, list[dict[str, Any]]]:
    """By lot: the items as they were. `list_price` is tax-exclusive yen as the round file writes it."""
    items: dict[str, list[dict[str, Any]]] = json.loads(kept.content)["items"]
    return items


def _demand(session: Session, row: RoundRow) -> dict[str, list[dict[str, Any]]]:
    demand = demand_by_lot(session, row.id)
    return {
        lot.ref: [
            {"municipality": own.municipality, "quantities": dict(own.quantities), "spares": dict(own.spares)}
            for own in demand.get(lot.id, ())
        ]
        for lot in lots_of(session, row.id)
    }


def _items(session: Session, row: RoundRow) -> dict[str, list[dict[str, Any]]]:
    by_lot: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for item in items_of(session, row.id):
        by_lot[item.lot_id].append(_item(item))
    return {lot.ref: by_lot[lot.id] for lot in lots_of(session, row.id)}


def _item(item: ItemRow) -> dict[str, Any]:
    checked_at = item.list_price_checked_at
    return {
        "id": item.ref,
        "name": item.name,
        "specification": item.specification,
        "unit": item.unit,
        "list_price": None if item.list_price is None else amount_to_json(item.list_price),
        "list_price_source": item.list_price_source,
        "list_price_checked_by": item.list_price_checked_by,
        "list_price_checked_at": checked_at.isoformat(timespec="seconds") if checked_at else None,
    }
