"""Whole valid rounds for Hypothesis: ties, rebids, voids, open prices, decimals, minimum prices, lotteries."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from hypothesis import strategies as st

from procure.settlement.award import decide_attempts
from procure.settlement.bids import breakdown_total, total_quantities
from procure.settlement.result import Outcome
from procure.settlement.round import (
    Attempt,
    Bid,
    CeilingDisclosure,
    ContractKind,
    Demand,
    DrawMethod,
    Entry,
    Item,
    Lot,
    PaperDraw,
    Round,
    Rules,
)
from procure.values.money import Yen, whole_or_exact
from tests.builders import MUNICIPALITIES, OPENING, a_lot, a_round, an_item, some_bidders

ENTRIES = st.sampled_from([Entry.BID] * 6 + [Entry.DECLINED, Entry.ABSENT])


def amounts(decimals: int, highest: int = 12) -> st.SearchStrategy[Yen]:
    """Small amounts above zero, so that bids tie often."""
    return st.integers(1, highest * 10**decimals).map(lambda n: whole_or_exact(Fraction(n, 10**decimals)))


@st.composite
def rules(draw: st.DrawFn, kind: ContractKind) -> Rules:
    ceiling = draw(st.none() | st.integers(1, 400))
    has_minimum = kind is ContractKind.WORKS and draw(st.booleans())
    return Rules(
        tax_rate=draw(st.sampled_from([Fraction(0), Fraction(8, 100), Fraction(1, 10), Fraction(105, 1000)])),
        ceiling=ceiling,
        minimum=draw(st.integers(0, 60)) if has_minimum else None,
        ceiling_disclosure=draw(st.sampled_from(CeilingDisclosure)),
        max_attempts=draw(st.integers(1, 3)),
        rebid_must_be_lower=draw(st.booleans()),
        price_decimals=draw(st.integers(0, 2)),
        draw=draw(st.sampled_from(DrawMethod)),
    )


def quantities(items: Sequence[Item]) -> st.SearchStrategy[dict[str, int]]:
    return st.dictionaries(st.sampled_from([item.id for item in items]), st.integers(1, 9))


@st.composite
def demands(draw: st.DrawFn, items: Sequence[Item]) -> tuple[Demand, ...]:
    codes = draw(st.lists(st.sampled_from(MUNICIPALITIES), unique=True, min_size=1, max_size=6))
    return tuple(Demand(code, draw(quantities(items))) for code in codes)


@st.composite
def bids(draw: st.DrawFn, bidder: str, lot: Lot, wanted: Mapping[str, int]) -> Bid:
    decimals = lot.rules.price_decimals
    prices = {item.id: draw(amounts(decimals)) for item in lot.items}
    total = breakdown_total(prices, wanted)
    shape = draw(st.sampled_from(["prices", "total", "both"]))
    return Bid(
        bidder,
        draw(ENTRIES),
        unit_prices=None if shape == "total" else prices,
        total=None if shape == "prices" else total,
        received_at=draw(st.none() | st.integers(0, 5).map(lambda s: OPENING - timedelta(seconds=s))),
        draw_number=draw(st.none() | st.integers(0, 999)),
        void=draw(st.sampled_from([None] * 6 + ["記名押印なし"])),
    )


@st.composite
def attempts(draw: st.DrawFn, lot: Lot) -> Lot:
    """The lot with as many attempts as its rules and its bids allow."""
    wanted = total_quantities(lot)
    while decide_attempts(lot).outcome in (Outcome.PENDING, Outcome.REBID) and draw(st.integers(0, 9)):
        who = draw(st.lists(st.sampled_from([bidder.id for bidder in lot.bidders]), unique=True))
        entered = tuple(draw(bids(bidder, lot, wanted)) for bidder in who)
        number = len(lot.attempts) + 1
        lot = replace(lot, attempts=(*lot.attempts, Attempt(number, OPENING, entered)))
    decision = decide_attempts(lot)
    if decision.tied and lot.rules.draw is DrawMethod.PAPER and draw(st.booleans()):
        lot = replace(lot, draw=PaperDraw(draw(st.sampled_from(decision.tied)), "本人"))
    return lot


@st.composite
def lots(draw: st.DrawFn, id: str = "lot", *, open_prices: bool = True) -> Lot:
    kind = draw(st.sampled_from(ContractKind))
    list_price = amounts(1, 20) | st.none() if open_prices else amounts(1, 20)
    items = tuple(an_item(f"item-{n}", draw(list_price)) for n in range(draw(st.integers(1, 4))))
    bidders = some_bidders(*("a", "b", "c", "d", "e")[: draw(st.integers(1, 5))])
    lot = a_lot(id=id, contract_kind=kind, rules=draw(rules(kind)), items=items, bidders=bidders)
    lot = replace(lot, demand=draw(demands(items)))
    if any(total_quantities(lot).values()):
        lot = draw(attempts(lot))
    return replace(lot, cancelled=draw(st.sampled_from([None] * 9 + ["仕様の誤り"])))


@st.composite
def rounds(draw: st.DrawFn) -> Round:
    return a_round(*(draw(lots(f"lot-{n}")) for n in range(draw(st.integers(1, 3)))))


@st.composite
def awarded_lots(draw: st.DrawFn, *, open_prices: bool = True) -> Lot:
    """Lots that are awarded, by an only attempt of bids with unit prices below any limit."""
    lot = draw(lots(open_prices=open_prices))
    free = Rules(tax_rate=lot.rules.tax_rate, price_decimals=lot.rules.price_decimals)
    demand = (*lot.demand, Demand("294268", {item.id: 1 for item in lot.items}))
    prices = {item.id: draw(amounts(free.price_decimals)) for item in lot.items}
    winner = Attempt(1, OPENING, (Bid(lot.bidders[0].id, Entry.BID, unit_prices=prices),))
    return replace(lot, rules=free, demand=demand, attempts=(winner,), draw=None, cancelled=None)
