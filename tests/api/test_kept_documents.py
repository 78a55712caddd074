"""Documents of a decision for programs: the very bytes that pages hand out."""

import pytest

from procure.documents.entries import Entry
from tests import stages
from tests.api.programs import Program, council
from tests.people import KATSURAGI, SECRETARIAT
from tests.web.rounds_at import REF

SAVINGS, OPENING = f"/rounds/{REF}/documents/savings.csv", f"/rounds/{REF}/documents/lots/pc/opening.pdf"
OWN = f"/results/{REF}/notice.pdf"


def test_a_program_gets_the_document_that_the_page_handed_out(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with council(sqlite_url, stages.published) as town:
        browser, program = town.browser(SECRETARIAT), Program(town, SECRETARIAT)
        own, own_program = town.browser(KATSURAGI), Program(town, KATSURAGI)
        monkeypatch.setattr(Entry, "content", lambda entry, _: f"{entry.path} as first made".encode())
        shown = [browser.get(path).content for path in (SAVINGS, OPENING)] + [own.get(OWN).content]
        monkeypatch.setattr(Entry, "content", lambda *_: b"what a later version would make")
        sent = [program.get(path).content for path in (SAVINGS, OPENING)] + [own_program.get(OWN).content]
    assert shown == sent
    assert b"what a later version would make" not in sent


def test_what_a_program_got_first_is_what_the_page_hands_out(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        monkeypatch.setattr(Entry, "content", lambda *_: b"as first made")
        sent = Program(town, SECRETARIAT).get(SAVINGS).content
        monkeypatch.setattr(Entry, "content", lambda *_: b"what a later version would make")
        assert town.browser(SECRETARIAT).get(SAVINGS).content == sent == b"as first made"
