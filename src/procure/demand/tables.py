"""Rows of demand: the draft as it was typed, the answer submitted, its quantities, and every change of them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field

from procure.database import Amount, BigInt, Flag, Instant, Row, choice, one_of, text_between
from procure.demand.states import Acquisition, AnswerState, Way
from procure.history.two_people import Person
from procure.values.money import Yen


class DraftRow(Row, table=True):
    """What a body typed and has not submitted yet, as text and field by field (JSON), so that nothing is lost.

    `requested_at` says that it waits for the approval of a second person of the body: of another than
    `saved_by_account`, who saved it last or asked for the approval.
    """

    __tablename__ = "demand_draft"
    __table_args__ = (one_of("way", Way),)

    round_id: int = Field(primary_key=True, foreign_key="round.id", sa_type=BigInt)
    body_code: str = Field(primary_key=True, foreign_key="body.code", sa_type=Text)
    typed: str = Field(sa_type=Text)
    way: Way = Field(default=Way.GRID, sa_type=choice(Way))
    saved_at: datetime = Field(sa_type=Instant)
    saved_by: str = Field(sa_type=Text)
    saved_by_account: int | None = Field(default=None, foreign_key="account.id", sa_type=BigInt)
    requested_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = Field(default=1, sa_type=BigInt)

    @property
    def writer(self) -> Person:
        return Person(self.saved_by_account, self.saved_by)


class SubmissionRow(Row, table=True):
    """A body's answer to the survey of a round; submitting again replaces it and grows `version`.

    `reason` is why it was returned (差戻し).
    """

    __tablename__ = "demand_submission"
    __table_args__ = (
        UniqueConstraint("receipt_number"),
        text_between("receipt_number", 1, 100),
        one_of("state", AnswerState),
        CheckConstraint("(state = 'returned') = (reason IS NOT NULL)", name="returned_with_reason"),
    )

    round_id: int = Field(primary_key=True, foreign_key="round.id", sa_type=BigInt)
    body_code: str = Field(primary_key=True, foreign_key="body.code", sa_type=Text)
    receipt_number: str = Field(sa_type=Text)
    state: AnswerState = Field(default=AnswerState.SUBMITTED, sa_type=choice(AnswerState))
    reason: str | None = Field(default=None, sa_type=Text)
    submitted_at: datetime = Field(sa_type=Instant)
    submitted_by: str = Field(sa_type=Text)
    judged_at: datetime | None = Field(default=None, sa_type=Instant)
    judged_by: str | None = Field(default=None, sa_type=Text)
    version: int = Field(default=1, sa_type=BigInt)


class AnswerRow(Row, table=True):
    """A body's answer for one lot: 参加 or 今回は参加しない, and what goes with the quantities.

    `budget_with_tax` is the budget in yen with tax; `delivery_month` is YYYY-MM.
    """

    __tablename__ = "demand_answer"
    __table_args__ = (
        one_of("acquisition", Acquisition),
        text_between("delivery_month", 7, 7),
        text_between("delivery_places", 0, 2000),
        text_between("remarks", 0, 2000),
        CheckConstraint("budget_with_tax >= 0", name="budget_not_negative"),
    )

    lot_id: int = Field(primary_key=True, foreign_key="lot.id", sa_type=BigInt)
    body_code: str = Field(primary_key=True, foreign_key="body.code", sa_type=Text)
    participates: bool = Field(sa_type=Flag)
    acquisition: Acquisition | None = Field(default=None, sa_type=choice(Acquisition))
    delivery_month: str | None = Field(default=None, sa_type=Text)
    delivery_places: str = Field(default="", sa_type=Text)
    remarks: str = Field(default="", sa_type=Text)
    budget_with_tax: Yen | None = Field(default=None, sa_type=Amount)


class DemandRow(Row, table=True):
    """A quantity that a body asks for; `spares` (予備) are counted in it.

    `last_unit_price` is what the body paid last time, tax-exclusive, if it says so.
    """

    __tablename__ = "demand"
    __table_args__ = (
        CheckConstraint("quantity BETWEEN 1 AND 99999999", name="quantity_range"),
        CheckConstraint("spares BETWEEN 0 AND quantity", name="spares_within_quantity"),
        CheckConstraint("last_unit_price > 0", name="last_unit_price_positive"),
    )

    item_id: int = Field(primary_key=True, foreign_key="item.id", sa_type=BigInt)
    body_code: str = Field(primary_key=True, foreign_key="body.code", index=True, sa_type=Text)
    quantity: int = Field(sa_type=BigInt)
    spares: int = Field(default=0, sa_type=BigInt)
    last_unit_price: Yen | None = Field(default=None, sa_type=Amount)


class DemandChangeRow(Row, table=True):
    """One change of a quantity; the database lets nobody change it, and demand at any date is read from these."""

    __tablename__ = "demand_change"
    __table_args__ = (one_of("way", Way),)

    id: int = Field(default=None, primary_key=True, sa_type=BigInt)
    at: datetime = Field(sa_type=Instant)
    item_id: int = Field(foreign_key="item.id", sa_type=BigInt, index=True)
    body_code: str = Field(foreign_key="body.code", sa_type=Text)
    way: Way = Field(sa_type=choice(Way))
    by: str = Field(sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)
    quantity_before: int = Field(sa_type=BigInt)
    quantity_after: int = Field(sa_type=BigInt)
    spares_before: int = Field(sa_type=BigInt)
    spares_after: int = Field(sa_type=BigInt)


class ExtensionRow(Row, table=True):
    """A later deadline for one body, with the reason. It holds after the survey was closed, too."""

    __tablename__ = "demand_extension"
    __table_args__ = (text_between("reason", 1, 1000),)

    round_id: int = Field(primary_key=True, foreign_key="round.id", sa_type=BigInt)
    body_code: str = Field(primary_key=True, foreign_key="body.code", sa_type=Text)
    deadline: datetime = Field(sa_type=Instant)
    reason: str = Field(sa_type=Text)
    granted_at: datetime = Field(sa_type=Instant)
    granted_by: str = Field(sa_type=Text)


class FreezeRow(Row, table=True):
    """The demand as it stood at 仕様確定, as JSON: a copy that the database lets nobody touch."""

    __tablename__ = "demand_freeze"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: int = Field(default=None, primary_key=True, sa_type=BigInt)
    round_id: int = Field(foreign_key="round.id", sa_type=BigInt)
    number: int = Field(sa_type=BigInt)
    at: datetime = Field(sa_type=Instant)
    by: str = Field(sa_type=Text)
    content: str = Field(sa_type=Text)
    sha256: str = Field(sa_type=Text)


class SheetUploadRow(Row, table=True):
    """A 調査票 that was read and shown, and waits for the person who sent it to say that it shall count.

    `batch` is what was sent at once. `seen_version` is the body's answer as it was shown beside it; `is_stale` says
    that the answer had changed since the sheet was made.
    """

    __tablename__ = "sheet_upload"
    __table_args__ = (text_between("file_name", 1, 200),)

    batch: str = Field(primary_key=True, sa_type=Text)
    body_code: str = Field(primary_key=True, foreign_key="body.code", sa_type=Text)
    round_id: int = Field(foreign_key="round.id", sa_type=BigInt, index=True)
    account_id: int = Field(foreign_key="account.id", sa_type=BigInt)
    file_name: str = Field(sa_type=Text)
    typed: str = Field(sa_type=Text)
    seen_version: int = Field(sa_type=BigInt)
    is_stale: bool = Field(sa_type=Flag)
    created_at: datetime = Field(sa_type=Instant)
