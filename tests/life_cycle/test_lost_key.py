"""A sealing key that is lost or changed before the opening: what still opens, and how the tender goes on."""

import pytest

from procure.bids.actions import open_bids
from procure.ceilings.actions import seal_ceiling
from procure.ceilings.ceiling import Basis, Ceiling
from procure.ceilings.queries import opened_of, seals_of
from procure.ceilings.vault import KeyMissing, Vault, WrongKey, new_key
from procure.database import Database
from procure.errors import Conflict
from procure.rounds.queries import lots_of
from procure.rounds.stages import Stage
from tests import stages
from tests.people import NOW
from tests.stages import ACTOR, OPENED, VAULT

PAPER = Ceiling(5_500_000, 5_000_000, Basis(note="予定価格調書による"))


@pytest.mark.parametrize(("vault", "refusal"), [(Vault(), KeyMissing), (Vault(new_key()), WrongKey)])
def test_nothing_opens_without_the_key_that_sealed_it(
    database: Database, vault: Vault, refusal: type[Conflict]
) -> None:
    with database.write() as session:
        row = stages.bidding(session, NOW)
        with pytest.raises(refusal):
            open_bids(session, row, NOW, OPENED, vault, ACTOR, NOW)
        assert row.stage is Stage.BIDDING
        assert [lot.ceiling for lot in lots_of(session, row.id)] == [None, None]
        open_bids(session, row, NOW, OPENED, VAULT, ACTOR, NOW)  # the former key, put back


def test_ceilings_set_anew_from_paper_open_with_the_new_key(database: Database) -> None:
    new = Vault(new_key())
    with database.write() as session:
        row = stages.bidding(session, NOW)
        lots = lots_of(session, row.id)
        for lot in lots:
            seal_ceiling(session, row, lot, PAPER, new, ACTOR, NOW, reason="封印の鍵の紛失")
        open_bids(session, row, NOW, OPENED, new, ACTOR, NOW)
        assert [(lot.ceiling, lot.ceiling_with_tax) for lot in lots] == [(5_000_000, 5_500_000)] * 2
        for lot in lots:
            opened = opened_of(session, lot)
            assert opened is not None
            assert (opened.number, [seal.number for seal in seals_of(session, lot)]) == (2, [1, 2])
