"""Rows of accounts, of the sign-ins that are open, and of the attempts that failed."""

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
