"""The documents of a round of the database: its papers, ready for the writers.

Before the decision is confirmed there is nothing to announce, and `decided` raises Conflict; what was opened may be put
on record before that.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

from procure.awards.queries import confirmation_of
from procure.documents.entries import Entry
from procure.documents.filenames import lot_file_name
from procure.documents.kind import JSON, PDF, XLSX
from procure.documents.kinds import UNDECIDED
from procure.documents.letterhead import Letterhead
from procure.documents.matrix import matrix_xlsx
from procure.documents.papers import Papers
from procure.errors import Conflict
from procure.reports.last_prices import last_prices, with_last_prices
from procure.reports.lot_record import lot_records
from procure.reports.matrix import Matrix
from procure.reports.queries import SettledRound, settled_round
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from procure.settings import Letterhead as Sender

__all__ = ["JSON", "PDF", "XLSX"]


@dataclass(frozen=True, slots=True)
class Document:
    """A file to hand out. `content` makes it, after the database was read; for a PDF that takes a second or two."""

    name: str
    media_type: str
    content: Callable[[], bytes]


def papers_of(session: Session, row: RoundRow, sender: Sender, now: datetime, *, for_public: bool = False) -> Papers:
    """The papers of a round as it stands. `sender` is who the council's documents are from.

    `for_public`: with the report as anybody may read it.
    """
    confirmation = confirmation_of(session, row)
    settled = settled_round(session, row, for_public=for_public)
    plain = Letterhead(council=row.council, sample=row.is_sample)
    records = lot_records(session, row)
    papers = Papers(settled.report, settled.round, settled.result, plain, now, is_confirmed=False, records=records)
    if confirmation is None:
        return papers
    letterhead = replace(
        letterhead_of(sender, confirmation.decision_date),
        council=row.council,
        number=f"{sender.document_prefix}第{row.ref}号",
        sample=row.is_sample,
    )
    return replace(
        papers,
        report=with_last_prices(settled.report, last_prices(session, row, settled.report, for_public=for_public)),
        letterhead=letterhead,
        made_at=confirmation.confirmed_at,
        is_confirmed=True,
        is_published=row.stage is Stage.PUBLISHED,
        is_public=for_public,
    )


def decided(session: Session, row: RoundRow, sender: Sender, *, for_public: bool = False) -> Papers:
    """Raises Conflict before the confirmation."""
    if row.confirmed_at is None:
        raise Conflict(UNDECIDED)
    return papers_of(session, row, sender, row.confirmed_at, for_public=for_public)


def letterhead_of(sender: Sender, day: date) -> Letterhead:
    """What the settings say of the sender, on a document of that day."""
    return Letterhead(
        council=sender.council,
        date=day,
        chair=sender.chair,
        section=sender.section,
        person=sender.person,
        phone=sender.phone,
        mail=sender.mail,
        seal_omitted=sender.seal_omitted,
    )


def document(papers: Papers, entry: Entry) -> Document:
    return Document(entry.file_name(papers), entry.media_type, lambda: entry.content(papers))


def matrix_sheet(settled: SettledRound, lot: str, attempts: Sequence[Matrix], at: datetime) -> Document:
    """The bids of a lot in the attempts given, decided or not: there are none before the opening."""
    name = lot_file_name(settled.report, lot, "入札比較", "xlsx")
    return Document(name, XLSX, lambda: matrix_xlsx(settled.report, attempts, at))
