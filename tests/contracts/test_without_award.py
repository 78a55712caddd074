"""A lot without an award that stands is contracted, put to the assembly and delivered as an awarded one is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from procure.awards.actions import publish
from procure.contracts.judging import judgement
from procure.contracts.queries import agreed_lot, limits_of, recorded_of
from procure.contracts.rules import status_of
from procure.contracts.states import Act, Ground, Resolution, Status
from procure.database import Database
from procure.errors import Invalid
from procure.parties.tables import BodyRow
from procure.reports.published_rounds import published_value
from procure.rounds.tables import RoundRow
from tests.contracts.contracting import CODE, DAY, WHO, put, sign
from tests.contracts.contracting import SIGNED as BY_TENDER
from tests.outcomes import contracted_after_failing, not_signed
from tests.people import NOW

KORYO = "294268"  # a town whose own share of the ceiling needs its assembly
AGREED = DAY + timedelta(days=2)  # after the 見積合わせ of either ground
SIGNED = replace(BY_TENDER, concluded_on=AGREED)
Stage = Callable[[Session, datetime], RoundRow]
WAYS = pytest.mark.parametrize(
    ("stage", "ground", "suppliers"),
    [
        (contracted_after_failing, Ground.FAILED_TENDER, "株式会社見本電機"),
        (not_signed, Ground.NOT_SIGNED, "随契　甲、随契　乙"),
    ],
    ids=["8", "9"],
)


@WAYS
def test_a_body_orders_receives_and_accepts_all_of_it(
    database: Database, stage: Stage, ground: Ground, suppliers: str
) -> None:
    with database.write() as session:
        row = stage(session, NOW)
        sign(session, row, replace(SIGNED, ground=ground))
        agreed = agreed_lot(session, row, "pc")
        asked = agreed.quantities_of(CODE)
        for act in (Act.ORDER, Act.DELIVERY, Act.ACCEPTANCE):
            put(session, row, agreed, act, asked, AGREED)
        kept = recorded_of(session, agreed.lot_id, CODE)
        assert status_of(kept.terms, kept.ledger(asked)) is Status.COMPLETE
        assert (agreed.supplier, agreed.come_to(asked)[0]) == (suppliers, 1_000 * sum(asked.values()))


@WAYS
def test_a_share_that_needs_the_assembly_is_not_contracted_before_its_vote(
    database: Database, stage: Stage, ground: Ground, suppliers: str
) -> None:
    provisional = replace(SIGNED, ground=ground, concluded_on=None, provisional_on=AGREED, submitted_on=AGREED)
    with database.write() as session:
        row = stage(session, NOW)
        agreed = agreed_lot(session, row, "pc")
        assert judgement(agreed, session.get_one(BodyRow, KORYO), limits_of(session, KORYO)).is_needed
        with pytest.raises(Invalid) as refused:
            sign(session, row, replace(SIGNED, ground=ground), KORYO)
        assert "議決" in refused.value.faults[0].message
        sign(session, row, provisional, KORYO)
        passed = replace(provisional, resolved_on=AGREED, resolution=Resolution.PASSED, concluded_on=AGREED)
        sign(session, row, passed, KORYO)
        assert recorded_of(session, agreed.lot_id, KORYO).terms == passed
    assert agreed.supplier == suppliers


@WAYS
def test_it_rests_on_that_ground_alone(database: Database, stage: Stage, ground: Ground, suppliers: str) -> None:
    with database.write() as session:
        row = stage(session, NOW)
        assert agreed_lot(session, row, "pc").supplier == suppliers
        with pytest.raises(Invalid) as refused:
            sign(session, row, SIGNED)
    assert [fault.message for fault in refused.value.faults] == [
        f"落札によらない契約です。第{ground.value}号を選んでください。"
    ]


@WAYS
def test_the_open_data_tell_who_has_signed(database: Database, stage: Stage, ground: Ground, suppliers: str) -> None:
    with database.write() as session:
        row = stage(session, NOW)
        sign(session, row, replace(SIGNED, ground=ground))
        publish(session, row, WHO, NOW)
        value = published_value(session, row)
        signed = value.signed_by("pc", CODE)
    assert signed is not None
    assert signed.concluded_on == AGREED
    assert value.told_at == signed.recorded_at
    assert "、".join(deal.name for deal in value.deals if deal.lot.id == "pc" and deal.stands) == suppliers
