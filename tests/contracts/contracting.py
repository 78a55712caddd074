"""A confirmed round whose contracts are recorded through the actions."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlmodel import Session

from procure.contracts.actions import record_slip, reverse_slip, save_terms
from procure.contracts.agreed import Agreed
from procure.contracts.ledger import Slip
from procure.contracts.queries import agreed_lot, recorded_of
from procure.contracts.rules import Terms
from procure.contracts.slips import Note
from procure.contracts.states import Act, Ground
from procure.contracts.tables import ContractSlipRow
from procure.history.record import Actor
from procure.rounds.tables import RoundRow
from tests.people import NOW
from tests.stages import confirmed, published

CODE = "292117"
WHO = "市の操作"
DAY = NOW.date()
SIGNED = Terms(ground=Ground.JOINT_TENDER, contract_number="葛情第12号", concluded_on=DAY)
NOTE = Note("葛城市役所新庄庁舎", "主査　葛城花子", "学級増のため")
LATER = NOW + timedelta(days=30)


def contracted(session: Session, now: datetime) -> RoundRow:
    """The published round, in which 葛城市 has its contract for the computers."""
    return sign(session, published(session, now))


def contracted_unpublished(session: Session, now: datetime) -> RoundRow:
    return sign(session, confirmed(session, now))


def performing(session: Session, now: datetime) -> RoundRow:
    """Everything of the first item ordered and delivered, all but one accepted."""
    row = contracted(session, now)
    agreed = agreed_lot(session, row, "pc")
    first, quantity = next(iter(agreed.quantities_of(CODE).items()))
    put(session, row, agreed, Act.ORDER, {first: quantity})
    put(session, row, agreed, Act.DELIVERY, {first: quantity})
    put(session, row, agreed, Act.ACCEPTANCE, {first: quantity - 1})
    return row


def sign(session: Session, row: RoundRow, terms: Terms = SIGNED, code: str = CODE, actor: Actor = WHO) -> RoundRow:
    agreed = agreed_lot(session, row, "pc")
    version = recorded_of(session, agreed.lot_id, code).version
    save_terms(session, row, agreed, code, terms, version, actor, LATER)
    return row


def put(
    session: Session,
    row: RoundRow,
    agreed: Agreed,
    act: Act,
    quantities: Mapping[str, int],
    day: date = DAY,
    seen: int | None = None,
    code: str = CODE,
    resolved_on: date | None = None,
) -> ContractSlipRow:
    version = recorded_of(session, agreed.lot_id, code).version if seen is None else seen
    slip = Slip(0, act, day, quantities, resolved_on=resolved_on)
    return record_slip(session, row, agreed, code, slip, NOTE, version, WHO, LATER)


def take_back(session: Session, row: RoundRow, agreed: Agreed, number: int) -> ContractSlipRow:
    version = recorded_of(session, agreed.lot_id, CODE).version
    return reverse_slip(session, row, agreed, CODE, number, "入力の誤り", version, WHO, LATER)
