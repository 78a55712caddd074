"""前回契約単価: what an item cost in the latest earlier round in which the same item was bought.

It is a comparison of its time: what was on record when the decision was confirmed, and for the public what was
published when the round was. What is brought in later changes no report that was printed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, col, select

from procure.reports.queries import settled_round
from procure.reports.report import ItemRow, LotReport, RoundReport
from procure.rounds.stages import Stage
from procure.rounds.tables import LotRow, RoundRow
from procure.settlement.round import ContractKind
from procure.values.era import wareki_short
from procure.values.money import Yen

ItemKey = tuple[str, str, str, ContractKind]


@dataclass(frozen=True, slots=True)
class LastPrice:
    """Per unit, tax-exclusive, and the round it was agreed in."""

    price: Yen
    round: str
    bid_date: date

    @property
    def origin(self) -> str:
        return f"{self.round}（{wareki_short(self.bid_date)}入札）"


def item_key(lot: LotReport, item: ItemRow) -> ItemKey:
    """The same item of another round: the codes of lot and item, the unit and the kind of contract agree."""
    return lot.id, item.id, item.unit, lot.contract_kind


def agreed_prices(report: RoundReport) -> dict[ItemKey, LastPrice]:
    """The unit prices that were contracted, by award or by 随意契約, for the rounds after this one."""
    return {
        item_key(lot, item): LastPrice(item.unit_price, report.id, report.bid_date)
        for lot in report.lots
        for supplied in lot.suppliers
        for item in supplied.items
        if item.unit_price is not None and item.quantity
    }


def with_last_prices(report: RoundReport, prices: Mapping[ItemKey, LastPrice]) -> RoundReport:
    """The report with 前回契約単価 in every row of an item that has one."""
    return replace(report, lots=tuple(_lot(lot, lot, prices) for lot in report.lots))


def report_with_last_prices(session: Session, row: RoundRow, *, for_public: bool = False) -> RoundReport:
    """The round as it is shown, with the last prices of the rounds before it."""
    report = settled_round(session, row, for_public=for_public).report
    return with_last_prices(report, last_prices(session, row, report, for_public=for_public))


def last_prices(
    session: Session, row: RoundRow, report: RoundReport, *, for_public: bool = False
) -> dict[ItemKey, LastPrice]:
    """What the items that were bought cost last time, from the rounds with an earlier 入札日.

    The rounds that were confirmed no later than this one; the public is told those published no later, and no other.
    """
    bought = (lot for lot in report.lots if lot.suppliers)
    wanted = {item_key(lot, item) for lot in bought for item in lot.items}
    found: dict[ItemKey, LastPrice] = {}
    for earlier in earlier_rounds(session, report.bid_date, {key[0] for key in wanted}):
        if not was_known(_known_at(earlier, for_public), _known_at(row, for_public)):
            continue
        if wanted <= found.keys():
            break
        agreed = agreed_prices(settled_round(session, earlier).report)
        found = {key: price for key, price in agreed.items() if key in wanted} | found
    return found


def was_known(earlier: datetime | None, at: datetime | None) -> bool:
    """Whether the prices of a round known since `earlier` are last prices of one known since `at`, None for not yet."""
    return earlier is not None and (at is None or earlier <= at)


def _known_at(row: RoundRow, for_public: bool) -> datetime | None:
    if not for_public:
        return row.confirmed_at
    return row.published_at if row.stage is Stage.PUBLISHED else None


def earlier_rounds(session: Session, before: date, lots: Iterable[str]) -> Iterable[RoundRow]:
    """Confirmed rounds with a lot of such a code, the latest first."""
    with_lot = select(LotRow.round_id).where(col(LotRow.ref).in_(sorted(lots)))
    earlier = select(RoundRow).where(
        col(RoundRow.confirmed_at).is_not(None), col(RoundRow.bid_date) < before, col(RoundRow.id).in_(with_lot)
    )
    return session.exec(earlier.order_by(col(RoundRow.bid_date).desc(), col(RoundRow.ref).desc())).all()


def _lot(lot: LotReport, of: LotReport, prices: Mapping[ItemKey, LastPrice]) -> LotReport:
    """`of` is the lot that a contract is of, else the lot itself."""

    def priced(items: tuple[ItemRow, ...]) -> tuple[ItemRow, ...]:
        return tuple(_item(item, prices.get(item_key(of, item))) for item in items)

    shares = tuple(replace(share, items=priced(share.items)) for share in lot.municipalities)
    contracts = tuple(_lot(contract, of, prices) for contract in lot.contracts)
    return replace(lot, items=priced(lot.items), municipalities=shares, contracts=contracts)


def _item(item: ItemRow, last: LastPrice | None) -> ItemRow:
    return item if last is None else replace(item, last_price=last.price, last_price_of=last.origin)
