"""Rows of accounts, of open sign-ins and failed attempts, of tokens of the API and the replies kept for them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field

from procure.accounts.roles import Role
from procure.database import BigInt, Flag, Instant, Row, choice, one_of, text_between


class AccountRow(Row, table=True):
    """A person. Accounts are disabled, never deleted: the history names them."""

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("login"),
        one_of("role", Role),
        text_between("login", 1, 64),
        text_between("name", 1, 100),
        CheckConstraint("(role = 'municipality') = (body_code IS NOT NULL)", name="body_of_municipality"),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BigInt)
    login: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    role: Role = Field(sa_type=choice(Role))
    body_code: str | None = Field(default=None, foreign_key="body.code", sa_type=Text)
    is_approver: bool = Field(default=False, sa_type=Flag)
    password_hash: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=Instant)
    disabled_at: datetime | None = Field(default=None, sa_type=Instant)


class SignInRow(Row, table=True):
    """An open sign-in. The browser holds the token; here is only its SHA-256, so a copy of the table opens nothing."""

    __tablename__ = "sign_in"
    __table_args__ = (text_between("token_hash", 64, 64), text_between("csrf_token", 32, 64))

    token_hash: str = Field(primary_key=True, sa_type=Text)
    account_id: int = Field(foreign_key="account.id", sa_type=BigInt, index=True)
    csrf_token: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=Instant)
    last_seen_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)


class SignInFailureRow(Row, table=True):
    """An attempt that did not succeed. The login is kept as a hash: people type passwords into that field."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (text_between("login_hash", 64, 64),)

    id: int = Field(default=None, primary_key=True, sa_type=BigInt)
    login_hash: str = Field(sa_type=Text)
    address: str = Field(sa_type=Text, index=True)
    at: datetime = Field(sa_type=Instant, index=True)


class TokenRow(Row, table=True):
    """A token with which a program acts for a person. Here is only its SHA-256; `hint` are its last characters.

    `scopes` are the values of Scope between blanks. A token ends at `expires_at`, or when it was revoked.
    """

    __tablename__ = "api_token"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        text_between("token_hash", 64, 64),
        text_between("hint", 4, 4),
        text_between("name", 1, 60),
        text_between("scopes", 1, 200),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BigInt)
    account_id: int = Field(foreign_key="account.id", sa_type=BigInt, index=True)
    name: str = Field(sa_type=Text)
    token_hash: str = Field(sa_type=Text)
    hint: str = Field(sa_type=Text)
    scopes: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    last_used_at: datetime | None = Field(default=None, sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)


class KeptReplyRow(Row, table=True):
    """What a program was told, kept for a day: the same request with the same key is told the same once more.

    `headers` is JSON, a list of pairs.
    """

    __tablename__ = "api_reply"
    __table_args__ = (text_between("key", 1, 255), text_between("request_hash", 64, 64))

    token_id: int = Field(primary_key=True, foreign_key="api_token.id", sa_type=BigInt)
    key: str = Field(primary_key=True, sa_type=Text)
    request_hash: str = Field(sa_type=Text)
    status: int = Field(sa_type=BigInt)
    headers: str = Field(sa_type=Text)
    content: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=Instant, index=True)
