"""The documents of a round in a folder, as they are handed out everywhere else."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from procure.database import Database
from procure.documents.bundle import contents, write_files
from procure.documents.entries import entries
from procure.documents.of_round import decided
from procure.documents.papers import Papers
from procure.documents.press import running_press
from procure.jobs.kept import content_of, keep, kept_documents, kept_paths
from procure.rounds.tables import RoundRow
from procure.settings import Settings


def write_round_documents(
    session: Session, database: Database, row: RoundRow, settings: Settings, out: Path, clock: Callable[[], datetime]
) -> list[Path]:
    """Every document of a round, or none. Raises Conflict before the confirmation.

    The records of opening and ceiling, the comparison of the bids, the round file and the result hold all that is
    known: they are for the archive, not for the public. Before the publication the ceilings are marked 秘.
    """
    papers = decided(session, row, settings.letterhead)
    _keep_the_rest(session, database, row.id, papers, settings, clock)
    with database.read() as reading:
        kept = kept_documents(reading, row.id, papers, list(entries(papers)))
    return write_files(out, ((document.name, content_of(document)) for document in kept))


def _keep_the_rest(
    session: Session,
    database: Database,
    round_id: int,
    papers: Papers,
    settings: Settings,
    clock: Callable[[], datetime],
) -> None:
    """Makes and keeps what is not kept yet."""
    known = kept_paths(session, round_id, papers)
    missing = [entry for entry in entries(papers) if (entry.path, entry.edition(papers)) not in known]
    with running_press(settings.pdf) as press:
        made = list(contents(papers, missing, press))
    with database.write() as writing:
        for entry, content in zip(missing, made, strict=True):
            keep(writing, round_id, papers, entry, content, clock())
