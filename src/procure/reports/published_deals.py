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
    """A decision for one supplier of `lot`; `supplied` is what this one delivers: the lot itself, or a contract of it.

    `ground` is that of a 随意契約, None for an award by tender. `number` tells the contracts of a lot apart,
    and is 0 for its award. `bidder` is None for one who bid nothing.
    """

    lot: LotReport
    supplied: LotReport
    number: int
    bidder: str | None
    decided_on: date
    ground: NegotiationGround | None = None
    reason: str = ""

    @property
    def stands(self) -> bool:
        """Whether it is what is bought: an award is not where its winner did not sign."""
        return self.ground is not None or self.lot.award_stands

    @property
    def name(self) -> str:
        return self.supplied.winner or ""

    @property
    def total(self) -> Yen:
        """Tax-exclusive."""
        return self.supplied.award_total or 0

    @property
    def total_with_tax(self) -> int:
        return self.supplied.award_with_tax or 0

    @property
    def items(self) -> tuple[ItemRow, ...]:
        return self.supplied.items

    @property
    def shares(self) -> tuple[ShareRow, ...]:
        return self.supplied.municipalities

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
        if result.award is not None:
            found.append(Deal(shown, shown, 0, result.award.bidder, decided_on))
        found += _negotiated(shown, lot)
    return tuple(found)


def _negotiated(shown: LotReport, lot: Lot) -> Iterator[Deal]:
    if lot.negotiation is None:
        return
    bidders = {bidder.name: bidder.id for bidder in lot.bidders}
    agreed = lot.negotiation
    for number, contract in enumerate(shown.contracts, start=1):
        bidder = bidders.get(contract.winner or "")
        yield Deal(shown, contract, number, bidder, agreed.agreed_on, agreed.ground, agreed.reason)
