"""Confirming and publishing, in the database."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlmodel import Session, select

from procure.awards.actions import confirm, publish
from procure.awards.queries import confirmation_of
from procure.awards.tables import ConfirmationRow
from procure.bids.queries import load_round
from procure.database import Database
from procure.errors import Conflict, Invalid
from procure.history.queries import events_of_round
from procure.rounds.queries import locked_round
from procure.rounds.stages import Stage
from procure.settlement.result_file import result_json
from procure.settlement.round_file import write_round
from procure.settlement.settle import settle
from tests import stages
from tests.people import NOW
from tests.stages import ACTOR

TODAY = NOW.date()


def test_a_confirmation_keeps_the_round_and_its_result_as_they_stood(database: Database) -> None:
    with database.write() as session:
        row = stages.confirmed(session, NOW)
        value = load_round(session, row)
        kept = confirmation_of(session, row)
    assert kept is not None
    assert kept.round_file == write_round(value)
    assert json.loads(kept.result) == json.loads(json.dumps(result_json(settle(value))))
    assert kept.sha256 == hashlib.sha256(f"{kept.round_file}\n{kept.result}".encode()).hexdigest()
    assert (kept.confirmed_at, row.confirmed_at) == (NOW, NOW)


def test_what_is_not_decided_is_not_confirmed(database: Database) -> None:
    with database.write() as session:
        row = stages.opening(session, NOW)
        with pytest.raises(Conflict, match="まだ決まっていない"):
            confirm(session, row, "第1号", TODAY, ACTOR, NOW)


def test_a_confirmation_needs_its_number_and_day(database: Database) -> None:
    with database.write() as session:
        row = stages.decided(session, NOW)
        with pytest.raises(Invalid) as refused:
            confirm(session, row, "", date(2021, 6, 10), ACTOR, NOW)
        assert row.confirmed_at is None
    assert [fault.field for fault in refused.value.faults] == ["decision_number", "decision_date"]


def test_a_confirmed_round_is_not_confirmed_again(database: Database) -> None:
    with database.write() as session:
        row = stages.confirmed(session, NOW)
        with pytest.raises(Conflict, match="すでに確定"):
            confirm(session, row, "第2号", TODAY, ACTOR, NOW)


def test_what_is_not_confirmed_is_not_published(database: Database) -> None:
    with database.write() as session:
        row = stages.decided(session, NOW)
        with pytest.raises(Conflict, match="確定してから"):
            publish(session, row, ACTOR, NOW)
        assert row.stage is Stage.OPENING


def test_a_confirmed_round_is_published_once(database: Database) -> None:
    with database.write() as session:
        row = stages.published(session, NOW)
        assert (row.stage, row.published_at) == (Stage.PUBLISHED, NOW)
        with pytest.raises(Conflict):
            publish(session, row, ACTOR, NOW)


def test_of_two_who_confirm_at_the_same_moment_exactly_one_does(database: Database) -> None:
    with database.write() as session:
        ref = stages.decided(session, NOW).ref
    start = Barrier(2)

    def confirm_as(number: str) -> bool:
        start.wait(timeout=30)
        try:
            with database.write() as session:
                confirm(session, locked_round(session, ref), number, TODAY, number, NOW)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as people:
        outcomes = dict(zip(("第1号", "第2号"), people.map(confirm_as, ("第1号", "第2号")), strict=True))
    (first,) = [number for number, confirmed in outcomes.items() if confirmed]
    with database.read() as session:
        assert _numbers(session) == [first]
        recorded = [event.actor for event in events_of_round(session, ref) if event.action == "award_confirmed"]
    assert recorded == [first]


def _numbers(session: Session) -> list[str]:
    return list(session.exec(select(ConfirmationRow.decision_number)))
