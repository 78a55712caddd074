"""What holds for the signs of any round: names, order and scale make no difference, and nothing is made up."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from statistics import variance

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procure.settlement.bids import VALID
from procure.settlement.round import Attempt, Bid, Bidder, Lot, Round
from procure.settlement.settle import settle
from procure.signs.kinds import Kind
from procure.signs.look import look_at_round, look_over
from procure.signs.sign import Look
from procure.signs.thresholds import LOW_VARIATION
from procure.values.money import Yen, whole_or_exact
from tests.settlement.strategies import rounds

every_round = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
several = st.lists(rounds(), min_size=1, max_size=4).map(
    lambda found: [replace(round, id=f"R{number}") for number, round in enumerate(found)]
)


def looks(*found: Round) -> list[Look]:
    """Everything that is looked for in these rounds, one by one and together."""
    settled = [(round, settle(round)) for round in found]
    own = [look for one in settled for lot in look_at_round(*one) for part in lot.parts for look in part.looks]
    return [*own, *look_over(settled).looks]


def with_bidders(round: Round, names: Mapping[str, str]) -> Round:
    lots = [replace(lot, bidders=tuple(Bidder(one.id, names[one.id]) for one in lot.bidders)) for lot in round.lots]
    return replace(round, lots=tuple(lots))


def backwards(lot: Lot) -> Lot:
    attempts = tuple(replace(attempt, bids=attempt.bids[::-1]) for attempt in lot.attempts)
    return replace(lot, bidders=lot.bidders[::-1], attempts=attempts)


def times(lot: Lot, factor: int) -> Lot:
    """Every price of the lot, limits included, times the factor."""

    def scaled(amount: Yen | None) -> Yen | None:
        return None if amount is None else whole_or_exact(amount * factor)

    def dearer(bid: Bid) -> Bid:
        prices = None if bid.unit_prices is None else {id: price * factor for id, price in bid.unit_prices.items()}
        return replace(bid, unit_prices=prices, total=scaled(bid.total))

    def all_dearer(attempt: Attempt) -> Attempt:
        return replace(attempt, bids=tuple(dearer(bid) for bid in attempt.bids))

    rules = replace(lot.rules, ceiling=scaled(lot.rules.ceiling), minimum=scaled(lot.rules.minimum))
    return replace(lot, rules=rules, attempts=tuple(all_dearer(attempt) for attempt in lot.attempts))


def shape(found: list[Look]) -> Counter[tuple[object, ...]]:
    """What was found where and on how many figures, whoever it names."""
    return Counter((sign.kind, sign.place, len(sign.figures)) for look in found for sign in look.signs)


@every_round
@given(several)
def test_other_names_change_nothing_but_the_names(found: list[Round]) -> None:
    ids = sorted({bidder.id for round in found for lot in round.lots for bidder in lot.bidders}, reverse=True)
    names = {id: f"〔{number}〕" for number, id in enumerate(ids)}
    old = {bidder.id: bidder.name for round in found for lot in round.lots for bidder in lot.bidders}

    def in_old_names(text: str) -> str:
        for id, name in names.items():
            text = text.replace(name, old[id])
        return text

    renamed = looks(*(with_bidders(round, names) for round in found))
    assert [
        (
            sign.place,
            in_old_names(sign.sentence),
            [(in_old_names(one.label), in_old_names(one.value)) for one in sign.figures],
        )
        for look in renamed
        for sign in look.signs
    ] == [
        (sign.place, sign.sentence, [(one.label, one.value) for one in sign.figures])
        for look in looks(*found)
        for sign in look.signs
    ]


@every_round
@given(several)
def test_the_order_of_the_bidders_changes_nothing(found: list[Round]) -> None:
    fixed = [replace(round, lots=_not_drawn(round)) for round in found]
    turned = [replace(round, lots=tuple(backwards(lot) for lot in round.lots)) for round in fixed]
    assert shape(looks(*fixed)) == shape(looks(*turned))


def _not_drawn(round: Round) -> tuple[Lot, ...]:
    """A lottery goes by the order of registration, so that another order may have another winner."""
    return tuple(lot for lot, decided in zip(round.lots, settle(round).lots, strict=True) if decided.draw is None)


@every_round
@given(several, st.integers(2, 1000))
def test_all_prices_times_one_factor_have_the_same_signs(found: list[Round], factor: int) -> None:
    dearer = [replace(round, lots=tuple(times(lot, factor) for lot in round.lots)) for round in found]
    assert shape(looks(*dearer)) == shape(looks(*found))


@every_round
@given(rounds())
def test_equal_totals_are_found_exactly_where_two_totals_are_equal(round: Round) -> None:
    for lot, decided in zip(round.lots, settle(round).lots, strict=True):
        for attempt in decided.attempts:
            totals = [bid.total for bid in attempt.bids if bid.total is not None]
            place = (round.id, lot.id, attempt.number)
            found = [look for look in looks(round) if look.kind is Kind.IDENTICAL_TOTALS and _place(look) == place]
            assert bool(found[0].signs) == any(one == other for one, other in combinations(totals, 2))


@every_round
@given(rounds())
def test_a_low_variation_agrees_with_the_statistics_of_the_library(round: Round) -> None:
    found = {_place(look): look for look in looks(round) if look.kind is Kind.LOW_VARIATION}
    for decided in settle(round).lots:
        for attempt in decided.attempts:
            totals = [Fraction(bid.total) for bid in attempt.bids if bid.status in VALID and bid.total is not None]
            look = found[round.id, decided.id, attempt.number]
            assert (look.not_looked is None) == (len(totals) >= 3)
            if look.not_looked is None:
                is_low = variance(totals) * len(totals) ** 2 <= LOW_VARIATION**2 * sum(totals) ** 2
                assert bool(look.signs) == is_low


@every_round
@given(several)
def test_everything_is_looked_for_once_and_what_was_not_has_no_sign(found: list[Round]) -> None:
    all_looks = looks(*found)
    assert max(Counter((look.kind, look.place) for look in all_looks).values()) == 1
    assert all(not (look.signs and look.not_looked) for look in all_looks)
    assert all(sign.kind is look.kind and sign.place == look.place for look in all_looks for sign in look.signs)
    assert all(sign.figures and sign.method.source for look in all_looks for sign in look.signs)


def _place(look: Look) -> tuple[str | None, str | None, int | None]:
    return look.place.round, look.place.lot, look.place.attempt
