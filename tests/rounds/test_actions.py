"""What the secretariat does to a round, in the database."""

from dataclasses import replace
from datetime import timedelta

import pytest

from procure.database import Database
from procure.demand.queries import demand_by_lot
from procure.errors import Conflict, Invalid
from procure.history.queries import events_of_round
from procure.rounds.actions import cancel_lot, create_round, edit_round, remove_lot, reopen_survey, save_lot
from procure.rounds.queries import items_of, lots_of, rounds_in
from procure.rounds.rules import Outline
from procure.rounds.stages import Stage
from procure.rounds.values import lot_values
from tests import stages
from tests.builders import an_item
from tests.people import NOW
from tests.stages import ACTOR


def test_a_round_is_created_once_under_its_number(database: Database) -> None:
    with database.write() as session:
        row = stages.preparing(session, NOW)
        assert [found.ref for found in rounds_in(session, Stage.PREPARING)] == [row.ref]
        outline = Outline(row.ref, "別の案件", 2026, NOW.date(), "見本協議会")
        with pytest.raises(Invalid) as refused:
            create_round(session, outline, ACTOR, NOW)
    assert [fault.field for fault in refused.value.faults] == ["ref"]


def test_what_is_saved_of_a_lot_is_what_is_read(database: Database) -> None:
    with database.write() as session:
        row = stages.preparing(session, NOW)
        read = lot_values(lots_of(session, row.id), items_of(session, row.id))
    unsealed = [replace(lot, rules=replace(lot.rules, ceiling=None)) for lot in stages.example().lots]
    expected = [(lot.id, lot.title, lot.rules, lot.items) for lot in unsealed]
    assert [(lot.id, lot.title, lot.rules, lot.items) for lot in read] == expected


def test_items_may_change_their_order_their_names_and_their_number_while_preparing(database: Database) -> None:
    lot = stages.example().lots[0]
    with database.write() as session:
        row = stages.preparing(session, NOW)
        items = (an_item("new"), *reversed(lot.items[1:]))
        save_lot(session, row, replace(lot, items=items), ACTOR, NOW)
        read = lot_values(lots_of(session, row.id), items_of(session, row.id))[0]
    assert read.items == items


def test_an_edit_that_changes_nothing_is_not_recorded(database: Database) -> None:
    with database.write() as session:
        row = stages.preparing(session, NOW)
        before, version = len(events_of_round(session, row.ref)), row.version
        outline = Outline(row.ref, row.title, row.fiscal_year, row.bid_date, row.council, row.note)
        edit_round(session, row, outline, ACTOR, NOW)
        assert (len(events_of_round(session, row.ref)), row.version) == (before, version)
        edit_round(session, row, replace(outline, title="新しい件名"), ACTOR, NOW)
        (change,) = events_of_round(session, row.ref)[0].changes
    assert (change.what, change.before, change.after) == ("title", outline.title, "新しい件名")


def test_a_lot_and_its_items_are_removed_together(database: Database) -> None:
    with database.write() as session:
        row = stages.preparing(session, NOW)
        remove_lot(session, row, lots_of(session, row.id)[0], ACTOR, NOW)
        assert [lot.ref for lot in lots_of(session, row.id)] == ["printer"]
        assert {item.lot_id for item in items_of(session, row.id)} == {lots_of(session, row.id)[0].id}


def test_after_the_survey_began_items_stand_and_only_list_prices_and_rules_may_change(database: Database) -> None:
    lot = stages.example().lots[0]
    dearer = tuple(replace(item, list_price=(item.list_price or 0) + 1) for item in lot.items)
    with database.write() as session:
        row = stages.answered(session, NOW)
        asked = demand_by_lot(session, row.id)
        save_lot(session, row, replace(lot, items=dearer), ACTOR, NOW)
        assert demand_by_lot(session, row.id) == asked
        with pytest.raises(Conflict, match="定価と入札の条件だけ"):
            save_lot(session, row, replace(lot, items=dearer[1:]), ACTOR, NOW)


def test_a_survey_is_reopened_with_a_reason_and_a_later_deadline(database: Database) -> None:
    with database.write() as session:
        row = stages.specified(session, NOW)
        with pytest.raises(Invalid) as refused:
            reopen_survey(session, row, NOW, "", ACTOR, NOW)
        assert [fault.field for fault in refused.value.faults] == ["reason", "deadline"]
        reopen_survey(session, row, NOW + timedelta(days=1), "数量の誤り", ACTOR, NOW)
        assert (row.stage, row.specified_at) == (Stage.SURVEYING, None)


def test_a_lot_is_called_off_once_and_with_its_reason(database: Database) -> None:
    with database.write() as session:
        row = stages.decided(session, NOW)
        lot = lots_of(session, row.id)[0]
        with pytest.raises(Invalid):
            cancel_lot(session, row, lot, "", ACTOR, NOW)
        cancel_lot(session, row, lot, "仕様の誤り", ACTOR, NOW)
        with pytest.raises(Conflict):
            cancel_lot(session, row, lot, "もう一度", ACTOR, NOW)
        assert lots_of(session, row.id)[0].cancelled == "仕様の誤り"


def test_a_lot_of_a_confirmed_round_is_not_called_off(database: Database) -> None:
    with database.write() as session:
        row = stages.confirmed(session, NOW)
        with pytest.raises(Conflict, match="確定"):
            cancel_lot(session, row, lots_of(session, row.id)[0], "仕様の誤り", ACTOR, NOW)
        assert lots_of(session, row.id)[0].cancelled is None
