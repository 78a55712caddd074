"""Demand at any moment, read from the ledger, and the changes that led to it, on both kinds of database."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from procure.database import Database
from procure.demand.actions import (
    accept_answer,
    close_survey,
    correct_demand,
    extend,
    return_answer,
    save_draft,
    submit,
)
from procure.demand.answer import NO, YES, Line, lot_field, quantity_field, read_answer, spares_field
from procure.demand.changes import Standing, changes_of, demand_at, last_change, line_at, returned_at
from procure.demand.freeze import freezes_of
from procure.demand.queries import answer_version, asked_lots, demand_by_lot, lot_answers_of, typed_of
from procure.demand.states import Way
from procure.errors import Conflict
from procure.rounds.actions import reopen_survey
from procure.rounds.queries import items_of
from procure.rounds.tables import RoundRow
from tests.people import NOW
from tests.stages import answered, specified, surveying

NARA, SAKURAI = "292010", "292061"
ACTOR = "奈良　太郎（市町村）"
OFFICE = "事務局　花子（事務局）"


def test_the_demand_of_a_day_is_what_was_asked_for_then(database: Database) -> None:
    with database.write() as session:
        row = surveying(session, NOW)
        for passed, quantity in ((1, 5), (2, 8), (3, 0)):
            answer(session, row, {"monitor": quantity}, day(passed))
        monitor = item(session, row, "monitor")
        after = [line_at(demand_at(session, row, day(number)), NARA, monitor) for number in (1, 2, 3, 4)]
    assert [line.quantity for line in after] == [0, 5, 8, 0]


def test_a_change_at_the_very_moment_comes_after_it(database: Database) -> None:
    with database.write() as session:
        row = surveying(session, NOW)
        answer(session, row, {"monitor": 5}, NOW)
        assert demand_at(session, row, NOW) == {}
        assert demand_at(session, row, NOW + timedelta(microseconds=1)) == demand_at(session, row)


def test_a_returned_answer_does_not_count_until_it_is_registered_again(database: Database) -> None:
    with database.write() as session:
        row = surveying(session, NOW)
        answer(session, row, {"monitor": 5}, day(1))
        return_answer(session, row, NARA, "台数を確かめてください。", OFFICE, day(2))
        assert returned_at(session, row)[NARA].by == OFFICE
        submit(session, row, NARA, ACTOR, day(3))
        counted = [NARA in demand_at(session, row, moment) for moment in (day(2), day(3), day(4), None)]
    assert counted == [True, False, True, True]


def test_a_correction_changes_what_was_answered_for_the_lot_with_it(database: Database) -> None:
    with database.write() as session:
        row = surveying(session, NOW)
        answer(session, row, {"monitor": 5}, day(1))
        close_survey(session, row, OFFICE, day(2))
        took_part = []
        for quantity in (0, 4):
            lines = {item(session, row, "monitor"): Line(quantity)}
            correct_demand(session, row, NARA, lines, "聞き取りによる。", OFFICE, day(3))
            took_part.append(any(one.participates for one in lot_answers_of(session, row.id, NARA).values()))
            assert not read_answer(asked_lots(session, row.id), typed_of(session, row, NARA)).faults
    assert took_part == [False, True]


def test_every_change_tells_who_when_from_what_to_what_by_which_way_and_why(database: Database) -> None:
    with database.write() as session:
        row = surveying(session, NOW)
        answer(session, row, {"monitor": 5}, day(1), {"monitor": 1}, Way.EXCEL)
        close_survey(session, row, OFFICE, day(2))
        correct_demand(session, row, NARA, {item(session, row, "monitor"): Line(4)}, "聞き取りによる。", OFFICE, day(3))
        corrected, first = changes_of(session, row, body_code=NARA)
    assert (first.before, first.after) == (Line(0), Line(6, 1))
    assert (first.way, first.by, first.at, first.reason) == (Way.EXCEL, ACTOR, day(1), None)
    assert (corrected.before, corrected.after) == (Line(6, 1), Line(4))
    assert (corrected.way, corrected.by, corrected.reason) == (Way.SECRETARIAT, OFFICE, "聞き取りによる。")
    assert (corrected.item, corrected.unit, corrected.lot) == ("液晶ディスプレイ", "台", "パソコンの共同調達")


def test_a_body_reads_its_own_changes_and_nobody_elses(database: Database) -> None:
    with database.read() as session, database.write() as writing:
        row = answered(writing, NOW)
        own = changes_of(writing, row, body_code=SAKURAI)
        everybody = changes_of(writing, row)
        assert {change.body_code for change in own} == {SAKURAI}
        assert len({change.body_code for change in everybody}) == 16
        assert changes_of(session, row) == ()  # not committed yet


def test_the_changes_are_read_on_from_page_to_page(database: Database) -> None:
    with database.write() as session:
        row = answered(session, NOW)
        every = changes_of(session, row)
        first = changes_of(session, row, at_most=10)
        rest = changes_of(session, row, before=first[-1].number)
        assert (*first, *rest) == every
        assert changes_of(session, row, since=NOW) == ()


def test_the_newest_change_of_a_body_tells_a_stale_page(database: Database) -> None:
    with database.write() as session:
        row = surveying(session, NOW)
        assert last_change(session, row, NARA) == 0
        answer(session, row, {"monitor": 5}, NOW)
        seen = last_change(session, row, NARA)
        answer(session, row, {"monitor": 6}, NOW)
        assert last_change(session, row, NARA) > seen > 0
        assert last_change(session, row, SAKURAI) == 0


def test_a_change_of_an_extended_body_after_the_freeze_carries_the_reason_of_its_extension(database: Database) -> None:
    with database.write() as session:
        row = surveying(session, NOW)
        close_survey(session, row, OFFICE, day(1))
        extend(session, row, NARA, day(9), "議会の日程による。", OFFICE, day(2))
        answer(session, row, {"monitor": 3}, day(3))
        (change,) = changes_of(session, row)
    assert change.reason == "議会の日程による。"


def test_a_returned_answer_is_not_corrected_over_the_head_of_its_body(database: Database) -> None:
    with database.write() as session:
        row = specified(session, NOW)
        return_answer(session, row, SAKURAI, "台数を確かめてください。", OFFICE, NOW)
        with pytest.raises(Conflict, match="差戻し"):
            correct_demand(session, row, SAKURAI, {item(session, row, "monitor"): Line(1)}, "誤記。", OFFICE, NOW)


@pytest.mark.parametrize("table", ["demand_change", "demand_freeze"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET at = at", "DELETE FROM {}"])
def test_the_database_refuses_to_change_the_ledger_and_the_copy(database: Database, table: str, statement: str) -> None:
    with database.write() as session:
        specified(session, NOW)
    with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
        session.connection().execute(text(statement.format(table)))


Step = tuple[str, int]
ACTS = ("answer", "return", "accept", "correct", "extend", "reopen")
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(1, 9)), min_size=1, max_size=6)


def test_no_later_action_changes_the_copy_and_the_ledger_says_what_the_tables_say(database: Database) -> None:
    with database.write() as session:
        row = specified(session, NOW)
        (kept,) = copies(session, row)

        @settings(max_examples=20, deadline=None)
        @given(steps=STEPS)
        def hold(steps: list[Step]) -> None:
            attempt = session.begin_nested()
            for number, step in enumerate(steps, start=1):
                do(session, row, step, NOW + timedelta(hours=number))
                assert copies(session, row)[0] == kept
                assert by_item(session, row) == demand_at(session, row)
            attempt.rollback()

        hold()


def do(session: Session, row: RoundRow, step: Step, at: datetime) -> None:
    """One of the acts that are possible after the freeze; where it is refused, nothing happens."""
    act, number = step
    try:
        match act:
            case "answer":
                extend(session, row, SAKURAI, at + timedelta(days=1), "追加の要望。", OFFICE, at)
                answer(session, row, {"monitor": number}, at, body=SAKURAI)
            case "return":
                return_answer(session, row, SAKURAI, "確かめてください。", OFFICE, at)
            case "accept":
                accept_answer(session, row, SAKURAI, OFFICE, at)
            case "correct":
                correct_demand(
                    session, row, SAKURAI, {item(session, row, "monitor"): Line(number)}, "訂正。", OFFICE, at
                )
            case "extend":
                extend(session, row, SAKURAI, at + timedelta(days=number), "延長。", OFFICE, at)
            case _:
                reopen_survey(session, row, at + timedelta(days=9), "追加の要望。", OFFICE, at)
                close_survey(session, row, OFFICE, at)
    except Conflict:
        session.flush()


def copies(session: Session, row: RoundRow) -> list[tuple[object, ...]]:
    return [(kept.number, kept.at, kept.by, kept.content, kept.sha256) for kept in freezes_of(session, row.id)]


def by_item(session: Session, row: RoundRow) -> Standing:
    """The demand as the tables hold it now."""
    items = {(found.lot_id, found.ref): found.id for found in items_of(session, row.id)}
    standing: dict[str, dict[int, Line]] = {}
    for lot, demands in demand_by_lot(session, row.id).items():
        for own in demands:
            for ref, quantity in own.quantities.items():
                line = Line(quantity, own.spares.get(ref, 0))
                standing.setdefault(own.municipality, {})[items[lot, ref]] = line
    return standing


def answer(
    session: Session,
    row: RoundRow,
    quantities: Mapping[str, int],
    at: datetime,
    spares: Mapping[str, int] | None = None,
    way: Way = Way.GRID,
    body: str = NARA,
) -> None:
    lots = asked_lots(session, row.id)
    items = items_of(session, row.id)
    typed = {quantity_field(one.id): str(quantities[one.ref]) for one in items if quantities.get(one.ref)}
    typed |= {spares_field(one.id): str(spares[one.ref]) for one in items if spares and one.ref in spares}
    joined = {one.lot_id for one in items if quantities.get(one.ref)}
    typed |= {lot_field("join", lot.id): YES if lot.id in joined else NO for lot in lots}
    save_draft(session, row, body, typed, answer_version(session, row.id, body), ACTOR, at, way)
    submit(session, row, body, ACTOR, at)


def item(session: Session, row: RoundRow, ref: str) -> int:
    return next(found.id for found in items_of(session, row.id) if found.ref == ref)


def day(number: int) -> datetime:
    return NOW + timedelta(days=number)
