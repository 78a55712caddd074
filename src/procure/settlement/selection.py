"""Who of the eligible bidders of an attempt is 落札候補者: the lowest, by lot where tied, the next one after a review.

事前審査 (everybody was examined before the opening): the lowest wins, and nobody moves up afterwards, as no law lets
the second take the place of the first. 事後審査: only the lowest is examined; one that fails is out, the lottery is
held again among the others that tied, and else the next lowest moves up (法234条3項; as 広島県 does).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from procure.settlement.lottery import draw_lots
from procure.settlement.result import BidStatus, Draw, JudgedAttempt
from procure.settlement.round import Attempt, Lot, Review
from procure.values.money import Yen


@dataclass(frozen=True, slots=True)
class Selection:
    """How far the choice has come.

    `candidates` were each examined in turn, all but the `candidate` of now having failed; it is None where a lottery is
    waited for, or where nobody is left. `ties` are those who shared the lowest total, one for each lottery, the last of
    which may not be drawn yet; `draw` chose the present candidate, `draws_before` those who failed.
    """

    candidate: str | None = None
    has_passed: bool = False
    candidates: tuple[str, ...] = ()
    ties: tuple[tuple[str, ...], ...] = ()
    draw: Draw | None = None
    draws_before: tuple[Draw, ...] = ()
    awaits_draw: bool = False

    @property
    def tied(self) -> tuple[str, ...]:
        """Those of the lottery that chose the present candidate, or that is waited for."""
        return self.ties[-1] if self.draw or self.awaits_draw else ()

    @property
    def failed(self) -> tuple[str, ...]:
        return tuple(bidder for bidder in self.candidates if bidder != self.candidate)


def select(lot: Lot, attempt: Attempt, judged: JudgedAttempt) -> Selection:
    """The choice among the eligible bids of the attempt, of which there is one or more."""
    left = _eligible_totals(judged)
    found = Selection()
    while left:
        found = _choose(lot, attempt, _lowest(left), found)
        if found.candidate is None:
            return found
        passed = _has_passed(lot, found.candidate)
        if passed is not False:
            return replace(found, has_passed=passed is True)
        del left[found.candidate]
        found = _without_candidate(found)
    return found


def _choose(lot: Lot, attempt: Attempt, lowest: Sequence[str], before: Selection) -> Selection:
    """The selection with its next candidate; without one where the lottery has not been held."""
    if len(lowest) == 1:
        return replace(before, candidate=lowest[0], candidates=(*before.candidates, lowest[0]))
    bids = {bid.bidder: bid for bid in attempt.bids}
    papers = (*lot.draws_before, lot.draw)
    paper = papers[len(before.ties)] if len(before.ties) < len(papers) else None
    draw = draw_lots(lot.rules.draw, [bids[bidder] for bidder in lowest], lot.bidders, paper, attempt.opened_at)
    tied = replace(before, ties=(*before.ties, tuple(lowest)), draw=draw)
    if draw is None:
        return replace(tied, awaits_draw=True)
    return replace(tied, candidate=draw.winner, candidates=(*before.candidates, draw.winner))


def _without_candidate(found: Selection) -> Selection:
    drawn = () if found.draw is None else (found.draw,)
    return replace(found, candidate=None, draw=None, draws_before=(*found.draws_before, *drawn))


def _has_passed(lot: Lot, bidder: str) -> bool | None:
    """Whether the bidder is qualified; None where the review is not on record."""
    if lot.rules.review is Review.BEFORE:
        return True
    return next((review.passed for review in lot.reviews if review.bidder == bidder), None)


def _eligible_totals(judged: JudgedAttempt) -> dict[str, Yen]:
    return {bid.bidder: bid.total for bid in judged.bids if bid.status is BidStatus.ELIGIBLE and bid.total is not None}


def _lowest(totals: Mapping[str, Yen]) -> list[str]:
    lowest = min(totals.values())
    return [bidder for bidder, total in totals.items() if total == lowest]
