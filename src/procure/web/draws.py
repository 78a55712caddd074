"""The result of a paper lottery among those who share the lowest bid (施行令167条の9)."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from procure.bids.actions import lot_value, record_draw, require_checked, require_not_drawn
from procure.bids.rules import draw_faults, tied_bidders
from procure.errors import Conflict, Fault
from procure.rounds.queries import find_lot, find_round, locked_round
from procure.rounds.stages import Act, require, require_unconfirmed
from procure.rounds.tables import LotRow, RoundRow
from procure.server import Answer, Done, Fields, Goto, Page, Permission, Visit, get, post
from procure.settlement.round import Drawer, DrawMethod, Lot, PaperDraw
from procure.settlement.settle import settle_lot
from procure.web.reading import Reading
from procure.web.rounds import CHANGED_MEANWHILE, is_stale

DRAWN = "-"  # stands for a name that the rows of the drawers ask for already


@dataclass(frozen=True, slots=True)
class DrawerRow:
    """A row of the form: one of the tied, when and by whom it was drawn for; `in_place` by an official."""

    bidder: str
    name: str
    order: str
    drawn_by: str
    in_place: bool


@get("/rounds/{ref}/lots/{lot}/draw", Permission.RECORD_BIDS)
def show_draw(visit: Visit, ref: str, lot: str) -> Answer:
    row = find_round(visit.session, ref)
    value = _drawable(visit, row, find_lot(visit.session, row.id, lot))
    require_not_drawn(value)
    return _draw_page(row, value, Fields())


@post("/rounds/{ref}/lots/{lot}/draw", Permission.RECORD_BIDS)
def save_draw(visit: Visit, ref: str, lot: str) -> Answer:
    row = locked_round(visit.session, ref)
    lot_row = find_lot(visit.session, row.id, lot)
    value = _drawable(visit, row, lot_row)
    reading = Reading(visit.form)
    if is_stale(visit.form, row):
        return _draw_page(row, value, visit.form, conflict=CHANGED_MEANWHILE)
    draw = _read_draw(reading, value)
    found = draw_faults(value, draw.winner, draw.drawn_by or DRAWN, draw.witness or "", draw.drawers)
    if faults := reading.judged((*_order_faults(visit.form, value), *(_placed(fault, draw) for fault in found))):
        return _draw_page(row, value, visit.form, faults)
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


def _read_draw(reading: Reading, lot: Lot) -> PaperDraw:
    """The drawers in the order that was typed; those without one come last. Who drew the lot that won stands alone."""
    drawers = [
        Drawer(bidder, reading.text(f"drawer-{bidder}"), reading.is_checked(f"in-place-{bidder}"))
        for bidder in tied_bidders(lot)
    ]
    drawers.sort(key=lambda one: _order(reading.form, one.bidder) or len(drawers) + 1)
    winner = reading.form.text("winner")
    drawn_by = next((one.drawn_by for one in drawers if one.bidder == winner), None)
    return PaperDraw(winner, drawn_by, _person(reading, "witness"), tuple(drawers))


def _order(form: Fields, bidder: str) -> int | None:
    typed = unicodedata.normalize("NFKC", form.text(f"order-{bidder}")).strip()
    return int(typed) if re.fullmatch(r"[0-9]{1,3}", typed) else None


def _order_faults(form: Fields, lot: Lot) -> Iterator[Fault]:
    """The tied are numbered from 1, each once."""
    tied = tied_bidders(lot)
    given = [_order(form, bidder) for bidder in tied]
    for bidder, number in zip(tied, given, strict=True):
        if number is None or not 1 <= number <= len(tied) or given.count(number) > 1:
            message = f"くじを引いた順を1から{len(tied)}までの、重ならない番号で入力してください。"
            yield Fault(f"order-{bidder}", message)


def _placed(fault: Fault, draw: PaperDraw) -> Fault:
    """The rules count the drawers in their order, the form has a row for each of the tied."""
    found = re.fullmatch(r"drawers-([0-9]+)-drawn_by", fault.field)
    return Fault(f"drawer-{draw.drawers[int(found[1])].bidder}", fault.message) if found else fault


def _person(reading: Reading, name: str) -> str:
    said = reading.text(name)
    if len(said) > 100:
        reading.faults.append(Fault(name, "100字以内で入力してください。"))
    return said


def _draw_page(
    row: RoundRow, lot: Lot, form: Fields, faults: Sequence[Fault] = (), conflict: str | None = None
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
        "drawers": [
            DrawerRow(
                bidder,
                names[bidder],
                form.text(f"order-{bidder}") or str(place),
                form.text(f"drawer-{bidder}"),
                f"in-place-{bidder}" in form,
            )
            for place, bidder in enumerate(tied, 1)
        ],
        "total": totals[tied[0]],
        "winner": form.text("winner"),
        "witness": form.text("witness"),
        "version": row.version,
        "faults": faults,
        "conflict": conflict,
    }
    return Page("bidding/draw.html", values, status=409 if conflict else 422 if faults else 200)


routes = [show_draw, save_draw]
