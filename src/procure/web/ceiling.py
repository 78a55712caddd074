"""The ceiling (予定価格) of a lot: set with its basis, sealed, and after the opening shown with what it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlmodel import Session

from procure.ceilings.actions import require_sealable, seal_ceiling
from procure.ceilings.ceiling import (
    LONGEST_EARLIER,
    Basis,
    Ceiling,
    ceiling_faults,
    is_below_limit,
    without_tax,
)
from procure.ceilings.queries import basis_of, opened_of, seals_of
from procure.ceilings.standing import outdated_seals
from procure.ceilings.vault import KeyMissing
from procure.errors import Conflict, Fault
from procure.reports.ceiling_evidence import Proposal, proposal
from procure.rounds.queries import find_lot, find_round, locked_round
from procure.rounds.tables import LotRow, RoundRow
from procure.rounds.values import rules_value
from procure.server import Answer, Done, Fields, Goto, Page, Permission, Visit, get, post
from procure.settlement.labels import CEILING_DISCLOSURE
from procure.settlement.round import Rules
from procure.templates import yen
from procure.values.money import Yen, format_decimal, parse_decimal
from procure.values.quantity import parse_quantity, parse_yen
from procure.values.tax import ceiling_with_tax, least_with_tax
from procure.values.unreadable import Unreadable
from procure.web.reading import Reading
from procure.web.rounds import CHANGED_MEANWHILE, is_stale

TAKE_OVER = "take_over"  # the button that writes the proposal into the form
FIELDS = (
    "with_tax",
    "without_tax",
    "below_limit",
    "list_total",
    "discount",
    "quotations",
    "lowest_quotation",
    "average_quotation",
    "earlier",
    "note",
    "reason",
)
BELOW_LIMIT = (
    "入札書比較価格が、予定価格から求めた{limit:,}円を下回っています。予定価格の制限の範囲内の入札を落札できなくなります。"
    "そのままでよければ「下回ることを確認しました」に印を付けてください。"
)


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal of the lot, without its amounts."""

    number: int
    sealed_at: datetime
    sealed_by: str
    reason: str | None
    commitment: str


@dataclass(frozen=True, slots=True)
class Opened:
    """What was under the seal that counts. `with_tax` is 予定価格; the commitment can be recomputed from `said`."""

    with_tax: Yen | None
    without_tax: Yen | None
    basis: tuple[tuple[str, str], ...]
    opened_at: datetime | None
    opened_by: str
    said: str


@get("/rounds/{ref}/lots/{lot}/ceiling", Permission.MANAGE_ROUNDS)
def show_ceiling(visit: Visit, ref: str, lot: str) -> Answer:
    row = find_round(visit.session, ref)
    return _page(visit, row, find_lot(visit.session, row.id, lot), Fields())


@post("/rounds/{ref}/lots/{lot}/ceiling", Permission.MANAGE_ROUNDS)
def save_ceiling(visit: Visit, ref: str, lot: str) -> Answer:
    row = locked_round(visit.session, ref)
    found = find_lot(visit.session, row.id, lot)
    require_sealable(visit.session, row, found)
    if TAKE_OVER in visit.form:
        return _page(visit, row, found, _with_proposal(visit, row, found))
    if is_stale(visit.form, row):
        return _page(visit, row, found, visit.form, conflict=CHANGED_MEANWHILE)
    if not visit.vault.has_key:
        raise KeyMissing
    rules = rules_value(found)
    reading = Reading(visit.form)
    ceiling = _read(reading, rules)
    reason = reading.text("reason", lines=True)
    faults = list(reading.judged(_faults(visit.form, ceiling, rules)))
    if seals_of(visit.session, found) and not reason:
        faults.append(Fault("reason", "予定価格を定め直す理由を1000字以内で入力してください。"))
    if faults:
        return _page(visit, row, found, visit.form, faults)
    seal_ceiling(visit.session, row, found, ceiling, visit.vault, visit.person, visit.now, reason)
    return Goto(f"/rounds/{row.ref}/lots/{found.ref}/ceiling", Done.ceiling_sealed)


# ---- reading -----------------------------------------------------------------------------------------


def _read(reading: Reading, rules: Rules) -> Ceiling:
    """Of the two amounts the one that was left empty follows from the other."""
    with_tax = reading.value("with_tax", parse_yen)
    without = reading.value("without_tax", lambda typed: parse_yen(typed, rules.price_decimals))
    if with_tax is None and without is None and not reading.faults:
        reading.faults.append(Fault("with_tax", "予定価格（税込）を入力してください。"))
    if with_tax is None:
        with_tax = least_with_tax(without or 0, rules.tax_rate)
    if without is None:
        without = without_tax(int(with_tax), rules.tax_rate)
    return Ceiling(int(with_tax), without, _read_basis(reading))


def _read_basis(reading: Reading) -> Basis:
    return Basis(
        list_total=reading.value("list_total", lambda typed: parse_yen(typed, 2)),
        discount_percent=reading.value("discount", _parse_percent),
        quotations=reading.value("quotations", lambda typed: parse_quantity(typed, "社")),
        lowest_quotation=reading.value("lowest_quotation", parse_yen),
        average_quotation=reading.value("average_quotation", parse_yen),
        earlier=tuple(line for line in reading.text("earlier", lines=True).splitlines() if line),
        note=reading.text("note", lines=True),
    )


def _parse_percent(typed: str) -> Fraction | None:
    text = typed.strip().translate(str.maketrans("０１２３４５６７８９．％", "0123456789.%")).removesuffix("%")
    if not text:
        return None
    try:
        return parse_decimal(text)
    except ValueError:
        raise Unreadable("値引率は数字で入力してください（例：48.5）。") from None


def _faults(form: Fields, ceiling: Ceiling, rules: Rules) -> Sequence[Fault]:
    faults = list(ceiling_faults(ceiling, rules.tax_rate, rules.price_decimals))
    if not faults and is_below_limit(ceiling, rules.tax_rate) and "below_limit" not in form:
        limit = without_tax(ceiling.with_tax, rules.tax_rate)
        faults.append(Fault("below_limit", BELOW_LIMIT.format(limit=limit)))
    return faults


def _with_proposal(visit: Visit, row: RoundRow, lot: LotRow) -> Fields:
    """What was typed, with the amounts and the basis of the proposal in their fields."""
    found = proposal(visit.session, row, lot.ref)
    if found.without_tax is None:
        raise Conflict("過去の落札から予定価格の案を作れません。参考見積などから入力してください。")
    rate = rules_value(lot).tax_rate
    taken = {
        "with_tax": f"{least_with_tax(found.without_tax, rate):,}",
        "without_tax": f"{found.without_tax:,}",
        "list_total": "" if found.list_total is None else yen(found.list_total),
        "discount": "" if found.discount_percent is None else str(found.discount_percent),
        "earlier": _told([str(one) for one in found.evidence]),
    }
    return Fields([(name, taken.get(name, visit.form.text(name))) for name in FIELDS if name != "below_limit"])


def _told(lines: Sequence[str]) -> str:
    """As many as the basis holds, the latest first, and how many more there are."""
    for kept in range(len(lines), -1, -1):
        rest = [f"ほか{len(lines) - kept:,}件"] if kept < len(lines) else []
        text = "\n".join([*lines[:kept], *rest])
        if len(text) <= LONGEST_EARLIER:
            break
    return text


# ---- the page ----------------------------------------------------------------------------------------


def _page(
    visit: Visit,
    row: RoundRow,
    lot: LotRow,
    form: Fields,
    faults: Sequence[Fault] = (),
    conflict: str | None = None,
) -> Page:
    session, rules = visit.session, rules_value(lot)
    seals = [
        Seal(seal.number, seal.sealed_at, seal.sealed_by, seal.reason, seal.commitment)
        for seal in seals_of(session, lot)
    ]
    closed = _why_closed(visit, row, lot)
    values = {
        "ref": row.ref,
        "title": row.title,
        "lot": lot.ref,
        "lot_title": lot.title,
        "version": row.version,
        "disclosure": CEILING_DISCLOSURE[lot.ceiling_disclosure],
        "tax_percent": format_decimal(rules.tax_rate * 100),
        "seals": seals,
        "opened": _opened(session, row, lot),
        "outdated": outdated_seals(session, row),
        "is_cancelled": lot.cancelled is not None,
        "closed": closed,
        "is_key_missing": closed is None and not visit.vault.has_key,
        "key_missing": KeyMissing.__doc__,
        "proposal": _proposal(session, row, lot) if closed is None else None,
        "typed": {name: form.text(name) for name in FIELDS},
        "faults": sorted(faults, key=lambda fault: FIELDS.index(fault.field)),
        "conflict": conflict,
    }
    return Page("bidding/ceiling.html", values, status=409 if conflict else 422 if faults else 200)


def _proposal(session: Session, row: RoundRow, lot: LotRow) -> Proposal:
    return proposal(session, row, lot.ref)


def _why_closed(visit: Visit, row: RoundRow, lot: LotRow) -> str | None:
    try:
        require_sealable(visit.session, row, lot)
    except Conflict as conflict:
        return conflict.message
    return None


def _opened(session: Session, row: RoundRow, lot: LotRow) -> Opened | None:
    if lot.ceiling is None:
        return None
    opened, basis = opened_of(session, lot), basis_of(session, lot)
    said = ""
    if opened is not None and lot.ceiling_with_tax is not None:
        place = f"{row.ref}|{lot.ref}|{opened.number}"
        said = f"{opened.nonce}|{place}|{format_decimal(lot.ceiling_with_tax)}|{format_decimal(lot.ceiling)}"
    return Opened(
        with_tax=ceiling_with_tax(lot.ceiling_with_tax, lot.ceiling, rules_value(lot).tax_rate),
        without_tax=lot.ceiling,
        basis=basis_words(basis) if basis else (),
        opened_at=opened.opened_at if opened else None,
        opened_by=opened.opened_by if opened else "",
        said=said,
    )


def basis_words(basis: Basis) -> tuple[tuple[str, str], ...]:
    """算定根拠 line by line, as the page and the record of the ceiling show it."""
    amounts = (
        ("定価の総額（税抜）", basis.list_total),
        ("参考見積の最低（税抜）", basis.lowest_quotation),
        ("参考見積の平均（税抜）", basis.average_quotation),
    )
    said = [(label, f"{yen(amount)}円") for label, amount in amounts if amount is not None]
    if basis.discount_percent is not None:
        said.insert(1 if basis.list_total is not None else 0, ("値引率", f"{format_decimal(basis.discount_percent)}％"))
    if basis.quotations is not None:
        said.append(("参考見積の社数", f"{basis.quotations}社"))
    said += [("過去の落札", line) for line in basis.earlier]
    return (*said, ("説明", basis.note)) if basis.note else tuple(said)


routes = [show_ceiling, save_ceiling]
