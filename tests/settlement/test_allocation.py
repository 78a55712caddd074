"""What each municipality gets and pays."""

from fractions import Fraction

from procure.settlement.round import Demand, Rules
from procure.settlement.settle import participants, settle, settle_lot
from tests.builders import NARA, YAMATOKORIYAMA, YAMATOTAKADA, a_bid, a_demand, a_lot, a_round, an_item, priced


def test_each_pays_its_own_quantity_and_the_cut_tax() -> None:
    lot = a_lot((priced("a", pc=3),), demand=(a_demand(NARA, pc=1), a_demand(YAMATOTAKADA, pc=3)), rules=Rules())
    nara, takada = settle_lot(lot).municipalities

    assert (nara.amount, nara.tax, nara.amount_with_tax) == (3, 0, 3)
    assert (takada.amount, takada.tax, takada.amount_with_tax) == (9, 0, 9)


def test_the_rounding_gap_is_shown_and_not_forced() -> None:
    lot = a_lot((priced("a", pc=5),), demand=(a_demand(NARA, pc=1), a_demand(YAMATOTAKADA, pc=1)), rules=Rules())
    result = settle_lot(lot)

    assert [share.amount_with_tax for share in result.municipalities] == [5, 5]
    assert result.award is not None
    assert (result.award.total_with_tax, result.rounding_gap) == (11, 1)


def test_fractions_of_a_yen_stay_exact_before_tax() -> None:
    rules = Rules(price_decimals=2)
    lot = a_lot((priced("a", pc=Fraction("0.85")),), demand=(a_demand(NARA, pc=3),), rules=rules)
    (nara,) = settle_lot(lot).municipalities

    assert (nara.amount, nara.tax, nara.amount_with_tax) == (Fraction("2.55"), 0, 2)


def test_municipalities_stand_in_the_order_of_their_codes_and_items_in_that_of_the_file() -> None:
    lot = a_lot(
        (priced("a", z=1, a=1),),
        items=(an_item("z"), an_item("a")),
        demand=(a_demand(YAMATOKORIYAMA, a=1, z=1), a_demand(NARA, a=2)),
    )
    result = settle_lot(lot)

    assert [share.code for share in result.municipalities] == [NARA, YAMATOKORIYAMA]
    assert [item.id for item in result.municipalities[1].items] == ["z", "a"]
    assert [item.id for item in result.items] == ["z", "a"]


def test_who_asks_for_nothing_does_not_participate() -> None:
    lot = a_lot((priced("a", pc=1),), demand=(a_demand(NARA, pc=1), Demand(YAMATOTAKADA, {})))
    result = settle_lot(lot)

    assert (result.participants, [share.code for share in result.municipalities]) == (1, [NARA])


def test_a_municipality_in_two_lots_counts_once_in_the_round() -> None:
    round = a_round(a_lot(), a_lot(id="printer", demand=(a_demand(NARA), a_demand(YAMATOTAKADA))))

    assert settle(round).participants == 2
    assert participants(*round.lots) == {NARA, YAMATOTAKADA}


def test_list_amounts_are_known_before_the_opening_and_amounts_are_not() -> None:
    result = settle_lot(a_lot())
    (item,), (nara,) = result.items, result.municipalities

    assert (item.quantity, item.list_amount, item.unit_price, item.amount) == (10, 1_000_000, None, None)
    assert (nara.list_amount, nara.amount, nara.tax, nara.saved) == (1_000_000, None, None, None)
    assert [(part.id, part.quantity, part.amount) for part in nara.items] == [("pc", 10, None)]


def test_an_item_nobody_asks_for_is_listed_without_a_share() -> None:
    items = (an_item(), an_item("mouse", 1_000))
    result = settle_lot(a_lot((priced("a", pc=1),), items=items))

    assert (result.items[1].quantity, result.items[1].list_amount, result.items[1].savings_percent) == (0, 0, None)
    assert [part.id for part in result.municipalities[0].items] == ["pc"]


def test_a_municipality_that_buys_only_open_priced_items_has_no_savings_of_its_own() -> None:
    items = (an_item(), an_item("open", None))
    demand = (a_demand(NARA, pc=1, open=1), a_demand(YAMATOTAKADA, open=5))
    nara, takada = settle_lot(a_lot((priced("a", pc=60_000, open=9_000),), items=items, demand=demand)).municipalities

    assert (nara.list_amount, nara.amount, nara.saved, str(nara.savings_percent)) == (100_000, 69_000, 40_000, "40.0")
    assert (takada.list_amount, takada.saved, takada.savings_percent) == (None, None, None)
    assert takada.amount == 45_000


def test_a_lot_that_nobody_asks_for_settles() -> None:
    result = settle_lot(a_lot(demand=()))

    assert (result.participants, result.municipalities, result.items[0].quantity) == (0, (), 0)


def test_the_largest_amounts_stay_exact() -> None:
    huge = 10**40 + 1
    award = settle_lot(a_lot((a_bid("a", huge * 10),), rules=Rules())).award

    assert award is not None
    assert award.total_with_tax == 11 * huge
