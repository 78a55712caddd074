"""A municipality's own contracts: the list of a year, a contract with its record, and the forms below it."""

from dataclasses import dataclass
from datetime import date

from procure.reports.contract_report import ContractReport
from procure.reports.contracts import contract_board, own_contracts
from procure.rounds.queries import rounds_newest_first
from procure.rounds.tables import RoundRow
from procure.server import Answer, Page, Permission, Visit, get, post
from procure.web import contract_record, contract_terms
from procure.web.contract_desk import TONES, contract_page, own_desk, own_desk_to_write
from procure.web.published import years_of


@dataclass(frozen=True, slots=True)
class OwnContracts:
    """The contracts of one body in a round whose decision is confirmed."""

    ref: str
    title: str
    is_sample: bool
    bid_date: date
    contracts: tuple[ContractReport, ...]


@get("/contracts", Permission.READ_OWN_RESULTS)
def list_contracts(visit: Visit) -> Answer:
    rows = [row for row in rounds_newest_first(visit.session) if row.confirmed_at is not None]
    years = years_of(rows, visit.query.text("year"))
    found = [_own(visit, row) for row in rows if row.fiscal_year == years.chosen]
    values = {
        "years": years,
        "rounds": [one for one in found if one.contracts],
        "tones": {status.value: tone for status, tone in TONES.items()},
        "body": visit.person.body_name,
    }
    return Page("contracts.html", values)


@get("/contracts/{ref}/{lot}", Permission.READ_OWN_RESULTS)
def show_contract(visit: Visit, ref: str, lot: str) -> Answer:
    return contract_page(own_desk(visit, ref, lot))


@get("/contracts/{ref}/{lot}/terms", Permission.RECORD_CONTRACTS)
def show_terms(visit: Visit, ref: str, lot: str) -> Answer:
    return contract_terms.terms_page(own_desk(visit, ref, lot))


@post("/contracts/{ref}/{lot}/terms", Permission.RECORD_CONTRACTS)
def save_terms(visit: Visit, ref: str, lot: str) -> Answer:
    return contract_terms.save(own_desk_to_write(visit, ref, lot))


@get("/contracts/{ref}/{lot}/record/{act}", Permission.RECORD_CONTRACTS)
def show_record(visit: Visit, ref: str, lot: str, act: str) -> Answer:
    return contract_record.record_page(own_desk(visit, ref, lot), contract_record.act_of(act))


@post("/contracts/{ref}/{lot}/record/{act}", Permission.RECORD_CONTRACTS)
def record(visit: Visit, ref: str, lot: str, act: str) -> Answer:
    return contract_record.record(own_desk_to_write(visit, ref, lot), contract_record.act_of(act))


@get("/contracts/{ref}/{lot}/slips/{number}/reverse", Permission.RECORD_CONTRACTS)
def show_reversal(visit: Visit, ref: str, lot: str, number: str) -> Answer:
    return contract_record.reversal_page(own_desk(visit, ref, lot), number)


@post("/contracts/{ref}/{lot}/slips/{number}/reverse", Permission.RECORD_CONTRACTS)
def reverse(visit: Visit, ref: str, lot: str, number: str) -> Answer:
    return contract_record.reverse(own_desk_to_write(visit, ref, lot), number)


def _own(visit: Visit, row: RoundRow) -> OwnContracts:
    board = contract_board(visit.session, row, visit.now.date())
    return OwnContracts(row.ref, row.title, row.is_sample, row.bid_date, own_contracts(board, visit.body_code))


routes = [list_contracts, show_contract, show_terms, save_terms, show_record, record, show_reversal, reverse]
