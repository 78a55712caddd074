"""Rows of what follows an attempt: its check, corrections, earlier draws, reviews, negotiated contracts."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field

from procure.bids.checking import Way
from procure.bids.tables import Drawn
from procure.database import Amount, BigInt, Day, Flag, Instant, Row, choice, one_of, text_between
from procure.history.two_people import Proposed
from procure.settlement.round import NegotiationGround
from procure.values.money import Yen


class AttemptCheckRow(Row, table=True):
    """A second person compared an attempt with the papers, on `recorded_at`'s state of it.

    `differences` is JSON, a line for each bidder whose entry differs: what was found beside what was recorded.
    """

    __tablename__ = "attempt_check"
    __table_args__ = (one_of("way", Way),)

    id: int = Field(default=None, primary_key=True, sa_type=BigInt)
    lot_id: int = Field(foreign_key="lot.id", sa_type=BigInt, index=True)
    number: int = Field(sa_type=BigInt)
    way: Way = Field(sa_type=choice(Way))
    recorded_at: datetime = Field(sa_type=Instant)
    checked_at: datetime = Field(sa_type=Instant)
    checked_by: str = Field(sa_type=Text)
    differences: str = Field(sa_type=Text)


class CorrectionRow(Proposed, table=True):
    """A typing error found after the check: the bid as the paper has it, beside the one that was recorded.

    The recorded bid is never changed. A correction counts once a second person has approved it; `bid` is the bid in
    the form of the round file.
    """

    __tablename__ = "bid_correction"
    __table_args__ = (
        text_between("reason", 1, 1000),
        CheckConstraint("approved_at IS NULL OR rejected_at IS NULL", name="approved_or_rejected"),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BigInt)
    lot_id: int = Field(foreign_key="lot.id", sa_type=BigInt, index=True)
    number: int = Field(sa_type=BigInt)
    bidder_id: int = Field(foreign_key="bidder.id", sa_type=BigInt)
    bid: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    approved_at: datetime | None = Field(default=None, sa_type=Instant)
    approved_by: str | None = Field(default=None, sa_type=Text)
    rejected_at: datetime | None = Field(default=None, sa_type=Instant)
    rejected_by: str | None = Field(default=None, sa_type=Text)


class EarlierDrawRow(Drawn, table=True):
    """A paper lottery whose winner failed the review afterwards, so that lots were drawn again."""

    __tablename__ = "earlier_draw"

    lot_id: int = Field(primary_key=True, foreign_key="lot.id", sa_type=BigInt)
    position: int = Field(primary_key=True, sa_type=BigInt)


class ReviewRow(Row, table=True):
    """事後審査: whether a 落札候補者 has the qualification, and why not."""

    __tablename__ = "qualification_review"
    __table_args__ = (UniqueConstraint("lot_id", "position", name="uq_qualification_review_position"),)

    lot_id: int = Field(primary_key=True, foreign_key="lot.id", sa_type=BigInt)
    bidder_id: int = Field(primary_key=True, foreign_key="bidder.id", sa_type=BigInt)
    position: int = Field(sa_type=BigInt)
    passed: bool = Field(sa_type=Flag)
    reason: str | None = Field(default=None, sa_type=Text)
    reviewed_on: date = Field(sa_type=Day)
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str = Field(sa_type=Text)


class NegotiationRow(Proposed, table=True):
    """随意契約 after a tender (施行令167条の2第1項8号, 9号); it counts once a second person has approved it."""

    __tablename__ = "negotiation"
    __table_args__ = (
        one_of("ground", NegotiationGround),
        text_between("reason", 1, 1000),
        text_between("decision_number", 1, 100),
    )

    lot_id: int = Field(primary_key=True, foreign_key="lot.id", sa_type=BigInt)
    ground: NegotiationGround = Field(sa_type=choice(NegotiationGround))
    reason: str = Field(sa_type=Text)
    agreed_on: date = Field(sa_type=Day)
    decision_number: str = Field(sa_type=Text)
    approved_at: datetime | None = Field(default=None, sa_type=Instant)
    approved_by: str | None = Field(default=None, sa_type=Text)


class NegotiationEvidenceRow(Row, table=True):
    """A negotiated contract approved after the confirmation: the round file and the result with it, kept as evidence.

    `sha256` is over both texts. The database refuses to change or delete a row.
    """

    __tablename__ = "negotiation_evidence"
    __table_args__ = (text_between("decision_number", 1, 100), text_between("sha256", 64, 64))

    lot_id: int = Field(primary_key=True, foreign_key="negotiation.lot_id", sa_type=BigInt)
    approved_at: datetime = Field(sa_type=Instant)
    approved_by: str = Field(sa_type=Text)
    proposed_by: str = Field(sa_type=Text)
    decision_number: str = Field(sa_type=Text)
    round_file: str = Field(sa_type=Text)
    result: str = Field(sa_type=Text)
    sha256: str = Field(sa_type=Text)


class NegotiatedContractRow(Row, table=True):
    """One contractor of a negotiated contract, with its share of the items."""

    __tablename__ = "negotiated_contract"
    __table_args__ = (text_between("contractor", 1, 200),)

    lot_id: int = Field(primary_key=True, foreign_key="negotiation.lot_id", sa_type=BigInt)
    position: int = Field(primary_key=True, sa_type=BigInt)
    contractor: str = Field(sa_type=Text)


class NegotiatedPriceRow(Row, table=True):
    """The price per unit of an item in a negotiated contract; an item is in one contract only. Tax-exclusive yen."""

    __tablename__ = "negotiated_price"
    __table_args__ = (CheckConstraint("price >= 0", name="price_not_negative"),)

    item_id: int = Field(primary_key=True, foreign_key="item.id", sa_type=BigInt)
    lot_id: int = Field(foreign_key="negotiation.lot_id", sa_type=BigInt, index=True)
    position: int = Field(sa_type=BigInt)
    price: Yen = Field(sa_type=Amount)
