"""9号 takes the place of a contract that the winner does not sign, never of one that it has signed with a body."""

from dataclasses import replace

import pytest
from sqlmodel import Session

from procure.contracts.negotiating import approve_unsigned, ground_to_propose, propose_unsigned
from procure.contracts.queries import agreed_lot
from procure.contracts.rules import Terms
from procure.database import Database
from procure.errors import Conflict
from procure.rounds.queries import lots_of
from procure.rounds.tables import RoundRow
from procure.settlement.round import NegotiationGround
from tests import outcomes, stages
from tests.contracts.contracting import LATER, SIGNED, contracted_unpublished, sign
from tests.people import NOW, SECRETARIAT
from tests.stages import ACTOR, SECOND
from tests.web.rounds_at import REF, council

NINTH = NegotiationGround.NOT_SIGNED
PROVISIONAL = replace(
    SIGNED, approval=True, approval_reason="条例の定め", concluded_on=None, provisional_on=LATER.date()
)


def ask(session: Session, row: RoundRow) -> None:
    asked = outcomes.a_negotiation(session, row, NINTH, LATER.date(), ("随契　甲",))
    propose_unsigned(session, row, lots_of(session, row.id)[0], asked, "随契第1号", ACTOR, LATER)


def test_where_nobody_signed_the_contract_goes_to_another(database: Database) -> None:
    with database.write() as session:
        row = stages.confirmed(session, NOW)
        ask(session, row)
        approve_unsigned(session, row, lots_of(session, row.id)[0], SECOND, LATER)
        assert agreed_lot(session, row, "pc").supplier == "随契　甲"


@pytest.mark.parametrize("terms", [SIGNED, PROVISIONAL], ids=["契約", "仮契約"])
def test_a_contract_that_a_body_signed_keeps_its_supplier(database: Database, terms: Terms) -> None:
    with database.write() as session:
        row = sign(session, stages.confirmed(session, NOW), terms)
        before = agreed_lot(session, row, "pc").supplier
        with pytest.raises(Conflict, match="締結した団体がある"):
            ground_to_propose(session, row, lots_of(session, row.id)[0])
        with pytest.raises(Conflict, match="締結した団体がある"):
            ask(session, row)
        assert agreed_lot(session, row, "pc").supplier == before


def test_who_approves_sees_that_a_body_has_signed_meanwhile(database: Database) -> None:
    with database.write() as session:
        row = stages.confirmed(session, NOW)
        ask(session, row)
        sign(session, row)
        with pytest.raises(Conflict, match="締結した団体がある"):
            approve_unsigned(session, row, lots_of(session, row.id)[0], SECOND, LATER)


def test_a_winner_that_gave_up_its_contract_did_not_sign_it(database: Database) -> None:
    with database.write() as session:
        row = sign(session, stages.confirmed(session, NOW))
        sign(session, row, replace(SIGNED, failed_on=LATER.date(), failure_reason="契約の辞退"))
        assert ground_to_propose(session, row, lots_of(session, row.id)[0]) is NINTH


def test_neither_the_page_nor_the_ways_of_the_lot_offer_it(sqlite_url: str) -> None:
    with council(sqlite_url, contracted_unpublished) as town:
        browser = town.browser(SECRETARIAT)
        assert browser.get(f"/rounds/{REF}/lots/pc/negotiation").status_code == 409
        assert "随意契約を申請する" not in browser.get(f"/rounds/{REF}/lots/pc/decision").text
