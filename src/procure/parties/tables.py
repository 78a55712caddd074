"""The bodies known to this installation: the council's members, and others that take part."""

from sqlalchemy import Text
from sqlmodel import Field

from procure.database import Flag, Row, text_between


class BodyRow(Row, table=True):
    """`name` is plain, for search and codes; `display_name` keeps the official glyphs (葛 + U+E0100).

    `needs_approval`: a second person of the body approves an answer before it is submitted. `mail` gets the reminders.
    """

    __tablename__ = "body"
    __table_args__ = (
        text_between("code", 6, 6),
        text_between("name", 1, 100),
        text_between("display_name", 1, 120),
    )

    code: str = Field(primary_key=True, sa_type=Text)
    name: str = Field(sa_type=Text)
    display_name: str = Field(sa_type=Text)
    kana: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    prefecture: str = Field(sa_type=Text)
    is_member: bool = Field(sa_type=Flag)
    needs_approval: bool = Field(default=False, sa_type=Flag)
    mail: str | None = Field(default=None, sa_type=Text)
