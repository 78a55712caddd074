"""入札内訳書 as a spreadsheet: to download blank, and the prices of those filled in, into the form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from procure.bids.actions import lot_value
from procure.bids.breakdown_sheet import opened_breakdown, read_breakdown
from procure.bids.rules import NextEntry
from procure.documents.breakdown_sheet import BreakdownSheet, breakdown_xlsx
from procure.documents.filenames import file_name
from procure.documents.of_round import XLSX
from procure.errors import Conflict, Fault
from procure.rounds.queries import find_lot, find_round
from procure.rounds.stages import Stage
from procure.server import Answer, Download, Fields, Permission, Visit, get
from procure.settlement.round import Bidder, Entry, Lot
from procure.spreadsheets.reading import Sheet
from procure.values.unreadable import Unreadable

UPLOAD_LIMIT = 10_000_000  # bytes, all files together
NOT_FIXED = "数量がまだ確定していません。需要登録を締め切ると、入札内訳書の様式を受け取れます。"
NO_FILE = "読み込む入札内訳書（.xlsx）を選んでください。"

Opened = Mapping[str, Mapping[str, Sheet] | str]  # by the name of the field: what was opened, or why it was not


@dataclass(frozen=True, slots=True)
class ReadSheets:
    """The form with the prices that were read, of these bidders; `faults` say what could not be read."""

    form: Fields
    names: tuple[str, ...]
    faults: tuple[Fault, ...]


@get("/rounds/{ref}/lots/{lot}/breakdown.xlsx", Permission.READ_ROUNDS)
def download_breakdown(visit: Visit, ref: str, lot: str) -> Answer:
    row = find_round(visit.session, ref)
    found = find_lot(visit.session, row.id, lot)
    if row.stage in (Stage.PREPARING, Stage.SURVEYING):
        raise Conflict(NOT_FIXED)
    value = lot_value(visit.session, row, found)
    sheet = BreakdownSheet(row.ref, row.title, row.council, row.is_sample, value, visit.now)
    return Download(breakdown_xlsx(sheet), file_name(row, f"入札内訳書_{found.title}", "xlsx"), XLSX)


def sheet_field(bidder: Bidder) -> str:
    return f"sheet-{bidder.id}"


def opened_sheets(form: Fields) -> Opened:
    """The files that were chosen, opened before any transaction begins."""
    return {name: _opened(form, name) for name in form.upload_names()}


def _opened(form: Fields, name: str) -> Mapping[str, Sheet] | str:
    upload = form.upload(name)
    try:
        return opened_breakdown(upload.content if upload else b"")
    except Unreadable as unreadable:
        return unreadable.message


def read_into(form: Fields, opened: Opened, round_ref: str, lot: Lot, entry: NextEntry) -> ReadSheets:
    """What was typed, with the prices of the files over it. A bidder whose file has a fault keeps what it had."""
    pairs = [(name, text) for name in form.names() for text in form.texts(name)]
    names, faults = [], []
    for bidder in entry.participants:
        if sheet_field(bidder) in opened:
            try:
                pairs += _filled(form, opened[sheet_field(bidder)], round_ref, lot, bidder)
                names.append(bidder.name)
            except Unreadable as unreadable:
                faults.append(Fault(sheet_field(bidder), f"「{bidder.name}」の入札内訳書：{unreadable.message}"))
    if not names and not faults:
        faults = [Fault(sheet_field(bidder), NO_FILE) for bidder in entry.participants[:1]]
    return ReadSheets(Fields(pairs), tuple(names), tuple(faults))


def _filled(
    form: Fields, opened: Mapping[str, Sheet] | str, round_ref: str, lot: Lot, bidder: Bidder
) -> Iterator[tuple[str, str]]:
    if isinstance(opened, str):
        raise Unreadable(opened)
    read = read_breakdown(opened, round_ref, lot)
    if read.faults:
        raise Unreadable(" ".join(fault.message for fault in read.faults))
    prices = [(f"bid-{bidder.id}-price-{item}", text) for item, text in read.typed.items()]
    chosen = form.text(f"bid-{bidder.id}-entry") or Entry.BID.value
    return iter([(f"bid-{bidder.id}-entry", chosen), *prices])


routes = [download_breakdown]
