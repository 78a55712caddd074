"""The signs to look at in the rounds of the database: of one round, and over all that were opened."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from procure.bids.queries import load_round, suppliers_of
from procure.rounds.queries import lots_of, rounds_newest_first
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from procure.settlement.result import Result
from procure.settlement.round import Round
from procure.settlement.settle import settle
from procure.signs.competitions import Entrant
from procure.signs.kinds import METHODS
from procure.signs.look import Looks, LotLooks, look_at_round, look_over

OPENED = frozenset({Stage.OPENING, Stage.PUBLISHED})


@dataclass(frozen=True, slots=True)
class RoundSigns:
    """An opened round and how many signs of which kind it has, kinds in the order in which they are looked for."""

    ref: str
    title: str
    fiscal_year: int
    bid_date: date
    is_sample: bool
    lots: int
    found: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class AllSigns:
    """`over` is what shows only over the lots of all rounds; `rounds` stand newest first."""

    over: Looks
    rounds: tuple[RoundSigns, ...]


def signs_of_round(session: Session, row: RoundRow) -> tuple[LotLooks, ...]:
    """The lots of the round of which an attempt was recorded; none before the opening."""
    return look_at_round(*_settled(session, row)) if row.stage in OPENED else ()


def signs_of_all(session: Session) -> AllSigns:
    rows = [row for row in rounds_newest_first(session) if row.stage in OPENED]
    settled = [_settled(session, row) for row in rows]
    looked = [(row, look_at_round(*one)) for row, one in zip(rows, settled, strict=True)]
    numbers = dict(number for row in rows for number in _numbers(session, row))
    return AllSigns(look_over(settled, numbers), tuple(_round(row, lots) for row, lots in looked if lots))


def _settled(session: Session, row: RoundRow) -> tuple[Round, Result]:
    value = load_round(session, row)
    return value, settle(value)


def _numbers(session: Session, row: RoundRow) -> Iterator[tuple[Entrant, str]]:
    """Which registered supplier a bidder is; no name is written like one."""
    refs = {lot.id: lot.ref for lot in lots_of(session, row.id)}
    for (lot, bidder), supplier in suppliers_of(session, row.id).items():
        yield (row.ref, refs[lot], bidder), f"supplier\t{supplier.id}"


def _round(row: RoundRow, lots: Sequence[LotLooks]) -> RoundSigns:
    counts = Counter(sign.kind for lot in lots for sign in lot.signs)
    found = tuple((METHODS[kind].label, counts[kind]) for kind in METHODS if counts[kind])
    return RoundSigns(row.ref, row.title, row.fiscal_year, row.bid_date, row.is_sample, len(lots), found)
