"""What holds for every valid round, whatever is in it."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procure.parties.directory import known_codes
from procure.settlement.bids import VALID
from procure.settlement.explain import explain
from procure.settlement.result import BidStatus, LotResult, NegotiatedPart, Outcome, Result, Share
from procure.settlement.result_file import result_json
from procure.settlement.round import DrawMethod, Lot, Round
from procure.settlement.round_file import read_round, write_round
from procure.settlement.settle import settle, settle_lot
from procure.values.money import Yen
from tests.builders import a_round
from tests.settlement.strategies import awarded_lots, lots, recorded_lots, recorded_rounds, reviewed_lots, rounds

every_round = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@every_round
@given(rounds() | recorded_rounds() | reviewed_lots().map(a_round))
def test_a_round_written_and_read_again_settles_the_same(round: Round) -> None:
    again = read_round(write_round(round), known_codes())

    assert again == round
    assert result_json(settle(again)) == result_json(settle(round))


@every_round
@given(lots() | awarded_lots())
def test_the_municipalities_amounts_add_up_to_the_award_exactly(lot: Lot) -> None:
    result = settle_lot(lot)

    if result.award and result.reason is None:
        assert sum(share.amount for share in result.municipalities if share.amount is not None) == result.award.total
        assert sum(item.amount for item in result.items if item.amount is not None) == result.award.total


@every_round
@given(lots() | awarded_lots())
def test_the_rounding_gap_is_less_than_a_yen_a_municipality(lot: Lot) -> None:
    result = settle_lot(lot)

    if result.rounding_gap is not None:
        assert 0 <= result.rounding_gap < max(len(result.municipalities), 1)
        assert all(
            share.amount is not None and share.tax is not None and share.amount_with_tax is not None and share.tax >= 0
            for share in result.municipalities
        )


@every_round
@given(lots() | awarded_lots())
def test_savings_agree_with_decimal_arithmetic(lot: Lot) -> None:
    savings = settle_lot(lot).savings

    if savings is not None:
        with localcontext(Context(prec=60)):
            listed, paid = _decimal(savings.list_total), _decimal(savings.award_total)
            true_percent = (1 - paid / listed) * 100
        expected = true_percent.quantize(Decimal("0.1"), ROUND_HALF_UP) + 0
        assert savings.percent == expected
        assert savings.exact == (paid * 1000 % listed == 0)
        assert savings.saved == savings.list_total - savings.award_total
        assert ("約" not in savings.statement) == savings.exact


@every_round
@given(awarded_lots(open_prices=False), st.data())
def test_a_lower_winning_total_never_makes_the_savings_smaller(lot: Lot, data: st.DataObject) -> None:
    bid = lot.attempts[0].bids[0]
    assert bid.unit_prices is not None
    tenths = st.integers(0, 10).map(lambda n: Fraction(n, 10))
    lower: dict[str, Yen] = {item: price * data.draw(tenths) for item, price in bid.unit_prices.items()}
    lower[lot.items[0].id] = bid.unit_prices[lot.items[0].id]
    cheaper = replace(lot, attempts=(replace(lot.attempts[0], bids=(replace(bid, unit_prices=lower),)),))

    before, after = settle_lot(lot).savings, settle_lot(cheaper).savings

    assert before is not None
    assert after is not None
    assert after.percent >= before.percent


@every_round
@given(rounds() | recorded_rounds(), st.randoms(use_true_random=False))
def test_no_order_of_bids_items_or_municipalities_changes_a_result(round: Round, random: Any) -> None:
    def shuffled(values: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(random.sample(values, len(values)))

    def reordered(lot: Lot) -> Lot:
        attempts = tuple(replace(attempt, bids=shuffled(attempt.bids)) for attempt in lot.attempts)
        bidders = lot.bidders if _ties_by_reception(lot) else shuffled(lot.bidders)
        return replace(lot, items=shuffled(lot.items), demand=shuffled(lot.demand), attempts=attempts, bidders=bidders)

    other = replace(round, lots=tuple(reordered(lot) for lot in round.lots))

    assert _ordered(settle(other)) == _ordered(settle(round))


@every_round
@given(lots() | recorded_lots())
def test_the_winner_is_the_lowest_of_the_valid_and_within_the_limits(lot: Lot) -> None:
    result = settle_lot(lot)

    if result.award is not None:
        deciding = result.attempts[-1]
        within = [bid for bid in deciding.bids if bid.status in VALID - {BidStatus.OVER_CEILING}]
        assert result.award.total == min(bid.total for bid in within if bid.total is not None)
        assert lot.rules.ceiling is None or result.award.total <= lot.rules.ceiling
        assert lot.rules.minimum is None or result.award.total >= lot.rules.minimum
        assert [bid.bidder for bid in deciding.bids if bid.status is BidStatus.AWARDED] == [result.award.bidder]


@every_round
@given(lots() | recorded_lots() | reviewed_lots())
def test_an_award_stands_exactly_where_the_outcome_says_so(lot: Lot) -> None:
    result = settle_lot(lot)
    losers = [bid for attempt in result.attempts for bid in attempt.bids if bid.status is BidStatus.LOST_DRAW]

    assert (result.award is not None) == (result.outcome is Outcome.AWARDED)
    assert bool(losers) == (result.award is not None and result.draw is not None)
    assert result.award is not None or (result.savings, result.rounding_gap) == (None, None)
    assert (result.candidate is not None) == (result.outcome is Outcome.REVIEW_REQUIRED)


@every_round
@given(lots() | recorded_lots() | reviewed_lots())
def test_every_decision_can_be_explained(lot: Lot) -> None:
    said = "".join(str(sentence) for sentence in explain(lot, settle_lot(lot)))

    assert said.endswith("。")
    assert "None" not in said


@every_round
@given(recorded_lots() | reviewed_lots())
def test_a_candidate_that_failed_its_review_never_wins(lot: Lot) -> None:
    result = settle_lot(lot)
    failed = {review.bidder for review in lot.reviews if not review.passed}
    statuses = {bid.bidder: bid.status for bid in result.attempts[-1].bids} if result.attempts else {}

    assert all(statuses[bidder] is BidStatus.DISQUALIFIED for bidder in failed)
    assert result.candidate not in failed
    assert result.award is None or result.award.bidder not in failed


@every_round
@given(recorded_lots() | reviewed_lots())
def test_without_the_bids_of_those_who_failed_the_same_bidder_wins(lot: Lot) -> None:
    result = settle_lot(lot)
    failed = {review.bidder for review in lot.reviews if not review.passed}
    rest = settle_lot(_without(lot, failed))

    assert rest.award == result.award
    assert rest.candidate == result.candidate
    assert rest.draws_before == ()


@every_round
@given(recorded_lots())
def test_a_negotiated_contract_stays_within_its_limit_and_delivers_everything_once(lot: Lot) -> None:
    result = settle_lot(lot)

    if (settled := result.negotiation) is not None:
        assert settled.limit is None or settled.total <= settled.limit
        assert settled.total == sum(part.total for part in settled.contracts)
        bought = {item.id: item.quantity for part in settled.contracts for item in part.items if item.quantity}
        assert bought == {item.id: item.quantity for item in result.items if item.quantity}
        for part in settled.contracts:
            assert part.total == sum(share.amount for share in part.municipalities if share.amount is not None)
        bare = settle_lot(replace(lot, negotiation=None))
        assert (bare.outcome, bare.award, bare.savings) == (result.outcome, result.award, result.savings)


def _without(lot: Lot, failed: set[str]) -> Lot:
    """The lot as if these had not bid in its last attempt; the last lottery is the first where they are gone."""
    *before, last = lot.attempts or (None,)
    if last is None or not failed:
        return lot
    papers = [paper for paper in (*lot.draws_before, lot.draw) if paper and paper.winner not in failed]
    return replace(
        lot,
        attempts=(*before, replace(last, bids=tuple(bid for bid in last.bids if bid.bidder not in failed))),
        reviews=tuple(review for review in lot.reviews if review.passed),
        draws_before=(),
        draw=papers[-1] if papers else None,
    )


def _ties_by_reception(lot: Lot) -> bool:
    """Whether registration may number the tied: their times are equal, or one is unknown."""
    times = [bid.received_at for attempt in lot.attempts for bid in attempt.bids]
    return None in times or len(set(times)) < len(times) or lot.rules.draw is DrawMethod.PAPER


def _ordered(result: Result) -> Result:
    return replace(result, lots=tuple(_ordered_lot(lot) for lot in result.lots))


def _ordered_lot(lot: LotResult) -> LotResult:
    return replace(
        lot,
        attempts=tuple(replace(a, bids=tuple(sorted(a.bids, key=lambda bid: bid.bidder))) for a in lot.attempts),
        items=tuple(sorted(lot.items, key=lambda item: item.id)),
        municipalities=_ordered_shares(lot.municipalities),
        negotiation=lot.negotiation
        and replace(lot.negotiation, contracts=tuple(_ordered_part(part) for part in lot.negotiation.contracts)),
    )


def _ordered_part(part: NegotiatedPart) -> NegotiatedPart:
    items = tuple(sorted(part.items, key=lambda item: item.id))
    return replace(part, items=items, municipalities=_ordered_shares(part.municipalities))


def _ordered_shares(shares: Sequence[Share]) -> tuple[Share, ...]:
    return tuple(replace(share, items=tuple(sorted(share.items, key=lambda item: item.id))) for share in shares)


def _decimal(amount: int | Fraction) -> Decimal:
    exact = Fraction(amount)
    return Decimal(exact.numerator) / exact.denominator
