"""随意契約 after a tender as it is shown: who delivers what for how much, and on which ground."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procure.settlement.labels import NEGOTIATION_GROUND
from procure.settlement.result import LotResult, NegotiatedPart, Savings
from procure.settlement.round import Lot, NegotiationGround
from procure.values.money import Yen


@dataclass(frozen=True, slots=True)
class NegotiatedItem:
    """An item of a contract: price per unit and amount in tax-exclusive yen."""

    name: str
    unit: str
    quantity: int
    unit_price: Yen | None
    amount: Yen | None


@dataclass(frozen=True, slots=True)
class NegotiatedContractor:
    """One contractor with its items; `total` is tax-exclusive."""

    name: str
    total: Yen
    total_with_tax: int
    items: tuple[NegotiatedItem, ...]


@dataclass(frozen=True, slots=True)
class NegotiationReport:
    """A negotiated contract that a second person has approved. It is never called 落札.

    `law` is its ground in the act; the ratio to the ceiling (two decimals) is None where it may not be told.
    """

    ground: NegotiationGround
    law: str
    agreed_on: date
    reason: str
    total: Yen
    total_with_tax: int
    ceiling_ratio_percent: Decimal | None
    savings: Savings | None
    contracts: tuple[NegotiatedContractor, ...]

    @property
    def contractors(self) -> str:
        return "、".join(contract.name for contract in self.contracts)


def negotiation_report(lot: Lot, result: LotResult) -> NegotiationReport | None:
    """None where nothing was negotiated."""
    agreed, settled = lot.negotiation, result.negotiation
    if agreed is None or settled is None:
        return None
    names = {bidder.id: bidder.name for bidder in lot.bidders}
    return NegotiationReport(
        ground=agreed.ground,
        law=NEGOTIATION_GROUND[agreed.ground],
        agreed_on=agreed.agreed_on,
        reason=agreed.reason,
        total=settled.total,
        total_with_tax=settled.total_with_tax,
        ceiling_ratio_percent=settled.ceiling_ratio_percent,
        savings=settled.savings,
        contracts=tuple(_contractor(lot, part, names) for part in settled.contracts),
    )


def _contractor(lot: Lot, part: NegotiatedPart, names: Mapping[str, str]) -> NegotiatedContractor:
    """A contractor that bid is named by its id in the round file."""
    items = {item.id: item for item in lot.items}
    return NegotiatedContractor(
        name=names.get(part.contractor, part.contractor),
        total=part.total,
        total_with_tax=part.total_with_tax,
        items=tuple(
            NegotiatedItem(items[one.id].name, items[one.id].unit, one.quantity, one.unit_price, one.amount)
            for one in part.items
            if one.quantity
        ),
    )
