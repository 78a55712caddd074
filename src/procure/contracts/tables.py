"""Rows of what follows the award: each body's own amounts, its contracts, and the slips of their ledgers."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Text, UniqueConstraint
from sqlmodel import Field

from procure.contracts.states import Act, Ground, Resolution
from procure.database import Amount, BigInt, Day, Flag, Instant, Row, choice, one_of, text_between
from procure.values.money import Yen


class ContractLimitRow(Row, table=True):
    """What a body's own 条例 and 規則 say of contracts, in yen with tax; null where the law's amount or day holds."""

    __tablename__ = "contract_limit"
    __table_args__ = (
        CheckConstraint("assembly > 0", name="assembly_positive"),
        CheckConstraint("small > 0", name="small_positive"),
        text_between("ordinance", 0, 200),
    )

    body_code: str = Field(primary_key=True, foreign_key="body.code", sa_type=Text)
    assembly: Yen | None = Field(default=None, sa_type=Amount)
    small: Yen | None = Field(default=None, sa_type=Amount)
    small_since: date | None = Field(default=None, sa_type=Day)
    ordinance: str = Field(default="", sa_type=Text)
    changed_at: datetime = Field(sa_type=Instant)
    changed_by: str = Field(sa_type=Text)
    version: int = Field(default=1, sa_type=BigInt)


class DeliveryDeadlineRow(Row, table=True):
    """納入期限 of a lot, the same for every body that buys in it."""

    __tablename__ = "delivery_deadline"

    lot_id: int = Field(primary_key=True, foreign_key="lot.id", sa_type=BigInt)
    day: date = Field(sa_type=Day)
    set_at: datetime = Field(sa_type=Instant)
    set_by: str = Field(sa_type=Text)


class ContractRow(Row, table=True):
    """A body's contract in a lot. `version` grows with every change of it and with every slip.

    `on_behalf` is why the secretariat wrote the present state of it for the body; null where the body did.
    """

    __tablename__ = "contract"
    __table_args__ = (
        one_of("ground", Ground),
        one_of("resolution", Resolution),
        text_between("approval_reason", 0, 1000),
        text_between("contract_number", 0, 100),
        text_between("failure_reason", 0, 1000),
        text_between("on_behalf", 1, 1000),
        CheckConstraint("approval IS NULL OR length(approval_reason) > 0", name="own_word_with_reason"),
        CheckConstraint("(resolution IS NULL) = (resolved_on IS NULL)", name="resolution_with_day"),
        CheckConstraint("resolution <> 'rejected' OR concluded_on IS NULL", name="rejected_is_not_concluded"),
        CheckConstraint("failed_on IS NULL OR length(failure_reason) > 0", name="failed_with_reason"),
        CheckConstraint("resolution <> 'rejected' OR length(failure_reason) > 0", name="rejected_with_reason"),
    )

    lot_id: int = Field(primary_key=True, foreign_key="lot.id", sa_type=BigInt)
    body_code: str = Field(primary_key=True, foreign_key="body.code", sa_type=Text)
    ground: Ground | None = Field(default=None, sa_type=choice(Ground))
    approval: bool | None = Field(default=None, sa_type=Flag)
    approval_reason: str = Field(default="", sa_type=Text)
    contract_number: str = Field(default="", sa_type=Text)
    provisional_on: date | None = Field(default=None, sa_type=Day)
    submitted_on: date | None = Field(default=None, sa_type=Day)
    resolved_on: date | None = Field(default=None, sa_type=Day)
    resolution: Resolution | None = Field(default=None, sa_type=choice(Resolution))
    concluded_on: date | None = Field(default=None, sa_type=Day)
    failed_on: date | None = Field(default=None, sa_type=Day)
    failure_reason: str = Field(default="", sa_type=Text)
    on_behalf: str | None = Field(default=None, sa_type=Text)
    changed_at: datetime = Field(sa_type=Instant)
    changed_by: str = Field(sa_type=Text)
    version: int = Field(default=1, sa_type=BigInt)


class ContractSlipRow(Row, table=True):
    """An entry of a contract's ledger. The database lets nobody change or delete it.

    `reverses` is the number of the slip that this one takes back; a slip is taken back once. `resolved_on` is the day
    of the assembly's vote on a change.
    """

    __tablename__ = "contract_slip"
    __table_args__ = (
        ForeignKeyConstraint(
            ["lot_id", "body_code"], ["contract.lot_id", "contract.body_code"], name="fk_contract_slip_contract"
        ),
        UniqueConstraint("lot_id", "body_code", "number"),
        UniqueConstraint("lot_id", "body_code", "reverses", name="uq_contract_slip_reverses"),
        one_of("act", Act),
        text_between("place", 0, 200),
        text_between("inspector", 0, 100),
        text_between("remark", 0, 1000),
        text_between("on_behalf", 1, 1000),
        CheckConstraint("number >= 1", name="number_positive"),
        CheckConstraint("resolved_on IS NULL OR act = 'change'", name="resolution_of_a_change"),
        CheckConstraint("reverses IS NULL OR length(remark) > 0", name="reversed_with_reason"),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BigInt)
    lot_id: int = Field(sa_type=BigInt)
    body_code: str = Field(sa_type=Text)
    number: int = Field(sa_type=BigInt)
    act: Act = Field(sa_type=choice(Act))
    day: date = Field(sa_type=Day)
    place: str = Field(default="", sa_type=Text)
    inspector: str = Field(default="", sa_type=Text)
    remark: str = Field(default="", sa_type=Text)
    reverses: int | None = Field(default=None, sa_type=BigInt)
    resolved_on: date | None = Field(default=None, sa_type=Day)
    on_behalf: str | None = Field(default=None, sa_type=Text)
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str = Field(sa_type=Text)


class ContractLineRow(Row, table=True):
    """An item of a slip; below zero where a change takes away or a slip is taken back."""

    __tablename__ = "contract_line"
    __table_args__ = (CheckConstraint("quantity <> 0", name="quantity_not_zero"),)

    slip_id: int = Field(primary_key=True, foreign_key="contract_slip.id", sa_type=BigInt)
    item_id: int = Field(primary_key=True, foreign_key="item.id", sa_type=BigInt)
    quantity: int = Field(sa_type=BigInt)
