"""What published rounds tell over the years: of an item, a supplier, a body. Newest first, tax-exclusive yen.

The same item is the one with the same codes of lot and item, unit and kind of contract, as for 前回契約単価. Real
rounds and samples are never mixed: samples are told of only where there is nothing else.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlmodel import Session, col, select

from procure.bids.after_tables import NegotiationRow
from procure.bids.tables import BidderRow
from procure.demand.tables import DemandRow
from procure.errors import NotFound
from procure.parties.tables import SupplierRow
from procure.reports.businesses import Business
from procure.reports.last_prices import item_key
from procure.reports.published_deals import Deal
from procure.reports.published_rounds import PublishedRound, published_value
from procure.reports.report import ItemRow as Item
from procure.reports.report import LotReport, ShareRow
from procure.reports.sums import less, total
from procure.rounds.queries import rounds_in
from procure.rounds.stages import Stage
from procure.rounds.tables import ItemRow, LotRow
from procure.settlement.round import ContractKind
from procure.values.fiscal_year import fiscal_year_name
from procure.values.money import Yen
from procure.values.rounding import percent


@dataclass(frozen=True, slots=True)
class Occasion:
    """The round in which something happened."""

    ref: str
    title: str
    fiscal_year: int
    bid_date: date
    is_sample: bool

    @property
    def path(self) -> str:
        return f"/published/{self.ref}"

    @property
    def year(self) -> str:
        return fiscal_year_name(self.fiscal_year)


@dataclass(frozen=True, slots=True)
class PriceLine:
    """What an item cost in a round, and whom it was bought of. `way` is how, of a 随意契約.

    `change` is 契約単価 less the one before it, `change_percent` with one decimal.
    """

    of: Occasion
    item: Item
    supplier: Business
    way: str = ""
    change: Yen | None = None
    change_percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ItemHistory:
    """`left_out` counts lines of another unit or kind of contract, whose prices cannot be compared."""

    name: str
    specification: str
    unit: str
    contract_kind: ContractKind
    lines: tuple[PriceLine, ...]
    left_out: int

    @property
    def largest(self) -> Yen:
        """What the longest bar stands for."""
        prices = (price for line in self.lines for price in (line.item.list_price, line.item.unit_price))
        return max((price for price in prices if price is not None), default=0)


@dataclass(frozen=True, slots=True)
class Supplied:
    """What a supplier was awarded and contracts for, or delivers by 随意契約."""

    of: Occasion
    deal: Deal


@dataclass(frozen=True, slots=True)
class SupplierHistory:
    business: Business
    deals: tuple[Supplied, ...]

    @property
    def total(self) -> Yen:
        return sum(one.deal.total for one in self.deals)

    @property
    def total_with_tax(self) -> int:
        return sum(one.deal.total_with_tax for one in self.deals)


@dataclass(frozen=True, slots=True)
class Bought:
    """What a body bought of a supplier in a lot."""

    of: Occasion
    deal: Deal
    share: ShareRow
    supplier: Business


@dataclass(frozen=True, slots=True)
class BodyHistory:
    code: str
    display_name: str
    purchases: tuple[Bought, ...]

    @property
    def lots(self) -> int:
        return len({(bought.of.ref, bought.deal.lot.id) for bought in self.purchases})

    @property
    def amount(self) -> Yen | None:
        return total(bought.share.amount for bought in self.purchases)

    @property
    def amount_with_tax(self) -> Yen | None:
        """With tax."""
        return total(bought.share.amount_with_tax for bought in self.purchases)

    @property
    def saved(self) -> Yen:
        """Over what has a list price to compare with."""
        return sum(bought.share.saved or 0 for bought in self.purchases)


def item_history(session: Session, lot: str, item: str) -> ItemHistory:
    """Raises NotFound where such an item was bought in no published round."""
    found = list(_lines(_of_one_kind(_values(session, _with_item(session, lot, item))), lot, item))
    if not found:
        raise NotFound
    newest, told = found[0]
    same = [line for line, of in found if item_key(of, line.item) == item_key(told, newest.item)]
    return ItemHistory(
        name=newest.item.name,
        specification=newest.item.specification,
        unit=newest.item.unit,
        contract_kind=told.contract_kind,
        lines=tuple(_compared(same)),
        left_out=len(found) - len(same),
    )


def supplier_history(session: Session, key: str) -> SupplierHistory:
    """Raises NotFound where nothing was bought of the supplier in any published round."""
    values = _values(session, {*_with_bidder(session, key), *_with_contractor(session)})
    found = list(_supplied(_of_one_kind([value for value in values if any(_supplied([value], key))]), key))
    if not found:
        raise NotFound
    return SupplierHistory(found[0][1], tuple(supplied for supplied, _ in found))


def body_history(session: Session, code: str) -> BodyHistory:
    """Raises NotFound where the body bought nothing in any published round."""
    values = _values(session, _with_body(session, code))
    bought = list(_purchases(_of_one_kind([value for value in values if any(_purchases([value], code))]), code))
    if not bought:
        raise NotFound
    return BodyHistory(code, bought[0].share.display_name, tuple(bought))


def _values(session: Session, ids: Iterable[int]) -> Sequence[PublishedRound]:
    wanted = frozenset(ids)
    return [published_value(session, row) for row in rounds_in(session, Stage.PUBLISHED) if row.id in wanted]


def _of_one_kind(values: Sequence[PublishedRound]) -> Sequence[PublishedRound]:
    return [value for value in values if not value.is_sample] or values


def _occasion(value: PublishedRound) -> Occasion:
    report = value.report
    return Occasion(report.id, report.title, report.fiscal_year, report.bid_date, value.is_sample)


# ---- an item -----------------------------------------------------------------------------------------


def _lines(values: Iterable[PublishedRound], lot: str, item: str) -> Iterator[tuple[PriceLine, LotReport]]:
    for value in values:
        for deal in value.standing:
            for row in deal.items:
                if (deal.lot.id, row.id) == (lot, item) and row.quantity:
                    yield PriceLine(_occasion(value), row, value.party_to(deal), deal.supplied.way), deal.lot


def _compared(lines: Sequence[PriceLine]) -> Iterator[PriceLine]:
    """Each with its difference to the next older line that has a price."""
    for place, line in enumerate(lines):
        older = (before.item.unit_price for before in lines[place + 1 :])
        last = next((price for price in older if price is not None), None)
        change = less(line.item.unit_price, last)
        rate = None if change is None or not last else percent(change, last, 1)
        yield replace(line, change=change, change_percent=rate)


def _with_item(session: Session, lot: str, item: str) -> Iterator[int]:
    joined = select(LotRow.round_id).join(ItemRow, col(ItemRow.lot_id) == col(LotRow.id))
    return iter(session.exec(joined.where(col(LotRow.ref) == lot, col(ItemRow.ref) == item)))


# ---- a supplier --------------------------------------------------------------------------------------


def _supplied(values: Iterable[PublishedRound], key: str) -> Iterator[tuple[Supplied, Business]]:
    for value in values:
        for deal in value.standing:
            business = value.party_to(deal)
            if business.key == key:
                yield Supplied(_occasion(value), deal), business


def _with_contractor(session: Session) -> Iterator[int]:
    """The rounds with a 随意契約: few enough to look at every one."""
    joined = select(LotRow.round_id).join(NegotiationRow, col(NegotiationRow.lot_id) == col(LotRow.id))
    return iter(session.exec(joined))


def _with_bidder(session: Session, key: str) -> Iterator[int]:
    joined = (
        select(LotRow.round_id, BidderRow.name, SupplierRow.corporate_number)
        .join(BidderRow, col(BidderRow.lot_id) == col(LotRow.id))
        .join(SupplierRow, col(SupplierRow.id) == col(BidderRow.supplier_id), isouter=True)
    )
    return (id for id, name, number in session.exec(joined) if Business(name, number).key == key)


# ---- a body ------------------------------------------------------------------------------------------


def _purchases(values: Iterable[PublishedRound], code: str) -> Iterator[Bought]:
    for value in values:
        for deal in value.standing:
            for share in deal.bought:
                if share.code == code:
                    yield Bought(_occasion(value), deal, share, value.party_to(deal))


def _with_body(session: Session, code: str) -> Iterator[int]:
    joined = (
        select(LotRow.round_id)
        .join(ItemRow, col(ItemRow.lot_id) == col(LotRow.id))
        .join(DemandRow, col(DemandRow.item_id) == col(ItemRow.id))
    )
    return iter(session.exec(joined.where(col(DemandRow.body_code) == code).distinct()))
