"""Builders of rounds, lots and bids: a test names what it is about, the rest is filled in."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from importlib.resources import files
from typing import Any

from procure.settlement.round import (
    Attempt,
    Bid,
    Bidder,
    ContractKind,
    Demand,
    Entry,
    Item,
    Lot,
    Round,
    Rules,
)
from procure.settlement.round_file import round_json
from procure.values.money import Yen

JST = timezone(timedelta(hours=9))
NARA, YAMATOTAKADA, YAMATOKORIYAMA = "292010", "292028", "292036"
MUNICIPALITIES = (NARA, YAMATOTAKADA, YAMATOKORIYAMA, "292044", "292052", "292061", "293423", "294250")
OPENING = datetime(2021, 6, 11, 10, 0, tzinfo=JST)


def r3_text() -> str:
    """The worked example of Reiwa 3, as the package carries it."""
    return files("procure").joinpath("examples", "r3.round.json").read_text(encoding="utf-8")


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A time on the day of the bids, in Japan."""
    return OPENING.replace(hour=hour, minute=minute, second=second)


def an_item(id: str = "pc", list_price: Yen | None = 100_000, **changes: Any) -> Item:
    return replace(Item(id, "ノートパソコン", "15.6型", "台", list_price), **changes)


def a_demand(municipality: str = NARA, **quantities: int) -> Demand:
    return Demand(municipality, quantities or {"pc": 10})


def a_bid(bidder: str, total: Yen | None = None, **changes: Any) -> Bid:
    return replace(Bid(bidder, Entry.BID, total=total), **changes)


def priced(bidder: str, changes: Mapping[str, Any] | None = None, **unit_prices: Yen) -> Bid:
    """A bid by its 内訳書 alone."""
    return replace(Bid(bidder, Entry.BID, unit_prices=unit_prices), **(changes or {}))


def declined(bidder: str) -> Bid:
    return Bid(bidder, Entry.DECLINED)


def absent(bidder: str) -> Bid:
    return Bid(bidder, Entry.ABSENT)


def some_bidders(*ids: str) -> tuple[Bidder, ...]:
    return tuple(Bidder(id, f"{id.upper()}商会") for id in ids)


def attempts_of(*attempts: tuple[Bid, ...]) -> tuple[Attempt, ...]:
    """初度入札, 再度入札, … with these bids, an hour apart."""
    return tuple(
        Attempt(number, OPENING + timedelta(hours=number - 1), bids) for number, bids in enumerate(attempts, start=1)
    )


def a_lot(*attempts: tuple[Bid, ...], **changes: Any) -> Lot:
    """Ten computers at a list price of 100,000 for Nara, bidders a to d, and these attempts."""
    lot = Lot(
        id="pc",
        title="パソコンの共同調達",
        contract_kind=ContractKind.PURCHASE,
        rules=Rules(ceiling=900_000),
        items=(an_item(),),
        demand=(a_demand(),),
        bidders=some_bidders("a", "b", "c", "d"),
        attempts=attempts_of(*attempts),
    )
    return replace(lot, **changes)


def a_round(*lots: Lot, **changes: Any) -> Round:
    round = Round("R3-1", "令和３年度 共同調達", 2021, date(2021, 6, 11), "見本協議会", lots or (a_lot(),))
    return replace(round, **changes)


def round_value(*lots: Lot, **changes: Any) -> dict[str, Any]:
    """A round file as plain JSON values, to be spoilt by a test."""
    value: dict[str, Any] = json.loads(json.dumps(round_json(a_round(*lots, **changes))))
    return value
