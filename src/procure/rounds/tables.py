"""Rows of a round, its lots and its items. Amounts are tax-exclusive yen."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from procure.database import Amount, BigInt, Day, Flag, Instant, Row, choice, one_of, text_between
from procure.rounds.stages import Stage
from procure.settlement.round import CeilingDisclosure, ContractKind, DrawMethod, Review, TenderMethod
from procure.values.money import Yen


class RoundRow(Row, table=True):
    """`ref` is the id of the round file; `version` grows with every change, so that a stale page is noticed.

    From `confirmed_at` on the bids and the lots stand as they are. `follows` is the number of the round whose failed
    tender this one repeats (再度公告入札). `imported_at` and `imported_by` are of a round that came as a file (取込み).
    """

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("ref"),
        one_of("stage", Stage),
        text_between("ref", 1, 64),
        text_between("title", 1, 1000),
        text_between("council", 1, 1000),
        CheckConstraint("fiscal_year BETWEEN 1900 AND 2999", name="fiscal_year_range"),
        CheckConstraint("stage <> 'surveying' OR survey_deadline IS NOT NULL", name="survey_has_deadline"),
        CheckConstraint("stage <> 'published' OR confirmed_at IS NOT NULL", name="published_is_confirmed"),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BigInt)
    ref: str = Field(sa_type=Text)
    title: str = Field(sa_type=Text)
    note: str | None = Field(default=None, sa_type=Text)
    fiscal_year: int = Field(sa_type=BigInt)
    bid_date: date = Field(sa_type=Day)
    council: str = Field(sa_type=Text)
    is_sample: bool = Field(default=False, sa_type=Flag)
    stage: Stage = Field(default=Stage.PREPARING, sa_type=choice(Stage))
    survey_deadline: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    surveyed_at: datetime | None = Field(default=None, sa_type=Instant)
    specified_at: datetime | None = Field(default=None, sa_type=Instant)
    announced_at: datetime | None = Field(default=None, sa_type=Instant)
    opened_at: datetime | None = Field(default=None, sa_type=Instant)
    confirmed_at: datetime | None = Field(default=None, sa_type=Instant)
    published_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = Field(default=1, sa_type=BigInt)
    follows: str | None = Field(default=None, sa_type=Text)
    imported_at: datetime | None = Field(default=None, sa_type=Instant)
    imported_by: str | None = Field(default=None, sa_type=Text)


class AttachmentRow(Row, table=True):
    """A file that belongs to a round, such as the specification; whoever may read the round may read it."""

    __tablename__ = "attachment"
    __table_args__ = (text_between("name", 1, 200), CheckConstraint("size BETWEEN 1 AND 20000000", name="size_range"))

    id: int = Field(default=None, primary_key=True, sa_type=BigInt)
    round_id: int = Field(foreign_key="round.id", sa_type=BigInt, index=True)
    name: str = Field(sa_type=Text)
    media_type: str = Field(sa_type=Text)
    size: int = Field(sa_type=BigInt)
    sha256: str = Field(sa_type=Text)
    content: bytes = Field(sa_type=LargeBinary)
    added_at: datetime = Field(sa_type=Instant)
    added_by: str = Field(sa_type=Text)


class QuestionRow(Row, table=True):
    """A question on the specification; its answer is read by all once it is published, without who asked."""

    __tablename__ = "question"
    __table_args__ = (
        text_between("question", 1, 2000),
        text_between("answer", 1, 4000),
        CheckConstraint("published_at IS NULL OR answer IS NOT NULL", name="published_with_answer"),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BigInt)
    round_id: int = Field(foreign_key="round.id", sa_type=BigInt, index=True)
    body_code: str | None = Field(default=None, foreign_key="body.code", sa_type=Text)
    question: str = Field(sa_type=Text)
    asked_at: datetime = Field(sa_type=Instant)
    asked_by: str = Field(sa_type=Text)
    answer: str | None = Field(default=None, sa_type=Text)
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
    answered_by: str | None = Field(default=None, sa_type=Text)
    published_at: datetime | None = Field(default=None, sa_type=Instant)


class LotRow(Row, table=True):
    """The rules of the notice stand in the lot; `tax_rate` is the decimal string of the round file ("0.10").

    `ceiling` (入札書比較価格, tax-exclusive) and `ceiling_with_tax` (予定価格) are here once their seal is opened.
    `void_grounds` are the grounds of 無効 that the notice names, a line each.
    """

    __tablename__ = "lot"
    __table_args__ = (
        UniqueConstraint("round_id", "ref"),
        UniqueConstraint("round_id", "position", name="uq_lot_position"),
        one_of("contract_kind", ContractKind),
        one_of("ceiling_disclosure", CeilingDisclosure),
        one_of("draw", DrawMethod),
        one_of("review", Review),
        one_of("tender_method", TenderMethod),
        text_between("ref", 1, 64),
        text_between("title", 1, 1000),
        CheckConstraint("ceiling > 0", name="ceiling_positive"),
        CheckConstraint("ceiling_with_tax >= ceiling", name="ceiling_with_tax_not_below"),
        CheckConstraint("minimum IS NULL OR contract_kind = 'works'", name="minimum_for_works_only"),
        CheckConstraint("max_attempts BETWEEN 1 AND 3", name="max_attempts_range"),
        CheckConstraint("price_decimals BETWEEN 0 AND 2", name="price_decimals_range"),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BigInt)
    round_id: int = Field(foreign_key="round.id", sa_type=BigInt)
    ref: str = Field(sa_type=Text)
    position: int = Field(sa_type=BigInt)
    title: str = Field(sa_type=Text)
    contract_kind: ContractKind = Field(default=ContractKind.PURCHASE, sa_type=choice(ContractKind))
    tax_rate: str = Field(default="0.10", sa_type=Text)
    ceiling: Yen | None = Field(default=None, sa_type=Amount)
    minimum: Yen | None = Field(default=None, sa_type=Amount)
    ceiling_disclosure: CeilingDisclosure = Field(default=CeilingDisclosure.AFTER, sa_type=choice(CeilingDisclosure))
    max_attempts: int = Field(default=3, sa_type=BigInt)
    rebid_must_be_lower: bool = Field(default=True, sa_type=Flag)
    price_decimals: int = Field(default=0, sa_type=BigInt)
    draw: DrawMethod = Field(default=DrawMethod.PAPER, sa_type=choice(DrawMethod))
    either_acquisition: bool = Field(default=False, sa_type=Flag)
    cancelled: str | None = Field(default=None, sa_type=Text)
    ceiling_with_tax: Yen | None = Field(default=None, sa_type=Amount)
    tender_method: TenderMethod = Field(
        default=TenderMethod.OPEN, sa_type=choice(TenderMethod), sa_column_kwargs={"server_default": "open"}
    )
    review: Review = Field(default=Review.BEFORE, sa_type=choice(Review), sa_column_kwargs={"server_default": "before"})
    void_grounds: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})


class ItemRow(Row, table=True):
    """`list_price` is 定価 per unit; null is オープン価格, never zero."""

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("lot_id", "ref"),
        UniqueConstraint("lot_id", "position", name="uq_item_position"),
        text_between("ref", 1, 64),
        text_between("name", 1, 1000),
        text_between("specification", 0, 10000),
        text_between("unit", 1, 100),
        CheckConstraint("list_price > 0", name="list_price_positive"),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BigInt)
    lot_id: int = Field(foreign_key="lot.id", sa_type=BigInt)
    ref: str = Field(sa_type=Text)
    position: int = Field(sa_type=BigInt)
    name: str = Field(sa_type=Text)
    specification: str = Field(default="", sa_type=Text)
    unit: str = Field(sa_type=Text)
    list_price: Yen | None = Field(default=None, sa_type=Amount)
    list_price_source: str | None = Field(default=None, sa_type=Text)
    list_price_checked_by: str | None = Field(default=None, sa_type=Text)
    list_price_checked_at: datetime | None = Field(default=None, sa_type=Instant)
