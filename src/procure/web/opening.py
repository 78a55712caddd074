"""開札: when and where it is held, by whom, before whom; it opens the sealed ceilings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

from procure.bids.actions import open_bids
from procure.bids.queries import load_round
from procure.bids.rules import held_faults
from procure.ceilings.queries import sealed_lots
from procure.clock import JAPAN
from procure.errors import Conflict, Fault, Invalid
from procure.rounds.queries import find_round, locked_round, lots_of
from procure.rounds.stages import Act, require
from procure.rounds.tables import LotRow, RoundRow
from procure.server import Answer, Done, Fields, Goto, Page, Permission, Visit, get, post
from procure.settlement.round import Lot, Opening
from procure.values.era import parse_date, wareki
from procure.values.moments import parse_clock
from procure.web.few_bidders import lone_bidders
from procure.web.opening_form import opening_values, placed, read_opening
from procure.web.reading import Reading

USUAL_HOUR = time(10, 0)
NO_DAY = "開札日を入力してください（例：令和8年12月11日）。"
NO_HOUR = "開札時刻を入力してください（例：10:00）。"


@dataclass(frozen=True, slots=True)
class OpenedLot:
    """A lot that is about to be opened; `ceiling` says what becomes of its 予定価格, never how much it is."""

    title: str
    bidders: int
    cancelled: bool
    ceiling: str


@get("/rounds/{ref}/open", Permission.RECORD_BIDS)
def show_open(visit: Visit, ref: str) -> Answer:
    row = find_round(visit.session, ref)
    require(Act.OPEN_BIDS, row.stage)
    proposed = Fields([("opened_on", wareki(row.bid_date)), ("opened_time", f"{USUAL_HOUR:%H:%M}")])
    return _page(visit, row, proposed)


@post("/rounds/{ref}/open", Permission.RECORD_BIDS)
def open_round(visit: Visit, ref: str) -> Answer:
    row = locked_round(visit.session, ref)
    require(Act.OPEN_BIDS, row.stage)
    reading = Reading(visit.form)
    opened_at, held = _opened_at(reading), read_opening(reading)
    if reading.faults or opened_at is None:
        return _page(visit, row, visit.form, _judged(visit, row, reading, held, opened_at))
    try:
        open_bids(visit.session, row, opened_at, held, visit.vault, visit.person, visit.now)
    except Invalid as invalid:
        return _page(visit, row, visit.form, _placed(visit.form, invalid.faults))
    except Conflict as conflict:  # the key of the seals is not there, or is another one
        return _page(visit, row, visit.form, conflict=conflict.message)
    return Goto(f"/rounds/{row.ref}", Done.bids_opened)


def _opened_at(reading: Reading) -> datetime | None:
    day = reading.value("opened_on", parse_date, NO_DAY)
    hour = reading.value("opened_time", parse_clock, NO_HOUR)
    return datetime.combine(day, hour, JAPAN) if day and hour is not None else None


def _judged(visit: Visit, row: RoundRow, reading: Reading, held: Opening, opened_at: datetime | None) -> list[Fault]:
    """What cannot be read, and what the rules say of the rest."""
    bidders = {bidder.name for lot in load_round(visit.session, row).lots for bidder in lot.bidders}
    ruled = held_faults(held, bidders, opened_at or visit.now, row.bid_date, visit.now)
    told = (fault for fault in ruled if opened_at or fault.field != "opened_at")
    return list(reading.judged(_placed(visit.form, told)))


def _placed(form: Fields, faults: Iterable[Fault]) -> list[Fault]:
    """The rules speak of one moment, the form has it in two fields."""
    return [
        replace(fault, field="opened_on") if fault.field == "opened_at" else fault for fault in placed(form, faults)
    ]


def _page(visit: Visit, row: RoundRow, form: Fields, faults: Sequence[Fault] = (), conflict: str | None = None) -> Page:
    value = load_round(visit.session, row)
    rows = {lot.ref: lot for lot in lots_of(visit.session, row.id)}
    seals = sealed_lots(visit.session, row.id)
    lots = [_lot(lot, rows[lot.id], seals) for lot in value.lots]
    values = {
        "ref": row.ref,
        "title": row.title,
        "opened_on": form.text("opened_on"),
        "opened_time": form.text("opened_time"),
        "lots": lots,
        **opening_values(form, value.lots),
        "without_bidders": [lot.title for lot in lots if not lot.bidders and not lot.cancelled],
        "lone_bidders": lone_bidders(row.ref, value.lots),
        "lacks_key": bool(seals) and not visit.vault.has_key and not conflict,
        "faults": faults,
        "conflict": conflict,
    }
    return Page("bidding/open.html", values, status=409 if conflict else 422 if faults else 200)


def _lot(lot: Lot, row: LotRow, seals: Mapping[int, object]) -> OpenedLot:
    return OpenedLot(lot.title, len(lot.bidders), lot.cancelled is not None, _ceiling(lot, row, seals))


def _ceiling(lot: Lot, row: LotRow, seals: Mapping[int, object]) -> str:
    if lot.rules.ceiling is not None:
        return "公告のときに開封済み（事前公表）"
    return "封印を開く" if row.id in seals else "未設定（開札の前に定めます）"


routes = [show_open, open_round]
