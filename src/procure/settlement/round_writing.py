"""Round → `procure.round/1`: what is read again is the same round.

The rules that every lot has are written out whatever their default; what only some rounds have, where they have it.
"""

import json
from collections.abc import Mapping

from procure.settlement.round import (
    Attempt,
    Bid,
    Correction,
    Demand,
    Item,
    Lot,
    Negotiation,
    Opening,
    Organisation,
    PaperDraw,
    QualificationReview,
    Review,
    Round,
    Rules,
    TenderMethod,
)
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
            "opening": round.opening and _opening(round.opening),
            "follows": round.follows,
        }
    )


def _organisation(body: Organisation) -> Json:
    return {"code": body.code, "name": body.name, "kind": body.kind}


def _opening(opening: Opening) -> Json:
    witnesses = [
        {"name": one.name, "kind": one.kind.value, "affiliation": one.affiliation} for one in opening.witnesses
    ]
    return {"place": opening.place, "officer": opening.officer, "recorder": opening.recorder, "witnesses": witnesses}


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
            "tender_method": None if lot.tender_method is TenderMethod.OPEN else lot.tender_method.value,
            "reviews": [_review(review) for review in lot.reviews] or None,
            "draws_before": [_paper_draw(draw) for draw in lot.draws_before] or None,
            "negotiation": lot.negotiation and _negotiation(lot.negotiation),
        }
    )


def _rules(rules: Rules) -> Json:
    written: Json = {
        "tax_rate": format_decimal(rules.tax_rate, places=2),
        "ceiling": _amount(rules.ceiling),
        "minimum": _amount(rules.minimum),
        "ceiling_disclosure": rules.ceiling_disclosure.value,
        "max_attempts": rules.max_attempts,
        "rebid_must_be_lower": rules.rebid_must_be_lower,
        "price_decimals": rules.price_decimals,
        "draw": rules.draw.value,
    }
    added: Json = {
        "review": None if rules.review is Review.BEFORE else rules.review.value,
        "ceiling_with_tax": _amount(rules.ceiling_with_tax),
        "void_grounds": list(rules.void_grounds) or None,
    }
    return written | _given(added)


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
    corrections = [_correction(correction) for correction in attempt.corrections] or None
    opened_at = attempt.opened_at.isoformat()
    return _given({"number": attempt.number, "opened_at": opened_at, "bids": bids, "corrections": corrections})


def _correction(correction: Correction) -> Json:
    return {
        "bidder": correction.bidder,
        "was": _bid(correction.was),
        "reason": correction.reason,
        "corrected_by": correction.corrected_by,
        "approved_by": correction.approved_by,
        "corrected_at": correction.corrected_at.isoformat(),
    }


def _bid(bid: Bid) -> Json:
    return _given(
        {
            "bidder": bid.bidder,
            "entry": bid.entry.value,
            "unit_prices": None if bid.unit_prices is None else _prices(bid.unit_prices),
            "total": _amount(bid.total),
            "received_at": bid.received_at and bid.received_at.isoformat(),
            "draw_number": bid.draw_number,
            "void": bid.void,
            "added_number": bid.added_number,
        }
    )


def _prices(prices: Mapping[str, Yen]) -> Json:
    return {item: _amount(price) for item, price in prices.items()}


def _paper_draw(draw: PaperDraw) -> Json:
    drawers = [
        {"bidder": one.bidder, "drawn_by": one.drawn_by, "in_place": one.in_place} for one in draw.drawers
    ] or None
    return _given({"winner": draw.winner, "drawn_by": draw.drawn_by, "witness": draw.witness, "drawers": drawers})


def _review(review: QualificationReview) -> Json:
    return _given(
        {
            "bidder": review.bidder,
            "passed": review.passed,
            "reason": review.reason,
            "reviewed_on": review.reviewed_on.isoformat(),
        }
    )


def _negotiation(negotiation: Negotiation) -> Json:
    contracts = [
        {"contractor": one.contractor, "unit_prices": _prices(one.unit_prices)} for one in negotiation.contracts
    ]
    return {
        "ground": negotiation.ground.value,
        "agreed_on": negotiation.agreed_on.isoformat(),
        "reason": negotiation.reason,
        "contracts": contracts,
    }


def _amount(amount: Yen | None) -> int | str | None:
    return None if amount is None else amount_to_json(amount)


def _given(members: Json) -> Json:
    """Without what is absent."""
    return {key: value for key, value in members.items() if value is not None}
