"""Rounds as files, in and out: what is exported and imported again settles the same, on both kinds of database."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from sqlmodel import Session, select

from procure.awards.archive import export_round, import_round
from procure.awards.queries import confirmation_of
from procure.awards.storage import storage_faults
from procure.bids.queries import load_round
from procure.database import Database
from procure.errors import Conflict, Invalid
from procure.parties.directory import known_codes
from procure.parties.queries import directory
from procure.rounds.queries import rounds_newest_first
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from procure.settlement.result_file import result_json
from procure.settlement.round import Organisation, Round
from procure.settlement.round_file import read_round
from procure.settlement.settle import settle
from tests import stages
from tests.builders import a_bid, a_demand, a_lot, a_round, an_item, r3_text
from tests.people import NOW
from tests.settlement.strategies import rounds
from tests.stages import ACTOR

OUTSIDE = "290009"
STORABLE = rounds().filter(lambda round_: not list(storage_faults(round_)))  # amounts no finer than 1 sen


class _Undone(Exception):
    pass


@contextmanager
def undone(database: Database) -> Iterator[Session]:
    """A transaction of which nothing stays."""
    try:
        with database.write() as session:
            yield session
            raise _Undone
    except _Undone:
        pass


@given(round_=STORABLE)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_round_imported_and_exported_settles_the_same(database: Database, round_: Round) -> None:
    with undone(database) as session:
        import_round(session, round_, ACTOR, NOW)
        exported = export_round(session, round_.id)
    assert result_json(settle(read_round(exported.encode(), known_codes()))) == result_json(settle(round_))


@given(round_=STORABLE)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_exported_is_exported_again_unchanged(database: Database, round_: Round) -> None:
    with undone(database) as session:
        import_round(session, round_, ACTOR, NOW)
        first = export_round(session, round_.id)
    with undone(database) as session:
        import_round(session, read_round(first.encode(), known_codes()), ACTOR, NOW)
        assert export_round(session, round_.id) == first


def test_the_example_comes_out_as_it_went_in(database: Database) -> None:
    with database.write() as session:
        import_round(session, stages.example(), ACTOR, NOW)
    with database.read() as session:
        exported = export_round(session, stages.example().id)
    assert read_round(exported.encode(), known_codes()) == read_round(r3_text().encode(), known_codes())


def test_a_decided_round_arrives_decided_with_its_evidence_and_is_not_published(database: Database) -> None:
    with database.write() as session:
        row = import_round(session, stages.example(), ACTOR, NOW, is_sample=True)
        kept = confirmation_of(session, row)
    assert (row.stage, row.confirmed_at, row.published_at, row.is_sample) == (Stage.OPENING, NOW, None, True)
    assert kept is not None
    assert json.loads(kept.result) == json.loads(json.dumps(result_json(settle(stages.example()))))
    assert read_round(kept.round_file.encode(), known_codes()) == stages.example()


@pytest.mark.parametrize(
    ("round_", "stage"),
    [
        (a_round(a_lot(demand=(), bidders=())), Stage.PREPARING),
        (a_round(a_lot(bidders=())), Stage.SPECIFIED),
        (a_round(a_lot()), Stage.BIDDING),
        (a_round(a_lot((a_bid("a", 900_001),))), Stage.OPENING),
        (a_round(a_lot(cancelled="仕様の誤り")), Stage.OPENING),
    ],
    ids=["items", "demand", "bidders", "bids", "called off"],
)
def test_a_round_arrives_at_the_stage_that_its_file_has_come_to(
    database: Database, round_: Round, stage: Stage
) -> None:
    with database.write() as session:
        assert import_round(session, round_, ACTOR, NOW).stage is stage


def test_a_round_that_waits_for_a_rebid_arrives_unconfirmed(database: Database) -> None:
    with database.write() as session:
        row = import_round(session, a_round(a_lot((a_bid("a", 900_001),))), ACTOR, NOW)
        assert confirmation_of(session, row) is None
        assert row.confirmed_at is None


def test_a_round_is_not_imported_twice(database: Database) -> None:
    with database.write() as session:
        import_round(session, a_round(), ACTOR, NOW)
        with pytest.raises(Conflict, match="R3-1"):
            import_round(session, a_round(), ACTOR, NOW)


def test_a_file_that_does_not_fit_is_refused_whole_with_every_fault(database: Database) -> None:
    bad = a_round(a_lot(items=(an_item(unit=""),), demand=(a_demand(pc=100_000_000),)))
    with database.write() as session:
        with pytest.raises(Invalid) as refused:
            import_round(session, bad, ACTOR, NOW)
        assert not rounds_newest_first(session)
    assert [fault.field for fault in refused.value.faults] == [
        "lots[0].items[0].unit",
        "lots[0].demand[0].quantities.pc",
    ]


def test_the_longest_title_fits_the_history_too(database: Database) -> None:
    with database.write() as session:
        import_round(session, a_round(title="件" * 1000), ACTOR, NOW)
        assert session.exec(select(RoundRow.title)).one() == "件" * 1000


def test_a_body_outside_the_list_is_known_afterwards_and_exported_again(database: Database) -> None:
    union = Organisation(OUTSIDE, "見本広域組合", "組合")
    round_ = a_round(a_lot(demand=(a_demand(OUTSIDE, pc=3),)), organisations=(union,))
    with database.write() as session:
        row = import_round(session, round_, ACTOR, NOW)
        assert directory(session)[OUTSIDE].name == "見本広域組合"
        assert load_round(session, row).organisations == (union,)


def test_spares_come_out_as_they_went_in(database: Database) -> None:
    demand = replace(a_demand(pc=10), spares={"pc": 2})
    with database.write() as session:
        row = import_round(session, a_round(a_lot(demand=(demand,))), ACTOR, NOW)
        assert load_round(session, row).lots[0].demand == (demand,)
