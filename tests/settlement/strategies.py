"""Whole valid rounds for Hypothesis: ties, rebids, voids, open prices, decimals, minimum prices, lotteries.

`recorded_lots` and `recorded_rounds` also hold what only some files have: reviews, corrections, negotiated contracts, …
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from math import ceil
from typing import Any

from hypothesis import strategies as st

from procure.settlement.award import decide_attempts
from procure.settlement.bids import breakdown_total, total_quantities
from procure.settlement.negotiation import negotiation_faults
from procure.settlement.result import Outcome
from procure.settlement.round import (
    Attempt,
    Bid,
    CeilingDisclosure,
    ContractKind,
    Correction,
    Demand,
    Drawer,
    DrawMethod,
    Entry,
    Item,
    Lot,
    NegotiatedContract,
    Negotiation,
    NegotiationGround,
    Opening,
    PaperDraw,
    QualificationReview,
    Review,
    Round,
    Rules,
    TenderMethod,
    Witness,
    WitnessKind,
)
from procure.settlement.settle import settle_lot
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
def bids(
    draw: st.DrawFn, bidder: str, offers: Sequence[PriceList], wanted: Mapping[str, int], method: DrawMethod
) -> Bid:
    """A bid at one of a few price lists, so that bids tie often."""
    adds = method is DrawMethod.RANDOM_ADDED
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
        added_number=draw(seldom(None, st.integers(0, 999))) if adds else None,
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
        entered = tuple(draw(bids(bidder, offers, wanted, lot.rules.draw)) for bidder in draw(seldom([], who)))
        lot = replace(lot, attempts=(*lot.attempts, Attempt(len(lot.attempts) + 1, OPENING, entered)))
    decision = decide_attempts(lot)
    if decision.tied and lot.rules.draw is DrawMethod.PAPER and draw(st.booleans()):
        winner, order = draw(st.sampled_from(decision.tied)), draw(st.permutations(decision.tied))
        drawers = tuple(Drawer(bidder, f"{bidder}の代理人", draw(st.booleans())) for bidder in order)
        lot = replace(lot, draw=PaperDraw(winner, "本人", None, drawers if draw(st.booleans()) else ()))
    return draw(reviewed(lot)) if lot.rules.review is Review.AFTER else lot


@st.composite
def reviewed(draw: st.DrawFn, lot: Lot) -> Lot:
    """The lot with reviews of its candidates, one after the other, and with the lotteries that they lead to."""
    while True:
        decision = decide_attempts(lot)
        chosen = decision.selection.candidate
        if decision.outcome is Outcome.REVIEW_REQUIRED and chosen and draw(seldom(False, st.just(True))):
            passed = draw(st.booleans())
            review = QualificationReview(chosen, passed, None if passed else "納税証明書なし", OPENING.date())
            lot = replace(lot, reviews=(*lot.reviews, review))
        elif (
            decision.tied
            and lot.rules.draw is DrawMethod.PAPER
            and not decision.selection.draw
            and draw(seldom(False, st.just(True)))
        ):
            before = (*lot.draws_before, lot.draw) if lot.draw else lot.draws_before
            lot = replace(lot, draws_before=before, draw=PaperDraw(draw(st.sampled_from(decision.tied))))
        else:
            return lot


@st.composite
def lots(draw: st.DrawFn, id: str = "lot", *, open_prices: bool = True, is_recorded: bool = False) -> Lot:
    kind = draw(st.sampled_from(ContractKind))
    list_price = amounts(1, 20) | st.none() if open_prices else amounts(1, 20)
    items = tuple(an_item(f"item-{n}", draw(list_price)) for n in range(draw(st.integers(1, 4))))
    bidders = some_bidders(*"abcde"[: draw(st.integers(1, 5))])
    lot = a_lot(id=id, contract_kind=kind, rules=draw(rules(kind)), items=items, bidders=bidders)
    lot = replace(lot, demand=draw(demands(items)))
    if is_recorded:
        lot = replace(lot, rules=replace(lot.rules, review=draw(st.sampled_from([Review.AFTER, Review.BEFORE]))))
    if any(total_quantities(lot).values()):
        lot = draw(opened(lot))
    return replace(lot, cancelled=draw(seldom("仕様の誤り", st.none())))


@st.composite
def recorded_lots(draw: st.DrawFn, id: str = "lot") -> Lot:
    lot = draw(lots(id, is_recorded=True))
    lot = replace(lot, tender_method=draw(st.sampled_from(TenderMethod)), rules=draw(published(lot.rules)))
    # the milliseconds of the opening draw lots in 和歌山: there they stay what the reviews were made for
    latest = 0 if lot.rules.draw is DrawMethod.WAKAYAMA else 999
    lot = replace(lot, attempts=tuple(draw(corrected(attempt, latest)) for attempt in lot.attempts))
    return draw(negotiated(lot))


@st.composite
def published(draw: st.DrawFn, rules: Rules) -> Rules:
    """The rules with their 予定価格 and the notice's 無効の事由."""
    with_tax = None if rules.ceiling is None else ceil(rules.ceiling * (1 + rules.tax_rate)) + draw(st.integers(0, 2))
    grounds = draw(st.lists(st.sampled_from(["記名押印のない入札", "金額を訂正した入札"]), unique=True))
    return replace(rules, ceiling_with_tax=draw(seldom(None, st.just(with_tax))), void_grounds=tuple(grounds))


@st.composite
def corrected(draw: st.DrawFn, attempt: Attempt, latest: int) -> Attempt:
    """The attempt, opened up to `latest` milliseconds later, as if some bids had first been entered as 不参."""
    wrong = draw(st.lists(st.sampled_from(attempt.bids), unique_by=lambda bid: bid.bidder)) if attempt.bids else []
    return replace(
        attempt,
        opened_at=attempt.opened_at + timedelta(milliseconds=draw(st.integers(0, latest))),
        corrections=tuple(
            Correction(bid.bidder, Bid(bid.bidder, Entry.ABSENT), "入力誤り", "山田", "鈴木", OPENING) for bid in wrong
        ),
    )


@st.composite
def negotiated(draw: st.DrawFn, lot: Lot) -> Lot:
    """The lot with a negotiated contract, where its result and its limit allow the one that was tried."""
    contractors = ["見本商会", "見本電機"][: draw(st.integers(1, 2))]
    prices: dict[str, dict[str, Yen]] = {contractor: {} for contractor in contractors}
    for item in lot.items:
        prices[draw(st.sampled_from(contractors))][item.id] = draw(amounts(lot.rules.price_decimals, 4))
    negotiation = Negotiation(
        ground=draw(st.sampled_from(NegotiationGround)),
        agreed_on=OPENING.date(),
        reason="再度の入札に付しても落札者がないため",
        contracts=tuple(NegotiatedContract(name, priced) for name, priced in prices.items()),
    )
    is_faulty = negotiation_faults(lot, settle_lot(lot), negotiation)
    return lot if is_faulty else replace(lot, negotiation=negotiation)


@st.composite
def reviewed_lots(draw: st.DrawFn) -> Lot:
    """Lots of 事後審査 whose bids are all eligible and mostly tie, reviewed as far as it went."""
    rules = Rules(review=Review.AFTER, draw=draw(st.sampled_from(DrawMethod)))
    bidders = some_bidders(*"abcde"[: draw(st.integers(1, 5))])
    entered = tuple(
        Bid(
            bidder.id,
            Entry.BID,
            total=draw(st.sampled_from([500, 500, 600])),
            received_at=OPENING - timedelta(milliseconds=draw(st.integers(0, 3000))),
            draw_number=draw(st.integers(0, 999)),
            added_number=draw(st.integers(0, 999)) if rules.draw is DrawMethod.RANDOM_ADDED else None,
        )
        for bidder in bidders
    )
    opened_at = OPENING + timedelta(milliseconds=draw(st.integers(0, 999)))
    return draw(reviewed(a_lot(rules=rules, bidders=bidders, attempts=(Attempt(1, opened_at, entered),))))


@st.composite
def openings(draw: st.DrawFn) -> Opening:
    kinds = draw(st.lists(st.sampled_from(WitnessKind), max_size=2))
    witnesses = tuple(
        Witness(f"立会人{number}", kind, draw(st.sampled_from(["", "会計課"]))) for number, kind in enumerate(kinds)
    )
    return Opening("市役所 第1会議室", "事務局長", "主事", witnesses)


@st.composite
def recorded_rounds(draw: st.DrawFn) -> Round:
    number = draw(st.integers(1, 2))
    held = draw(st.none() | openings())
    return a_round(
        *(draw(recorded_lots(f"lot-{n}")) for n in range(number)),
        opening=held,
        follows=draw(st.sampled_from([None, "R2-9"])),
    )


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
