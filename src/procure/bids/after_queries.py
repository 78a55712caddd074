"""Reads of what follows an attempt: checks, corrections, reviews, earlier draws, negotiated contracts, by lot."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlmodel import Session, col, select

from procure.bids.after_tables import (
    AttemptCheckRow,
    CorrectionRow,
    EarlierDrawRow,
    NegotiatedContractRow,
    NegotiatedPriceRow,
    NegotiationRow,
    ReviewRow,
)
from procure.bids.bid_text import bid_of
from procure.bids.draw_text import drawers_of
from procure.rounds.tables import LotRow
from procure.settlement.round import (
    Attempt,
    Bid,
    Correction,
    NegotiatedContract,
    Negotiation,
    PaperDraw,
    QualificationReview,
)
from procure.values.money import Yen

T = TypeVar("T", CorrectionRow, EarlierDrawRow, NegotiatedContractRow, NegotiatedPriceRow, NegotiationRow, ReviewRow)
Refs = Mapping[int, str]  # the id of the round file of a row


def checks_of(session: Session, lot: LotRow, number: int) -> Sequence[AttemptCheckRow]:
    """Every check of an attempt, the latest first."""
    of_attempt = select(AttemptCheckRow).where(
        col(AttemptCheckRow.lot_id) == lot.id, col(AttemptCheckRow.number) == number
    )
    return session.exec(of_attempt.order_by(col(AttemptCheckRow.id).desc())).all()


def corrections_of(session: Session, lot: LotRow) -> Sequence[CorrectionRow]:
    """Proposed, approved and rejected, in order."""
    of_lot = select(CorrectionRow).where(col(CorrectionRow.lot_id) == lot.id)
    return session.exec(of_lot.order_by(col(CorrectionRow.id))).all()


def waiting_correction(session: Session, lot: LotRow) -> CorrectionRow | None:
    """The correction that waits for a second person; there is one at most."""
    waiting = (row for row in corrections_of(session, lot) if row.approved_at is None and row.rejected_at is None)
    return next(waiting, None)


def waiting_corrections(session: Session, round_id: int) -> Mapping[str, CorrectionRow]:
    """The corrections of a round that wait for a second person, by the lot's ref."""
    joined = select(LotRow.ref, CorrectionRow).join(CorrectionRow, col(CorrectionRow.lot_id) == col(LotRow.id))
    unjudged = col(CorrectionRow.approved_at).is_(None) & col(CorrectionRow.rejected_at).is_(None)
    found = session.exec(joined.where(col(LotRow.round_id) == round_id, unjudged))
    return dict(iter(found))


def waiting_negotiations(session: Session, round_id: int) -> Mapping[str, NegotiationRow]:
    """The negotiated contracts of a round that wait for a second person, by the lot's ref."""
    joined = select(LotRow.ref, NegotiationRow).join(NegotiationRow, col(NegotiationRow.lot_id) == col(LotRow.id))
    unapproved = col(NegotiationRow.approved_at).is_(None)
    return dict(session.exec(joined.where(col(LotRow.round_id) == round_id, unapproved)).all())


def rounds_with_waiting_negotiations(session: Session) -> frozenset[int]:
    joined = select(LotRow.round_id).join(NegotiationRow, col(NegotiationRow.lot_id) == col(LotRow.id))
    return frozenset(session.exec(joined.where(col(NegotiationRow.approved_at).is_(None))))


def negotiation_of(session: Session, lot: LotRow) -> NegotiationRow | None:
    return session.get(NegotiationRow, lot.id)


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What stands beside the attempts of a round, by the id of the lot."""

    corrections: Mapping[int, Sequence[CorrectionRow]]
    reviews: Mapping[int, Sequence[QualificationReview]]
    draws_before: Mapping[int, Sequence[PaperDraw]]
    negotiations: Mapping[int, Negotiation]


def aftermath(session: Session, round_id: int, bidders: Refs, items: Refs) -> Aftermath:
    """Only what a second person has approved counts."""
    return Aftermath(
        corrections=_by_lot(row for row in _rows(session, CorrectionRow, round_id) if row.approved_at is not None),
        reviews={lot: [_review(row, bidders) for row in rows] for lot, rows in _reviews(session, round_id).items()},
        draws_before={
            lot: [PaperDraw(bidders[row.bidder_id], row.drawn_by, row.witness, drawers_of(row.drawers)) for row in rows]
            for lot, rows in _by_lot(_rows(session, EarlierDrawRow, round_id)).items()
        },
        negotiations=negotiations_of(session, round_id, items),
    )


def negotiations_of(session: Session, round_id: int, items: Refs, *, approved: bool = True) -> dict[int, Negotiation]:
    """The negotiated contracts of the round; without `approved` those that wait for a second person as well."""
    contracts = _by_lot(_rows(session, NegotiatedContractRow, round_id))
    prices = _by_lot(_rows(session, NegotiatedPriceRow, round_id))
    found = _rows(session, NegotiationRow, round_id)
    return {
        row.lot_id: _negotiation(row, contracts[row.lot_id], prices.get(row.lot_id, ()), items)
        for row in found
        if row.approved_at is not None or not approved
    }


def corrected(attempt: Attempt, rows: Iterable[CorrectionRow], bidders: Refs) -> Attempt:
    """The attempt with its bids as the papers have them; each correction keeps what stood there before it."""
    bids = {bid.bidder: bid for bid in attempt.bids}
    made = []
    for row in rows:
        if row.number == attempt.number and row.approved_at is not None:
            ref = bidders[row.bidder_id]
            by, approver = row.proposed_by, row.approved_by or ""
            made.append(Correction(ref, bids[ref], row.reason, by, approver, row.approved_at))
            bids[ref] = bid_of(row.bid, ref)
    return replace(attempt, bids=tuple(bids.values()), corrections=tuple(made)) if made else attempt


def as_recorded(attempt: Attempt) -> Attempt:
    """The attempt as it was recorded, before its corrections."""
    bids: dict[str, Bid] = {bid.bidder: bid for bid in attempt.bids}
    for correction in reversed(attempt.corrections):
        bids[correction.bidder] = correction.was
    return Attempt(attempt.number, attempt.opened_at, tuple(bids.values()))


def _review(row: ReviewRow, bidders: Refs) -> QualificationReview:
    return QualificationReview(bidders[row.bidder_id], row.passed, row.reason, row.reviewed_on)


def _reviews(session: Session, round_id: int) -> dict[int, list[ReviewRow]]:
    by_lot = _by_lot(_rows(session, ReviewRow, round_id))
    return {lot: sorted(rows, key=lambda row: row.position) for lot, rows in by_lot.items()}


def _negotiation(
    row: NegotiationRow,
    contracts: Sequence[NegotiatedContractRow],
    prices: Sequence[NegotiatedPriceRow],
    items: Refs,
) -> Negotiation:
    def priced(position: int) -> dict[str, Yen]:
        of_contract = {price.item_id: price.price for price in prices if price.position == position}
        return {ref: of_contract[number] for number, ref in items.items() if number in of_contract}

    made = (NegotiatedContract(contract.contractor, priced(contract.position)) for contract in contracts)
    return Negotiation(row.ground, row.agreed_on, row.reason, tuple(made))


def _rows(session: Session, table: type[T], round_id: int) -> Sequence[T]:
    keys = table.__table__.primary_key.columns  # type: ignore[attr-defined]
    joined = select(table).join(LotRow, col(LotRow.id) == col(table.lot_id))
    return session.exec(joined.where(col(LotRow.round_id) == round_id).order_by(*keys)).all()


def _by_lot(rows: Iterable[T]) -> dict[int, list[T]]:
    found: dict[int, list[T]] = defaultdict(list)
    for row in rows:
        found[row.lot_id].append(row)
    return found
