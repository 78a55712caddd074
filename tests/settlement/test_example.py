"""The worked example of Reiwa 3, to the yen, and the shape of `procure.result/1`."""

import json
from fractions import Fraction
from typing import Any

from procure.parties.directory import known_codes
from procure.settlement.result_file import result_json
from procure.settlement.round import DrawMethod, Lot, PaperDraw, Round, Rules
from procure.settlement.round_file import read_round
from procure.settlement.settle import settle
from tests.builders import a_bid, a_lot, a_round, an_item, at, priced, r3_text


def printed(round: Round) -> dict[str, Any]:
    """The result as another program reads it."""
    result: dict[str, Any] = json.loads(json.dumps(result_json(settle(round))))
    return result


def r3() -> dict[str, Any]:
    return printed(read_round(r3_text(), known_codes()))


def printed_lot(lot: Lot) -> dict[str, Any]:
    only: dict[str, Any] = printed(a_round(lot))["lots"][0]
    return only


def test_reiwa_3_is_settled_as_it_was_published() -> None:
    result = r3()
    pc, printer = result["lots"]

    assert (result["format"], result["round"], result["participants"]) == ("procure.result/1", "R3-1", 16)
    assert (pc["participants"], printer["participants"]) == (13, 7)
    assert pc["award"] == {
        "bidder": "mihon-b",
        "attempt": 1,
        "total": 113_643_760,
        "total_with_tax": 125_008_136,
        "ceiling_ratio_percent": "92.60",
    }
    assert (printer["award"]["total"], printer["award"]["total_with_tax"]) == (4_886_060, 5_374_666)
    assert pc["savings"]["statement"] == "定価の約51.6％引きで購入"
    assert [lot["savings"]["percent"] for lot in (pc, printer)] == ["51.6", "81.4"]
    assert (result["savings"]["percent"], result["savings"]["coverage_percent"]) == ("54.6", "100.0")


def test_the_keys_stand_in_the_order_of_the_contract() -> None:
    result = r3()
    lot = result["lots"][0]

    assert list(result) == ["format", "round", "participants", "savings", "lots"]
    assert " ".join(lot) == (
        "id outcome reason participants attempts draw award savings items municipalities rounding_gap"
    )
    assert " ".join(lot["savings"]) == (
        "list_total award_total saved percent exact statement covered_items items coverage_percent"
    )
    assert " ".join(lot["award"]) == "bidder attempt total total_with_tax ceiling_ratio_percent"
    assert " ".join(lot["items"][0]) == "id quantity list_price unit_price list_amount amount savings_percent"
    assert " ".join(lot["municipalities"][0]) == (
        "code amount tax amount_with_tax list_amount saved savings_percent items"
    )
    assert " ".join(lot["municipalities"][0]["items"][0]) == "id quantity amount"
    assert " ".join(lot["attempts"][0]) == "number bids"
    assert " ".join(lot["attempts"][0]["bids"][0]) == "bidder total status reason"


def test_a_lottery_is_written_so_that_it_can_be_recomputed() -> None:
    tied = tuple(a_bid(id, 500, draw_number=n, received_at=at(9, second=n)) for id, n in (("a", 1), ("b", 2)))
    lot = printed_lot(a_lot(tied, rules=Rules(draw=DrawMethod.KUJI_ONLY)))

    assert lot["draw"] == {
        "method": "kuji_only",
        "tied": ["a", "b"],
        "numbers": {"a": 1, "b": 2},
        "sum": 3,
        "remainder": 1,
        "winner": "b",
    }


def test_a_paper_lottery_is_written_without_numbers() -> None:
    lot = printed_lot(a_lot((a_bid("a", 5), a_bid("b", 5)), draw=PaperDraw("b")))

    assert lot["draw"] == {
        "method": "paper",
        "tied": ["a", "b"],
        "numbers": None,
        "sum": None,
        "remainder": None,
        "winner": "b",
    }


def test_what_cannot_be_known_is_null() -> None:
    lot = printed_lot(a_lot(items=(an_item(list_price=None),)))

    assert (lot["reason"], lot["draw"], lot["award"], lot["savings"], lot["rounding_gap"]) == (None,) * 5
    assert lot["items"][0] == {
        "id": "pc",
        "quantity": 10,
        "list_price": None,
        "unit_price": None,
        "list_amount": None,
        "amount": None,
        "savings_percent": None,
    }


def test_amounts_with_a_fraction_are_decimal_strings() -> None:
    lot = printed_lot(a_lot((priced("a", pc=Fraction("0.85")),), rules=Rules(price_decimals=2)))

    assert (lot["items"][0]["unit_price"], lot["award"]["total"], lot["award"]["total_with_tax"]) == ("0.85", "8.5", 9)
