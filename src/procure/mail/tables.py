"""Rows of the outbox: every mail as it was written, and what became of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field

from procure.database import BigInt, Instant, Row, choice, one_of, text_between
from procure.mail.states import Kind, MailState


class MailRow(Row, table=True):
    """`key` says what the mail is for: there is one mail for it and never a second.

    Not sent before `next_try_at`, nor any more from `useless_after` on. `answer` is what the mail server said last.
    A mail that is sending without `claimed_at` was handed over and not acknowledged.
    """

    __tablename__ = "mail"
    __table_args__ = (
        UniqueConstraint("key"),
        UniqueConstraint("message_id"),
        one_of("kind", Kind),
        one_of("state", MailState),
        text_between("key", 1, 300),
        text_between("address", 1, 254),
        text_between("subject", 1, 300),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_with_time"),
        CheckConstraint("state <> 'waiting' OR next_try_at IS NOT NULL", name="waiting_until"),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BigInt)
    key: str = Field(sa_type=Text)
    kind: Kind = Field(sa_type=choice(Kind))
    round_id: int = Field(foreign_key="round.id", sa_type=BigInt, index=True)
    body_code: str = Field(foreign_key="body.code", sa_type=Text)
    address: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text)
    text: str = Field(sa_type=Text)
    message_id: str = Field(sa_type=Text)
    state: MailState = Field(default=MailState.WAITING, sa_type=choice(MailState), index=True)
    posted_at: datetime = Field(sa_type=Instant)
    next_try_at: datetime | None = Field(default=None, sa_type=Instant)
    useless_after: datetime | None = Field(default=None, sa_type=Instant)
    tries: int = Field(default=0, sa_type=BigInt)
    claimed_at: datetime | None = Field(default=None, sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    answer: str | None = Field(default=None, sa_type=Text)
