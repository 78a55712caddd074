"""Savings of rounds against every baseline: by item, lot, body, supplier and year."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from procure.reports.report import RoundReport
from procure.reports.savings import BY_UNIT, Line, SavingsReport, merged, savings_report
from procure.settlement.baselines import Baseline, Compared, Sums
from procure.settlement.round import CeilingDisclosure, ContractKind, Lot, Round, Rules
from tests.builders import NARA, YAMATOTAKADA, a_bid, a_demand, a_lot, a_round, an_item, priced
from tests.reports.reported import r3_report, report_of, savings_of
from tests.settlement.strategies import awarded_lots, rounds

TWO = (an_item("pc"), an_item("open", None, name="増設メモリ"))
DEMAND = (a_demand(NARA, pc=4, open=2), a_demand(YAMATOTAKADA, pc=6))


def figures(found: Compared | None) -> tuple[object, ...] | None:
    return found and (found.reference, found.award, found.difference, str(found.percent))


def of(lot: Lot) -> SavingsReport:
    return savings_report(report_of(a_round(lot)))


def a_year(number: int, *lots: Lot) -> Round:
    """The round of 令和(3 + number)年度, with these lots."""
    return a_round(*lots, id=f"R{3 + number}-1", fiscal_year=2021 + number, bid_date=date(2021 + number, 6, 11))


def test_a_lot_is_compared_with_list_price_highest_bid_and_ceiling() -> None:
    (lot,) = of(a_lot((a_bid("a", 500_000), a_bid("b", 800_000)), rules=Rules(ceiling=900_000))).lots
    assert figures(lot.line.listed) == (1_000_000, 500_000, 500_000, "50.0")
    assert figures(lot.line.highest) == (800_000, 500_000, 300_000, "37.5")
    assert figures(lot.line.ceiling) == (900_000, 500_000, 400_000, "44.4")
    assert lot.line.last is None


def test_the_example_saves_what_was_published() -> None:
    found = savings_report(r3_report())
    assert [str(lot.line.listed and lot.line.listed.percent) for lot in found.lots] == ["51.6", "81.4"]
    assert figures(found.total.listed) == (261_229_800, 118_529_820, 142_699_980, "54.6")


def test_a_ceiling_that_may_not_be_named_is_compared_with_nothing() -> None:
    rules = Rules(ceiling=900_000, ceiling_disclosure=CeilingDisclosure.NEVER)
    found = of(a_lot((a_bid("a", 500_000),), rules=rules))
    assert found.lots[0].line.ceiling is None
    assert found.total.ceiling is None


def test_a_ceiling_covers_only_the_lots_where_it_may_be_named() -> None:
    secret = a_lot((a_bid("a", 500_000),), id="x", rules=Rules(ceiling=9, ceiling_disclosure=CeilingDisclosure.NEVER))
    secret = replace(secret, rules=replace(secret.rules, ceiling=900_000))
    found = savings_report(report_of(a_round(a_lot((a_bid("a", 600_000),)), secret))).total.ceiling
    assert figures(found) == (900_000, 600_000, 300_000, "33.3")
    assert found is not None
    assert (found.covered_items, found.items, str(found.coverage_percent)) == (1, 2, "54.5")


def test_the_highest_bid_is_that_of_the_attempt_that_decided() -> None:
    first, second = (a_bid("a", 990_000), a_bid("b", 980_000)), (a_bid("a", 880_000), a_bid("b", 890_000))
    assert figures(of(a_lot(first, second)).total.highest) == (890_000, 880_000, 10_000, "1.1")


def test_a_bid_that_stands_alone_is_its_own_highest() -> None:
    assert figures(of(a_lot((a_bid("a", 500_000),))).total.highest) == (500_000, 500_000, 0, "0.0")


def test_an_item_costs_last_time_what_the_latest_earlier_round_agreed_on() -> None:
    rounds = [a_year(number, a_lot((priced("a", pc=price),))) for number, price in enumerate((70_000, 60_000, 50_000))]
    found = savings_of(*rounds).rounds
    assert [figures(one.total.last) for one in found] == [
        None,
        (700_000, 600_000, 100_000, "14.3"),
        (600_000, 500_000, 100_000, "16.7"),
    ]
    assert found[2].lots[0].report.items[0].last_price_of == "R4-1（R4.6.11入札）"


def test_what_became_dearer_since_last_time_is_shown_below_zero() -> None:
    found = savings_of(a_year(0, a_lot((priced("a", pc=50_000),))), a_year(1, a_lot((priced("a", pc=55_000),))))
    assert figures(found.rounds[1].total.last) == (500_000, 550_000, -50_000, "-10.0")


def test_a_round_without_award_leaves_the_last_price_as_it_was() -> None:
    nothing = a_year(1, a_lot((a_bid("a", 990_000),), rules=Rules(ceiling=900_000, max_attempts=1)))
    found = savings_of(
        a_year(0, a_lot((priced("a", pc=60_000),))), nothing, a_year(2, a_lot((priced("a", pc=30_000),)))
    )
    assert figures(found.rounds[2].total.last) == (600_000, 300_000, 300_000, "50.0")


def test_another_unit_or_kind_of_contract_is_another_item() -> None:
    first = a_year(0, a_lot((priced("a", pc=60_000),)))
    boxes = a_year(1, a_lot((priced("a", pc=50_000),), items=(an_item(unit="箱"),)))
    leased = a_year(1, a_lot((priced("a", pc=50_000),), contract_kind=ContractKind.LEASE))
    assert savings_of(first, boxes).rounds[1].total.last is None
    assert savings_of(first, leased).rounds[1].total.last is None


def test_a_round_of_the_same_day_is_not_last_time() -> None:
    lot = a_lot((priced("a", pc=60_000),))
    found = savings_of(a_year(0, lot), replace(a_year(0, lot), id="R3-2"))
    assert found.rounds[1].total.last is None


def test_an_item_that_was_not_bought_before_is_left_out_and_counted() -> None:
    first = a_year(0, a_lot((priced("a", pc=60_000),)))
    second = a_year(1, a_lot((priced("a", pc=50_000, open=30_000),), items=TWO, demand=DEMAND))
    found = savings_of(first, second).rounds[1]
    last = found.total.last
    assert last is not None
    assert figures(last) == (600_000, 500_000, 100_000, "16.7")
    assert (last.covered_items, last.items, str(last.coverage_percent)) == (1, 2, "89.3")
    nara, yamatotakada = found.bodies
    assert figures(nara.last) == (240_000, 200_000, 40_000, "16.7")
    assert figures(yamatotakada.last) == (360_000, 300_000, 60_000, "16.7")


def test_a_body_and_an_item_have_no_ceiling_and_no_highest_bid_of_their_own() -> None:
    found = of(a_lot((priced("a", pc=50_000),)))
    assert [line.highest or line.ceiling for line in (*found.bodies, *found.lots[0].items)] == [None, None]


def test_without_a_breakdown_the_lot_is_compared_and_its_bodies_are_unknown() -> None:
    found = of(a_lot((a_bid("a", 333_333),)))
    assert figures(found.total.listed) == (1_000_000, 333_333, 666_667, "66.7")
    assert [(line.award_total, line.listed) for line in (*found.bodies, *found.lots[0].items)] == [(None, None)] * 2


def test_a_supplier_of_several_lots_is_one_line() -> None:
    lots = [a_lot((a_bid(bidder, 500_000),), id=id) for id, bidder in (("x", "a"), ("y", "b"), ("z", "a"))]
    found = savings_report(report_of(a_round(*lots))).suppliers
    assert [(line.name, line.lots, line.award_total) for line in found] == [
        ("A商会", 2, 1_000_000),
        ("B商会", 1, 500_000),
    ]


def test_years_kinds_suppliers_and_bodies_add_up_to_the_same() -> None:
    found = savings_of(
        a_year(0, a_lot((priced("a", pc=60_000),)), a_lot((priced("b", pc=90_000),), id="printer", title="プリンタ")),
        a_year(1, a_lot((priced("b", pc=50_000),), title="新しいパソコン")),
    )
    assert [(line.name, figures(line.listed)) for line in found.years] == [
        ("令和4年度", (1_000_000, 500_000, 500_000, "50.0")),
        ("令和3年度", (2_000_000, 1_500_000, 500_000, "25.0")),
    ]
    assert [(line.name, line.lots) for line in found.kinds] == [("新しいパソコン", 2), ("プリンタ", 1)]
    assert [(line.name, line.award_total) for line in found.suppliers] == [("A商会", 600_000), ("B商会", 1_400_000)]
    for lines in (found.years, found.kinds, found.suppliers, found.bodies):
        assert sum(line.award_total or 0 for line in lines) == found.total.award_total == 2_000_000


def test_nothing_awarded_is_nothing_compared() -> None:
    found = savings_of(a_round(a_lot()))
    assert (found.total.award_total, found.total.all, found.years[0].all) == (0, (), ())


def test_what_one_of_several_cannot_tell_their_sum_cannot() -> None:
    known = Line("a", "A", 10, {Baseline.LIST_PRICE: Sums(20, 10, 10, 1, 1)})
    assert merged("", "", [known, Line("b", "B", None, {})]).sums == {}


def of_parts(lines: tuple[Line, ...], baseline: Baseline) -> tuple[object, ...]:
    found = merged("", "", lines).sums[baseline]
    return found.reference, found.award, found.whole_award


@settings(max_examples=60, deadline=None)
@given(lots=st.lists(awarded_lots(), min_size=1, max_size=3))
def test_bodies_add_up_to_the_lot_and_lots_to_the_round(lots: list[Lot]) -> None:
    before = a_year(0, *(replace(lot, id=f"lot-{place}") for place, lot in enumerate(lots)))
    found = savings_of(before, replace(before, id="R4-1", fiscal_year=2022, bid_date=date(2022, 6, 11))).rounds[1]
    for baseline in BY_UNIT:
        for lot in found.lots:
            whole = lot.line.sums[baseline]
            parts = (whole.reference, whole.award, whole.whole_award)
            assert of_parts(lot.bodies, baseline) == of_parts(lot.items, baseline) == parts
        whole = found.total.sums[baseline]
        assert of_parts(found.bodies, baseline) == (whole.reference, whole.award, whole.whole_award)
        assert of_parts(found.suppliers, baseline) == (whole.reference, whole.award, whole.whole_award)
    assert found.total.last is None or found.total.last.difference == 0


@settings(max_examples=60, deadline=None)
@given(rounds())
def test_the_savings_against_list_price_are_those_of_the_result(round: Round) -> None:
    report: RoundReport = report_of(round)
    found = savings_report(report)
    for said, line in [(report.savings, found.total), *((lot.report.savings, lot.line) for lot in found.lots)]:
        listed = line.listed
        assert (said is None) == (listed is None)
        if said and listed:
            assert (said.list_total, said.award_total, said.saved) == figures(listed)[:3]  # type: ignore[index]
            assert (said.percent, said.coverage_percent) == (listed.percent, listed.coverage_percent)
    shares = {(lot.report.id, share.code): share for lot in found.lots for share in lot.report.municipalities}
    for lot in found.lots:
        for body in lot.bodies:
            share = shares[lot.report.id, body.id]
            assert (body.listed.percent if body.listed else None) == share.savings_percent
            assert (body.listed.difference if body.listed else None) == share.saved
