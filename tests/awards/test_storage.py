"""Round files that the engine accepts and the tables cannot hold."""

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest

from procure.awards.storage import storage_faults
from procure.settlement.round import ContractKind, Lot, Organisation, Round, Rules
from tests.builders import a_bid, a_demand, a_lot, a_round, an_item, priced, some_bidders

TRILLION = 1_000_000_000_000


def faults(round_: Round) -> list[str]:
    return [fault.field for fault in storage_faults(round_)]


def lot(*bids: Any, **changes: Any) -> Lot:
    return a_lot(*((tuple(bids),) if bids else ()), **changes)


def test_an_ordinary_round_is_held_whole() -> None:
    assert faults(a_round(lot(a_bid("a", 800_000)))) == []


@pytest.mark.parametrize(
    ("round_", "path"),
    [
        (a_round(title="件" * 1001), "title"),
        (a_round(council="会" * 1001), "council.name"),
        (a_round(fiscal_year=1899), "fiscal_year"),
        (a_round(fiscal_year=3000), "fiscal_year"),
        (a_round(organisations=(Organisation("290009", "組" * 101, "組合"),)), "organisations[0].name"),
        (a_round(lot(title="ロ" * 1001)), "lots[0].title"),
        (a_round(lot(rules=Rules(ceiling=TRILLION))), "lots[0].rules.ceiling"),
        (a_round(lot(rules=Rules(ceiling=Fraction(1, 1000)))), "lots[0].rules.ceiling"),
        (
            a_round(lot(contract_kind=ContractKind.WORKS, rules=Rules(minimum=Fraction(1, 3000)))),
            "lots[0].rules.minimum",
        ),
        (a_round(lot(items=(an_item(name="品" * 1001),))), "lots[0].items[0].name"),
        (a_round(lot(items=(an_item(specification="規" * 10001),))), "lots[0].items[0].specification"),
        (a_round(lot(items=(an_item(unit=""),))), "lots[0].items[0].unit"),
        (a_round(lot(items=(an_item(unit="単" * 101),))), "lots[0].items[0].unit"),
        (a_round(lot(items=(an_item(list_price=TRILLION),))), "lots[0].items[0].list_price"),
        (a_round(lot(demand=(a_demand(pc=100_000_000),))), "lots[0].demand[0].quantities.pc"),
        (a_round(lot(bidders=(replace(some_bidders("a")[0], name="商" * 1001),))), "lots[0].bidders[0].name"),
        (a_round(lot(a_bid("a", TRILLION))), "lots[0].attempts[0].bids[0].total"),
        (a_round(lot(priced("a", pc=TRILLION))), "lots[0].attempts[0].bids[0].unit_prices.pc"),
        (
            a_round(lot(a_bid("a", 1, received_at=datetime(1, 1, 1, tzinfo=UTC)))),
            "lots[0].attempts[0].bids[0].received_at",
        ),
    ],
)
def test_what_does_not_fit_is_named_by_its_path(round_: Round, path: str) -> None:
    assert faults(round_) == [path]


def test_an_opening_in_an_unthinkable_year_is_named() -> None:
    value = a_lot((a_bid("a", 1),))
    late = replace(value.attempts[0], opened_at=datetime(3000, 1, 1, tzinfo=UTC))
    assert faults(a_round(replace(value, attempts=(late,)))) == ["lots[0].attempts[0].opened_at"]


def test_the_largest_that_fits_is_held() -> None:
    value = lot(
        priced("a", pc=TRILLION - 1),
        title="ロ" * 1000,
        items=(an_item(unit="単" * 100, specification="規" * 10000),),
        demand=(a_demand(pc=99_999_999),),
    )
    assert faults(a_round(value, title="件" * 1000, fiscal_year=2999)) == []


def test_every_fault_is_named_at_once() -> None:
    value = lot(a_bid("a", TRILLION), items=(an_item(unit=""),))
    assert faults(a_round(value, fiscal_year=3000)) == [
        "fiscal_year",
        "lots[0].items[0].unit",
        "lots[0].attempts[0].bids[0].total",
    ]
