"""What of a sound round file the tables cannot hold, fault by fault. Pure."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from procure.errors import Fault
from procure.settlement.round import Attempt, Bid, Demand, Item, Lot, Organisation, Round, Rules
from procure.values.money import Yen, decimals_fit
from procure.values.quantity import MOST_QUANTITY, MOST_YEN
from procure.values.text import plain

FIRST_YEAR, LAST_YEAR = 1900, 2999
SEN_DECIMALS = 2
NOT_IN_ADDRESSES = "/\\?#%"


def storage_faults(round_: Round) -> Iterator[Fault]:
    """By the paths of the file, so that a file the engine accepts is refused by name and not by the database."""
    yield from _address("id", round_.id)
    yield from _text("title", round_.title, 1, 1000)
    yield from _text("council.name", round_.council, 1, 1000)
    if not FIRST_YEAR <= round_.fiscal_year <= LAST_YEAR:
        yield Fault("fiscal_year", f"{round_.fiscal_year} is not kept; a year from {FIRST_YEAR} to {LAST_YEAR} is")
    for index, organisation in enumerate(round_.organisations):
        yield from _organisation(f"organisations[{index}]", organisation)
    for index, lot in enumerate(round_.lots):
        yield from _lot(f"lots[{index}]", lot)


def _address(path: str, ref: str) -> Iterator[Fault]:
    """Rounds and lots have pages of their own, named by their ids."""
    if ref in (".", "..") or any(sign in ref for sign in NOT_IN_ADDRESSES):
        yield Fault(path, f'"{ref}" cannot stand in the address of a page; an id without {NOT_IN_ADDRESSES} is kept')


def _organisation(path: str, organisation: Organisation) -> Iterator[Fault]:
    yield from _text(f"{path}.name", plain(organisation.name), 1, 100)
    yield from _text(f"{path}.name", organisation.name, 1, 120)


def _lot(path: str, lot: Lot) -> Iterator[Fault]:
    yield from _address(f"{path}.id", lot.id)
    yield from _text(f"{path}.title", lot.title, 1, 1000)
    yield from _rules(f"{path}.rules", lot.rules)
    yield from chain.from_iterable(_item(f"{path}.items[{i}]", item) for i, item in enumerate(lot.items))
    yield from chain.from_iterable(_demand(f"{path}.demand[{i}]", demand) for i, demand in enumerate(lot.demand))
    for index, bidder in enumerate(lot.bidders):
        yield from _text(f"{path}.bidders[{index}].name", bidder.name, 1, 1000)
    yield from chain.from_iterable(_attempt(f"{path}.attempts[{i}]", attempt) for i, attempt in enumerate(lot.attempts))


def _rules(path: str, rules: Rules) -> Iterator[Fault]:
    yield from _amount(f"{path}.ceiling", rules.ceiling)
    yield from _amount(f"{path}.minimum", rules.minimum)


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


def _bid(path: str, bid: Bid) -> Iterator[Fault]:
    yield from _amount(f"{path}.total", bid.total)
    for item, price in (bid.unit_prices or {}).items():
        yield from _amount(f"{path}.unit_prices.{item}", price)
    yield from _moment(f"{path}.received_at", bid.received_at)


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
    if moment is not None and not FIRST_YEAR <= moment.year <= LAST_YEAR:
        yield Fault(path, f"the year {moment.year} is not kept; one from {FIRST_YEAR} to {LAST_YEAR} is")
