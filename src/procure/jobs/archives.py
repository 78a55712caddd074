"""Many kept documents in one ZIP: all of a round, and the notices to send."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from procure.documents.bundle import zipped
from procure.documents.entries import Entry, entries
from procure.documents.filenames import file_name
from procure.documents.of_round import decided
from procure.documents.papers import Papers
from procure.errors import Conflict, NotFound
from procure.jobs.kept import content_of, kept_documents
from procure.rounds.tables import RoundRow
from procure.settings import Letterhead

ZIP = "application/zip"
ARCHIVES: dict[str, tuple[str, Callable[[Entry], bool]]] = {
    "all.zip": ("帳票一式", lambda entry: True),
    "notices.zip": ("結果通知", lambda entry: entry.kind.path == "notices/{of}.pdf"),
}
NOT_MADE = (
    "帳票がまだそろっていません。帳票の画面で「すべての帳票を作成する」を押し、作成が終わってから保存してください。"
)


@dataclass(frozen=True, slots=True)
class Archive:
    content: Callable[[], bytes]
    filename: str


def archive_of(session: Session, row: RoundRow, letterhead: Letterhead, name: str) -> Archive:
    """By its name. Raises NotFound; Conflict before the decision, and until all of its documents are made."""
    if name not in ARCHIVES:
        raise NotFound
    label, is_in = ARCHIVES[name]
    papers = decided(session, row, letterhead)
    files = _files(session, row.id, papers, [entry for entry in entries(papers) if is_in(entry)])
    return Archive(lambda: zipped(files, papers.made_at), file_name(papers.report, label, "zip"))


def _files(session: Session, round_id: int, papers: Papers, wanted: Sequence[Entry]) -> list[tuple[str, bytes]]:
    kept = kept_documents(session, round_id, papers, wanted)
    if len(kept) < len(wanted):
        raise Conflict(NOT_MADE)
    return [(row.name, content_of(row)) for row in kept]
