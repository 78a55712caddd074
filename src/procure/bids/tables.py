"""Rows of bidding: bidders, the opening, attempts, bids with their price breakdown, and paper draws.

Amounts are tax-exclusive. What follows an attempt (checks, corrections, reviews, negotiations) is in `after_tables`.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field

from procure.bids.admission import Admission
from procure.database import Amount, BigInt, Instant, Row, choice, one_of, text_between
from procure.history.two_people import Person
from procure.settlement.round import Entry, WitnessKind
from procure.values.money import Yen


class BidderRow(Row, table=True):
    """A bidder of a lot; `position` is the order of registration, which numbers equal reception times in a draw.

    `admission` says how it came to take part; one that is `unqualified` does not, and the reason stands beside.
    """

    __tablename__ = "bidder"
    __table_args__ = (
        UniqueConstraint("lot_id", "ref"),
        UniqueConstraint("lot_id", "position", name="uq_bidder_position"),
        text_between("ref", 1, 64),
        text_between("name", 1, 1000),
        one_of("admission", Admission),
        CheckConstraint("admission <> 'unqualified' OR admission_reason IS NOT NULL", name="unqualified_with_reason"),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BigInt)
    lot_id: int = Field(foreign_key="lot.id", sa_type=BigInt)
    ref: str = Field(sa_type=Text)
    position: int = Field(sa_type=BigInt)
    name: str = Field(sa_type=Text)
    supplier_id: int | None = Field(default=None, foreign_key="supplier.id", sa_type=BigInt)
    admission: Admission = Field(
        default=Admission.REGISTERED, sa_type=choice(Admission), sa_column_kwargs={"server_default": "registered"}
    )
    admission_reason: str | None = Field(default=None, sa_type=Text)


class OpeningRow(Row, table=True):
    """開札: where it was held, by whom (入札執行者), who wrote it down (記録者)."""

    __tablename__ = "opening"
    __table_args__ = (
        text_between("place", 1, 200),
        text_between("officer", 1, 100),
        text_between("recorder", 1, 100),
    )

    round_id: int = Field(primary_key=True, foreign_key="round.id", sa_type=BigInt)
    place: str = Field(sa_type=Text)
    officer: str = Field(sa_type=Text)
    recorder: str = Field(sa_type=Text)


class WitnessRow(Row, table=True):
    """立会人 of an opening: a bidder, or an official who has no part in the tender (施行令167条の8第1項)."""

    __tablename__ = "witness"
    __table_args__ = (
        one_of("kind", WitnessKind),
        text_between("name", 1, 100),
        text_between("affiliation", 0, 200),
    )

    round_id: int = Field(primary_key=True, foreign_key="round.id", sa_type=BigInt)
    position: int = Field(primary_key=True, sa_type=BigInt)
    name: str = Field(sa_type=Text)
    kind: WitnessKind = Field(sa_type=choice(WitnessKind))
    affiliation: str = Field(default="", sa_type=Text)


class AttemptRow(Row, table=True):
    """初度入札 (1), 再度入札 (2), 再々度入札 (3) of a lot, as they were opened.

    From `checked_at` on, when a second person found no difference to the papers, its bids stand (施行令167条の8第3項).
    """

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
    recorded_account: int | None = Field(default=None, sa_type=BigInt)
    checked_at: datetime | None = Field(default=None, sa_type=Instant)
    checked_by: str | None = Field(default=None, sa_type=Text)

    @property
    def recorder(self) -> Person:
        return Person(self.recorded_account, self.recorded_by)


class BidRow(Row, table=True):
    """`total` is 入札金額 as written; null where only the breakdown (内訳書) gives it, or nothing was bid."""

    __tablename__ = "bid"
    __table_args__ = (
        UniqueConstraint("attempt_id", "bidder_id"),
        one_of("entry", Entry),
        CheckConstraint("total > 0", name="total_positive"),
        CheckConstraint("draw_number BETWEEN 0 AND 999", name="draw_number_range"),
        CheckConstraint("added_number BETWEEN 0 AND 999", name="added_number_range"),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BigInt)
    attempt_id: int = Field(foreign_key="attempt.id", sa_type=BigInt)
    bidder_id: int = Field(foreign_key="bidder.id", sa_type=BigInt)
    entry: Entry = Field(sa_type=choice(Entry))
    total: Yen | None = Field(default=None, sa_type=Amount)
    received_at: datetime | None = Field(default=None, sa_type=Instant)
    draw_number: int | None = Field(default=None, sa_type=BigInt)
    void: str | None = Field(default=None, sa_type=Text)
    added_number: int | None = Field(default=None, sa_type=BigInt)


class UnitPriceRow(Row, table=True):
    """One line of a bid's breakdown: the price of an item per unit."""

    __tablename__ = "unit_price"
    __table_args__ = (CheckConstraint("price >= 0", name="price_not_negative"),)

    bid_id: int = Field(primary_key=True, foreign_key="bid.id", sa_type=BigInt)
    item_id: int = Field(primary_key=True, foreign_key="item.id", sa_type=BigInt)
    price: Yen = Field(sa_type=Amount)


class Drawn(Row):
    """The columns of a paper lottery (施行令167条の9): who won, who drew, who was witness; `drawers` as JSON."""

    bidder_id: int = Field(foreign_key="bidder.id", sa_type=BigInt)
    drawn_by: str | None = Field(default=None, sa_type=Text)
    witness: str | None = Field(default=None, sa_type=Text)
    drawers: str | None = Field(default=None, sa_type=Text)
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str = Field(sa_type=Text)


class DrawRow(Drawn, table=True):
    """The paper lottery of a lot that counts."""

    __tablename__ = "paper_draw"

    lot_id: int = Field(primary_key=True, foreign_key="lot.id", sa_type=BigInt)
