"""What the decision of a lot forbids in its file: attempts after it, and a lottery that it did not need."""

import re
from collections.abc import Sequence
from dataclasses import replace

from procure.settlement.award import decide_attempts
from procure.settlement.place import Place, shown
from procure.settlement.round import DrawMethod, Entry, Lot

# Faults that leave the decision as it is, so that it can still be checked and all faults come at once.
_BESIDE = (
    r"(id|title|contract_kind|cancelled.*|rules\.tax_rate|bidders\[\d+\]\.name|draw\.(drawn_by|witness)"
    r"|items\[\d+\]\.(name|specification|unit|list_price|list_price_source)"
    r"|demand\[\d+\]\.(municipality|spares.*)|attempts\[\d+\]\.opened_at)"
)
_BESIDE_THE_DECISION = re.compile(_BESIDE)
_BESIDE_STATED_TOTALS = re.compile(rf"{_BESIDE}|items.*|demand.*")


def note_impossible_decision(place: Place, lot: Lot, faults: Sequence[str]) -> None:
    """Note attempts after the deciding one and a winner who did not tie; `faults` are those found in the lot so far."""
    if _totals_are_stated(lot):
        lot, beside = _by_stated_totals(lot), _BESIDE_STATED_TOTALS
    else:
        beside = _BESIDE_THE_DECISION
    if all(beside.fullmatch(_path_in(place, fault)) for fault in faults):
        _note_decision(place, lot)


def _note_decision(place: Place, lot: Lot) -> None:
    decision = decide_attempts(lot)
    for surplus in range(len(decision.attempts), len(lot.attempts)):
        last = len(decision.attempts)
        path = f"{place.path}.attempts[{surplus}]"
        place.faults.append(f"{path}: may not exist: attempt {last} decided the lot ({decision.outcome})")
    if lot.draw and lot.rules.draw is not DrawMethod.PAPER:
        place.faults.append(f"{place.path}.draw: a paper lottery, but the rules draw by {lot.rules.draw}")
    if lot.draw and lot.draw.winner not in decision.tied:
        place.faults.append(f"{place.path}.draw.winner: {shown(lot.draw.winner)} is not among the tied")


def _path_in(place: Place, fault: str) -> str:
    return fault.removeprefix(f"{place.path}.").partition(": ")[0]


def _totals_are_stated(lot: Lot) -> bool:
    bids = [bid for attempt in lot.attempts for bid in attempt.bids if bid.entry is Entry.BID]
    return all(bid.total is not None for bid in bids)


def _by_stated_totals(lot: Lot) -> Lot:
    """The lot as its stated totals alone decide it, whatever is wrong with its demand."""
    attempts = (
        replace(attempt, bids=tuple(replace(bid, unit_prices=None) for bid in attempt.bids)) for attempt in lot.attempts
    )
    return replace(lot, demand=(), attempts=tuple(attempts))
