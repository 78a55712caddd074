"""Rounds as files, in and out: what is exported and imported again settles the same, on both kinds of database."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from sqlmodel import Session, select

from procure.awards.archive import export_round, import_round, left_out
from procure.awards.queries import confirmation_of
from procure.awards.storage import storage_faults
from procure.bids.actions import announce, open_bids, record_attempt
from procure.bids.queries import attempts_of as attempts_of_lot
from procure.bids.queries import load_round
from procure.ceilings.queries import seal_of
from procure.ceilings.vault import Vault
from procure.database import Database
from procure.errors import Conflict, Invalid
from procure.parties.directory import known_codes
from procure.parties.queries import directory
from procure.rounds.queries import lots_of, rounds_newest_first
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from procure.settlement.result_file import result_json
from procure.settlement.round import Bid, CeilingDisclosure, Correction, Demand, Lot, Organisation, Round, Rules
from procure.settlement.round_file import read_round, write_round
from procure.settlement.settle import settle
from tests import stages
from tests.builders import OPENING, a_bid, a_demand, a_lot, a_round, absent, an_item, attempts_of, r3_text
from tests.people import NOW
from tests.settlement.strategies import recorded_rounds, rounds
from tests.stages import ACTOR, OPENED, SECOND, VAULT

OUTSIDE = "290009"
STORABLE = rounds().filter(lambda round_: not list(storage_faults(round_)))  # amounts no finer than 1 sen
RECORDED = recorded_rounds().filter(lambda round_: not list(storage_faults(round_)))
ANY_NUMBER = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


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
@ANY_NUMBER
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


# ---- what a file may record around the bids ----------------------------------------------------------


@given(round_=RECORDED)
@ANY_NUMBER
def test_a_round_with_its_whole_record_comes_out_as_it_went_in(database: Database, round_: Round) -> None:
    file = read_round(write_round(round_), known_codes())
    with undone(database) as session:
        stage = import_round(session, round_, ACTOR, NOW).stage
        exported = read_round(export_round(session, round_.id), known_codes())
    assert as_listed(exported) == as_listed(file if stage is Stage.OPENING else without_sealed(file, stage))


def without_sealed(round_: Round, stage: Stage) -> Round:
    """The round as it comes in without the key: ceilings that nobody may read yet are left out."""

    def is_open(lot: Lot) -> bool:
        return stage is Stage.BIDDING and lot.rules.ceiling_disclosure is CeilingDisclosure.BEFORE

    lots = (
        lot if is_open(lot) else replace(lot, rules=replace(lot.rules, ceiling=None, ceiling_with_tax=None))
        for lot in round_.lots
    )
    return replace(round_, lots=tuple(lots))


def as_listed(round_: Round) -> Round:
    """With the demand as the service lists it: bodies that ask for something, in the order of their codes."""

    def asking(lot: Lot) -> list[Demand]:
        return sorted((one for one in lot.demand if one.quantities), key=lambda one: one.municipality)

    return replace(round_, lots=tuple(replace(lot, demand=tuple(asking(lot))) for lot in round_.lots))


def test_what_was_confirmed_still_fits_its_evidence_after_an_import(database: Database) -> None:
    with database.write() as session:
        row = import_round(session, stages.example(), ACTOR, NOW)
        kept = confirmation_of(session, row)
        assert kept is not None
        assert export_round(session, row.ref) == kept.round_file


@pytest.mark.parametrize("tax_included", [None, 990_000, 1_000_000])
def test_the_ceiling_of_a_round_before_its_opening_is_sealed_and_opens_as_the_file_has_it(
    database: Database, tax_included: int | None
) -> None:
    value = a_round(a_lot(rules=Rules(ceiling=900_000, ceiling_with_tax=tax_included)))
    with database.write() as session:
        row = import_round(session, value, ACTOR, NOW, vault=VAULT)
        lot = lots_of(session, row.id)[0]
        assert (lot.ceiling, lot.ceiling_with_tax) == (None, None)
        assert seal_of(session, lot) is not None
        assert "900000" not in export_round(session, row.ref)
        open_bids(session, row, NOW, OPENED, VAULT, ACTOR, NOW)
        assert (lot.ceiling, lot.ceiling_with_tax) == (900_000, tax_included or 990_000)
        assert load_round(session, row).lots[0].rules.ceiling == 900_000


def test_a_ceiling_to_be_sealed_beside_part_of_a_yen_is_refused_by_name(database: Database) -> None:
    value = a_round(a_lot(rules=Rules(ceiling=900_000, ceiling_with_tax=Fraction(1_980_001, 2))))
    with database.write() as session:
        with pytest.raises(Invalid) as refused:
            import_round(session, value, ACTOR, NOW, vault=VAULT)
        assert [fault.field for fault in refused.value.faults] == ["lots[0].rules.ceiling_with_tax"]
        assert import_round(session, value, ACTOR, NOW).stage is Stage.BIDDING  # without the key it is left out


SECRET, TOLD = Rules(ceiling=900_000), Rules(ceiling=900_000, ceiling_disclosure=CeilingDisclosure.BEFORE)


@pytest.mark.parametrize(
    ("lots", "missing"),
    [
        ((a_lot(rules=SECRET),), ("lots[0].rules.ceiling",)),
        ((a_lot(rules=TOLD), a_lot(id="b", rules=SECRET)), ("lots[1].rules.ceiling",)),
        ((a_lot(rules=TOLD, bidders=()),), ("lots[0].rules.ceiling",)),
        ((a_lot(rules=Rules()),), ()),
        ((a_lot((a_bid("a", 1),), rules=SECRET),), ()),
    ],
    ids=["secret", "told by the notice", "before the notice", "none", "opened"],
)
def test_without_the_key_the_ceilings_that_nobody_may_read_yet_are_left_out(
    database: Database, lots: tuple[Lot, ...], missing: tuple[str, ...]
) -> None:
    value = a_round(*lots)
    assert left_out(value, Vault()) == missing
    assert left_out(value, VAULT) == ()
    with database.write() as session:
        row = import_round(session, value, ACTOR, NOW)
        kept = {lot.ref: lot.ceiling for lot in lots_of(session, row.id)}
    assert [f"lots[{i}].rules.ceiling" for i, lot in enumerate(lots) if kept[lot.id] != lot.rules.ceiling] == [*missing]


def test_a_ceiling_that_was_left_out_can_be_set_before_the_notice(database: Database) -> None:
    with database.write() as session:
        row = import_round(session, a_round(a_lot(bidders=())), ACTOR, NOW)
        lot = lots_of(session, row.id)[0]
        stages.seal(session, row, lot, 800_000, NOW)
        announce(session, row, VAULT, ACTOR, NOW)
        assert row.stage is Stage.BIDDING


def test_a_round_that_was_opened_and_has_no_bid_yet_goes_on_where_it_stood(database: Database) -> None:
    with undone(database) as session:
        exported = export_round(session, stages.opening(session, NOW).ref)
    value = read_round(exported, known_codes())
    with database.write() as session:
        row = import_round(session, value, ACTOR, NOW)
        assert (row.stage, load_round(session, row).opening) == (Stage.OPENING, OPENED)
        assert row.opened_at is not None
        for lot, example in zip(lots_of(session, row.id), stages.example().lots, strict=True):
            assert lot.ceiling == example.rules.ceiling
            record_attempt(session, row, lot, example.attempts[0], ACTOR, NOW)
            stages.check(session, row, lot, 1, NOW)


def test_corrections_of_one_bid_come_out_in_their_order(database: Database) -> None:
    first, second = absent("a"), a_bid("a", 810_000)
    corrections = (a_correction(first), a_correction(second))
    attempt = replace(attempts_of((a_bid("a", 800_000), a_bid("b", 850_000)))[0], corrections=corrections)
    value = a_round(a_lot(attempts=(attempt,)))
    with database.write() as session:
        row = import_round(session, value, ACTOR, NOW)
        assert load_round(session, row).lots[0].attempts == (attempt,)


def a_correction(was: Bid) -> Correction:
    return Correction("a", was, "入力誤り", "山田", "鈴木", OPENING)


def test_attempts_of_a_file_were_compared_with_the_papers_before(database: Database) -> None:
    with database.write() as session:
        row = import_round(session, a_round(a_lot((a_bid("a", 900_001),))), ACTOR, NOW)
        rows = attempts_of_lot(session, lots_of(session, row.id)[0])
        assert [(one.checked_at, one.checked_by) for one in rows] == [(NOW, ACTOR)]
        with pytest.raises(Conflict, match="照合が済んでいる"):
            record_attempt(session, row, lots_of(session, row.id)[0], attempts_of((a_bid("a", 1),))[0], SECOND, NOW)
