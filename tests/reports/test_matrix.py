"""Bidders by items: what is lowest, what is missing, and that the sums are those of the report."""

from decimal import Decimal
from fractions import Fraction

from procure.reports.matrix import Matrix, matrices
from procure.settlement.round import Lot, Rules
from procure.settlement.settle import settle, settle_lot
from tests.builders import a_bid, a_demand, a_lot, absent, an_item, declined, priced
from tests.reports.reported import r3_report, r3_round

ITEMS = (an_item("pc", 100_000), an_item("open", None, name="ソフト", unit="本"))
DEMAND = (a_demand(pc=10, open=5),)


def two_items(*attempts: tuple[object, ...], **changes: object) -> Lot:
    return a_lot(*attempts, **({"items": ITEMS, "demand": DEMAND} | changes))  # type: ignore[arg-type]


def only(lot: Lot) -> Matrix:
    (matrix,) = matrices(lot, settle_lot(lot))
    return matrix


def test_before_the_opening_there_is_nothing_to_compare() -> None:
    assert matrices(a_lot(), settle_lot(a_lot())) == ()


def test_each_attempt_has_its_own_matrix() -> None:
    lot = a_lot((a_bid("a", 990_000), a_bid("b", 980_000)), (a_bid("a", 890_000), declined("b")))
    first, second = matrices(lot, settle_lot(lot))
    assert (first.label, second.label) == ("初度入札", "再度入札")
    assert [column.bid.name for column in second.bids] == ["A商会", "B商会"]


def test_the_lowest_price_of_an_item_is_marked_and_so_is_every_price_equal_to_it() -> None:
    lot = two_items((priced("a", pc=50, open=9), priced("b", pc=40, open=9), priced("c", pc=60, open=8)))
    pc, software = only(lot).items
    assert [column.bid.bidder for column in only(lot).bids] == ["b", "a", "c"]
    assert [price.is_lowest for price in pc.prices] == [True, False, False]
    assert [price.is_lowest for price in software.prices] == [False, False, True]
    equal = only(two_items((priced("a", pc=50, open=9), priced("b", pc=50, open=8))))
    assert [price.is_lowest for price in equal.items[0].prices] == [True, True]


def test_a_void_bid_shows_its_prices_but_is_never_lowest() -> None:
    void = priced("a", {"void": "記名がない"}, pc=1, open=1)
    matrix = only(two_items((void, priced("b", pc=50, open=9))))
    valid, out = matrix.items[0].prices
    assert (out.unit_price, out.is_lowest) == (1, False)
    assert (valid.is_lowest, matrix.items[0].lowest) == (True, 50)
    assert (matrix.valid, matrix.bids[1].bid.reason) == (1, "記名がない")
    assert (matrix.bids[1].ceiling_ratio_percent, matrix.bids[1].is_lowest) == (None, False)


def test_what_is_missing_is_said_in_a_word() -> None:
    matrix = only(two_items((priced("a", pc=50, open=9), a_bid("b", 700), declined("c"), absent("d"))))
    assert [column.gap for column in matrix.bids] == [None, "内訳書なし", "辞退", "不参"]
    assert [price.unit_price for price in matrix.items[0].prices] == [50, None, None, None]
    assert [price.amount for price in matrix.items[0].prices] == [500, None, None, None]


def test_in_a_lot_of_one_item_the_total_gives_the_price_where_it_is_exact() -> None:
    exact, inexact = only(a_lot((a_bid("a", 500_000),))), only(a_lot((a_bid("a", 333_333),)))
    assert (exact.items[0].prices[0].unit_price, exact.bids[0].gap) == (50_000, None)
    assert (inexact.items[0].prices[0].unit_price, inexact.bids[0].gap) == (None, "内訳書なし")


def test_ratios_are_to_list_price_and_to_the_ceiling() -> None:
    matrix = only(a_lot((a_bid("a", 500_000),)))
    assert matrix.items[0].prices[0].list_ratio_percent == Decimal("50.0")
    assert matrix.bids[0].bid.list_ratio_percent == Decimal("50.0")
    assert matrix.bids[0].ceiling_ratio_percent == Decimal("55.56")


def test_without_a_ceiling_or_a_list_price_there_is_no_ratio() -> None:
    matrix = only(two_items((priced("a", pc=50, open=9),), rules=Rules()))
    assert matrix.bids[0].ceiling_ratio_percent is None
    assert matrix.bids[0].bid.list_ratio_percent is None
    assert (matrix.list_total, matrix.items[1].prices[0].list_ratio_percent) == (None, None)


def test_an_item_that_nobody_asks_for_is_left_out() -> None:
    lot = two_items((priced("a", pc=50, open=9),), demand=(a_demand(pc=10),))
    assert [item.id for item in only(lot).items] == ["pc"]


def test_decimals_are_counted_so_that_columns_line_up() -> None:
    lot = a_lot((priced("a", pc=Fraction("20.05")),), rules=Rules(price_decimals=2))
    assert only(lot).places == 2


def test_the_figures_of_the_example_are_those_of_its_report() -> None:
    round_, report = r3_round(), r3_report()
    for lot, result, shown in zip(round_.lots, settle(round_).lots, report.lots, strict=True):
        (matrix,) = matrices(lot, result)
        assert tuple(column.bid for column in matrix.bids) == shown.attempts[0].bids
        assert matrix.bids[0].ceiling_ratio_percent == shown.ceiling_ratio_percent
        assert [item.prices[0].unit_price for item in matrix.items] == [item.unit_price for item in shown.items]
        for place, column in enumerate(matrix.bids):
            amounts = [item.prices[place].amount for item in matrix.items]
            assert column.bid.amount == (None if column.gap else sum(amount or 0 for amount in amounts))
