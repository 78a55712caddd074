"""Rounds, lots and items as the API takes and shows them."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta

from procure.api.fields import (
    Amount,
    Body,
    Code,
    Line,
    Moment,
    Reason,
    Ref,
    Shown,
    Text,
    Title,
    Year,
    amount,
    shown,
    yen,
)
from procure.rounds.rules import Outline
from procure.rounds.stages import Stage
from procure.rounds.tables import ItemRow, LotRow, RoundRow
from procure.settlement.round import CeilingDisclosure, ContractKind, DrawMethod, Item, Lot, Review, Rules, TenderMethod
from procure.values.money import parse_decimal

Rate = Annotated[str, Meta(pattern=r"^0(\.[0-9]{1,4})?$", max_length=6, description='税率（例："0.10"）')]
Attempts = Annotated[int, Meta(ge=1, le=3, description="入札の回数（初度を含む）")]
Decimals = Annotated[int, Meta(ge=0, le=2, description="単価の小数の桁数")]


# ---- what is sent ------------------------------------------------------------------------------------


class OutlineBody(Body, frozen=True, kw_only=True):
    """案件の概要。"""

    title: Title
    fiscal_year: Year
    bid_date: date
    council: Title
    note: Text | None = None
    is_sample: bool = False


class NewRound(OutlineBody, frozen=True, kw_only=True):
    """新しい案件。"""

    ref: Code


class ItemBody(Body, frozen=True, kw_only=True):
    """品目。list_price は定価（税抜・円）で、null はオープン価格。"""

    ref: Code
    name: Title
    unit: Annotated[str, Meta(min_length=1, max_length=20)]
    specification: Text = ""
    list_price: Amount | None = None
    list_price_source: Line | None = None


class LotBody(Body, frozen=True, kw_only=True):
    """ロットの条件と品目。予定価格はここには含まれない（封印して登録する）。"""

    title: Title
    items: Annotated[tuple[ItemBody, ...], Meta(max_length=300)]
    contract_kind: ContractKind = ContractKind.PURCHASE
    tender_method: TenderMethod = TenderMethod.OPEN
    tax_rate: Rate = "0.10"
    minimum: Amount | None = None
    ceiling_disclosure: CeilingDisclosure = CeilingDisclosure.AFTER
    max_attempts: Attempts = 3
    rebid_must_be_lower: bool = True
    price_decimals: Decimals = 0
    draw: DrawMethod = DrawMethod.PAPER
    review: Review = Review.BEFORE
    void_grounds: tuple[Line, ...] = ()
    either_acquisition: bool | None = None
    price_reason: Annotated[str, Meta(max_length=1000, description="仕様確定の後に定価を変える理由")] = ""


class NewLot(LotBody, frozen=True, kw_only=True):
    """新しいロット。"""

    ref: Code


class Deadline(Body, frozen=True, kw_only=True):
    """登録期限。"""

    deadline: Moment


class NewDeadline(Deadline, frozen=True, kw_only=True):
    """新しい登録期限とその理由。"""

    reason: Reason


class Because(Body, frozen=True, kw_only=True):
    """理由。"""

    reason: Reason


class Nothing(Body, frozen=True, kw_only=True):
    """空のオブジェクト {}（本文なしでもよい）。"""


# ---- what is answered --------------------------------------------------------------------------------


class RoundShown(Shown, frozen=True, kw_only=True):
    """案件。stage は段階で、version はこの案件が変わるたびに増える。follows は再度公告入札のもとの案件。

    imported_at と imported_by は、案件データを取り込んだ日時と人。
    """

    ref: Ref
    title: str
    fiscal_year: int
    bid_date: date
    council: str
    note: str | None
    is_sample: bool
    stage: Stage
    follows: Ref | None
    survey_deadline: datetime | None
    created_at: datetime
    surveyed_at: datetime | None
    specified_at: datetime | None
    announced_at: datetime | None
    opened_at: datetime | None
    confirmed_at: datetime | None
    published_at: datetime | None
    imported_at: datetime | None
    imported_by: str | None
    version: int


class RoundList(Shown, frozen=True, kw_only=True):
    """案件の一覧（新しい順）。next は次のページの宛先。"""

    items: tuple[RoundShown, ...]
    next: str | None


class ItemShown(Shown, frozen=True, kw_only=True):
    """品目と、定価を確認した人。"""

    ref: str
    name: str
    specification: str
    unit: str
    list_price: int | str | None
    list_price_source: str | None
    list_price_checked_by: str | None
    list_price_checked_at: datetime | None


class LotShown(Shown, frozen=True, kw_only=True):
    """ロット。ceiling は入札書比較価格（税抜・円）で、公表または開封の後にだけ入る。"""

    ref: str
    title: str
    contract_kind: ContractKind
    tender_method: TenderMethod
    tax_rate: str
    ceiling: int | str | None
    minimum: int | str | None
    ceiling_disclosure: CeilingDisclosure
    max_attempts: int
    rebid_must_be_lower: bool
    price_decimals: int
    draw: DrawMethod
    review: Review
    void_grounds: tuple[str, ...]
    either_acquisition: bool
    cancelled: str | None
    items: tuple[ItemShown, ...]


class RoundWithLots(RoundShown, frozen=True, kw_only=True):
    """案件とそのロット。"""

    lots: tuple[LotShown, ...]


class LotList(Shown, frozen=True, kw_only=True):
    """案件のロット。"""

    items: tuple[LotShown, ...]


# ---- from one to the other ---------------------------------------------------------------------------


def outline_of(ref: str, body: OutlineBody) -> Outline:
    return Outline(ref, body.title, body.fiscal_year, body.bid_date, body.council, body.note or None, body.is_sample)


def lot_of(ref: str, body: LotBody) -> Lot:
    rules = Rules(
        tax_rate=parse_decimal(body.tax_rate),
        minimum=yen(body.minimum),
        ceiling_disclosure=body.ceiling_disclosure,
        max_attempts=body.max_attempts,
        rebid_must_be_lower=body.rebid_must_be_lower,
        price_decimals=body.price_decimals,
        draw=body.draw,
        review=body.review,
        void_grounds=tuple(ground for ground in body.void_grounds if ground),
    )
    items = tuple(_item_of(item) for item in body.items)
    return Lot(ref, body.title, body.contract_kind, rules, items, tender_method=body.tender_method)


def _item_of(body: ItemBody) -> Item:
    return Item(
        id=body.ref,
        name=body.name,
        specification=body.specification,
        unit=body.unit,
        list_price=yen(body.list_price),
        list_price_source=body.list_price_source or None,
    )


def round_shown(row: RoundRow) -> RoundShown:
    found: RoundShown = shown(RoundShown, row)
    return found


def lot_shown(row: LotRow, items: tuple[ItemRow, ...]) -> LotShown:
    found: LotShown = shown(
        LotShown,
        row,
        ceiling=amount(row.ceiling),
        minimum=amount(row.minimum),
        void_grounds=tuple(row.void_grounds.splitlines()),
        items=tuple(shown(ItemShown, item, list_price=amount(item.list_price)) for item in items),
    )
    return found
