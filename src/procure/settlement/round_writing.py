"""Round → `procure.round/1`: what is read again is the same round. Every rule is written out, whatever its default."""

import json

from procure.settlement.round import Attempt, Bid, Demand, Item, Lot, Organisation, PaperDraw, Round, Rules
from procure.settlement.round_reading import FORMAT
from procure.values.money import Yen, amount_to_json, format_decimal

Json = dict[str, object]


def write_round(round: Round) -> str:
    """The text of the round's file, UTF-8 when encoded, ending with a line end."""
    return json.dumps(round_json(round), ensure_ascii=False, indent=1) + "\n"


def round_json(round: Round) -> Json:
    """The round file as JSON values."""
    return _given(
        {
            "format": FORMAT,
            "id": round.id,
            "title": round.title,
            "fiscal_year": round.fiscal_year,
            "bid_date": round.bid_date.isoformat(),
            "council": {"name": round.council},
            "note": round.note,
            "organisations": [_organisation(body) for body in round.organisations] or None,
            "lots": [_lot(lot) for lot in round.lots],
        }
    )


def _organisation(body: Organisation) -> Json:
    return {"code": body.code, "name": body.name, "kind": body.kind}


def _lot(lot: Lot) -> Json:
    return _given(
        {
            "id": lot.id,
            "title": lot.title,
            "contract_kind": lot.contract_kind.value,
            "rules": _rules(lot.rules),
            "items": [_item(item) for item in lot.items],
            "demand": [_demand(demand) for demand in lot.demand],
            "bidders": [{"id": bidder.id, "name": bidder.name} for bidder in lot.bidders],
            "attempts": [_attempt(attempt) for attempt in lot.attempts],
            "draw": lot.draw and _paper_draw(lot.draw),
            "cancelled": None if lot.cancelled is None else {"reason": lot.cancelled},
        }
    )


def _rules(rules: Rules) -> Json:
    return {
        "tax_rate": format_decimal(rules.tax_rate, places=2),
        "ceiling": _amount(rules.ceiling),
        "minimum": _amount(rules.minimum),
        "ceiling_disclosure": rules.ceiling_disclosure.value,
        "max_attempts": rules.max_attempts,
        "rebid_must_be_lower": rules.rebid_must_be_lower,
        "price_decimals": rules.price_decimals,
        "draw": rules.draw.value,
    }


def _item(item: Item) -> Json:
    written: Json = {
        "id": item.id,
        "name": item.name,
        "specification": item.specification,
        "unit": item.unit,
        "list_price": _amount(item.list_price),
    }
    return written if item.list_price_source is None else {**written, "list_price_source": item.list_price_source}


def _demand(demand: Demand) -> Json:
    spares = dict(demand.spares) or None
    return _given({"municipality": demand.municipality, "quantities": dict(demand.quantities), "spares": spares})


def _attempt(attempt: Attempt) -> Json:
    bids = [_bid(bid) for bid in attempt.bids]
    return {"number": attempt.number, "opened_at": attempt.opened_at.isoformat(), "bids": bids}


def _bid(bid: Bid) -> Json:
    prices = None if bid.unit_prices is None else {item: _amount(price) for item, price in bid.unit_prices.items()}
    return _given(
        {
            "bidder": bid.bidder,
            "entry": bid.entry.value,
            "unit_prices": prices,
            "total": _amount(bid.total),
            "received_at": bid.received_at and bid.received_at.isoformat(),
            "draw_number": bid.draw_number,
            "void": bid.void,
        }
    )


def _paper_draw(draw: PaperDraw) -> Json:
    return _given({"winner": draw.winner, "drawn_by": draw.drawn_by, "witness": draw.witness})


def _amount(amount: Yen | None) -> int | str | None:
    return None if amount is None else amount_to_json(amount)


def _given(members: Json) -> Json:
    """Without what is absent."""
    return {key: value for key, value in members.items() if value is not None}
