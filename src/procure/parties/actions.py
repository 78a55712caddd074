"""Making bodies and their people known to this installation."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from procure.accounts.actions import add_account
from procure.accounts.roles import Role
from procure.accounts.tables import AccountRow
from procure.errors import Fault, Invalid
from procure.history.record import Actor, Changes, record
from procure.parties.directory import Body
from procure.parties.directory import body as built_in
from procure.parties.tables import BodyRow


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
