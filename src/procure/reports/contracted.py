"""From the awards to what is bought in the end: 随意契約 by their ground beside the awards, with and without them.

The awards stay as the result has them. A lot whose winner did not sign is among them, and is taken off before the
随意契約 that took its place (9号) is added; where it was put out to tender again, nothing is. Tax-exclusive yen.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from procure.reports.savings import (
    Line,
    LotSavings,
    NegotiatedSavings,
    SavingsReport,
    grouped,
    merged,
    suppliers,
)
from procure.settlement.labels import NEGOTIATION_SHORT
from procure.settlement.round import NegotiationGround

AWARDED, NOT_SIGNED, STANDING, ALL = "awarded", "not_signed", "standing", "contracted"


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the way from the awards to the whole; `is_taken_off` where its amounts are subtracted."""

    line: Line
    is_taken_off: bool = False
    is_sum: bool = False


@dataclass(frozen=True, slots=True)
class Contracted:
    """`awarded` is 経費削減効果 of the result; `standing` its part that is contracted, `whole` that and 随意契約.

    `not_signed` is None where every winner signs. `grounds` are 8号 and 9号, those that there are. Bodies stand in the
    order of their codes, those who supply in that of their lots.
    """

    awarded: Line
    not_signed: Line | None
    standing: Line
    grounds: tuple[Line, ...]
    whole: Line
    bodies: tuple[Line, ...]
    suppliers: tuple[Line, ...]

    @property
    def steps(self) -> Iterator[Step]:
        yield Step(self.awarded)
        if self.not_signed:
            yield Step(self.not_signed, is_taken_off=True)
        if self.not_signed and self.grounds:
            yield Step(self.standing, is_sum=True)
        yield from (Step(line) for line in self.grounds)
        yield Step(self.whole, is_sum=True)


def contracted_in(savings: SavingsReport) -> Contracted | None:
    """Of one round."""
    return contracted(savings.lots, savings.negotiated)


def bought(savings: SavingsReport) -> Line:
    """The round over what is bought in the end, whether or not anything was negotiated."""
    standing = [lot.line for lot in standing_lots(savings.lots)]
    return merged(savings.report.id, savings.report.title, [*standing, *(lot.line for lot in savings.negotiated)])


def bought_lots(savings: SavingsReport) -> tuple[LotSavings, ...]:
    """The awards that are contracted, and each 随意契約 as a lot by itself."""
    return (*standing_lots(savings.lots), *(contract for lot in savings.negotiated for contract in lot.contracts))


def standing_lots(awarded: Iterable[LotSavings]) -> tuple[LotSavings, ...]:
    return tuple(lot for lot in awarded if lot.report.award_stands)


def contracted(awarded: Sequence[LotSavings], negotiated: Sequence[NegotiatedSavings]) -> Contracted | None:
    """None where every award stands and nothing was contracted by 随意契約: the awards are then the whole."""
    standing = standing_lots(awarded)
    if not negotiated and len(standing) == len(awarded):
        return None
    lines = [lot.line for lot in standing]
    return Contracted(
        awarded=merged(AWARDED, "落札によるもの", [lot.line for lot in awarded]),
        not_signed=_not_signed(awarded),
        standing=merged(STANDING, "落札により契約するもの（随意契約を除く計）", lines),
        grounds=tuple(_grounds(negotiated)),
        whole=merged(
            ALL,
            "落札と随意契約の計" if negotiated else "落札により契約するものの計",
            [*lines, *(lot.line for lot in negotiated)],
        ),
        bodies=_bodies([*_of_bodies(standing), *_of_bodies(negotiated)]),
        suppliers=suppliers([*standing, *(contract for lot in negotiated for contract in lot.contracts)]),
    )


def _not_signed(awarded: Iterable[LotSavings]) -> Line | None:
    lines = [lot.line for lot in awarded if not lot.report.award_stands]
    return merged(NOT_SIGNED, "落札者が契約を締結しなかったもの（除く）", lines) if lines else None


def _grounds(negotiated: Sequence[NegotiatedSavings]) -> Iterator[Line]:
    for ground in NegotiationGround:
        if lines := [lot.line for lot in negotiated if lot.ground is ground]:
            yield merged(ground.value, f"随意契約によるもの（{NEGOTIATION_SHORT[ground]}）", lines)


def _of_bodies(lots: Iterable[LotSavings | NegotiatedSavings]) -> Iterator[Line]:
    return (line for lot in lots for line in lot.bodies)


def _bodies(lines: Sequence[Line]) -> tuple[Line, ...]:
    return tuple(sorted(grouped(lines, lambda line: line.id), key=lambda line: line.id))
