"""A typing error found after the check: the correction stands beside the record, and needs a second person."""

from datetime import datetime

from sqlmodel import Session, col, select

from procure.bids.actions import bid_lines, line_differences, lot_value, require_no_negotiation
from procure.bids.after_queries import waiting_correction
from procure.bids.after_tables import CorrectionRow
from procure.bids.bid_text import bid_of, bid_text
from procure.bids.queries import attempt_of
from procure.bids.rules import bid_faults, correction_faults
from procure.bids.setting_aside import set_aside
from procure.bids.tables import BidderRow
from procure.errors import Conflict, Fault, Invalid, refuse
from procure.history.record import Actor, account_of, label_of, record
from procure.history.two_people import require_another
from procure.rounds.stages import Act, require, require_unconfirmed
from procure.rounds.tables import LotRow, RoundRow
from procure.settlement.round import Attempt, Bid, Lot


def propose_correction(
    session: Session, row: RoundRow, lot: LotRow, number: int, bid: Bid, reason: str, actor: Actor, at: datetime
) -> CorrectionRow:
    """Proposes the bid as the paper has it. `row` is locked.

    Raises Conflict where the attempt is not checked yet, another correction waits, or the decision is confirmed;
    Invalid with every fault.
    """
    require_correctable(session, row, lot, number)
    value = lot_value(session, row, lot)
    _require_part(value, number, bid.bidder)
    faults = [
        *bid_faults(value, bid, value.attempts[number - 1].opened_at),
        *correction_faults(value, number, bid),
    ]
    if not 0 < len(reason) <= 1000:
        faults.append(Fault("reason", "訂正の理由を1000字以内で入力してください。"))
    refuse(faults)
    proposed = CorrectionRow(
        lot_id=lot.id,
        number=number,
        bidder_id=_bidder(session, lot, bid.bidder).id,
        bid=bid_text(bid),
        reason=reason,
        proposed_at=at,
        proposed_by=label_of(actor),
        proposed_account=account_of(actor),
    )
    session.add(proposed)
    _record(session, row, lot, proposed, "correction_proposed", actor, at)
    return proposed


def require_correctable(session: Session, row: RoundRow, lot: LotRow, number: int) -> None:
    """Raises Conflict."""
    require(Act.RECORD_BIDS, row.stage)
    require_unconfirmed(row.confirmed_at)
    attempt = attempt_of(session, lot, number)
    if attempt is None or attempt.checked_at is None:
        raise Conflict(f"第{number}回の入札は照合の前です。誤りは入札の記録で直してください。")
    if waiting_correction(session, lot) is not None:
        raise Conflict("承認を待っている訂正があります。先にそれを承認するか却下してください。")
    require_no_negotiation(session, lot, "入札の記録を訂正できません")


def _require_part(lot: Lot, number: int, bidder: str) -> None:
    """Raises Invalid: there is only something to correct where the attempt has an entry."""
    if bidder not in {bid.bidder for bid in lot.attempts[number - 1].bids}:
        name = next((one.name for one in lot.bidders if one.id == bidder), bidder)
        message = f"「{name}」は、第{number}回の入札に加わっていません。訂正する回と入札者を確かめてください。"
        raise Invalid(Fault(f"bid-{bidder}-entry", message))


def approve_correction(session: Session, row: RoundRow, lot: LotRow, actor: Actor, at: datetime) -> None:
    """From now on the corrected bid counts; lotteries and reviews that do not fit it do not. `row` is locked."""
    waiting = _waiting(session, row, lot)
    require_another(waiting.proposer, actor, "訂正の承認", "訂正を申請")
    require_no_negotiation(session, lot, "入札の記録を訂正できません")
    before = lot_value(session, row, lot)
    bidder = session.get_one(BidderRow, waiting.bidder_id)
    for fault in correction_faults(before, waiting.number, bid_of(waiting.bid, bidder.ref)):
        raise Conflict(fault.message)
    waiting.approved_at, waiting.approved_by = at, label_of(actor)
    session.flush()
    _record(session, row, lot, waiting, "correction_approved", actor, at)
    set_aside(session, row, lot, before, actor, at)


def reject_correction(session: Session, row: RoundRow, lot: LotRow, actor: Actor, at: datetime) -> None:
    """Also for the one who proposed it and thought better of it. `row` is locked."""
    waiting = _waiting(session, row, lot)
    waiting.rejected_at, waiting.rejected_by = at, label_of(actor)
    _record(session, row, lot, waiting, "correction_rejected", actor, at)


def _waiting(session: Session, row: RoundRow, lot: LotRow) -> CorrectionRow:
    require(Act.RECORD_BIDS, row.stage)
    require_unconfirmed(row.confirmed_at)
    waiting = waiting_correction(session, lot)
    if waiting is None:
        raise Conflict("承認を待っている訂正はありません。最新の画面でご確認ください。")
    return waiting


def _bidder(session: Session, lot: LotRow, ref: str) -> BidderRow:
    of_lot = select(BidderRow).where(col(BidderRow.lot_id) == lot.id, col(BidderRow.ref) == ref)
    found = session.exec(of_lot).one_or_none()
    if found is None:
        raise Invalid(Fault("bidder", "訂正する入札者を選んでください。"))
    return found


def _record(
    session: Session, row: RoundRow, lot: LotRow, proposed: CorrectionRow, action: str, actor: Actor, at: datetime
) -> None:
    session.flush()
    row.version += 1
    value = lot_value(session, row, lot)
    attempt = value.attempts[proposed.number - 1]
    ref = session.get_one(BidderRow, proposed.bidder_id).ref
    was = next((one.was for one in reversed(attempt.corrections) if one.bidder == ref), None)
    stood = was if action == "correction_approved" and was else next(bid for bid in attempt.bids if bid.bidder == ref)
    before = bid_lines(value, Attempt(attempt.number, attempt.opened_at, (stood,)))
    after = bid_lines(value, Attempt(attempt.number, attempt.opened_at, (bid_of(proposed.bid, ref),)))
    changes = {**line_differences(before, after), "reason": (None, proposed.reason)}
    subject = f"{lot.title} 第{proposed.number}回"
    record(session, at, actor, action, round_ref=row.ref, subject=subject, changes=changes)
