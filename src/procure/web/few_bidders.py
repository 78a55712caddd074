"""指名競争入札 with one bidder: no law stops it, most local rules do, so it is a remark with the way to 取止め."""

from collections.abc import Iterable
from dataclasses import dataclass

from procure.settlement.round import Entry, Lot, TenderMethod

ENOUGH = 2


@dataclass(frozen=True, slots=True)
class LoneBidder:
    """A lot that only one was left to bid for; `href` leads to its 取止め."""

    title: str
    href: str

    @property
    def text(self) -> str:
        return (
            f"「{self.title}」は指名競争入札で、入札者が１者です。指名競争入札は２者以上の競争を前提とするため、"
            "２者に満たないときは入札を取り止めると定める規則や入札心得が多くあります（法令に定めはありません）。"
            "協議会の規則を確かめ、取り止めるときは開札や決定を進める前に取り止めてください。"
        )


def lone_bidders(ref: str, lots: Iterable[Lot]) -> tuple[LoneBidder, ...]:
    """Of the lots that may still be called off. Without any bidder a lot is 不調, which is told elsewhere."""
    return tuple(LoneBidder(lot.title, f"/rounds/{ref}/lots/{lot.id}/cancel") for lot in lots if _has_lone_bidder(lot))


def _has_lone_bidder(lot: Lot) -> bool:
    if lot.tender_method is not TenderMethod.DESIGNATED or lot.cancelled is not None or lot.negotiation is not None:
        return False
    return 0 < _bidding(lot) < ENOUGH


def _bidding(lot: Lot) -> int:
    """Who entered a bid in the first attempt; before it, who is registered."""
    if not lot.attempts:
        return len(lot.bidders)
    return sum(bid.entry is Entry.BID for bid in lot.attempts[0].bids)
