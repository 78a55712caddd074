"""Rows of bidding: bidders, attempts, bids with their price breakdown, and paper draws. Amounts are tax-exclusive."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field

from procure.database import Amount, BigInt, Instant, Row, choice, one_of, text_between
from procure.settlement.round import Entry
from procure.values.money import Yen


class BidderRow(Row, table=True):
    """A bidder of a lot; `position` is the order of registration, which numbers equal reception times in a draw."""

    __tablename__ = "bidder"
    __table_args__ = (
        UniqueConstraint("lot_id", "ref"),
        UniqueConstraint("lot_id", "position", name="uq_bidder_position"),
        text_between("ref", 1, 64),
        text_between("name", 1, 1000),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BigInt)
    lot_id: int = Field(foreign_key="lot.id", sa_type=BigInt)
    ref: str = Field(sa_type=Text)
    position: int = Field(sa_type=BigInt)
    name: str = Field(sa_type=Text)


class AttemptRow(Row, table=True):
    """初度入札 (1), 再度入札 (2), 再々度入札 (3) of a lot, as they were opened."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("lot_id", "number"),
        CheckConstraint("number BETWEEN 1 AND 3", name="number_range"),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BigInt)
    lot_id: int = Field(foreign_key="lot.id", sa_type=BigInt)
    number: int = Field(sa_type=BigInt)
    opened_at: datetime = Field(sa_type=Instant)
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str = Field(sa_type=Text)


class BidRow(Row, table=True):
    """`total` is 入札金額 as written; null where only the breakdown (内訳書) gives it, or nothing was bid."""

    __tablename__ = "bid"
    __table_args__ = (
        UniqueConstraint("attempt_id", "bidder_id"),
        one_of("entry", Entry),
        CheckConstraint("total > 0", name="total_positive"),
        CheckConstraint("draw_number BETWEEN 0 AND 999", name="draw_number_range"),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BigInt)
    attempt_id: int = Field(foreign_key="attempt.id", sa_type=BigInt)
    bidder_id: int = Field(foreign_key="bidder.id", sa_type=BigInt)
    entry: Entry = Field(sa_type=choice(Entry))
    total: Yen | None = Field(default=None, sa_type=Amount)
    received_at: datetime | None = Field(default=None, sa_type=Instant)
    draw_number: int | None = Field(default=None, sa_type=BigInt)
    void: str | None = Field(default=None, sa_type=Text)


class UnitPriceRow(Row, table=True):
    """One line of a bid's breakdown: the price of an item per unit."""

    __tablename__ = "unit_price"
    __table_args__ = (CheckConstraint("price >= 0", name="price_not_negative"),)

    bid_id: int = Field(primary_key=True, foreign_key="bid.id", sa_type=BigInt)
    item_id: int = Field(primary_key=True, foreign_key="item.id", sa_type=BigInt)
    price: Yen = Field(sa_type=Amount)


class DrawRow(Row, table=True):
    """The result of a paper lottery of a lot (施行令167条の9): who won, who drew, who was witness."""

    __tablename__ = "paper_draw"

    lot_id: int = Field(primary_key=True, foreign_key="lot.id", sa_type=BigInt)
    bidder_id: int = Field(foreign_key="bidder.id", sa_type=BigInt)
    drawn_by: str | None = Field(default=None, sa_type=Text)
    witness: str | None = Field(default=None, sa_type=Text)
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str = Field(sa_type=Text)
