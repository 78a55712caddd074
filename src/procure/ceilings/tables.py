"""Rows of sealed and opened ceilings (予定価格)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from procure.database import BigInt, Instant, Row, text_between


class SealedCeilingRow(Row, table=True):
    """A ceiling as it was sealed: `sealed` opens only with the key whose name is `key_name`.

    `tax_rate` is the rate under which both amounts were checked against each other, as the lot has it; `quantities`
    are those that it was set for, all bodies together, by item as JSON.
    `commitment` is the SHA-256 that binds the amounts without telling them. A ceiling that is set anew is a further
    row, with its `reason`; the last one counts. The database refuses to change or delete a row.
    """

    __tablename__ = "sealed_ceiling"
    __table_args__ = (
        UniqueConstraint("lot_id", "number"),
        CheckConstraint("number >= 1", name="number_positive"),
        text_between("key_name", 8, 8),
        text_between("commitment", 64, 64),
        CheckConstraint("number = 1 OR reason IS NOT NULL", name="set_anew_with_reason"),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BigInt)
    lot_id: int = Field(foreign_key="lot.id", sa_type=BigInt)
    number: int = Field(sa_type=BigInt)
    sealed: bytes = Field(sa_type=LargeBinary)
    key_name: str = Field(sa_type=Text)
    commitment: str = Field(sa_type=Text)
    tax_rate: str = Field(sa_type=Text)
    quantities: str = Field(sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)
    sealed_at: datetime = Field(sa_type=Instant)
    sealed_by: str = Field(sa_type=Text)


class OpenedCeilingRow(Row, table=True):
    """What the seal held, beside the amounts in the lot: `basis` as JSON, and the `nonce` of the commitment."""

    __tablename__ = "opened_ceiling"
    __table_args__ = (text_between("nonce", 64, 64),)

    lot_id: int = Field(primary_key=True, foreign_key="lot.id", sa_type=BigInt)
    number: int = Field(sa_type=BigInt)
    basis: str = Field(sa_type=Text)
    nonce: str = Field(sa_type=Text)
    opened_at: datetime = Field(sa_type=Instant)
    opened_by: str = Field(sa_type=Text)
