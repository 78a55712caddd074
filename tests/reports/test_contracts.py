"""What was contracted and accepted beside what was planned: one definition, and never two kinds of quantity in one."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from math import floor

from hypothesis import given
from hypothesis import strategies as st

from procure.contracts.agreed import Agreed, agreed_of
from procure.contracts.queries import agreed_lot
from procure.contracts.states import Act, Ground, Status
from procure.database import Database
from procure.reports.contract_report import Measure
from procure.reports.contracts import contract_board, figure, own_contracts
from procure.reports.queries import settled_round
from procure.settlement.round import Lot, NegotiatedContract, Negotiation, NegotiationGround, Rules
from procure.settlement.settle import settle_lot
from tests.builders import a_bid, a_demand, a_lot, an_item, priced
from tests.contracts.contracting import CODE, LATER, performing, put
from tests.people import NOW
from tests.stages import confirmed, published

ITEMS = (an_item("pc", 100_000), an_item("monitor", None))
ASKED = (a_demand("292010", pc=10, monitor=3), a_demand("292028", pc=7))


def agreed(lot: Lot) -> Agreed:
    found = agreed_of(1, None, lot, settle_lot(lot))
    assert found is not None
    return found


def a_priced_lot(pc: int = 60_001, monitor: int = 20_003) -> Lot:
    return a_lot((priced("a", pc=pc, monitor=monitor),), items=ITEMS, demand=ASKED, rules=Rules())


def test_what_was_planned_saves_what_the_settlement_says(database: Database) -> None:
    with database.write() as session:
        row = published(session, NOW)
        settled = settled_round(session, row)
        board = contract_board(session, row, NOW.date())
    assert board.figures[0].savings == settled.result.savings
    assert [lot.figures[0].savings for lot in board.lots] == [lot.savings for lot in settled.result.lots]
    with_tax = {
        (lot.id, share.code): share.amount_with_tax for lot in settled.report.lots for share in lot.municipalities
    }
    assert {(one.lot, one.code): one.figures[0].amount_with_tax for one in board.contracts} == with_tax


def test_before_there_are_contracts_only_the_plan_has_figures(database: Database) -> None:
    with database.write() as session:
        board = contract_board(session, confirmed(session, NOW), NOW.date())
    assert {one.status for one in board.contracts} == {Status.OPEN}
    assert [figure.quantity for figure in board.figures][1:] == [0, 0]
    assert board.figures[1].savings is None


def test_each_kind_of_quantity_has_its_own_amounts(database: Database) -> None:
    with database.write() as session:
        row = performing(session, NOW)
        agreed = agreed_lot(session, row, "pc")
        item, quantity = next(iter(agreed.quantities_of(CODE).items()))
        put(session, row, agreed, Act.CHANGE, {item: 5})
        (own,) = own_contracts(contract_board(session, row, LATER.date()), CODE)
    price = (agreed.prices or {})[item]
    planned, contracted, accepted = own.figures
    assert (planned.amount or 0) + 5 * price == contracted.amount
    assert accepted.amount == (quantity - 1) * price
    assert contracted.amount_with_tax == floor(Fraction(contracted.amount or 0) * Fraction(11, 10))
    assert [one.measure for one in own.figures] == list(Measure)


def test_the_board_names_what_is_late(database: Database) -> None:
    with database.write() as session:
        row = performing(session, NOW)
        board = contract_board(session, row, NOW.date() + timedelta(days=900))
    assert not any(one.is_overdue for one in board.contracts)  # no deadline was set


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=6))
def test_the_tax_of_each_contract_is_cut_for_itself(contracts: list[tuple[int, int]]) -> None:
    quantities = [{"pc": pc, "monitor": monitor} for pc, monitor in contracts]
    found = figure(agreed(a_priced_lot()), Measure.CONTRACTED, quantities)
    amounts = [60_001 * pc + 20_003 * monitor for pc, monitor in contracts]
    assert found.amount == sum(amounts)
    assert found.amount_with_tax == sum(amount * 11 // 10 for amount in amounts)


def test_an_item_without_a_list_price_is_paid_and_not_compared() -> None:
    found = figure(agreed(a_priced_lot(60_000, 20_000)), Measure.ACCEPTED, [{"pc": 2, "monitor": 1}])
    assert (found.amount, found.list_amount, found.saved, str(found.percent)) == (140_000, 200_000, 80_000, "40.0")


def test_without_a_breakdown_amounts_of_a_body_are_unknown() -> None:
    lot = a_lot((a_bid("a", 1_000_001),), items=ITEMS, demand=ASKED, rules=Rules())
    found = agreed(lot)
    assert found.prices is None
    assert found.come_to(found.quantities_of("292010")) == (None, None)
    assert figure(found, Measure.CONTRACTED, [{"pc": 1, "monitor": 0}]).savings is None


def test_a_negotiated_contract_with_two_suppliers_gives_its_prices_and_cuts_the_tax_of_each() -> None:
    lot = replace(a_priced_lot(), attempts=())
    parts = (NegotiatedContract("甲商会", {"pc": 50_001}), NegotiatedContract("乙商会", {"monitor": 10_003}))
    failed = replace(
        a_lot(*((priced("a", pc=price, monitor=1),) for price in (999_999, 999_998)), items=ITEMS, demand=ASKED),
        rules=replace(lot.rules, ceiling=2_000_000, max_attempts=2),
        negotiation=Negotiation(
            ground=NegotiationGround.FAILED_TENDER, reason="不落のため", agreed_on=NOW.date(), contracts=parts
        ),
    )
    found = agreed(failed)
    assert (found.supplier, found.negotiated) == ("甲商会、乙商会", Ground.FAILED_TENDER)
    assert found.prices == {"pc": 50_001, "monitor": 10_003}
    amount, amount_with_tax = found.come_to({"pc": 3, "monitor": 1})
    assert amount == 150_003 + 10_003
    assert amount_with_tax == 150_003 * 11 // 10 + 10_003 * 11 // 10
