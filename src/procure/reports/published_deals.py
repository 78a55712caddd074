"""What was decided about a published lot: its award, and the 随意契約 that took the place of one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from procure.reports.report import ItemRow, LotReport, RoundReport, ShareRow
from procure.settlement.result import LotResult
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
    found: list[Deal] = []
    for shown, lot, result in zip(report.lots, lots, results, strict=True):
        if not shown.concluded:
            continue
        found += _award(shown, result, decided_on)
        found += _negotiated(shown, lot, result)
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


def _negotiated(shown: LotReport, lot: Lot, result: LotResult) -> Iterator[Deal]:
    if lot.negotiation is None or result.negotiation is None:
        return
    bidders = {word: bidder for bidder in lot.bidders for word in (bidder.name, bidder.id)}
    made = zip(result.negotiation.contracts, shown.contracts, strict=True)
    for number, (part, contract) in enumerate(made, start=1):
        bidder = bidders.get(part.contractor)
        yield Deal(
            lot=shown,
            number=number,
            bidder=bidder.id if bidder else None,
            name=contract.winner or "",
            total=part.total,
            total_with_tax=part.total_with_tax,
            items=contract.items,
            shares=contract.municipalities,
            decided_on=lot.negotiation.agreed_on,
            ground=result.negotiation.ground,
            reason=lot.negotiation.reason,
        )
