"""A kind of document: what it is of, who may have it, from when on, and who writes it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from procure.documents.papers import Papers
from procure.documents.savings_csv import CSV

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON = "application/json"
MEDIA_TYPES = {"pdf": PDF, "xlsx": XLSX, "json": JSON, "csv": CSV}
FORMS = {"xlsx": "Excel"}


class Scope(Enum):
    """What one document is of."""

    ROUND = "案件"
    LOT = "ロット"
    BODY = "団体"


class Audience(Enum):
    """Who may have it. The pages of the round show all of them to those who may read everything."""

    PUBLIC = "公表用"
    BODIES = "参加団体用"
    ADDRESSEE = "宛先に送付"
    COUNCIL = "庁内用"


class Since(Enum):
    """From when on there may be one."""

    BEGINNING = 0
    OPENING = 1
    CONFIRMATION = 2


Write = Callable[[Papers, str], bytes]


@dataclass(frozen=True, slots=True)
class Kind:
    """A line of the table.

    `path` is the address below the documents of a round, with {of} for the lot or the body; its ending gives the form.
    `label` names it on pages and in file names. `exists` says whether a lot or body has one; `refusal` is said where
    it has none yet. `changes_when_published`: there is one document before the publication and another one after it.
    `tells_delivery`: it holds 納入場所 and 納期, which may be set after the decision.
    """

    path: str
    label: str
    about: str
    scope: Scope
    audience: Audience
    since: Since
    write: Write
    exists: Callable[[Papers, str], bool] = lambda papers, of: True
    refusal: str | None = None
    changes_when_published: bool = False
    tells_delivery: bool = False

    @property
    def ending(self) -> str:
        return self.path.rpartition(".")[2]

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.ending]

    @property
    def form(self) -> str:
        """PDF, Excel"""
        return FORMS.get(self.ending, self.ending.upper())
