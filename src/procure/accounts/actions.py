"""What is done with accounts: opening and disabling them, signing in and out. Callers write the history."""

import hashlib
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, text, update
from sqlmodel import Session, col, select

from procure.accounts import passwords
from procure.accounts.queries import account_of, token_hash
from procure.accounts.roles import Role
from procure.accounts.tables import AccountRow, SignInFailureRow, SignInRow, TokenRow
from procure.errors import Conflict, Fault, Invalid, NotFound
from procure.settings import SignInLimits
from procure.values.text import clean
from procure.values.unreadable import Unreadable

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{2,63}")


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in under way, already counted as a failure; `password_hash` is None where nobody may sign in."""

    failure_id: int
    login_hash: str
    address: str
    account_id: int | None
    password_hash: str | None


class TooManyAttempts(Exception):
    """Too many failures of this login or from this address within the window."""


# ---- accounts --------------------------------------------------------------------------------------


def add_account(
    session: Session, at: datetime, *, login: str, name: str, role: Role, body_code: str | None, password: str
) -> AccountRow:
    """`body_code` is given for a municipality's account, and only there. Raises Invalid, Conflict."""
    login = normal_login(login)
    faults = [
        *_faults_of_person(login, name, role, body_code),
        *_faults_of_password("password", password, login),
    ]
    if faults:
        raise Invalid(*faults)
    if account_of(session, login):
        raise Conflict(f"ログイン名「{login}」は既に使われています。別のログイン名を入力してください。")
    account = AccountRow(
        login=login,
        name=clean(name),
        role=role,
        body_code=body_code,
        password_hash=passwords.hashed(password),
        created_at=at,
    )
    session.add(account)
    session.flush()
    return account


def set_password(session: Session, at: datetime, login: str, password: str) -> AccountRow:
    """Ends every sign-in of the account, and revokes its tokens. Raises NotFound, Invalid."""
    account = _existing(session, login)
    faults = _faults_of_password("password", password, account.login)
    if faults:
        raise Invalid(*faults)
    account.password_hash = passwords.hashed(password)
    end_sign_ins(session, account)
    revoke_tokens(session, at, account)
    return account


def disable_account(session: Session, at: datetime, login: str) -> AccountRow:
    """Ends every sign-in of the account. Raises NotFound."""
    account = _existing(session, login)
    account.disabled_at = account.disabled_at or at
    end_sign_ins(session, account)
    return account


def enable_account(session: Session, login: str) -> AccountRow:
    account = _existing(session, login)
    account.disabled_at = None
    return account


def end_sign_ins(session: Session, account: AccountRow) -> None:
    session.flush()
    session.exec(delete(SignInRow).where(col(SignInRow.account_id) == account.id))


def revoke_tokens(session: Session, at: datetime, account: AccountRow) -> None:
    """Whoever changes a password that somebody else knew gets rid of the tokens that he made with it, too."""
    usable = (col(TokenRow.account_id) == account.id, col(TokenRow.revoked_at).is_(None))
    session.exec(update(TokenRow).where(*usable).values(revoked_at=at))


# ---- signing in, in three steps: count, check the password outside any transaction, open ------------


def begin_attempt(session: Session, at: datetime, login: str, address: str, limits: SignInLimits) -> Attempt:
    """Counts the attempt as a failure before the password is checked, so that parallel guesses are counted too.

    Raises TooManyAttempts.
    """
    login = normal_login(login)
    login_hash = hashlib.sha256(login.encode()).hexdigest()
    _take_turn(session, address)
    since = at - limits.window
    session.exec(delete(SignInFailureRow).where(col(SignInFailureRow.at) <= since))
    if _failures(session, address) >= limits.per_address or _failures(session, address, login_hash) >= limits.per_login:
        raise TooManyAttempts
    failure = SignInFailureRow(login_hash=login_hash, address=address, at=at)
    session.add(failure)
    session.flush()
    account = account_of(session, login)
    usable = account if account and account.disabled_at is None else None
    return Attempt(
        failure_id=_number(failure.id),
        login_hash=login_hash,
        address=address,
        account_id=usable.id if usable else None,
        password_hash=usable.password_hash if usable else None,
    )


def open_sign_in(session: Session, at: datetime, attempt: Attempt, password: str, limits: SignInLimits) -> str | None:
    """The token for the browser, once the password was found right; None where the account changed meanwhile."""
    account = session.get(AccountRow, attempt.account_id, with_for_update=True)
    if account is None or account.disabled_at or account.password_hash != attempt.password_hash:
        return None
    if passwords.is_outdated(account.password_hash):
        account.password_hash = passwords.hashed(password)
    _forgive(session, attempt)
    session.exec(delete(SignInRow).where(_ended(at, limits)))
    token = secrets.token_urlsafe(32)
    session.add(
        SignInRow(
            token_hash=token_hash(token),
            account_id=_number(account.id),
            csrf_token=secrets.token_urlsafe(32),
            created_at=at,
            last_seen_at=at,
            expires_at=at + limits.absolute,
        )
    )
    return token


def touch(session: Session, at: datetime, token: str) -> None:
    """Notes that the person is still there. Updates only: a sign-in that was ended stays ended."""
    session.exec(
        update(SignInRow)
        .where(col(SignInRow.token_hash) == token_hash(token), col(SignInRow.last_seen_at) < at)
        .values(last_seen_at=at)
    )


def sign_out(session: Session, token: str) -> None:
    session.exec(delete(SignInRow).where(col(SignInRow.token_hash) == token_hash(token)))


def normal_login(login: str) -> str:
    """What is typed with the Japanese input method on, or with capitals, means the same login."""
    return unicodedata.normalize("NFKC", login).strip().lower()


# ---- the parts of it -------------------------------------------------------------------------------


def _existing(session: Session, login: str) -> AccountRow:
    account = account_of(session, normal_login(login))
    if account is None:
        raise NotFound("そのログイン名の利用者は登録されていません。ログイン名をご確認ください。")
    return account


def _faults_of_person(login: str, name: str, role: Role, body_code: str | None) -> list[Fault]:
    faults = []
    if not LOGIN.fullmatch(login):
        faults.append(
            Fault(
                "login", "ログイン名は半角の英小文字、数字、. _ - を使い、英数字で始まる3〜64文字で入力してください。"
            )
        )
    if message := _fault_of_name(name):
        faults.append(Fault("name", message))
    if (role is Role.MUNICIPALITY) != (body_code is not None):
        faults.append(
            Fault("body_code", "市町村の利用者には団体コードを指定し、ほかの利用者には指定しないでください。")
        )
    return faults


def _fault_of_name(name: str) -> str | None:
    try:
        return None if 1 <= len(clean(name)) <= 100 else "氏名は1文字以上100文字以内で入力してください。"
    except Unreadable as unreadable:
        return unreadable.message


def _faults_of_password(field: str, password: str, login: str) -> list[Fault]:
    message = passwords.fault_of(password, login)
    return [Fault(field, message)] if message else []


def _take_turn(session: Session, address: str) -> None:
    """One attempt of an address at a time. On SQLite the transaction is alone already."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(hashtext(:address))"), {"address": address})


def _failures(session: Session, address: str, login_hash: str | None = None) -> int:
    query = select(func.count()).select_from(SignInFailureRow).where(SignInFailureRow.address == address)
    return session.exec(query.where(SignInFailureRow.login_hash == login_hash) if login_hash else query).one()


def _forgive(session: Session, attempt: Attempt) -> None:
    """Forgets the failures of this login from this address; those of other logins keep counting."""
    session.exec(
        delete(SignInFailureRow).where(
            col(SignInFailureRow.login_hash) == attempt.login_hash, col(SignInFailureRow.address) == attempt.address
        )
    )


def _ended(at: datetime, limits: SignInLimits) -> ColumnElement[bool]:
    return or_(col(SignInRow.expires_at) <= at, col(SignInRow.last_seen_at) <= at - limits.idle)


def _number(identity: int | None) -> int:
    if identity is None:
        raise ValueError("a row has no number before it is written")
    return identity
