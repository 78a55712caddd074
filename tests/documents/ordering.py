"""Order forms of rounds that a test builds."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from procure.documents.order_sheet import orders_xlsx
from procure.documents.orders import order_sheets
from procure.documents.sheet import pdf
from procure.reports.businesses import Business
from procure.reports.lot_record import LotRecord
from procure.reports.orders import Order, orders_of
from procure.settlement.round import Demand, Lot, NegotiatedContract, Negotiation, NegotiationGround, Round, Rules
from procure.values.money import Yen
from tests.builders import NARA, a_bid, a_demand, a_lot, a_round, an_item, priced
from tests.documents.papers import LETTERHEAD, MADE_AT
from tests.reports.reported import report_of

WINNER = Business("A商会", "1234567890123", "奈良市登大路町30番地", "代表取締役　見本　太郎")
WON = a_lot((a_bid("a", 500_000), a_bid("b", 600_000)), demand=(a_demand(NARA, pc=4), a_demand("292028", pc=6)))
FAILED = a_lot(
    (a_bid("a", 990_000),),
    (a_bid("a", 980_000),),
    items=(an_item(), an_item("lcd", name="液晶モニター")),
    demand=(a_demand(NARA, pc=4, lcd=2), a_demand("292028", lcd=6)),
    rules=Rules(ceiling=900_000, max_attempts=2),
)


def many(count: int, price: Yen = 12_345, unit_price_places: int = 0, **changes: Any) -> Lot:
    """A lot of so many items, of which Nara takes one of the first, two of the second and so on."""
    ids = [f"i{number}" for number in range(1, count + 1)]
    return a_lot(
        (priced("a", None, **dict.fromkeys(ids, price)),),
        items=tuple(an_item(id, 20_000, name=f"品目{id}", **changes) for id in ids),
        demand=(Demand(NARA, {id: number for number, id in enumerate(ids, start=1)}, {"i2": 1} if count > 1 else {}),),
        rules=Rules(ceiling=10**9, price_decimals=unit_price_places),
    )


def negotiated(lot: Lot, ground: NegotiationGround, *contracts: tuple[str, Mapping[str, Yen]]) -> Lot:
    made = tuple(NegotiatedContract(name, prices) for name, prices in contracts)
    return replace(lot, negotiation=Negotiation(ground, date(2021, 7, 1), "競争に付したため", made))


def orders(round_: Round | Lot, code: str = NARA, **known: Any) -> tuple[Order, ...]:
    """With this on record around each lot."""
    whole = round_ if isinstance(round_, Round) else a_round(round_)
    record = LotRecord(**{"businesses": {"a": WINNER}, **known})
    return orders_of(report_of(whole), whole.lots, {lot.id: record for lot in whole.lots}, code)


def form(lot: Lot, **known: Any) -> bytes:
    return pdf(*order_sheets(report_of(a_round(lot)), orders(lot, **known), LETTERHEAD, MADE_AT))


def workbook(lot: Lot, **known: Any) -> bytes:
    return orders_xlsx(report_of(a_round(lot)), orders(lot, **known), LETTERHEAD, MADE_AT)
