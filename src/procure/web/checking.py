"""照合: a second person compares an attempt with the papers, by typing it again or by reading them side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from procure.bids.actions import lot_value
from procure.bids.checking import Found, Way, check_faults, recorded_of
from procure.bids.checks import check_attempt, require_checkable
from procure.bids.rules import entered_bidders
from procure.bids.tables import AttemptRow
from procure.errors import Conflict, Fault, NotFound
from procure.rounds.queries import find_lot, find_round, locked_round
from procure.rounds.tables import LotRow, RoundRow
from procure.server import Answer, Done, Fields, Goto, Page, Permission, Visit, get, post
from procure.settlement.bids import total_quantities
from procure.settlement.labels import ENTRY, attempt_label
from procure.settlement.lottery import VARIANTS
from procure.settlement.round import Attempt, Bidder, Entry, Lot
from procure.values.moments import moment_text, parse_draw_number, parse_moment
from procure.values.text import clean
from procure.web.attempt_record import AttemptRecord, attempt_record
from procure.web.attempts import BODY_LIMIT
from procure.web.entry_form import amount, asked, named
from procure.web.reading import Reading

LONGEST_NOTE = 200
TYPED = ("entry", "total", "received_at", "draw_number", "added_number", "note")
MENDED = (
    "この画面を開いた後に、入札の記録が直されました。照合は保存していません。"
    "入力した内容は下に残しています。書面ともう一度見比べてから保存してください。"
)


@dataclass(frozen=True, slots=True)
class CheckedPaper:
    """One bidder in the form of the check, as typed; `at` begins the names of its fields."""

    at: str
    name: str
    entry: str
    total: str
    received_at: str
    draw_number: str
    added_number: str
    is_void: bool
    agrees: bool
    note: str


@dataclass(frozen=True, slots=True)
class Checking:
    """An attempt that the person may check now."""

    row: RoundRow
    lot_row: LotRow
    lot: Lot
    number: int
    attempt_row: AttemptRow

    @property
    def attempt(self) -> Attempt:
        return self.lot.attempts[self.number - 1]

    @property
    def bidders(self) -> tuple[Bidder, ...]:
        return entered_bidders(self.lot, self.attempt)

    @property
    def seen(self) -> str:
        return self.attempt_row.recorded_at.isoformat()


@get("/rounds/{ref}/lots/{lot}/attempts/{number}/check", Permission.RECORD_BIDS)
def show_check(visit: Visit, ref: str, lot: str, number: str) -> Answer:
    row = find_round(visit.session, ref)
    try:
        at = _checking(visit, row, lot, number)
    except Conflict as conflict:
        return _refused(visit, row, lot, number, conflict)
    return _page(visit, at, _way(visit.query), Fields())


@post("/rounds/{ref}/lots/{lot}/attempts/{number}/check", Permission.RECORD_BIDS, body_limit=BODY_LIMIT)
def save_check(visit: Visit, ref: str, lot: str, number: str) -> Answer:
    row = locked_round(visit.session, ref)
    try:
        at = _checking(visit, row, lot, number)
    except Conflict as conflict:
        return _refused(visit, row, lot, number, conflict)
    way = _way(visit.form)
    if visit.form.text("seen") != at.seen:
        return _page(visit, at, way, visit.form, conflict=MENDED)
    reading = Reading(visit.form)
    found = _found(reading, at, way)
    if faults := reading.judged(check_faults(at.bidders, found)):
        return _page(visit, at, way, visit.form, _in_order(at, faults))
    differing = check_attempt(visit.session, row, at.lot_row, at.number, found, way, visit.person, visit.now)
    if differing:
        return Goto(f"/rounds/{row.ref}/lots/{at.lot.id}/attempts/{at.number}", Done.attempt_differs)
    return Goto(f"/rounds/{row.ref}/lots/{at.lot.id}/decision", Done.attempt_agreed)


def _checking(visit: Visit, row: RoundRow, lot: str, number: str) -> Checking:
    """Raises Conflict where there is nothing to check, or not by this person."""
    if number not in ("1", "2", "3"):
        raise NotFound
    lot_row = find_lot(visit.session, row.id, lot)
    attempt_row = require_checkable(visit.session, row, lot_row, int(number), visit.person)
    return Checking(row, lot_row, lot_value(visit.session, row, lot_row), int(number), attempt_row)


def _way(fields: Fields) -> Way:
    return Way.COMPARED if fields.text("way") == Way.COMPARED.value else Way.TYPED


# ---- what was found ----------------------------------------------------------------------------------


def _found(reading: Reading, at: Checking, way: Way) -> dict[str, Found]:
    """What can be read; who is missing in it has a fault, here or by the rules."""
    if way is Way.COMPARED:
        recorded = recorded_of(at.attempt, total_quantities(at.lot))
        found = ((bidder, _compared(reading, bidder, recorded[bidder.id])) for bidder in at.bidders)
    else:
        found = ((bidder, _typed(reading, at, bidder)) for bidder in at.bidders)
    return {bidder.id: one for bidder, one in found if one is not None}


def _typed(reading: Reading, at: Checking, bidder: Bidder) -> Found | None:
    field = _field(bidder)
    entry = next((kind for kind in Entry if kind.value == reading.form.text(f"{field}-entry")), None)
    total = reading.value(f"{field}-total", named(bidder, "入札金額", amount(at.lot.rules.price_decimals)))
    if entry in (Entry.DECLINED, Entry.ABSENT) and total is not None:
        message = (
            f"「{bidder.name}」は{ENTRY[entry]}ですが、金額が入力されています。入札に直すか、金額を消してください。"
        )
        reading.faults.append(Fault(f"{field}-entry", message))
    bid = _draw_data(reading, at, bidder, Found(Entry.BID, total, is_void=reading.is_checked(f"{field}-void")))
    return bid if entry is Entry.BID else Found(entry) if entry else None


def _draw_data(reading: Reading, at: Checking, bidder: Bidder, found: Found) -> Found:
    """With what the electronic lottery reads; the form has these fields only where the rules of the lot name one."""
    field, usual_day = _field(bidder), at.attempt.opened_at.date()
    moment = named(bidder, "受付日時", lambda typed: parse_moment(typed, usual_day))
    return replace(
        found,
        received_at=reading.value(f"{field}-received_at", moment),
        draw_number=reading.value(f"{field}-draw_number", named(bidder, "くじ番号", parse_draw_number)),
        added_number=reading.value(f"{field}-added_number", named(bidder, "加算番号", parse_draw_number)),
    )


def _compared(reading: Reading, bidder: Bidder, recorded: Found) -> Found | None:
    """What was ticked agrees; what was not says how the paper reads."""
    at = _field(bidder)
    note = reading.value(f"{at}-note", clean) or ""
    if reading.is_checked(f"{at}-same"):
        if note:
            message = f"「{bidder.name}」は書面と一致としながら、相違が入力されています。どちらかを直してください。"
            reading.faults.append(Fault(f"{at}-note", message))
        return recorded
    if not note or len(note) > LONGEST_NOTE:
        message = f"「{bidder.name}」が書面と一致しないときは、書面の記載を{LONGEST_NOTE}字以内で入力してください。"
        reading.faults.append(Fault(f"{at}-note", message))
    return replace(recorded, note=note or "書面と不一致")


def _field(bidder: Bidder) -> str:
    return f"check-{bidder.id}"


def _in_order(at: Checking, faults: Sequence[Fault]) -> list[Fault]:
    """As they stand on the page, bidder by bidder."""
    names = [f"{_field(bidder)}-" for bidder in at.bidders]
    return sorted(
        faults, key=lambda fault: next((n for n, name in enumerate(names) if fault.field.startswith(name)), 0)
    )


# ---- pages -------------------------------------------------------------------------------------------


def _page(
    visit: Visit, at: Checking, way: Way, form: Fields, faults: Sequence[Fault] = (), conflict: str | None = None
) -> Page:
    """With the way of typing nothing that was recorded is on the page, nor in its source."""
    values = {
        **_head(at.row, at.lot_row, at.number),
        "way": way.value,
        "record": _record(visit, at) if way is Way.COMPARED else None,
        "entries": [("", "選んでください"), *((kind.value, label) for kind, label in ENTRY.items())],
        "papers": tuple(_papers(at, form)),
        "decimals": at.lot.rules.price_decimals,
        "asked": asked(at.lot),
        "opened_at": _opening_read(at),
        "seen": at.seen,
        "refusal": None,
        "faults": faults,
        "conflict": conflict,
    }
    return Page("bidding/check.html", values, status=409 if conflict else 422 if faults else 200)


def _record(visit: Visit, at: Checking) -> AttemptRecord:
    return attempt_record(visit.session, at.lot_row, at.lot, at.attempt_row)


def _opening_read(at: Checking) -> str | None:
    """The time of the opening, where the lottery adds its milliseconds: it was announced, and is no secret here."""
    variant = VARIANTS.get(at.lot.rules.draw)
    return moment_text(at.attempt.opened_at) if variant and variant.opening else None


def _papers(at: Checking, form: Fields) -> Iterator[CheckedPaper]:
    for bidder in at.bidders:
        field = _field(bidder)
        typed = {what: form.text(f"{field}-{what}") for what in TYPED}
        yield CheckedPaper(field, bidder.name, is_void=f"{field}-void" in form, agrees=f"{field}-same" in form, **typed)


def _refused(visit: Visit, row: RoundRow, lot: str, number: str, conflict: Conflict) -> Page:
    """Why the person may not check the attempt now, with the way back."""
    lot_row = find_lot(visit.session, row.id, lot)
    values = {**_head(row, lot_row, int(number)), "refusal": conflict.message, "faults": (), "conflict": None}
    return Page("bidding/check.html", values, status=409)


def _head(row: RoundRow, lot_row: LotRow, number: int) -> dict[str, object]:
    return {
        "ref": row.ref,
        "title": row.title,
        "lot": lot_row.ref,
        "lot_title": lot_row.title,
        "number": number,
        "label": attempt_label(number),
    }


routes = [show_check, save_check]
