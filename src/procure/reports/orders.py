"""発注書: what a body orders of each contractor, lot by lot, at the prices and with the tax of the result."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from procure.reports.businesses import Business
from procure.reports.lot_record import LotRecord
from procure.reports.report import LotReport, Participant, RoundReport, ShareRow
from procure.settlement.round import Lot

NO_RECORD = LotRecord()


@dataclass(frozen=True, slots=True)
class Order:
    """One body's order of one contractor; `share` has its items and sums (tax-exclusive yen unless named so).

    `lot` is the award, or a 随意契約 in its place as a lot by itself. `number` counts the orders of the body from 1.
    `spares` (予備) are counted in the quantities; `places` (納入場所) are as the body gave them, "" where it gave none;
    `deadline` is 納入期限, None where none is set.
    """

    number: int
    body: Participant
    lot: LotReport
    share: ShareRow
    contractor: Business
    spares: Mapping[str, int]
    places: str
    deadline: date | None

    @property
    def priced(self) -> bool:
        """Whether the unit prices are known: not where a winner gave no breakdown."""
        return self.share.amount is not None


def orders_of(
    report: RoundReport, lots: Iterable[Lot], records: Mapping[str, LotRecord], code: str
) -> tuple[Order, ...]:
    """Of the body of this code. There is none where neither an award nor a 随意契約 stands, or nothing is asked for."""
    body = next((one for one in report.bodies if one.code == code), None)
    if body is None:
        return ()
    found = (
        (value, record, deal, contractor, share)
        for shown, value in zip(report.lots, lots, strict=True)
        for record in [records.get(shown.id, NO_RECORD)]
        for deal, contractor in _deals(shown, value, record)
        for share in deal.municipalities
        if share.code == code and share.items
    )
    return tuple(
        Order(
            number=number,
            body=body,
            lot=deal,
            share=share,
            contractor=contractor,
            spares=_spares(value, code),
            places=record.places.get(code, ""),
            deadline=record.deadline,
        )
        for number, (value, record, deal, contractor, share) in enumerate(found, start=1)
    )


def _deals(shown: LotReport, value: Lot, record: LotRecord) -> Iterator[tuple[LotReport, Business]]:
    """By whom the lot is supplied, each with what is known of the business."""
    for deal, word in zip(shown.suppliers, _words(shown, value), strict=True):
        yield deal, record.businesses.get(word, Business(deal.winner or ""))


def _words(shown: LotReport, value: Lot) -> tuple[str, ...]:
    """What the round calls them: the ids of bidders, the names of contractors who did not bid."""
    if shown.contracts:
        return tuple(one.contractor for one in value.negotiation.contracts) if value.negotiation else ()
    won = (row.bidder for attempt in shown.attempts for row in attempt.bids if row.won)
    return tuple(won) if shown.award_stands else ()


def _spares(value: Lot, code: str) -> Mapping[str, int]:
    return next((demand.spares for demand in value.demand if demand.municipality == code), {})
