"""A published round for readers outside: its public report, its dates, and who the bidders are."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session, col, select

from procure.awards.queries import confirmation_of
from procure.bids.tables import BidderRow
from procure.errors import NotFound
from procure.parties.tables import SupplierRow
from procure.reports.published_deals import Deal, deals_of
from procure.reports.queries import settled_round
from procure.reports.report import RoundReport
from procure.rounds.queries import find_round
from procure.rounds.stages import Stage
from procure.rounds.tables import LotRow, RoundRow
from procure.settlement.round import TenderMethod
from procure.values.text import search_key


@dataclass(frozen=True, slots=True)
class Business:
    """事業者, as a bidder of a lot. `corporate_number` is None where it is not known."""

    name: str
    corporate_number: str | None = None
    address: str = ""

    @property
    def key(self) -> str:
        """The same in every round: the 法人番号, or else what the name gives."""
        return self.corporate_number or name_key(self.name)


@dataclass(frozen=True, slots=True)
class PublishedRound:
    """`report` holds what may be published and nothing else. `bidders` are by lot and bidder."""

    report: RoundReport
    is_sample: bool
    published_at: datetime
    decided_on: date
    methods: Mapping[str, TenderMethod] = field(default_factory=dict)
    bidders: Mapping[tuple[str, str], Business] = field(default_factory=dict)
    deals: tuple[Deal, ...] = ()

    @property
    def ref(self) -> str:
        return self.report.id

    def winner_of(self, lot: str) -> Business | None:
        """Who won the tender of a lot, whether or not it came to a contract."""
        return next((self.party_to(deal) for deal in self.deals if deal.lot.id == lot and deal.ground is None), None)

    def party_to(self, deal: Deal) -> Business:
        return self.bidders.get((deal.lot.id, deal.bidder or ""), Business(deal.name))


def name_key(name: str) -> str:
    """Sixteen hexadecimal digits for an address: the same however the name is typed (width, variants of a kanji)."""
    return hashlib.sha256(search_key(name).encode()).hexdigest()[:16]


def published_row(session: Session, ref: str) -> RoundRow:
    """Raises NotFound before 公表: until then nobody outside knows that the round has a result."""
    row = find_round(session, ref)
    if row.stage is not Stage.PUBLISHED:
        raise NotFound
    return row


def published_value(session: Session, row: RoundRow) -> PublishedRound:
    """Raises NotFound before 公表."""
    confirmation = confirmation_of(session, row)
    if row.stage is not Stage.PUBLISHED or row.published_at is None or confirmation is None:
        raise NotFound
    settled = settled_round(session, row, for_public=True)
    return PublishedRound(
        report=settled.report,
        is_sample=row.is_sample,
        published_at=row.published_at,
        decided_on=confirmation.decision_date,
        methods={lot.id: lot.tender_method for lot in settled.round.lots},
        bidders=_bidders(session, row.id),
        deals=deals_of(settled.report, settled.round.lots, settled.result.lots, confirmation.decision_date),
    )


def _bidders(session: Session, round_id: int) -> dict[tuple[str, str], Business]:
    joined = (
        select(LotRow.ref, BidderRow, SupplierRow)
        .join(LotRow, col(LotRow.id) == col(BidderRow.lot_id))
        .join(SupplierRow, col(SupplierRow.id) == col(BidderRow.supplier_id), isouter=True)
    )
    rows = session.exec(joined.where(col(LotRow.round_id) == round_id).order_by(col(BidderRow.position)))
    return {(lot, bidder.ref): _business(bidder, supplier) for lot, bidder, supplier in rows}


def _business(bidder: BidderRow, supplier: SupplierRow | None) -> Business:
    if supplier is None:
        return Business(bidder.name)
    return Business(bidder.name, supplier.corporate_number, supplier.address)
