"""The Reiwa 3 round with every way in which the bidding of its computers can come out; the printers are awarded.

Each builder starts from nothing, as those of tests/stages.py do.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from procure.awards.actions import confirm, propose, publish
from procure.awards.retender import retender
from procure.bids.actions import open_bids, record_attempt, record_draw
from procure.bids.negotiations import approve_negotiation, propose_negotiation
from procure.bids.queries import load_round
from procure.bids.reviews import record_review
from procure.bids.rules import next_entry
from procure.rounds.actions import cancel_lot
from procure.rounds.queries import lots_of
from procure.rounds.rules import Outline
from procure.rounds.tables import LotRow, RoundRow
from procure.settlement.round import (
    Attempt,
    Bid,
    DrawMethod,
    Entry,
    NegotiatedContract,
    Negotiation,
    NegotiationGround,
    PaperDraw,
    QualificationReview,
    Review,
)
from tests import stages
from tests.stages import ACTOR, OPENED, SECOND, VAULT, amounts_of, check

CEILING = 122_730_000  # 入札書比較価格 of the computers, yen
HIGH = {"mihon-a": 130_000_000, "mihon-b": 125_000_000}
Totals = Mapping[str, int]


def opened(session: Session, now: datetime, **columns: Any) -> tuple[RoundRow, LotRow]:
    """Opened, with these columns in the lot of computers."""
    row = stages.bidding(session, now)
    lot = lots_of(session, row.id)[0]
    for name, value in columns.items():
        setattr(lot, name, value)
    session.flush()
    open_bids(session, row, stages.opened_at(now), OPENED, VAULT, ACTOR, now)
    return row, lot


def bid(session: Session, row: RoundRow, lot: LotRow, totals: Totals, now: datetime, *, checked: bool = True) -> None:
    """The next attempt of a lot: who has no total declines."""
    value = next(one for one in load_round(session, row).lots if one.id == lot.ref)
    entry = next_entry(value)
    assert entry is not None
    bids = tuple(
        Bid(bidder.id, Entry.BID, total=totals[bidder.id]) if bidder.id in totals else Bid(bidder.id, Entry.DECLINED)
        for bidder in entry.participants
    )
    record_attempt(session, row, lot, Attempt(entry.number, now, bids), ACTOR, now)
    if checked:
        check(session, row, lot, entry.number, now)


def printers(session: Session, row: RoundRow, now: datetime) -> None:
    """The printers are awarded as in the example."""
    lot = lots_of(session, row.id)[1]
    record_attempt(session, row, lot, stages.example().lots[1].attempts[0], ACTOR, now)
    check(session, row, lot, 1, now)


def unchecked(session: Session, now: datetime) -> RoundRow:
    row, lot = opened(session, now)
    bid(session, row, lot, {"mihon-a": 120_000_000, "mihon-b": 110_000_000}, now, checked=False)
    return row


def rebid(session: Session, now: datetime) -> RoundRow:
    row, lot = opened(session, now)
    bid(session, row, lot, HIGH, now)
    return row


def tied(session: Session, now: datetime, **columns: Any) -> RoundRow:
    row, lot = opened(session, now, **{"draw": DrawMethod.PAPER} | columns)
    bid(session, row, lot, {"mihon-a": 110_000_000, "mihon-b": 110_000_000, "mihon-c": 115_000_000}, now)
    return row


def failed(session: Session, now: datetime) -> RoundRow:
    """不落: three attempts, each above the ceiling."""
    row, lot = opened(session, now)
    for less in (0, 1_000_000, 2_000_000):
        bid(session, row, lot, {bidder: total - less for bidder, total in HIGH.items()}, now)
    printers(session, row, now)
    return row


def nobody(session: Session, now: datetime) -> RoundRow:
    """不調: all declined."""
    row, lot = opened(session, now)
    bid(session, row, lot, {}, now)
    printers(session, row, now)
    return row


def failed_at_once(session: Session, now: datetime) -> RoundRow:
    """不落 after one attempt, so that nobody was asked to bid again."""
    row, lot = opened(session, now, max_attempts=1)
    bid(session, row, lot, HIGH, now)
    printers(session, row, now)
    return row


def cancelled(session: Session, now: datetime) -> RoundRow:
    row, lot = opened(session, now)
    cancel_lot(session, row, lot, "仕様の誤り", ACTOR, now)
    printers(session, row, now)
    return row


def reviewing(session: Session, now: datetime) -> RoundRow:
    """事後審査: the lowest is the candidate, another is within the ceiling, a third above it."""
    row, lot = opened(session, now, review=Review.AFTER)
    bid(session, row, lot, {"mihon-a": 120_000_000, "mihon-b": 110_000_000, "mihon-c": 130_000_000}, now)
    printers(session, row, now)
    return row


def reviewing_a_draw(session: Session, now: datetime) -> RoundRow:
    """事後審査 of one whom a paper lottery chose."""
    row = tied(session, now, review=Review.AFTER)
    draw(session, row, "mihon-b", now)
    return row


def draw(session: Session, row: RoundRow, winner: str, now: datetime) -> None:
    lot = lots_of(session, row.id)[0]
    record_draw(session, row, lot, PaperDraw(winner, "各入札者", "会計課　立会　人子"), ACTOR, now)


def review(session: Session, row: RoundRow, bidder: str, now: datetime, reason: str | None = None) -> None:
    """Passed, or failed for the reason."""
    lot = lots_of(session, row.id)[0]
    record_review(session, row, lot, QualificationReview(bidder, reason is None, reason, now.date()), ACTOR, now)


def confirm_it(session: Session, row: RoundRow, now: datetime) -> None:
    propose(session, row, "見本第1号", now.date(), ACTOR, now)
    confirm(session, row, amounts_of(session, row), SECOND, now)


def failed_and_confirmed(session: Session, now: datetime) -> RoundRow:
    row = failed(session, now)
    confirm_it(session, row, now)
    return row


def proposed_negotiation(session: Session, now: datetime) -> RoundRow:
    """8号 after 不落, waiting for a second person."""
    row = failed(session, now)
    propose_it(session, row, a_negotiation(session, row, NegotiationGround.FAILED_TENDER, now.date()), now)
    return row


def negotiated(session: Session, now: datetime) -> RoundRow:
    row = proposed_negotiation(session, now)
    approve_negotiation(session, row, lots_of(session, row.id)[0], SECOND, now)
    return row


def contracted_after_failing(session: Session, now: datetime) -> RoundRow:
    """8号 after 不落, and the decision confirmed."""
    row = negotiated(session, now)
    confirm_it(session, row, now)
    return row


def not_signed(session: Session, now: datetime) -> RoundRow:
    """9号: the winner of the example does not sign, and others deliver, item by item."""
    row = stages.confirmed(session, now)
    lot = lots_of(session, row.id)[0]
    later = now + timedelta(days=1)
    asked = a_negotiation(session, row, NegotiationGround.NOT_SIGNED, later.date(), ("随契　甲", "随契　乙"))
    propose_it(session, row, asked, later)
    approve_negotiation(session, row, lot, SECOND, later)
    return row


def repeated(session: Session, now: datetime) -> RoundRow:
    """The winner of the example does not sign, and its computers are put out to tender again as R3-2."""
    row = stages.confirmed(session, now)
    repeat_it(session, row, now)
    return row


def repeat_it(session: Session, row: RoundRow, now: datetime) -> None:
    outline = Outline("R3-2", "パソコンの再度公告入札", 2021, date(2021, 9, 10), row.council)
    choices = {"signed": frozenset[str](), "keeps_demand": True, "with_attachments": False}
    retender(session, row, outline, {"pc"}, ACTOR, now + timedelta(days=1), **choices)


def published(build: Callable[[Session, datetime], RoundRow]) -> Callable[[Session, datetime], RoundRow]:
    """The same, and published two days later."""

    def built(session: Session, now: datetime) -> RoundRow:
        row = build(session, now)
        publish(session, row, ACTOR, now + timedelta(days=2))
        return row

    return built


def propose_it(session: Session, row: RoundRow, asked: Negotiation, now: datetime) -> None:
    propose_negotiation(session, row, lots_of(session, row.id)[0], asked, "随契第1号", ACTOR, now)


def a_negotiation(
    session: Session,
    row: RoundRow,
    ground: NegotiationGround,
    day: date,
    contractors: Sequence[str] = ("株式会社見本電機",),
) -> Negotiation:
    """Of the computers: their items go to the contractors in turn, at 1,000 yen each."""
    items = [item.id for item in load_round(session, row).lots[0].items]
    contracts = tuple(
        NegotiatedContract(name, dict.fromkeys(items[place :: len(contractors)], 1_000))
        for place, name in enumerate(contractors)
    )
    return Negotiation(ground, day, "再度の入札に付しても落札者がないため", contracts)
