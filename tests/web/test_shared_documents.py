"""The documents of a published round over the wire: kept by whoever carries them, and asked for again by their tag."""

import hashlib

import pytest
from sqlmodel import col, select

from procure.documents.entries import Entry
from procure.jobs.tables import KeptDocumentRow
from tests import stages
from tests.people import KATSURAGI, SECRETARIAT, STRANGER, Service
from tests.web.rounds_at import REF, council

DOCUMENTS = f"/published/{REF}/documents"
PATHS = [f"{DOCUMENTS}/{name}" for name in ("savings.csv", "savings.xlsx", "award.pdf")]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Entry, "content", lambda entry, _: f"the content of {entry.path}".encode())


def kept_sum(town: Service, path: str) -> str:
    wanted = select(KeptDocumentRow.sha256).where(col(KeptDocumentRow.path) == path.rpartition("/")[2])
    with town.database.read() as session:
        return session.exec(wanted).one()


@pytest.mark.parametrize("path", PATHS)
def test_a_public_document_has_the_sum_that_it_is_kept_with_as_its_tag(sqlite_url: str, path: str) -> None:
    with council(sqlite_url, stages.published) as town:
        first, again = (town.browser(STRANGER).get(path) for _ in range(2))
        kept = kept_sum(town, path)
    assert first.headers["etag"] == again.headers["etag"] == f'"{kept}"'
    assert first.headers["cache-control"] == "public, no-cache"
    assert hashlib.sha256(again.content).hexdigest() == kept


@pytest.mark.parametrize("known", ['"{tag}"', 'W/"{tag}"', '"other", "{tag}"', "*"])
def test_who_has_the_document_is_sent_nothing_but_its_tag(sqlite_url: str, known: str) -> None:
    with council(sqlite_url, stages.published) as town:
        browser = town.browser(STRANGER)
        tag = browser.get(PATHS[0]).headers["etag"]
        answer = browser.get(PATHS[0], {"if-none-match": known.format(tag=tag.strip('"'))})
    assert (answer.status_code, answer.content) == (304, b"")
    assert (answer.headers["etag"], answer.headers["cache-control"]) == (tag, "public, no-cache")


def test_who_has_another_document_is_sent_the_one_that_is_kept(sqlite_url: str) -> None:
    with council(sqlite_url, stages.published) as town:
        answer = town.browser(STRANGER).get(PATHS[0], {"if-none-match": '"other"'})
    assert (answer.status_code, answer.content) == (200, b"the content of savings.csv")


def test_a_document_for_some_is_kept_by_nobody(sqlite_url: str) -> None:
    with council(sqlite_url, stages.published) as town:
        inside = town.browser(SECRETARIAT).get(f"/rounds/{REF}/documents/savings.csv")
        own = town.browser(KATSURAGI).get(f"/results/{REF}/notice.pdf")
        page = town.browser(STRANGER).get(f"/published/{REF}")
    for answer in (inside, own, page):
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert "etag" not in answer.headers
