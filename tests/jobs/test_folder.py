"""The documents of a round in a folder: those that are kept, whoever asked for them first."""

from pathlib import Path

import pytest

from procure.database import Database
from procure.documents.entries import Entry
from procure.documents.kinds import kind_at
from procure.jobs.folder import write_round_documents
from procure.jobs.kept import keep
from procure.rounds.queries import find_round
from tests.jobs.papers import DOCUMENTS, REF, SETTINGS, confirmed, kept_in, papers_in
from tests.people import NOW


@pytest.fixture
def decided(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """One document is kept; all others would be made as their paths."""
    with database.write() as session:
        row = confirmed(session)
        keep(session, row.id, papers_in(session), Entry(kind_at("savings.xlsx")), b"handed out before", NOW)
    monkeypatch.setattr(Entry, "content", lambda entry, _: entry.path.encode())
    return database


def written(database: Database, out: Path) -> dict[str, bytes]:
    with database.read() as session:
        row = find_round(session, REF)
        paths = write_round_documents(session, database, row, SETTINGS, out, lambda: NOW)
    return {path.name: path.read_bytes() for path in paths}


def test_a_document_that_was_handed_out_lies_in_the_folder_as_it_was(decided: Database, tmp_path: Path) -> None:
    found = written(decided, tmp_path / "documents")
    assert len(found) == DOCUMENTS
    assert b"handed out before" in found.values()
    assert b"savings.xlsx" not in found.values()


def test_what_lies_in_the_folder_is_kept(decided: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = written(decided, tmp_path / "documents")
    assert sorted(kept_in(decided).values()) == sorted(found.values())
    monkeypatch.setattr(Entry, "content", lambda *_: b"what a later version would make")
    assert written(decided, tmp_path / "again") == found
