"""What every bidder of an attempt asks for every item, side by side, and which prices are lowest. Tax-exclusive yen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from procure.reports.bids import attempt_report
from procure.reports.report import BidRow
from procure.reports.sums import places, total
from procure.settlement.award import contract_prices
from procure.settlement.bids import total_quantities
from procure.settlement.result import ItemResult, JudgedAttempt, LotResult
from procure.settlement.round import Bid, Item, Lot
from procure.values.money import Yen, whole_or_exact
from procure.values.rounding import percent

WITHOUT_BREAKDOWN = "内訳書なし"

Prices = Mapping[str, Yen]


@dataclass(frozen=True, slots=True)
class Price:
    """One bidder's price of one item; the ratio to 定価 has one decimal. None is what cannot be known.

    Only prices of valid bids can be lowest; where several are equal, all of them are.
    """

    unit_price: Yen | None
    amount: Yen | None
    list_ratio_percent: Decimal | None
    is_lowest: bool


@dataclass(frozen=True, slots=True)
class MatrixItem:
    """An item that is bid for; `prices` stand in the order of the bids, `lowest` is the lowest unit price."""

    id: str
    name: str
    specification: str
    unit: str
    quantity: int
    list_price: Yen | None
    list_amount: Yen | None
    lowest: Yen | None
    prices: tuple[Price, ...]


@dataclass(frozen=True, slots=True)
class MatrixBid:
    """A column: the bid as the report ranks it. `gap` says in a word why it has no unit prices, None where it has.

    The ratio to 入札書比較価格 has two decimals, as 落札率 has; only a valid bid has one.
    """

    bid: BidRow
    gap: str | None
    ceiling_ratio_percent: Decimal | None

    @property
    def is_lowest(self) -> bool:
        return self.bid.rank == 1


@dataclass(frozen=True, slots=True)
class Matrix:
    """An attempt of a lot. Valid bids stand first, by rank; `list_total` is None where an item has no list price."""

    title: str
    number: int
    label: str
    opened_at: datetime
    bids: tuple[MatrixBid, ...]
    items: tuple[MatrixItem, ...]
    list_total: Yen | None
    ceiling: Yen | None

    @property
    def valid(self) -> int:
        """How many bids are valid: so many of the first columns."""
        return sum(column.bid.rank is not None for column in self.bids)

    @property
    def places(self) -> int:
        """The decimals that every price and amount is written with, so that columns line up."""
        prices = (price for item in self.items for price in item.prices)
        own = (amount for price in prices for amount in (price.unit_price, price.amount))
        listed = (amount for item in self.items for amount in (item.list_price, item.list_amount))
        return places((*own, *listed, *(column.bid.amount for column in self.bids), self.ceiling))


def matrices(lot: Lot, result: LotResult) -> tuple[Matrix, ...]:
    """One for each attempt that was opened; none before the opening."""
    return tuple(_matrix(lot, result, judged) for judged in result.attempts)


def _matrix(lot: Lot, result: LotResult, judged: JudgedAttempt) -> Matrix:
    asked = [item for item in result.items if item.quantity]
    list_total = total(item.list_amount for item in asked)
    report = attempt_report(lot, judged, list_total)
    recorded = next(attempt for attempt in lot.attempts if attempt.number == judged.number)
    offered = _offered(lot, {bid.bidder: bid for bid in recorded.bids}, report.bids)
    described = {item.id: item for item in lot.items}
    return Matrix(
        title=lot.title,
        number=judged.number,
        label=report.label,
        opened_at=report.opened_at,
        bids=tuple(_column(row, prices, lot.rules.ceiling) for row, prices in zip(report.bids, offered, strict=True)),
        items=tuple(_item(described[item.id], item, report.bids, offered) for item in asked),
        list_total=list_total,
        ceiling=lot.rules.ceiling,
    )


def _offered(lot: Lot, recorded: Mapping[str, Bid], rows: Sequence[BidRow]) -> tuple[Prices | None, ...]:
    """The unit prices of each row, by the rule that also gives the contract prices."""
    quantities = total_quantities(lot)
    return tuple(
        None if row.amount is None else contract_prices(lot, recorded[row.bidder], row.amount, quantities)
        for row in rows
    )


def _column(row: BidRow, prices: Prices | None, ceiling: Yen | None) -> MatrixBid:
    compared = None if row.rank is None else row.amount
    return MatrixBid(
        bid=row,
        gap=None if prices is not None else row.status_label if row.amount is None else WITHOUT_BREAKDOWN,
        ceiling_ratio_percent=None if compared is None or ceiling is None else percent(compared, ceiling, 2),
    )


def _item(item: Item, asked: ItemResult, rows: Sequence[BidRow], offered: Sequence[Prices | None]) -> MatrixItem:
    prices = [None if own is None else own.get(item.id) for own in offered]
    valid = [price for row, price in zip(rows, prices, strict=True) if row.rank is not None and price is not None]
    lowest = min(valid, default=None)
    return MatrixItem(
        id=item.id,
        name=item.name,
        specification=item.specification,
        unit=item.unit,
        quantity=asked.quantity,
        list_price=item.list_price,
        list_amount=asked.list_amount,
        lowest=lowest,
        prices=tuple(
            _price(price, asked, is_lowest=row.rank is not None and price is not None and price == lowest)
            for row, price in zip(rows, prices, strict=True)
        ),
    )


def _price(price: Yen | None, asked: ItemResult, *, is_lowest: bool) -> Price:
    if price is None:
        return Price(None, None, None, is_lowest=False)
    ratio = None if asked.list_price is None else percent(price, asked.list_price, 1)
    return Price(price, whole_or_exact(price * asked.quantity), ratio, is_lowest)
