"""Tokens of the API: making and revoking them, whom one stands for, wrong ones. Callers write the history."""

import secrets
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Text, column, delete, func, or_, table, update
from sqlmodel import Session, col, select

from procure.accounts.actions import TooManyAttempts
from procure.accounts.queries import token_hash
from procure.accounts.roles import Role
from procure.accounts.scopes import Scope, scopes_for
from procure.accounts.tables import AccountRow, SignInFailureRow, TokenRow
from procure.accounts.viewer import Grant, Viewer
from procure.errors import Conflict, Fault, NotFound, refuse
from procure.settings import SignInLimits

PREFIX = "procure_"  # whoever searches files or logs for lost tokens finds them by it
LONGEST_NAME = 60
LONGEST_LIFE = timedelta(days=366)
MOST_TOKENS = 20  # that a person has at once
_HINT = 4
# Wrong tokens have a count of their own: a program with an old token keeps nobody from signing in.
_WRONG = "token:{}"
_BODY = table("body", column("code", Text), column("display_name", Text))


@dataclass(frozen=True, slots=True)
class Bearer:
    """A viewer by token, and when the token was last noted in use."""

    viewer: Viewer
    number: int
    last_used_at: datetime | None


def make_token(
    session: Session,
    at: datetime,
    account_id: int,
    role: Role,
    name: str,
    scopes: Collection[Scope],
    expires_at: datetime,
) -> tuple[TokenRow, str]:
    """The row, and the token itself, which is nowhere to be had again. Raises Invalid, and Conflict for too many."""
    refuse(token_faults(at, role, name, scopes, expires_at))
    if len([row for row in tokens_of(session, account_id) if is_usable(row, at)]) >= MOST_TOKENS:
        raise Conflict(f"トークンは一人{MOST_TOKENS}個までです。使っていないトークンを失効させてください。")
    token = PREFIX + secrets.token_urlsafe(32)
    row = TokenRow(
        account_id=account_id,
        name=name,
        token_hash=token_hash(token),
        hint=token[-_HINT:],
        scopes=" ".join(scope for scope in Scope if scope in scopes),
        created_at=at,
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    return row, token


def token_faults(
    at: datetime, role: Role, name: str, scopes: Collection[Scope], expires_at: datetime | None
) -> Iterator[Fault]:
    """Every fault; `expires_at` is None where the day could not be read, which is another's fault."""
    if not 1 <= len(name) <= LONGEST_NAME:
        yield Fault("name", f"トークンの名前を{LONGEST_NAME}字以内で入力してください（例：財務会計システム連携）。")
    if not scopes:
        yield Fault("scopes", "トークンで行える操作を一つ以上選んでください。")
    elif not set(scopes) <= set(scopes_for(role)):
        yield Fault("scopes", "あなたの権限では選べない操作があります。表示されている操作から選んでください。")
    if expires_at is not None and not at < expires_at <= at + LONGEST_LIFE:
        yield Fault("expires", "有効期限は、明日から1年以内の日にしてください。")


def tokens_of(session: Session, account_id: int) -> Sequence[TokenRow]:
    """Those that are in use and those that ended, newest first."""
    own = select(TokenRow).where(col(TokenRow.account_id) == account_id)
    return session.exec(own.order_by(col(TokenRow.id).desc())).all()


def is_usable(row: TokenRow, at: datetime) -> bool:
    return row.revoked_at is None and at < row.expires_at


def scopes_in(row: TokenRow) -> frozenset[Scope]:
    return frozenset(Scope(value) for value in row.scopes.split())


def revoke_token(session: Session, at: datetime, account_id: int, number: int) -> TokenRow:
    """Raises NotFound, also for another person's token; Conflict where it was revoked already."""
    row = session.get(TokenRow, number, with_for_update=True)
    if row is None or row.account_id != account_id:
        raise NotFound
    if row.revoked_at is not None:
        raise Conflict("このトークンは、すでに失効しています。")
    row.revoked_at = at
    return row


def bearer_of(session: Session, at: datetime, token: str) -> Bearer | None:
    """None where the token is unknown, revoked or over, or its account disabled."""
    found = session.exec(
        select(TokenRow, AccountRow, _BODY.c.display_name)
        .join(AccountRow, col(AccountRow.id) == TokenRow.account_id)
        .outerjoin(_BODY, _BODY.c.code == AccountRow.body_code)
        .where(TokenRow.token_hash == token_hash(token))
    ).one_or_none()
    if found is None:
        return None
    row, account, body_name = found
    if not is_usable(row, at) or account.disabled_at is not None:
        return None
    return Bearer(_viewer(row, account, body_name), row.id, row.last_used_at)


def note_use(session: Session, at: datetime, number: int) -> None:
    unnoted = or_(col(TokenRow.last_used_at).is_(None), col(TokenRow.last_used_at) < at)
    session.exec(update(TokenRow).where(col(TokenRow.id) == number, unnoted).values(last_used_at=at))


def require_patience(session: Session, at: datetime, token: str, address: str, limits: SignInLimits) -> None:
    """Raises TooManyAttempts where this wrong token, or any from this address, came too often within the window."""
    recent = select(func.count()).select_from(SignInFailureRow).where(col(SignInFailureRow.at) > at - limits.window)
    from_there = recent.where(col(SignInFailureRow.address) == _WRONG.format(address))
    same = from_there.where(col(SignInFailureRow.login_hash) == token_hash(token))
    if session.exec(from_there).one() >= limits.per_address or session.exec(same).one() >= limits.per_login:
        raise TooManyAttempts


def count_wrong_token(session: Session, at: datetime, token: str, address: str, limits: SignInLimits) -> None:
    session.exec(delete(SignInFailureRow).where(col(SignInFailureRow.at) <= at - limits.window))
    session.add(SignInFailureRow(login_hash=token_hash(token), address=_WRONG.format(address), at=at))


def _viewer(row: TokenRow, account: AccountRow, body_name: str | None) -> Viewer:
    return Viewer(
        account_id=row.account_id,
        login=account.login,
        name=account.name,
        role=account.role,
        body_code=account.body_code,
        body_name=body_name,
        csrf_token="",
        through=Grant(row.id, row.name, scopes_in(row)),
    )
