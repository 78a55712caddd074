"""Recording contracts, on both databases: what is written, what is refused, and what two people do at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from procure.accounts.queries import account_of
from procure.accounts.roles import Role
from procure.accounts.viewer import Viewer
from procure.contracts.actions import save_terms
from procure.contracts.agreed import Agreed
from procure.contracts.queries import agreed_in, agreed_lot, deadlines_in, limits_of, recorded_of
from procure.contracts.settings import set_deadlines, set_limits
from procure.contracts.states import Act, Ground, Resolution
from procure.contracts.thresholds import Limits
from procure.database import Database
from procure.errors import Conflict, Invalid, NotFound
from procure.history.queries import events_of_round, latest_events
from procure.parties.tables import BodyRow
from procure.rounds.queries import find_round, locked_round
from procure.rounds.tables import RoundRow
from tests.contracts.contracting import CODE, DAY, LATER, SIGNED, WHO, contracted, performing, put, sign, take_back
from tests.outcomes import not_signed
from tests.people import NOW, SECRETARIAT, settle_in
from tests.stages import confirmed, decided

PEOPLE = 6


def first_of(agreed: Agreed) -> tuple[str, int]:
    return next(iter(agreed.quantities_of(CODE).items()))


def found(session: Session) -> tuple[RoundRow, Agreed]:
    row = find_round(session, "R3-1")
    return row, agreed_lot(session, row, "pc")


def test_a_contract_is_kept_as_it_was_written_and_told_in_the_history(database: Database) -> None:
    with database.write() as session:
        contracted(session, NOW)
    with database.read() as session:
        row, agreed = found(session)
        kept = recorded_of(session, agreed.lot_id, CODE)
        (event,) = (event for event in events_of_round(session, row.ref) if event.action == "contract_changed")
    assert (kept.terms, kept.version) == (SIGNED, 1)
    assert {change.what for change in event.changes} == {"ground", "contract_number", "concluded_on"}


def test_before_the_decision_is_confirmed_there_is_nothing_to_contract(database: Database) -> None:
    with database.write() as session, pytest.raises(Conflict, match="確定していません"):
        sign(session, decided(session, NOW))


def test_a_body_that_asked_for_nothing_has_no_contract(database: Database) -> None:
    with database.write() as session:
        row = confirmed(session, NOW)
        with pytest.raises(NotFound):
            sign(session, row, code="292010")


def test_a_contract_that_somebody_else_changed_is_not_overwritten(database: Database) -> None:
    with database.write() as session:
        row = contracted(session, NOW)
        agreed = agreed_lot(session, row, "pc")
        with pytest.raises(Conflict, match="ほかの人"):
            save_terms(session, row, agreed, CODE, replace(SIGNED, contract_number="別"), 0, WHO, LATER)


def test_a_rejected_contract_fails_and_nothing_can_be_ordered(database: Database) -> None:
    rejected = replace(
        SIGNED,
        approval=True,
        approval_reason="既契約と合わせるため",
        provisional_on=DAY,
        resolved_on=DAY,
        resolution=Resolution.REJECTED,
        concluded_on=None,
        failure_reason="議会で否決",
    )
    with database.write() as session:
        row = sign(session, confirmed(session, NOW), rejected)
        agreed = agreed_lot(session, row, "pc")
        with pytest.raises(Conflict, match="不成立"):
            put(session, row, agreed, Act.ORDER, {first_of(agreed)[0]: 1})


def test_nothing_is_ordered_before_there_is_a_contract(database: Database) -> None:
    with database.write() as session:
        row = confirmed(session, NOW)
        agreed = agreed_lot(session, row, "pc")
        with pytest.raises(Conflict, match="成立していない"):
            put(session, row, agreed, Act.ORDER, {first_of(agreed)[0]: 1}, seen=0)


def test_slips_are_numbered_and_the_quantities_follow(database: Database) -> None:
    with database.write() as session:
        performing(session, NOW)
    with database.read() as session:
        _, agreed = found(session)
        item, quantity = first_of(agreed)
        kept = recorded_of(session, agreed.lot_id, CODE)
        ledger = kept.ledger(agreed.quantities_of(CODE))
    assert [row.number for row in kept.slips] == [1, 2, 3]
    assert [ledger.sums(act)[item] for act in (Act.ORDER, Act.DELIVERY, Act.ACCEPTANCE)] == [
        quantity,
        quantity,
        quantity - 1,
    ]


def test_more_than_was_delivered_is_not_accepted(database: Database) -> None:
    with database.write() as session:
        row = performing(session, NOW)
        agreed = agreed_lot(session, row, "pc")
        with pytest.raises(Invalid) as refused:
            put(session, row, agreed, Act.ACCEPTANCE, {first_of(agreed)[0]: 2})
    assert [fault.field for fault in refused.value.faults] == [f"quantity-{first_of(agreed)[0]}"]


def test_a_slip_is_taken_back_once_by_its_opposite(database: Database) -> None:
    with database.write() as session:
        row = performing(session, NOW)
        agreed = agreed_lot(session, row, "pc")
        back = take_back(session, row, agreed, 3)
        assert (back.number, back.reverses) == (4, 3)
        assert recorded_of(session, agreed.lot_id, CODE).quantities[back.id] == {
            first_of(agreed)[0]: 1 - first_of(agreed)[1]
        }
        with pytest.raises(Conflict, match="すでに取り消され"):
            take_back(session, row, agreed, 3)
        with pytest.raises(Conflict, match="すでに取り消され"):
            take_back(session, row, agreed, 4)
        with pytest.raises(NotFound):
            take_back(session, row, agreed, 99)
        with pytest.raises(Invalid):
            take_back(session, row, agreed, 1)


@pytest.mark.parametrize("table", ["contract_slip", "contract_line"])
@pytest.mark.parametrize("act", ["UPDATE {} SET {} = 1", "DELETE FROM {}"])
def test_the_database_lets_nobody_change_what_was_recorded(database: Database, table: str, act: str) -> None:
    with database.write() as session:
        performing(session, NOW)
    column = "number" if table == "contract_slip" else "quantity"
    with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
        session.connection().execute(text(act.format(table, column)))


def test_a_change_keeps_the_prices_and_makes_room_for_orders(database: Database) -> None:
    with database.write() as session:
        row = performing(session, NOW)
        agreed = agreed_lot(session, row, "pc")
        item, _ = first_of(agreed)
        with pytest.raises(Invalid):
            put(session, row, agreed, Act.ORDER, {item: 1})
        put(session, row, agreed, Act.CHANGE, {item: 1})
        put(session, row, agreed, Act.ORDER, {item: 1})
        assert agreed_lot(session, row, "pc").prices == agreed.prices


def test_whoever_is_not_of_the_body_says_why_it_writes_for_it(database: Database) -> None:
    with database.write() as session:
        settle_in(session, (SECRETARIAT,))
        account = account_of(session, SECRETARIAT.login)
        assert account is not None
        viewer = Viewer(account.id, account.login, account.name, Role.SECRETARIAT, None, None, "token")
        row = confirmed(session, NOW)
        agreed = agreed_lot(session, row, "pc")
        with pytest.raises(Invalid) as refused:
            save_terms(session, row, agreed, CODE, SIGNED, 0, viewer, LATER)
        assert [fault.field for fault in refused.value.faults] == ["on_behalf"]
        written = save_terms(session, row, agreed, CODE, SIGNED, 0, viewer, LATER, "電話の連絡による")
        assert (written.on_behalf, written.changed_by) == ("電話の連絡による", "事務局　花子（事務局）")


def test_the_day_of_the_contract_decides_up_to_what_it_is_a_small_one(database: Database) -> None:
    """香芝市 buys printers for less than 1,500,000 yen and more than it might before its own rule was changed."""
    with database.write() as session:
        row = confirmed(session, NOW)
        agreed = agreed_lot(session, row, "printer")
        small = replace(SIGNED, ground=Ground.SMALL)
        code = next(
            one for one in agreed.bodies if 800_000 < (agreed.come_to(agreed.quantities_of(one))[1] or 0) < 10**6
        )
        body = session.get_one(BodyRow, code)
        set_limits(session, body, Limits(small_since=DAY + timedelta(days=1)), 0, WHO, NOW)
        with pytest.raises(Invalid) as refused:
            save_terms(session, row, agreed, code, small, 0, WHO, LATER)
        assert [fault.field for fault in refused.value.faults] == ["ground"]
        later = replace(small, concluded_on=DAY + timedelta(days=1))
        assert save_terms(session, row, agreed, code, later, 0, WHO, LATER).ground is Ground.SMALL


def test_a_body_has_amounts_of_its_own_and_nobody_overwrites_them_unseen(database: Database) -> None:
    own = Limits(assembly=30_000_000, ordinance="条例第3条")
    with database.write() as session:
        confirmed(session, NOW)
        body = session.get_one(BodyRow, CODE)
        set_limits(session, body, own, 0, WHO, NOW)
        assert limits_of(session, CODE) == own
        with pytest.raises(Conflict):
            set_limits(session, body, Limits(), 0, WHO, NOW)
        with pytest.raises(Invalid):
            set_limits(session, body, Limits(assembly=1), 1, WHO, NOW)
        set_limits(session, body, own, 1, WHO, NOW)  # the same again is no change
        told = [event for event in latest_events(session) if event.action == "contract_limits_set"]
    assert len(told) == 1


def test_a_deadline_is_set_changed_and_taken_away(database: Database) -> None:
    with database.write() as session:
        row = confirmed(session, NOW)
        lot = agreed_lot(session, row, "pc").lot_id
        for day in (DAY, DAY + timedelta(days=1), None):
            set_deadlines(session, row, {"pc": day}, WHO, NOW)
            assert deadlines_in(session, [lot]).get(lot) == day
        set_deadlines(session, row, {"pc": None, "unknown": DAY}, WHO, NOW)
        told = [event for event in latest_events(session) if event.action == "delivery_deadline_set"]
    assert len(told) == 3


def test_of_people_who_accept_the_same_remainder_at_once_one_succeeds(database: Database) -> None:
    with database.write() as session:
        performing(session, NOW)
    with database.read() as session:
        _, agreed = found(session)
        version = recorded_of(session, agreed.lot_id, CODE).version
    barrier = Barrier(PEOPLE)

    def accept(_: int) -> bool:
        barrier.wait()
        try:
            with database.write() as session:
                row = locked_round(session, "R3-1")
                agreed = agreed_lot(session, row, "pc")
                put(session, row, agreed, Act.ACCEPTANCE, {first_of(agreed)[0]: 1}, seen=version)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(PEOPLE) as pool:
        assert sorted(pool.map(accept, range(PEOPLE))) == [False] * (PEOPLE - 1) + [True]
    with database.read() as session:
        _, agreed = found(session)
        ledger = recorded_of(session, agreed.lot_id, CODE).ledger(agreed.quantities_of(CODE))
    assert ledger.room(Act.ACCEPTANCE)[first_of(agreed)[0]] == 0


def test_every_awarded_lot_is_to_be_contracted_by_whoever_asked_for_it(database: Database) -> None:
    with database.write() as session:
        row = confirmed(session, NOW)
        assert [(one.lot.id, len(one.bodies)) for one in agreed_in(session, row)] == [("pc", 13), ("printer", 7)]


@pytest.mark.parametrize(("days", "is_refused"), [(0, True), (1, False), (2, False)])
def test_a_contract_in_the_place_of_the_winners_is_not_older_than_its_negotiation(
    database: Database, days: int, is_refused: bool
) -> None:
    with database.write() as session:
        row = not_signed(session, NOW)  # the others agreed a day after the decision
        terms = replace(SIGNED, ground=Ground.NOT_SIGNED, concluded_on=DAY + timedelta(days=days))
        if not is_refused:
            sign(session, row, terms)
            return
        with pytest.raises(Invalid) as refused:
            sign(session, row, terms)
    (fault,) = refused.value.faults
    assert fault.field == "concluded_on"
    assert "見積合わせの日（令和8年11月25日）より前" in fault.message
