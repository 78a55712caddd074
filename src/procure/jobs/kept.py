"""Documents of a confirmed decision: made once, kept with their SHA-256, and handed out as they were made."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarResult, tuple_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from procure.database import Database, insert_unless_there
from procure.documents.entries import Entry
from procure.documents.of_round import Document, document
from procure.documents.papers import Papers
from procure.jobs.tables import KeptDocumentRow


class Tampered(Exception):
    """A kept document is not what was kept."""


def handed_out(
    session: Session, database: Database, round_id: int, papers: Papers, entry: Entry, clock: Callable[[], datetime]
) -> Document:
    """The document as it is kept; else it is made now, and kept if the decision is confirmed."""
    fresh = document(papers, entry)
    if not papers.is_confirmed:
        return fresh
    known = find_kept(session, round_id, papers, entry)
    if known is not None:
        return Document(known.name, fresh.media_type, lambda: content_of(known))

    def made() -> bytes:
        content = fresh.content()
        with database.write() as writing:
            return content_of(keep(writing, round_id, papers, entry, content, clock()))

    return Document(fresh.name, fresh.media_type, made)


def find_kept(session: Session, round_id: int, papers: Papers, entry: Entry) -> KeptDocumentRow | None:
    return _found(session, round_id, papers, entry).one_or_none()


def keep(
    session: Session, round_id: int, papers: Papers, entry: Entry, content: bytes, at: datetime
) -> KeptDocumentRow:
    """The first who keeps a document decides what it is: where it is kept already, that one is returned."""
    known = find_kept(session, round_id, papers, entry)
    if known is not None:
        return known
    insert_unless_there(
        session,
        KeptDocumentRow,
        round_id=round_id,
        evidence=papers.evidence,
        path=entry.path,
        edition=entry.edition(papers),
        name=entry.file_name(papers),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        made_at=at,
    )
    return _found(session, round_id, papers, entry).one()


def kept_paths(session: Session, round_id: int, papers: Papers) -> frozenset[tuple[str, str]]:
    """Path and edition of each document that is kept."""
    columns = select(KeptDocumentRow.path, KeptDocumentRow.edition)
    return frozenset(session.exec(columns.where(*_same_decision(round_id, papers))).all())


def kept_documents(session: Session, round_id: int, papers: Papers, wanted: Iterable[Entry]) -> list[KeptDocumentRow]:
    """Those of the wanted documents that are kept, in the order in which they are wanted."""
    order = {(entry.path, entry.edition(papers)): place for place, entry in enumerate(wanted)}
    which = tuple_(col(KeptDocumentRow.path), col(KeptDocumentRow.edition)).in_(list(order))
    rows = session.exec(_of(round_id, papers).where(which)).all()
    return sorted(rows, key=lambda row: order[row.path, row.edition])


def content_of(row: KeptDocumentRow) -> bytes:
    """Raises Tampered where the content is not what was kept."""
    if hashlib.sha256(row.content).hexdigest() != row.sha256:
        raise Tampered(row.name)
    return row.content


def _found(session: Session, round_id: int, papers: Papers, entry: Entry) -> ScalarResult[KeptDocumentRow]:
    found = _of(round_id, papers).where(
        col(KeptDocumentRow.path) == entry.path, col(KeptDocumentRow.edition) == entry.edition(papers)
    )
    return session.exec(found)


def _of(round_id: int, papers: Papers) -> SelectOfScalar[KeptDocumentRow]:
    return select(KeptDocumentRow).where(*_same_decision(round_id, papers))


def _same_decision(round_id: int, papers: Papers) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(KeptDocumentRow.round_id) == round_id, col(KeptDocumentRow.evidence) == papers.evidence
