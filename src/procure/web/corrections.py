"""訂正: a typing error found after the check, mended beside the record by one person and approved by another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from procure.bids.actions import lot_value
from procure.bids.after_queries import waiting_correction
from procure.bids.after_tables import CorrectionRow
from procure.bids.corrections import (
    approve_correction,
    propose_correction,
    reject_correction,
    require_correctable,
)
from procure.bids.rules import NextEntry, bid_faults, correction_faults, entered_bidders
from procure.errors import Conflict, Fault, Invalid, NotFound
from procure.rounds.queries import find_lot, find_round, locked_round
from procure.rounds.stages import Act, require, require_unconfirmed
from procure.rounds.tables import LotRow, RoundRow
from procure.server import Answer, Done, Fields, Goto, Page, Permission, Visit, get, post
from procure.settlement.labels import ENTRY, attempt_label
from procure.settlement.round import Attempt, Bid, Bidder, Lot
from procure.web.attempt_record import bid_lines, corrections_view
from procure.web.attempts import BODY_LIMIT
from procure.web.entry_form import asked, columns, papers, price_rows, read_bid, recorded
from procure.web.reading import Reading
from procure.web.rounds import CHANGED_MEANWHILE, is_stale

OTHER_NOW = "この画面を開いた後に、訂正の状況が変わりました。最新の内容を確認してください。"
NO_BIDDER = "訂正する入札者を選んでください。"
NO_REASON = "訂正の理由を1000字以内で入力してください。"

Judge = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Correcting:
    """An attempt whose record is corrected; `waiting` is a correction that a second person has to judge first."""

    row: RoundRow
    lot_row: LotRow
    lot: Lot
    number: int
    waiting: CorrectionRow | None

    @property
    def attempt(self) -> Attempt:
        return self.lot.attempts[self.number - 1]

    @property
    def bidders(self) -> tuple[Bidder, ...]:
        return entered_bidders(self.lot, self.attempt)

    def bidder(self, ref: str) -> Bidder | None:
        return next((bidder for bidder in self.bidders if bidder.id == ref), None)

    def bid(self, bidder: Bidder) -> Bid:
        """As it counts now, which is what a correction is laid beside."""
        return next(bid for bid in self.attempt.bids if bid.bidder == bidder.id)

    @property
    def path(self) -> str:
        return f"/rounds/{self.row.ref}/lots/{self.lot.id}/attempts/{self.number}"


@get("/rounds/{ref}/lots/{lot}/attempts/{number}/correct", Permission.RECORD_BIDS)
def show_correction(visit: Visit, ref: str, lot: str, number: str) -> Answer:
    """Without a bidder it asks of whom; where a correction waits, it shows that one."""
    at = _correcting(visit, find_round(visit.session, ref), lot, number)
    if at.waiting is not None:
        return _waiting_page(visit, at, at.waiting)
    require_correctable(visit.session, at.row, at.lot_row, at.number)
    bidder = at.bidder(visit.query.text("bidder"))
    if bidder is None:
        return _choice_page(at, [Fault("bidder", NO_BIDDER)] if "bidder" in visit.query else [])
    return _form_page(at, bidder, recorded(at.lot, [at.bid(bidder)]))


@post("/rounds/{ref}/lots/{lot}/attempts/{number}/correct", Permission.RECORD_BIDS, body_limit=BODY_LIMIT)
def save_correction(visit: Visit, ref: str, lot: str, number: str) -> Answer:
    at = _correcting(visit, locked_round(visit.session, ref), lot, number)
    bidder = at.bidder(visit.form.text("bidder"))
    if bidder is None:
        require_correctable(visit.session, at.row, at.lot_row, at.number)
        return _choice_page(at, [Fault("bidder", NO_BIDDER)])
    if is_stale(visit.form, at.row):
        return _form_page(at, bidder, visit.form, conflict=CHANGED_MEANWHILE)
    try:
        require_correctable(visit.session, at.row, at.lot_row, at.number)
        _propose(visit, at, bidder)
    except Conflict as conflict:
        return _form_page(at, bidder, visit.form, conflict=conflict.message)
    except Invalid as invalid:
        return _form_page(at, bidder, visit.form, invalid.faults)
    return Goto(at.path, Done.correction_proposed)


def _propose(visit: Visit, at: Correcting, bidder: Bidder) -> None:
    """Raises Invalid with every fault of the form and of the rules."""
    reading = Reading(visit.form)
    bid = read_bid(reading, at.lot, bidder, at.attempt.opened_at)
    reason = reading.text("reason", lines=True)
    faults = [*reading.judged(_ruled(at, bidder, bid, reason))]
    if faults or bid is None:
        raise Invalid(*faults)
    propose_correction(visit.session, at.row, at.lot_row, at.number, bid, reason, visit.person, visit.now)


def _ruled(at: Correcting, bidder: Bidder, bid: Bid | None, reason: str) -> list[Fault]:
    faults = []
    if bid is None:
        faults.append(Fault(f"bid-{bidder.id}-entry", f"「{bidder.name}」の入札・辞退・不参の別を選んでください。"))
    else:
        wrong = list(bid_faults(at.lot, bid, at.attempt.opened_at))
        faults += wrong or correction_faults(at.lot, at.number, bid)
    if not 0 < len(reason) <= 1000:
        faults.append(Fault("reason", NO_REASON))
    return faults


# ---- judged by a second person -----------------------------------------------------------------------


@post("/rounds/{ref}/lots/{lot}/attempts/{number}/correct/approve", Permission.RECORD_BIDS)
def approve(visit: Visit, ref: str, lot: str, number: str) -> Answer:
    return _judge(visit, ref, lot, number, approve_correction, Done.correction_approved)


@post("/rounds/{ref}/lots/{lot}/attempts/{number}/correct/reject", Permission.RECORD_BIDS)
def reject(visit: Visit, ref: str, lot: str, number: str) -> Answer:
    return _judge(visit, ref, lot, number, reject_correction, Done.correction_rejected)


def _judge(visit: Visit, ref: str, lot: str, number: str, judge: Judge, done: Done) -> Answer:
    """Only the correction that the person has seen. Raises Conflict."""
    at = _correcting(visit, locked_round(visit.session, ref), lot, number)
    _require_open(at)
    if at.waiting is None or str(at.waiting.id) != visit.form.text("correction"):
        raise Conflict(OTHER_NOW)
    judge(visit.session, at.row, at.lot_row, visit.person, visit.now)
    return Goto(f"/rounds/{at.row.ref}/lots/{at.lot.id}/decision", done)


def _require_open(at: Correcting) -> None:
    require(Act.RECORD_BIDS, at.row.stage)
    require_unconfirmed(at.row.confirmed_at)


# ---- pages -------------------------------------------------------------------------------------------


def _correcting(visit: Visit, row: RoundRow, lot: str, number: str) -> Correcting:
    """Raises Conflict where that attempt was not recorded."""
    if number not in ("1", "2", "3"):
        raise NotFound
    lot_row = find_lot(visit.session, row.id, lot)
    value = lot_value(visit.session, row, lot_row)
    if len(value.attempts) < int(number):
        raise Conflict(f"第{number}回の入札は、まだ記録されていません。")
    return Correcting(row, lot_row, value, int(number), waiting_correction(visit.session, lot_row))


def _choice_page(at: Correcting, faults: Sequence[Fault]) -> Page:
    values = {**_head(at), "bidders": [(bidder.id, bidder.name) for bidder in at.bidders], "faults": faults}
    return Page("bidding/correct_choose.html", values, status=422 if faults else 200)


def _form_page(
    at: Correcting, bidder: Bidder, form: Fields, faults: Sequence[Fault] = (), conflict: str | None = None
) -> Page:
    entry = NextEntry(at.number, (bidder,), is_correction=True)
    shown = papers(entry, form)
    values = {
        **_head(at),
        "bidder": (bidder.id, bidder.name),
        "original": tuple(bid_lines(at.lot, at.bid(bidder))),
        "entries": [(kind.value, label) for kind, label in ENTRY.items()],
        "papers": shown,
        "asked": asked(at.lot, shown),
        "rows": price_rows(at.lot, entry, form, faults),
        "columns": columns(at.lot, entry, form),
        "decimals": at.lot.rules.price_decimals,
        "reason": form.text("reason"),
        "faults": faults,
        "conflict": conflict,
    }
    return Page("bidding/correct.html", values, status=409 if conflict else 422 if faults else 200)


def _waiting_page(visit: Visit, at: Correcting, waiting: CorrectionRow) -> Page:
    shown = next(one for one in corrections_view(visit.session, at.lot_row, at.lot) if one.id == waiting.id)
    values = {
        **_head(at),
        "correction": shown,
        "is_own": waiting.proposer.is_same(visit.person),
        "is_open": at.row.confirmed_at is None,
    }
    return Page("bidding/correct_judge.html", values)


def _head(at: Correcting) -> dict[str, object]:
    return {
        "ref": at.row.ref,
        "title": at.row.title,
        "lot": at.lot.id,
        "lot_title": at.lot.title,
        "number": at.number,
        "label": attempt_label(at.number),
        "path": at.path,
        "version": at.row.version,
    }


routes = [show_correction, save_correction, approve, reject]
