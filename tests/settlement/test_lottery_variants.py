"""くじ as regional systems draw it, each by an example that can be recomputed by hand."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from procure.settlement.explain import explain
from procure.settlement.lottery import digit_sum, draw_lots, milliseconds
from procure.settlement.result import Draw, Outcome
from procure.settlement.round import Attempt, Bid, DrawMethod, Lot, Rules
from procure.settlement.settle import settle_lot
from tests.builders import JST, OPENING, a_bid, a_lot, at, some_bidders

MILLISECOND = 1000  # in microseconds


def received(bidder: str, second: int, millisecond: int, number: int | None = None, added: int | None = None) -> Bid:
    moment = at(9, 15, second).replace(microsecond=millisecond * MILLISECOND)
    return a_bid(bidder, 500, received_at=moment, draw_number=number, added_number=added)


def a_tie(method: DrawMethod, *bids: Bid, opened_at: datetime = OPENING) -> Lot:
    return a_lot(rules=Rules(draw=method), attempts=(Attempt(1, opened_at, bids),))


def drawn(method: DrawMethod, *bids: Bid, opened_at: datetime = OPENING) -> Draw:
    draw = settle_lot(a_tie(method, *bids, opened_at=opened_at)).draw
    assert draw is not None
    return draw


def test_the_random_number_of_the_receipt_is_added_and_cut_to_three_digits() -> None:
    """777 + 456 = 1233 → 233; 100 + 23 = 123; 233 + 123 = 356 = 2 × 178 + 0."""
    draw = drawn(DrawMethod.RANDOM_ADDED, received("a", 1, 0, 777, 456), received("b", 2, 0, 100, 23))

    assert draw.numbers == {"a": 233, "b": 123}
    assert (draw.sum, draw.remainder, draw.winner) == (356, 0, "a")


def test_the_milliseconds_of_reception_are_added_and_cut_to_three_digits() -> None:
    """418 + 900 = 1318 → 318; 210 + 5 = 215; 861 + 139 = 1000 → 0; 533 = 3 × 177 + 2."""
    bids = received("a", 1, 900, 418), received("b", 2, 5, 210), received("c", 3, 139, 861)
    draw = drawn(DrawMethod.MILLISECONDS, *bids)

    assert draw.numbers == {"a": 318, "b": 215, "c": 0}
    assert (draw.sum, draw.remainder, draw.winner) == (533, 2, "c")


def test_a_millisecond_earlier_is_earlier_where_the_method_counts_milliseconds() -> None:
    bids = received("a", 1, 2, 0), received("b", 1, 1, 0)

    assert drawn(DrawMethod.MILLISECONDS, *bids).tied == ("b", "a")
    assert drawn(DrawMethod.MILLISECONDS_CUT, *bids).tied == ("b", "a")
    assert drawn(DrawMethod.KUJI_ONLY, *bids).tied == ("a", "b")


def test_within_the_same_millisecond_registration_decides_the_number() -> None:
    first, second = received("a", 1, 1, 0), received("b", 1, 1, 0)
    assert first.received_at is not None
    later = replace(first, received_at=first.received_at.replace(microsecond=1_999))

    assert drawn(DrawMethod.MILLISECONDS, later, second).tied == ("a", "b")


def test_the_sum_is_cut_to_its_last_three_digits_where_the_rules_say_so() -> None:
    """900 + 500 = 1400; 1400 = 3 × 466 + 2, and 400 = 3 × 133 + 1."""
    bids = received("a", 1, 0, 900), received("b", 2, 0, 500), received("c", 3, 0, 0)
    whole, cut = drawn(DrawMethod.MILLISECONDS, *bids), drawn(DrawMethod.MILLISECONDS_CUT, *bids)

    assert (whole.sum, whole.remainder, whole.winner) == (1400, 2, "c")
    assert (cut.sum, cut.remainder, cut.winner) == (1400, 1, "b")


def test_in_wakayama_the_digits_of_the_reception_and_the_opening_decide() -> None:
    """2021-06-11 09:15 → 28, 09:16 → 29, 09:17 → 30; 87 + 250 = 337 = 3 × 112 + 1; rank 3 − 1 = 2."""
    bids = [a_bid(id, 500, received_at=at(9, minute)) for id, minute in (("a", 15), ("b", 16), ("c", 17))]
    opened_at = OPENING.replace(microsecond=250 * MILLISECOND)
    draw = drawn(DrawMethod.WAKAYAMA, *bids, opened_at=opened_at)

    assert draw.numbers == {"a": 28, "b": 29, "c": 30}
    assert (draw.sum, draw.remainder, draw.winner) == (337, 1, "b")


def test_in_wakayama_the_last_wins_where_nothing_remains() -> None:
    bids = [a_bid(id, 500, received_at=at(9, minute)) for id, minute in (("a", 15), ("b", 17))]
    draw = drawn(DrawMethod.WAKAYAMA, *bids)

    assert (draw.sum, draw.remainder, draw.winner) == (58, 0, "b")


def test_the_digits_are_those_of_the_clock_in_japan() -> None:
    assert digit_sum(datetime(2021, 6, 11, 9, 15, 59, tzinfo=JST)) == 28
    assert digit_sum(datetime(2021, 6, 11, 0, 15, tzinfo=UTC)) == 28
    assert digit_sum(datetime(2021, 12, 31, 23, 59, tzinfo=UTC)) == 2 + 2 + 2 + 1 + 1 + 8 + 5 + 9


def test_milliseconds_are_cut_and_not_rounded() -> None:
    assert milliseconds(OPENING.replace(microsecond=999_999)) == 999
    assert milliseconds(OPENING.replace(microsecond=999)) == 0


@pytest.mark.parametrize("method", [method for method in DrawMethod if method is not DrawMethod.PAPER])
def test_the_lottery_waits_for_what_its_method_needs(method: DrawMethod) -> None:
    bids = received("a", 1, 0, 1, 1), received("b", 2, 0, 2, 2)
    needed = {"received_at"} | ({"draw_number"} if method is not DrawMethod.WAKAYAMA else set())
    needed |= {"added_number"} if method is DrawMethod.RANDOM_ADDED else set()

    for key in ("received_at", "draw_number", "added_number"):
        missing: Bid = replace(bids[0], **{key: None})  # type: ignore[arg-type]
        outcome = settle_lot(a_tie(method, missing, bids[1])).outcome
        assert outcome is (Outcome.DRAW_REQUIRED if key in needed else Outcome.AWARDED)


def test_in_wakayama_the_lottery_waits_for_the_time_of_the_opening() -> None:
    bids = received("a", 1, 0), received("b", 2, 0)

    assert draw_lots(DrawMethod.WAKAYAMA, bids, some_bidders("a", "b"), None) is None


@pytest.mark.parametrize(
    ("method", "told"),
    [
        (DrawMethod.RANDOM_ADDED, "受付順に0番 A商会（2）、1番 B商会（4）。かっこ内の合計6を2で割った余りは0で、A商会"),
        (DrawMethod.MILLISECONDS, "受付順に0番 A商会（1）、1番 B商会（2）。かっこ内の合計3を2で割った余りは1で、B商会"),
        (DrawMethod.MILLISECONDS_CUT, "かっこ内の合計3の下3桁3を2で割った余りは1で、B商会"),
        (
            DrawMethod.WAKAYAMA,
            "受付順に1番 A商会（28）、2番 B商会（28）。"
            "かっこ内（受付日時の数字の和）の合計56に開札時刻のミリ秒7を加えた63を2で割った余りは1で、2から余りを引いた1番のA商会",
        ),
    ],
)
def test_every_lottery_can_be_followed_in_words(method: DrawMethod, told: str) -> None:
    opened_at = OPENING.replace(microsecond=7 * MILLISECOND)
    lot = a_tie(method, received("a", 1, 0, 1, 1), received("b", 2, 0, 2, 2), opened_at=opened_at)

    assert f"{told}が当選しました。" in "".join(str(sentence) for sentence in explain(lot, settle_lot(lot)))
