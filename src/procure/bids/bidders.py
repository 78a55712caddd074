"""Who takes part in the tender of a lot: registration, 指名 or 参加申込 with its check, suspension."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sqlmodel import Session, col, delete

from procure.bids.admission import Admission
from procure.bids.queries import applicants_by_lot
from procure.bids.tables import BidderRow
from procure.errors import Fault, refuse
from procure.history.record import Actor, record
from procure.parties.suppliers import NAMES, Supplier, known_supplier, registered_as, suppliers, suspended_on
from procure.parties.tables import SupplierRow, SuspensionRow
from procure.rounds.queries import lots_of
from procure.rounds.stages import Act, require
from procure.rounds.tables import LotRow, RoundRow
from procure.values.corporate_number import is_corporate_number
from procure.values.era import wareki

_REGISTERED = {"address": "所在地", "representative": "代表者"}


@dataclass(frozen=True, slots=True)
class Registration:
    """A bidder as registered for the round: its id, its name, the lots it takes part in, and how it came to do so."""

    ref: str
    name: str
    lots: frozenset[str]
    corporate_number: str | None = None
    address: str = ""
    representative: str = ""
    admission: Admission = Admission.REGISTERED
    admission_reason: str = ""

    @property
    def supplier(self) -> Supplier:
        return Supplier(self.name, self.corporate_number, self.address, self.representative)


def save_bidders(
    session: Session, row: RoundRow, registrations: Sequence[Registration], actor: Actor, at: datetime
) -> None:
    """Writes the bidders of every lot, in the order of registration. Raises Invalid with every fault."""
    require(Act.REGISTER_BIDDERS, row.stage)
    lots = lots_of(session, row.id)
    refuse(bidder_faults(session, row, registrations))
    known = {entry.ref: known_supplier(session, entry.supplier, actor, at) for entry in registrations}
    before = applicants_by_lot(session, row.id)
    changes: dict[str, tuple[object, object]] = {}
    for lot in lots:
        wanted = [entry for entry in registrations if lot.ref in entry.lots]
        was = "、".join(_shown(bidder.name, bidder.admission) for bidder in before.get(lot.id, ()))
        will = "、".join(_shown(entry.name, entry.admission) for entry in wanted)
        if was != will:
            changes[lot.title] = (was or None, will or None)
        _write_bidders(session, lot, wanted, known)
    if changes:
        row.version += 1
        record(session, at, actor, "bidders_registered", round_ref=row.ref, subject=row.title, changes=changes)


def bidder_faults(session: Session, row: RoundRow, registrations: Sequence[Registration]) -> Iterable[Fault]:
    """All at once: of the registrations, of what the register of suppliers says otherwise, and of suspensions."""
    found = {entry.ref: registered_as(session, entry.supplier) for entry in registrations}
    known = {ref: supplier for ref, supplier in found.items() if supplier is not None}
    return chain(
        registration_faults(registrations, {lot.ref for lot in lots_of(session, row.id)}),
        registry_faults(registrations, known, suppliers(session)),
        suspension_faults(session, row, registrations, known),
    )


def registration_faults(registrations: Sequence[Registration], lots: Set[str]) -> Iterator[Fault]:
    """`lots` are the lots of the round; a bidder takes part in at least one of them."""
    times = Counter(entry.name for entry in registrations)
    numbers = Counter(entry.corporate_number for entry in registrations if entry.corporate_number)
    for index, entry in enumerate(registrations):
        at = f"bidder-{index}"
        if not entry.name or len(entry.name) > 200:
            yield Fault(f"{at}-name", "入札者の商号又は名称を200字以内で入力してください。")
        elif times[entry.name] > 1:
            yield Fault(f"{at}-name", f"「{entry.name}」が二度登録されています。一つにまとめてください。")
        if not entry.lots & lots:
            yield Fault(f"{at}-name", f"「{entry.name}」が参加するロットを選んでください。")
        yield from _number_faults(at, entry, numbers)
        if entry.admission is Admission.UNQUALIFIED and not 0 < len(entry.admission_reason) <= 1000:
            yield Fault(f"{at}-reason", f"「{entry.name}」に参加資格がない理由を1000字以内で入力してください。")


def _number_faults(at: str, entry: Registration, numbers: Mapping[str, int]) -> Iterator[Fault]:
    if entry.corporate_number is None:
        return
    if not is_corporate_number(entry.corporate_number):
        yield Fault(
            f"{at}-number",
            f"「{entry.name}」の法人番号の検査用数字が合いません。13桁の番号を国税庁の公表サイトで確かめてください。",
        )
    elif numbers[entry.corporate_number] > 1:
        yield Fault(f"{at}-number", f"法人番号 {entry.corporate_number} が二度登録されています。")


def registry_faults(
    registrations: Sequence[Registration], known: Mapping[str, SupplierRow], register: Iterable[SupplierRow]
) -> Iterator[Fault]:
    """What the register of suppliers says otherwise is changed there; a name that several have needs its number.

    `known` are the registered ones, by the id of the bidder. Pure.
    """
    times = Counter(supplier.name for supplier in register)
    for index, entry in enumerate(registrations):
        at = f"bidder-{index}"
        for field, label in _REGISTERED.items():
            if len(getattr(entry, field)) > NAMES[field]:
                yield Fault(f"{at}-{field}", f"「{entry.name}」の{label}は{NAMES[field]}字以内で入力してください。")
        if entry.corporate_number is None and times[entry.name] > 1:
            yield Fault(
                f"{at}-number", f"「{entry.name}」という事業者が複数登録されています。法人番号を入力してください。"
            )
        elif entry.ref in known:
            yield from _differences(at, entry, known[entry.ref])


def _differences(at: str, entry: Registration, supplier: SupplierRow) -> Iterator[Fault]:
    if entry.name and entry.name != supplier.name:
        yield Fault(
            f"{at}-name",
            f"法人番号 {entry.corporate_number} は「{supplier.name}」で登録されています。"
            "名称を確かめ、変わったときは事業者の画面で修正してください。",
        )
    for field, label in _REGISTERED.items():
        typed, stands = getattr(entry, field), getattr(supplier, field)
        if typed and stands and typed != stands:
            yield Fault(
                f"{at}-{field}",
                f"「{entry.name}」の{label}は「{stands}」で登録されています。変わったときは事業者の画面で修正してください。",
            )


def suspension_faults(
    session: Session, row: RoundRow, registrations: Sequence[Registration], known: Mapping[str, SupplierRow]
) -> Iterator[Fault]:
    """Who is suspended on the day of the bids takes no part (指名停止). `known` are the registered ones, by ref."""
    suspended = suspended_on(session, {supplier.id for supplier in known.values()}, row.bid_date)
    for index, entry in enumerate(registrations):
        found = suspended.get(known[entry.ref].id) if entry.ref in known else None
        if found is not None and entry.admission.takes_part:
            yield Fault(f"bidder-{index}-name", _suspended(entry.name, found))


def admission_faults(session: Session, row: RoundRow) -> Iterator[Fault]:
    """Before the opening: every application is checked, and nobody who takes part is suspended."""
    by_lot = applicants_by_lot(session, row.id)
    everybody = {bidder.ref: bidder for bidders in by_lot.values() for bidder in bidders if bidder.admission.takes_part}
    named = _numbers_by_name(session)
    suspended = suspended_on(session, set(chain.from_iterable(named.values())), row.bid_date)
    for bidder in everybody.values():
        if bidder.admission is Admission.APPLIED:
            yield Fault("bidders", f"「{bidder.name}」の参加資格が未確認です。入札者の登録で確認してください。")
        # One that came with a round file is known by its name only.
        meant = named.get(bidder.name, ()) if bidder.supplier_id is None else (bidder.supplier_id,)
        found = next((suspended[number] for number in meant if number in suspended), None)
        if found is not None:
            yield Fault("bidders", _suspended(bidder.name, found))


def _numbers_by_name(session: Session) -> Mapping[str, Sequence[int]]:
    """The rows of the suppliers: several may share a name."""
    found: dict[str, list[int]] = defaultdict(list)
    for supplier in suppliers(session):
        found[supplier.name].append(supplier.id)
    return found


def write_bidders(session: Session, lot: LotRow, bidders: Sequence[tuple[str, str]]) -> dict[str, BidderRow]:
    """Makes the bidders of a new lot, (id, name) in the order of registration."""
    rows = {
        ref: BidderRow(lot_id=lot.id, ref=ref, position=position, name=name)
        for position, (ref, name) in enumerate(bidders)
    }
    session.add_all(rows.values())
    session.flush()
    return rows


def _write_bidders(
    session: Session, lot: LotRow, wanted: Sequence[Registration], known: Mapping[str, SupplierRow]
) -> None:
    session.exec(delete(BidderRow).where(col(BidderRow.lot_id) == lot.id))
    for ref, bidder in write_bidders(session, lot, [(entry.ref, entry.name) for entry in wanted]).items():
        entry = next(entry for entry in wanted if entry.ref == ref)
        bidder.supplier_id, bidder.admission = known[ref].id, entry.admission
        bidder.admission_reason = entry.admission_reason or None
    session.flush()


def _shown(name: str, admission: Admission) -> str:
    return name if admission is Admission.REGISTERED else f"{name}（{admission.label}）"


def _suspended(name: str, suspension: SuspensionRow) -> str:
    days = f"{wareki(suspension.first_day)}から{wareki(suspension.last_day)}まで"
    return f"「{name}」は入札日に指名停止中です（{days}）。参加資格なしとするか、事業者の登録を確かめてください。"
