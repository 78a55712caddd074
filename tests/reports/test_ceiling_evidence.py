"""What a ceiling may be set from: earlier discounts, weighted by list amount and divided once."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

from hypothesis import given
from hypothesis import strategies as st

from procure.awards.archive import import_round
from procure.database import Database
from procure.reports.ceiling_evidence import Earlier, earlier_awards, proposal, proposed
from procure.settlement.round import Item, Lot
from procure.values.money import Yen
from tests import stages
from tests.builders import a_demand, a_lot, an_item
from tests.people import NOW
from tests.stages import ACTOR

DAY = date(2020, 6, 11)
prices = st.integers(1, 10**6)
quantities = st.integers(1, 5_000)


def earlier(list_price: Yen, unit_price: Yen, quantity: int = 1, item: str = "pc") -> Earlier:
    return Earlier("R2-1", DAY, item, "ノートパソコン", quantity, list_price, unit_price)


def asked(*items: tuple[Item, int]) -> Lot:
    """A lot of these items, of which one body wants so many."""
    demand = a_demand(**{item.id: quantity for item, quantity in items})
    return a_lot(items=tuple(item for item, _ in items), demand=(demand,))


def test_the_discount_of_before_is_taken_off_the_list_price_of_today() -> None:
    found = proposed(asked((an_item("pc", 200_000), 10)), [earlier(100_000, 60_000)])
    assert (found.list_total, found.without_tax, found.discount_percent) == (2_000_000, 1_200_000, Decimal("40.0"))
    assert found.without == ()


def test_several_awards_are_weighted_by_their_list_amounts() -> None:
    """300 + 50 paid of 400 + 100 listed: 70 %, and not the 62.5 % between 75 % and 50 %."""
    found = proposed(asked((an_item("pc", 1_000), 1)), [earlier(100, 75, 4), earlier(100, 50, 1)])
    assert found.without_tax == 700


def test_the_sum_of_all_items_is_cut_to_whole_yen_once() -> None:
    items = ((an_item("pc", 1), 1), (an_item("dock", 1), 1), (an_item("mouse", 1), 1))
    found = proposed(asked(*items), [earlier(3, 2, item=item.id) for item, _ in items])
    assert found.without_tax == 2
    assert found.discount_percent == Decimal("33.3")


def test_what_was_never_awarded_before_leaves_no_proposal_and_is_named() -> None:
    lot = asked((an_item("pc"), 1), (an_item("dock", name="ドック"), 1))
    found = proposed(lot, [earlier(100, 50)])
    assert (found.without_tax, found.discount_percent, found.without) == (None, None, ("ドック",))
    assert found.list_total == 200_000


def test_an_open_price_has_no_list_total_and_no_proposal() -> None:
    found = proposed(asked((an_item("pc", None), 1)), [earlier(100, 50)])
    assert (found.list_total, found.without_tax, found.without) == (None, None, ("ノートパソコン",))


def test_an_item_that_nobody_wants_does_not_stand_in_the_way() -> None:
    lot = replace(asked((an_item("pc", 100), 2)), items=(an_item("pc", 100), an_item("dock", None)))
    found = proposed(lot, [earlier(100, 50)])
    assert (found.list_total, found.without_tax, found.without) == (200, 100, ())


def test_where_nothing_is_wanted_there_is_nothing_to_propose() -> None:
    found = proposed(a_lot(demand=()), [earlier(100, 50)])
    assert (found.list_total, found.without_tax, found.without) == (None, None, ())


@given(st.lists(st.tuples(prices, quantities, prices, quantities, st.integers(0, 100)), min_size=1, max_size=6))
def test_the_proposal_is_the_sum_of_exact_parts(
    lines: list[tuple[int, int, int, int, int]],
) -> None:
    """(list price, quantity, list price before, quantity before, percent paid) of each item."""
    items = [(an_item(f"i{index}", line[0]), line[1]) for index, line in enumerate(lines)]
    evidence = [
        earlier(before, Fraction(before * paid, 100), bought, f"i{index}")
        for index, (_, _, before, bought, paid) in enumerate(lines)
    ]
    found = proposed(asked(*items), evidence)
    exact = sum(Fraction(price * quantity * paid, 100) for price, quantity, _, _, paid in lines)
    assert found.list_total == sum(price * quantity for price, quantity, *_ in lines)
    assert found.without_tax == floor(exact)
    assert 0 <= found.without_tax <= found.list_total


@given(prices, quantities, st.lists(st.tuples(prices, quantities, st.integers(1, 100)), min_size=1, max_size=5))
def test_a_proposal_lies_between_the_least_and_the_greatest_discount_of_before(
    price: int, quantity: int, before: list[tuple[int, int, int]]
) -> None:
    evidence = [earlier(listed, Fraction(listed * paid, 100), bought) for listed, bought, paid in before]
    found = proposed(asked((an_item("pc", price), quantity)), evidence)
    paid = [percent for _, _, percent in before]
    assert found.without_tax is not None
    assert floor(Fraction(price * quantity * min(paid), 100)) <= found.without_tax
    assert found.without_tax <= Fraction(price * quantity * max(paid), 100)
    assert proposed(asked((an_item("pc", price), quantity)), evidence[::-1]).without_tax == found.without_tax


def test_only_confirmed_rounds_before_this_one_are_evidence(database: Database) -> None:
    example = stages.example()
    with database.write() as session:
        for ref, year in (("R1-1", 2019), ("R2-1", 2020), ("R4-1", 2022)):
            import_round(session, replace(example, id=ref, bid_date=example.bid_date.replace(year=year)), ACTOR, NOW)
        row = stages.specified(session, NOW)
        found = earlier_awards(session, row, example.lots[0])
        whole = proposal(session, row, "pc")
    assert list(dict.fromkeys(one.round for one in found)) == ["R2-1", "R1-1"]
    assert len(found) == 2 * len(example.lots[0].items)
    assert whole.evidence == found


def test_another_kind_unit_or_code_is_not_the_same_item(database: Database) -> None:
    example = stages.example()
    with database.write() as session:
        earlier_round = replace(example, id="R2-1", bid_date=example.bid_date.replace(year=2020))
        import_round(session, earlier_round, ACTOR, NOW)
        row, lot = stages.specified(session, NOW), example.lots[0]
        first, *rest = lot.items
        other = replace(lot, items=(replace(first, unit="式"), *(replace(item, id=f"{item.id}-x") for item in rest)))
        assert len(earlier_awards(session, row, lot)) == len(lot.items)
        assert earlier_awards(session, row, other) == ()


def test_an_earlier_award_is_told_in_words() -> None:
    told = str(replace(earlier(100_000, Fraction(60_001, 2), 1_200), name="ノート"))
    assert told == "ノート：R2-1（R2.6.11入札）定価の70.0％引き（1,200、落札単価30,000.5円）"
