"""The status of each bid in an attempt, and why."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from procure.settlement.result import BidStatus, JudgedAttempt, JudgedBid
from procure.settlement.round import Attempt, Bid, CeilingDisclosure, Entry, Lot, Rules
from procure.values.money import Yen, whole_or_exact

NOT_A_PARTICIPANT = "not_a_participant"
NOT_LOWER = "not_lower"
BELOW_MINIMUM = "below_minimum"
OVER_CEILING = "over_ceiling"

VALID = frozenset({BidStatus.OVER_CEILING, BidStatus.ELIGIBLE, BidStatus.AWARDED, BidStatus.LOST_DRAW})


@dataclass(frozen=True, slots=True)
class Standing:
    """What the attempt before leaves: who may bid again, and the lowest valid total (tax-exclusive yen)."""

    participants: Set[str]
    lowest: Yen


def total_quantities(lot: Lot) -> dict[str, int]:
    """How many of each item all municipalities ask for together, items in the order of the lot."""
    totals = {item.id: 0 for item in lot.items}
    for demand in lot.demand:
        for item, quantity in demand.quantities.items():
            totals[item] += quantity
    return totals


def breakdown_total(unit_prices: Mapping[str, Yen], quantities: Mapping[str, int]) -> Yen:
    """Σ unit price × total quantity, exactly; tax-exclusive yen."""
    return whole_or_exact(sum(price * quantities.get(item, 0) for item, price in unit_prices.items()))


def bid_total(bid: Bid, quantities: Mapping[str, int]) -> Yen | None:
    """The bid's tax-exclusive total; None where nothing was bid (辞退, 不参)."""
    if bid.entry is not Entry.BID:
        return None
    if bid.unit_prices is not None:
        return breakdown_total(bid.unit_prices, quantities)
    return bid.total


def judge(attempt: Attempt, rules: Rules, quantities: Mapping[str, int], before: Standing | None) -> JudgedAttempt:
    """Each bid of the attempt with its status; `before` is None in attempt 1, in which every bidder takes part."""
    return JudgedAttempt(attempt.number, tuple(_judge_bid(bid, rules, quantities, before) for bid in attempt.bids))


def standing(judged: JudgedAttempt) -> Standing | None:
    """What a judged attempt leaves for the next one; None where no bid was valid."""
    valid = {bid.bidder: bid.total for bid in judged.bids if bid.status in VALID and bid.total is not None}
    return Standing(valid.keys(), min(valid.values())) if valid else None


def _judge_bid(bid: Bid, rules: Rules, quantities: Mapping[str, int], before: Standing | None) -> JudgedBid:
    total = bid_total(bid, quantities)
    if total is None:
        return JudgedBid(bid.bidder, None, BidStatus(bid.entry), None)
    status, reason = _void(bid, total, rules, before) or _against_limits(total, rules)
    return JudgedBid(bid.bidder, total, status, reason)


def _void(bid: Bid, total: Yen, rules: Rules, before: Standing | None) -> tuple[BidStatus, str] | None:
    if bid.void is not None:
        return BidStatus.VOID, bid.void
    if before and bid.bidder not in before.participants:
        return BidStatus.VOID, NOT_A_PARTICIPANT
    if before and rules.rebid_must_be_lower and total >= before.lowest:
        return BidStatus.VOID, NOT_LOWER
    return None


def _against_limits(total: Yen, rules: Rules) -> tuple[BidStatus, str | None]:
    """法234条3項 (予定価格), 施行令167条の10第2項 (最低制限価格): a bid equal to a limit is within it."""
    if rules.minimum is not None and total < rules.minimum:
        return BidStatus.DISQUALIFIED, BELOW_MINIMUM
    if rules.ceiling is not None and total > rules.ceiling:
        if rules.ceiling_disclosure is CeilingDisclosure.BEFORE:
            return BidStatus.DISQUALIFIED, OVER_CEILING
        return BidStatus.OVER_CEILING, None
    return BidStatus.ELIGIBLE, None
