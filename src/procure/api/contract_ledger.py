"""A body's contract in the version that the sender has seen, and what is recorded of it: by itself or on its behalf."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from procure.api.contract_values import ReversalBody, SlipBody, TermsBody, contract_shown
from procure.api.fields import faults_named
from procure.api.operation import Sent
from procure.api.versions import require_match
from procure.contracts.actions import record_slip, require_contract, reverse_slip, save_terms
from procure.contracts.agreed import Agreed
from procure.contracts.ledger import Ledger, Slip
from procure.contracts.queries import Recorded, agreed_lot, deadlines_in, limits_of, recorded_of
from procure.contracts.rules import Terms
from procure.contracts.slips import Note
from procure.contracts.states import Act
from procure.errors import Fault, NotFound, refuse
from procure.parties.tables import BodyRow
from procure.reports.contracts import contract_report
from procure.rounds.tables import RoundRow
from procure.server import Visit


@dataclass(frozen=True, slots=True)
class Held:
    """The contract of the body `code`; its round is locked."""

    row: RoundRow
    agreed: Agreed
    code: str
    recorded: Recorded


def held_contract(visit: Visit, row: RoundRow, lot: str, code: str) -> Held:
    """Raises NotFound, VersionStale."""
    agreed = agreed_lot(visit.session, row, lot)
    agreed.quantities_of(code)
    recorded = recorded_of(visit.session, agreed.lot_id, code)
    require_match(visit, recorded.version)
    return Held(row, agreed, code, recorded)


def write_terms(visit: Visit, held: Held, body: TermsBody, on_behalf: str | None = None) -> Sent:
    terms = Terms(**{name: getattr(body, name) for name in TermsBody.__struct_fields__})
    save_terms(
        visit.session,
        held.row,
        held.agreed,
        held.code,
        terms,
        held.recorded.version,
        visit.person,
        visit.now,
        on_behalf,
    )
    return contract_sent(visit, held.row, held.agreed.lot.id, held.code)


def write_slip(visit: Visit, held: Held, body: SlipBody, location: str, on_behalf: str | None = None) -> Sent:
    ledger, _ = require_contract(held.recorded, held.agreed, held.code)
    refuse(_strange(body, ledger))
    slip = Slip(0, body.act, body.day, _quantities(body, ledger), resolved_on=body.resolved_on)
    note = Note(body.place, body.inspector, body.remark)
    with faults_named(lambda field: re.sub(r"^quantity-", "quantities.", field)):
        record_slip(
            visit.session,
            held.row,
            held.agreed,
            held.code,
            slip,
            note,
            held.recorded.version,
            visit.person,
            visit.now,
            on_behalf,
        )
    return contract_sent(visit, held.row, held.agreed.lot.id, held.code, location)


def take_back(visit: Visit, held: Held, number: str, body: ReversalBody, on_behalf: str | None = None) -> Sent:
    """Raises NotFound where no slip has that number."""
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise NotFound
    with faults_named(lambda field: "reason" if field == "remark" else field):
        reverse_slip(
            visit.session,
            held.row,
            held.agreed,
            held.code,
            int(number),
            body.reason,
            held.recorded.version,
            visit.person,
            visit.now,
            on_behalf,
        )
    return contract_sent(visit, held.row, held.agreed.lot.id, held.code)


def contract_sent(visit: Visit, row: RoundRow, lot: str, code: str, location: str | None = None) -> Sent:
    """Raises NotFound."""
    session, body = visit.session, visit.session.get(BodyRow, code)
    if body is None:
        raise NotFound
    agreed = agreed_lot(session, row, lot)
    agreed.quantities_of(code)
    recorded, deadline = recorded_of(session, agreed.lot_id, code), deadlines_in(session, [agreed.lot_id])
    limits = limits_of(session, code)
    report = contract_report(agreed, body, recorded, limits, deadline.get(agreed.lot_id), visit.now.date())
    return Sent(contract_shown(row, report), version=report.version, location=location)


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
