"""What is recorded after the award: a body's contract, its orders, deliveries, acceptances, changes."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import date, datetime

from sqlmodel import Session, col, select

from procure.accounts.viewer import Viewer
from procure.contracts.agreed import Agreed
from procure.contracts.changes import amount_faults
from procure.contracts.judging import basis_of, changed
from procure.contracts.ledger import Ledger, Slip
from procure.contracts.queries import Recorded, recorded_of
from procure.contracts.rules import Terms, terms_faults
from procure.contracts.slips import Note, reversal_faults, slip_faults
from procure.contracts.states import Act
from procure.contracts.tables import ContractLineRow, ContractRow, ContractSlipRow
from procure.errors import Conflict, Fault, NotFound, refuse
from procure.history.record import Actor, label_of, record
from procure.parties.tables import BodyRow
from procure.rounds.queries import repeated_lots
from procure.rounds.tables import ItemRow, RoundRow

CHANGED_MEANWHILE = (
    "この画面を開いた後に、ほかの人がこの契約の記録を変更しました。入力した内容は下に残しています。"
    "最新の内容と見比べて、よければもう一度記録してください。"
)
NOT_CONFIRMED = "落札者の決定がまだ確定していません。確定した後に、契約を記録できます。"
NOT_CONCLUDED = "契約が成立していないため、記録できません。先に「契約の内容」で契約の日を記入してください。"
TENDERED_AGAIN = (
    "このロットは、落札者が契約を締結しないため再度公告入札に付しています。この落札による契約は記録できません。"
)
FAILED = "契約は不成立のため、記録できません。「契約の内容」をご確認ください。"
REVERSED = "この記録は、すでに取り消されています。"
RECORDED_AS = {
    Act.CHANGE: "contract_amended",
    Act.ORDER: "order_recorded",
    Act.DELIVERY: "delivery_recorded",
    Act.ACCEPTANCE: "acceptance_recorded",
}


# ---- the contract ------------------------------------------------------------------------------------


def save_terms(
    session: Session,
    row: RoundRow,
    agreed: Agreed,
    code: str,
    terms: Terms,
    seen_version: int,
    actor: Actor,
    at: datetime,
    on_behalf: str | None = None,
) -> ContractRow:
    """Writes what is known of a body's contract. `row` is locked; `on_behalf` is why the secretariat writes it.

    Raises Conflict before the confirmation, where somebody changed it since `seen_version`, and where it would be
    signed although its lot is tendered again; Invalid, every fault.
    """
    before = seen(session, row, agreed, code, seen_version)
    if terms.is_signed and not terms.has_failed and agreed.lot.id in repeated_lots(session, row.ref):
        raise Conflict(TENDERED_AGAIN)
    basis = basis_of(session, row, agreed, session.get_one(BodyRow, code), before, terms, at.date())
    refuse((*terms_faults(terms, basis), *behalf_faults(actor, code, on_behalf)))
    contract = session.get(ContractRow, (agreed.lot_id, code))
    if contract is None:
        contract = ContractRow(lot_id=agreed.lot_id, body_code=code, changed_at=at, changed_by="", version=0)
    for field in fields(Terms):
        setattr(contract, field.name, getattr(terms, field.name))
    _touch(session, contract, actor, at)
    contract.on_behalf = on_behalf or None
    session.flush()
    changes = _changes(before.terms, terms)
    _tell(session, row, agreed, code, "contract_changed", changes, actor, at, on_behalf)
    return contract


# ---- the ledger --------------------------------------------------------------------------------------


def record_slip(
    session: Session,
    row: RoundRow,
    agreed: Agreed,
    code: str,
    slip: Slip,
    note: Note,
    seen_version: int,
    actor: Actor,
    at: datetime,
    on_behalf: str | None = None,
) -> ContractSlipRow:
    """Adds an order, a delivery, an acceptance or a change; its number is given here. `row` is locked.

    Raises Conflict where there is no contract in force, or somebody recorded something since `seen_version`; Invalid
    with every fault.
    """
    before = seen(session, row, agreed, code, seen_version)
    ledger, concluded_on = require_contract(before, agreed, code)
    asked = {item: quantity for item, quantity in slip.quantities.items() if quantity}
    slip = replace(slip, number=ledger.next_number, quantities=asked, reverses=None)
    faults = slip_faults(ledger, slip, note, concluded_on, at.date(), names_of(agreed))
    over = beyond_faults(session, agreed, code, before, slip)
    refuse((*faults, *over, *behalf_faults(actor, code, on_behalf)))
    written = _write_slip(session, agreed, code, slip, note, actor, at, on_behalf)
    changes = _slip_changes(agreed, slip, note)
    _tell(session, row, agreed, code, RECORDED_AS[slip.act], changes, actor, at, on_behalf)
    return written


def reverse_slip(
    session: Session,
    row: RoundRow,
    agreed: Agreed,
    code: str,
    number: int,
    reason: str,
    seen_version: int,
    actor: Actor,
    at: datetime,
    on_behalf: str | None = None,
) -> ContractSlipRow:
    """Takes a slip back by one of the same day with the quantities reversed: nothing that was recorded is changed.

    Raises NotFound, Conflict where it is taken back already, Invalid where something recorded later rests on it.
    """
    before = seen(session, row, agreed, code, seen_version)
    ledger, _ = require_contract(before, agreed, code)
    require_standing(ledger, number)
    faults = reversal_faults(ledger, number, reason, names_of(agreed))
    slip, note = ledger.reversal(number), Note(remark=reason)
    over = beyond_faults(session, agreed, code, before, slip)
    refuse((*faults, *over, *behalf_faults(actor, code, on_behalf)))
    written = _write_slip(session, agreed, code, slip, note, actor, at, on_behalf)
    changes = {**_slip_changes(agreed, slip, note), "reversed": (None, f"{slip.act.label} 第{number}号")}
    _tell(session, row, agreed, code, "contract_slip_reversed", changes, actor, at, on_behalf)
    return written


def seen(session: Session, row: RoundRow, agreed: Agreed, code: str, seen_version: int) -> Recorded:
    """The contract as it is recorded now. Raises Conflict where it is not the one that was seen."""
    require_confirmed(row)
    agreed.quantities_of(code)
    recorded = recorded_of(session, agreed.lot_id, code)
    if recorded.version != seen_version:
        raise Conflict(CHANGED_MEANWHILE)
    return recorded


def beyond_faults(session: Session, agreed: Agreed, code: str, before: Recorded, slip: Slip) -> Iterator[Fault]:
    """What the amount after a change asks for. The contract is in force."""
    ledger, concluded_on = require_contract(before, agreed, code)
    after = ledger.with_slip(replace(slip, number=ledger.next_number))
    worth = changed(session, agreed, session.get_one(BodyRow, code), before, after)
    yield from amount_faults(after, slip, worth, concluded_on)


def require_confirmed(row: RoundRow) -> None:
    """Raises Conflict."""
    if row.confirmed_at is None:
        raise Conflict(NOT_CONFIRMED)


def require_contract(recorded: Recorded, agreed: Agreed, code: str) -> tuple[Ledger, date]:
    """The ledger and the day of a contract in force. Raises Conflict where there is none."""
    if recorded.terms.has_failed:
        raise Conflict(FAILED)
    if recorded.terms.concluded_on is None:
        raise Conflict(NOT_CONCLUDED)
    return recorded.ledger(agreed.quantities_of(code)), recorded.terms.concluded_on


def require_standing(ledger: Ledger, number: int) -> Slip:
    """Raises NotFound where there is no such slip, Conflict where it was taken back or takes another back."""
    found = next((slip for slip in ledger.slips if slip.number == number), None)
    if found is None:
        raise NotFound
    if found not in ledger.standing:
        raise Conflict(REVERSED)
    return found


def names_of(agreed: Agreed) -> Mapping[str, str]:
    return {item.id: item.name for item in agreed.lot.items}


def behalf_faults(actor: Actor, code: str, on_behalf: str | None) -> tuple[Fault, ...]:
    """Whoever is not of the body says why it writes for it."""
    if not isinstance(actor, Viewer) or actor.body_code == code or 1 <= len(on_behalf or "") <= 1000:
        return ()
    return (Fault("on_behalf", "事務局が代わって記入する理由を1000字以内で入力してください。"),)


# ---- rows --------------------------------------------------------------------------------------------


def _write_slip(
    session: Session,
    agreed: Agreed,
    code: str,
    slip: Slip,
    note: Note,
    actor: Actor,
    at: datetime,
    on_behalf: str | None,
) -> ContractSlipRow:
    row = ContractSlipRow(
        lot_id=agreed.lot_id,
        body_code=code,
        number=slip.number,
        act=slip.act,
        day=slip.day,
        place=note.place,
        inspector=note.inspector,
        remark=note.remark,
        reverses=slip.reverses,
        resolved_on=slip.resolved_on,
        on_behalf=on_behalf or None,
        recorded_at=at,
        recorded_by=label_of(actor),
    )
    session.add(row)
    session.flush()
    items = {item.ref: item.id for item in session.exec(select(ItemRow).where(col(ItemRow.lot_id) == agreed.lot_id))}
    for item, quantity in slip.quantities.items():
        session.add(ContractLineRow(slip_id=row.id, item_id=items[item], quantity=quantity))
    _touch(session, session.get_one(ContractRow, (agreed.lot_id, code)), actor, at)
    session.flush()
    return row


def _touch(session: Session, contract: ContractRow, actor: Actor, at: datetime) -> None:
    contract.changed_at, contract.changed_by = at, label_of(actor)
    contract.version += 1
    session.add(contract)


def _changes(before: Terms, after: Terms) -> dict[str, tuple[object, object]]:
    found: dict[str, tuple[object, object]] = {}
    for field in fields(Terms):
        was, will = getattr(before, field.name), getattr(after, field.name)
        if was != will:
            found[field.name] = said(was), said(will)
    return found


def said(value: object) -> object:
    """What the history writes: nothing for an empty text."""
    return None if value == "" else value


def _slip_changes(agreed: Agreed, slip: Slip, note: Note) -> dict[str, tuple[object, object]]:
    names = names_of(agreed)
    found: dict[str, tuple[object, object]] = {"number": (None, slip.number), "day": (None, slip.day)}
    found |= {names[item]: (None, f"{quantity:+,}") for item, quantity in slip.quantities.items()}
    if slip.resolved_on is not None:
        found["resolved_on"] = None, slip.resolved_on
    notes = {"place": note.place, "inspector": note.inspector, "remark": note.remark}
    return found | {what: (None, text) for what, text in notes.items() if text}


def _tell(
    session: Session,
    row: RoundRow,
    agreed: Agreed,
    code: str,
    action: str,
    changes: Mapping[str, tuple[object, object]],
    actor: Actor,
    at: datetime,
    on_behalf: str | None,
) -> None:
    body = session.get_one(BodyRow, code)
    why = {"on_behalf": (None, on_behalf)} if on_behalf else {}
    subject = f"{body.display_name}　{agreed.lot.title}"
    record(session, at, actor, action, round_ref=row.ref, subject=subject, changes={**changes, **why})
