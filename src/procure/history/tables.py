"""Rows of the history. The database refuses to change or delete them: see `append_only` in database.py."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field

from procure.database import BigInt, Instant, Row, text_between


class EventRow(Row, table=True):
    """Something somebody did. The actor's name stands here as it was then; a command has no account.

    `round_ref` is text and no foreign key, so that the history of a round outlives it.
    `changes` is JSON: {"what": ["from", "to"]}.
    """

    __tablename__ = "event"
    __table_args__ = (
        text_between("actor", 1, 200),
        text_between("action", 1, 64),
        text_between("subject", 0, 500),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInt)
    at: datetime = Field(sa_type=Instant)
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BigInt)
    actor: str = Field(sa_type=Text)
    action: str = Field(sa_type=Text)
    round_ref: str | None = Field(default=None, sa_type=Text, index=True)
    subject: str = Field(sa_type=Text)
    changes: str = Field(sa_type=Text)
