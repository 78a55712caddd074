"""What of a sound round file the tables cannot hold, fault by fault. Pure."""

from collections.abc import Container, Iterable, Iterator
from datetime import date, datetime
from itertools import chain

from procure.errors import Fault
from procure.rounds.rules import NO_LOTS, NO_ROUNDS
from procure.settlement.round import (
    Attempt,
    Bid,
    Correction,
    Demand,
    Item,
    Lot,
    Negotiation,
    Opening,
    Organisation,
    Round,
    Rules,
)
from procure.values.money import Yen, decimals_fit
from procure.values.quantity import MOST_QUANTITY, MOST_YEN
from procure.values.text import plain

FIRST_YEAR, LAST_YEAR = 1900, 2999
SEN_DECIMALS = 2
NOT_IN_ADDRESSES = "/\\?#%"


def storage_faults(round_: Round) -> Iterator[Fault]:
    """By the paths of the file, so that a file the engine accepts is refused by name and not by the database."""
    yield from _address("id", round_.id, NO_ROUNDS)
    yield from _text("title", round_.title, 1, 1000)
    yield from _text("council.name", round_.council, 1, 1000)
    if not FIRST_YEAR <= round_.fiscal_year <= LAST_YEAR:
        yield Fault("fiscal_year", f"{round_.fiscal_year} is not kept; a year from {FIRST_YEAR} to {LAST_YEAR} is")
    yield from _day("bid_date", round_.bid_date)
    yield from _opening(round_.opening)
    for index, organisation in enumerate(round_.organisations):
        yield from _organisation(f"organisations[{index}]", organisation)
    for index, lot in enumerate(round_.lots):
        yield from _lot(f"lots[{index}]", lot)


def sealing_faults(round_: Round, lots: Iterable[int]) -> Iterator[Fault]:
    """A ceiling is sealed with a 予定価格 in whole yen; `lots` are the places of those that an import would seal."""
    for index in lots:
        said = round_.lots[index].rules.ceiling_with_tax
        if said is not None and not decimals_fit(said, 0):
            yield Fault(f"lots[{index}].rules.ceiling_with_tax", "is not in whole yen; one that is sealed has to be")


def _address(path: str, ref: str, taken: Container[str]) -> Iterator[Fault]:
    """Rounds and lots have pages of their own, named by their ids."""
    if ref in (".", "..") or any(sign in ref for sign in NOT_IN_ADDRESSES):
        yield Fault(path, f'"{ref}" cannot stand in the address of a page; an id without {NOT_IN_ADDRESSES} is kept')
    if ref in taken:
        yield Fault(path, f'"{ref}" is the address of another page of the service; any other id is kept, as "R8-1"')


def _organisation(path: str, organisation: Organisation) -> Iterator[Fault]:
    yield from _text(f"{path}.name", plain(organisation.name), 1, 100)
    yield from _text(f"{path}.name", organisation.name, 1, 120)


def _opening(opening: Opening | None) -> Iterator[Fault]:
    if opening is None:
        return
    yield from _text("opening.place", opening.place, 1, 200)
    yield from _text("opening.officer", opening.officer, 1, 100)
    yield from _text("opening.recorder", opening.recorder, 1, 100)
    for index, witness in enumerate(opening.witnesses):
        yield from _text(f"opening.witnesses[{index}].name", witness.name, 1, 100)
        yield from _text(f"opening.witnesses[{index}].affiliation", witness.affiliation, 0, 200)


def _lot(path: str, lot: Lot) -> Iterator[Fault]:
    yield from _address(f"{path}.id", lot.id, NO_LOTS)
    yield from _text(f"{path}.title", lot.title, 1, 1000)
    yield from _rules(f"{path}.rules", lot.rules)
    yield from chain.from_iterable(_item(f"{path}.items[{i}]", item) for i, item in enumerate(lot.items))
    yield from chain.from_iterable(_demand(f"{path}.demand[{i}]", demand) for i, demand in enumerate(lot.demand))
    for index, bidder in enumerate(lot.bidders):
        yield from _text(f"{path}.bidders[{index}].name", bidder.name, 1, 1000)
    yield from chain.from_iterable(_attempt(f"{path}.attempts[{i}]", attempt) for i, attempt in enumerate(lot.attempts))
    for index, review in enumerate(lot.reviews):
        yield from _day(f"{path}.reviews[{index}].reviewed_on", review.reviewed_on)
    yield from _negotiation(f"{path}.negotiation", lot.negotiation)


def _rules(path: str, rules: Rules) -> Iterator[Fault]:
    yield from _amount(f"{path}.ceiling", rules.ceiling)
    yield from _amount(f"{path}.minimum", rules.minimum)
    yield from _amount(f"{path}.ceiling_with_tax", rules.ceiling_with_tax)
    for index, ground in enumerate(rules.void_grounds):
        if ground.splitlines() != [ground]:
            yield Fault(f"{path}.void_grounds[{index}]", "is a text of several lines; a ground is kept in one line")


def _item(path: str, item: Item) -> Iterator[Fault]:
    yield from _text(f"{path}.name", item.name, 1, 1000)
    yield from _text(f"{path}.specification", item.specification, 0, 10000)
    yield from _text(f"{path}.unit", item.unit, 1, 100)
    yield from _amount(f"{path}.list_price", item.list_price)


def _demand(path: str, demand: Demand) -> Iterator[Fault]:
    for item, quantity in demand.quantities.items():
        if quantity > MOST_QUANTITY:
            yield Fault(f"{path}.quantities.{item}", f"{quantity:,} is more than {MOST_QUANTITY:,}")


def _attempt(path: str, attempt: Attempt) -> Iterator[Fault]:
    yield from _moment(f"{path}.opened_at", attempt.opened_at)
    for index, bid in enumerate(attempt.bids):
        yield from _bid(f"{path}.bids[{index}]", bid)
    for index, correction in enumerate(attempt.corrections):
        yield from _correction(f"{path}.corrections[{index}]", correction)


def _bid(path: str, bid: Bid) -> Iterator[Fault]:
    yield from _amount(f"{path}.total", bid.total)
    for item, price in (bid.unit_prices or {}).items():
        yield from _amount(f"{path}.unit_prices.{item}", price)
    yield from _moment(f"{path}.received_at", bid.received_at)


def _correction(path: str, correction: Correction) -> Iterator[Fault]:
    yield from _bid(f"{path}.was", correction.was)
    yield from _text(f"{path}.reason", correction.reason, 1, 1000)
    yield from _moment(f"{path}.corrected_at", correction.corrected_at)


def _negotiation(path: str, negotiation: Negotiation | None) -> Iterator[Fault]:
    if negotiation is None:
        return
    yield from _day(f"{path}.agreed_on", negotiation.agreed_on)
    yield from _text(f"{path}.reason", negotiation.reason, 1, 1000)
    for index, contract in enumerate(negotiation.contracts):
        yield from _text(f"{path}.contracts[{index}].contractor", contract.contractor, 1, 200)
        for item, price in contract.unit_prices.items():
            yield from _amount(f"{path}.contracts[{index}].unit_prices.{item}", price)


def _text(path: str, text: str, shortest: int, longest: int) -> Iterator[Fault]:
    if len(text) < shortest:
        yield Fault(path, "is empty; a text is needed")
    elif len(text) > longest:
        yield Fault(path, f"is a text of {len(text):,} characters; {longest:,} are kept")


def _amount(path: str, amount: Yen | None) -> Iterator[Fault]:
    if amount is None:
        return
    if amount > MOST_YEN:
        yield Fault(path, f"is an amount of more than {MOST_YEN:,} yen")
    if not decimals_fit(amount, SEN_DECIMALS):
        yield Fault(path, "is an amount finer than 1 sen (0.01 yen)")


def _moment(path: str, moment: datetime | None) -> Iterator[Fault]:
    if moment is not None:
        yield from _day(path, moment)


def _day(path: str, day: date) -> Iterator[Fault]:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        yield Fault(path, f"the year {day.year} is not kept; one from {FIRST_YEAR} to {LAST_YEAR} is")
