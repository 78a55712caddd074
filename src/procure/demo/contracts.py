"""What two bodies recorded of their contracts after the award of the example."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlmodel import Session

from procure.contracts.actions import record_slip, save_terms
from procure.contracts.agreed import Agreed
from procure.contracts.ledger import Slip
from procure.contracts.queries import agreed_lot, recorded_of
from procure.contracts.rules import Terms
from procure.contracts.slips import Note
from procure.contracts.states import Act, Ground
from procure.history.record import COMMAND_LINE
from procure.rounds.tables import RoundRow

LOT = "pc"
CONCLUDED, ORDERED = date(2021, 6, 25), date(2021, 7, 1)
DELIVERED, ACCEPTED = date(2021, 9, 10), date(2021, 9, 17)
WHOLE, BEGUN = "292117", "292036"  # one has everything, the other has ordered
NOTES = {
    Act.ORDER: Note(place="見本庁舎"),
    Act.DELIVERY: Note(),
    Act.ACCEPTANCE: Note(inspector="検査職員（見本）"),
}


def example_contracts(session: Session, row: RoundRow, at: datetime) -> None:
    agreed = agreed_lot(session, row, LOT)
    for number, code in enumerate((WHOLE, BEGUN), start=1):
        terms = Terms(Ground.JOINT_TENDER, contract_number=f"見本第{number}号", concluded_on=CONCLUDED)
        save_terms(session, row, agreed, code, terms, 0, COMMAND_LINE, at)
        _slip(session, row, agreed, code, Act.ORDER, ORDERED, at)
    _slip(session, row, agreed, WHOLE, Act.DELIVERY, DELIVERED, at)
    _slip(session, row, agreed, WHOLE, Act.ACCEPTANCE, ACCEPTED, at)


def _slip(session: Session, row: RoundRow, agreed: Agreed, code: str, act: Act, day: date, at: datetime) -> None:
    """The whole quantity of the body."""
    quantities: Mapping[str, int] = agreed.quantities_of(code)
    version = recorded_of(session, agreed.lot_id, code).version
    record_slip(session, row, agreed, code, Slip(0, act, day, quantities), NOTES[act], version, COMMAND_LINE, at)
