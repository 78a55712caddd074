"""What the secretariat does in the bidding: announce, open, record attempts and draws."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain

from sqlmodel import Session, col, delete, select

from procure.bids.after_queries import as_recorded, negotiation_of, waiting_correction
from procure.bids.bidders import admission_faults
from procure.bids.draw_text import drawers_text
from procure.bids.queries import attempts_of, bidders_by_lot, items_of_lot, load_round
from procure.bids.rules import announce_faults, attempt_faults, draw_faults, entry_for, held_faults, opening_faults
from procure.bids.tables import AttemptRow, BidderRow, BidRow, DrawRow, OpeningRow, UnitPriceRow, WitnessRow
from procure.ceilings.actions import open_ceilings
from procure.ceilings.queries import seal_of
from procure.ceilings.standing import outdated_faults, unsealed_faults
from procure.ceilings.vault import Vault
from procure.errors import Conflict, refuse
from procure.history.record import Actor, Changes, account_of, label_of, record
from procure.rounds.actions import move_on
from procure.rounds.queries import lots_of
from procure.rounds.stages import Act, Stage, require, require_unconfirmed
from procure.rounds.tables import LotRow, RoundRow
from procure.settlement.labels import ENTRY, WITNESS_KIND
from procure.settlement.round import Attempt, Bid, CeilingDisclosure, Entry, Lot, Opening, PaperDraw
from procure.templates import yen
from procure.values.moments import moment_text


def announce(session: Session, row: RoundRow, vault: Vault, actor: Actor, at: datetime) -> None:
    """公告: freezes the rules of the lots, opens the ceilings that are published beforehand, and begins the bidding.

    Raises Invalid, and KeyMissing where a ceiling has to be opened without the key.
    """
    require(Act.ANNOUNCE, row.stage)
    sealed = {
        lot.ref for lot in lots_of(session, row.id) if lot.ceiling is not None or seal_of(session, lot) is not None
    }
    refuse(chain(announce_faults(load_round(session, row).lots, sealed), outdated_faults(session, row)))
    row.announced_at = at
    open_ceilings(session, row, (CeilingDisclosure.BEFORE,), vault, actor, at)
    move_on(session, row, Stage.BIDDING, "bidding_announced", actor, at)


def open_bids(
    session: Session, row: RoundRow, opened_at: datetime, held: Opening, vault: Vault, actor: Actor, at: datetime
) -> None:
    """開札: the ceilings are opened, and from now on the bids of the first attempt are entered.

    Raises Invalid with every fault, and KeyMissing where a ceiling is sealed and the key is not there.
    """
    require(Act.OPEN_BIDS, row.stage)
    bidders = {bidder.name for bidders in bidders_by_lot(session, row.id).values() for bidder in bidders}
    refuse(
        chain(
            held_faults(held, bidders, opened_at, row.bid_date, at),
            admission_faults(session, row),
            unsealed_faults(session, row),
        )
    )
    open_ceilings(session, row, CeilingDisclosure, vault, actor, at)
    row.opened_at = opened_at
    write_opening(session, row, held)
    changes: Changes = {
        "opened_at": (None, opened_at),
        "place": (None, held.place),
        "officer": (None, held.officer),
        "recorder": (None, held.recorder),
        "witnesses": (None, "、".join(f"{one.name}（{WITNESS_KIND[one.kind]}）" for one in held.witnesses)),
    }
    move_on(session, row, Stage.OPENING, "bids_opened", actor, at, changes)


def write_opening(session: Session, row: RoundRow, held: Opening) -> None:
    session.add(OpeningRow(round_id=row.id, place=held.place, officer=held.officer, recorder=held.recorder))
    session.add_all(
        WitnessRow(round_id=row.id, position=position, name=one.name, kind=one.kind, affiliation=one.affiliation)
        for position, one in enumerate(held.witnesses)
    )
    session.flush()


def record_attempt(session: Session, row: RoundRow, lot: LotRow, attempt: Attempt, actor: Actor, at: datetime) -> None:
    """Writes the bids of the attempt whose turn it is, or writes anew those of one that is not checked yet.

    `row` is locked. Raises Conflict where the lot does not wait for that attempt, where it is checked (施行令167条の8
    第3項) or one before it is not, or where the decision is confirmed; Invalid with every fault.
    """
    require(Act.RECORD_BIDS, row.stage)
    require_unconfirmed(row.confirmed_at)
    _require_its_turn(session, lot, attempt.number)
    require_no_correction(session, lot)
    value = lot_value(session, row, lot)
    entry = entry_for(value, attempt.number)
    if entry is None:
        raise Conflict(f"第{attempt.number}回の入札は、いまは記録できません。最新の画面でご確認ください。")
    refuse(chain(opening_faults(value, attempt, row.opened_at, at), attempt_faults(value, entry, attempt)))
    before = bid_lines(value, value.attempts[attempt.number - 1]) if entry.is_correction else {}
    _remove_attempt(session, lot, attempt.number)
    _write_attempt(session, lot, attempt, actor, at)
    row.version += 1
    action = "attempt_corrected" if entry.is_correction else "attempt_recorded"
    changes = line_differences(before | _draw_lines(value, value.draw), bid_lines(value, attempt))
    subject = f"{lot.title} 第{attempt.number}回"
    record(session, at, actor, action, round_ref=row.ref, subject=subject, changes=changes)


def _require_its_turn(session: Session, lot: LotRow, number: int) -> None:
    for row in attempts_of(session, lot):
        if row.number >= number and row.checked_at is not None:
            raise Conflict(
                f"第{row.number}回の入札は照合が済んでいるため、書き換えられません（地方自治法施行令第167条の8第3項）。"
                "入力の誤りは、訂正として元の記録の横に残してください。"
            )
        if row.number < number and row.checked_at is None:
            raise Conflict(f"第{row.number}回の入札の照合が済んでいません。照合してから次の回を記録してください。")


def require_no_correction(session: Session, lot: LotRow) -> None:
    """Raises Conflict: nothing follows from bids of which a waiting correction may still change one."""
    if waiting_correction(session, lot) is not None:
        raise Conflict(f"「{lot.title}」に、承認を待っている訂正があります。先に承認するか却下してください。")


def require_no_negotiation(session: Session, lot: LotRow, so: str) -> None:
    """Raises Conflict: a contract of 8号 rests on what the tender came to. `so` is what therefore cannot be done."""
    negotiation = negotiation_of(session, lot)
    if negotiation is not None and negotiation.approved_at is None:
        raise Conflict(f"「{lot.title}」に、承認を待っている随意契約があります。先に申請を取り下げてください。")
    if negotiation is not None:
        raise Conflict(f"「{lot.title}」は、随意契約によることを承認しているため、{so}。")


def require_checked(session: Session, lot: LotRow) -> None:
    """Raises Conflict where a second person has not compared an attempt with the papers yet."""
    for row in attempts_of(session, lot):
        if row.checked_at is None:
            raise Conflict(
                f"「{lot.title}」の第{row.number}回の入札の照合が済んでいません。別の人が書面と照合してください。"
            )


def require_not_drawn(lot: Lot) -> None:
    """Raises Conflict: a lottery is never held over, whoever it chose."""
    if lot.draw is not None:
        raise Conflict(
            f"「{lot.title}」のくじの結果は、すでに記録されています。くじを引き直すことはできません"
            "（地方自治法施行令第167条の9）。"
        )


def record_draw(session: Session, row: RoundRow, lot: LotRow, draw: PaperDraw, actor: Actor, at: datetime) -> None:
    """Records who won the paper lottery among the tied (施行令167条の9). Lots are drawn once.

    Raises Conflict where they were drawn already, Invalid with every fault.
    """
    require(Act.RECORD_BIDS, row.stage)
    require_unconfirmed(row.confirmed_at)
    require_checked(session, lot)
    require_no_correction(session, lot)
    value = lot_value(session, row, lot)
    require_not_drawn(value)
    refuse(draw_faults(value, draw.winner, draw.drawn_by or "", draw.witness or "", draw.drawers))
    winner = next(bidder for bidder in bidders_by_lot(session, row.id)[lot.id] if bidder.ref == draw.winner)
    session.add(
        DrawRow(
            lot_id=lot.id,
            bidder_id=winner.id,
            drawn_by=draw.drawn_by,
            witness=draw.witness,
            drawers=drawers_text(draw.drawers),
            recorded_at=at,
            recorded_by=label_of(actor),
        )
    )
    session.flush()
    row.version += 1
    changes = line_differences(_draw_lines(value, value.draw), _draw_lines(value, draw))
    record(session, at, actor, "draw_recorded", round_ref=row.ref, subject=lot.title, changes=changes)


# ---- rows --------------------------------------------------------------------------------------------


def _write_attempt(session: Session, lot: LotRow, attempt: Attempt, actor: Actor, at: datetime) -> AttemptRow:
    row = AttemptRow(
        lot_id=lot.id,
        number=attempt.number,
        opened_at=attempt.opened_at,
        recorded_at=at,
        recorded_by=label_of(actor),
        recorded_account=account_of(actor),
    )
    session.add(row)
    session.flush()
    bidders = session.exec(select(BidderRow).where(col(BidderRow.lot_id) == lot.id))
    ids = {bidder.ref: bidder.id for bidder in bidders}
    items = {item.ref: item.id for item in items_of_lot(session, lot)}
    for bid in attempt.bids:
        _write_bid(session, row.id, ids[bid.bidder], items, bid)
    return row


def _write_bid(session: Session, attempt_id: int, bidder_id: int, items: dict[str, int], bid: Bid) -> None:
    row = BidRow(
        attempt_id=attempt_id,
        bidder_id=bidder_id,
        entry=bid.entry,
        total=bid.total,
        received_at=bid.received_at,
        draw_number=bid.draw_number,
        void=bid.void,
        added_number=bid.added_number,
    )
    session.add(row)
    session.flush()
    prices = bid.unit_prices or {}
    session.add_all(UnitPriceRow(bid_id=row.id, item_id=items[ref], price=price) for ref, price in prices.items())
    session.flush()


def write_attempts(session: Session, lot: LotRow, attempts: Iterable[Attempt], actor: Actor, at: datetime) -> None:
    """Makes the attempts of a new lot, as a round file has them: compared with the papers before they came here."""
    for attempt in attempts:
        row = _write_attempt(session, lot, as_recorded(attempt), actor, at)
        row.checked_at, row.checked_by = at, label_of(actor)


def _remove_attempt(session: Session, lot: LotRow, number: int) -> None:
    session.exec(delete(DrawRow).where(col(DrawRow.lot_id) == lot.id))  # a draw belongs to the bids that it was for
    for row in attempts_of(session, lot):
        if row.number == number:
            bids = select(BidRow.id).where(col(BidRow.attempt_id) == row.id)
            session.exec(delete(UnitPriceRow).where(col(UnitPriceRow.bid_id).in_(bids)))
            session.exec(delete(BidRow).where(col(BidRow.attempt_id) == row.id))
            session.exec(delete(AttemptRow).where(col(AttemptRow.id) == row.id))
    session.flush()


# ---- what is wrong, what changes ---------------------------------------------------------------------


def lot_value(session: Session, row: RoundRow, lot: LotRow) -> Lot:
    """The lot with everything recorded so far."""
    return next(value for value in load_round(session, row).lots if value.id == lot.ref)


def bid_lines(lot: Lot, attempt: Attempt) -> dict[str, str]:
    """Each bidder's entry by its name, whole: the history says what stood on the paper."""
    names = {bidder.id: bidder.name for bidder in lot.bidders}
    items = {item.id: item.name for item in lot.items}
    return {names[bid.bidder]: "、".join(_parts(bid, items)) for bid in attempt.bids}


def _draw_lines(lot: Lot, draw: PaperDraw | None) -> dict[str, str]:
    if draw is None:
        return {}
    winner = next(bidder.name for bidder in lot.bidders if bidder.id == draw.winner)
    names = {bidder.id: bidder.name for bidder in lot.bidders}
    order = [f"{names[one.bidder]}（{one.drawn_by}{'、代わりの職員' if one.in_place else ''}）" for one in draw.drawers]
    drawers = {"drawers": "、".join(order)} if order else {}
    return {"winner": winner, "drawn_by": draw.drawn_by or "", "witness": draw.witness or "", **drawers}


def _parts(bid: Bid, items: Mapping[str, str]) -> Iterator[str]:
    yield ENTRY[bid.entry]
    if bid.entry is not Entry.BID:
        return
    if bid.total is not None:
        yield f"入札金額 {yen(bid.total)}円"
    for ref, price in (bid.unit_prices or {}).items():
        yield f"{items[ref]} {yen(price)}円"
    if bid.received_at is not None:
        yield f"受付 {moment_text(bid.received_at)}"
    if bid.draw_number is not None:
        yield f"くじ番号 {bid.draw_number:03}"
    if bid.added_number is not None:
        yield f"加算番号 {bid.added_number:03}"
    if bid.void:
        yield f"無効：{bid.void}"


def line_differences(before: dict[str, str], after: dict[str, str]) -> Changes:
    refs = dict.fromkeys([*before, *after])
    return {ref: (before.get(ref), after.get(ref)) for ref in refs if before.get(ref) != after.get(ref)}
