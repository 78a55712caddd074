"""What stands around a document and does not come from the round: number, date, sender, contact, terms."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Empty texts and missing dates are left out of the document, never printed as placeholders.

    `sample` prints 見本 on every page, for rounds that carry sample data. `draft_by` is the day by which the winner's
    draft contract arrives, `copy_by` the day on which the copy of the signed contract is due.
    """

    council: str
    number: str = ""
    date: datetime.date | None = None
    chair: str = ""
    section: str = ""
    person: str = ""
    phone: str = ""
    mail: str = ""
    edition: str = "第１版"
    seal_omitted: bool = True
    sample: bool = False
    draft_by: datetime.date | None = None
    copy_by: datetime.date | None = None

    @property
    def origin(self) -> str:
        """The line at the foot of every page."""
        return f"{self.council}　　{SAMPLE}" if self.sample else self.council

    @property
    def contact(self) -> tuple[tuple[str, str], ...]:
        rows = (("担当", self.section), ("氏名", self.person), ("電話", self.phone), ("電子メール", self.mail))
        return tuple((label, text) for label, text in rows if text)

    def not_before(self, days: Iterable[datetime.date]) -> "Letterhead":
        """Dated on the last of the days where that is later: no letter is older than what it tells."""
        return replace(self, date=max((self.date, *days))) if self.date else self


SAMPLE = "見本：市町村の内訳、品目、数量、価格及び入札者は架空のものです。"
