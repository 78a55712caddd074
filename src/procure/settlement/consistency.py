"""What the decision of a lot forbids in its file: attempts, lotteries, reviews or contracts that it does not allow."""

import re
from collections.abc import Sequence
from dataclasses import replace

from procure.settlement.award import decide_attempts
from procure.settlement.negotiation import negotiation_faults
from procure.settlement.place import Place, shown
from procure.settlement.round import DrawMethod, Entry, Lot, PaperDraw, Review
from procure.settlement.selection import Selection
from procure.settlement.settle import settle_lot

# Faults that leave the decision as it is, so that it can still be checked and all faults come at once.
_BESIDE = (
    r"(id|title|contract_kind|tender_method|cancelled.*|negotiation.*|rules\.(tax_rate|ceiling_with_tax|void_grounds.*)"
    r"|bidders\[\d+\]\.name|(draw|draws_before\[\d+\])\.(drawn_by|witness|drawers.*)|reviews\[\d+\]\.(reason|reviewed_on)"
    r"|items\[\d+\]\.(name|specification|unit|list_price|list_price_source)"
    r"|demand\[\d+\]\.(municipality|spares.*)|attempts\[\d+\]\.(opened_at|corrections.*))"
)
_BESIDE_THE_DECISION = re.compile(_BESIDE)
_IN_NEGOTIATION = re.compile(r"negotiation\b")
_BESIDE_STATED_TOTALS = re.compile(rf"{_BESIDE}|items.*|demand.*")


def note_impossible_decision(place: Place, lot: Lot, faults: Sequence[str]) -> None:
    """Note what cannot follow from the lot's bids; `faults` are those found in the lot so far."""
    paths = [_path_in(place, fault) for fault in faults]
    is_sound = all(_BESIDE_THE_DECISION.fullmatch(path) for path in paths)
    if is_sound:
        _note_decision(place, lot)
    elif _totals_are_stated(lot) and all(_BESIDE_STATED_TOTALS.fullmatch(path) for path in paths):
        _note_decision(place, _by_stated_totals(lot))
    if is_sound and not any(_IN_NEGOTIATION.match(path) for path in paths):
        _note_negotiation(place, lot)


def _note_decision(place: Place, lot: Lot) -> None:
    decision = decide_attempts(lot)
    for surplus in range(len(decision.attempts), len(lot.attempts)):
        last = len(decision.attempts)
        path = f"{place.path}.attempts[{surplus}]"
        place.faults.append(f"{path}: may not exist: attempt {last} decided the lot ({decision.outcome})")
    mark = len(place.faults)
    _note_draws(place, lot, decision.selection)
    if lot.rules.review is Review.AFTER and len(place.faults) == mark:
        _note_reviews(place, lot, decision.selection)


def _note_draws(place: Place, lot: Lot, chosen: Selection) -> None:
    """Every lottery on paper is one that was due; the first that was not makes those after it meaningless."""
    papers = [(f"draws_before[{index}]", paper) for index, paper in enumerate(lot.draws_before)]
    papers += [("draw", lot.draw)] if lot.draw else []
    for number, (path, paper) in enumerate(papers):
        if lot.rules.draw is not DrawMethod.PAPER:
            place.faults.append(f"{place.path}.{path}: a paper lottery, but the rules draw by {lot.rules.draw}")
        if number >= len(chosen.ties) or paper.winner not in chosen.ties[number]:
            place.faults.append(f"{place.path}.{path}.winner: {shown(paper.winner)} is not among the tied")
            return
        _note_drawers(place, path, paper, chosen.ties[number])


def _note_drawers(place: Place, path: str, paper: PaperDraw, tied: Sequence[str]) -> None:
    """Each of the tied drew, or somebody in its place."""
    drew = {drawer.bidder for drawer in paper.drawers}
    if drew and drew != set(tied):
        place.faults.append(f"{place.path}.{path}.drawers: not one for each of the tied")


def _note_reviews(place: Place, lot: Lot, chosen: Selection) -> None:
    for index, review in enumerate(lot.reviews):
        if review.bidder not in chosen.candidates:
            path = f"{place.path}.reviews[{index}].bidder"
            place.faults.append(
                f"{path}: {shown(review.bidder)} never was the lowest, so that there is nothing to review"
            )


def _note_negotiation(place: Place, lot: Lot) -> None:
    if lot.negotiation is not None:
        for fault in negotiation_faults(lot, settle_lot(lot), lot.negotiation):
            place.faults.append(f"{place.path}.negotiation.{fault.path}: {fault.message}")


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
