"""Who drew in a paper lottery as the text that the database keeps: JSON of the form in the round file. Pure."""

import json
from collections.abc import Sequence

from procure.settlement.round import Drawer


def drawers_text(drawers: Sequence[Drawer]) -> str | None:
    """In the order of drawing; None where only one name was recorded."""
    said = [{"bidder": one.bidder, "drawn_by": one.drawn_by, "in_place": one.in_place} for one in drawers]
    return json.dumps(said, ensure_ascii=False) if said else None


def drawers_of(text: str | None) -> tuple[Drawer, ...]:
    said = json.loads(text) if text else ()
    return tuple(Drawer(one["bidder"], one["drawn_by"], one["in_place"]) for one in said)
