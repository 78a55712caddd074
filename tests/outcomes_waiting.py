"""Rounds in which something waits for a second person, or was left so by a 取止め. As tests/outcomes.py."""

from datetime import datetime, timedelta

from sqlmodel import Session

from procure.awards.actions import propose, publish
from procure.bids.cancelling import call_off
from procure.bids.corrections import propose_correction
from procure.rounds.queries import lots_of
from procure.rounds.tables import RoundRow
from procure.settlement.round import Bid, Entry, NegotiationGround
from tests import outcomes, stages
from tests.stages import ACTOR


def correcting(session: Session, now: datetime) -> RoundRow:
    """A correction of the computers' bids waits."""
    row = stages.decided(session, now)
    mended = Bid("mihon-a", Entry.BID, total=100_000_000)
    propose_correction(session, row, lots_of(session, row.id)[0], 1, mended, "読み違い", ACTOR, now)
    return row


def cancel(session: Session, row: RoundRow, now: datetime) -> RoundRow:
    call_off(session, row, lots_of(session, row.id)[0], "仕様の誤り", ACTOR, now)
    return row


def cancelled_unchecked(session: Session, now: datetime) -> RoundRow:
    row = outcomes.unchecked(session, now)
    outcomes.printers(session, row, now)
    return cancel(session, row, now)


def cancelled_correcting(session: Session, now: datetime) -> RoundRow:
    return cancel(session, correcting(session, now), now)


def all_failed(session: Session, now: datetime) -> RoundRow:
    """Everybody declined in both lots."""
    row, computers = outcomes.opened(session, now)
    for lot in (computers, lots_of(session, row.id)[1]):
        outcomes.bid(session, row, lot, {}, now)
    return row


def proposed(session: Session, now: datetime) -> RoundRow:
    row = stages.decided(session, now)
    propose(session, row, "見本第1号", now.date(), ACTOR, now)
    return row


def outdated(session: Session, now: datetime) -> RoundRow:
    """A lot was cancelled after the decision had been proposed."""
    return cancel(session, proposed(session, now), now)


def unsigned_waiting(session: Session, now: datetime) -> RoundRow:
    """9号, proposed after the confirmation and before the publication."""
    row = stages.confirmed(session, now)
    later = now + timedelta(hours=1)
    asked = outcomes.a_negotiation(session, row, NegotiationGround.NOT_SIGNED, later.date())
    outcomes.propose_it(session, row, asked, later)
    return row


def published_waiting(session: Session, now: datetime) -> RoundRow:
    row = unsigned_waiting(session, now)
    publish(session, row, ACTOR, now)
    return row
