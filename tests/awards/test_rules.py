"""When a decision may be confirmed, and with which 決裁."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from procure.awards.rules import decision_faults, last_opening, undecided_lots
from procure.settlement.round import Lot
from procure.settlement.settle import settle
from tests.builders import a_bid, a_lot, a_round, absent

BID_DATE, TODAY = date(2026, 12, 11), date(2026, 12, 15)
EVERYBODY_ABSENT = tuple(absent(bidder) for bidder in "abcd")


@pytest.mark.parametrize(
    ("lot", "undecided"),
    [
        (a_lot((a_bid("a", 1),)), ()),
        (a_lot(EVERYBODY_ABSENT), ()),
        (a_lot(cancelled="仕様の誤り"), ()),
        (a_lot(), ("pc",)),
        (a_lot((a_bid("a", 1), a_bid("b", 1))), ("pc",)),
        (a_lot((a_bid("a", 900_001),)), ("pc",)),
    ],
    ids=["awarded", "no bids", "called off", "pending", "a draw is due", "a rebid is due"],
)
def test_a_lot_is_decided_when_nothing_more_can_be_entered(lot: Lot, undecided: tuple[str, ...]) -> None:
    assert undecided_lots(settle(a_round(lot))) == undecided


def faults(number: str, day: date) -> list[str]:
    return [fault.field for fault in decision_faults(number, day, BID_DATE, TODAY)]


def test_a_decision_has_a_number_and_a_day_from_the_bid_date_to_today() -> None:
    assert faults("第1号", BID_DATE) == faults("第1号", TODAY) == []
    assert faults("", date(2026, 12, 10)) == ["decision_number", "decision_date"]
    assert faults("号" * 101, date(2026, 12, 16)) == ["decision_number", "decision_date"]


def test_a_decision_is_not_dated_before_the_last_opening_of_any_lot() -> None:
    first, again = (a_bid("a", 900_001),), (a_bid("a", 900_000),)
    twice = a_lot(first, again)
    later = replace(twice.attempts[1], opened_at=twice.attempts[1].opened_at + timedelta(days=3))
    lot = replace(twice, id="again", attempts=(twice.attempts[0], later))
    assert last_opening(a_round(a_lot(first), lot)) == date(2021, 6, 14)
    assert last_opening(a_round(a_lot())) == date(2021, 6, 11)
