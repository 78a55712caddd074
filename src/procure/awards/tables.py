"""Rows of the confirmed decision."""

from datetime import date, datetime

from sqlalchemy import Text
from sqlmodel import Field

from procure.database import BigInt, Day, Instant, Row, text_between


class ConfirmationRow(Row, table=True):
    """The decision on a round, confirmed: the round file and the result as they stood, kept as evidence.

    `decision_number` and `decision_date` are the council's 決裁番号 and 決裁日; `sha256` is over both texts.
    """

    __tablename__ = "confirmation"
    __table_args__ = (text_between("decision_number", 1, 100),)

    round_id: int = Field(primary_key=True, foreign_key="round.id", sa_type=BigInt)
    confirmed_at: datetime = Field(sa_type=Instant)
    confirmed_by: str = Field(sa_type=Text)
    decision_number: str = Field(sa_type=Text)
    decision_date: date = Field(sa_type=Day)
    round_file: str = Field(sa_type=Text)
    result: str = Field(sa_type=Text)
    sha256: str = Field(sa_type=Text)
