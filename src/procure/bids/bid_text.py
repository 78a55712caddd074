"""A bid as JSON text, in which a correction keeps what the paper says."""

import json
from datetime import datetime

from procure.settlement.round import Bid, Entry
from procure.values.money import amount_from_json, amount_to_json


def bid_text(bid: Bid) -> str:
    return json.dumps(
        {
            "entry": bid.entry.value,
            "unit_prices": bid.unit_prices and {item: amount_to_json(price) for item, price in bid.unit_prices.items()},
            "total": None if bid.total is None else amount_to_json(bid.total),
            "received_at": bid.received_at and bid.received_at.isoformat(),
            "draw_number": bid.draw_number,
            "added_number": bid.added_number,
            "void": bid.void,
        },
        ensure_ascii=False,
    )


def bid_of(text: str, bidder: str) -> Bid:
    said = json.loads(text)
    prices = said["unit_prices"]
    return Bid(
        bidder=bidder,
        entry=Entry(said["entry"]),
        unit_prices=prices and {item: amount_from_json(price) for item, price in prices.items()},
        total=None if said["total"] is None else amount_from_json(said["total"]),
        received_at=said["received_at"] and datetime.fromisoformat(said["received_at"]),
        draw_number=said["draw_number"],
        void=said["void"],
        added_number=said["added_number"],
    )
