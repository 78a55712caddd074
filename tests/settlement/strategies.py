"""Whole valid rounds for Hypothesis: ties, rebids, voids, open prices, decimals, minimum prices, lotteries."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

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

PriceList = Mapping[str, Yen]
ENTRIES = st.sampled_from([Entry.BID] * 6 + [Entry.DECLINED, Entry.ABSENT])


def amounts(decimals: int, highest: int = 12) -> st.SearchStrategy[Yen]:
    """Small amounts above zero, so that bids tie often."""
    return st.integers(1, highest * 10**decimals).map(lambda n: whole_or_exact(Fraction(n, 10**decimals)))


def seldom(value: object, otherwise: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.integers(0, 7).flatmap(lambda n: st.just(value) if n == 7 else otherwise)


@st.composite
def rules(draw: st.DrawFn, kind: ContractKind) -> Rules:
    return Rules(
        tax_rate=draw(st.sampled_from([Fraction(0), Fraction(8, 100), Fraction(1, 10), Fraction(105, 1000)])),
        minimum=draw(st.none() | st.integers(0, 60)) if kind is ContractKind.WORKS else None,
        ceiling_disclosure=draw(st.sampled_from(CeilingDisclosure)),
        max_attempts=draw(st.sampled_from([3, 2, 1])),
        rebid_must_be_lower=draw(st.booleans()),
        price_decimals=draw(st.integers(0, 2)),
        draw=draw(st.sampled_from(DrawMethod)),
    )


@st.composite
def demands(draw: st.DrawFn, items: Sequence[Item]) -> tuple[Demand, ...]:
    wanted = st.dictionaries(st.sampled_from([item.id for item in items]), st.integers(1, 9), min_size=1)
    codes = draw(st.lists(st.sampled_from(MUNICIPALITIES), unique=True, min_size=1, max_size=6))
    return tuple(Demand(code, draw(seldom({}, wanted))) for code in codes)


@st.composite
def bids(draw: st.DrawFn, bidder: str, offers: Sequence[PriceList], wanted: Mapping[str, int]) -> Bid:
    """A bid at one of a few price lists, so that bids tie often."""
    prices = draw(st.sampled_from(offers))
    total = breakdown_total(prices, wanted)
    shape = draw(st.sampled_from(["prices", "total", "both"]))
    return Bid(
        bidder,
        draw(ENTRIES),
        unit_prices=None if shape == "total" else prices,
        total=None if shape == "prices" else total,
        received_at=draw(seldom(None, st.integers(0, 5).map(lambda s: OPENING - timedelta(seconds=s)))),
        draw_number=draw(seldom(None, st.integers(0, 999))),
        void=draw(seldom("記名押印なし", st.none())),
    )


@st.composite
def opened(draw: st.DrawFn, lot: Lot) -> Lot:
    """The lot with a ceiling among its offers and as many attempts as its rules and its bids allow."""
    wanted = total_quantities(lot)
    price_lists = st.fixed_dictionaries({item.id: amounts(lot.rules.price_decimals) for item in lot.items})
    offers = draw(st.lists(price_lists, min_size=1, max_size=5))
    totals = sorted(breakdown_total(offer, wanted) for offer in offers)
    ceilings = st.sampled_from([whole_or_exact(Fraction(totals[0]) / 2), *totals])
    lot = replace(lot, rules=replace(lot.rules, ceiling=draw(seldom(None, ceilings))))
    who = st.permutations([bidder.id for bidder in lot.bidders]) | st.lists(
        st.sampled_from([bidder.id for bidder in lot.bidders]), unique=True, min_size=1
    )
    while decide_attempts(lot).outcome in (Outcome.PENDING, Outcome.REBID) and draw(seldom(False, st.just(True))):
        entered = tuple(draw(bids(bidder, offers, wanted)) for bidder in draw(seldom([], who)))
        lot = replace(lot, attempts=(*lot.attempts, Attempt(len(lot.attempts) + 1, OPENING, entered)))
    decision = decide_attempts(lot)
    if decision.tied and lot.rules.draw is DrawMethod.PAPER and draw(st.booleans()):
        lot = replace(lot, draw=PaperDraw(draw(st.sampled_from(decision.tied)), "本人"))
    return lot


@st.composite
def lots(draw: st.DrawFn, id: str = "lot", *, open_prices: bool = True) -> Lot:
    kind = draw(st.sampled_from(ContractKind))
    list_price = amounts(1, 20) | st.none() if open_prices else amounts(1, 20)
    items = tuple(an_item(f"item-{n}", draw(list_price)) for n in range(draw(st.integers(1, 4))))
    bidders = some_bidders(*"abcde"[: draw(st.integers(1, 5))])
    lot = a_lot(id=id, contract_kind=kind, rules=draw(rules(kind)), items=items, bidders=bidders)
    lot = replace(lot, demand=draw(demands(items)))
    if any(total_quantities(lot).values()):
        lot = draw(opened(lot))
    return replace(lot, cancelled=draw(seldom("仕様の誤り", st.none())))


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
