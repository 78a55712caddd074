"""契約・検収 of a round: every body's contract in every lot, 納入期限, and a contract as the secretariat opens it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from procure.contracts.actions import require_confirmed
from procure.contracts.queries import agreed_in, deadlines_in
from procure.contracts.settings import deadline_faults, set_deadlines
from procure.contracts.states import Status
from procure.documents.contracts import contracts_xlsx
from procure.documents.filenames import file_name
from procure.documents.of_round import XLSX
from procure.errors import Fault
from procure.reports.contract_report import ContractBoard, ContractLot, ContractReport
from procure.reports.contracts import contract_board
from procure.rounds.queries import find_round, locked_round
from procure.rounds.tables import RoundRow
from procure.server import Answer, Done, Download, Fields, Goto, Page, Permission, Visit, get, post
from procure.values.era import parse_date, wareki_short
from procure.web import contract_record, contract_terms
from procure.web.contract_desk import TONES, contract_page, council_desk, council_desk_to_write
from procure.web.reading import Reading

OVERDUE = "overdue"
CHANGED_MEANWHILE = (
    "この画面を開いた後に、ほかの人が納入期限を変更しました。入力した内容は下に残しています。"
    "最新の内容と見比べて、よければもう一度保存してください。"
)


@dataclass(frozen=True, slots=True)
class BoardLot:
    """A lot with the contracts that the filter leaves."""

    lot: ContractLot
    contracts: tuple[ContractReport, ...]


@get("/rounds/{ref}/contracts", Permission.READ_ROUNDS)
def show_board(visit: Visit, ref: str) -> Answer:
    row = _confirmed(find_round(visit.session, ref))
    board = contract_board(visit.session, row, visit.now.date())
    chosen = visit.query.text("status")
    lots = tuple(BoardLot(lot, tuple(one for one in lot.contracts if _fits(one, chosen))) for lot in board.lots)
    values = {
        "board": board,
        "lots": lots,
        "is_filtered": chosen != "",
        "filters": _filters(board, f"/rounds/{row.ref}/contracts", chosen),
        "tones": {status.value: tone for status, tone in TONES.items()},
        "path": f"/rounds/{row.ref}/contracts",
        "today": visit.now.date(),
        "may_manage": visit.person.may(Permission.MANAGE_ROUNDS),
    }
    return Page("contracts_board.html", values)


@get("/rounds/{ref}/contracts.xlsx", Permission.READ_ROUNDS)
def download_board(visit: Visit, ref: str) -> Answer:
    row = _confirmed(find_round(visit.session, ref))
    board, now = contract_board(visit.session, row, visit.now.date()), visit.now
    return Download(lambda: contracts_xlsx(board, now), file_name(row, "契約・検収", "xlsx", now.date()), XLSX)


def _confirmed(row: RoundRow) -> RoundRow:
    require_confirmed(row)
    return row


def _fits(contract: ContractReport, chosen: str) -> bool:
    return contract.is_overdue if chosen == OVERDUE else chosen in ("", contract.status.value)


def _filters(board: ContractBoard, path: str, chosen: str) -> list[tuple[str, str, bool]]:
    """A link for each status that occurs, with how many there are of it."""
    wanted = [("", "すべて"), *((status.value, status.label) for status in Status), (OVERDUE, "納入期限超過")]
    counted = [(value, label, sum(_fits(one, value) for one in board.contracts)) for value, label in wanted]
    return [
        (f"{label}（{count}）", f"{path}?status={value}" if value else path, value == chosen)
        for value, label, count in counted
        if count or value in ("", chosen)
    ]


# ---- 納入期限 ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DeadlineField:
    """A lot's 納入期限 as it stands in the form, and the day that was read of it."""

    field: str
    title: str
    typed: str
    read: date | None
    now: date | None


@get("/rounds/{ref}/contracts/deadlines", Permission.MANAGE_ROUNDS)
def show_deadlines(visit: Visit, ref: str) -> Answer:
    row = _confirmed(find_round(visit.session, ref))
    return _deadline_page(visit, row, {field: _shown(day) for field, _, day in _deadlines(visit, row)})


@post("/rounds/{ref}/contracts/deadlines", Permission.MANAGE_ROUNDS)
def save_deadlines(visit: Visit, ref: str) -> Answer:
    row = _confirmed(locked_round(visit.session, ref))
    reading, found = Reading(visit.form), _deadlines(visit, row)
    typed = {field: visit.form.text(field) for field, _, _ in found}
    days = {field.removeprefix("deadline-"): reading.value(field, parse_date) for field, _, _ in found}
    if visit.form.text("seen") != _seen(visit, row):
        return _deadline_page(visit, row, typed, message=CHANGED_MEANWHILE)
    faults = reading.judged(deadline_faults(row, days))
    if faults:
        return _deadline_page(visit, row, typed, faults)
    set_deadlines(visit.session, row, days, visit.person, visit.now)
    return Goto(f"/rounds/{row.ref}/contracts", Done.deadlines_set)


def _deadlines(visit: Visit, row: RoundRow) -> list[tuple[str, str, date | None]]:
    agreed = agreed_in(visit.session, row)
    days = deadlines_in(visit.session, [one.lot_id for one in agreed])
    return [(f"deadline-{one.lot.id}", one.lot.title, days.get(one.lot_id)) for one in agreed]


def _seen(visit: Visit, row: RoundRow) -> str:
    """What the form was made from."""
    return " ".join("-" if day is None else day.isoformat() for _, _, day in _deadlines(visit, row))


def _shown(day: date | None) -> str:
    return wareki_short(day) if day else ""


def _deadline_page(
    visit: Visit, row: RoundRow, typed: Mapping[str, str], faults: Sequence[Fault] = (), message: str | None = None
) -> Page:
    reading = Reading(Fields(typed.items()))
    fields = [
        DeadlineField(field, title, typed[field], reading.value(field, parse_date), day)
        for field, title, day in _deadlines(visit, row)
    ]
    values = {
        "ref": row.ref,
        "title": row.title,
        "path": f"/rounds/{row.ref}/contracts",
        "fields": fields,
        "seen": _seen(visit, row),
        "faults": tuple(faults),
        "message": message,
    }
    return Page("contracts_deadlines.html", values, status=409 if message else 422 if faults else 200)


# ---- one contract ------------------------------------------------------------------------------------


@get("/rounds/{ref}/contracts/{code}/{lot}", Permission.READ_ROUNDS)
def show_contract(visit: Visit, ref: str, code: str, lot: str) -> Answer:
    return contract_page(council_desk(visit, ref, code, lot))


@get("/rounds/{ref}/contracts/{code}/{lot}/terms", Permission.MANAGE_ROUNDS)
def show_terms(visit: Visit, ref: str, code: str, lot: str) -> Answer:
    return contract_terms.terms_page(council_desk(visit, ref, code, lot))


@post("/rounds/{ref}/contracts/{code}/{lot}/terms", Permission.MANAGE_ROUNDS)
def save_terms(visit: Visit, ref: str, code: str, lot: str) -> Answer:
    return contract_terms.save(council_desk_to_write(visit, ref, code, lot))


@get("/rounds/{ref}/contracts/{code}/{lot}/record/{act}", Permission.MANAGE_ROUNDS)
def show_record(visit: Visit, ref: str, code: str, lot: str, act: str) -> Answer:
    return contract_record.record_page(council_desk(visit, ref, code, lot), contract_record.act_of(act))


@post("/rounds/{ref}/contracts/{code}/{lot}/record/{act}", Permission.MANAGE_ROUNDS)
def record(visit: Visit, ref: str, code: str, lot: str, act: str) -> Answer:
    return contract_record.record(council_desk_to_write(visit, ref, code, lot), contract_record.act_of(act))


@get("/rounds/{ref}/contracts/{code}/{lot}/slips/{number}/reverse", Permission.MANAGE_ROUNDS)
def show_reversal(visit: Visit, ref: str, code: str, lot: str, number: str) -> Answer:
    return contract_record.reversal_page(council_desk(visit, ref, code, lot), number)


@post("/rounds/{ref}/contracts/{code}/{lot}/slips/{number}/reverse", Permission.MANAGE_ROUNDS)
def reverse(visit: Visit, ref: str, code: str, lot: str, number: str) -> Answer:
    return contract_record.reverse(council_desk_to_write(visit, ref, code, lot), number)


routes = [
    show_board,
    download_board,
    show_deadlines,
    save_deadlines,
    show_contract,
    show_terms,
    save_terms,
    show_record,
    record,
    show_reversal,
    reverse,
]
