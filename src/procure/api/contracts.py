"""After the award: a body's own contracts and the ledger of each, and those of all bodies of a round to read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from procure.accounts.roles import Permission
from procure.accounts.scopes import Scope
from procure.api.contract_values import ContractList, ContractShown, ReversalBody, SlipBody, TermsBody, contract_shown
from procure.api.fields import faults_named
from procure.api.operation import Operation, Sent, operation
from procure.api.paging import PAGING, page_of
from procure.api.versions import require_match
from procure.contracts.actions import record_slip, require_confirmed, require_contract, reverse_slip, save_terms
from procure.contracts.agreed import Agreed
from procure.contracts.ledger import Ledger, Slip
from procure.contracts.queries import Recorded, agreed_lot, deadlines_in, limits_of, recorded_of
from procure.contracts.rules import Terms
from procure.contracts.slips import Note
from procure.contracts.states import Act
from procure.errors import Fault, NotFound, refuse
from procure.parties.tables import BodyRow
from procure.reports.contracts import contract_board, contract_report, own_contracts
from procure.rounds.queries import find_round, locked_round, rounds_newest_first
from procure.rounds.tables import RoundRow
from procure.server import Visit

TAG = "契約・検収"
_OWN = (Permission.READ_OWN_RESULTS, Scope.CONTRACTS_READ)
_RECORD = (Permission.RECORD_CONTRACTS, Scope.CONTRACTS_WRITE)


# ---- reading -----------------------------------------------------------------------------------------


@operation(
    "GET",
    "/rounds/{ref}/contracts",
    Permission.READ_ROUNDS,
    Scope.CONTRACTS_READ,
    "全団体の契約を読む",
    tag=TAG,
    answer=ContractList,
    query=PAGING,
    waits=True,
)
def list_contracts_of_a_round(visit: Visit, ref: str) -> Sent:
    """Raises Conflict before the decision is confirmed."""
    row = find_round(visit.session, ref)
    require_confirmed(row)
    contracts = contract_board(visit.session, row, visit.now.date()).contracts
    page, following = page_of(visit, contracts, lambda one: f"{one.lot}/{one.code}")
    return Sent(ContractList(items=tuple(contract_shown(row, one) for one in page), next=following), next=following)


@operation("GET", "/contracts", *_OWN, "自団体の契約の一覧", tag=TAG, answer=ContractList, query=PAGING)
def list_contracts(visit: Visit) -> Sent:
    rows = [row for row in rounds_newest_first(visit.session) if row.confirmed_at is not None]
    page, following = page_of(visit, rows, lambda row: row.ref)
    boards = [(row, contract_board(visit.session, row, visit.now.date())) for row in page]
    items = tuple(contract_shown(row, one) for row, board in boards for one in own_contracts(board, visit.body_code))
    return Sent(ContractList(items=items, next=following), next=following)


@operation("GET", "/contracts/{ref}/{lot}", *_OWN, "自団体の契約を読む", tag=TAG, answer=ContractShown, waits=True)
def read_a_contract(visit: Visit, ref: str, lot: str) -> Sent:
    return _sent(visit, find_round(visit.session, ref), lot)


# ---- recording ---------------------------------------------------------------------------------------


@operation(
    "PUT",
    "/contracts/{ref}/{lot}/terms",
    *_RECORD,
    "契約の内容を記入する",
    tag=TAG,
    body=TermsBody,
    answer=ContractShown,
    matches=True,
    example={"ground": "joint", "contract_number": "葛情第12号", "concluded_on": "2026-11-24"},
)
def record_terms(visit: Visit, ref: str, lot: str, body: TermsBody) -> Sent:
    held, terms = _held(visit, ref, lot), Terms(**{name: getattr(body, name) for name in body.__struct_fields__})
    save_terms(
        visit.session, held.row, held.agreed, visit.body_code, terms, held.recorded.version, visit.person, visit.now
    )
    return _sent(visit, held.row, lot)


@operation(
    "POST",
    "/contracts/{ref}/{lot}/slips",
    *_RECORD,
    "発注、納入、検収、契約変更を記録する",
    tag=TAG,
    body=SlipBody,
    answer=ContractShown,
    status=201,
    matches=True,
)
def record_a_slip(visit: Visit, ref: str, lot: str, body: SlipBody) -> Sent:
    held = _held(visit, ref, lot)
    ledger, _ = require_contract(held.recorded, held.agreed, visit.body_code)
    refuse(_strange(body, ledger))
    slip, note = Slip(0, body.act, body.day, _quantities(body, ledger)), Note(body.place, body.inspector, body.remark)
    with faults_named(lambda field: re.sub(r"^quantity-", "quantities.", field)):
        record_slip(
            visit.session,
            held.row,
            held.agreed,
            visit.body_code,
            slip,
            note,
            held.recorded.version,
            visit.person,
            visit.now,
        )
    return _sent(visit, held.row, lot, location=f"/contracts/{held.row.ref}/{held.agreed.lot.id}")


@operation(
    "POST",
    "/contracts/{ref}/{lot}/slips/{number}/reverse",
    *_RECORD,
    "記録を取り消す（反対の記録を加える）",
    tag=TAG,
    body=ReversalBody,
    answer=ContractShown,
    matches=True,
    example={"reason": "数量を誤って記録したため。"},
)
def reverse_a_slip(visit: Visit, ref: str, lot: str, number: str, body: ReversalBody) -> Sent:
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise NotFound
    held = _held(visit, ref, lot)
    with faults_named(lambda field: "reason" if field == "remark" else field):
        reverse_slip(
            visit.session,
            held.row,
            held.agreed,
            visit.body_code,
            int(number),
            body.reason,
            held.recorded.version,
            visit.person,
            visit.now,
        )
    return _sent(visit, held.row, lot)


def _strange(body: SlipBody, ledger: Ledger) -> Iterator[Fault]:
    for item in body.quantities:
        if item not in ledger.agreed:
            yield Fault(f"quantities.{item[:60]}", "この品目は契約にありません。記号を確かめてください。")


def _quantities(body: SlipBody, ledger: Ledger) -> dict[str, int]:
    """Of a change what it adds or takes away."""
    if body.act is not Act.CHANGE:
        return body.quantities
    now = ledger.sums(Act.CHANGE)
    return {item: quantity - now[item] for item, quantity in body.quantities.items()}


# ---- parts -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Held:
    """A body's contract in the version that the sender has seen; its round is locked."""

    row: RoundRow
    agreed: Agreed
    recorded: Recorded


def _held(visit: Visit, ref: str, lot: str) -> Held:
    """Raises NotFound, VersionStale."""
    row = _confirmed(locked_round(visit.session, ref))
    agreed = agreed_lot(visit.session, row, lot)
    agreed.quantities_of(visit.body_code)
    recorded = recorded_of(visit.session, agreed.lot_id, visit.body_code)
    require_match(visit, recorded.version)
    return Held(row, agreed, recorded)


def _confirmed(row: RoundRow) -> RoundRow:
    """Raises NotFound before the decision is confirmed: a body is told nothing until then."""
    if row.confirmed_at is None:
        raise NotFound
    return row


def _sent(visit: Visit, row: RoundRow, lot: str, location: str | None = None) -> Sent:
    session, code = visit.session, visit.body_code
    agreed = agreed_lot(session, _confirmed(row), lot)
    agreed.quantities_of(code)
    recorded, deadline = recorded_of(session, agreed.lot_id, code), deadlines_in(session, [agreed.lot_id])
    body, limits = session.get_one(BodyRow, code), limits_of(session, code)
    report = contract_report(agreed, body, recorded, limits, deadline.get(agreed.lot_id), visit.now.date())
    return Sent(contract_shown(row, report), version=report.version, location=location)


operations: list[Operation] = [
    list_contracts_of_a_round,
    list_contracts,
    read_a_contract,
    record_terms,
    record_a_slip,
    reverse_a_slip,
]
