"""Checks of list prices, and what a change of one after 仕様確定 needs."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session

from procure.database import Database
from procure.demand.actions import close_survey
from procure.demand.freeze import freezes_of, frozen_demand, frozen_items
from procure.errors import Conflict, Invalid
from procure.history.queries import events_of_round
from procure.rounds.actions import open_survey, save_lot
from procure.rounds.list_prices import check_list_prices, checked_refs
from procure.rounds.queries import items_of, lots_of
from procure.rounds.tables import RoundRow
from procure.rounds.values import lot_values
from procure.settlement.round import Lot
from tests.people import NOW
from tests.stages import ACTOR, bidding, preparing, specified, surveying

REASON = "カタログの改定"


def test_a_check_says_who_and_when_and_can_be_taken_back(database: Database) -> None:
    with database.write() as session:
        row = preparing(session, NOW)
        lot, item = lots_of(session, row.id)[0], items_of(session, row.id)[0]
        check_list_prices(session, row, lot, {item.ref}, (), ACTOR, NOW)
        assert (item.list_price_checked_by, item.list_price_checked_at) == (ACTOR, NOW)
        assert checked_refs(session, lot) == {item.ref}
        check_list_prices(session, row, lot, (), {item.ref}, "別の人", NOW)
        assert checked_refs(session, lot) == frozenset()
        taken_back, checked = events_of_round(session, row.ref)[:2]
    assert [(change.before, change.after) for change in checked.changes] == [(None, ACTOR)]
    assert [(change.before, change.after) for change in taken_back.changes] == [(ACTOR, None)]


@pytest.mark.parametrize("change", [{"list_price": 123_456}, {"list_price_source": "新しいカタログ"}])
def test_a_changed_list_price_loses_its_check_and_the_others_keep_theirs(
    database: Database, change: dict[str, object]
) -> None:
    with database.write() as session:
        row = preparing(session, NOW)
        lot = lots_of(session, row.id)[0]
        value = _lot(session, row)
        check_list_prices(session, row, lot, {item.id for item in value.items}, (), ACTOR, NOW)
        save_lot(session, row, _with_first(value, **change), ACTOR, NOW)
        assert checked_refs(session, lot) == {item.id for item in value.items[1:]}


def test_another_name_of_an_item_keeps_the_check_of_its_price(database: Database) -> None:
    with database.write() as session:
        row = preparing(session, NOW)
        lot, value = lots_of(session, row.id)[0], _lot(session, row)
        check_list_prices(session, row, lot, {value.items[0].id}, (), ACTOR, NOW)
        save_lot(session, row, _with_first(value, name="別の名前"), ACTOR, NOW)
        assert checked_refs(session, lot) == {value.items[0].id}


@pytest.mark.parametrize("reason", ["", "理" * 1001])
def test_a_list_price_changes_after_the_freeze_only_with_a_reason(database: Database, reason: str) -> None:
    with database.write() as session:
        row = specified(session, NOW)
        value = _lot(session, row)
        with pytest.raises(Invalid) as refused:
            save_lot(session, row, _with_first(value, list_price=1), ACTOR, NOW, reason=reason)
        assert [fault.field for fault in refused.value.faults] == ["price_reason"]
        assert _lot(session, row) == value
        save_lot(session, row, _with_first(value, list_price=1), ACTOR, NOW, reason=REASON)
        changes = {change.what: change.after for change in events_of_round(session, row.ref)[0].changes}
    assert changes["reason"] == REASON


def test_rules_change_after_the_freeze_and_list_prices_before_it_without_a_reason(database: Database) -> None:
    with database.write() as session:
        row = surveying(session, NOW)
        value = _lot(session, row)
        save_lot(session, row, _with_first(value, list_price=1), ACTOR, NOW)
        close_survey(session, row, ACTOR, NOW)
        changed = replace(_lot(session, row), rules=replace(value.rules, max_attempts=1))
        save_lot(session, row, changed, ACTOR, NOW)
        assert _lot(session, row) == changed


def test_the_freeze_keeps_items_and_list_prices_as_they_were(database: Database) -> None:
    with database.write() as session:
        row = surveying(session, NOW)
        value = _lot(session, row)
        check_list_prices(session, row, lots_of(session, row.id)[0], {value.items[0].id}, (), ACTOR, NOW)
        close_survey(session, row, ACTOR, NOW)
        save_lot(session, row, _with_first(value, list_price=1), ACTOR, NOW, reason=REASON)
        kept = freezes_of(session, row.id)[0]
        first = frozen_items(kept)[value.id][0]
        assert frozen_demand(kept).keys() == frozen_items(kept).keys()
    assert first["list_price"] == value.items[0].list_price != 1
    assert first["list_price_source"] == value.items[0].list_price_source
    assert (first["list_price_checked_by"], first["list_price_checked_at"]) == (ACTOR, NOW.isoformat())


def test_nothing_is_checked_after_the_notice(database: Database) -> None:
    with database.write() as session:
        row = bidding(session, NOW)
        lot = lots_of(session, row.id)[0]
        with pytest.raises(Conflict):
            check_list_prices(session, row, lot, {_lot(session, row).items[0].id}, (), ACTOR, NOW)


def test_purchase_or_lease_is_decided_before_anybody_is_asked(database: Database) -> None:
    with database.write() as session:
        row = preparing(session, NOW)
        save_lot(session, row, _lot(session, row), ACTOR, NOW, either=True)
        assert lots_of(session, row.id)[0].either_acquisition
        save_lot(session, row, _lot(session, row), ACTOR, NOW)
        assert lots_of(session, row.id)[0].either_acquisition
        open_survey(session, row, NOW + timedelta(days=14), ACTOR, NOW)
        with pytest.raises(Conflict):
            save_lot(session, row, _lot(session, row), ACTOR, NOW, either=False)


def _lot(session: Session, row: RoundRow) -> Lot:
    return lot_values(lots_of(session, row.id), items_of(session, row.id))[0]


def _with_first(lot: Lot, **changes: object) -> Lot:
    first, *others = lot.items
    return replace(lot, items=(replace(first, **changes), *others))
