"""Every fault of a bad round file, at once, a line each."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from procure.parties.directory import known_codes
from procure.settlement.round import ContractKind, Drawer, DrawMethod, Lot, Organisation, PaperDraw, Rules
from procure.settlement.round_file import BadRoundFile, read_round, write_round
from tests.builders import a_bid, a_demand, a_lot, a_round, an_item, declined, priced, r3_text, round_value

KNOWN = known_codes()

Spoil = Callable[[Any], object]


def faults_in(content: str | bytes) -> list[str]:
    with pytest.raises(BadRoundFile) as refused:
        read_round(content, KNOWN)
    return list(refused.value.faults)


def faults_of(value: object) -> list[str]:
    return faults_in(json.dumps(value))


def spoilt(*spoils: Spoil, lot: Lot | None = None) -> list[str]:
    value = round_value(lot or a_lot((a_bid("a", 700_000), priced("b", pc=80_000))))
    for spoil in spoils:
        spoil(value)
    return faults_of(value)


def setting(path: str, new: object) -> Spoil:
    """Put a value at a path such as lots.0.items.0.list_price."""

    def spoil(value: Any) -> None:
        *above, last = path.split(".")
        for step in above:
            value = value[int(step) if step.isdigit() else step]
        value[int(last) if last.isdigit() else last] = new

    return spoil


def without(path: str) -> Spoil:
    def spoil(value: Any) -> None:
        *above, last = path.split(".")
        for step in above:
            value = value[int(step) if step.isdigit() else step]
        del value[last]

    return spoil


def shown_path(path: str) -> str:
    return re.sub(r"\.(\d+)", r"[\1]", path)


ITEM, RULES, DEMAND = "lots.0.items.0", "lots.0.rules", "lots.0.demand.0"
ATTEMPT, BID, PRICED = "lots.0.attempts.0", "lots.0.attempts.0.bids.0", "lots.0.attempts.0.bids.1"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "round: not JSON: Expecting value at line 1, column 1"),
        ("{", "round: not JSON: Expecting property name enclosed in double quotes at line 1, column 2"),
        ("[]", "round: a list is wrong; an object is needed"),
        ("null", "round: null is wrong; an object is needed"),
        (b"\xff{}", "round: not UTF-8: byte 0 cannot be decoded"),
        ("[" * 100_000, "round: not read: it is nested too deeply"),
    ],
)
def test_what_is_no_json_object_is_named(content: str | bytes, fault: str) -> None:
    assert faults_in(content) == [fault]


MONEY = "an amount is an integer or a decimal string"
PLAIN = 'not a plain decimal such as "0.85"'
OFFSET = "a time needs its offset, such as +09:00"
TIME = "a time such as 2021-06-11T10:00:00+09:00 is needed"


@pytest.mark.parametrize(
    ("path", "new", "fault"),
    [
        ("format", "procure.round/2", '"procure.round/2" is wrong; the format is "procure.round/1"'),
        ("id", "", "is an empty id"),
        ("id", 7, "7 is wrong; an id is a string"),
        ("id", "x" * 65, "is an id of more than 64 characters"),
        ("id", "a\nb", "holds the control character or lone surrogate U+000A"),
        ("title", "\ud800", "holds the control character or lone surrogate U+D800"),
        ("title", " ", "is empty"),
        ("fiscal_year", "2021", '"2021" is wrong; an integer from 1 to 9998 is needed'),
        ("fiscal_year", True, "true is wrong; an integer from 1 to 9998 is needed"),
        ("bid_date", "20210611", '"20210611" is wrong; a date such as 2021-06-11 is needed'),
        ("bid_date", "2021-02-29", '"2021-02-29" is wrong; a date such as 2021-06-11 is needed'),
        ("council", "協議会", '"協議会" is wrong; an object is needed'),
        ("lots", [], "is empty; one or more are needed"),
        ("lots", {}, "an object is wrong; a list is needed"),
        ("lots.0.contract_kind", "gift", '"gift" is wrong; one of purchase, lease, works is needed'),
        ("lots.0.items", [], "is empty; one or more are needed"),
        (f"{ITEM}.list_price", 12.5, f"12.5 is a float; {MONEY}"),
        (f"{ITEM}.list_price", True, f"true is wrong; {MONEY}"),
        (f"{ITEM}.list_price", 0, "0 is wrong; an amount above zero is needed"),
        (f"{ITEM}.list_price", "-1", '"-1" is wrong; an amount above zero is needed'),
        (f"{ITEM}.list_price", "1e3", f'"1e3" is wrong; {PLAIN}'),
        (f"{ITEM}.list_price", "１２", f'"１２" is wrong; {PLAIN}'),
        (f"{ITEM}.list_price", " 12", f'" 12" is wrong; {PLAIN}'),
        (f"{RULES}.tax_rate", 0.1, "0.1 is a float; a rate is a decimal string"),
        (f"{RULES}.tax_rate", "1", '"1" is wrong; a rate from 0 to below 1 is needed'),
        (f"{RULES}.tax_rate", "-0.1", '"-0.1" is wrong; a rate from 0 to below 1 is needed'),
        (f"{RULES}.tax_rate", "10%", f'"10%" is wrong; {PLAIN}'),
        (f"{RULES}.ceiling", 0, "0 is wrong; an amount above zero is needed"),
        (f"{RULES}.minimum", 5, "5 is wrong; 最低制限価格 is only for contract_kind works"),
        (f"{RULES}.max_attempts", 4, "4 is wrong; an integer from 1 to 3 is needed"),
        (f"{RULES}.max_attempts", None, "null is wrong; an integer from 1 to 3 is needed"),
        (f"{RULES}.price_decimals", 3, "3 is wrong; an integer from 0 to 2 is needed"),
        (f"{RULES}.rebid_must_be_lower", 1, "1 is wrong; true or false is needed"),
        (f"{RULES}.draw", "dice", f'"dice" is wrong; one of {", ".join(DrawMethod)} is needed'),
        (f"{DEMAND}.municipality", "292011", '"292011" is wrong; its check digit is not right'),
        (f"{DEMAND}.municipality", "29201", '"29201" is wrong; a code is a string of six digits'),
        (f"{DEMAND}.quantities.pc", 0, "0 is wrong; an integer from 1 up is needed"),
        (f"{DEMAND}.quantities.pc", 1.0, "1.0 is a float; an integer from 1 up is needed"),
        (f"{DEMAND}.quantities.x", 1, "is an unknown item"),
        (f"{DEMAND}.spares", {"pc": 11}, '11 of "pc" is more than its quantity'),
        (f"{BID}.bidder", "z", '"z" is wrong; it is not a bidder of the lot'),
        (f"{BID}.entry", "won", '"won" is wrong; one of bid, declined, absent is needed'),
        (f"{BID}.total", 0, "0 is wrong; an amount above zero is needed"),
        (f"{BID}.total", "7.5", '"7.5" is wrong; it has more decimals than price_decimals, 0'),
        (f"{BID}.draw_number", 1000, "1000 is wrong; an integer from 0 to 999 is needed"),
        (f"{BID}.void", "", "is empty"),
        (f"{BID}.received_at", "2021-06-11", f'"2021-06-11" is wrong; {TIME}'),
        (f"{BID}.received_at", "2021-06-11T10:00", f'"2021-06-11T10:00" is wrong; {OFFSET}'),
        (f"{ATTEMPT}.opened_at", "2021-06-11T25:00:00Z", f'"2021-06-11T25:00:00Z" is wrong; {TIME}'),
        (f"{ATTEMPT}.number", 2, "2 is wrong; attempts are numbered 1, 2, 3 in order, and this is number 1"),
        (f"{PRICED}.total", 800_001, "800001 is wrong; it differs from its breakdown, 800000"),
        (f"{PRICED}.unit_prices", {}, 'the breakdown misses "pc"'),
        (f"{PRICED}.unit_prices", {"pc": 0}, "the bid's total is zero"),
        (f"{PRICED}.unit_prices.pc", -1, "-1 is wrong; an amount may not be below zero"),
        (f"{PRICED}.unit_prices.pc", "1.5", '"1.5" is wrong; it has more decimals than price_decimals, 0'),
        (f"{PRICED}.unit_prices.x", 1, "is an unknown item"),
        ("lots.0.draw", {"winner": None}, "null is wrong; an id is a string"),
        ("lots.0.cancelled", {"reason": ""}, "is empty"),
        ("lots.0.cancelled", True, "true is wrong; an object is needed"),
        ("extra", 1, "is an unknown key"),
        (f"{ITEM}.extra", 1, "is an unknown key"),
    ],
)  # fmt: skip
def test_a_single_fault_is_named_by_its_path(path: str, new: object, fault: str) -> None:
    (found,) = spoilt(setting(path, new))
    assert re.fullmatch(rf"{re.escape(shown_path(path))}(\.\w+)?: {re.escape(fault)}", found)


def test_a_bid_needs_its_total_or_its_breakdown() -> None:
    fault = "lots[0].attempts[0].bids[0]: a bid needs its total or its unit_prices"

    assert spoilt(without(f"{BID}.total")) == [fault]
    assert spoilt(setting(f"{BID}.total", None)) == [fault]


def test_a_strange_key_is_quoted_on_one_line() -> None:
    assert spoilt(setting(f"{ITEM}.a b", 1)) == ['lots[0].items[0]["a b"]: is an unknown key']
    assert spoilt(setting(f"{ITEM}.a\nb\ud800", 1)) == ['lots[0].items[0]["a\\nb\\ud800"]: is an unknown key']


def test_every_key_that_is_needed_is_missed() -> None:
    lot = ("id", "title", "contract_kind", "rules", "items", "demand", "bidders", "attempts")
    needed = {
        "": ("format", "id", "title", "fiscal_year", "bid_date", "council", "lots"),
        "council.": ("name",),
        "lots.0.": lot,
        f"{ITEM}.": ("id", "name", "specification", "unit", "list_price"),
        f"{DEMAND}.": ("municipality", "quantities"),
        "lots.0.bidders.0.": ("id", "name"),
        f"{ATTEMPT}.": ("number", "opened_at", "bids"),
        f"{BID}.": ("bidder", "entry"),
    }
    for path in (above + key for above, keys in needed.items() for key in keys):
        assert f"{shown_path(path)}: is missing" in spoilt(without(path))


def test_a_key_that_stands_twice_is_named_where_it_stands() -> None:
    twice = r3_text().replace('"title": "パソコンの共同調達"', '"title": "x", "title": "y"', 1)

    assert faults_in(twice) == ["lots[0].title: the key stands more than once"]
    assert "lots[0].demand[0].quantities.pc: the key stands more than once" in faults_in(
        json.dumps(round_value()).replace('{"pc": 10}', '{"pc": 10, "pc": 10}')
    )


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("NaN", "NaN is not a JSON number"),
        ("-Infinity", "-Infinity is not a JSON number"),
        ("1e5", "1e5 is a float"),
        ("9" * 5_000, f"{'9' * 60}… has more than 1000 digits"),
    ],
)
def test_numbers_that_json_lets_pass_are_refused(written: str, fault: str) -> None:
    content = json.dumps(round_value()).replace("100000", written)

    assert faults_in(content) == [f"lots[0].items[0].list_price: {fault}; an amount is an integer or a decimal string"]


def test_ids_are_unique_where_they_stand() -> None:
    value = round_value(a_lot((a_bid("a", 700_000),)))
    lot = value["lots"][0]
    for key in ("items", "bidders", "demand"):
        lot[key].append(lot[key][0])
    lot["attempts"][0]["bids"].append(lot["attempts"][0]["bids"][0])
    value["lots"].append(lot)
    value["organisations"] = [{"code": "290009", "name": "奈良県", "kind": "県"}] * 2

    found = faults_of(value)

    assert 'lots[0].items[1].id: "pc" stands already in lots[0].items' in found
    assert 'lots[0].bidders[4].id: "a" stands already in lots[0].bidders' in found
    assert 'lots[0].demand[1].municipality: "292010" stands already in lots[0].demand' in found
    assert 'lots[0].attempts[0].bids[1].bidder: "a" stands already in lots[0].attempts[0].bids' in found
    assert 'lots[1].id: "pc" stands already in lots' in found
    assert 'organisations[1].code: "290009" stands already in organisations' in found


def test_the_same_item_id_may_stand_in_two_lots() -> None:
    assert read_round(json.dumps(round_value(a_lot(), a_lot(id="other"))), KNOWN) == a_round(a_lot(), a_lot(id="other"))


def test_an_unknown_municipality_is_named_unless_the_file_introduces_it() -> None:
    lot = a_lot(demand=(a_demand("290009"),))
    unknown = '"290009" is wrong; it is neither a known municipality nor among the organisations'

    assert faults_of(round_value(lot)) == [f"lots[0].demand[0].municipality: {unknown}"]
    assert read_round(json.dumps(round_value(lot, organisations=(Organisation("290009", "奈良県", "県"),))), KNOWN)


def test_the_code_of_an_organisation_has_its_check_digit_too() -> None:
    value = round_value(organisations=(Organisation("290008", "奈良県", "県"),))

    assert faults_of(value) == ['organisations[0].code: "290008" is wrong; its check digit is not right']


def test_an_attempt_after_the_one_that_decided_may_not_exist() -> None:
    won = a_lot((a_bid("a", 700_000),), (a_bid("a", 600_000),))
    failed = a_lot((declined("a"),), (a_bid("a", 600_000),))
    tied = a_lot((a_bid("a", 5), a_bid("b", 5)), (a_bid("a", 4),), (a_bid("a", 3),))

    assert spoilt(lot=won) == ["lots[0].attempts[1]: may not exist: attempt 1 decided the lot (awarded)"]
    assert spoilt(lot=failed) == ["lots[0].attempts[1]: may not exist: attempt 1 decided the lot (no_bids)"]
    assert spoilt(lot=tied) == [
        "lots[0].attempts[1]: may not exist: attempt 1 decided the lot (draw_required)",
        "lots[0].attempts[2]: may not exist: attempt 1 decided the lot (draw_required)",
    ]


def test_an_attempt_beyond_the_last_allowed_one_may_not_exist() -> None:
    high = [(a_bid("a", 990_000 - step),) for step in range(3)]
    found = spoilt(lot=a_lot(*high, rules=Rules(ceiling=900_000, max_attempts=2)))

    assert "lots[0].attempts[2]: may not exist: max_attempts is 2" in found


def test_a_cancelled_lot_is_held_to_the_same_attempts() -> None:
    lot = a_lot((a_bid("a", 700_000),), (a_bid("a", 600_000),), cancelled="仕様の誤り")

    assert spoilt(lot=lot) == ["lots[0].attempts[1]: may not exist: attempt 1 decided the lot (awarded)"]


def test_the_winner_of_a_paper_lottery_is_one_of_the_tied() -> None:
    lot = a_lot((a_bid("a", 5), a_bid("b", 5), a_bid("c", 6)), draw=PaperDraw("c"))

    assert spoilt(lot=lot) == ['lots[0].draw.winner: "c" is not among the tied']


def test_each_of_the_tied_drew_in_a_paper_lottery_that_says_who() -> None:
    tied = (a_bid("a", 5), a_bid("b", 5), a_bid("c", 6))
    whole = PaperDraw("a", drawers=(Drawer("b", "丙", in_place=True), Drawer("a", "甲")))

    assert spoilt(lot=a_lot(tied, draw=replace(whole, drawers=whole.drawers[:1]))) == [
        "lots[0].draw.drawers: not one for each of the tied"
    ]
    assert spoilt(lot=a_lot(tied, draw=replace(whole, drawers=(*whole.drawers, Drawer("a", "乙"))))) != []
    kept = read_round(write_round(a_round(a_lot(tied, draw=whole))).encode(), known_codes())
    assert kept.lots[0].draw == whole


def test_a_paper_lottery_contradicts_electronic_rules() -> None:
    lot = a_lot((a_bid("a", 5), a_bid("b", 5)), draw=PaperDraw("a"), rules=Rules(draw=DrawMethod.KUJI_ONLY))

    assert spoilt(lot=lot) == ["lots[0].draw: a paper lottery, but the rules draw by kuji_only"]


def test_a_minimum_stands_only_in_works() -> None:
    lot = a_lot(rules=Rules(minimum=5), contract_kind=ContractKind.LEASE)

    assert spoilt(lot=lot) == ["lots[0].rules.minimum: 5 is wrong; 最低制限価格 is only for contract_kind works"]


def test_nothing_can_be_bid_where_nothing_is_asked_for() -> None:
    fault = "lots[0].attempts[0].bids[0]: nothing is asked for in the lot, so that nothing can be bid"

    assert spoilt(lot=a_lot((a_bid("a", 5),), demand=())) == [fault]


def test_all_faults_of_a_file_come_at_once() -> None:
    tied = a_lot(
        (a_bid("a", 5), a_bid("b", 5), a_bid("c", 6)),
        items=(an_item(), an_item("mouse")),
        draw=PaperDraw("c"),
    )
    found = spoilt(
        setting("title", 1),
        setting(f"{ITEM}.list_price", 12.5),
        setting("lots.0.items.1.list_price", 0),
        setting(f"{DEMAND}.municipality", "292011"),
        setting(f"{DEMAND}.quantities", {"pc": 0, "x": 1}),
        setting(f"{ATTEMPT}.opened_at", "2021-06-11T10:00:00"),
        without("bid_date"),
        lot=tied,
    )

    assert [fault.partition(": ")[0] for fault in found] == [
        "bid_date",
        "title",
        "lots[0].items[0].list_price",
        "lots[0].items[1].list_price",
        "lots[0].demand[0].municipality",
        "lots[0].demand[0].quantities.pc",
        "lots[0].demand[0].quantities.x",
        "lots[0].attempts[0].opened_at",
        "lots[0].draw.winner",
    ]


def test_one_broken_place_does_not_raise_faults_elsewhere() -> None:
    assert spoilt(setting("lots.0.rules", None)) == ["lots[0].rules: null is wrong; an object is needed"]
    assert spoilt(setting(f"{DEMAND}.quantities", {"pc": "10"})) == [
        'lots[0].demand[0].quantities.pc: "10" is wrong; an integer from 1 up is needed'
    ]
