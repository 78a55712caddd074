"""The bodies and the suppliers known to this installation."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field

from procure.database import BigInt, Day, Flag, Instant, Row, text_between


class BodyRow(Row, table=True):
    """`name` is plain, for search and codes; `display_name` keeps the official glyphs (葛 + U+E0100).

    `needs_approval`: a second person of the body approves an answer before it is submitted. `mail` gets the reminders.
    """

    __tablename__ = "body"
    __table_args__ = (
        text_between("code", 6, 6),
        text_between("name", 1, 100),
        text_between("display_name", 1, 120),
    )

    code: str = Field(primary_key=True, sa_type=Text)
    name: str = Field(sa_type=Text)
    display_name: str = Field(sa_type=Text)
    kana: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    prefecture: str = Field(sa_type=Text)
    is_member: bool = Field(sa_type=Flag)
    needs_approval: bool = Field(default=False, sa_type=Flag)
    mail: str | None = Field(default=None, sa_type=Text)


class SupplierRow(Row, table=True):
    """A supplier; `corporate_number` is its 法人番号, which a sole trader and a foreign firm may lack.

    `changed_at`: published rounds say what stands here, and so are as new as this.
    """

    __tablename__ = "supplier"
    __table_args__ = (
        UniqueConstraint("corporate_number"),
        text_between("name", 1, 200),
        text_between("corporate_number", 13, 13),
        text_between("address", 0, 200),
        text_between("representative", 0, 100),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BigInt)
    name: str = Field(sa_type=Text)
    corporate_number: str | None = Field(default=None, sa_type=Text)
    address: str = Field(default="", sa_type=Text)
    representative: str = Field(default="", sa_type=Text)
    changed_at: datetime = Field(sa_type=Instant)


class SuspensionRow(Row, table=True):
    """指名停止: a supplier takes part in no tender from its first to its last day, both included."""

    __tablename__ = "suspension"
    __table_args__ = (CheckConstraint("last_day >= first_day", name="days_in_order"), text_between("reason", 1, 1000))

    id: int = Field(default=None, primary_key=True, sa_type=BigInt)
    supplier_id: int = Field(foreign_key="supplier.id", sa_type=BigInt, index=True)
    first_day: date = Field(sa_type=Day)
    last_day: date = Field(sa_type=Day)
    reason: str = Field(sa_type=Text)
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str = Field(sa_type=Text)
    lifted_at: datetime | None = Field(default=None, sa_type=Instant)
