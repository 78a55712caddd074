"""Lots and an opening with all that may be recorded beside the bids."""

from dataclasses import replace
from datetime import timedelta

from procure.settlement.round import (
    Correction,
    Lot,
    NegotiatedContract,
    Negotiation,
    NegotiationGround,
    Opening,
    PaperDraw,
    QualificationReview,
    Review,
    Rules,
    TenderMethod,
    Witness,
    WitnessKind,
)
from tests.builders import OPENING, a_bid, a_lot, absent, declined

HELD = Opening(
    "市役所 第1会議室",
    "事務局長",
    "主事",
    (Witness("田中", WitnessKind.BIDDER, "A商会"), Witness("佐藤", WitnessKind.OFFICIAL, "会計課")),
)
CORRECTION = Correction("a", absent("a"), "入力誤り", "山田", "鈴木", OPENING + timedelta(hours=2))
NEGOTIATION = Negotiation(
    NegotiationGround.FAILED_TENDER, OPENING.date(), "入札者がないため", (NegotiatedContract("Z商会", {"pc": 80_000}),)
)
REVIEWS = (
    QualificationReview("b", False, "納税証明書なし", OPENING.date()),
    QualificationReview("c", True, None, OPENING.date()),
)
TIED = (a_bid("a", 500), a_bid("b", 500), a_bid("c", 500))


def reviewed_lot() -> Lot:
    """Three tie, b is drawn and fails, c is drawn and passes."""
    rules = Rules(
        ceiling=900_000,
        review=Review.AFTER,
        ceiling_with_tax=990_000,
        void_grounds=("記名押印のない入札", "金額を訂正した入札"),
    )
    lot = a_lot(TIED, rules=rules, draws_before=(PaperDraw("b", "本人", "会計課長"),), draw=PaperDraw("c"))
    attempt = replace(lot.attempts[0], corrections=(CORRECTION,))
    return replace(lot, attempts=(attempt,), reviews=REVIEWS, tender_method=TenderMethod.DESIGNATED)


def failed_lot() -> Lot:
    return a_lot((declined("a"),), id="other", negotiation=NEGOTIATION)
