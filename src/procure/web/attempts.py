"""The secretariat enters what was in the envelopes, attempt by attempt; after the check it is there to read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from sqlmodel import Session

from procure.bids.actions import lot_value, record_attempt
from procure.bids.queries import attempts_of
from procure.bids.rules import NextEntry, attempt_faults, entry_for, opening_faults
from procure.bids.tables import AttemptRow
from procure.errors import Conflict, Fault, NotFound
from procure.reports.bids import valid_amounts
from procure.rounds.queries import find_lot, find_round, locked_round
from procure.rounds.stages import Act, Stage, require, require_unconfirmed
from procure.rounds.tables import LotRow, RoundRow
from procure.server import Answer, Done, Fields, Goto, Page, Permission, Visit, get, post
from procure.settlement.labels import ENTRY, attempt_label
from procure.settlement.round import Lot
from procure.settlement.settle import settle_lot
from procure.values.moments import moment_text, parse_moment
from procure.values.money import Yen
from procure.web.attempt_record import attempt_record, latest_check
from procure.web.breakdowns import UPLOAD_LIMIT, ReadSheets, opened_sheets, read_into
from procure.web.entry_form import asked, columns, papers, price_rows, read_attempt, recorded
from procure.web.reading import Reading

BODY_LIMIT = 512 * 1024  # bytes: many bidders times many items
NOT_NOW = "この入札は、いまは記録できません。最新の画面でご確認ください。"
CHECKED = (
    "この入札は照合が済んでいるため、書き換えられません（地方自治法施行令第167条の8第3項）。"
    "入力の誤りは、訂正として元の記録の横に残してください。"
)
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
    recorded: AttemptRow | None

    @property
    def decision_path(self) -> str:
        return f"/rounds/{self.row.ref}/lots/{self.lot.id}/decision"


# ---- an attempt --------------------------------------------------------------------------------------


@get("/rounds/{ref}/lots/{lot}/attempts/{number}", Permission.RECORD_BIDS)
def show_attempt(visit: Visit, ref: str, lot: str, number: str) -> Answer:
    """The form; to read only where the attempt is checked, or somebody else recorded it and means to check it."""
    at = _entering(visit.session, find_round(visit.session, ref), lot, number)
    if at.recorded is not None and _is_to_read(visit, at, at.recorded):
        return _record_page(visit, at, at.recorded)
    _require_recordable(at)
    return _entry_page(visit.session, at, _stored(at))


@post("/rounds/{ref}/lots/{lot}/attempts/{number}", Permission.RECORD_BIDS, body_limit=BODY_LIMIT)
def save_attempt(visit: Visit, ref: str, lot: str, number: str) -> Answer:
    at = _entering(visit.session, locked_round(visit.session, ref), lot, number)
    if visit.form.text("seen") != at.seen:
        return _entry_page(visit.session, at, visit.form, conflict=RECORDED_MEANWHILE)
    try:
        _require_recordable(at)
        reading = Reading(visit.form)
        opened_at = _opened_at(reading, at) or visit.now
        attempt = read_attempt(reading, at.lot, at.entry, opened_at)
        ruled = chain(
            opening_faults(at.lot, attempt, at.row.opened_at, visit.now), attempt_faults(at.lot, at.entry, attempt)
        )
        if faults := reading.judged(ruled):
            return _entry_page(visit.session, at, visit.form, _in_order(at, faults))
        record_attempt(visit.session, at.row, at.lot_row, attempt, visit.person, visit.now)
    except Conflict as conflict:
        return _entry_page(visit.session, at, visit.form, conflict=conflict.message)
    return Goto(at.decision_path, Done.bids_recorded)


@post(
    "/rounds/{ref}/lots/{lot}/attempts/{number}/read",
    Permission.RECORD_BIDS,
    opens_session=False,
    takes_uploads=True,
    body_limit=UPLOAD_LIMIT,
)
def read_sheets(visit: Visit, ref: str, lot: str, number: str) -> Answer:
    """The form again, with the prices of the 入札内訳書 that were chosen. Nothing is stored: that is for the form."""
    opened = opened_sheets(visit.form)
    with visit.database.read() as session:
        at = _entering(session, find_round(session, ref), lot, number)
        read = read_into(visit.form, opened, at.row.ref, at.lot, at.entry)
        try:
            _require_recordable(at)
        except Conflict as conflict:
            return _entry_page(session, at, read.form, conflict=conflict.message)
        return _entry_page(session, at, read.form, read.faults, read=read)


def _entering(session: Session, row: RoundRow, lot: str, number: str) -> Entering:
    """Also where the attempt may not be entered now: what was typed must have a page to be shown on."""
    if number not in ("1", "2", "3"):
        raise NotFound
    lot_row = find_lot(session, row.id, lot)
    value = lot_value(session, row, lot_row)
    entry = entry_for(value, int(number)) or NextEntry(int(number), value.bidders, is_correction=False)
    so_far = attempts_of(session, lot_row)
    seen = "".join(f"{attempt.number}:{attempt.recorded_at.isoformat()} " for attempt in so_far).strip()
    this = next((attempt for attempt in so_far if attempt.number == entry.number), None)
    return Entering(row, lot_row, value, entry, seen, this)


def _is_to_read(visit: Visit, at: Entering, recorded: AttemptRow) -> bool:
    is_open = at.row.stage is Stage.OPENING and at.row.confirmed_at is None and recorded.checked_at is None
    is_open = is_open and at.lot.cancelled is None
    is_own = recorded.recorder.is_same(visit.person)
    return not is_open or not (is_own or visit.query.text("mend") == "1")


def _require_recordable(at: Entering) -> None:
    require(Act.RECORD_BIDS, at.row.stage)
    require_unconfirmed(at.row.confirmed_at)
    if at.recorded is not None and at.recorded.checked_at is not None:
        raise Conflict(CHECKED)
    if entry_for(at.lot, at.entry.number) is None:
        raise Conflict(NOT_NOW)


def _stored(at: Entering) -> Fields:
    """What the form begins with: nothing, or the attempt that is to be corrected."""
    if not at.entry.is_correction:
        return Fields()
    attempt = at.lot.attempts[at.entry.number - 1]
    stored = recorded(at.lot, attempt.bids)
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


def _entry_page(
    session: Session,
    at: Entering,
    form: Fields,
    faults: Sequence[Fault] = (),
    conflict: str | None = None,
    read: ReadSheets | None = None,
) -> Page:
    number = at.entry.number
    shown = papers(at.entry, form)
    values = {
        **_head(at),
        "is_correction": at.entry.is_correction,
        "check": latest_check(session, at.lot_row, at.recorded) if at.recorded else None,
        "opened_at": at.row.opened_at if number == 1 else None,
        "opened_at_typed": form.text("opened_at"),
        "lowest": _lowest_before(at.lot, number),
        "must_be_lower": at.lot.rules.rebid_must_be_lower,
        "entries": [("", "選んでください"), *((kind.value, label) for kind, label in ENTRY.items())],
        "papers": shown,
        "asked": asked(at.lot, shown),
        "rows": price_rows(at.lot, at.entry, form, faults),
        "columns": columns(at.lot, at.entry, form),
        "decimals": at.lot.rules.price_decimals,
        "seen": form.text("seen") if conflict or read else at.seen,
        "read": read,
        "faults": faults,
        "conflict": conflict,
    }
    return Page("bidding/attempt.html", values, status=409 if conflict else 422 if faults else 200)


def _record_page(visit: Visit, at: Entering, recorded: AttemptRow) -> Page:
    is_open = at.row.stage is Stage.OPENING and at.row.confirmed_at is None
    values = {
        **_head(at),
        "record": attempt_record(visit.session, at.lot_row, at.lot, recorded),
        "is_open": is_open,
        "is_own": recorded.recorder.is_same(visit.person),
        "decision_path": at.decision_path,
    }
    return Page("bidding/recorded.html", values)


def _head(at: Entering) -> dict[str, object]:
    number = at.entry.number
    return {
        "ref": at.row.ref,
        "title": at.row.title,
        "lot": at.lot.id,
        "lot_title": at.lot.title,
        "number": number,
        "label": attempt_label(number),
    }


def _lowest_before(lot: Lot, number: int) -> Yen | None:
    """The lowest valid total of the attempt before, which is announced to those who may bid again."""
    before = replace(lot, attempts=lot.attempts[: number - 1], draw=None)
    judged = settle_lot(before).attempts
    return min(valid_amounts(judged[-1].bids), default=None) if judged else None


routes = [show_attempt, save_attempt, read_sheets]
