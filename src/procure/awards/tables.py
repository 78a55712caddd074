"""Rows of the confirmed decision."""

from datetime import date, datetime

from sqlalchemy import Text
from sqlmodel import Field

from procure.database import BigInt, Day, Instant, Row, text_between
from procure.history.two_people import Proposed


class ProposalRow(Proposed, table=True):
    """The decision on a round, put before a second person (決裁): what it would keep as evidence has this `sha256`."""

    __tablename__ = "confirmation_proposal"
    __table_args__ = (text_between("decision_number", 1, 100), text_between("sha256", 64, 64))

    round_id: int = Field(primary_key=True, foreign_key="round.id", sa_type=BigInt)
    decision_number: str = Field(sa_type=Text)
    decision_date: date = Field(sa_type=Day)
    sha256: str = Field(sa_type=Text)


class ConfirmationRow(Row, table=True):
    """The decision on a round, confirmed: the round file and the result as they stood, kept as evidence.

    `decision_number` and `decision_date` are the council's 決裁番号 and 決裁日; `sha256` is over both texts. The
    database refuses to change or delete a row.
    """

    __tablename__ = "confirmation"
    __table_args__ = (text_between("decision_number", 1, 100),)

    round_id: int = Field(primary_key=True, foreign_key="round.id", sa_type=BigInt)
    confirmed_at: datetime = Field(sa_type=Instant)
    confirmed_by: str = Field(sa_type=Text)
    proposed_by: str | None = Field(default=None, sa_type=Text)
    decision_number: str = Field(sa_type=Text)
    decision_date: date = Field(sa_type=Day)
    round_file: str = Field(sa_type=Text)
    result: str = Field(sa_type=Text)
    sha256: str = Field(sa_type=Text)
