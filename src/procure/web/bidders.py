"""The secretariat registers the bidders of a round: in the order of registration, with the lots of each."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import count

from sqlmodel import Session

from procure.bids.admission import Admission
from procure.bids.bidders import Registration, bidder_faults, save_bidders
from procure.bids.queries import applicants_by_lot, suppliers_of
from procure.errors import Fault
from procure.parties.suppliers import suppliers
from procure.parties.tables import SupplierRow
from procure.rounds.queries import find_round, locked_round, lots_of
from procure.rounds.stages import Act, require
from procure.rounds.tables import LotRow, RoundRow
from procure.server import Answer, Done, Goto, Page, Permission, Visit, get, post
from procure.settlement.round import TenderMethod
from procure.web.bidder_form import MOST_ROWS, BidderLine, in_order, read_line, renumbered, typed_lines
from procure.web.reading import Reading
from procure.web.rounds import CHANGED_MEANWHILE, is_stale

BLANK_ROWS = 3
BODY_LIMIT = 1024 * 1024  # bytes: two hundred bidders with their addresses
ADMISSIONS = tuple((admission.value, admission.label) for admission in Admission)


@get("/rounds/{ref}/bidders", Permission.MANAGE_ROUNDS)
def show_bidders(visit: Visit, ref: str) -> Answer:
    row = find_round(visit.session, ref)
    require(Act.REGISTER_BIDDERS, row.stage)
    return _page(visit.session, row, _registered(visit.session, row))


@post("/rounds/{ref}/bidders", Permission.MANAGE_ROUNDS, body_limit=BODY_LIMIT)
def save(visit: Visit, ref: str) -> Answer:
    row = locked_round(visit.session, ref)
    require(Act.REGISTER_BIDDERS, row.stage)
    lines = typed_lines(visit.form, suppliers(visit.session))
    if visit.form.text("action") == "more":
        return _page(visit.session, row, lines, blank=2 * BLANK_ROWS, version=visit.form.text("version"))
    if is_stale(visit.form, row):
        return _page(visit.session, row, lines, version=visit.form.text("version"), conflict=CHANGED_MEANWHILE)
    reading = Reading(renumbered(lines))
    registrations = _registrations(reading, lines, _registered(visit.session, row))
    if faults := reading.judged(bidder_faults(visit.session, row, registrations)):
        return _page(visit.session, row, lines, in_order(faults))
    save_bidders(visit.session, row, registrations, visit.person, visit.now)
    return Goto(f"/rounds/{row.ref}", Done.saved)


def _registered(session: Session, row: RoundRow) -> list[BidderLine]:
    """Every bidder once, with all its lots; in the order of registration."""
    by_lot, known = applicants_by_lot(session, row.id), suppliers_of(session, row.id)
    lots: dict[str, set[str]] = {}
    lines: dict[str, BidderLine] = {}
    for lot in lots_of(session, row.id):
        for bidder in by_lot.get(lot.id, ()):
            lots.setdefault(bidder.ref, set()).add(lot.ref)
            supplier = known.get((lot.id, bidder.ref))
            lines[bidder.ref] = BidderLine(
                ref=bidder.ref,
                name=bidder.name,
                number=(supplier and supplier.corporate_number) or "",
                address=supplier.address if supplier else "",
                representative=supplier.representative if supplier else "",
                lots=frozenset(lots[bidder.ref]),
                admission=bidder.admission.value,
                reason=bidder.admission_reason or "",
            )
    return list(lines.values())


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
        made.append(read_line(reading, index, ref, line.lots))
    return made


# ---- the page ----------------------------------------------------------------------------------------


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
    room = min(blank, MOST_ROWS - len(lines))
    values = {
        "ref": row.ref,
        "title": row.title,
        "lots": [(lot.ref, _lot_label(lot)) for lot in lots],
        "lines": [*lines, *[_blank(lots)] * room],
        "admissions": ADMISSIONS,
        "known": _names(suppliers(session)),
        "version": version or row.version,
        "faults": faults,
        "conflict": conflict,
    }
    return Page("bidding/bidders.html", values, status=409 if conflict else 422 if faults else 200)


def _blank(lots: Sequence[LotRow]) -> BidderLine:
    """Where there is but one lot, everybody takes part in it; where all are 指名競争入札, everybody is designated."""
    tendered = [lot for lot in lots if lot.cancelled is None]
    is_designated = bool(tendered) and all(lot.tender_method is TenderMethod.DESIGNATED for lot in tendered)
    return BidderLine(
        lots=frozenset(lot.ref for lot in lots) if len(lots) == 1 else frozenset(),
        admission=(Admission.DESIGNATED if is_designated else Admission.REGISTERED).value,
    )


def _names(known: Iterable[SupplierRow]) -> Mapping[str, str]:
    """What the box of a name offers: the names in the register, each with its number."""
    return {supplier.name: supplier.corporate_number or "" for supplier in known}


def _lot_label(lot: LotRow) -> str:
    return lot.title if lot.cancelled is None else f"{lot.title}（取止め）"


routes = [show_bidders, save]
