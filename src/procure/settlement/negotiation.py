"""随意契約 after a tender without a contract (施行令167条の2第1項8号, 9号): what it may hold, and what it comes to.

8号 follows a lot without bids or without an award: within the 予定価格 of the tender (第2項). 9号 follows an award
whose winner did not sign: within the 落札金額 (第3項). Both may be divided among several contractors where the price
can be computed in parts (第4項), which is item by item.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from procure.settlement.allocation import item_results, shares
from procure.settlement.bids import breakdown_total, total_quantities
from procure.settlement.result import LotResult, NegotiatedPart, NegotiationResult, Outcome
from procure.settlement.round import Lot, NegotiatedContract, Negotiation, NegotiationGround
from procure.settlement.savings import compare_items, savings, savings_of_negotiated
from procure.values.money import Yen, amount_to_json, decimals_fit, whole_or_exact
from procure.values.rounding import percent
from procure.values.tax import with_tax

_FOLLOWS = {
    NegotiationGround.FAILED_TENDER: frozenset({Outcome.NO_BIDS, Outcome.NO_AWARD}),
    NegotiationGround.NOT_SIGNED: frozenset({Outcome.AWARDED}),
}


@dataclass(frozen=True, slots=True)
class NegotiationFault:
    """`path` is that of the round file, below `negotiation`; `message` is its English, `notice` says it in Japanese."""

    path: str
    message: str
    notice: str


def limit_of(lot: Lot, result: LotResult, ground: NegotiationGround) -> Yen | None:
    """What the contracts may come to together, tax-exclusive yen; None where it is not on record."""
    if ground is NegotiationGround.FAILED_TENDER:
        return lot.rules.ceiling
    return result.award.total if result.award else None


def negotiation_faults(lot: Lot, result: LotResult, negotiation: Negotiation) -> tuple[NegotiationFault, ...]:
    """Everything that keeps this contract from following this result; none where it may be made."""
    return (
        *_ground_faults(result, negotiation),
        *_contractor_faults(lot, result, negotiation),
        *_price_faults(lot, negotiation),
        *_division_faults(lot, negotiation),
        *_limit_faults(lot, result, negotiation),
    )


def settle_negotiation(lot: Lot, result: LotResult, negotiation: Negotiation) -> NegotiationResult:
    """What a faultless negotiated contract comes to, contractor by contractor."""
    parts = tuple(_part(lot, contract) for contract in negotiation.contracts)
    total = whole_or_exact(sum(part.total for part in parts))
    ceiling = lot.rules.ceiling
    return NegotiationResult(
        ground=negotiation.ground,
        limit=limit_of(lot, result, negotiation.ground),
        total=total,
        total_with_tax=sum(part.total_with_tax for part in parts),
        ceiling_ratio_percent=None if ceiling is None else percent(total, ceiling, 2),
        savings=savings_of_negotiated(parts),
        contracts=parts,
    )


def may_follow_failure(result: LotResult) -> bool:
    """8号: 入札者がないとき, or 再度の入札に付し落札者がないとき. One attempt that came to no award is neither."""
    has_bid_again = len(result.attempts) > 1
    return result.outcome is Outcome.NO_BIDS or (result.outcome is Outcome.NO_AWARD and has_bid_again)


def _ground_faults(result: LotResult, negotiation: Negotiation) -> Iterator[NegotiationFault]:
    if result.outcome in _FOLLOWS[negotiation.ground]:
        if negotiation.ground is NegotiationGround.FAILED_TENDER and not may_follow_failure(result):
            yield NegotiationFault(
                "ground",
                "it follows no_award only where bids were invited again, and the lot has one attempt",
                "第8号の随意契約は、入札者がないときか、再度の入札に付しても落札者がないときに限ります。"
                "第1回で不落となった件名は、再度公告入札に付してください。",
            )
        return
    if negotiation.ground is NegotiationGround.FAILED_TENDER:
        only, notice = "no_bids or no_award", "第8号の随意契約は、不調または不落となった件名に限ります。"
    else:
        only, notice = (
            "awarded",
            "第9号の随意契約は、落札者が契約を締結しない件名に限ります。落札者が決まっていません。",
        )
    yield NegotiationFault("ground", f"it follows only {only}, and the outcome of the lot is {result.outcome}", notice)


def _contractor_faults(lot: Lot, result: LotResult, negotiation: Negotiation) -> Iterator[NegotiationFault]:
    if not negotiation.contracts:
        yield NegotiationFault(
            "contracts", "is empty; one or more are needed", "契約の相手方を1者以上入力してください。"
        )
    winner = _winner_names(lot, result) if negotiation.ground is NegotiationGround.NOT_SIGNED else frozenset()
    seen: set[str] = set()
    for place, contract in enumerate(negotiation.contracts):
        path = f"contracts[{place}].contractor"
        if contract.contractor in seen:
            yield NegotiationFault(
                path, "stands already in contracts", "同じ相手方が重複しています。1者にまとめてください。"
            )
        if contract.contractor in winner:
            yield NegotiationFault(
                path, "is the winner, who did not sign", "契約を締結しない落札者を相手方にすることはできません。"
            )
        seen.add(contract.contractor)


def _winner_names(lot: Lot, result: LotResult) -> frozenset[str]:
    won = result.award.bidder if result.award else None
    return frozenset(name for bidder in lot.bidders if bidder.id == won for name in (bidder.id, bidder.name))


def _price_faults(lot: Lot, negotiation: Negotiation) -> Iterator[NegotiationFault]:
    quantities, decimals = total_quantities(lot), lot.rules.price_decimals
    for place, contract in enumerate(negotiation.contracts):
        for item, price in contract.unit_prices.items():
            path = f"contracts[{place}].unit_prices.{item}"
            if item not in quantities:
                yield NegotiationFault(path, "is an unknown item", "この件名にない品目です。")
            if not decimals_fit(price, decimals):
                yield NegotiationFault(
                    path,
                    f"has more decimals than price_decimals, {decimals}",
                    f"単価は小数点以下{decimals}桁までで入力してください。"
                    if decimals
                    else "単価は1円単位で入力してください。",
                )
        if not _total(contract, quantities):
            yield NegotiationFault(
                f"contracts[{place}].unit_prices",
                "comes to zero",
                "契約金額が0円です。数量のある品目の単価を入力してください。",
            )


def _division_faults(lot: Lot, negotiation: Negotiation) -> Iterator[NegotiationFault]:
    """Every item that is bought stands in exactly one contract."""
    priced = Counter(item for contract in negotiation.contracts for item in contract.unit_prices)
    names = {item.id: item.name for item in lot.items}
    for item, quantity in total_quantities(lot).items():
        if quantity and not priced[item]:
            yield NegotiationFault(
                "contracts",
                f"no contract prices {item}",
                f"「{names[item]}」の単価がありません。すべての品目の単価を入力してください。",
            )
        if priced[item] > 1:
            yield NegotiationFault(
                "contracts",
                f"more than one contract prices {item}",
                f"「{names[item]}」は1者の契約だけに入れてください。",
            )


def _limit_faults(lot: Lot, result: LotResult, negotiation: Negotiation) -> Iterator[NegotiationFault]:
    limit = limit_of(lot, result, negotiation.ground)
    quantities = total_quantities(lot)
    total = whole_or_exact(sum(_total(contract, quantities) for contract in negotiation.contracts))
    if limit is None or total <= limit:
        return
    if negotiation.ground is NegotiationGround.FAILED_TENDER:
        what, notice = "the ceiling", "契約金額の合計が予定価格を超えています。予定価格の範囲内で契約してください。"
    else:
        what, notice = "the award", "契約金額の合計が落札金額を超えています。落札金額の範囲内で契約してください。"
    yield NegotiationFault("contracts", f"{amount_to_json(total)} is more than {what}, {amount_to_json(limit)}", notice)


def _part(lot: Lot, contract: NegotiatedContract) -> NegotiatedPart:
    part = _restricted(lot, contract.unit_prices)
    quantities = total_quantities(part)
    total = _total(contract, quantities)
    taking_part = shares(part, contract.unit_prices)
    taxed = with_tax(total, lot.rules.tax_rate)
    gap = taxed - sum(share.amount_with_tax or 0 for share in taking_part)
    items = item_results(part, quantities, contract.unit_prices)
    saved = savings(compare_items(items, total))
    return NegotiatedPart(contract.contractor, total, taxed, saved, items, taking_part, gap)


def _restricted(lot: Lot, prices: Mapping[str, Yen]) -> Lot:
    """The lot as if it had these items only."""
    items = tuple(item for item in lot.items if item.id in prices)
    demand = (
        replace(one, quantities={item: count for item, count in one.quantities.items() if item in prices})
        for one in lot.demand
    )
    return replace(lot, items=items, demand=tuple(demand))


def _total(contract: NegotiatedContract, quantities: Mapping[str, int]) -> Yen:
    return breakdown_total(contract.unit_prices, quantities)
