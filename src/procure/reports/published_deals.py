"""What was decided about a published lot: its award, and the 随意契約 that took the place of one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from procure.reports.items import own_rows
from procure.reports.report import ItemRow, LotReport, Participant, RoundReport, ShareRow
from procure.settlement.result import LotResult, NegotiatedPart, Share
from procure.settlement.round import Lot, NegotiationGround
from procure.values.money import Yen


@dataclass(frozen=True, slots=True)
class Deal:
    """A decision for one supplier. `total` is tax-exclusive. `bidder` is None for one who bid nothing.

    `ground` is the legal ground of a 随意契約, None for an award by tender. An award does not stand where its winner
    did not sign and a 随意契約 took its place (施行令167条の2第1項9号).
    """

    lot: LotReport
    number: int
    bidder: str | None
    name: str
    total: Yen
    total_with_tax: int
    items: tuple[ItemRow, ...]
    shares: tuple[ShareRow, ...]
    decided_on: date
    ground: NegotiationGround | None = None
    reason: str = ""
    stands: bool = True

    @property
    def bought(self) -> Iterator[ShareRow]:
        """The bodies that get something."""
        return (share for share in self.shares if any(item.quantity for item in share.items))


def deals_of(
    report: RoundReport, lots: Sequence[Lot], results: Sequence[LotResult], decided_on: date
) -> tuple[Deal, ...]:
    """In the order of the lots. `report` is the public one; nothing of the ceiling is in a deal."""
    bodies = {body.code: body for body in report.bodies}
    found: list[Deal] = []
    for shown, lot, result in zip(report.lots, lots, results, strict=True):
        if not shown.concluded:
            continue
        found += _award(shown, result, decided_on)
        found += _negotiated(shown, lot, result, bodies)
    return tuple(found)


def _award(shown: LotReport, result: LotResult, decided_on: date) -> Iterator[Deal]:
    if result.award is None:
        return
    yield Deal(
        lot=shown,
        number=0,
        bidder=result.award.bidder,
        name=shown.winner or "",
        total=result.award.total,
        total_with_tax=result.award.total_with_tax,
        items=shown.items,
        shares=shown.municipalities,
        decided_on=decided_on,
        stands=result.negotiation is None,
    )


def _negotiated(shown: LotReport, lot: Lot, result: LotResult, bodies: dict[str, Participant]) -> Iterator[Deal]:
    if lot.negotiation is None or result.negotiation is None:
        return
    bidders = {word: bidder for bidder in lot.bidders for word in (bidder.name, bidder.id)}
    for number, part in enumerate(result.negotiation.contracts, start=1):
        rows, bidder = _rows(shown, part), bidders.get(part.contractor)
        yield Deal(
            lot=shown,
            number=number,
            bidder=bidder.id if bidder else None,
            name=bidder.name if bidder else part.contractor,
            total=part.total,
            total_with_tax=part.total_with_tax,
            items=rows,
            shares=tuple(_share(bodies[share.code], share, rows) for share in part.municipalities),
            decided_on=lot.negotiation.agreed_on,
            ground=result.negotiation.ground,
            reason=lot.negotiation.reason,
        )


def _rows(shown: LotReport, part: NegotiatedPart) -> tuple[ItemRow, ...]:
    """The lot's items at the agreed prices, in what the contractor delivers."""
    described = {item.id: item for item in shown.items}
    return tuple(
        replace(described[item.id], quantity=item.quantity, unit_price=item.unit_price, amount=item.amount)
        for item in part.items
    )


def _share(body: Participant, share: Share, rows: Sequence[ItemRow]) -> ShareRow:
    return ShareRow(
        code=share.code,
        name=body.name,
        display_name=body.display_name,
        kind=body.kind,
        amount=share.amount,
        tax=share.tax,
        amount_with_tax=share.amount_with_tax,
        list_amount=share.list_amount,
        saved=share.saved,
        savings_percent=share.savings_percent,
        statement=None,
        items=own_rows(rows, share.items),
    )
