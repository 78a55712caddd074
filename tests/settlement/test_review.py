"""事後審査: the lowest bidder is examined after the opening, and the next one moves up where it fails."""

from dataclasses import replace

from procure.bids.rules import next_entry
from procure.settlement.explain import explain
from procure.settlement.negotiation import may_follow_failure
from procure.settlement.result import BidStatus, LotResult, Outcome
from procure.settlement.round import Bid, DrawMethod, Lot, PaperDraw, QualificationReview, Review, Rules
from procure.settlement.settle import settle_lot
from tests.builders import OPENING, a_bid, a_lot, at

AFTER = Rules(ceiling=900_000, review=Review.AFTER)
THREE = (a_bid("a", 700_000), a_bid("b", 800_000), a_bid("c", 950_000))
TIED = (a_bid("a", 500), a_bid("b", 500), a_bid("c", 500), a_bid("d", 600))


def passed(bidder: str) -> QualificationReview:
    return QualificationReview(bidder, True, None, OPENING.date())


def failed(bidder: str, reason: str = "納税証明書なし") -> QualificationReview:
    return QualificationReview(bidder, False, reason, OPENING.date())


def reviewed(bids: tuple[Bid, ...], *reviews: QualificationReview, rules: Rules = AFTER, draws: str = "") -> Lot:
    """The lot with these reviews and with paper lotteries won by these bidders, in order."""
    papers = tuple(PaperDraw(winner) for winner in draws)
    last = papers[-1] if papers else None
    return a_lot(bids, rules=rules, reviews=reviews, draws_before=papers[:-1], draw=last)


def said(lot: Lot, *, is_confirmed: bool = True) -> str:
    return "\n".join(str(sentence) for sentence in explain(lot, settle_lot(lot), is_confirmed=is_confirmed))


def statuses(result: LotResult) -> str:
    return " ".join(bid.status.value for bid in result.attempts[-1].bids)


def winner(result: LotResult) -> str | None:
    return result.award.bidder if result.award else None


def test_the_lowest_waits_for_its_review_and_nothing_is_awarded_yet() -> None:
    result = settle_lot(reviewed(THREE))

    assert (result.outcome, result.reason, result.candidate) == (Outcome.REVIEW_REQUIRED, "review_missing", "a")
    assert (result.award, result.savings, result.rounding_gap) == (None, None, None)
    assert statuses(result) == "eligible eligible over_ceiling"


def test_a_candidate_that_passes_is_awarded() -> None:
    result = settle_lot(reviewed(THREE, passed("a")))

    assert (result.outcome, result.reason, winner(result), result.candidate) == (Outcome.AWARDED, None, "a", None)
    assert statuses(result) == "awarded eligible over_ceiling"


def test_the_next_lowest_moves_up_where_the_candidate_fails() -> None:
    waiting = settle_lot(reviewed(THREE, failed("a")))
    result = settle_lot(reviewed(THREE, failed("a"), passed("b")))

    assert (waiting.outcome, waiting.candidate) == (Outcome.REVIEW_REQUIRED, "b")
    assert (winner(result), statuses(result)) == ("b", "disqualified awarded over_ceiling")
    assert result.attempts[-1].bids[0].reason == "review_failed"


def test_one_over_the_ceiling_never_moves_up() -> None:
    result = settle_lot(reviewed(THREE, failed("a"), failed("b")))

    assert (result.outcome, result.reason, result.award) == (Outcome.NO_AWARD, "review_failed", None)
    assert statuses(result) == "disqualified disqualified over_ceiling"


def test_where_all_within_the_ceiling_fail_there_is_no_further_attempt() -> None:
    lot = reviewed(THREE, failed("a"), failed("b"))

    assert next_entry(lot) is None
    assert not may_follow_failure(settle_lot(lot))


def test_where_everybody_is_examined_before_the_opening_nobody_waits() -> None:
    result = settle_lot(reviewed(THREE, failed("a"), rules=Rules(ceiling=900_000)))

    assert (result.outcome, winner(result)) == (Outcome.AWARDED, "a")


def test_the_tied_draw_lots_for_who_is_examined() -> None:
    missing, drawn = settle_lot(reviewed(TIED)), settle_lot(reviewed(TIED, draws="b"))

    assert missing.outcome is Outcome.DRAW_REQUIRED
    assert (drawn.outcome, drawn.candidate) == (Outcome.REVIEW_REQUIRED, "b")
    assert drawn.draw is not None
    assert drawn.draw.tied == ("a", "b", "c")
    assert statuses(drawn) == "eligible eligible eligible eligible"


def test_a_paper_lottery_is_held_again_among_the_others_that_tied() -> None:
    waiting = settle_lot(reviewed(TIED, failed("b"), draws="b"))
    again = settle_lot(reviewed(TIED, failed("b"), passed("c"), draws="bc"))

    assert (waiting.outcome, waiting.draw) == (Outcome.DRAW_REQUIRED, None)
    assert [draw.winner for draw in waiting.draws_before] == ["b"]
    assert again.draw is not None
    assert (again.draw.tied, winner(again)) == (("a", "c"), "c")
    assert statuses(again) == "lost_draw disqualified awarded eligible"


def test_the_last_of_the_tied_needs_no_lottery() -> None:
    result = settle_lot(reviewed(TIED, failed("b"), failed("c"), passed("a"), draws="bc"))

    assert (winner(result), result.draw) == ("a", None)
    assert [draw.tied for draw in result.draws_before] == [("a", "b", "c"), ("a", "c")]
    assert statuses(result) == "awarded disqualified disqualified eligible"


def test_after_all_that_tied_the_next_total_moves_up() -> None:
    result = settle_lot(reviewed(TIED, failed("b"), failed("c"), failed("a"), passed("d"), draws="bc"))

    assert winner(result) == "d"


def test_the_earlier_lottery_may_be_recorded_before_the_next_is_drawn() -> None:
    lot = replace(reviewed(TIED, failed("b")), draws_before=(PaperDraw("b"),))

    assert settle_lot(lot) == settle_lot(reviewed(TIED, failed("b"), draws="b"))


def test_an_electronic_lottery_is_recomputed_among_those_who_remain() -> None:
    """418 + 210 + 861 = 1489 = 3 × 496 + 1 chooses b; without b, 418 + 861 = 1279 = 2 × 639 + 1 chooses c."""
    numbers = {"a": 418, "b": 210, "c": 861}
    bids = tuple(
        a_bid(id, 500, draw_number=number, received_at=at(9, place))
        for place, (id, number) in enumerate(numbers.items())
    )
    rules = replace(AFTER, draw=DrawMethod.KUJI_ONLY)
    result = settle_lot(reviewed(bids, failed("b"), passed("c"), rules=rules))

    assert result.draw is not None
    assert (result.draws_before[0].sum, result.draws_before[0].remainder) == (1489, 1)
    assert (result.draw.sum, result.draw.remainder, winner(result)) == (1279, 1, "c")


def test_an_attempt_that_has_an_eligible_bid_is_the_last_even_where_all_fail() -> None:
    lot = a_lot((a_bid("a", 950_000), a_bid("b", 960_000)), (a_bid("a", 800_000),), rules=AFTER, reviews=(failed("a"),))

    assert settle_lot(lot).reason == "review_failed"


def test_a_cancelled_lot_awards_nothing_after_a_review() -> None:
    result = settle_lot(replace(reviewed(THREE, passed("a")), cancelled="予算の減額"))

    assert (result.outcome, result.candidate, statuses(result)) == (
        Outcome.CANCELLED,
        None,
        "eligible eligible over_ceiling",
    )


def test_a_candidate_is_called_one_until_it_has_passed() -> None:
    told = said(reviewed(THREE))

    assert told.endswith(
        "A商会が落札候補者です。入札参加資格を審査し、適合すれば落札者に決定します（地方自治法第234条第3項）。"
    )
    assert "決定しました" not in told


def test_a_failed_review_is_told_with_its_reason_before_who_moved_up() -> None:
    told = said(reviewed(THREE, failed("a"), passed("b"))).splitlines()

    assert told[-4] == (
        "落札候補者のA商会（700,000円）は、入札参加資格の審査に適合しないため失格です。理由：納税証明書なし"
        "（地方自治法施行令第167条の6第2項）。"
    )
    assert "B商会の800,000円" in told[-3]
    assert told[-2] == "B商会は、入札参加資格の審査に適合しました。"
    assert told[-1].startswith("B商会に決定しました。")


def test_each_lottery_is_told_where_it_was_held() -> None:
    lot = reviewed(TIED, failed("b"), failed("c"), passed("a"), draws="bc")
    lot = replace(lot, draws_before=(PaperDraw("b", "代理人"),), draw=PaperDraw("c", "会計課職員"))
    told = [line.partition("（")[0] for line in said(lot).splitlines()]

    assert told[3:8] == [
        "A商会、B商会、C商会の3者が同額のため、くじで落札候補者を決めました",
        "くじを引いた者：代理人。",
        "落札候補者のB商会",
        "A商会、C商会の2者が同額のため、くじで落札候補者を決めました",
        "くじを引いた者：会計課職員。",
    ]


def test_where_nobody_is_left_the_reason_is_told() -> None:
    told = said(reviewed(THREE, failed("a"), failed("b")))

    assert "不落です。理由：入札参加資格の審査（事後審査）に不適合。" in told
    assert "あらためて公告して入札に付することができます（地方自治法施行令第167条の6第1項）。" in told


def test_before_the_decision_is_confirmed_the_lowest_is_a_candidate() -> None:
    lot = a_lot(THREE)

    assert "A商会が落札候補者です。決定すると、落札金額は700,000円（税抜）" in said(lot, is_confirmed=False)
    assert "A商会に決定しました。" in said(lot)


def test_before_the_decision_is_confirmed_a_lottery_chose_a_candidate() -> None:
    lot = a_lot(TIED, draw=PaperDraw("a"))

    assert "くじで落札候補者を決めました" in said(lot, is_confirmed=False)
    assert "くじで落札者を決めました" in said(lot)


def test_a_bid_that_is_void_is_no_candidate() -> None:
    result = settle_lot(reviewed((replace(THREE[0], void="記名押印なし"), THREE[1])))

    assert (result.candidate, result.attempts[0].bids[0].status) == ("b", BidStatus.VOID)
