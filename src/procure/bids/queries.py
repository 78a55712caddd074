"""Reads of bidding, and the whole round as the value that the engine settles."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlmodel import Session, col, select

from procure.bids.after_queries import aftermath, corrected
from procure.bids.draw_text import drawers_of
from procure.bids.tables import AttemptRow, BidderRow, BidRow, DrawRow, OpeningRow, UnitPriceRow, WitnessRow
from procure.demand.queries import demand_by_lot
from procure.parties.queries import outside_bodies
from procure.parties.tables import SupplierRow
from procure.rounds.queries import items_of, lots_of
from procure.rounds.tables import ItemRow, LotRow, RoundRow
from procure.rounds.values import lot_values
from procure.settlement.round import Attempt, Bid, Bidder, Lot, Opening, Organisation, PaperDraw, Round, Witness
from procure.values.money import Yen


def load_round(session: Session, row: RoundRow) -> Round:
    """The round with everything registered and recorded so far, ready to be settled or exported."""
    lots = lots_of(session, row.id)
    items = items_of(session, row.id)
    demand = demand_by_lot(session, row.id)
    bidders = bidders_by_lot(session, row.id)
    item_refs = {item.id: item.ref for item in items}
    bidder_refs = {bidder.id: bidder.ref for of_lot in bidders.values() for bidder in of_lot}
    attempts = _attempts_by_lot(session, row.id, item_refs)
    after = aftermath(session, row.id, bidder_refs, item_refs)
    draws = _draws_by_lot(session, row.id)
    values = tuple(
        replace(
            value,
            demand=demand.get(lot.id, ()),
            bidders=tuple(Bidder(bidder.ref, bidder.name) for bidder in bidders.get(lot.id, ())),
            attempts=tuple(
                corrected(attempt, after.corrections.get(lot.id, ()), bidder_refs)
                for attempt in attempts.get(lot.id, ())
            ),
            draw=draws.get(lot.id),
            reviews=tuple(after.reviews.get(lot.id, ())),
            draws_before=tuple(after.draws_before.get(lot.id, ())),
            negotiation=after.negotiations.get(lot.id),
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
        opening=opening_of(session, row),
        follows=row.follows,
    )


def opening_of(session: Session, row: RoundRow) -> Opening | None:
    """None before the opening, and for a round that was taken in without it."""
    found = session.get(OpeningRow, row.id)
    if found is None:
        return None
    of_round = select(WitnessRow).where(col(WitnessRow.round_id) == row.id).order_by(col(WitnessRow.position))
    witnesses = tuple(Witness(one.name, one.kind, one.affiliation) for one in session.exec(of_round))
    return Opening(found.place, found.officer, found.recorder, witnesses)


def suppliers_of(session: Session, round_id: int) -> Mapping[tuple[int, str], SupplierRow]:
    """Who the bidders are, by lot and id of the bidder: those that are registered as suppliers."""
    joined = (
        select(BidderRow, SupplierRow)
        .join(SupplierRow, col(SupplierRow.id) == col(BidderRow.supplier_id))
        .join(LotRow, col(LotRow.id) == col(BidderRow.lot_id))
    )
    found = session.exec(joined.where(col(LotRow.round_id) == round_id))
    return {(bidder.lot_id, bidder.ref): supplier for bidder, supplier in found}


def bidders_by_lot(session: Session, round_id: int) -> Mapping[int, Sequence[BidderRow]]:
    """The bidders of every lot that take part in the tender, in the order of registration."""
    by_lot = applicants_by_lot(session, round_id)
    return {lot: [row for row in rows if row.admission.takes_part] for lot, rows in by_lot.items()}


def applicants_by_lot(session: Session, round_id: int) -> Mapping[int, Sequence[BidderRow]]:
    """Also those that applied and lack the qualification, in the order of registration."""
    found: dict[int, list[BidderRow]] = defaultdict(list)
    joined = select(BidderRow).join(LotRow, col(LotRow.id) == col(BidderRow.lot_id))
    for row in session.exec(joined.where(col(LotRow.round_id) == round_id).order_by(col(BidderRow.position))):
        found[row.lot_id].append(row)
    return found


def attempt_of(session: Session, lot: LotRow, number: int) -> AttemptRow | None:
    return next((attempt for attempt in attempts_of(session, lot) if attempt.number == number), None)


def attempts_of(session: Session, lot: LotRow) -> Sequence[AttemptRow]:
    return session.exec(
        select(AttemptRow).where(col(AttemptRow.lot_id) == lot.id).order_by(col(AttemptRow.number))
    ).all()


def unchecked_attempts(session: Session, round_id: int) -> Mapping[str, AttemptRow]:
    """The attempts of a round that wait for a second person, by the lot's ref; a lot has one at most."""
    joined = select(LotRow.ref, AttemptRow).join(AttemptRow, col(AttemptRow.lot_id) == col(LotRow.id))
    waiting = joined.where(col(LotRow.round_id) == round_id, col(AttemptRow.checked_at).is_(None))
    return dict(iter(session.exec(waiting)))


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
        added_number=row.added_number,
    )


def _draws_by_lot(session: Session, round_id: int) -> dict[int, PaperDraw]:
    joined = (
        select(DrawRow, BidderRow)
        .join(BidderRow, col(BidderRow.id) == col(DrawRow.bidder_id))
        .join(LotRow, col(LotRow.id) == col(DrawRow.lot_id))
    )
    rows = session.exec(joined.where(col(LotRow.round_id) == round_id))
    return {
        draw.lot_id: PaperDraw(bidder.ref, draw.drawn_by, draw.witness, drawers_of(draw.drawers))
        for draw, bidder in rows
    }


def _organisations(session: Session, lots: Sequence[Lot]) -> tuple[Organisation, ...]:
    asking = {demand.municipality for lot in lots for demand in lot.demand}
    return tuple(
        Organisation(body.code, body.display_name, body.kind) for body in outside_bodies(session) if body.code in asking
    )
