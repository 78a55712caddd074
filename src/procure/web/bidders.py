"""The secretariat registers the bidders of a round: names in the order of registration, and the lots of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count

from sqlmodel import Session

from procure.bids.bidders import Registration, registration_faults, save_bidders
from procure.bids.queries import bidders_by_lot
from procure.errors import Fault
from procure.rounds.queries import find_round, locked_round, lots_of
from procure.rounds.stages import Act, require
from procure.rounds.tables import LotRow, RoundRow
from procure.server import Answer, Done, Fields, Goto, Page, Permission, Visit, get, post
from procure.web.reading import Reading
from procure.web.rounds import CHANGED_MEANWHILE, is_stale

BLANK_ROWS = 3
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class BidderLine:
    """A row of the form as typed; `ref` is "" for a bidder that is not registered yet."""

    ref: str
    name: str
    lots: frozenset[str]


@get("/rounds/{ref}/bidders", Permission.MANAGE_ROUNDS)
def show_bidders(visit: Visit, ref: str) -> Answer:
    row = find_round(visit.session, ref)
    require(Act.REGISTER_BIDDERS, row.stage)
    return _page(visit.session, row, _registered(visit.session, row))


@post("/rounds/{ref}/bidders", Permission.MANAGE_ROUNDS)
def save(visit: Visit, ref: str) -> Answer:
    row = locked_round(visit.session, ref)
    require(Act.REGISTER_BIDDERS, row.stage)
    lines = _typed(visit.form)
    if visit.form.text("action") == "more":
        return _page(visit.session, row, lines, blank=2 * BLANK_ROWS, version=visit.form.text("version"))
    if is_stale(visit.form, row):
        return _page(visit.session, row, lines, version=visit.form.text("version"), conflict=CHANGED_MEANWHILE)
    reading = Reading(_renumbered(lines))
    registrations = _registrations(reading, lines, _registered(visit.session, row))
    lots = {lot.ref for lot in lots_of(visit.session, row.id)}
    if faults := reading.judged(registration_faults(registrations, lots)):
        return _page(visit.session, row, lines, faults)
    save_bidders(visit.session, row, registrations, visit.person, visit.now)
    return Goto(f"/rounds/{row.ref}", Done.saved)


def _registered(session: Session, row: RoundRow) -> list[BidderLine]:
    """Every bidder once, with all its lots; in the order of registration."""
    by_lot = bidders_by_lot(session, row.id)
    lots: dict[tuple[str, str], set[str]] = {}
    for lot in lots_of(session, row.id):
        for bidder in by_lot.get(lot.id, ()):
            lots.setdefault((bidder.ref, bidder.name), set()).add(lot.ref)
    return [BidderLine(ref, name, frozenset(joined)) for (ref, name), joined in lots.items()]


def _typed(form: Fields) -> list[BidderLine]:
    """The rows that have a name, in their order: a name that was emptied removes its bidder."""
    rows = (index for index in range(MOST_ROWS) if form.text(f"bidder-{index}-name").strip(" \t\u3000"))
    return [
        BidderLine(
            ref=form.text(f"bidder-{index}-ref"),
            name=form.text(f"bidder-{index}-name"),
            lots=frozenset(form.texts(f"bidder-{index}-lots")),
        )
        for index in rows
    ]


def _renumbered(lines: Sequence[BidderLine]) -> Fields:
    """The names under the numbers that their rows have when the page is shown again."""
    return Fields((f"bidder-{index}-name", line.name) for index, line in enumerate(lines))


def _registrations(
    reading: Reading, lines: Sequence[BidderLine], registered: Iterable[BidderLine]
) -> list[Registration]:
    """A registered bidder keeps its id; a new one gets the next that is free."""
    known = {line.ref for line in registered}
    taken = {line.ref for line in lines} | known
    free = (ref for number in count(1) if (ref := f"b{number}") not in taken)
    used: set[str] = set()
    made = []
    for index, line in enumerate(lines):
        ref = line.ref if line.ref in known - used else next(free)
        used.add(ref)
        made.append(Registration(ref, reading.text(f"bidder-{index}-name"), line.lots))
    return made


def _page(
    session: Session,
    row: RoundRow,
    lines: Sequence[BidderLine],
    faults: Sequence[Fault] = (),
    *,
    blank: int = BLANK_ROWS,
    version: str | None = None,
    conflict: str | None = None,
) -> Page:
    lots = lots_of(session, row.id)
    values = {
        "ref": row.ref,
        "title": row.title,
        "lots": [(lot.ref, _lot_label(lot)) for lot in lots],
        "lines": [*lines, *[_blank(lots)] * blank],
        "version": version or row.version,
        "faults": faults,
        "conflict": conflict,
    }
    return Page("bidding/bidders.html", values, status=409 if conflict else 422 if faults else 200)


def _blank(lots: Sequence[LotRow]) -> BidderLine:
    """Where there is but one lot, everybody takes part in it."""
    return BidderLine("", "", frozenset(lot.ref for lot in lots) if len(lots) == 1 else frozenset())


def _lot_label(lot: LotRow) -> str:
    return lot.title if lot.cancelled is None else f"{lot.title}（取止め）"


routes = [show_bidders, save]
