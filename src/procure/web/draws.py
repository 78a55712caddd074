"""The result of a paper lottery among those who share the lowest bid (施行令167条の9)."""

from collections.abc import Sequence
from dataclasses import replace

from procure.bids.actions import lot_value, record_draw, require_checked, require_not_drawn
from procure.bids.rules import draw_faults, tied_bidders
from procure.errors import Conflict, Fault
from procure.rounds.queries import find_lot, find_round, locked_round
from procure.rounds.stages import Act, require, require_unconfirmed
from procure.rounds.tables import LotRow, RoundRow
from procure.server import Answer, Done, Goto, Page, Permission, Visit, get, post
from procure.settlement.round import DrawMethod, Lot, PaperDraw
from procure.settlement.settle import settle_lot
from procure.web.reading import Reading
from procure.web.rounds import CHANGED_MEANWHILE, is_stale


@get("/rounds/{ref}/lots/{lot}/draw", Permission.RECORD_BIDS)
def show_draw(visit: Visit, ref: str, lot: str) -> Answer:
    row = find_round(visit.session, ref)
    value = _drawable(visit, row, find_lot(visit.session, row.id, lot))
    require_not_drawn(value)
    return _draw_page(row, value, PaperDraw("", "", ""))


@post("/rounds/{ref}/lots/{lot}/draw", Permission.RECORD_BIDS)
def save_draw(visit: Visit, ref: str, lot: str) -> Answer:
    row = locked_round(visit.session, ref)
    lot_row = find_lot(visit.session, row.id, lot)
    value = _drawable(visit, row, lot_row)
    reading = Reading(visit.form)
    draw = PaperDraw(visit.form.text("winner"), _person(reading, "drawn_by"), _person(reading, "witness"))
    typed = PaperDraw(*(visit.form.text(name) for name in ("winner", "drawn_by", "witness")))
    if is_stale(visit.form, row):
        return _draw_page(row, value, typed, conflict=CHANGED_MEANWHILE)
    if faults := reading.judged(draw_faults(value, draw.winner, draw.drawn_by or "", draw.witness or "")):
        return _draw_page(row, value, typed, faults)
    record_draw(visit.session, row, lot_row, draw, visit.person, visit.now)
    return Goto(f"/rounds/{row.ref}/lots/{lot_row.ref}/decision", Done.draw_recorded)


def _drawable(visit: Visit, row: RoundRow, lot_row: LotRow) -> Lot:
    require(Act.RECORD_BIDS, row.stage)
    require_unconfirmed(row.confirmed_at)
    require_checked(visit.session, lot_row)
    value = lot_value(visit.session, row, lot_row)
    if value.cancelled or value.rules.draw is not DrawMethod.PAPER or not tied_bidders(value):
        raise Conflict(f"「{value.title}」には、紙のくじで決める同額の入札がありません。")
    return value


def _person(reading: Reading, name: str) -> str:
    said = reading.text(name)
    if len(said) > 100:
        reading.faults.append(Fault(name, "100字以内で入力してください。"))
    return said


def _draw_page(
    row: RoundRow, lot: Lot, typed: PaperDraw, faults: Sequence[Fault] = (), conflict: str | None = None
) -> Page:
    names = {bidder.id: bidder.name for bidder in lot.bidders}
    tied = tied_bidders(lot)
    totals = {bid.bidder: bid.total for bid in settle_lot(replace(lot, draw=None)).attempts[-1].bids}
    values = {
        "ref": row.ref,
        "title": row.title,
        "lot": lot.id,
        "lot_title": lot.title,
        "tied": [(bidder, names[bidder]) for bidder in tied],
        "total": totals[tied[0]],
        "typed": typed,
        "version": row.version,
        "faults": faults,
        "conflict": conflict,
    }
    return Page("bidding/draw.html", values, status=409 if conflict else 422 if faults else 200)


routes = [show_draw, save_draw]
