"""What was agreed in a lot, by award or by a negotiated contract: who supplies it, at which prices. Pure.

The one place that says where the unit prices of the bodies' contracts come from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from procure.contracts.states import Ground
from procure.errors import NotFound
from procure.settlement.allocation import Prices, shares
from procure.settlement.explain import may_name_ceiling
from procure.settlement.result import ItemResult, LotResult, NegotiationResult, Share
from procure.settlement.round import Demand, Lot
from procure.values.money import Yen, whole_or_exact
from procure.values.tax import ceiling_with_tax


@dataclass(frozen=True, slots=True)
class Part:
    """What one supplier delivers. `prices` are per unit, tax-exclusive; None where the winner gave no breakdown."""

    supplier: str
    items: frozenset[str]
    prices: Prices | None


@dataclass(frozen=True, slots=True)
class Agreed:
    """A lot that is to be contracted. `total` is tax-exclusive yen, `ceiling` (予定価格) is with tax.

    `negotiated` is the ground of a contract without a tender's award (施行令167条の2第1項8号, 9号), else None.
    `may_name_ceiling`: whether the 予定価格 is public once the result is.
    """

    lot_id: int
    lot: Lot
    parts: tuple[Part, ...]
    total: Yen
    ceiling: Yen | None
    negotiated: Ground | None
    may_name_ceiling: bool

    @property
    def supplier(self) -> str:
        return "、".join(part.supplier for part in self.parts)

    @property
    def prices(self) -> Prices | None:
        """By item, over all suppliers; None where one of them is unknown."""
        known = [part.prices for part in self.parts if part.prices is not None]
        if len(known) < len(self.parts):
            return None
        return {item: price for prices in known for item, price in prices.items()}

    @property
    def bodies(self) -> tuple[str, ...]:
        """The codes of those who buy, in their order."""
        return tuple(sorted(demand.municipality for demand in self.lot.demand if demand.quantities))

    def quantities_of(self, code: str) -> Mapping[str, int]:
        """What the body asked for, by item. Raises NotFound where it asks for nothing."""
        for demand in self.lot.demand:
            if demand.municipality == code and demand.quantities:
                return {
                    item.id: demand.quantities[item.id] for item in self.lot.items if demand.quantities.get(item.id)
                }
        raise NotFound

    def come_to(self, quantities: Mapping[str, int]) -> tuple[Yen | None, int | None]:
        """The amount of such a contract without tax, and with it: the tax is cut for each supplier. None: unknown."""
        found = [share for part in self.parts for share in self._shares(part, quantities)]
        amounts = [share.amount for share in found if share.amount is not None]
        taxed = [share.amount_with_tax for share in found if share.amount_with_tax is not None]
        if len(amounts) < len(found) or self.prices is None:
            return None, None
        return whole_or_exact(sum(amounts)), sum(taxed)

    def _shares(self, part: Part, quantities: Mapping[str, int]) -> Sequence[Share]:
        asked = {item: quantity for item, quantity in quantities.items() if quantity and item in part.items}
        return shares(replace(self.lot, demand=(Demand("", asked),)), part.prices)


def agreed_of(lot_id: int, ceiling: Yen | None, lot: Lot, result: LotResult) -> Agreed | None:
    """None where nobody supplies the lot. `ceiling` is the 予定価格 with tax, where it is on record."""
    ceiling = ceiling_with_tax(ceiling, lot.rules.ceiling, lot.rules.tax_rate)
    is_public = may_name_ceiling(lot, result)
    if result.negotiation is not None:
        ground, parts = Ground(result.negotiation.ground.value), _negotiated(result.negotiation)
        return Agreed(lot_id, lot, parts, result.negotiation.total, ceiling, ground, is_public)
    if result.award is None:
        return None
    winner = next(bidder.name for bidder in lot.bidders if bidder.id == result.award.bidder)
    part = Part(winner, frozenset(item.id for item in lot.items), _prices(result.items))
    return Agreed(lot_id, lot, (part,), result.award.total, ceiling, None, is_public)


def _negotiated(negotiation: NegotiationResult) -> tuple[Part, ...]:
    return tuple(
        Part(part.contractor, frozenset(item.id for item in part.items), _prices(part.items))
        for part in negotiation.contracts
    )


def _prices(items: Sequence[ItemResult]) -> Prices | None:
    bought = [item for item in items if item.quantity]
    known = {item.id: item.unit_price for item in bought if item.unit_price is not None}
    return known if len(known) == len(bought) else None
