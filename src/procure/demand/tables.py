"""Rows of demand: the draft as it was typed, the submission, and the quantities submitted."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field

from procure.database import BigInt, Instant, Row, text_between


class DraftRow(Row, table=True):
    """What a body typed and has not submitted yet, as text and field by field (JSON), so that nothing is lost."""

    __tablename__ = "demand_draft"

    round_id: int = Field(primary_key=True, foreign_key="round.id", sa_type=BigInt)
    body_code: str = Field(primary_key=True, foreign_key="body.code", sa_type=Text)
    typed: str = Field(sa_type=Text)
    saved_at: datetime = Field(sa_type=Instant)
    saved_by: str = Field(sa_type=Text)
    version: int = Field(default=1, sa_type=BigInt)


class SubmissionRow(Row, table=True):
    """A body's answer to the survey of a round; submitting again replaces it and grows `version`."""

    __tablename__ = "demand_submission"
    __table_args__ = (UniqueConstraint("receipt_number"), text_between("receipt_number", 1, 100))

    round_id: int = Field(primary_key=True, foreign_key="round.id", sa_type=BigInt)
    body_code: str = Field(primary_key=True, foreign_key="body.code", sa_type=Text)
    receipt_number: str = Field(sa_type=Text)
    submitted_at: datetime = Field(sa_type=Instant)
    submitted_by: str = Field(sa_type=Text)
    version: int = Field(default=1, sa_type=BigInt)


class DemandRow(Row, table=True):
    """A quantity that a body asks for; `spares` (予備) are counted in it."""

    __tablename__ = "demand"
    __table_args__ = (
        CheckConstraint("quantity BETWEEN 1 AND 99999999", name="quantity_range"),
        CheckConstraint("spares BETWEEN 0 AND quantity", name="spares_within_quantity"),
    )

    item_id: int = Field(primary_key=True, foreign_key="item.id", sa_type=BigInt)
    body_code: str = Field(primary_key=True, foreign_key="body.code", index=True, sa_type=Text)
    quantity: int = Field(sa_type=BigInt)
    spares: int = Field(default=0, sa_type=BigInt)
