"""One joint procurement round as frozen values: what was asked for, what was bid, under which rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from procure.values.money import Yen


class ContractKind(StrEnum):
    PURCHASE = "purchase"  # 物品購入
    LEASE = "lease"  # 賃貸借
    WORKS = "works"  # 製造その他の請負


class CeilingDisclosure(StrEnum):
    AFTER = "after"  # 事後公表
    BEFORE = "before"  # 事前公表
    NEVER = "never"  # 非公表


class DrawMethod(StrEnum):
    PAPER = "paper"
    CORE_EPOCH_SECONDS = "core_epoch_seconds"
    KUJI_ONLY = "kuji_only"
    RANDOM_ADDED = "random_added"
    MILLISECONDS = "milliseconds"
    MILLISECONDS_CUT = "milliseconds_cut"
    WAKAYAMA = "wakayama"


class Review(StrEnum):
    BEFORE = "before"  # 事前審査
    AFTER = "after"  # 事後審査型


class TenderMethod(StrEnum):
    OPEN = "open"  # 一般競争入札
    DESIGNATED = "designated"  # 指名競争入札


class WitnessKind(StrEnum):
    BIDDER = "bidder"  # 入札者
    OFFICIAL = "official"  # 入札事務に関係のない職員


class NegotiationGround(StrEnum):
    FAILED_TENDER = "8"  # 施行令167条の2第1項8号
    NOT_SIGNED = "9"  # 同9号


class Entry(StrEnum):
    BID = "bid"  # 入札
    DECLINED = "declined"  # 辞退
    ABSENT = "absent"  # 不参


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a lot, frozen when its notice is published. Amounts are tax-exclusive yen but for
    `ceiling_with_tax`, the 予定価格 itself; `void_grounds` is the notice's list of 無効の事由."""

    tax_rate: Fraction = Fraction(1, 10)
    ceiling: Yen | None = None  # 入札書比較価格
    minimum: Yen | None = None  # 最低制限価格, works only (施行令167条の10)
    ceiling_disclosure: CeilingDisclosure = CeilingDisclosure.AFTER
    max_attempts: int = 3
    rebid_must_be_lower: bool = True
    price_decimals: int = 0
    draw: DrawMethod = DrawMethod.PAPER
    review: Review = Review.BEFORE
    ceiling_with_tax: Yen | None = None
    void_grounds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """`list_price` is 定価 per unit in tax-exclusive yen; None for オープン価格."""

    id: str
    name: str
    specification: str
    unit: str
    list_price: Yen | None
    list_price_source: str | None = None


@dataclass(frozen=True, slots=True)
class Demand:
    """What one municipality asks for in a lot. `quantities` counts everything bought, `spares` (予備) included."""

    municipality: str
    quantities: Mapping[str, int]
    spares: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bidder:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Bid:
    """One bidder's entry in an attempt. `total` is 入札金額 as written, None where only the 内訳書 gives it.

    `added_number` (0 to 999) is what the system printed on the receipt, for the lottery that adds it.
    """

    bidder: str
    entry: Entry
    unit_prices: Mapping[str, Yen] | None = None
    total: Yen | None = None
    received_at: datetime | None = None
    draw_number: int | None = None
    void: str | None = None
    added_number: int | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """A typing error that was mended: `was` is the entry that stood in the attempt before, of the same bidder."""

    bidder: str
    was: Bid
    reason: str
    corrected_by: str
    approved_by: str
    corrected_at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """初度入札, 再度入札 or 再々度入札. `bids` hold what counts, corrected where it was corrected."""

    number: int
    opened_at: datetime
    bids: tuple[Bid, ...]
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawer:
    """Who drew for a tied bidder; `in_place`: an official without a part in the tender, as the bidder did not draw."""

    bidder: str
    drawn_by: str
    in_place: bool = False


@dataclass(frozen=True, slots=True)
class PaperDraw:
    """The result of a paper lottery as it was recorded; `drawers` in the order of drawing (施行令167条の9)."""

    winner: str
    drawn_by: str | None = None
    witness: str | None = None
    drawers: tuple[Drawer, ...] = ()


@dataclass(frozen=True, slots=True)
class QualificationReview:
    """What the examination of a 落札候補者 came to (事後審査). One that failed has its reason."""

    bidder: str
    passed: bool
    reason: str | None
    reviewed_on: date


@dataclass(frozen=True, slots=True)
class NegotiatedContract:
    """One contractor's part of a 随意契約: unit prices by item, tax-exclusive yen."""

    contractor: str
    unit_prices: Mapping[str, Yen]


@dataclass(frozen=True, slots=True)
class Negotiation:
    """随意契約 after a tender without a contract (施行令167条の2), with one contractor or several (同条4項)."""

    ground: NegotiationGround
    agreed_on: date
    reason: str
    contracts: tuple[NegotiatedContract, ...]


@dataclass(frozen=True, slots=True)
class Lot:
    """`cancelled` is the reason of a 取止め; `bidders` stand in the order of registration.

    `draws_before` are the paper lotteries before the present one, in order: it is drawn again among the others when
    the one it chose fails the review.
    """

    id: str
    title: str
    contract_kind: ContractKind
    rules: Rules
    items: tuple[Item, ...]
    demand: tuple[Demand, ...] = ()
    bidders: tuple[Bidder, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    draw: PaperDraw | None = None
    cancelled: str | None = None
    tender_method: TenderMethod = TenderMethod.OPEN
    reviews: tuple[QualificationReview, ...] = ()
    draws_before: tuple[PaperDraw, ...] = ()
    negotiation: Negotiation | None = None


@dataclass(frozen=True, slots=True)
class Witness:
    name: str
    kind: WitnessKind
    affiliation: str


@dataclass(frozen=True, slots=True)
class Opening:
    """開札 (施行令167条の8第1項): where, by which 入札執行者, who kept the record, who was witness."""

    place: str
    officer: str
    recorder: str
    witnesses: tuple[Witness, ...]


@dataclass(frozen=True, slots=True)
class Organisation:
    """A participating body outside the built-in list of municipalities (組合, 県, …)."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Round:
    """`fiscal_year` is 年度 as the Gregorian year of its 1 April; `council` is the council's name.

    `follows` is the id of the round whose failed tender this one repeats (再度公告入札).
    """

    id: str
    title: str
    fiscal_year: int
    bid_date: date
    council: str
    lots: tuple[Lot, ...]
    note: str | None = None
    organisations: tuple[Organisation, ...] = ()
    opening: Opening | None = None
    follows: str | None = None
