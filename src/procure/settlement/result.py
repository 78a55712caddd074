"""What settling a round yields: every decision with its reason, every figure once. Amounts are yen."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from procure.settlement.round import DrawMethod, NegotiationGround
from procure.values.money import Yen


class BidStatus(StrEnum):
    DECLINED = "declined"  # 辞退
    ABSENT = "absent"  # 不参
    VOID = "void"  # 無効
    DISQUALIFIED = "disqualified"  # 失格
    OVER_CEILING = "over_ceiling"  # 予定価格超過
    ELIGIBLE = "eligible"  # 有効
    AWARDED = "awarded"  # 落札
    LOST_DRAW = "lost_draw"  # くじ落選


class Outcome(StrEnum):
    PENDING = "pending"  # 開札前
    CANCELLED = "cancelled"  # 取止め
    AWARDED = "awarded"  # 落札
    DRAW_REQUIRED = "draw_required"  # くじ待ち
    REBID = "rebid"  # 再度入札
    NO_BIDS = "no_bids"  # 不調
    NO_AWARD = "no_award"  # 不落
    REVIEW_REQUIRED = "review_required"  # 審査待ち


@dataclass(frozen=True, slots=True)
class JudgedBid:
    """`total` is Σ unit price × quantity, tax-exclusive; None where nothing was bid."""

    bidder: str
    total: Yen | None
    status: BidStatus
    reason: str | None


@dataclass(frozen=True, slots=True)
class JudgedAttempt:
    number: int
    bids: tuple[JudgedBid, ...]


@dataclass(frozen=True, slots=True)
class Draw:
    """A lottery, with all that is needed to recompute it (施行令167条の9). A paper draw has no numbers.

    `sum` is Σ `numbers`, with the milliseconds of the opening where the method adds them (和歌山).
    """

    method: DrawMethod
    tied: tuple[str, ...]
    numbers: Mapping[str, int] | None
    sum: int | None
    remainder: int | None
    winner: str


@dataclass(frozen=True, slots=True)
class Award:
    """`total` is tax-exclusive, `total_with_tax` is cut to whole yen; the ratio (落札率) has two decimals."""

    bidder: str
    attempt: int
    total: Yen
    total_with_tax: int
    ceiling_ratio_percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Savings:
    """定価比 over the items that have a list price; tax-exclusive yen, percentages with one decimal."""

    list_total: Yen
    award_total: Yen
    saved: Yen
    percent: Decimal
    exact: bool
    statement: str
    covered_items: int
    items: int
    coverage_percent: Decimal


@dataclass(frozen=True, slots=True)
class ItemResult:
    """An item over all municipalities; tax-exclusive. None is what cannot be known."""

    id: str
    quantity: int
    list_price: Yen | None
    unit_price: Yen | None
    list_amount: Yen | None
    amount: Yen | None
    savings_percent: Decimal | None


@dataclass(frozen=True, slots=True)
class ShareItem:
    id: str
    quantity: int
    amount: Yen | None


@dataclass(frozen=True, slots=True)
class Share:
    """What one municipality gets and pays. `amount` is tax-exclusive, `amount_with_tax` is cut to whole yen."""

    code: str
    amount: Yen | None
    tax: int | None
    amount_with_tax: int | None
    list_amount: Yen | None
    saved: Yen | None
    savings_percent: Decimal | None
    items: tuple[ShareItem, ...]


@dataclass(frozen=True, slots=True)
class NegotiatedPart:
    """What one contractor of a negotiated contract delivers, to whom, and for how much; as an award is shared out."""

    contractor: str
    total: Yen
    total_with_tax: int
    savings: Savings | None
    items: tuple[ItemResult, ...]
    municipalities: tuple[Share, ...]
    rounding_gap: int | None


@dataclass(frozen=True, slots=True)
class NegotiationResult:
    """随意契約 after the tender; `total` and `limit` are tax-exclusive, `limit` None where no ceiling is on record.

    `total_with_tax` is the sum of the contracts, each cut to whole yen; the ratio is that of `total` to the ceiling.
    `savings` follows the rule of an award's and is never part of the savings of the awarded lots.
    """

    ground: NegotiationGround
    limit: Yen | None
    total: Yen
    total_with_tax: int
    ceiling_ratio_percent: Decimal | None
    savings: Savings | None
    contracts: tuple[NegotiatedPart, ...]


@dataclass(frozen=True, slots=True)
class LotResult:
    """`rounding_gap` is the award with tax less the municipalities' sums with tax: shown, never forced to zero.

    `candidate` is the 落札候補者 who waits for the review; `draws_before` chose candidates who failed it.
    """

    id: str
    outcome: Outcome
    reason: str | None
    participants: int
    attempts: tuple[JudgedAttempt, ...]
    draw: Draw | None
    award: Award | None
    savings: Savings | None
    items: tuple[ItemResult, ...]
    municipalities: tuple[Share, ...]
    rounding_gap: int | None
    candidate: str | None = None
    draws_before: tuple[Draw, ...] = ()
    negotiation: NegotiationResult | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """`participants` counts a municipality once, however many lots it joins; `savings` is over the awarded lots."""

    round: str
    participants: int
    savings: Savings | None
    lots: tuple[LotResult, ...]
