"""Looking at everything: the lots of a round attempt by attempt, and all rounds together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from procure.settlement.result import LotResult, Result
from procure.settlement.round import Lot, Round
from procure.signs.awards import low_award, near_ceiling
from procure.signs.competitions import Entrant, competitions, identities
from procure.signs.opened import Opened, opened_attempts
from procure.signs.patterns import declines_in_turn, never_wins, rotation, totals_at_fixed_ratio
from procure.signs.prices import fixed_ratio, identical_totals, identical_unit_prices, single_bid
from procure.signs.rebids import first_unchanged, second_gives_up
from procure.signs.sign import Look, Place, Sign
from procure.signs.spacing import close_second, equal_steps, low_variation, relative_distance

IN_AN_ATTEMPT: tuple[Callable[[Opened], Look], ...] = (
    single_bid,
    identical_totals,
    identical_unit_prices,
    fixed_ratio,
    close_second,
    low_variation,
    relative_distance,
    equal_steps,
)


@dataclass(frozen=True, slots=True)
class Looks:
    """What was looked for in one place, such as 初度入札 of a lot; `label` names the place."""

    label: str
    looks: tuple[Look, ...]

    @property
    def signs(self) -> tuple[Sign, ...]:
        return tuple(sign for look in self.looks for sign in look.signs)

    @property
    def clear(self) -> tuple[Look, ...]:
        """Looked for, and not found."""
        return tuple(look for look in self.looks if not look.signs and look.not_looked is None)

    @property
    def not_looked(self) -> tuple[Look, ...]:
        return tuple(look for look in self.looks if look.not_looked is not None)


@dataclass(frozen=True, slots=True)
class LotLooks:
    """A lot that was opened: a part for each attempt, then one for the whole lot."""

    id: str
    title: str
    parts: tuple[Looks, ...]

    @property
    def signs(self) -> tuple[Sign, ...]:
        return tuple(sign for part in self.parts for sign in part.signs)


def look_at_round(round: Round, result: Result) -> tuple[LotLooks, ...]:
    """The lots of a settled round that were opened; none before the opening."""
    return tuple(
        look_at_lot(round.id, lot, decided)
        for lot, decided in zip(round.lots, result.lots, strict=True)
        if decided.attempts
    )


def look_at_lot(round_id: str, lot: Lot, result: LotResult) -> LotLooks:
    attempts = opened_attempts(round_id, lot, result)
    parts = [Looks(opened.label, _in_attempt(attempts, place)) for place, opened in enumerate(attempts)]
    place = Place(round_id, lot.id)
    whole = (first_unchanged(place, attempts), near_ceiling(place, lot, result), low_award(place, lot, result))
    return LotLooks(lot.id, lot.title, (*parts, Looks("ロット全体", whole)))


def _in_attempt(attempts: Sequence[Opened], place: int) -> tuple[Look, ...]:
    looks = tuple(look(attempts[place]) for look in IN_AN_ATTEMPT)
    return (*looks, second_gives_up(attempts[place - 1], attempts[place])) if place else looks


def look_over(rounds: Sequence[tuple[Round, Result]], numbers: Mapping[Entrant, str] | None = None) -> Looks:
    """What shows only over the lots of all rounds, each with its result; `numbers` of suppliers as for `identities`."""
    lots = competitions(rounds, identities(rounds, numbers or {}))
    over = (totals_at_fixed_ratio(lots), declines_in_turn(lots), rotation(lots), never_wins(lots))
    return Looks("すべての案件", over)
