"""Result → `procure.result/1`: the JSON value that `procure settle` prints, keys in the order of the contract."""

from decimal import Decimal

from procure.settlement.result import (
    Award,
    Draw,
    ItemResult,
    JudgedAttempt,
    LotResult,
    NegotiatedPart,
    NegotiationResult,
    Result,
    Savings,
    Share,
)
from procure.values.money import Yen, amount_to_json

FORMAT = "procure.result/1"

Json = dict[str, object]


def result_json(result: Result) -> Json:
    """The result as JSON values: amounts are integers or decimal strings, percentages strings, the unknown null."""
    return {
        "format": FORMAT,
        "round": result.round,
        "participants": result.participants,
        "savings": _savings(result.savings),
        "lots": [lot_json(lot) for lot in result.lots],
    }


def lot_json(lot: LotResult) -> Json:
    """One lot; what only some lots have stands at the end, and only where they have it."""
    written: Json = {
        "id": lot.id,
        "outcome": lot.outcome.value,
        "reason": lot.reason,
        "participants": lot.participants,
        "attempts": [_attempt(attempt) for attempt in lot.attempts],
        "draw": _draw(lot.draw),
        "award": _award(lot.award),
        "savings": _savings(lot.savings),
        "items": [_item(item) for item in lot.items],
        "municipalities": [_share(share) for share in lot.municipalities],
        "rounding_gap": lot.rounding_gap,
    }
    if lot.candidate is not None:
        written["candidate"] = lot.candidate
    if lot.draws_before:
        written["draws_before"] = [_draw(draw) for draw in lot.draws_before]
    if lot.negotiation is not None:
        written["negotiation"] = _negotiation(lot.negotiation)
    return written


def _attempt(attempt: JudgedAttempt) -> Json:
    bids = [
        {"bidder": bid.bidder, "total": _amount(bid.total), "status": bid.status.value, "reason": bid.reason}
        for bid in attempt.bids
    ]
    return {"number": attempt.number, "bids": bids}


def _draw(draw: Draw | None) -> Json | None:
    if draw is None:
        return None
    return {
        "method": draw.method.value,
        "tied": list(draw.tied),
        "numbers": None if draw.numbers is None else dict(draw.numbers),
        "sum": draw.sum,
        "remainder": draw.remainder,
        "winner": draw.winner,
    }


def _award(award: Award | None) -> Json | None:
    if award is None:
        return None
    return {
        "bidder": award.bidder,
        "attempt": award.attempt,
        "total": _amount(award.total),
        "total_with_tax": award.total_with_tax,
        "ceiling_ratio_percent": _percent(award.ceiling_ratio_percent),
    }


def _savings(savings: Savings | None) -> Json | None:
    if savings is None:
        return None
    return {
        "list_total": _amount(savings.list_total),
        "award_total": _amount(savings.award_total),
        "saved": _amount(savings.saved),
        "percent": _percent(savings.percent),
        "exact": savings.exact,
        "statement": savings.statement,
        "covered_items": savings.covered_items,
        "items": savings.items,
        "coverage_percent": _percent(savings.coverage_percent),
    }


def _item(item: ItemResult) -> Json:
    return {
        "id": item.id,
        "quantity": item.quantity,
        "list_price": _amount(item.list_price),
        "unit_price": _amount(item.unit_price),
        "list_amount": _amount(item.list_amount),
        "amount": _amount(item.amount),
        "savings_percent": _percent(item.savings_percent),
    }


def _share(share: Share) -> Json:
    return {
        "code": share.code,
        "amount": _amount(share.amount),
        "tax": share.tax,
        "amount_with_tax": share.amount_with_tax,
        "list_amount": _amount(share.list_amount),
        "saved": _amount(share.saved),
        "savings_percent": _percent(share.savings_percent),
        "items": [{"id": item.id, "quantity": item.quantity, "amount": _amount(item.amount)} for item in share.items],
    }


def _negotiation(negotiation: NegotiationResult) -> Json:
    return {
        "ground": negotiation.ground.value,
        "limit": _amount(negotiation.limit),
        "total": _amount(negotiation.total),
        "total_with_tax": negotiation.total_with_tax,
        "ceiling_ratio_percent": _percent(negotiation.ceiling_ratio_percent),
        "savings": _savings(negotiation.savings),
        "contracts": [_negotiated_part(part) for part in negotiation.contracts],
    }


def _negotiated_part(part: NegotiatedPart) -> Json:
    return {
        "contractor": part.contractor,
        "total": _amount(part.total),
        "total_with_tax": part.total_with_tax,
        "savings": _savings(part.savings),
        "items": [_item(item) for item in part.items],
        "municipalities": [_share(share) for share in part.municipalities],
        "rounding_gap": part.rounding_gap,
    }


def _amount(amount: Yen | None) -> int | str | None:
    return None if amount is None else amount_to_json(amount)


def _percent(percent: Decimal | None) -> str | None:
    return None if percent is None else str(percent)
