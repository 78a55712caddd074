"""The quantities of a contract, slip by slip: changes, orders, deliveries, acceptances. Only ever added to. Pure.

What was recorded wrongly is taken back by a slip of the same day with the quantities reversed (反対記入).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from procure.contracts.states import Act

Quantities = Mapping[str, int]  # by item

# Each follows the one before it, and never exceeds it: contracted, ordered, delivered, accepted.
CHAIN = (Act.CHANGE, Act.ORDER, Act.DELIVERY, Act.ACCEPTANCE)


@dataclass(frozen=True, slots=True)
class Slip:
    """An entry. Quantities are above zero but for a change, which may take away, and a slip that `reverses` another.

    `resolved_on` is the day of the assembly's vote on a change (議決, or 専決処分 of 地方自治法180条).
    """

    number: int
    act: Act
    day: date
    quantities: Quantities
    reverses: int | None = None
    resolved_on: date | None = None


@dataclass(frozen=True, slots=True)
class Excess:
    """At the end of `day` more of an item is recorded for `act` than for what comes before it."""

    item: str
    act: Act
    day: date


@dataclass(frozen=True, slots=True)
class Ledger:
    """`agreed` are the quantities of the contract as it was concluded; the slips stand in the order of recording."""

    agreed: Quantities
    slips: tuple[Slip, ...] = ()

    def sums(self, act: Act, until: date | None = None) -> Quantities:
        """By item, over the slips of days up to `until`; for a change the quantities contracted."""
        found: Counter[str] = Counter(self.agreed if act is Act.CHANGE else dict.fromkeys(self.agreed, 0))
        for slip in self.slips:
            if slip.act is act and (until is None or slip.day <= until):
                found.update(slip.quantities)
        return dict(found)

    def room(self, act: Act) -> Quantities:
        """How many of each item may still be ordered, delivered or accepted; for a change, taken away."""
        if act is Act.CHANGE:
            return self._between(Act.CHANGE, Act.ORDER)
        return self._between(CHAIN[CHAIN.index(act) - 1], act)

    def _between(self, before: Act, after: Act) -> Quantities:
        upper, lower = self.sums(before), self.sums(after)
        return {item: quantity - lower.get(item, 0) for item, quantity in upper.items()}

    def excesses(self) -> Iterator[Excess]:
        """Where the record is impossible on some day: accepted above delivered, delivered above ordered, and so on."""
        for day in sorted({slip.day for slip in self.slips}):
            sums = [self.sums(act, day) for act in CHAIN]
            for before, after, act in zip(sums, sums[1:], CHAIN[1:], strict=False):
                yield from (Excess(item, act, day) for item in after if after[item] > before.get(item, 0))
            yield from (
                Excess(item, act, day) for act, at in zip(CHAIN, sums, strict=True) for item in at if at[item] < 0
            )

    def with_slip(self, slip: Slip) -> "Ledger":
        return replace(self, slips=(*self.slips, slip))

    def reversal(self, number: int) -> Slip:
        """The slip that takes another back. The number has to be one of the ledger's."""
        slip = self.slip(number)
        back = {item: -quantity for item, quantity in slip.quantities.items()}
        return Slip(self.next_number, slip.act, slip.day, back, slip.number)

    def slip(self, number: int) -> Slip:
        return next(slip for slip in self.slips if slip.number == number)

    @property
    def next_number(self) -> int:
        return max((slip.number for slip in self.slips), default=0) + 1

    @property
    def reversed(self) -> frozenset[int]:
        """The numbers of the slips that were taken back."""
        return frozenset(slip.reverses for slip in self.slips if slip.reverses is not None)

    @property
    def standing(self) -> tuple[Slip, ...]:
        """The slips that count: neither taken back nor taking back."""
        return tuple(slip for slip in self.slips if slip.reverses is None and slip.number not in self.reversed)

    @property
    def is_begun(self) -> bool:
        return any(self.sums(Act.ORDER).values())

    @property
    def is_complete(self) -> bool:
        """Everything contracted was accepted."""
        return not any(self._between(Act.CHANGE, Act.ACCEPTANCE).values())

    @property
    def is_delivered(self) -> bool:
        return not any(self._between(Act.CHANGE, Act.DELIVERY).values())
