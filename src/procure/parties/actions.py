"""Making bodies and their people known to this installation."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlmodel import Session

from procure.accounts.actions import add_account, disable_account, enable_account
from procure.accounts.queries import account_of
from procure.accounts.roles import Role
from procure.accounts.tables import AccountRow
from procure.errors import Fault, Invalid, NotFound, refuse
from procure.history.record import Actor, Changes, record
from procure.parties.directory import Body
from procure.parties.directory import body as built_in
from procure.parties.tables import BodyRow

# The header of a mail takes nothing that a line end or a second address could hide in.
MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
LONGEST_MAIL = 254


def add_members(session: Session, bodies: Iterable[Body], actor: Actor, at: datetime) -> list[BodyRow]:
    """Makes bodies members of the council; those that are members already stay as they are."""
    added = []
    for body in bodies:
        row = know(session, body)
        if not row.is_member:
            row.is_member = True
            added.append(row)
            record(session, at, actor, "member_added", subject=f"{body.code} {body.display_name}")
    session.flush()
    return added


def change_member(
    session: Session, row: BodyRow, *, needs_approval: bool, mail: str | None, actor: Actor, at: datetime
) -> None:
    """Whether a second person of the body approves its answers, and where its mails go. Raises Invalid."""
    refuse(mail_faults(mail))
    wanted = {"needs_approval": needs_approval, "mail": mail}
    changes: Changes = {
        name: (getattr(row, name), value) for name, value in wanted.items() if getattr(row, name) != value
    }
    if changes:
        row.needs_approval, row.mail = needs_approval, mail
        record(session, at, actor, "member_changed", subject=f"{row.code} {row.display_name}", changes=changes)


def mail_faults(mail: str | None) -> Iterator[Fault]:
    """One address in plain characters, as mail systems take it everywhere."""
    if mail is not None and (len(mail) > LONGEST_MAIL or not MAIL.fullmatch(mail)):
        message = "メールアドレスは半角で1つだけ入力してください（例：joho@city.example.lg.jp）。"
        yield Fault("mail", message)


def set_approver(session: Session, account: AccountRow, is_approver: bool, actor: Actor, at: datetime) -> None:
    """Whether the person may approve what others of the body have typed."""
    if account.is_approver != is_approver:
        changes: Changes = {"is_approver": (account.is_approver, is_approver)}
        account.is_approver = is_approver
        record(session, at, actor, "account_changed", subject=account.login, changes=changes)


def know(session: Session, body: Body) -> BodyRow:
    """The row of a body, made where it is not known yet; not a member for that."""
    row = session.get(BodyRow, body.code)
    if row is None:
        row = BodyRow(
            code=body.code,
            name=body.name,
            display_name=body.display_name,
            kana=body.kana,
            kind=body.kind,
            prefecture=body.prefecture,
            is_member=False,
        )
        session.add(row)
        session.flush()
    return row


def add_person(
    session: Session,
    *,
    login: str,
    name: str,
    role: Role,
    body_code: str | None,
    password: str,
    actor: Actor,
    at: datetime,
) -> AccountRow:
    """Opens an account; for a municipality's person its body is made known first. Raises Invalid, Conflict."""
    if body_code is not None:
        body = built_in(body_code)
        if body is None and session.get(BodyRow, body_code) is None:
            raise Invalid(
                Fault("body_code", f"団体コード「{body_code}」の団体はありません。6桁のコードを確かめてください。")
            )
        if body is not None:
            know(session, body)
    account = add_account(session, at, login=login, name=name, role=role, body_code=body_code, password=password)
    changes: Changes = {"role": (None, role.value), "body_code": (None, body_code)}
    record(session, at, actor, "account_added", subject=account.login, changes=changes)
    return account


def disable_person(session: Session, login: str, actor: Actor, at: datetime) -> None:
    """Ends what the person is doing, and lets them sign in no more. Raises NotFound."""
    account = _account(session, login)
    if account.disabled_at is None:
        disable_account(session, at, account.login)
        record(session, at, actor, "account_disabled", subject=account.login)


def enable_person(session: Session, login: str, actor: Actor, at: datetime) -> None:
    """Lets the person sign in again with the password they had. Raises NotFound."""
    account = _account(session, login)
    if account.disabled_at is not None:
        enable_account(session, account.login)
        record(session, at, actor, "account_enabled", subject=account.login)


def _account(session: Session, login: str) -> AccountRow:
    account = account_of(session, login)
    if account is None:
        raise NotFound(f"ログイン名「{login}」のアカウントはありません。")
    return account
