"""Reads of bidding, and the whole round as the value that the engine settles."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlmodel import Session, col, select

from procure.bids.tables import AttemptRow, BidderRow, BidRow, DrawRow, UnitPriceRow
from procure.demand.queries import demand_by_lot
from procure.parties.queries import outside_bodies
from procure.rounds.queries import items_of, lots_of
from procure.rounds.tables import ItemRow, LotRow, RoundRow
from procure.rounds.values import lot_values
from procure.settlement.round import Attempt, Bid, Bidder, Lot, Organisation, PaperDraw, Round
from procure.values.money import Yen


def load_round(session: Session, row: RoundRow) -> Round:
    """The round with everything registered and recorded so far, ready to be settled or exported."""
    lots = lots_of(session, row.id)
    items = items_of(session, row.id)
    demand = demand_by_lot(session, row.id)
    bidders = bidders_by_lot(session, row.id)
    attempts = _attempts_by_lot(session, row.id, {item.id: item.ref for item in items})
    draws = _draws_by_lot(session, row.id)
    values = tuple(
        replace(
            value,
            demand=demand.get(lot.id, ()),
            bidders=tuple(Bidder(bidder.ref, bidder.name) for bidder in bidders.get(lot.id, ())),
            attempts=attempts.get(lot.id, ()),
            draw=draws.get(lot.id),
        )
        for lot, value in zip(lots, lot_values(lots, items), strict=True)
    )
    return Round(
        id=row.ref,
        title=row.title,
        fiscal_year=row.fiscal_year,
        bid_date=row.bid_date,
        council=row.council,
        lots=values,
        note=row.note,
        organisations=_organisations(session, values),
    )


def bidders_by_lot(session: Session, round_id: int) -> Mapping[int, Sequence[BidderRow]]:
    """The bidders of every lot, in the order of registration."""
    found: dict[int, list[BidderRow]] = defaultdict(list)
    joined = select(BidderRow).join(LotRow, col(LotRow.id) == col(BidderRow.lot_id))
    for row in session.exec(joined.where(col(LotRow.round_id) == round_id).order_by(col(BidderRow.position))):
        found[row.lot_id].append(row)
    return found


def attempts_of(session: Session, lot: LotRow) -> Sequence[AttemptRow]:
    return session.exec(
        select(AttemptRow).where(col(AttemptRow.lot_id) == lot.id).order_by(col(AttemptRow.number))
    ).all()


def items_of_lot(session: Session, lot: LotRow) -> Sequence[ItemRow]:
    return session.exec(select(ItemRow).where(col(ItemRow.lot_id) == lot.id).order_by(col(ItemRow.position))).all()


def _attempts_by_lot(session: Session, round_id: int, item_refs: Mapping[int, str]) -> dict[int, tuple[Attempt, ...]]:
    bids = _bids_by_attempt(session, round_id, item_refs)
    joined = select(AttemptRow).join(LotRow, col(LotRow.id) == col(AttemptRow.lot_id))
    in_order = joined.where(col(LotRow.round_id) == round_id).order_by(col(AttemptRow.number))
    found: dict[int, list[Attempt]] = defaultdict(list)
    for row in session.exec(in_order):
        found[row.lot_id].append(Attempt(row.number, row.opened_at, tuple(bids.get(row.id, ()))))
    return {lot: tuple(attempts) for lot, attempts in found.items()}


def _bids_by_attempt(session: Session, round_id: int, item_refs: Mapping[int, str]) -> dict[int, list[Bid]]:
    prices = _prices_by_bid(session, round_id, item_refs)
    joined = (
        select(BidRow, BidderRow)
        .join(BidderRow, col(BidderRow.id) == col(BidRow.bidder_id))
        .join(LotRow, col(LotRow.id) == col(BidderRow.lot_id))
    )
    found: dict[int, list[Bid]] = defaultdict(list)
    for bid, bidder in session.exec(joined.where(col(LotRow.round_id) == round_id).order_by(col(BidRow.id))):
        found[bid.attempt_id].append(_bid(bid, bidder, prices.get(bid.id)))
    return found


def _prices_by_bid(session: Session, round_id: int, item_refs: Mapping[int, str]) -> dict[int, dict[str, Yen]]:
    joined = (
        select(UnitPriceRow)
        .join(ItemRow, col(ItemRow.id) == col(UnitPriceRow.item_id))
        .join(LotRow, col(LotRow.id) == col(ItemRow.lot_id))
    )
    found: dict[int, dict[str, Yen]] = defaultdict(dict)
    for row in session.exec(joined.where(col(LotRow.round_id) == round_id).order_by(col(ItemRow.position))):
        found[row.bid_id][item_refs[row.item_id]] = row.price
    return found


def _bid(row: BidRow, bidder: BidderRow, prices: Mapping[str, Yen] | None) -> Bid:
    return Bid(
        bidder=bidder.ref,
        entry=row.entry,
        unit_prices=prices,
        total=row.total,
        received_at=row.received_at,
        draw_number=row.draw_number,
        void=row.void,
    )


def _draws_by_lot(session: Session, round_id: int) -> dict[int, PaperDraw]:
    joined = (
        select(DrawRow, BidderRow)
        .join(BidderRow, col(BidderRow.id) == col(DrawRow.bidder_id))
        .join(LotRow, col(LotRow.id) == col(DrawRow.lot_id))
    )
    rows = session.exec(joined.where(col(LotRow.round_id) == round_id))
    return {draw.lot_id: PaperDraw(bidder.ref, draw.drawn_by, draw.witness) for draw, bidder in rows}


def _organisations(session: Session, lots: Sequence[Lot]) -> tuple[Organisation, ...]:
    asking = {demand.municipality for lot in lots for demand in lot.demand}
    return tuple(
        Organisation(body.code, body.display_name, body.kind) for body in outside_bodies(session) if body.code in asking
    )
