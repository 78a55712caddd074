"""Round → Result: the whole computation, in one page. Same round, same result, wherever it is run."""

from dataclasses import replace

from procure.settlement.allocation import item_results, rounding_gap, shares
from procure.settlement.award import BREAKDOWN_MISSING, Decision, award_to, contract_prices, decide
from procure.settlement.bids import bid_total, total_quantities
from procure.settlement.negotiation import negotiation_faults, settle_negotiation
from procure.settlement.result import LotResult, Result
from procure.settlement.round import Bid, Lot, Round
from procure.settlement.savings import compare_items, savings, savings_of_lots


def settle(round: Round) -> Result:
    """The result of a valid round: who wins each lot and why, what each municipality pays, what is saved."""
    lots = tuple(settle_lot(lot) for lot in round.lots)
    return Result(round.id, len(participants(*round.lots)), savings_of_lots(lots), lots)


def settle_lot(lot: Lot) -> LotResult:
    decision = decide(lot)
    result = _without_award(lot, decision) if decision.winner is None else _with_award(lot, decision, decision.winner)
    # a negotiated contract that no longer fits what the tender came to decides nothing
    if lot.negotiation is None or negotiation_faults(lot, result, lot.negotiation):
        return result
    return replace(result, negotiation=settle_negotiation(lot, result, lot.negotiation))


def participants(*lots: Lot) -> frozenset[str]:
    """The codes of those who ask for anything in any of the lots."""
    return frozenset(demand.municipality for lot in lots for demand in lot.demand if demand.quantities)


def _with_award(lot: Lot, decision: Decision, winner: Bid) -> LotResult:
    quantities = total_quantities(lot)
    total = bid_total(winner, quantities) or 0
    award = award_to(winner, decision.attempts[-1].number, total, lot.rules)
    prices = contract_prices(lot, winner, total, quantities)
    items = item_results(lot, quantities, prices)
    municipalities = shares(lot, prices)
    return LotResult(
        id=lot.id,
        outcome=decision.outcome,
        reason=BREAKDOWN_MISSING if prices is None else decision.reason,
        participants=len(participants(lot)),
        attempts=decision.attempts,
        draw=decision.selection.draw,
        award=award,
        savings=savings(compare_items(items, award.total)),
        items=items,
        municipalities=municipalities,
        rounding_gap=rounding_gap(award, municipalities),
        draws_before=decision.selection.draws_before,
    )


def _without_award(lot: Lot, decision: Decision) -> LotResult:
    return LotResult(
        id=lot.id,
        outcome=decision.outcome,
        reason=decision.reason,
        participants=len(participants(lot)),
        attempts=decision.attempts,
        draw=decision.selection.draw,
        award=None,
        savings=None,
        items=item_results(lot, total_quantities(lot), None),
        municipalities=shares(lot, None),
        rounding_gap=None,
        candidate=decision.selection.candidate,
        draws_before=decision.selection.draws_before,
    )
