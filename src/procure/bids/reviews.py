"""事後審査: the 落札候補者 is examined, and where it lacks the qualification the next one moves up."""

from datetime import date, datetime

from sqlmodel import Session, col, select

from procure.bids.actions import lot_value, require_checked, require_no_correction
from procure.bids.after_tables import EarlierDrawRow, ReviewRow
from procure.bids.tables import BidderRow, DrawRow
from procure.errors import Conflict, Fault, refuse
from procure.history.record import Actor, Changes, label_of, record
from procure.rounds.stages import Act, require, require_unconfirmed
from procure.rounds.tables import LotRow, RoundRow
from procure.settlement.round import QualificationReview
from procure.settlement.settle import settle_lot


def candidate_of(session: Session, row: RoundRow, lot: LotRow) -> BidderRow:
    """Whose qualification is to be examined now. Raises Conflict."""
    require(Act.RECORD_BIDS, row.stage)
    require_unconfirmed(row.confirmed_at)
    require_checked(session, lot)
    require_no_correction(session, lot)
    candidate = settle_lot(lot_value(session, row, lot)).candidate
    if candidate is None:
        raise Conflict(f"「{lot.title}」に、審査を待っている落札候補者はいません。")
    of_lot = select(BidderRow).where(col(BidderRow.lot_id) == lot.id, col(BidderRow.ref) == candidate)
    return session.exec(of_lot).one()


def record_review(
    session: Session, row: RoundRow, lot: LotRow, review: QualificationReview, actor: Actor, at: datetime
) -> None:
    """Records what the examination of the candidate came to. `row` is locked.

    Raises Conflict where another is the candidate, Invalid with every fault.
    """
    candidate = candidate_of(session, row, lot)
    if candidate.ref != review.bidder:
        raise Conflict(f"いまの落札候補者は「{candidate.name}」です。最新の画面でご確認ください。")
    opened = row.opened_at.date() if row.opened_at else review.reviewed_on
    refuse(review_faults(review, opened, at.date()))
    earlier = session.exec(select(ReviewRow).where(col(ReviewRow.lot_id) == lot.id)).all()
    session.add(
        ReviewRow(
            lot_id=lot.id,
            bidder_id=candidate.id,
            position=1 + max((one.position for one in earlier), default=-1),
            passed=review.passed,
            reason=review.reason or None,
            reviewed_on=review.reviewed_on,
            recorded_at=at,
            recorded_by=label_of(actor),
        )
    )
    if not review.passed:
        _put_draw_aside(session, lot, candidate)
    session.flush()
    row.version += 1
    changes: Changes = {
        candidate.name: (None, "資格あり" if review.passed else "資格なし"),
        "reason": (None, review.reason),
        "reviewed_on": (None, review.reviewed_on.isoformat()),
    }
    record(session, at, actor, "review_recorded", round_ref=row.ref, subject=lot.title, changes=changes)


def review_faults(review: QualificationReview, opened: date, today: date) -> list[Fault]:
    faults = []
    if not review.passed and not 0 < len(review.reason or "") <= 1000:
        faults.append(Fault("reason", "資格がないとした理由を1000字以内で入力してください。"))
    if not opened <= review.reviewed_on <= today:
        faults.append(Fault("reviewed_on", "審査日は、開札の日から今日までの日付で入力してください。"))
    return faults


def _put_draw_aside(session: Session, lot: LotRow, candidate: BidderRow) -> None:
    """The lottery that chose the one who failed is kept, and lots are drawn again among the others."""
    draw = session.get(DrawRow, lot.id)
    if draw is None or draw.bidder_id != candidate.id:
        return
    earlier = session.exec(select(EarlierDrawRow).where(col(EarlierDrawRow.lot_id) == lot.id)).all()
    kept = draw.model_dump()
    session.add(EarlierDrawRow(**kept, position=len(earlier)))
    session.delete(draw)
