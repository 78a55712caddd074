"""Sealing a ceiling (予定価格), and opening the seals of a round."""

import json
import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from procure.ceilings.ceiling import Ceiling, basis_json, ceiling_faults, commitment, packed, unpacked
from procure.ceilings.queries import opened_of, seal_of
from procure.ceilings.standing import quantities_text
from procure.ceilings.tables import OpenedCeilingRow, SealedCeilingRow
from procure.ceilings.vault import Vault
from procure.demand.queries import demand_by_lot
from procure.errors import Conflict, Fault, Invalid, refuse
from procure.history.record import Actor, Changes, label_of, record
from procure.rounds.queries import lots_of
from procure.rounds.stages import Act, require
from procure.rounds.tables import LotRow, RoundRow
from procure.rounds.values import rules_value
from procure.settlement.round import CeilingDisclosure
from procure.values.money import format_decimal


def seal_ceiling(
    session: Session,
    row: RoundRow,
    lot: LotRow,
    ceiling: Ceiling,
    vault: Vault,
    actor: Actor,
    at: datetime,
    reason: str = "",
) -> SealedCeilingRow:
    """Nobody reads the amounts from now on until the opening; the history has only their commitment.

    Setting it anew needs a `reason`. Raises KeyMissing, Conflict where the lot is open or cancelled, Invalid.
    """
    require_sealable(session, row, lot)
    rules = rules_value(lot)
    before = seal_of(session, lot)
    faults = list(ceiling_faults(ceiling, rules.tax_rate, rules.price_decimals))
    if before is not None and not 0 < len(reason) <= 1000:
        faults.append(Fault("reason", "予定価格を定め直す理由を1000字以内で入力してください。"))
    refuse(faults)
    sealed = write_seal(session, row, lot, ceiling, vault, actor, at, reason)
    row.version += 1
    return sealed


def require_sealable(session: Session, row: RoundRow, lot: LotRow) -> None:
    """Raises Conflict: after the opening, after a 事前公表, or for a lot that was called off."""
    require(Act.SEAL_CEILING, row.stage)
    if lot.cancelled is not None:
        raise Conflict(f"「{lot.title}」は取止めになっているため、予定価格は定められません。")
    if opened_of(session, lot) is not None or lot.ceiling is not None:
        raise Conflict(f"「{lot.title}」の予定価格は、すでに公表または開封されているため、定め直せません。")


def write_seal(
    session: Session,
    row: RoundRow,
    lot: LotRow,
    ceiling: Ceiling,
    vault: Vault,
    actor: Actor,
    at: datetime,
    reason: str = "",
) -> SealedCeilingRow:
    """Seals what was checked already, whatever the stage."""
    before = seal_of(session, lot)
    number = before.number + 1 if before else 1
    place, nonce = _place(row, lot, number), secrets.token_hex(32)
    sealed = SealedCeilingRow(
        lot_id=lot.id,
        number=number,
        sealed=vault.seal(packed(ceiling, nonce), place),
        key_name=vault.key_name,
        commitment=commitment(ceiling, nonce, place),
        tax_rate=lot.tax_rate,
        quantities=quantities_text(demand_by_lot(session, row.id), lot),
        reason=reason or None,
        sealed_at=at,
        sealed_by=label_of(actor),
    )
    session.add(sealed)
    session.flush()
    changes: Changes = {
        "commitment": (before and before.commitment, sealed.commitment),
        "reason": (None, reason or None),
    }
    record(session, at, actor, "ceiling_sealed", round_ref=row.ref, subject=lot.title, changes=changes)
    return sealed


def open_ceilings(
    session: Session,
    row: RoundRow,
    disclosures: Iterable[CeilingDisclosure],
    vault: Vault,
    actor: Actor,
    at: datetime,
) -> None:
    """Opens the seals of the lots with these disclosures that are still closed: 事前公表 at the notice, all at 開札.

    That of a lot that was called off stays closed: the tender that follows it may rest on the same amount.
    Raises KeyMissing and WrongKey before anything is opened.
    """
    disclosed = frozenset(disclosures)
    for lot in lots_of(session, row.id):
        seal = seal_of(session, lot) if lot.cancelled is None else None
        if seal is not None and lot.ceiling_disclosure in disclosed and opened_of(session, lot) is None:
            _open(session, row, lot, seal, vault, actor, at)


def _open(
    session: Session, row: RoundRow, lot: LotRow, seal: SealedCeilingRow, vault: Vault, actor: Actor, at: datetime
) -> None:
    place = _place(row, lot, seal.number)
    ceiling, nonce = unpacked(vault.open(seal.sealed, seal.key_name, place))
    if commitment(ceiling, nonce, place) != seal.commitment:
        raise Invalid(
            Fault("", f"「{lot.title}」の予定価格が、封印したときの確認値と合いません。記録を確かめてください。")
        )
    session.add(
        OpenedCeilingRow(
            lot_id=lot.id,
            number=seal.number,
            basis=json.dumps(basis_json(ceiling.basis), ensure_ascii=False),
            nonce=nonce,
            opened_at=at,
            opened_by=label_of(actor),
        )
    )
    lot.ceiling, lot.ceiling_with_tax = ceiling.without_tax, ceiling.with_tax
    session.flush()
    changes: Changes = {
        "ceiling_with_tax": (None, ceiling.with_tax),
        "ceiling": (None, format_decimal(ceiling.without_tax)),
        "nonce": (None, nonce),
        "commitment": (None, seal.commitment),
    }
    record(session, at, actor, "ceiling_opened", round_ref=row.ref, subject=lot.title, changes=changes)


def _place(row: RoundRow, lot: LotRow, number: int) -> str:
    """Round, lot and number of the seal: one that was moved elsewhere does not open."""
    return f"{row.ref}|{lot.ref}|{number}"
