"""What is shown of a round: figures, words and order, ready to print. Amounts are tax-exclusive yen unless named so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from procure.reports.negotiated import NegotiationReport
from procure.reports.sums import less, places, total
from procure.settlement.labels import NEGOTIATION_SHORT
from procure.settlement.result import BidStatus, Outcome, Savings
from procure.settlement.round import CeilingDisclosure, ContractKind
from procure.values.money import Yen, format_decimal
from procure.values.text import search_key

WIDE = 10**10  # digits, those after the point included


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item of a lot, over everybody (`LotReport.items`) or for one body (`ShareRow.items`).

    Bars are percent of the round's largest price per unit, 0 to 100 with two decimals. None is what cannot be known.
    `last_price` is 前回契約単価, of the round that `last_price_of` names; only `reports/last_prices.py` looks it up.
    """

    id: str
    name: str
    specification: str
    unit: str
    quantity: int
    list_price: Yen | None
    unit_price: Yen | None
    unit_price_with_tax: Yen | None
    list_amount: Yen | None
    amount: Yen | None
    saved: Yen | None
    savings_percent: Decimal | None
    list_bar: Decimal | None
    price_bar: Decimal | None
    list_price_source: str | None = None
    last_price: Yen | None = None
    last_price_of: str | None = None


@dataclass(frozen=True, slots=True)
class BidRow:
    """A bid of one attempt. Only a valid one has a rank, a ratio to list (one decimal), a difference to the lowest."""

    bidder: str
    name: str
    amount: Yen | None
    status: BidStatus
    status_label: str
    reason: str | None
    rank: int | None
    list_ratio_percent: Decimal | None
    difference: Yen | None

    @property
    def won(self) -> bool:
        return self.status is BidStatus.AWARDED


@dataclass(frozen=True, slots=True)
class AttemptReport:
    """`bids` stand by rank, and those without a rank after them in the order of registration."""

    number: int
    label: str
    opened_at: datetime
    bids: tuple[BidRow, ...]


@dataclass(frozen=True, slots=True)
class DrawReport:
    """A lottery as it is told; `tied` are names in the order of their numbers. `reports/opening.py` has the figures."""

    method_label: str
    sentence: str
    tied: tuple[str, ...]
    winner: str
    drawn_by: str | None
    witness: str | None


@dataclass(frozen=True, slots=True)
class ShareRow:
    """What one body gets and pays in a lot. `display_name` carries the official glyphs, `name` the plain ones."""

    code: str
    name: str
    display_name: str
    kind: str
    amount: Yen | None
    tax: int | None
    amount_with_tax: int | None
    list_amount: Yen | None
    saved: Yen | None
    savings_percent: Decimal | None
    statement: str | None
    items: tuple[ItemRow, ...]

    @property
    def compared(self) -> Yen | None:
        """The part of `amount` that has a list price to compare with."""
        return less(self.list_amount, self.saved)


@dataclass(frozen=True, slots=True)
class LotReport:
    """A lot with its outcome in words. `ceiling` is 入札書比較価格; None where there is none or it is not shown.

    `reason` is short, `explanation` the whole decision in sentences with their articles of law. `bidders` counts those
    who handed in a bid in the first attempt.

    `contracts` are its 随意契約, each as a lot of what one contractor delivers: there `winner` is 契約の相手方, and the
    award's figures are the contract's. They are never counted among the awarded.

    `is_repeated`: another round has put the lot out to tender again (再度公告入札), so that nothing is bought by this.
    """

    id: str
    title: str
    contract_kind: ContractKind
    outcome: Outcome
    outcome_label: str
    reason: str | None
    explanation: tuple[str, ...]
    participants: int
    bidders: int
    tax_rate: Fraction
    max_attempts: int
    ceiling_disclosure: CeilingDisclosure
    ceiling_may_be_named: bool
    ceiling: Yen | None
    ceiling_with_tax: Yen | None
    ceiling_ratio_percent: Decimal | None
    winner: str | None
    award_attempt: int | None
    award_total: Yen | None
    award_with_tax: int | None
    savings: Savings | None
    items: tuple[ItemRow, ...]
    attempts: tuple[AttemptReport, ...]
    draw: DrawReport | None
    municipalities: tuple[ShareRow, ...]
    rounding_gap: int | None
    highest_bid: Yen | None = None  # the highest valid one of the attempt that decided an awarded lot
    negotiation: NegotiationReport | None = None
    contracts: tuple["LotReport", ...] = ()
    is_repeated: bool = False

    @property
    def awarded(self) -> bool:
        return self.outcome is Outcome.AWARDED

    @property
    def award_stands(self) -> bool:
        """Whether the winner is who the bodies contract with: not where a 随意契約 or a new tender took its place."""
        return self.awarded and not self.contracts and not self.is_repeated

    @property
    def is_contract(self) -> bool:
        """Whether this is one of the 随意契約 of a lot."""
        return self.negotiation is not None and not self.contracts

    @property
    def way(self) -> str:
        """How it was contracted, of a 随意契約; "" of a lot that was put out to tender."""
        ground = self.negotiation.ground if self.negotiation and self.is_contract else None
        return f"随意契約（{NEGOTIATION_SHORT[ground]}）" if ground else ""

    @property
    def suppliers(self) -> tuple["LotReport", ...]:
        """By whom the lot is supplied in the end: 随意契約 in the place of an award, else the award, else nobody."""
        return self.contracts or ((self,) if self.award_stands else ())

    @property
    def end_label(self) -> str:
        """What the lot came to in the end, in a word."""
        if self.contracts:
            return "随意契約"
        return "再度公告入札" if self.instead else self.outcome_label

    def supplies(self, code: str) -> Iterator[tuple["LotReport", ShareRow]]:
        """What the body of this code buys of whom."""
        for supplied in self.suppliers:
            yield from ((supplied, share) for share in supplied.municipalities if share.code == code)

    @property
    def bought_savings(self) -> Savings | None:
        """Over what is bought in the end; None where nothing is, or nothing of it has a list price."""
        if self.contracts and self.negotiation:
            return self.negotiation.savings
        return self.savings if self.award_stands else None

    @property
    def instead(self) -> str:
        """Why an award does not stand, and what took its place; "" where it stands or there is none."""
        if not self.awarded or self.award_stands:
            return ""
        way = f"随意契約（{self.negotiation.law}）によりました" if self.negotiation else "再度公告入札に付しました"
        return f"落札者が契約を締結しなかったため、{way}。"

    @property
    def supplier(self) -> str:
        """The winner as it is told from others: the same however its name is typed."""
        return search_key(self.winner or "")

    @property
    def concluded(self) -> bool:
        """Whether the tender came to its end: 落札, 不調 or 不落, not 取止め and not still open."""
        return self.outcome in (Outcome.AWARDED, Outcome.NO_BIDS, Outcome.NO_AWARD)

    @property
    def tax_percent(self) -> str:
        """The tax rate as it is written: 10, 8, 7.8."""
        return format_decimal(self.tax_rate * 100)

    @property
    def shares_total(self) -> Yen | None:
        """The municipalities' contracts without tax."""
        return total(share.amount for share in self.municipalities)

    @property
    def shares_tax(self) -> Yen | None:
        """消費税等 over the municipalities' contracts."""
        return total(share.tax for share in self.municipalities)

    @property
    def shares_with_tax(self) -> Yen | None:
        """The municipalities' contracts with tax: the award with tax less the rounding gap."""
        return total(share.amount_with_tax for share in self.municipalities)

    @property
    def places(self) -> int:
        """The decimals that every price and amount of the lot is written with, so that columns line up."""
        rows = (*self.items, *(item for share in self.municipalities for item in share.items))
        bids = (bid.amount for attempt in self.attempts for bid in attempt.bids)
        return places((*bids, *(amount for row in rows for amount in _amounts(row))))


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A row of 合計の突合: one value for each awarded lot, and their sum. None where the breakdown is missing."""

    key: str
    label: str
    note: str
    values: tuple[Yen | None, ...]
    total: Yen | None


@dataclass(frozen=True, slots=True)
class Participant:
    """A body of the council, and the ids of the lots it joins (none: it takes no part)."""

    code: str
    name: str
    display_name: str
    kind: str
    lots: frozenset[str]


@dataclass(frozen=True, slots=True)
class RoundReport:
    """A round as it is shown. `participants` counts a body once; the totals are over the awarded lots.

    `contracted_total` and `contracted_savings` are over what is bought in the end: the awards that came to a contract,
    and 随意契約.
    """

    id: str
    title: str
    fiscal_year: int
    bid_date: date
    council: str
    note: str | None
    participants: int
    members: int
    savings: Savings | None
    award_total: Yen
    award_with_tax: int
    rounding_gap: Yen | None
    lots: tuple[LotReport, ...]
    bodies: tuple[Participant, ...]
    reconciliation: tuple[Reconciliation, ...]
    contracted_total: Yen = 0
    contracted_savings: Savings | None = None

    @property
    def ref(self) -> str:
        """The round's number, as its row calls it."""
        return self.id

    @property
    def places(self) -> int:
        """The decimals that the sums of the awarded lots are written with."""
        return max((lot.places for lot in self.awarded), default=0)

    @property
    def is_wide(self) -> bool:
        """Whether a sum has more digits than a column of the documents holds in its usual size."""
        listed = self.savings.list_total if self.savings else 0
        return bool(max(listed, self.award_with_tax) * 10**self.places >= WIDE)

    @property
    def open_prices(self) -> bool:
        """Whether something was bought that has no list price (オープン価格)."""
        return any(item.list_price is None for lot in self.awarded for item in lot.items if item.quantity)

    @property
    def awarded(self) -> tuple[LotReport, ...]:
        return tuple(lot for lot in self.lots if lot.awarded)

    @property
    def negotiated(self) -> tuple[LotReport, ...]:
        """The lots contracted by 随意契約, those of an award that was not signed among them."""
        return tuple(lot for lot in self.lots if lot.contracts)

    @property
    def not_signed(self) -> tuple[LotReport, ...]:
        """The awarded lots in the place of which there is a 随意契約 (9号) or a new tender."""
        return tuple(lot for lot in self.awarded if not lot.award_stands)

    @property
    def contracted_with_tax(self) -> int:
        return sum(one.award_with_tax or 0 for lot in self.lots for one in lot.suppliers)

    @property
    def contracts(self) -> tuple[LotReport, ...]:
        """Every 随意契約 as a lot by itself."""
        return tuple(contract for lot in self.lots for contract in lot.contracts)


def _amounts(row: ItemRow) -> tuple[Yen | None, ...]:
    return (row.list_price, row.unit_price, row.list_amount, row.amount, row.last_price)
