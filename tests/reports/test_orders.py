"""発注書: what a body orders of whom."""

from dataclasses import replace
from datetime import date

import pytest

from procure.reports.orders import orders_of
from procure.reports.round_report import round_report
from procure.settlement.round import Lot, NegotiationGround
from procure.settlement.settle import settle
from tests.builders import NARA, YAMATOTAKADA, a_bid, a_demand, a_lot, a_round, an_item, declined
from tests.documents.ordering import FAILED, WINNER, WON, negotiated, orders
from tests.reports.reported import COUNCIL, report_of


def test_a_body_orders_of_the_winner_what_it_asked_for_at_the_sums_of_the_result() -> None:
    (order,) = orders(WON)
    share = settle(a_round(WON)).lots[0].municipalities[0]
    assert order.contractor == WINNER
    assert [(item.id, item.quantity) for item in order.share.items] == [("pc", 4)]
    sums = (order.share.amount, order.share.tax, order.share.amount_with_tax)
    assert sums == (share.amount, share.tax, share.amount_with_tax) == (200_000, 20_000, 220_000)


def test_each_lot_has_an_order_of_its_own() -> None:
    round_ = a_round(WON, replace(WON, id="second", title="二つ目"))
    assert [(order.number, order.lot.title) for order in orders(round_)] == [(1, WON.title), (2, "二つ目")]


def test_who_asks_for_nothing_in_a_lot_orders_nothing_in_it() -> None:
    other = a_lot((a_bid("a", 500_000),), id="other", demand=(a_demand(YAMATOTAKADA, pc=10),))
    assert [order.lot.id for order in orders(a_round(WON, other))] == ["pc"]
    assert orders(WON, "292036") == orders(WON, "999999") == ()


def test_each_of_several_contractors_has_an_order_of_its_own_items() -> None:
    lot = negotiated(FAILED, NegotiationGround.FAILED_TENDER, ("a", {"pc": 50_000}), ("外の会社", {"lcd": 20_000}))
    found = [(order.contractor.name, [item.id for item in order.share.items]) for order in orders(lot)]
    assert found == [("A商会", ["pc"]), ("外の会社", ["lcd"])]
    assert [order.contractor.name for order in orders(lot, YAMATOTAKADA)] == ["外の会社"]


def test_where_the_winner_did_not_sign_the_order_goes_to_who_took_its_place() -> None:
    (order,) = orders(negotiated(WON, NegotiationGround.NOT_SIGNED, ("B商会", {"pc": 50_000})))
    assert (order.contractor.name, order.share.amount) == ("B商会", 200_000)


@pytest.mark.parametrize(
    "lot", [a_lot((declined("a"),)), FAILED, a_lot(cancelled="仕様の誤り")], ids=["不調", "不落", "取止め"]
)
def test_without_an_award_there_is_nothing_to_order(lot: Lot) -> None:
    assert orders(lot) == ()


def test_of_a_lot_that_was_put_out_to_tender_again_nothing_is_ordered() -> None:
    round_ = a_round(WON)
    report = round_report(round_, settle(round_), COUNCIL, len(COUNCIL), repeated={"pc"})
    assert orders_of(report, round_.lots, {}, NARA) == ()


def test_an_order_tells_spares_places_and_the_deadline_where_they_are_known() -> None:
    lot = replace(WON, demand=(replace(a_demand(NARA, pc=4), spares={"pc": 1}),))
    (order,) = orders(lot, places={NARA: "本庁舎", YAMATOTAKADA: "東庁舎"}, deadline=date(2021, 10, 29))
    assert (order.spares, order.places, order.deadline) == ({"pc": 1}, "本庁舎", date(2021, 10, 29))
    (plain,) = orders_of(report_of(a_round(WON)), [WON], {}, NARA)
    assert (plain.spares, plain.places, plain.deadline, plain.contractor.address) == ({}, "", None, "")


def test_without_a_breakdown_the_prices_of_an_order_are_unknown() -> None:
    (order,) = orders(a_lot((a_bid("a", 500_000),), items=(an_item(), an_item("lcd")), demand=(a_demand(pc=1, lcd=2),)))
    assert not order.priced
    assert [item.quantity for item in order.share.items] == [1, 2]
