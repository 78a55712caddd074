"""What stands on record around a lot: how its bids were checked, the seal of the ceiling, suppliers, delivery."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session, col, select

from procure.bids.after_queries import checks_of
from procure.bids.queries import attempts_of
from procure.ceilings.ceiling import Basis
from procure.ceilings.queries import basis_of, opened_of, seals_of
from procure.contracts.queries import deadlines_in
from procure.demand.tables import AnswerRow
from procure.reports.businesses import Business, bidders_of, contractors_of
from procure.reports.taken_in import TakenIn, taken_in_of
from procure.rounds.queries import lots_of
from procure.rounds.tables import LotRow, RoundRow


@dataclass(frozen=True, slots=True)
class CheckLine:
    """Who recorded an attempt, and who found the papers in agreement with it; `way` is how, in words."""

    number: int
    recorded_by: str
    recorded_at: datetime
    way: str
    checked_by: str
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class SealLine:
    """The seal of an opened ceiling; `nonce` makes `commitment` recomputable, `reason` is why it was set anew."""

    sealed_by: str
    sealed_at: datetime
    commitment: str
    opened_by: str
    opened_at: datetime
    nonce: str
    number: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class LotRecord:
    """`businesses` are by the id of the bidder, and by the name of a contractor who did not bid.

    Bids that came in a file were checked elsewhere, and have no seal: they are `taken_in`. `places` are 納入場所 by the
    code of the body that answered with some; `deadline` is 納入期限.
    """

    checks: tuple[CheckLine, ...] = ()
    seal: SealLine | None = None
    basis: Basis | None = None
    businesses: Mapping[str, Business] = field(default_factory=dict)
    taken_in: TakenIn | None = None
    places: Mapping[str, str] = field(default_factory=dict)
    deadline: date | None = None


def lot_records(session: Session, row: RoundRow) -> Mapping[str, LotRecord]:
    """By the lot's ref."""
    known = {**contractors_of(session, row.id), **bidders_of(session, row.id)}
    return {lot.ref: _record(session, row, lot, known) for lot in lots_of(session, row.id)}


def _record(session: Session, row: RoundRow, lot: LotRow, known: Mapping[tuple[str, str], Business]) -> LotRecord:
    businesses = {word: business for (ref, word), business in known.items() if ref == lot.ref}
    return LotRecord(
        checks=tuple(_checks(session, lot)),
        seal=_seal(session, lot),
        basis=basis_of(session, lot),
        businesses=businesses,
        taken_in=taken_in_of(session, row, lot),
        places=_places(session, lot),
        deadline=deadlines_in(session, [lot.id]).get(lot.id),
    )


def _places(session: Session, lot: LotRow) -> Mapping[str, str]:
    answers = session.exec(select(AnswerRow).where(col(AnswerRow.lot_id) == lot.id).order_by(col(AnswerRow.body_code)))
    return {answer.body_code: answer.delivery_places for answer in answers if answer.delivery_places}


def _checks(session: Session, lot: LotRow) -> Sequence[CheckLine]:
    lines = []
    for attempt in attempts_of(session, lot):
        found = next(iter(checks_of(session, lot, attempt.number)), None)
        if attempt.checked_at is not None and attempt.checked_by is not None:
            way = found.way.label if found else "取込み"
            recorded = (attempt.number, attempt.recorded_by, attempt.recorded_at)
            lines.append(CheckLine(*recorded, way, attempt.checked_by, attempt.checked_at))
    return lines


def _seal(session: Session, lot: LotRow) -> SealLine | None:
    opened = opened_of(session, lot)
    if opened is None:
        return None
    seal = next((one for one in seals_of(session, lot) if one.number == opened.number), None)
    if seal is None:
        return None
    return SealLine(
        sealed_by=seal.sealed_by,
        sealed_at=seal.sealed_at,
        commitment=seal.commitment,
        opened_by=opened.opened_by,
        opened_at=opened.opened_at,
        nonce=opened.nonce,
        number=seal.number,
        reason=seal.reason,
    )
