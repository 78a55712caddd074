"""What the tests of signs are about: a lot or several rounds, looked at."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from procure.settlement.round import Bid, Bidder, Lot, Round
from procure.settlement.settle import settle, settle_lot
from procure.signs.competitions import Entrant
from procure.signs.kinds import Kind
from procure.signs.look import LotLooks, look_at_lot, look_over
from procure.signs.sign import Look, Sign
from tests.builders import a_bid, a_demand, a_lot, a_round, an_item, declined

ITEMS = ("pc", "dock", "mouse")


def looked_at(lot: Lot) -> LotLooks:
    return look_at_lot("R3-1", lot, settle_lot(lot))


def looks_for(kind: Kind, lot: Lot) -> list[Look]:
    """An attempt's looks come in the order of the attempts."""
    return [look for part in looked_at(lot).parts for look in part.looks if look.kind is kind]


def signs_of(kind: Kind, lot: Lot) -> list[Sign]:
    return [sign for look in looks_for(kind, lot) for sign in look.signs]


def said(kind: Kind, lot: Lot) -> list[str]:
    return [sign.sentence for sign in signs_of(kind, lot)]


def figures(sign: Sign) -> dict[str, str]:
    return {figure.label: figure.value for figure in sign.figures}


def three_items(*bids: Bid) -> Lot:
    """One of each item for Nara, so that the totals are the sums of the prices."""
    items = tuple(an_item(id, name=id) for id in ITEMS)
    return a_lot(bids, items=items, demand=(a_demand(pc=1, dock=1, mouse=1),))


def rounds_of(*lots: Lot) -> list[Round]:
    """A round for each lot, a year apart."""
    return [
        a_round(lot, id=f"R{year}", title=f"第{year}回", bid_date=date(2021, 6, 11) + timedelta(days=365 * year))
        for year, lot in enumerate(lots, start=1)
    ]


def over(kind: Kind, rounds: Sequence[Round], numbers: Mapping[Entrant, str] | None = None) -> Look:
    looks = look_over([(round, settle(round)) for round in rounds], numbers)
    return next(look for look in looks.looks if look.kind is kind)


def a_tender(totals: Mapping[str, int | None], **changes: Any) -> Lot:
    """Bidders by name, each with its total or None for 辞退."""
    bidders = tuple(Bidder(f"b{number}", name) for number, name in enumerate(totals))
    bids = tuple(
        declined(bidder.id) if totals[bidder.name] is None else a_bid(bidder.id, totals[bidder.name])
        for bidder in bidders
    )
    return a_lot(bids, bidders=bidders, **changes)
