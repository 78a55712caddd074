"""The years beside each other: sums added and divided once, bodies counted once, only what is decided."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from procure.awards.archive import import_round
from procure.database import Database
from procure.reports.years import MOST_YEARS, WIDE, YearFigures, decided_by_year, year_figures, years_table
from procure.settlement.round import Rules
from tests import stages
from tests.builders import NARA, YAMATOTAKADA, a_bid, a_demand, a_lot, an_item
from tests.people import NOW
from tests.reports.reported import r3_round
from tests.reports.yearly import bought_in, settled
from tests.web.rounds_at import Builder

OPEN_PRICE = a_lot((a_bid("a", 500_000),), id="open", items=(an_item(list_price=None),))


def figures(*rounds: int) -> YearFigures:
    return year_figures(2021, [settled(bought_in(year)) for year in rounds])


def test_the_percentage_of_several_years_is_divided_once_and_never_averaged() -> None:
    half, little = a_lot((a_bid("a", 500_000),)), a_lot((a_bid("a", 9_000_000),), items=(an_item(list_price=10**6),))
    dear = replace(little, rules=Rules(ceiling=None))
    years = years_table({2020: [settled(bought_in(2020, half))], 2021: [settled(bought_in(2021, dear))]})
    assert [row.savings.percent for row in years.rows if row.savings] == [Decimal("50.0"), Decimal("10.0")]
    assert years.total.savings is not None
    assert (years.total.savings.list_total, years.total.savings.award_total) == (11_000_000, 9_500_000)
    assert years.total.savings.percent == Decimal("13.6")  # 1.5 of 11 million; the average would be 30.0


def test_a_body_is_counted_once_in_a_year_and_once_for_each_lot_in_the_sum_of_lots() -> None:
    both = a_lot((a_bid("a", 500_000),), demand=(a_demand(NARA, pc=5), a_demand(YAMATOTAKADA, pc=5)))
    one = a_lot((a_bid("a", 500_000),), id="more", title="プリンタの共同調達")
    row = year_figures(2021, [settled(bought_in(2021, both, one))])
    assert (row.rounds, row.lots, row.participants, row.joined) == (1, 2, 2, 3)
    assert years_table({2020: [settled(bought_in(2020))], 2021: [settled(bought_in(2021))]}).total.participants == 1


def test_the_example_has_the_figures_of_its_round() -> None:
    row = year_figures(2021, [settled(r3_round())])
    report = settled(r3_round()).report
    assert (row.savings, row.award_total) == (report.savings, report.award_total)
    assert (row.rounds, row.lots, row.participants, row.joined) == (1, 2, 16, 20)
    assert not row.is_partly_covered


def test_a_lot_that_was_not_awarded_adds_nothing_but_its_round() -> None:
    row = year_figures(2021, [settled(bought_in(2021, a_lot((a_bid("a", 900_001),))))])
    assert (row.rounds, row.lots, row.participants, row.award_total, row.savings) == (1, 0, 0, 0, None)
    assert not row.is_partly_covered


def test_what_has_no_list_price_is_bought_and_not_compared() -> None:
    row = year_figures(2021, [settled(bought_in(2021, OPEN_PRICE))])
    mixed = year_figures(2021, [settled(bought_in(2021, OPEN_PRICE, a_lot((a_bid("a", 500_000),))))])
    assert (row.lots, row.award_total, row.savings, row.is_partly_covered) == (1, 500_000, None, True)
    assert mixed.savings is not None
    assert (mixed.award_total, mixed.savings.award_total, mixed.is_partly_covered) == (1_000_000, 500_000, True)


def test_years_stand_in_their_order_and_none_is_a_table_of_nothing() -> None:
    years = years_table({year: [settled(bought_in(year))] for year in (2021, 2019, 2020)})
    assert [row.fiscal_year for row in years.rows] == [2019, 2020, 2021]
    assert years.is_several
    nothing = years_table({})
    assert (nothing.rows, nothing.total.savings, nothing.places) == ((), None, 0)
    assert not nothing.is_several


def test_amounts_of_thirteen_digits_are_set_smaller() -> None:
    huge = a_lot((a_bid("a", WIDE - 1),), items=(an_item(list_price=WIDE // 10),), rules=Rules(ceiling=None))
    assert years_table({2021: [settled(bought_in(2021, huge))]}).is_wide
    assert not years_table({2021: [settled(bought_in(2021))]}).is_wide
    assert figures(2021, 2021).lots == 2


# ---- from the database -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("build", "expected"), [(stages.decided, []), (stages.confirmed, [2021]), (stages.published, [2021])]
)
def test_only_rounds_with_a_confirmed_decision_are_told(
    database: Database, build: Builder, expected: list[int]
) -> None:
    with database.write() as session:
        build(session, NOW)
        assert list(decided_by_year(session)) == expected


def test_a_round_that_was_opened_before_its_year_is_told_in_its_year(database: Database) -> None:
    with database.write() as session:
        import_round(session, replace(bought_in(2021), bid_date=date(2021, 3, 12)), "取込み", NOW)
        assert list(decided_by_year(session)) == [2021]


def test_rounds_are_read_by_year_and_only_those_asked_for(database: Database) -> None:
    years = range(2021 - MOST_YEARS, 2023)
    with database.write() as session:
        for year in years:
            value = bought_in(year)
            import_round(session, value, "取込み", NOW)
            later = replace(value, id=f"{value.id}-2", bid_date=value.bid_date + timedelta(days=1))
            import_round(session, later, "取込み", NOW, is_sample=year == 2021)
        found = decided_by_year(session, 2016, 2021)
        assert list(decided_by_year(session)) == list(years)
    assert list(found) == list(range(2016, 2022))
    assert [one.report.bid_date for one in found[2020]] == [date(2020, 6, 11), date(2020, 6, 12)]
    assert [one.is_sample for one in found[2021]] == [False, True]
