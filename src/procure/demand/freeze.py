"""The copy of the demand at 仕様確定, which later changes cannot touch."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from procure.demand.queries import demand_by_lot
from procure.demand.tables import FreezeRow
from procure.history.record import Actor, label_of
from procure.rounds.queries import lots_of
from procure.rounds.tables import RoundRow


def freeze(session: Session, row: RoundRow, actor: Actor, at: datetime) -> FreezeRow:
    """Keeps what every body asks for now, lot by lot."""
    demand = demand_by_lot(session, row.id)
    content = {
        lot.ref: [
            {"municipality": own.municipality, "quantities": dict(own.quantities), "spares": dict(own.spares)}
            for own in demand.get(lot.id, ())
        ]
        for lot in lots_of(session, row.id)
    }
    text = json.dumps(content, ensure_ascii=False)
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
