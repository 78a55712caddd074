"""A published round for readers outside: its public report, its dates, and who the bidders are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session, col, select

from procure.awards.queries import confirmation_of
from procure.bids.after_tables import NegotiationRow
from procure.errors import NotFound
from procure.reports.businesses import Business, bidders_of, contractors_of
from procure.reports.published_deals import Deal, deals_of
from procure.reports.queries import settled_round
from procure.reports.report import RoundReport
from procure.reports.signed import Place, Signed, signed_in
from procure.reports.taken_in import TakenIn, taken_in
from procure.rounds.queries import find_round, rounds_following
from procure.rounds.stages import Stage
from procure.rounds.tables import LotRow, RoundRow
from procure.settlement.round import TenderMethod


@dataclass(frozen=True, slots=True)
class PublishedRound:
    """`report` holds what may be published and nothing else. `bidders` are by lot and bidder.

    `contractors` are those of a 随意契約 that are registered, by lot and name; `signed` what the bodies have recorded
    of their contracts; `otherwise_at` the moments at which a 随意契約 was approved, or a lot put out to tender again.
    """

    report: RoundReport
    is_sample: bool
    published_at: datetime
    decided_on: date
    methods: Mapping[str, TenderMethod] = field(default_factory=dict)
    bidders: Mapping[tuple[str, str], Business] = field(default_factory=dict)
    contractors: Mapping[tuple[str, str], Business] = field(default_factory=dict)
    deals: tuple[Deal, ...] = ()
    signed: Mapping[Place, Signed] = field(default_factory=dict)
    taken_in: TakenIn | None = None
    otherwise_at: tuple[datetime, ...] = ()

    @property
    def ref(self) -> str:
        return self.report.id

    @property
    def told_at(self) -> datetime:
        """When the last of what is told of the round was recorded: 公表, or what has changed after it."""
        signed = (one.recorded_at for one in self.signed.values())
        known = (*self.bidders.values(), *self.contractors.values())
        registered = (one.changed_at for one in known if one.changed_at is not None)
        return max((self.published_at, *signed, *registered, *self.otherwise_at))

    def signed_by(self, lot: str, code: str) -> Signed | None:
        return self.signed.get((lot, code))

    @property
    def standing(self) -> tuple[Deal, ...]:
        """What is bought: neither an award that was not signed, nor one of a lot that is tendered again."""
        return tuple(deal for deal in self.deals if deal.stands)

    def party_to(self, deal: Deal) -> Business:
        known = self.contractors.get((deal.lot.id, deal.name), Business(deal.name))
        return self.bidders.get((deal.lot.id, deal.bidder or ""), known)


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
        bidders=bidders_of(session, row.id),
        contractors=contractors_of(session, row.id),
        deals=deals_of(settled.report, settled.round.lots, settled.result.lots, confirmation.decision_date),
        signed=signed_in(session, row),
        taken_in=taken_in(session, row),
        otherwise_at=tuple(_otherwise_at(session, row)),
    )


def _otherwise_at(session: Session, row: RoundRow) -> Iterator[datetime]:
    joined = select(NegotiationRow).join(LotRow, col(LotRow.id) == col(NegotiationRow.lot_id))
    rows = session.exec(joined.where(col(LotRow.round_id) == row.id))
    yield from (one.approved_at for one in rows if one.approved_at is not None)
    yield from (following.created_at for following in rounds_following(session, row.ref))
