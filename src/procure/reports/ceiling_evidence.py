"""What a ceiling may be set from: the discounts that the council itself got for the same items before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

from sqlmodel import Session

from procure.bids.queries import load_round
from procure.reports.last_prices import earlier_rounds, item_key
from procure.reports.queries import settled_round
from procure.rounds.tables import RoundRow
from procure.settlement.bids import total_quantities
from procure.settlement.round import Item, Lot
from procure.templates import yen
from procure.values.era import wareki_short
from procure.values.money import Yen, whole_or_exact
from procure.values.rounding import percent


@dataclass(frozen=True, slots=True)
class Earlier:
    """An item as it was awarded before: prices per unit in tax-exclusive yen."""

    round: str
    bid_date: date
    item: str
    name: str
    quantity: int
    list_price: Yen
    unit_price: Yen

    @property
    def discount_percent(self) -> Decimal:
        return percent(self.list_price - self.unit_price, self.list_price, 1)

    def __str__(self) -> str:
        return (
            f"{self.name}：{self.round}（{wareki_short(self.bid_date)}入札）定価の{self.discount_percent}％引き"
            f"（{self.quantity:,}、落札単価{yen(self.unit_price)}円）"
        )


@dataclass(frozen=True, slots=True)
class Proposal:
    """Σ list price × quantity × (1 − the earlier discount) of each item, cut to whole yen; all tax-exclusive.

    `discount_percent` is that of the whole lot. `without` are the items that nothing is known of, for which there is
    then no proposal (`without_tax` is None).
    """

    evidence: tuple[Earlier, ...]
    without: tuple[str, ...]
    list_total: Yen | None
    without_tax: int | None
    discount_percent: Decimal | None


def proposal(session: Session, row: RoundRow, lot_ref: str) -> Proposal:
    """For a lot of a round, from every confirmed round before it."""
    lot = next(lot for lot in load_round(session, row).lots if lot.id == lot_ref)
    return proposed(lot, earlier_awards(session, row, lot))


def earlier_awards(session: Session, row: RoundRow, lot: Lot) -> tuple[Earlier, ...]:
    """The same items (codes of lot and item, unit, kind of contract) in earlier awards, the latest first."""
    wanted = {(lot.id, item.id, item.unit, lot.contract_kind) for item in lot.items}
    return tuple(
        Earlier(report.id, report.bid_date, item.id, item.name, item.quantity, item.list_price, item.unit_price)
        for earlier in earlier_rounds(session, row.bid_date, {lot.id})
        for report in (settled_round(session, earlier).report,)
        for one in report.awarded
        for item in one.items
        if item_key(one, item) in wanted and item.quantity
        if item.list_price is not None and item.unit_price is not None
    )


def proposed(lot: Lot, evidence: Sequence[Earlier]) -> Proposal:
    """The earlier discounts of an item are weighted by list amount: added up, and divided once."""
    quantities = {item: quantity for item, quantity in total_quantities(lot).items() if quantity}
    asked = [item for item in lot.items if item.id in quantities]
    listed = [item.list_price * quantities[item.id] for item in asked if item.list_price is not None]
    list_total = whole_or_exact(sum(listed)) if asked and len(listed) == len(asked) else None
    parts = [_expected(item, quantities[item.id], evidence) for item in asked]
    known = [part for part in parts if part is not None]
    amount = floor(sum(known)) if known and len(known) == len(parts) else None
    discount = None if amount is None or not list_total else percent(list_total - amount, list_total, 1)
    return Proposal(
        evidence=tuple(evidence),
        without=tuple(item.name for item, part in zip(asked, parts, strict=True) if part is None),
        list_total=list_total,
        without_tax=amount,
        discount_percent=discount,
    )


def _expected(item: Item, quantity: int, evidence: Iterable[Earlier]) -> Fraction | None:
    """None for an open price, and where the item was never awarded before."""
    same = [one for one in evidence if one.item == item.id]
    if item.list_price is None or not same:
        return None
    paid = sum(Fraction(one.unit_price) * one.quantity for one in same)
    listed = sum(Fraction(one.list_price) * one.quantity for one in same)
    return Fraction(item.list_price) * quantity * paid / listed
