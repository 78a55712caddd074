"""The Reiwa 3 round published year after year, a little dearer each time, for the tests of search and of prices."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from sqlmodel import select

from procure.database import Database
from procure.rounds.tables import LotRow
from procure.settlement.round import Attempt, Bid, Lot, Round
from procure.values.money import whole_or_exact
from tests import stages
from tests.people import NOW, Service, service


@contextmanager
def council_over_years(url: str, monkeypatch: pytest.MonkeyPatch, *rounds: Round) -> Iterator[Service]:
    database = Database(url)
    for value in rounds:
        monkeypatch.setattr(stages, "example", lambda value=value: value)
        with database.write() as session:
            stages.published(session, NOW)
    database.close()
    with service(url) as town:
        yield town


def cancel_printers(town: Service) -> None:
    with town.database.write() as session:
        session.exec(select(LotRow).where(LotRow.ref == "printer")).one().cancelled = "仕様の見直しのため"


def round_of(year: int, percent: int = 100, **changes: object) -> Round:
    """The example in another year (R3-1 for 2021), with every bid at so many percent of its price."""
    value = stages.example()
    titled = f"令和{year - 2018}年度 共同調達"
    lots = tuple(dearer(lot, percent) for lot in value.lots)
    made = replace(value, id=f"R{year - 2018}-1", title=titled, fiscal_year=year, bid_date=date(year, 6, 11), lots=lots)
    return replace(made, **changes)  # type: ignore[arg-type]


def dearer(lot: Lot, percent: int) -> Lot:
    return replace(lot, attempts=tuple(_attempt(attempt, percent) for attempt in lot.attempts))


def _attempt(attempt: Attempt, percent: int) -> Attempt:
    return replace(attempt, bids=tuple(_bid(bid, percent) for bid in attempt.bids))


def _bid(bid: Bid, percent: int) -> Bid:
    if bid.unit_prices is None:
        return bid
    prices = {item: whole_or_exact(Fraction(price * percent // 100)) for item, price in bid.unit_prices.items()}
    return replace(bid, unit_prices=prices, total=None)
