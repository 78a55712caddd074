"""Reading and writing `procure.round/1`."""

import json
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from procure.parties.directory import known_codes
from procure.settlement.round import Demand, DrawMethod, Organisation, PaperDraw, Round, Rules
from procure.settlement.round_file import read_round, write_round
from tests.builders import JST, a_bid, a_demand, a_lot, a_round, an_item, priced, r3_text, round_value

KNOWN = known_codes()
UNION = Organisation("290009", "奈良県", "県")


def read(value: object) -> Round:
    return read_round(json.dumps(value), KNOWN)


def test_the_worked_example_is_read() -> None:
    round = read_round(r3_text(), KNOWN)

    assert (round.id, round.fiscal_year, round.bid_date.isoformat()) == ("R3-1", 2021, "2021-06-11")
    assert [lot.id for lot in round.lots] == ["pc", "printer"]
    assert round.lots[0].rules == Rules(ceiling=122_730_000, draw=DrawMethod.CORE_EPOCH_SECONDS)
    assert round.lots[0].attempts[0].bids[1].total == 113_643_760


def test_what_is_written_is_read_again_as_the_same_round() -> None:
    rules = Rules(Fraction(8, 100), Fraction("900.5"), None, max_attempts=2, price_decimals=2)
    lot = a_lot(
        (priced("a", {"draw_number": 7, "received_at": datetime(2021, 6, 11, tzinfo=UTC)}, pc=Fraction("0.85")),),
        rules=rules,
        items=(an_item(list_price=None, list_price_source="カタログ 2021年4月"),),
        demand=(Demand("290009", {"pc": 3}, {"pc": 1}), a_demand("292028", pc=4)),
        cancelled="予算の減額",
    )
    tied = a_lot((a_bid("a", 5), a_bid("b", 5, void=None)), id="tied", draw=PaperDraw("b", "本人", None))
    round = a_round(lot, tied, note="備考", organisations=(UNION,))

    assert read_round(write_round(round), KNOWN) == round
    assert write_round(read_round(write_round(round), KNOWN)) == write_round(round)


def test_what_may_be_absent_may_also_be_null() -> None:
    value = round_value(a_lot((a_bid("a", 700_000),)))
    bare = json.loads(json.dumps(value))
    lot = value["lots"][0]
    value |= {"note": None, "organisations": None}
    lot |= {"draw": None, "cancelled": None}
    lot["items"][0]["list_price_source"] = None
    lot["demand"][0]["spares"] = None
    lot["attempts"][0]["bids"][0] |= dict.fromkeys(("unit_prices", "received_at", "draw_number", "void"))

    assert read(value) == read(bare)


def test_every_rule_has_its_default() -> None:
    value = round_value()
    value["lots"][0]["rules"] = {}

    assert read(value).lots[0].rules == Rules()


def test_amounts_are_read_exactly_however_they_are_written() -> None:
    value = round_value()
    for written, read_as in ((12, 12), ("12", 12), ("12.00", 12), ("0.85", Fraction(17, 20)), (10**999, 10**999)):
        value["lots"][0]["items"][0]["list_price"] = written
        assert read(value).lots[0].items[0].list_price == read_as


def test_whole_amounts_are_written_as_integers_and_others_as_decimal_strings() -> None:
    round = a_round(a_lot(items=(an_item("x", 12), an_item("y", Fraction("0.85"))), demand=(a_demand(x=1),)))

    assert [item["list_price"] for item in json.loads(write_round(round))["lots"][0]["items"]] == [12, "0.85"]


def test_a_tax_rate_is_written_with_two_decimals() -> None:
    for rate, written in ((Fraction(1, 10), "0.10"), (Fraction(105, 1000), "0.105"), (Fraction(0), "0.00")):
        text = write_round(a_round(a_lot(rules=Rules(tax_rate=rate))))
        assert json.loads(text)["lots"][0]["rules"]["tax_rate"] == written


def test_times_are_read_with_seconds_fractions_or_neither_and_in_any_offset() -> None:
    value = round_value(a_lot((a_bid("a", 1),)))
    attempt = value["lots"][0]["attempts"][0]
    ten = datetime(2021, 6, 11, 10, tzinfo=JST)
    for written, moment in (
        ("2021-06-11T10:00:00+09:00", ten),
        ("2021-06-11T10:00+09:00", ten),
        ("2021-06-11T01:00:00Z", ten),
        ("2021-06-11T10:00:00.5+09:00", ten + timedelta(microseconds=500_000)),
        ("2021-06-10T21:30:00-03:30", ten),
    ):
        attempt["opened_at"] = written
        assert read(value).lots[0].attempts[0].opened_at == moment


def test_a_byte_order_mark_is_let_pass() -> None:
    assert read_round(b"\xef\xbb\xbf" + r3_text().encode(), KNOWN) == read_round(r3_text(), KNOWN)
    assert read_round("\ufeff" + r3_text(), KNOWN) == read_round(r3_text().encode(), KNOWN)


def test_a_breakdown_may_price_an_item_that_nobody_asks_for() -> None:
    lot = a_lot((priced("a", pc=1, mouse=2),), items=(an_item(), an_item("mouse")))

    assert read(round_value(lot)).lots[0].attempts[0].bids[0].unit_prices == {"pc": 1, "mouse": 2}


def test_a_breakdown_need_not_price_an_item_that_nobody_asks_for() -> None:
    lot = a_lot((priced("a", pc=1),), items=(an_item(), an_item("mouse")))

    assert read(round_value(lot)) == a_round(lot)


def test_all_of_a_quantity_may_be_spares() -> None:
    lot = a_lot(demand=(Demand("292010", {"pc": 3}, {"pc": 3}),))

    assert read(round_value(lot)) == a_round(lot)


def test_a_unit_price_may_be_zero_where_the_total_is_not() -> None:
    lot = a_lot((priced("a", pc=1, mouse=0),), items=(an_item(), an_item("mouse")), demand=(a_demand(pc=1, mouse=1),))

    assert read(round_value(lot)) == a_round(lot)


def test_a_bidder_who_may_not_bid_again_is_no_fault_of_the_file() -> None:
    lot = a_lot((a_bid("a", 990_000),), (a_bid("a", 980_000), a_bid("b", 970_000)))

    assert read(round_value(lot)) == a_round(lot)


def test_an_id_may_have_64_characters_of_any_script() -> None:
    lot = a_lot(id="品" * 64)

    assert read(round_value(lot)) == a_round(lot)
