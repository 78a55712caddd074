"""Round files that the engine accepts and the tables cannot hold."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest

from procure.awards.storage import storage_faults
from procure.rounds.rules import NO_ROUNDS
from procure.settlement.round import (
    ContractKind,
    Correction,
    Lot,
    NegotiatedContract,
    Negotiation,
    NegotiationGround,
    Opening,
    Organisation,
    QualificationReview,
    Round,
    Rules,
    Witness,
    WitnessKind,
)
from tests.builders import OPENING, a_bid, a_demand, a_lot, a_round, absent, an_item, attempts_of, priced, some_bidders

TRILLION = 1_000_000_000_000
DAY = OPENING.date()


def faults(round_: Round) -> list[str]:
    return [fault.field for fault in storage_faults(round_)]


def lot(*bids: Any, **changes: Any) -> Lot:
    return a_lot(*((tuple(bids),) if bids else ()), **changes)


def held(
    place: str = "会議室", officer: str = "執行", recorder: str = "記録", name: str = "立会", affiliation: str = ""
) -> Round:
    return a_round(opening=Opening(place, officer, recorder, (Witness(name, WitnessKind.OFFICIAL, affiliation),)))


def corrected(was: Any = None, **changes: Any) -> Round:
    made = replace(Correction("a", was or absent("a"), "入力誤り", "山田", "鈴木", OPENING), **changes)
    attempt = replace(attempts_of((a_bid("a", 800_000),))[0], corrections=(made,))
    return a_round(a_lot(attempts=(attempt,)))


def negotiated(price: Any = 1, contractor: str = "甲", reason: str = "不落", agreed_on: date = DAY) -> Round:
    contracts = (NegotiatedContract(contractor, {"pc": price}),)
    negotiation = Negotiation(NegotiationGround.FAILED_TENDER, agreed_on, reason, contracts)
    return a_round(lot(negotiation=negotiation))


@pytest.mark.parametrize("id", sorted(NO_ROUNDS))
def test_the_address_of_another_page_is_no_id(id: str) -> None:
    assert faults(a_round(id=id)) == ["id"]
    assert faults(a_round(lot(id="new"))) == ["lots[0].id"]


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
        (a_round(bid_date=date(1, 1, 1)), "bid_date"),
        (held(place="場" * 201), "opening.place"),
        (held(officer="執" * 101), "opening.officer"),
        (held(recorder="記" * 101), "opening.recorder"),
        (held(name="立" * 101), "opening.witnesses[0].name"),
        (held(affiliation="課" * 201), "opening.witnesses[0].affiliation"),
        (a_round(lot(rules=Rules(ceiling=1, ceiling_with_tax=TRILLION))), "lots[0].rules.ceiling_with_tax"),
        (a_round(lot(rules=Rules(ceiling=1, ceiling_with_tax=Fraction(4, 3)))), "lots[0].rules.ceiling_with_tax"),
        (a_round(lot(rules=Rules(void_grounds=("鉛筆\n訂正",)))), "lots[0].rules.void_grounds[0]"),
        (a_round(lot(rules=Rules(void_grounds=("代理", "訂正\u2028")))), "lots[0].rules.void_grounds[1]"),
        (corrected(reason="誤" * 1001), "lots[0].attempts[0].corrections[0].reason"),
        (corrected(a_bid("a", TRILLION)), "lots[0].attempts[0].corrections[0].was.total"),
        (corrected(corrected_at=datetime(1, 1, 1, tzinfo=UTC)), "lots[0].attempts[0].corrections[0].corrected_at"),
        (
            a_round(lot(reviews=(QualificationReview("a", True, None, date(1, 1, 1)),))),
            "lots[0].reviews[0].reviewed_on",
        ),
        (negotiated(reason="不" * 1001), "lots[0].negotiation.reason"),
        (negotiated(agreed_on=date(1, 1, 1)), "lots[0].negotiation.agreed_on"),
        (negotiated(contractor="甲" * 201), "lots[0].negotiation.contracts[0].contractor"),
        (negotiated(price=TRILLION), "lots[0].negotiation.contracts[0].unit_prices.pc"),
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
    assert faults(held("場" * 200, "執" * 100, "記" * 100, "立" * 100, "課" * 200)) == []
    assert faults(corrected(a_bid("a", TRILLION - 1), reason="誤" * 1000)) == []
    assert faults(negotiated(TRILLION - 1, "甲" * 200, "不" * 1000)) == []


def test_every_fault_is_named_at_once() -> None:
    value = lot(a_bid("a", TRILLION), items=(an_item(unit=""),))
    assert faults(a_round(value, fiscal_year=3000)) == [
        "fiscal_year",
        "lots[0].items[0].unit",
        "lots[0].attempts[0].bids[0].total",
    ]
