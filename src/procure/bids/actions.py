"""What the secretariat does in the bidding: register bidders, announce, open, record attempts and draws."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sqlmodel import Session, col, delete, select

from procure.bids.queries import attempts_of, bidders_by_lot, items_of_lot, load_round
from procure.bids.rules import attempt_faults, draw_faults, entry_for, opening_faults
from procure.bids.tables import AttemptRow, BidderRow, BidRow, DrawRow, UnitPriceRow
from procure.errors import Conflict, Fault, Invalid, refuse
from procure.history.record import Actor, Changes, label_of, record
from procure.rounds.actions import move_on
from procure.rounds.queries import lots_of
from procure.rounds.stages import Act, Stage, require, require_unconfirmed
from procure.rounds.tables import LotRow, RoundRow
from procure.settlement.labels import ENTRY
from procure.settlement.round import Attempt, Bid, Entry, Lot, PaperDraw
from procure.templates import yen


@dataclass(frozen=True, slots=True)
class Registration:
    """A bidder as registered for the round: its id, its name, and the lots it takes part in."""

    ref: str
    name: str
    lots: frozenset[str]


def save_bidders(
    session: Session, row: RoundRow, registrations: Sequence[Registration], actor: Actor, at: datetime
) -> None:
    """Writes the bidders of every lot, in the order of registration."""
    require(Act.REGISTER_BIDDERS, row.stage)
    lots = lots_of(session, row.id)
    refuse(registration_faults(registrations, {lot.ref for lot in lots}))
    before = bidders_by_lot(session, row.id)
    changes: dict[str, tuple[object, object]] = {}
    for lot in lots:
        wanted = [entry for entry in registrations if lot.ref in entry.lots]
        was = "、".join(bidder.name for bidder in before.get(lot.id, ()))
        will = "、".join(entry.name for entry in wanted)
        if was != will:
            changes[lot.title] = (was or None, will or None)
        _write_bidders(session, lot, wanted)
    if changes:
        row.version += 1
        record(session, at, actor, "bidders_registered", round_ref=row.ref, subject=row.title, changes=changes)


def announce(session: Session, row: RoundRow, actor: Actor, at: datetime) -> None:
    """公告: freezes the rules of the lots and begins the bidding."""
    require(Act.ANNOUNCE, row.stage)
    refuse(_announce_faults(load_round(session, row).lots))
    row.announced_at = at
    move_on(session, row, Stage.BIDDING, "bidding_announced", actor, at)


def open_bids(session: Session, row: RoundRow, opened_at: datetime, actor: Actor, at: datetime) -> None:
    """開札: from now on the bids of the first attempt are entered."""
    require(Act.OPEN_BIDS, row.stage)
    if opened_at > at:
        raise Invalid(Fault("opened_at", "開札日時が現在より後です。開札してから始めてください。"))
    row.opened_at = opened_at
    move_on(session, row, Stage.OPENING, "bids_opened", actor, at, {"opened_at": (None, opened_at)})


def record_attempt(session: Session, row: RoundRow, lot: LotRow, attempt: Attempt, actor: Actor, at: datetime) -> None:
    """Writes the bids of the attempt whose turn it is, or corrects those of the last one.

    `row` is locked. Raises Conflict where the lot does not wait for that attempt or the decision is confirmed, Invalid
    with every fault.
    """
    require(Act.RECORD_BIDS, row.stage)
    require_unconfirmed(row.confirmed_at)
    value = lot_value(session, row, lot)
    entry = entry_for(value, attempt.number)
    if entry is None:
        raise Conflict(f"第{attempt.number}回の入札は、いまは記録できません。最新の画面でご確認ください。")
    refuse(chain(opening_faults(value, attempt, at), attempt_faults(value, entry, attempt)))
    before = _lines(value, value.attempts[attempt.number - 1]) if entry.is_correction else {}
    _remove_attempt(session, lot, attempt.number)
    _write_attempt(session, lot, attempt, actor, at)
    row.version += 1
    action = "attempt_corrected" if entry.is_correction else "attempt_recorded"
    changes = _differences(before | _draw_lines(value, value.draw), _lines(value, attempt))
    subject = f"{lot.title} 第{attempt.number}回"
    record(session, at, actor, action, round_ref=row.ref, subject=subject, changes=changes)


def record_draw(session: Session, row: RoundRow, lot: LotRow, draw: PaperDraw, actor: Actor, at: datetime) -> None:
    """Records who won the paper lottery among the tied (施行令167条の9)."""
    require(Act.RECORD_BIDS, row.stage)
    require_unconfirmed(row.confirmed_at)
    value = lot_value(session, row, lot)
    refuse(draw_faults(value, draw.winner, draw.drawn_by or "", draw.witness or ""))
    winner = next(bidder for bidder in bidders_by_lot(session, row.id)[lot.id] if bidder.ref == draw.winner)
    session.merge(
        DrawRow(
            lot_id=lot.id,
            bidder_id=winner.id,
            drawn_by=draw.drawn_by,
            witness=draw.witness,
            recorded_at=at,
            recorded_by=label_of(actor),
        )
    )
    session.flush()
    row.version += 1
    changes = _differences(_draw_lines(value, value.draw), _draw_lines(value, draw))
    record(session, at, actor, "draw_recorded", round_ref=row.ref, subject=lot.title, changes=changes)


# ---- rows --------------------------------------------------------------------------------------------


def write_bidders(session: Session, lot: LotRow, bidders: Sequence[tuple[str, str]]) -> dict[str, BidderRow]:
    """Makes the bidders of a new lot, (id, name) in the order of registration."""
    rows = {
        ref: BidderRow(lot_id=lot.id, ref=ref, position=position, name=name)
        for position, (ref, name) in enumerate(bidders)
    }
    session.add_all(rows.values())
    session.flush()
    return rows


def _write_bidders(session: Session, lot: LotRow, wanted: Sequence[Registration]) -> None:
    session.exec(delete(BidderRow).where(col(BidderRow.lot_id) == lot.id))
    write_bidders(session, lot, [(entry.ref, entry.name) for entry in wanted])


def _write_attempt(session: Session, lot: LotRow, attempt: Attempt, actor: Actor, at: datetime) -> None:
    row = AttemptRow(
        lot_id=lot.id, number=attempt.number, opened_at=attempt.opened_at, recorded_at=at, recorded_by=label_of(actor)
    )
    session.add(row)
    session.flush()
    bidders = session.exec(select(BidderRow).where(col(BidderRow.lot_id) == lot.id))
    ids = {bidder.ref: bidder.id for bidder in bidders}
    items = {item.ref: item.id for item in items_of_lot(session, lot)}
    for bid in attempt.bids:
        _write_bid(session, row.id, ids[bid.bidder], items, bid)


def _write_bid(session: Session, attempt_id: int, bidder_id: int, items: dict[str, int], bid: Bid) -> None:
    row = BidRow(
        attempt_id=attempt_id,
        bidder_id=bidder_id,
        entry=bid.entry,
        total=bid.total,
        received_at=bid.received_at,
        draw_number=bid.draw_number,
        void=bid.void,
    )
    session.add(row)
    session.flush()
    prices = bid.unit_prices or {}
    session.add_all(UnitPriceRow(bid_id=row.id, item_id=items[ref], price=price) for ref, price in prices.items())
    session.flush()


def write_attempts(session: Session, lot: LotRow, attempts: Iterable[Attempt], actor: Actor, at: datetime) -> None:
    """Makes the attempts of a new lot, as a round file has them."""
    for attempt in attempts:
        _write_attempt(session, lot, attempt, actor, at)


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


def registration_faults(registrations: Sequence[Registration], lots: Set[str]) -> Iterator[Fault]:
    """`lots` are the lots of the round; a bidder takes part in at least one of them."""
    times = Counter(entry.name for entry in registrations)
    for index, entry in enumerate(registrations):
        if not entry.name or len(entry.name) > 200:
            yield Fault(f"bidder-{index}-name", "入札者の商号又は名称を200字以内で入力してください。")
        elif times[entry.name] > 1:
            yield Fault(f"bidder-{index}-name", f"「{entry.name}」が二度登録されています。一つにまとめてください。")
        if not entry.lots & lots:
            yield Fault(f"bidder-{index}-name", f"「{entry.name}」が参加するロットを選んでください。")


def _announce_faults(lots: Iterable[Lot]) -> Iterator[Fault]:
    for lot in lots:
        if not lot.cancelled and not lot.demand:
            yield Fault("lots", f"「{lot.title}」には需要がありません。取止めにするか、需要登録を再開してください。")


def lot_value(session: Session, row: RoundRow, lot: LotRow) -> Lot:
    """The lot with everything recorded so far."""
    return next(value for value in load_round(session, row).lots if value.id == lot.ref)


def _lines(lot: Lot, attempt: Attempt) -> dict[str, str]:
    """Each bidder's entry by its name, whole: the history says what stood on the paper."""
    names = {bidder.id: bidder.name for bidder in lot.bidders}
    items = {item.id: item.name for item in lot.items}
    return {names[bid.bidder]: "、".join(_parts(bid, items)) for bid in attempt.bids}


def _draw_lines(lot: Lot, draw: PaperDraw | None) -> dict[str, str]:
    if draw is None:
        return {}
    winner = next(bidder.name for bidder in lot.bidders if bidder.id == draw.winner)
    return {"winner": winner, "drawn_by": draw.drawn_by or "", "witness": draw.witness or ""}


def _parts(bid: Bid, items: Mapping[str, str]) -> Iterator[str]:
    yield ENTRY[bid.entry]
    if bid.entry is not Entry.BID:
        return
    if bid.total is not None:
        yield f"入札金額 {yen(bid.total)}円"
    for ref, price in (bid.unit_prices or {}).items():
        yield f"{items[ref]} {yen(price)}円"
    if bid.received_at is not None:
        yield f"受付 {bid.received_at:%Y-%m-%d %H:%M:%S}"
    if bid.draw_number is not None:
        yield f"くじ番号 {bid.draw_number:03}"
    if bid.void:
        yield f"無効：{bid.void}"


def _differences(before: dict[str, str], after: dict[str, str]) -> Changes:
    refs = dict.fromkeys([*before, *after])
    return {ref: (before.get(ref), after.get(ref)) for ref in refs if before.get(ref) != after.get(ref)}
