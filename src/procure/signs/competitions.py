"""The lots of all rounds in the order of time, with bidders made recognisable from one round to the next."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from procure.settlement.result import LotResult, Result
from procure.settlement.round import Entry, Lot, Round
from procure.signs.opened import Opened, opened_attempts
from procure.signs.sign import Place
from procure.values.money import Yen
from procure.values.text import search_key

Entrant = tuple[str, str, str]  # round, lot, bidder: the ids of the round file


@dataclass(frozen=True, slots=True)
class Competition:
    """A lot that was opened. Bidders go by what `Identities` says; `entries` and `totals` are those of 初度入札."""

    place: Place
    title: str
    names: Mapping[str, str]
    entries: Mapping[str, Entry]
    totals: Mapping[str, Yen]
    winner: str | None

    @property
    def bid(self) -> frozenset[str]:
        return frozenset(bidder for bidder, entry in self.entries.items() if entry is Entry.BID)


@dataclass(frozen=True, slots=True)
class Identities:
    """Who is who from one round to the next: a registered supplier by its number, everybody else by name.

    A name that only one registered supplier ever bid under stands for that supplier where no number is given.
    """

    numbers: Mapping[Entrant, str] = field(default_factory=dict)
    by_name: Mapping[str, str] = field(default_factory=dict)

    def of(self, entrant: Entrant, name: str) -> str:
        same = same_bidder(name)
        return self.numbers.get(entrant) or self.by_name.get(same, same)


def identities(rounds: Iterable[tuple[Round, Result]], numbers: Mapping[Entrant, str]) -> Identities:
    """`numbers` tells which registered supplier a bidder is, where it is one."""
    known: dict[str, set[str]] = defaultdict(set)
    everybody = ((one.id, lot.id, bidder) for one, _ in rounds for lot in one.lots for bidder in lot.bidders)
    for round_id, lot_id, bidder in everybody:
        if number := numbers.get((round_id, lot_id, bidder.id)):
            known[same_bidder(bidder.name)].add(number)
    return Identities(numbers, {name: own.pop() for name, own in known.items() if len(own) == 1})


def same_bidder(name: str) -> str:
    """Names that differ in width, case, blanks or variants of a kanji are one: ids hold within a round only."""
    return "".join(c for c in search_key(name) if not unicodedata.category(c).startswith("Z"))


def competitions(rounds: Iterable[tuple[Round, Result]], who: Identities) -> tuple[Competition, ...]:
    """By bid date, then by the id of the round, lots in their order."""
    ordered = sorted(rounds, key=lambda one: (one[0].bid_date, one[0].id))
    return tuple(
        _competition(round, lot, decided, attempts, who)
        for round, result in ordered
        for lot, decided in zip(round.lots, result.lots, strict=True)
        if (attempts := opened_attempts(round.id, lot, decided))
    )


def _competition(
    round: Round, lot: Lot, decided: LotResult, attempts: Sequence[Opened], who: Identities
) -> Competition:
    known = _known(round, lot, who)
    first = attempts[0]
    return Competition(
        place=Place(round.id, lot.id),
        title=f"{round.title}　{lot.title}",
        names={known[bidder.id]: bidder.name for bidder in lot.bidders},
        entries={known[bidder]: entry for bidder, entry in first.entries.items()},
        totals={known[offer.bidder]: offer.total for offer in first.offers},
        winner=None if decided.award is None else known[decided.award.bidder],
    )


def _known(round: Round, lot: Lot, who: Identities) -> Mapping[str, str]:
    """Each bidder's id with what it goes by; where two of a lot go by the same, only their ids tell them apart."""
    same = {bidder.id: who.of((round.id, lot.id, bidder.id), bidder.name) for bidder in lot.bidders}
    times = Counter(same.values())
    return {id: key if times[key] == 1 else f"{key}\t{id}" for id, key in same.items()}
