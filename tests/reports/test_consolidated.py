"""数量集計表 as values: bodies by items with sums, at a day, and what changed."""

from datetime import date, timedelta

from procure.database import Database
from procure.demand.actions import return_answer
from procure.demand.queries import demand_by_lot
from procure.reports.consolidated import Consolidated, Count, LotCounts, consolidated, summed
from procure.rounds.queries import lots_of
from tests.demand.test_changes import OFFICE, answer
from tests.people import NOW
from tests.stages import answered, surveying

NARA, SAKURAI = "292010", "292061"
TODAY = NOW.date()


def lot(table: Consolidated, id: str = "pc") -> LotCounts:
    return next(found for found in table.lots if found.id == id)


def row_of(table: Consolidated, code: str) -> tuple[int, ...]:
    return next(tuple(count.quantity for count in body.counts) for body in lot(table).bodies if body.code == code)


def test_every_member_stands_in_the_table_and_the_sums_agree_with_the_demand(database: Database) -> None:
    with database.write() as session:
        row = answered(session, NOW)
        table = consolidated(session, row, NOW)
        asked = demand_by_lot(session, row.id)
        for one, value in zip(lots_of(session, row.id), table.lots, strict=True):
            assert len(value.bodies) == 39
            assert value.total.quantity == sum(sum(own.quantities.values()) for own in asked[one.id])
            assert value.takers == len(asked[one.id])
            assert value.total.quantity == sum(body.total.quantity for body in value.bodies)
    assert (table.day, table.since) == (None, None)
    assert not any(value.is_changed for value in table.lots)


def test_a_day_stands_at_its_end_and_a_comparison_at_its_beginning(database: Database) -> None:
    with database.write() as session:
        row = surveying(session, NOW)
        answer(session, row, {"monitor": 5}, NOW)
        answer(session, row, {"monitor": 8}, NOW + timedelta(days=1))
        now = NOW + timedelta(days=2)
        first = consolidated(session, row, now, day=TODAY)
        both = consolidated(session, row, now, since=TODAY)
        second = consolidated(session, row, now, since=TODAY + timedelta(days=1))
    assert sum(row_of(first, NARA)) == 5
    ((_, _, grown),) = lot(both).changes
    assert grown == Count(8, 0, Count(0))
    ((body, column, changed),) = lot(second).changes
    assert (body.code, column.id, changed) == (NARA, "monitor", Count(8, 0, Count(5)))
    assert lot(second).total == Count(8, 0, Count(5))


def test_a_change_of_spares_alone_is_a_change(database: Database) -> None:
    with database.write() as session:
        row = surveying(session, NOW)
        answer(session, row, {"monitor": 5}, NOW)
        answer(session, row, {"monitor": 3}, NOW + timedelta(days=1), {"monitor": 2})
        table = consolidated(session, row, NOW + timedelta(days=2), since=TODAY + timedelta(days=1))
    ((_, column, changed),) = lot(table).changes
    assert (changed.quantity, changed.main, changed.spares) == (5, 3, 2)
    assert column.has_spares


def test_what_a_returned_answer_asked_for_is_out_of_the_table_and_shown_as_a_change(database: Database) -> None:
    with database.write() as session:
        row = answered(session, NOW)
        later = NOW + timedelta(days=1)
        return_answer(session, row, SAKURAI, "確かめてください。", OFFICE, later)
        table = consolidated(session, row, later, since=later.date())
    assert set(row_of(table, SAKURAI)) == {0}
    assert {body.code for body, _, _ in lot(table).changes} == {SAKURAI}


def test_the_moment_is_said_in_words(database: Database) -> None:
    with database.write() as session:
        row = surveying(session, NOW)
        assert consolidated(session, row, NOW).standing == "令和8年11月24日（火）9時00分現在"
        at = consolidated(session, row, NOW, day=date(2026, 11, 1))
    assert at.standing == "令和8年11月1日（日）の終わり現在"


def test_nothing_adds_up_to_nothing() -> None:
    assert summed([], compared=True) == Count(0, 0, Count(0))
    assert summed([], compared=False) == Count(0)
