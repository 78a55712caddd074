"""Making bodies known to this installation."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from procure.history.record import Actor, record
from procure.parties.directory import Body
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
