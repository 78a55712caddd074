"""Reads of accounts: one by its login, all in order, and who stands behind a token."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, column, table
from sqlmodel import Session, col, select

from procure.accounts.tables import AccountRow, SignInRow
from procure.accounts.viewer import Viewer
from procure.settings import SignInLimits

# The bodies belong to parties, which accounts does not import: only the name of one is read here.
_BODY = table("body", column("code", Text), column("display_name", Text))


@dataclass(frozen=True, slots=True)
class Identity:
    """A viewer, and when that sign-in was last noted."""

    viewer: Viewer
    last_seen_at: datetime


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def account_of(session: Session, login: str) -> AccountRow | None:
    return session.exec(select(AccountRow).where(AccountRow.login == login)).one_or_none()


def accounts(session: Session) -> Sequence[AccountRow]:
    return session.exec(select(AccountRow).order_by(col(AccountRow.role), col(AccountRow.login))).all()


def identify(session: Session, at: datetime, token: str, limits: SignInLimits) -> Identity | None:
    """None where the token is unknown, or the sign-in is idle or over, or the account disabled."""
    found = session.exec(
        select(SignInRow, AccountRow, _BODY.c.display_name)
        .join(AccountRow, col(AccountRow.id) == SignInRow.account_id)
        .outerjoin(_BODY, _BODY.c.code == AccountRow.body_code)
        .where(SignInRow.token_hash == token_hash(token))
    ).one_or_none()
    if found is None:
        return None
    sign_in, account, body_name = found
    over = at >= sign_in.expires_at or at - sign_in.last_seen_at >= limits.idle
    if over or account.disabled_at is not None:
        return None
    return Identity(_viewer(account, sign_in, body_name), sign_in.last_seen_at)


def _viewer(account: AccountRow, sign_in: SignInRow, body_name: str | None) -> Viewer:
    return Viewer(
        account_id=sign_in.account_id,
        login=account.login,
        name=account.name,
        role=account.role,
        body_code=account.body_code,
        body_name=body_name,
        csrf_token=sign_in.csrf_token,
    )
