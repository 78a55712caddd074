"""Reads of the bodies known to this installation."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, select

from procure.parties.directory import Body
from procure.parties.directory import body as built_in
from procure.parties.tables import BodyRow


def bodies(session: Session) -> Sequence[BodyRow]:
    return session.exec(select(BodyRow).order_by(col(BodyRow.code))).all()


def members(session: Session) -> Sequence[BodyRow]:
    """The council's members, in the order of their codes."""
    return [row for row in bodies(session) if row.is_member]


def outside_bodies(session: Session) -> Sequence[BodyRow]:
    """Bodies that are not in the built-in list of municipalities."""
    return [row for row in bodies(session) if built_in(row.code) is None]


def directory(session: Session) -> Mapping[str, Body]:
    """Every body known here by its code."""
    return {row.code: as_body(row) for row in bodies(session)}


def as_body(row: BodyRow) -> Body:
    return Body(row.code, row.name, row.display_name, row.kana, row.kind, row.prefecture)
