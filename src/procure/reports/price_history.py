"""What published rounds tell over the years: of an item, a supplier, a body. Newest first, tax-exclusive yen.

The same item is the one with the same codes of lot and item, unit and kind of contract, as for 前回契約単価. Real
rounds and samples are never mixed: samples are told of only where there is nothing else.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session, col, select

from procure.bids.tables import BidderRow
from procure.demand.tables import DemandRow
from procure.errors import NotFound
from procure.parties.tables import SupplierRow
from procure.reports.businesses import Business
from procure.reports.last_prices import item_key
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
    """What an item cost in a round. `change` is 契約単価 less the one before it, `change_percent` with one decimal."""

    of: Occasion
    item: Item
    winner: Business | None
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
class Won:
    """A lot that a supplier was awarded."""

    of: Occasion
    lot: LotReport


@dataclass(frozen=True, slots=True)
class SupplierHistory:
    business: Business
    awards: tuple[Won, ...]

    @property
    def award_total(self) -> Yen:
        return sum(won.lot.award_total or 0 for won in self.awards)

    @property
    def award_with_tax(self) -> Yen:
        return sum(won.lot.award_with_tax or 0 for won in self.awards)


@dataclass(frozen=True, slots=True)
class Bought:
    """What a body bought in a lot."""

    of: Occasion
    lot: LotReport
    share: ShareRow
    winner: Business | None


@dataclass(frozen=True, slots=True)
class BodyHistory:
    code: str
    display_name: str
    purchases: tuple[Bought, ...]

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
    """Raises NotFound where no published round awarded such an item."""
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
    """Raises NotFound where no published round was awarded to the supplier."""
    values = _values(session, _with_supplier(session, key))
    won = list(_won(_of_one_kind([value for value in values if any(_is_won(value, key))]), key))
    if not won:
        raise NotFound
    return SupplierHistory(won[0][1], tuple(award for award, _ in won))


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
        for told in value.report.awarded:
            for row in told.items:
                if (told.id, row.id) == (lot, item) and row.quantity:
                    yield PriceLine(_occasion(value), row, value.winner_of(lot)), told


def _compared(lines: Sequence[PriceLine]) -> Iterator[PriceLine]:
    """Each with its difference to the next older line that has a price."""
    for place, line in enumerate(lines):
        older = (before.item.unit_price for before in lines[place + 1 :])
        last = next((price for price in older if price is not None), None)
        change = less(line.item.unit_price, last)
        rate = None if change is None or not last else percent(change, last, 1)
        yield PriceLine(line.of, line.item, line.winner, change, rate)


def _with_item(session: Session, lot: str, item: str) -> Iterator[int]:
    joined = select(LotRow.round_id).join(ItemRow, col(ItemRow.lot_id) == col(LotRow.id))
    return iter(session.exec(joined.where(col(LotRow.ref) == lot, col(ItemRow.ref) == item)))


# ---- a supplier --------------------------------------------------------------------------------------


def _is_won(value: PublishedRound, key: str) -> Iterator[bool]:
    return (business.key == key for lot in value.report.awarded if (business := value.winner_of(lot.id)))


def _won(values: Iterable[PublishedRound], key: str) -> Iterator[tuple[Won, Business]]:
    for value in values:
        for lot in value.report.awarded:
            business = value.winner_of(lot.id)
            if business is not None and business.key == key:
                yield Won(_occasion(value), lot), business


def _with_supplier(session: Session, key: str) -> Iterator[int]:
    joined = (
        select(LotRow.round_id, BidderRow.name, SupplierRow.corporate_number)
        .join(BidderRow, col(BidderRow.lot_id) == col(LotRow.id))
        .join(SupplierRow, col(SupplierRow.id) == col(BidderRow.supplier_id), isouter=True)
    )
    return (id for id, name, number in session.exec(joined) if Business(name, number).key == key)


# ---- a body ------------------------------------------------------------------------------------------


def _purchases(values: Iterable[PublishedRound], code: str) -> Iterator[Bought]:
    for value in values:
        for lot in value.report.awarded:
            for share in lot.municipalities:
                if share.code == code and any(item.quantity for item in share.items):
                    yield Bought(_occasion(value), lot, share, value.winner_of(lot.id))


def _with_body(session: Session, code: str) -> Iterator[int]:
    joined = (
        select(LotRow.round_id)
        .join(ItemRow, col(ItemRow.lot_id) == col(LotRow.id))
        .join(DemandRow, col(DemandRow.item_id) == col(ItemRow.id))
    )
    return iter(session.exec(joined.where(col(DemandRow.body_code) == code).distinct()))
