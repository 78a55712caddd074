"""The secretariat enters what was in the envelopes, attempt by attempt, and the result of a paper lottery."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from procure.bids.actions import lot_value, record_attempt, record_draw
from procure.bids.queries import attempts_of
from procure.bids.rules import NextEntry, attempt_faults, draw_faults, entry_for, opening_faults, tied_bidders
from procure.errors import Conflict, Fault, NotFound
from procure.reports.bids import valid_amounts
from procure.rounds.queries import find_lot, find_round, locked_round
from procure.rounds.stages import Act, require, require_unconfirmed
from procure.rounds.tables import LotRow, RoundRow
from procure.server import Answer, Done, Fields, Goto, Page, Permission, Visit, get, post
from procure.settlement.labels import ENTRY, attempt_label
from procure.settlement.round import DrawMethod, Lot, PaperDraw
from procure.settlement.settle import settle_lot
from procure.values.money import Yen
from procure.web.entry_form import columns, moment_text, papers, parse_moment, price_rows, read_attempt, recorded
from procure.web.reading import Reading
from procure.web.rounds import CHANGED_MEANWHILE, is_stale

BODY_LIMIT = 512 * 1024  # bytes: many bidders times many items
NOT_NOW = "この入札は、いまは記録できません。最新の画面でご確認ください。"
RECORDED_MEANWHILE = (
    "この画面を開いた後に、ほかの人がこのロットの入札を記録しました。入力した内容は下に残していますが、保存していません。"
    "最新の記録と見比べてください。"
)


@dataclass(frozen=True, slots=True)
class Entering:
    """An attempt of a lot that is being entered. `seen` says what was recorded when the form was made."""

    row: RoundRow
    lot_row: LotRow
    lot: Lot
    entry: NextEntry
    seen: str

    @property
    def decision_path(self) -> str:
        return f"/rounds/{self.row.ref}/lots/{self.lot.id}/decision"


# ---- an attempt --------------------------------------------------------------------------------------


@get("/rounds/{ref}/lots/{lot}/attempts/{number}", Permission.RECORD_BIDS)
def show_attempt(visit: Visit, ref: str, lot: str, number: str) -> Answer:
    at = _entering(visit, find_round(visit.session, ref), lot, number)
    _require_recordable(at)
    return _entry_page(at, _stored(at))


@post("/rounds/{ref}/lots/{lot}/attempts/{number}", Permission.RECORD_BIDS, body_limit=BODY_LIMIT)
def save_attempt(visit: Visit, ref: str, lot: str, number: str) -> Answer:
    at = _entering(visit, locked_round(visit.session, ref), lot, number)
    if visit.form.text("seen") != at.seen:
        return _entry_page(at, visit.form, conflict=RECORDED_MEANWHILE)
    try:
        _require_recordable(at)
    except Conflict as conflict:
        return _entry_page(at, visit.form, conflict=conflict.message)
    reading = Reading(visit.form)
    opened_at = _opened_at(reading, at) or visit.now
    attempt = read_attempt(reading, at.lot, at.entry, opened_at)
    ruled = chain(opening_faults(at.lot, attempt, visit.now), attempt_faults(at.lot, at.entry, attempt))
    if faults := reading.judged(ruled):
        return _entry_page(at, visit.form, _in_order(at, faults))
    record_attempt(visit.session, at.row, at.lot_row, attempt, visit.person, visit.now)
    return Goto(at.decision_path, Done.bids_recorded)


def _entering(visit: Visit, row: RoundRow, lot: str, number: str) -> Entering:
    """Also where the attempt may not be entered now: what was typed must have a page to be shown on."""
    if number not in ("1", "2", "3"):
        raise NotFound
    lot_row = find_lot(visit.session, row.id, lot)
    value = lot_value(visit.session, row, lot_row)
    entry = entry_for(value, int(number)) or NextEntry(int(number), value.bidders, is_correction=False)
    recorded_so_far = attempts_of(visit.session, lot_row)
    seen = "".join(f"{attempt.number}:{attempt.recorded_at.isoformat()} " for attempt in recorded_so_far).strip()
    return Entering(row, lot_row, value, entry, seen)


def _require_recordable(at: Entering) -> None:
    require(Act.RECORD_BIDS, at.row.stage)
    require_unconfirmed(at.row.confirmed_at)
    if entry_for(at.lot, at.entry.number) is None:
        raise Conflict(NOT_NOW)


def _stored(at: Entering) -> Fields:
    """What the form begins with: nothing, or the attempt that is to be corrected."""
    if not at.entry.is_correction:
        return Fields()
    attempt = at.lot.attempts[at.entry.number - 1]
    stored = recorded(attempt)
    pairs = [(name, stored.text(name)) for name in stored.names()]
    return Fields([*pairs, ("opened_at", moment_text(attempt.opened_at))])


def _opened_at(reading: Reading, at: Entering) -> datetime | None:
    """The first attempt was opened with the round; a rebid says when. None where it cannot be read."""
    if at.entry.number == 1:
        return at.lot.attempts[0].opened_at if at.entry.is_correction else at.row.opened_at
    usual_day = at.lot.attempts[at.entry.number - 2].opened_at.date()
    missing = "開札日時を入力してください（例：14:30、R8.12.11 14:30）。"
    return reading.value("opened_at", lambda typed: parse_moment(typed, usual_day), missing)


def _in_order(at: Entering, faults: Sequence[Fault]) -> list[Fault]:
    """As they stand on the page: bidder by bidder, the 入札書 before the 内訳書."""
    names = ["opened_at", *(f"{paper.at}-" for paper in papers(at.entry, Fields()))]

    def place(fault: Fault) -> int:
        return next((place for place, name in enumerate(names) if fault.field.startswith(name)), len(names))

    return sorted(faults, key=place)


def _entry_page(at: Entering, form: Fields, faults: Sequence[Fault] = (), conflict: str | None = None) -> Page:
    number = at.entry.number
    values = {
        "ref": at.row.ref,
        "title": at.row.title,
        "lot": at.lot.id,
        "lot_title": at.lot.title,
        "number": number,
        "label": attempt_label(number),
        "is_correction": at.entry.is_correction,
        "opened_at": at.row.opened_at if number == 1 else None,
        "opened_at_typed": form.text("opened_at"),
        "lowest": _lowest_before(at.lot, number),
        "must_be_lower": at.lot.rules.rebid_must_be_lower,
        "entries": [("", "選んでください"), *((kind.value, label) for kind, label in ENTRY.items())],
        "papers": papers(at.entry, form),
        "rows": price_rows(at.lot, at.entry, form, faults),
        "columns": columns(at.lot, at.entry, form),
        "decimals": at.lot.rules.price_decimals,
        "is_drawn_by_number": at.lot.rules.draw is not DrawMethod.PAPER,
        "seen": form.text("seen") if conflict else at.seen,
        "faults": faults,
        "conflict": conflict,
    }
    return Page("bidding/attempt.html", values, status=409 if conflict else 422 if faults else 200)


def _lowest_before(lot: Lot, number: int) -> Yen | None:
    """The lowest valid total of the attempt before, which is announced to those who may bid again."""
    before = replace(lot, attempts=lot.attempts[: number - 1], draw=None)
    judged = settle_lot(before).attempts
    return min(valid_amounts(judged[-1].bids), default=None) if judged else None


# ---- くじ ---------------------------------------------------------------------------------------------


@get("/rounds/{ref}/lots/{lot}/draw", Permission.RECORD_BIDS)
def show_draw(visit: Visit, ref: str, lot: str) -> Answer:
    row = find_round(visit.session, ref)
    value = _drawable(visit, row, find_lot(visit.session, row.id, lot))
    return _draw_page(row, value, value.draw or PaperDraw("", "", ""))


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
        "is_correction": lot.draw is not None,
        "version": row.version,
        "faults": faults,
        "conflict": conflict,
    }
    return Page("bidding/draw.html", values, status=409 if conflict else 422 if faults else 200)


routes = [show_attempt, save_attempt, show_draw, save_draw]
