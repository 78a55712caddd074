"""Rows of training courses and meetings, and of the bodies that took part."""

from datetime import date

from sqlalchemy import CheckConstraint, Text
from sqlmodel import Field

from procure.database import BigInt, Day, Flag, Row, choice, one_of, text_between
from procure.meetings.kinds import Form, Kind, Organ


class MeetingRow(Row, table=True):
    """A training course or a meeting; its 年度 follows from the day. `agenda` has an item a line.

    `version` grows with every change, so that a stale page is noticed.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        one_of("kind", Kind),
        one_of("form", Form),
        one_of("organ", Organ),
        text_between("title", 1, 200),
        text_between("place", 0, 200),
        text_between("speaker", 0, 200),
        text_between("agenda", 0, 7000),
        text_between("result", 0, 2000),
        CheckConstraint("(kind = 'meeting') = (organ IS NOT NULL)", name="organ_of_meeting"),
        CheckConstraint("persons BETWEEN 1 AND 99999", name="persons_range"),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BigInt)
    kind: Kind = Field(sa_type=choice(Kind))
    organ: Organ | None = Field(default=None, sa_type=choice(Organ))
    title: str = Field(sa_type=Text)
    day: date = Field(sa_type=Day, index=True)
    form: Form = Field(sa_type=choice(Form))
    place: str = Field(default="", sa_type=Text)
    persons: int | None = Field(default=None, sa_type=BigInt)
    speaker: str = Field(default="", sa_type=Text)
    agenda: str = Field(default="", sa_type=Text)
    result: str = Field(default="", sa_type=Text)
    is_sample: bool = Field(default=False, sa_type=Flag)
    version: int = Field(default=1, sa_type=BigInt)


class MeetingBodyRow(Row, table=True):
    """A body that took part."""

    __tablename__ = "meeting_body"

    meeting_id: int = Field(primary_key=True, foreign_key="meeting.id", sa_type=BigInt)
    body_code: str = Field(primary_key=True, foreign_key="body.code", sa_type=Text)
