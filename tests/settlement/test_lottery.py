"""くじ among equal lowest bids."""

from dataclasses import replace
from datetime import datetime

from procure.settlement.result import BidStatus, LotResult, Outcome
from procure.settlement.round import Bid, DrawMethod, Lot, PaperDraw, Rules
from procure.settlement.settle import settle_lot
from tests.builders import JST, a_bid, a_lot, at

CORE = Rules(draw=DrawMethod.CORE_EPOCH_SECONDS)
KUJI = Rules(draw=DrawMethod.KUJI_ONLY)

# The worked example of the core system's standard: くじ番号 418, 210, 861.
WORKED = (
    a_bid("a", 500, draw_number=418, received_at=datetime(2005, 3, 1, 11, 30, 10, tzinfo=JST)),
    a_bid("b", 500, draw_number=210, received_at=datetime(2005, 3, 5, 14, 20, 40, tzinfo=JST)),
    a_bid("c", 500, draw_number=861, received_at=datetime(2005, 3, 14, 16, 48, 0, tzinfo=JST)),
)


def drawn(lot: Lot) -> LotResult:
    result = settle_lot(lot)
    assert result.draw is not None
    return result


def lots(*numbers_and_seconds: tuple[str, int, int]) -> tuple[Bid, ...]:
    return tuple(a_bid(id, 500, draw_number=k, received_at=at(9, second=s)) for id, k, s in numbers_and_seconds)


def test_the_worked_example_of_the_core_system_draws_b() -> None:
    draw = drawn(a_lot(WORKED, rules=CORE)).draw

    assert draw is not None
    assert draw.tied == ("a", "b", "c")
    assert draw.numbers == {"a": 628, "b": 250, "c": 341}
    assert (draw.sum, draw.remainder, draw.winner) == (1219, 1, "b")


def test_the_draw_number_alone_decides_where_the_rules_say_so() -> None:
    draw = drawn(a_lot(WORKED, rules=KUJI)).draw

    assert draw is not None
    assert draw.numbers == {"a": 418, "b": 210, "c": 861}
    assert (draw.sum, draw.remainder, draw.winner) == (1489, 1, "b")


def test_the_tied_are_numbered_by_reception_and_not_by_registration() -> None:
    draw = drawn(a_lot(lots(("a", 0, 30), ("b", 0, 10)), rules=KUJI)).draw

    assert draw is not None
    assert (draw.tied, draw.winner) == (("b", "a"), "b")


def test_within_the_same_second_registration_decides_the_number() -> None:
    bids = lots(("b", 0, 10), ("a", 1, 10))
    later_half = replace(bids[1], received_at=at(9, second=10).replace(microsecond=900_000))

    draw = drawn(a_lot((bids[0], later_half), rules=KUJI)).draw

    assert draw is not None
    assert (draw.tied, draw.winner) == (("a", "b"), "b")


def test_the_loser_of_the_lottery_is_told_from_those_who_were_dearer() -> None:
    result = drawn(a_lot((*WORKED, a_bid("d", 600)), rules=CORE))

    assert [bid.status for bid in result.attempts[0].bids] == [
        BidStatus.LOST_DRAW,
        BidStatus.AWARDED,
        BidStatus.LOST_DRAW,
        BidStatus.ELIGIBLE,
    ]


def test_without_a_draw_number_or_a_time_the_lottery_waits() -> None:
    for missing in (replace(WORKED[0], draw_number=None), replace(WORKED[0], received_at=None)):
        for rules in (CORE, KUJI):
            result = settle_lot(a_lot((missing, *WORKED[1:]), rules=rules))

            assert (result.outcome, result.reason) == (Outcome.DRAW_REQUIRED, "draw_data_missing")
            assert {bid.status for bid in result.attempts[0].bids} == {BidStatus.ELIGIBLE}


def test_a_paper_lottery_is_copied_from_the_record() -> None:
    lot = a_lot((a_bid("a", 500), a_bid("b", 500)), draw=PaperDraw("b", "入札者本人", "会計課長"))
    draw = drawn(lot).draw

    assert draw is not None
    assert (draw.method, draw.winner, draw.tied) == (DrawMethod.PAPER, "b", ("a", "b"))
    assert (draw.numbers, draw.sum, draw.remainder) == (None, None, None)


def test_a_paper_lottery_not_yet_drawn_is_waited_for() -> None:
    result = settle_lot(a_lot((a_bid("a", 500), a_bid("b", 500))))

    assert (result.outcome, result.reason, result.award) == (Outcome.DRAW_REQUIRED, "draw_data_missing", None)


def test_a_record_that_no_longer_fits_the_bids_decides_nothing() -> None:
    result = settle_lot(a_lot((a_bid("a", 500), a_bid("b", 500), a_bid("c", 600)), draw=PaperDraw("c")))

    assert result.outcome is Outcome.DRAW_REQUIRED
