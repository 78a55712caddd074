"""Sealing the ceilings of a round and opening them, on both databases."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, select

from procure.bids.actions import announce, open_bids
from procure.ceilings.actions import open_ceilings, seal_ceiling
from procure.ceilings.ceiling import Basis, Ceiling, commitment
from procure.ceilings.queries import basis_of, opened_of, seal_of, sealed_lots, seals_of
from procure.ceilings.standing import outdated_seals, quantities_text
from procure.ceilings.vault import KeyMissing, Vault, WrongKey, new_key
from procure.database import Database
from procure.demand.actions import close_survey
from procure.demand.tables import DemandRow
from procure.errors import Conflict, Invalid
from procure.history.queries import events_of_round
from procure.rounds.actions import cancel_lot, reopen_survey
from procure.rounds.queries import find_round, lots_of
from procure.rounds.stages import Stage
from procure.rounds.tables import ItemRow, LotRow, RoundRow
from procure.settlement.round import CeilingDisclosure, Demand
from tests import stages
from tests.people import NOW
from tests.stages import ACTOR, OPENED, VAULT

BASIS = Basis(list_total=Fraction(4_000_001, 2), discount_percent=Fraction("48.5"), note="定価からの値引き")
CEILING = Ceiling(1_100_000, 1_000_000, BASIS)


def specified(session: Session) -> tuple[RoundRow, list[LotRow]]:
    row = stages.specified(session, NOW)
    return row, list(lots_of(session, row.id))


def opened(session: Session, row: RoundRow, vault: Vault = VAULT) -> None:
    open_ceilings(session, row, CeilingDisclosure, vault, ACTOR, NOW)


def test_a_sealed_ceiling_stands_in_no_lot_until_it_is_opened(database: Database) -> None:
    with database.write() as session:
        row, (lot, other) = specified(session)
        version = row.version
        seal_ceiling(session, row, lot, CEILING, VAULT, ACTOR, NOW)
        assert (lot.ceiling, lot.ceiling_with_tax, basis_of(session, lot)) == (None, None, None)
        assert row.version == version + 1
        opened(session, row)
        assert (lot.ceiling, lot.ceiling_with_tax) == (1_000_000, 1_100_000)
        assert basis_of(session, lot) == BASIS
        assert (other.ceiling, opened_of(session, other)) == (None, None)


def test_the_commitment_stands_in_the_history_before_and_can_be_recomputed_after(database: Database) -> None:
    with database.write() as session:
        row, (lot, _) = specified(session)
        sealed = seal_ceiling(session, row, lot, CEILING, VAULT, ACTOR, NOW)
        opened(session, row)
        opening, sealing = events_of_round(session, row.ref, 2)
        told = {change.what: change.after for event in (sealing, opening) for change in event.changes}
        recomputed = commitment(
            Ceiling(int(told["ceiling_with_tax"] or 0), Fraction(told["ceiling"] or 0)),
            told["nonce"] or "",
            f"{row.ref}|{lot.ref}|{sealed.number}",
        )
        assert recomputed == told["commitment"] == sealed.commitment
        assert {change.what for change in sealing.changes} <= {"commitment", "reason"}


def test_the_last_seal_counts_and_the_first_is_kept(database: Database) -> None:
    with database.write() as session:
        row, (lot, _) = specified(session)
        first = seal_ceiling(session, row, lot, CEILING, VAULT, ACTOR, NOW)
        with pytest.raises(Invalid) as refused:
            seal_ceiling(session, row, lot, CEILING, VAULT, ACTOR, NOW)
        assert [fault.field for fault in refused.value.faults] == ["reason"]
        anew = replace(CEILING, with_tax=990_000, without_tax=900_000)
        second = seal_ceiling(session, row, lot, anew, VAULT, ACTOR, NOW, "見積の追加")
        assert [seal.number for seal in seals_of(session, lot)] == [1, 2]
        assert seal_of(session, lot) == sealed_lots(session, row.id)[lot.id] == second
        assert first.commitment != second.commitment
        opened(session, row)
        assert lot.ceiling == 900_000


def test_a_seal_that_was_moved_to_another_lot_opens_nothing(database: Database) -> None:
    with database.write() as session:
        row, (lot, other) = specified(session)
        mine = seal_ceiling(session, row, lot, CEILING, VAULT, ACTOR, NOW)
        cheap = replace(CEILING, with_tax=110, without_tax=100)
        theirs = seal_ceiling(session, row, other, cheap, VAULT, ACTOR, NOW)
        mine.sealed, theirs.sealed = theirs.sealed, mine.sealed
        with session.no_autoflush, pytest.raises(WrongKey, match="別の場所"):
            opened(session, row)
        session.expire(mine)
        session.expire(theirs)
        assert (lot.ceiling, other.ceiling) == (None, None)


@pytest.mark.parametrize(
    "change",
    ["UPDATE sealed_ceiling SET commitment = commitment", "DELETE FROM sealed_ceiling"],
    ids=["change", "delete"],
)
def test_the_database_itself_keeps_every_seal(database: Database, change: str) -> None:
    with database.write() as session:
        row, (lot, _) = specified(session)
        seal_ceiling(session, row, lot, CEILING, VAULT, ACTOR, NOW)
    with pytest.raises(DatabaseError), database.write() as session:
        session.connection().execute(text(change))


def test_with_another_key_or_none_the_bids_are_not_opened(database: Database) -> None:
    with database.write() as session:
        row, (lot, other) = specified(session)
        seal_ceiling(session, row, lot, CEILING, VAULT, ACTOR, NOW)
        seal_ceiling(session, row, other, CEILING, VAULT, ACTOR, NOW)
        announce(session, row, VAULT, ACTOR, NOW)
    for vault, refusal in ((Vault(), KeyMissing), (Vault(new_key()), WrongKey)):
        with pytest.raises(refusal), database.write() as session:
            row = find_round(session, "R3-1")
            open_bids(session, row, NOW, OPENED, vault, ACTOR, NOW)
    with database.write() as session:
        row = find_round(session, "R3-1")
        assert (row.stage, lots_of(session, row.id)[0].ceiling) == (Stage.BIDDING, None)
        open_bids(session, row, NOW, OPENED, VAULT, ACTOR, NOW)
        assert lots_of(session, row.id)[0].ceiling == 1_000_000


def test_only_a_ceiling_to_be_published_beforehand_is_opened_with_the_notice(database: Database) -> None:
    with database.write() as session:
        row, (before, after) = specified(session)
        before.ceiling_disclosure = CeilingDisclosure.BEFORE
        seal_ceiling(session, row, before, CEILING, VAULT, ACTOR, NOW)
        seal_ceiling(session, row, after, CEILING, VAULT, ACTOR, NOW)
        announce(session, row, VAULT, ACTOR, NOW)
        assert (before.ceiling, after.ceiling) == (1_000_000, None)
        with pytest.raises(Conflict, match="すでに公表または開封"):
            seal_ceiling(session, row, before, CEILING, VAULT, ACTOR, NOW, "訂正")
        seal_ceiling(session, row, after, CEILING, VAULT, ACTOR, NOW, "訂正")


def test_without_the_key_nothing_is_announced_whose_ceiling_is_to_be_published(database: Database) -> None:
    with database.write() as session:
        row, (lot, _) = specified(session)
        lot.ceiling_disclosure = CeilingDisclosure.BEFORE
        with pytest.raises(Invalid) as refused:
            announce(session, row, VAULT, ACTOR, NOW)
        assert "予定価格を事前に公表します" in refused.value.faults[0].message
        seal_ceiling(session, row, lot, CEILING, VAULT, ACTOR, NOW)
    with pytest.raises(KeyMissing), database.write() as session:
        announce(session, find_round(session, "R3-1"), Vault(), ACTOR, NOW)
    with database.read() as session:
        assert find_round(session, "R3-1").stage is Stage.SPECIFIED


def test_a_ceiling_opens_once(database: Database) -> None:
    with database.write() as session:
        row, (lot, _) = specified(session)
        seal_ceiling(session, row, lot, CEILING, VAULT, ACTOR, NOW)
        opened(session, row)
        before = events_of_round(session, row.ref, 99)
        opened(session, row)
        assert events_of_round(session, row.ref, 99) == before
        with pytest.raises(Conflict):
            seal_ceiling(session, row, lot, CEILING, VAULT, ACTOR, NOW, "訂正")


def test_a_lot_that_was_called_off_is_not_sealed(database: Database) -> None:
    with database.write() as session:
        row, (lot, _) = specified(session)
        lot.cancelled = "仕様の誤り"
        with pytest.raises(Conflict, match="取止め"):
            seal_ceiling(session, row, lot, CEILING, VAULT, ACTOR, NOW)


def test_the_seal_of_a_lot_that_was_called_off_stays_closed(database: Database) -> None:
    with database.write() as session:
        row = stages.bidding(session, NOW)
        lot, other = lots_of(session, row.id)
        cancel_lot(session, row, lot, "仕様の誤り", ACTOR, NOW)
        open_bids(session, row, NOW, OPENED, VAULT, ACTOR, NOW)
        assert (lot.ceiling, lot.ceiling_with_tax, opened_of(session, lot)) == (None, None, None)
        assert other.ceiling is not None


def test_a_ceiling_that_was_sealed_for_other_quantities_is_set_anew_before_the_notice(database: Database) -> None:
    with database.write() as session:
        row, (lot, _) = specified(session)
        stages.seal_all(session, row, NOW)
        reopen_survey(session, row, NOW + timedelta(days=3), "数量の誤り", ACTOR, NOW)
        line = session.exec(select(DemandRow).join(ItemRow).where(ItemRow.lot_id == lot.id)).first()
        assert line is not None
        line.quantity += 500
        session.flush()
        close_survey(session, row, ACTOR, NOW)
        with pytest.raises(Invalid) as refused:
            announce(session, row, VAULT, ACTOR, NOW)
        ((fault,), (found,)) = refused.value.faults, outdated_seals(session, row)
        assert f"「{lot.title}」は、予定価格を封印した後に数量が変わりました" in fault.message
        assert (found.lot, found.what, len(found.changes)) == (lot.ref, "数量", 1)
        seal_ceiling(session, row, lot, CEILING, VAULT, ACTOR, NOW, "数量の変更")
        announce(session, row, VAULT, ACTOR, NOW)
        assert row.stage is Stage.BIDDING


counts = st.dictionaries(st.sampled_from("abc"), st.integers(0, 3), max_size=3)


@given(st.lists(counts, max_size=3), st.lists(counts, max_size=3))
def test_a_seal_holds_as_long_as_the_bodies_together_ask_for_the_same(
    before: list[dict[str, int]], after: list[dict[str, int]]
) -> None:
    was, now = (
        quantities_text({1: tuple(Demand(str(place), one) for place, one in enumerate(asked))}, LotRow(id=1))
        for asked in (before, after)
    )
    sums = [{item: sum(one.get(item, 0) for one in asked) for item in "abc"} for asked in (before, after)]
    assert (was == now) is (sums[0] == sums[1])
