"""What a correction leaves without ground: lotteries among others than those who tie now, reviews of who was never due.

Both are taken back and stay in the history; what still fits the bids stands (施行令167条の9, 法234条3項).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, delete, select

from procure.bids.actions import lot_value
from procure.bids.after_tables import EarlierDrawRow, ReviewRow
from procure.bids.tables import BidderRow, Drawn, DrawRow
from procure.history.record import Actor, Changes, record
from procure.rounds.tables import LotRow, RoundRow
from procure.settlement.award import decide_attempts
from procure.settlement.round import Lot, PaperDraw


@dataclass(frozen=True, slots=True)
class Fitting:
    """Of the lotteries on paper those that stand, by their place among those before, in the order in which they are
    due now; whether the last of them chose the candidate of now; and whose review stands.
    """

    draws: tuple[int, ...]
    last_counts: bool
    reviewed: frozenset[str]


def fitting(before: Lot, after: Lot) -> Fitting:
    """What was drawn and examined on the bids `before` that fits those `after` a correction. Pure.

    A lottery stands where exactly those who tied when it was held tie again.
    """
    papers = papers_of(before)
    held = dict(enumerate(map(frozenset, decide_attempts(before).selection.ties[: len(papers)])))
    standing: list[int] = []
    while True:
        drawn = tuple(papers[place] for place in standing)
        chosen = decide_attempts(replace(after, draws_before=drawn, draw=None)).selection
        due = frozenset(chosen.tied) if chosen.awaits_draw else None
        place = next((place for place, tied in held.items() if tied == due), None)
        if place is None:
            return Fitting(tuple(standing), chosen.draw is not None and bool(standing), frozenset(chosen.candidates))
        standing.append(place)
        del held[place]


def papers_of(lot: Lot) -> tuple[PaperDraw, ...]:
    """Every lottery on paper, in order."""
    return (*lot.draws_before, *([lot.draw] if lot.draw else []))


def set_aside(session: Session, row: RoundRow, lot: LotRow, before: Lot, actor: Actor, at: datetime) -> None:
    """Takes back what no longer fits the bids of the lot, each with its entry in the history."""
    fits = fitting(before, lot_value(session, row, lot))
    for draw in _keep_draws(session, lot, fits):
        changes: Changes = {
            "winner": (_name(session, draw), None),
            "drawn_by": (draw.drawn_by, None),
            "witness": (draw.witness, None),
        }
        record(session, at, actor, "draw_undone", round_ref=row.ref, subject=lot.title, changes=changes)
    for review in _keep_reviews(session, lot, fits.reviewed):
        changes = {
            _name(session, review): ("資格あり" if review.passed else "資格なし", None),
            "reason": (review.reason, None),
            "reviewed_on": (review.reviewed_on.isoformat(), None),
        }
        record(session, at, actor, "review_undone", round_ref=row.ref, subject=lot.title, changes=changes)


def _keep_draws(session: Session, lot: LotRow, fits: Fitting) -> Sequence[Drawn]:
    """Writes anew those that stand; the others."""
    rows = _draw_rows(session, lot)
    if fits.draws == tuple(range(len(rows))) and fits.last_counts == any(isinstance(row, DrawRow) for row in rows):
        return ()
    kept = [_columns(rows[place]) for place in fits.draws]
    undone = [row for place, row in enumerate(rows) if place not in fits.draws]
    for row in rows:
        session.expunge(row)
    session.exec(delete(EarlierDrawRow).where(col(EarlierDrawRow.lot_id) == lot.id))
    session.exec(delete(DrawRow).where(col(DrawRow.lot_id) == lot.id))
    if fits.last_counts:
        session.add(DrawRow(**kept.pop()))
    session.add_all(EarlierDrawRow(**columns, position=position) for position, columns in enumerate(kept))
    session.flush()
    return undone


def _draw_rows(session: Session, lot: LotRow) -> list[Drawn]:
    earlier = select(EarlierDrawRow).where(col(EarlierDrawRow.lot_id) == lot.id).order_by(col(EarlierDrawRow.position))
    draw = session.get(DrawRow, lot.id)
    return [*session.exec(earlier), *([draw] if draw else [])]


def _columns(row: Drawn) -> dict[str, Any]:
    return row.model_dump(exclude={"position"})


def _keep_reviews(session: Session, lot: LotRow, reviewed: Iterable[str]) -> Sequence[ReviewRow]:
    """The reviews that were removed."""
    joined = select(ReviewRow).join(BidderRow, col(BidderRow.id) == col(ReviewRow.bidder_id))
    undone = joined.where(col(ReviewRow.lot_id) == lot.id, col(BidderRow.ref).not_in(list(reviewed)))
    rows = session.exec(undone.order_by(col(ReviewRow.position))).all()
    for row in rows:
        session.delete(row)
    session.flush()
    return rows


def _name(session: Session, row: Drawn | ReviewRow) -> str:
    return session.get_one(BidderRow, row.bidder_id).name
