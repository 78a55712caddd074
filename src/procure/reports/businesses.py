"""事業者 as documents, pages and open data name them: bidders of a lot, and those of a 随意契約 who did not bid."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, select

from procure.bids.after_tables import NegotiatedContractRow
from procure.bids.tables import BidderRow
from procure.parties.suppliers import Supplier, registered_as
from procure.parties.tables import SupplierRow
from procure.rounds.tables import LotRow
from procure.values.text import search_key


@dataclass(frozen=True, slots=True)
class Business:
    """`corporate_number` is None where it is not known, `representative` (職氏名) and `address` are "".

    `changed_at` is when its entry in the register was made or changed last; None for one that is not registered.
    """

    name: str
    corporate_number: str | None = None
    address: str = ""
    representative: str = ""
    changed_at: datetime | None = field(default=None, compare=False)

    @property
    def key(self) -> str:
        """The same in every round: the 法人番号, or else what the name gives."""
        return self.corporate_number or name_key(self.name)


def name_key(name: str) -> str:
    """Sixteen hexadecimal digits for an address: the same however the name is typed (width, variants of a kanji)."""
    return hashlib.sha256(search_key(name).encode()).hexdigest()[:16]


def bidders_of(session: Session, round_id: int) -> dict[tuple[str, str], Business]:
    """By lot and bidder, in the order of registration."""
    joined = (
        select(LotRow.ref, BidderRow, SupplierRow)
        .join(LotRow, col(LotRow.id) == col(BidderRow.lot_id))
        .join(SupplierRow, col(SupplierRow.id) == col(BidderRow.supplier_id), isouter=True)
    )
    rows = session.exec(joined.where(col(LotRow.round_id) == round_id).order_by(col(BidderRow.position)))
    return {(lot, bidder.ref): _business(bidder.name, supplier) for lot, bidder, supplier in rows}


def contractors_of(session: Session, round_id: int) -> Mapping[tuple[str, str], Business]:
    """By lot and by the word that the round has for them: the contractors of a 随意契約 that are registered."""
    joined = select(LotRow.ref, NegotiatedContractRow.contractor).join(
        LotRow, col(LotRow.id) == col(NegotiatedContractRow.lot_id)
    )
    named = session.exec(joined.where(col(LotRow.round_id) == round_id)).all()
    known = {name: registered_as(session, Supplier(name)) for name in {name for _, name in named}}
    return {(lot, name): _business(name, known[name]) for lot, name in named if known[name] is not None}


def _business(name: str, supplier: SupplierRow | None) -> Business:
    if supplier is None:
        return Business(name)
    return Business(name, supplier.corporate_number, supplier.address, supplier.representative, supplier.changed_at)
