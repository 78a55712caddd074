"""What is found: a sign with its figures, and a look, which says that something was looked for."""

from dataclasses import dataclass

from procure.signs.kinds import METHODS, Kind, Method


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sign is: an attempt, a lot (all its attempts), or all rounds (everything None). Ids of the round file."""

    round: str | None = None
    lot: str | None = None
    attempt: int | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that the sign rests on, in words; `place` is the lot that it comes from, where that is another."""

    label: str
    value: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """A hint that somebody may want to look here. It has no grade, for it says nothing of what was done."""

    kind: Kind
    place: Place
    sentence: str
    figures: tuple[Figure, ...]

    @property
    def method(self) -> Method:
        return METHODS[self.kind]


@dataclass(frozen=True, slots=True)
class Look:
    """That a kind of sign was looked for in a place; `not_looked` says why it could not be, None where it was."""

    kind: Kind
    place: Place
    signs: tuple[Sign, ...] = ()
    not_looked: str | None = None

    @property
    def method(self) -> Method:
        return METHODS[self.kind]


def not_looked(kind: Kind, place: Place, reason: str) -> Look:
    return Look(kind, place, not_looked=reason)
