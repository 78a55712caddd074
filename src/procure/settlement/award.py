"""The outcome of a lot, attempt by attempt, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from procure.settlement.bids import Standing, judge, standing, total_quantities
from procure.settlement.result import Award, BidStatus, JudgedAttempt, JudgedBid, Outcome
from procure.settlement.round import Attempt, Bid, CeilingDisclosure, Entry, Lot, Rules
from procure.settlement.selection import Selection, select
from procure.values.money import Yen, decimals_fit, whole_or_exact
from procure.values.rounding import percent
from procure.values.tax import with_tax

NO_ENTRIES = "no_entries"
CEILING_DISCLOSED = "ceiling_disclosed"
NO_VALID_BID = "no_valid_bid"
LAST_ATTEMPT = "last_attempt"
NO_ELIGIBLE_BID = "no_eligible_bid"
DRAW_DATA_MISSING = "draw_data_missing"
REVIEW_MISSING = "review_missing"
REVIEW_FAILED = "review_failed"
BREAKDOWN_MISSING = "breakdown_missing"


_NOBODY = Selection()


@dataclass(frozen=True, slots=True)
class Decision:
    """What the opened attempts decide. `attempts` ends with the one that decided.

    `selection` says how its candidate was chosen, where it had an eligible bid; `winner` is the bid that is awarded.
    """

    outcome: Outcome
    reason: str | None
    attempts: tuple[JudgedAttempt, ...] = ()
    selection: Selection = _NOBODY
    winner: Bid | None = None

    @property
    def tied(self) -> tuple[str, ...]:
        """Those of the lottery that decided, or that is waited for."""
        return self.selection.tied


def decide(lot: Lot) -> Decision:
    """The decision of a lot: 取止め, 開札前, or what its attempts come to.

    法234条3項 (within the ceiling, the lowest), 施行令167条の8第4項 (再度入札), 167条の9 (くじ).
    """
    if lot.cancelled is not None:
        attempts = tuple(_as_opened(attempt) for attempt in decide_attempts(lot).attempts)
        return Decision(Outcome.CANCELLED, lot.cancelled, attempts)
    return decide_attempts(lot)


def decide_attempts(lot: Lot) -> Decision:
    """What the attempts of a lot decide, whether it was cancelled afterwards or not."""
    if not lot.attempts:
        return Decision(Outcome.PENDING, None)
    quantities = total_quantities(lot)
    judged: list[JudgedAttempt] = []
    before: Standing | None = None
    for attempt in lot.attempts:
        judged.append(judge(attempt, lot.rules, quantities, before))
        if any(bid.status is BidStatus.ELIGIBLE for bid in judged[-1].bids):
            return _award(lot, attempt, judged)
        before = standing(judged[-1])
        if reason := _end_without_award(attempt, lot.rules, before):
            return Decision(Outcome.NO_BIDS if reason == NO_ENTRIES else Outcome.NO_AWARD, reason, tuple(judged))
    return Decision(Outcome.REBID, NO_ELIGIBLE_BID, tuple(judged))


def _end_without_award(attempt: Attempt, rules: Rules, left: Standing | None) -> str | None:
    """Why no further attempt may follow; None where one may (施行令167条の8第4項)."""
    if attempt.number == 1 and not any(bid.entry is Entry.BID for bid in attempt.bids):
        return NO_ENTRIES
    if rules.ceiling_disclosure is CeilingDisclosure.BEFORE:
        return CEILING_DISCLOSED
    if left is None:
        return NO_VALID_BID
    return LAST_ATTEMPT if attempt.number >= rules.max_attempts else None


def _award(lot: Lot, attempt: Attempt, judged: Sequence[JudgedAttempt]) -> Decision:
    chosen = select(lot, attempt, judged[-1])
    attempts = (*judged[:-1], _after_selection(judged[-1], chosen))
    if chosen.awaits_draw:
        return Decision(Outcome.DRAW_REQUIRED, DRAW_DATA_MISSING, attempts, chosen)
    if chosen.candidate is None:
        return Decision(Outcome.NO_AWARD, REVIEW_FAILED, attempts, chosen)
    if not chosen.has_passed:
        return Decision(Outcome.REVIEW_REQUIRED, REVIEW_MISSING, attempts, chosen)
    winner = next(bid for bid in attempt.bids if bid.bidder == chosen.candidate)
    return Decision(Outcome.AWARDED, None, attempts, chosen, winner)


def _after_selection(attempt: JudgedAttempt, chosen: Selection) -> JudgedAttempt:
    """The attempt with those who failed their review 失格 and, once one has passed, the winner and the losers."""

    def after(bid: JudgedBid) -> JudgedBid:
        if bid.bidder in chosen.failed:
            return replace(bid, status=BidStatus.DISQUALIFIED, reason=REVIEW_FAILED)
        if chosen.has_passed and bid.bidder == chosen.candidate:
            return replace(bid, status=BidStatus.AWARDED)
        if chosen.has_passed and bid.bidder in chosen.tied:
            return replace(bid, status=BidStatus.LOST_DRAW)
        return bid

    return replace(attempt, bids=tuple(after(bid) for bid in attempt.bids))


def _as_opened(attempt: JudgedAttempt) -> JudgedAttempt:
    """The attempt of a lot that was cancelled: a bid that would have won was only eligible."""

    def before_award(bid: JudgedBid) -> JudgedBid:
        won_or_lost = bid.status in (BidStatus.AWARDED, BidStatus.LOST_DRAW)
        return replace(bid, status=BidStatus.ELIGIBLE) if won_or_lost else bid

    return replace(attempt, bids=tuple(before_award(bid) for bid in attempt.bids))


def award_to(bid: Bid, attempt: int, total: Yen, rules: Rules) -> Award:
    """The award; 落札率 is total ÷ ceiling, both without tax, with two decimals."""
    ratio = None if rules.ceiling is None else percent(total, rules.ceiling, 2)
    return Award(bid.bidder, attempt, total, with_tax(total, rules.tax_rate), ratio)


def contract_prices(lot: Lot, winner: Bid, total: Yen, quantities: Mapping[str, int]) -> Mapping[str, Yen] | None:
    """The winner's unit prices; from the total in a lot of one item where that is exact; None where unknown."""
    if winner.unit_prices is not None:
        return winner.unit_prices
    quantity = sum(quantities.values())
    if len(lot.items) != 1 or not quantity:
        return None
    price = whole_or_exact(Fraction(total) / quantity)
    return {lot.items[0].id: price} if decimals_fit(price, lot.rules.price_decimals) else None
