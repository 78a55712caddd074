"""What is shown of contracts after the award: a body's contract, a lot's, a round's, and what quantities come to."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from procure.contracts.rules import Terms
from procure.contracts.states import Act, Status
from procure.contracts.thresholds import Judgement
from procure.settlement.baselines import Sums
from procure.settlement.result import Savings
from procure.settlement.savings import savings
from procure.values.money import Yen, whole_or_exact


class Measure(StrEnum):
    """The quantities that an amount is computed on: never two of them in one figure."""

    PLANNED = "planned"
    CONTRACTED = "contracted"
    ACCEPTED = "accepted"

    @property
    def label(self) -> str:
        return {"planned": "予定数量", "contracted": "契約数量", "accepted": "検収数量"}[self.value]


@dataclass(frozen=True, slots=True)
class Figure:
    """What quantities come to at the agreed prices. Tax-exclusive yen but for `amount_with_tax`, cut for each contract.

    Amounts are None where the prices are unknown. The comparison with the list prices can be added up.
    """

    measure: Measure
    quantity: int
    amount: Yen | None
    amount_with_tax: Yen | None
    compared: Sums

    @property
    def savings(self) -> Savings | None:
        """定価比, by the one definition of the settlement; None where nothing can be compared."""
        return savings(self.compared)

    @property
    def list_amount(self) -> Yen | None:
        return self.savings.list_total if self.savings else None

    @property
    def saved(self) -> Yen | None:
        return self.savings.saved if self.savings else None

    @property
    def percent(self) -> Decimal | None:
        return self.savings.percent if self.savings else None


@dataclass(frozen=True, slots=True)
class ContractItem:
    """An item of a body's contract: the quantities so far, each at most the one before it."""

    id: str
    name: str
    specification: str
    unit: str
    unit_price: Yen | None
    planned: int
    contracted: int
    ordered: int
    delivered: int
    accepted: int


@dataclass(frozen=True, slots=True)
class SlipItem:
    name: str
    unit: str
    quantity: int


@dataclass(frozen=True, slots=True)
class SlipReport:
    """A slip as it is told. `is_reversed`: it was taken back; `reverses` is the number of the one it takes back,
    `resolved_on` the day of the assembly's vote on a change.
    """

    number: int
    act: Act
    day: date
    items: tuple[SlipItem, ...]
    place: str
    inspector: str
    remark: str
    on_behalf: str | None
    recorded_at: datetime
    recorded_by: str
    reverses: int | None
    resolved_on: date | None
    is_reversed: bool

    @property
    def stands(self) -> bool:
        return self.reverses is None and not self.is_reversed


@dataclass(frozen=True, slots=True)
class ContractReport:
    """A body's contract in a lot. `is_needed` says whether the assembly has to approve; None where nobody can tell."""

    code: str
    name: str
    lot: str
    lot_title: str
    supplier: str
    status: Status
    terms: Terms
    judgement: Judgement
    is_needed: bool | None
    deadline: date | None
    is_overdue: bool
    items: tuple[ContractItem, ...]
    figures: tuple[Figure, ...]
    slips: tuple[SlipReport, ...]
    on_behalf: str | None
    version: int

    def figure(self, measure: Measure) -> Figure:
        return next(figure for figure in self.figures if figure.measure is measure)


@dataclass(frozen=True, slots=True)
class ContractLot:
    """Every body's contract in a lot, and what they come to together."""

    id: str
    title: str
    supplier: str
    deadline: date | None
    contracts: tuple[ContractReport, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class ContractBoard:
    ref: str
    title: str
    council: str
    bid_date: date
    is_sample: bool
    lots: tuple[ContractLot, ...]
    figures: tuple[Figure, ...]

    @property
    def contracts(self) -> tuple[ContractReport, ...]:
        return tuple(contract for lot in self.lots for contract in lot.contracts)


def shown_share(judgement: Judgement) -> Yen | None:
    """The body's share of the 予定価格 as it is printed: whole yen, cut."""
    return None if judgement.share is None else whole_or_exact(Fraction(judgement.share)) // 1
