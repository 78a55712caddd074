"""Suppliers by their 法人番号, and their suspensions."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.awards.archive import import_round
from procure.bids.actions import announce, open_bids
from procure.bids.admission import Admission
from procure.bids.bidders import Registration, save_bidders
from procure.bids.queries import applicants_by_lot, load_round
from procure.database import Database
from procure.errors import Conflict, Invalid
from procure.history.queries import latest_events
from procure.parties.suppliers import (
    Supplier,
    change_supplier,
    known_supplier,
    lift_suspension,
    suppliers,
    suspend,
    suspended_on,
)
from procure.rounds.stages import Stage
from procure.values.corporate_number import check_digit, is_corporate_number
from tests import stages
from tests.people import NOW
from tests.stages import ACTOR, OPENED, VAULT

NUMBER = "7000012050002"  # 国税庁
OTHER = "1000020290009"  # 奈良県
DAY = NOW.date()


@pytest.mark.parametrize("number", [NUMBER, OTHER])
def test_published_numbers_have_the_right_check_digit(number: str) -> None:
    assert is_corporate_number(number)


@given(st.integers(0, 10**12 - 1).map(lambda number: f"{number:012}"), st.integers(0, 11))
def test_one_wrong_digit_is_noticed_but_for_nine_in_place_of_nought(twelve: str, place: int) -> None:
    number = check_digit(twelve) + twelve
    assert is_corporate_number(number)
    digit = int(twelve[place])
    for wrong in {*range(10)} - {digit}:
        changed = f"{twelve[:place]}{wrong}{twelve[place + 1 :]}"
        assert is_corporate_number(number[0] + changed) is ({digit, wrong} == {0, 9})


@pytest.mark.parametrize("text", ["", "700001205000", "７００００１２０５０００２", "0000012050002", f"{NUMBER}\n"])
def test_what_is_not_thirteen_digits_is_no_number(text: str) -> None:
    assert not is_corporate_number(text)


def test_a_supplier_is_known_by_its_number_and_else_by_its_name(database: Database) -> None:
    with database.write() as session:
        first = known_supplier(session, Supplier("見本商会"), ACTOR, NOW)
        numbered = known_supplier(session, Supplier("見本商会", NUMBER, "奈良市"), ACTOR, NOW)
        assert (first.id, first.corporate_number, first.address) == (numbered.id, NUMBER, "奈良市")
        renamed = known_supplier(session, Supplier("株式会社見本商会", NUMBER), ACTOR, NOW)
        assert (renamed.id, renamed.name) == (first.id, "見本商会")
        namesake = known_supplier(session, Supplier("見本商会", OTHER), ACTOR, NOW)
        assert namesake.id != first.id
        assert len(suppliers(session)) == 2


def test_what_is_added_to_a_known_supplier_is_recorded_once(database: Database) -> None:
    with database.write() as session:
        known_supplier(session, Supplier("見本商会"), ACTOR, NOW)
        for _ in range(2):
            known_supplier(session, Supplier("見本商会", NUMBER, "奈良市"), ACTOR, NOW)
        (changed,) = [event for event in latest_events(session) if event.action == "supplier_changed"]
        after = {change.what: change.after for change in changed.changes}
        assert after == {"corporate_number": NUMBER, "address": "奈良市"}


def test_two_suppliers_do_not_share_a_number(database: Database) -> None:
    with database.write() as session:
        known_supplier(session, Supplier("甲社", NUMBER), ACTOR, NOW)
        other = known_supplier(session, Supplier("乙社"), ACTOR, NOW)
        with pytest.raises(Conflict, match="甲社"):
            change_supplier(session, other, Supplier("乙社", NUMBER), ACTOR, NOW)
        with pytest.raises(Invalid):
            change_supplier(session, other, Supplier("", "1234567890123"), ACTOR, NOW)


def test_a_suspension_holds_from_its_first_to_its_last_day_until_it_is_lifted(database: Database) -> None:
    with database.write() as session:
        row = known_supplier(session, Supplier("甲社"), ACTOR, NOW)
        suspension = suspend(session, row, DAY, DAY + timedelta(days=2), "契約違反", ACTOR, NOW)
        days = [DAY + timedelta(days=offset) for offset in range(-1, 4)]
        assert [bool(suspended_on(session, [row.id], day)) for day in days] == [False, True, True, True, False]
        lift_suspension(session, suspension, ACTOR, NOW)
        session.flush()
        assert not suspended_on(session, [row.id], DAY)
        with pytest.raises(Conflict):
            lift_suspension(session, suspension, ACTOR, NOW)


def test_a_suspension_has_its_days_in_order_and_a_reason(database: Database) -> None:
    with database.write() as session:
        row = known_supplier(session, Supplier("甲社"), ACTOR, NOW)
        with pytest.raises(Invalid) as refused:
            suspend(session, row, DAY, DAY - timedelta(days=1), "", ACTOR, NOW)
    assert [fault.field for fault in refused.value.faults] == ["last_day", "reason"]


def test_who_is_suspended_on_the_day_of_the_bids_takes_no_part(database: Database) -> None:
    both = frozenset({"pc", "printer"})
    with database.write() as session:
        row = stages.specified(session, NOW)
        supplier = known_supplier(session, Supplier("甲社", NUMBER), ACTOR, NOW)
        suspend(session, supplier, date(2021, 6, 1), row.bid_date, "契約違反", ACTOR, NOW)
        with pytest.raises(Invalid) as refused:
            save_bidders(session, row, [Registration("a", "甲社", both, NUMBER)], ACTOR, NOW)
        assert "指名停止中" in refused.value.faults[0].message
        unqualified = Registration(
            "a", "甲社", both, NUMBER, admission=Admission.UNQUALIFIED, admission_reason="指名停止中"
        )
        save_bidders(session, row, [unqualified], ACTOR, NOW)
        assert all(not lot.bidders for lot in load_round(session, row).lots)
        assert len(applicants_by_lot(session, row.id)) == 2


@pytest.mark.parametrize(("days", "is_opened"), [(-1, True), (0, False), (1, False)])
def test_a_suspended_bidder_that_came_with_a_round_file_takes_no_part_either(
    database: Database, days: int, is_opened: bool
) -> None:
    lots = tuple(replace(lot, attempts=()) for lot in stages.example().lots)
    value, name = replace(stages.example(), lots=lots), lots[0].bidders[0].name
    with database.write() as session:
        known_supplier(session, Supplier(name, OTHER), ACTOR, NOW)  # a namesake of good standing
        row = known_supplier(session, Supplier(name, NUMBER), ACTOR, NOW)
        suspend(
            session,
            row,
            value.bid_date - timedelta(days=9),
            value.bid_date + timedelta(days=days),
            "契約違反",
            ACTOR,
            NOW,
        )
        imported = import_round(session, value, ACTOR, NOW, vault=VAULT)
        if is_opened:
            open_bids(session, imported, NOW, OPENED, VAULT, ACTOR, NOW)
            return
        with pytest.raises(Invalid) as refused:
            open_bids(session, imported, NOW, OPENED, VAULT, ACTOR, NOW)
    (fault,) = refused.value.faults
    assert "指名停止中" in fault.message


def test_bids_are_not_opened_before_every_application_is_checked(database: Database) -> None:
    both = frozenset({"pc", "printer"})
    with database.write() as session:
        row = stages.specified(session, NOW)
        save_bidders(session, row, [Registration("a", "甲社", both, admission=Admission.APPLIED)], ACTOR, NOW)
        stages.seal_all(session, row, NOW)
        announce(session, row, VAULT, ACTOR, NOW)
        with pytest.raises(Invalid) as refused:
            open_bids(session, row, NOW, OPENED, VAULT, ACTOR, NOW)
        assert "参加資格が未確認" in refused.value.faults[0].message
        save_bidders(session, row, [Registration("a", "甲社", both, admission=Admission.QUALIFIED)], ACTOR, NOW)
        open_bids(session, row, NOW, OPENED, VAULT, ACTOR, NOW)
        assert row.stage is Stage.OPENING
