"""Sums and differences of amounts of which some may be unknown."""

from collections.abc import Iterable

from procure.values.money import Yen, format_decimal, whole_or_exact


def total(values: Iterable[Yen | None]) -> Yen | None:
    """The sum, or None where one of them is unknown."""
    known = list(values)
    return None if None in known else whole_or_exact(sum(value for value in known if value is not None))


def less(amount: Yen | None, other: Yen | None) -> Yen | None:
    """The difference, or None where either side is unknown."""
    return None if amount is None or other is None else whole_or_exact(amount - other)


def places(amounts: Iterable[Yen | None]) -> int:
    """How many decimals it takes to write every one of them exactly."""
    return max((len(format_decimal(amount).partition(".")[2]) for amount in amounts if amount is not None), default=0)
