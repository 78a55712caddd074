"""After the award: a body's own contracts, and those of all bodies as the secretariat reads and records them."""

from functools import partial

from procure.accounts.roles import Permission
from procure.accounts.scopes import Scope
from procure.api.contract_ledger import Held, contract_sent, held_contract, take_back, write_slip, write_terms
from procure.api.contract_values import (
    BehalfReversal,
    BehalfSlip,
    BehalfTerms,
    ContractList,
    ContractShown,
    ReversalBody,
    SlipBody,
    TermsBody,
    contract_shown,
)
from procure.api.operation import Operation, Sent, operation
from procure.api.paging import PAGING, page_of, place_of_round
from procure.contracts.actions import require_confirmed
from procure.errors import NotFound
from procure.reports.contracts import contract_board, own_contracts
from procure.rounds.queries import find_round, locked_round, rounds_newest_first
from procure.rounds.tables import RoundRow
from procure.server import Visit

TAG = "契約・検収"
TERMS = {"ground": "joint", "contract_number": "葛情第12号", "concluded_on": "2026-11-24"}
WHY = "葛城市から書面で依頼があったため。"
_OWN = (Permission.READ_OWN_RESULTS, Scope.CONTRACTS_READ)
_RECORD = (Permission.RECORD_CONTRACTS, Scope.CONTRACTS_WRITE)
_COUNCIL = (Permission.READ_ROUNDS, Scope.CONTRACTS_READ)
_BEHALF = (Permission.MANAGE_ROUNDS, Scope.CONTRACTS_WRITE)
_CONTRACT = "/rounds/{ref}/contracts/{code}/{lot}"
_read = partial(operation, "GET", tag=TAG, waits=True)
_write = partial(operation, tag=TAG, answer=ContractShown, matches=True)


# ---- a body's own ------------------------------------------------------------------------------------


@operation("GET", "/contracts", *_OWN, "自団体の契約の一覧", tag=TAG, answer=ContractList, query=PAGING)
def list_contracts(visit: Visit) -> Sent:
    rows = [row for row in rounds_newest_first(visit.session) if row.confirmed_at is not None]
    page, following = page_of(visit, rows, place_of_round)
    boards = [(row, contract_board(visit.session, row, visit.now.date())) for row in page]
    items = tuple(contract_shown(row, one) for row, board in boards for one in own_contracts(board, visit.body_code))
    return Sent(ContractList(items=items, next=following), next=following)


@_read("/contracts/{ref}/{lot}", *_OWN, "自団体の契約を読む", answer=ContractShown)
def read_a_contract(visit: Visit, ref: str, lot: str) -> Sent:
    return contract_sent(visit, _told(find_round(visit.session, ref)), lot, visit.body_code)


@_write("PUT", "/contracts/{ref}/{lot}/terms", *_RECORD, "契約の内容を記入する", body=TermsBody, example=TERMS)
def record_terms(visit: Visit, ref: str, lot: str, body: TermsBody) -> Sent:
    return write_terms(visit, _own(visit, ref, lot), body)


@_write(
    "POST",
    "/contracts/{ref}/{lot}/slips",
    *_RECORD,
    "発注、納入、検収、契約変更を記録する",
    body=SlipBody,
    status=201,
)
def record_a_slip(visit: Visit, ref: str, lot: str, body: SlipBody) -> Sent:
    held = _own(visit, ref, lot)
    return write_slip(visit, held, body, f"/contracts/{held.row.ref}/{held.agreed.lot.id}")


@_write(
    "POST",
    "/contracts/{ref}/{lot}/slips/{number}/reverse",
    *_RECORD,
    "記録を取り消す（反対の記録を加える）",
    body=ReversalBody,
    example={"reason": "数量を誤って記録したため。"},
)
def reverse_a_slip(visit: Visit, ref: str, lot: str, number: str, body: ReversalBody) -> Sent:
    return take_back(visit, _own(visit, ref, lot), number, body)


# ---- those of all bodies, for the secretariat --------------------------------------------------------


@_read("/rounds/{ref}/contracts", *_COUNCIL, "全団体の契約を読む", answer=ContractList, query=PAGING)
def list_contracts_of_a_round(visit: Visit, ref: str) -> Sent:
    """Raises Conflict before the decision is confirmed."""
    row = find_round(visit.session, ref)
    require_confirmed(row)
    contracts = contract_board(visit.session, row, visit.now.date()).contracts
    lots = list(dict.fromkeys(one.lot for one in contracts))
    page, following = page_of(visit, contracts, lambda one: (lots.index(one.lot), one.code))
    return Sent(ContractList(items=tuple(contract_shown(row, one) for one in page), next=following), next=following)


@_read(_CONTRACT, *_COUNCIL, "団体の契約を読む", answer=ContractShown)
def read_a_contract_of_a_body(visit: Visit, ref: str, code: str, lot: str) -> Sent:
    row = find_round(visit.session, ref)
    require_confirmed(row)
    return contract_sent(visit, row, lot, code)


@_write(
    "PUT",
    f"{_CONTRACT}/terms",
    *_BEHALF,
    "団体に代わって契約の内容を記入する",
    body=BehalfTerms,
    example={**TERMS, "on_behalf": WHY},
)
def record_terms_for_a_body(visit: Visit, ref: str, code: str, lot: str, body: BehalfTerms) -> Sent:
    return write_terms(visit, _of_a_body(visit, ref, code, lot), body, body.on_behalf)


@_write("POST", f"{_CONTRACT}/slips", *_BEHALF, "団体に代わって記録する", body=BehalfSlip, status=201)
def record_a_slip_for_a_body(visit: Visit, ref: str, code: str, lot: str, body: BehalfSlip) -> Sent:
    held = _of_a_body(visit, ref, code, lot)
    location = f"/rounds/{held.row.ref}/contracts/{code}/{held.agreed.lot.id}"
    return write_slip(visit, held, body, location, body.on_behalf)


@_write(
    "POST",
    f"{_CONTRACT}/slips/{{number}}/reverse",
    *_BEHALF,
    "団体に代わって記録を取り消す",
    body=BehalfReversal,
    example={"reason": "数量を誤って記録したため。", "on_behalf": WHY},
)
def reverse_a_slip_for_a_body(visit: Visit, ref: str, code: str, lot: str, number: str, body: BehalfReversal) -> Sent:
    return take_back(visit, _of_a_body(visit, ref, code, lot), number, body, body.on_behalf)


# ---- parts -------------------------------------------------------------------------------------------


def _own(visit: Visit, ref: str, lot: str) -> Held:
    return held_contract(visit, _told(locked_round(visit.session, ref)), lot, visit.body_code)


def _told(row: RoundRow) -> RoundRow:
    """Raises NotFound before the decision is confirmed: a body is told nothing until then."""
    if row.confirmed_at is None:
        raise NotFound
    return row


def _of_a_body(visit: Visit, ref: str, code: str, lot: str) -> Held:
    """Raises NotFound, Conflict before the decision is confirmed, VersionStale."""
    row = locked_round(visit.session, ref)
    require_confirmed(row)
    return held_contract(visit, row, lot, code)


operations: list[Operation] = [
    list_contracts_of_a_round,
    read_a_contract_of_a_body,
    record_terms_for_a_body,
    record_a_slip_for_a_body,
    reverse_a_slip_for_a_body,
    list_contracts,
    read_a_contract,
    record_terms,
    record_a_slip,
    reverse_a_slip,
]
