"""The lots of all rounds in the order of time, with bidders made recognisable from one round to the next."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from procure.settlement.result import LotResult, Result
from procure.settlement.round import Entry, Lot, Round
from procure.signs.opened import Opened, opened_attempts
from procure.signs.sign import Place
from procure.values.money import Yen
from procure.values.text import search_key


@dataclass(frozen=True, slots=True)
class Competition:
    """A lot that was opened. Bidders go by `same_bidder`; `entries` and `totals` are those of 初度入札."""

    place: Place
    title: str
    names: Mapping[str, str]
    entries: Mapping[str, Entry]
    totals: Mapping[str, Yen]
    winner: str | None

    @property
    def bid(self) -> frozenset[str]:
        return frozenset(bidder for bidder, entry in self.entries.items() if entry is Entry.BID)


def same_bidder(name: str) -> str:
    """Names that differ in width, case, blanks or variants of a kanji are one bidder: ids hold within a round only."""
    return "".join(c for c in search_key(name) if not unicodedata.category(c).startswith("Z"))


def competitions(rounds: Iterable[tuple[Round, Result]]) -> tuple[Competition, ...]:
    """By bid date, then by the id of the round, lots in their order."""
    ordered = sorted(rounds, key=lambda one: (one[0].bid_date, one[0].id))
    return tuple(
        _competition(round, lot, decided, attempts)
        for round, result in ordered
        for lot, decided in zip(round.lots, result.lots, strict=True)
        if (attempts := opened_attempts(round.id, lot, decided))
    )


def _competition(round: Round, lot: Lot, decided: LotResult, attempts: Sequence[Opened]) -> Competition:
    known = _known(lot)
    first = attempts[0]
    return Competition(
        place=Place(round.id, lot.id),
        title=f"{round.title}　{lot.title}",
        names={known[bidder.id]: bidder.name for bidder in lot.bidders},
        entries={known[bidder]: entry for bidder, entry in first.entries.items()},
        totals={known[offer.bidder]: offer.total for offer in first.offers},
        winner=None if decided.award is None else known[decided.award.bidder],
    )


def _known(lot: Lot) -> Mapping[str, str]:
    """Each bidder's id with what it goes by; where two of a lot have one name, only their ids tell them apart."""
    same = {bidder.id: same_bidder(bidder.name) for bidder in lot.bidders}
    times = Counter(same.values())
    return {id: name if times[name] == 1 else f"{name}\t{id}" for id, name in same.items()}
