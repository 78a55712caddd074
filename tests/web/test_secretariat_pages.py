"""What holds for every page of the secretariat from the bidders to the publication, whatever it shows."""

from typing import NamedTuple

import pytest

from tests import stages
from tests.people import AUDITOR, NARA, SECRETARIAT, STRANGER
from tests.web.rounds_at import REF, Builder, council
from tests.web.stage import content_of


class Case(NamedTuple):
    path: str
    right: Builder
    wrong: Builder


FORMS = [
    Case(f"/rounds/{REF}/bidders", stages.specified, stages.opening),
    Case(f"/rounds/{REF}/announce", stages.specified, stages.bidding),
    Case(f"/rounds/{REF}/open", stages.bidding, stages.specified),
    Case(f"/rounds/{REF}/lots/pc/cancel", stages.bidding, stages.surveying),
    Case(f"/rounds/{REF}/lots/pc/cancel", stages.decided, stages.confirmed),
    Case(f"/rounds/{REF}/lots/pc/attempts/1", stages.opening, stages.bidding),
    Case(f"/rounds/{REF}/confirm", stages.decided, stages.opening),
    Case(f"/rounds/{REF}/publish", stages.confirmed, stages.decided),
]
READ = [
    Case(f"/rounds/{REF}/lots/pc/decision", stages.decided, stages.decided),
    Case(f"/rounds/{REF}/lots/pc/matrix", stages.decided, stages.decided),
    Case(f"/rounds/{REF}/documents/lots/pc/opening.pdf", stages.decided, stages.decided),
    Case(f"/rounds/{REF}/documents/lots/pc/winner.pdf", stages.confirmed, stages.confirmed),
    Case(f"/rounds/{REF}/documents", stages.confirmed, stages.confirmed),
    Case(f"/rounds/{REF}/documents/round.json", stages.opening, stages.opening),
    Case(f"/rounds/{REF}/history", stages.preparing, stages.preparing),
    Case("/history", stages.preparing, stages.preparing),
]
MISSING = [
    f"/rounds/{REF}/lots/none/cancel",
    f"/rounds/{REF}/lots/none/attempts/1",
    f"/rounds/{REF}/lots/pc/attempts/4",
    f"/rounds/{REF}/lots/pc/attempts/x",
    f"/rounds/{REF}/lots/none/decision",
    f"/rounds/{REF}/documents/secret.pdf",
    f"/rounds/{REF}/documents/notices/292010.txt",
    "/rounds/none/bidders",
    "/rounds/none/confirm",
    "/rounds/none/history",
]


@pytest.mark.parametrize("case", [*FORMS, *READ], ids=lambda case: case.path)
def test_the_secretariat_sees_the_page_and_looking_changes_nothing(sqlite_url: str, case: Case) -> None:
    with council(sqlite_url, case.right) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        assert browser.get(case.path).status_code == 200
        assert content_of(town) == before


@pytest.mark.parametrize("case", [*FORMS, *READ], ids=lambda case: case.path)
def test_a_stranger_is_sent_to_sign_in(sqlite_url: str, case: Case) -> None:
    with council(sqlite_url, stages.preparing) as town:
        answer = town.browser(STRANGER).get(case.path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("case", [*FORMS, *READ], ids=lambda case: case.path)
def test_a_municipality_may_not_see_it(sqlite_url: str, case: Case) -> None:
    with council(sqlite_url, case.right) as town:
        assert town.browser(NARA).get(case.path).status_code == 403


@pytest.mark.parametrize("case", FORMS, ids=lambda case: case.path)
def test_the_auditor_may_neither_see_nor_send_the_form(sqlite_url: str, case: Case) -> None:
    with council(sqlite_url, case.right) as town:
        browser = town.browser(AUDITOR)
        before = content_of(town)
        assert browser.get(case.path).status_code == 403
        assert browser.post(case.path).status_code == 403
        assert content_of(town) == before


@pytest.mark.parametrize("case", READ, ids=lambda case: case.path)
def test_the_auditor_reads_what_is_to_be_read(sqlite_url: str, case: Case) -> None:
    with council(sqlite_url, case.right) as town:
        assert town.browser(AUDITOR).get(case.path).status_code == 200


@pytest.mark.parametrize("case", FORMS, ids=lambda case: case.path)
def test_at_the_wrong_stage_it_is_a_conflict_and_nothing_changes(sqlite_url: str, case: Case) -> None:
    with council(sqlite_url, case.wrong) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        assert browser.get(case.path).status_code == 409
        assert browser.post(case.path).status_code == 409
        assert content_of(town) == before


@pytest.mark.parametrize("case", FORMS, ids=lambda case: case.path)
def test_without_the_token_of_the_sign_in_nothing_is_taken(sqlite_url: str, case: Case) -> None:
    with council(sqlite_url, case.right) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        assert browser.post(case.path, {"csrf_token": "x"}).status_code == 403
        assert content_of(town) == before


def test_what_does_not_exist_is_not_found(sqlite_url: str) -> None:
    with council(sqlite_url, stages.opening) as town:
        browser = town.browser(SECRETARIAT)
        assert {path: browser.get(path).status_code for path in MISSING} == dict.fromkeys(MISSING, 404)
