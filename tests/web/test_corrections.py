"""A typing error found after the check: proposed by one, judged by another, beside the record."""

import re

import pytest

from procure.bids.after_queries import corrections_of
from procure.rounds.queries import find_round, lots_of
from procure.settlement.settle import settle
from tests import stages
from tests.people import AUDITOR, NARA, SECOND, SECRETARIAT, STRANGER, Person, Service
from tests.web.rounds_at import REF, Builder, council, round_in, row_in
from tests.web.stage import content_of
from tests.web.test_attempts import FIRST, LOT, unchecked

CORRECT = f"{FIRST}/correct"
LOWER = {"bid-mihon-a-total": "１００，０００，０００円", "reason": "入札書の「1」を読み違えたため。"}


def fields_of(page: str) -> dict[str, str]:
    """What stands in the form of one bidder."""
    inputs = re.findall(r'<input [^>]*name="([^"]+)"[^>]* value="([^"]*)"', page)
    chosen = re.findall(r'<select [^>]*name="([^"]+)".*?<option value="([^"]*)" selected', page, re.DOTALL)
    return {name: value for name, value in [*inputs, *chosen] if name != "csrf_token"}


def without_prices(fields: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in fields.items() if "-price-" not in name}


def propose(town: Service, typed: dict[str, str], person: Person = SECRETARIAT) -> tuple[int, str]:
    browser = town.browser(person)
    form = without_prices(fields_of(browser.get(f"{CORRECT}?bidder=mihon-a").text))
    answer = browser.post(CORRECT, form | typed)
    return answer.status_code, answer.headers.get("location") or answer.text


def waiting(page: str) -> dict[str, str]:
    found = re.search(r'name="correction" value="([0-9]+)"', page)
    assert found is not None
    return {"correction": found[1]}


def states(town: Service) -> list[tuple[bool, bool]]:
    with town.database.read() as session:
        rows = corrections_of(session, lots_of(session, find_round(session, REF).id)[0])
        return [(row.approved_at is not None, row.rejected_at is not None) for row in rows]


def winner(town: Service) -> str | None:
    award = settle(round_in(town)).lots[0].award
    return award.bidder if award else None


def test_first_the_bidder_is_chosen(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        browser = town.browser(SECRETARIAT)
        page = browser.get(CORRECT)
        assert re.findall(r'name="bidder" value="([^"]*)"', page.text) == [f"mihon-{x}" for x in "abcd"]
        for unknown in ("", "nobody"):
            refused = browser.get(f"{CORRECT}?bidder={unknown}")
            assert refused.status_code == 422
            assert "訂正する入札者を選んでください" in refused.text
        assert browser.post(CORRECT, LOWER).status_code == 422


def test_the_form_begins_with_the_record_and_shows_it_beside(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        page = town.browser(SECRETARIAT).get(f"{CORRECT}?bidder=mihon-a").text
    typed = fields_of(page)
    assert typed["bid-mihon-a-entry"] == "bid"
    assert typed["bid-mihon-a-received_at"] == "R3.6.11 09:10"
    assert "いまの記録" in page
    assert "120,791,000円" in page
    assert 'id="bid-mihon-b-total"' not in page


def test_a_correction_counts_once_another_person_has_approved_it(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        assert winner(town) == "mihon-b"
        assert propose(town, LOWER) == (303, f"{FIRST}?done=correction_proposed")
        assert winner(town) == "mihon-b"
        browser = town.browser(SECOND)
        page = browser.get(CORRECT)
        assert re.search(r"<del>120,791,000円</del>.*?<b>100,000,000円</b>", page.text, re.DOTALL)
        answer = browser.post(f"{CORRECT}/approve", waiting(page.text))
        assert answer.headers["location"] == f"{LOT}/decision?done=correction_approved"
        assert winner(town) == "mihon-a"
        record = town.browser(SECRETARIAT).get(FIRST).text
    assert "<del>120,791,000円</del>" in record
    for words in ("「1」を読み違えたため", "事務局　花子（事務局）", "事務局　月子（事務局）", "承認"):
        assert words in record


def test_who_proposed_it_is_told_to_wait_and_may_only_withdraw(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        assert propose(town, LOWER)[0] == 303
        browser = town.browser(SECRETARIAT)
        page = browser.get(CORRECT).text
        assert "別の人の承認を待っています" in page
        assert "/correct/approve" not in page
        assert browser.post(f"{CORRECT}/approve", waiting(page)).status_code == 409
        assert browser.post(f"{CORRECT}/reject", waiting(page)).status_code == 303
        assert states(town) == [(False, True)]
        assert winner(town) == "mihon-b"


def test_only_the_correction_that_was_seen_is_approved(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        assert propose(town, LOWER)[0] == 303
        browser = town.browser(SECOND)
        first = waiting(browser.get(CORRECT).text)
        assert browser.post(f"{CORRECT}/reject", first).status_code == 303
        assert propose(town, LOWER | {"bid-mihon-a-total": "99"})[0] == 303
        late = browser.post(f"{CORRECT}/approve", first)
        assert states(town) == [(False, True), (False, False)]
    assert late.status_code == 409


@pytest.mark.parametrize(
    ("typed", "faults"),
    [
        ({"reason": ""}, ["reason"]),
        ({"bid-mihon-a-total": "百円", "reason": "由\u202e"}, ["bid-mihon-a-total", "reason"]),
        ({"bid-mihon-a-entry": "", "reason": "読み違い"}, ["bid-mihon-a-entry"]),
        ({"bid-mihon-a-total": "0", "bid-mihon-a-draw_number": "1234"}, ["bid-mihon-a-total", "reason"]),
    ],
)
def test_every_fault_is_shown_at_once_and_what_was_typed_stays(
    sqlite_url: str, typed: dict[str, str], faults: list[str]
) -> None:
    with council(sqlite_url, stages.decided) as town:
        status, page = propose(town, {"bid-mihon-a-total": "77", "reason": ""} | typed)
        assert states(town) == []
    assert status == 422
    assert [field for field in faults if f'id="{field}-error"' not in page] == []
    assert typed.get("bid-mihon-a-total", "77") in page


def test_the_same_content_is_no_correction(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        browser = town.browser(SECRETARIAT)
        form = fields_of(browser.get(f"{CORRECT}?bidder=mihon-a").text)
        page = browser.post(CORRECT, form | {"reason": "念のため"})
    assert page.status_code == 422
    assert "元の記録と同じ内容です" in page.text


def test_a_round_that_changed_meanwhile_is_not_corrected_unseen(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        old = str(row_in(town).version - 1)
        status, page = propose(town, LOWER | {"version": old})
        assert states(town) == []
    assert status == 409
    assert "１００，０００，０００円" in page


@pytest.mark.parametrize("build", [stages.opening, unchecked, stages.confirmed, stages.published])
def test_there_is_nothing_to_correct_before_the_check_and_after_the_decision(sqlite_url: str, build: Builder) -> None:
    with council(sqlite_url, build) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        for path in (CORRECT, f"{CORRECT}?bidder=mihon-a"):
            assert browser.get(path).status_code == 409
        for path in (CORRECT, f"{CORRECT}/approve", f"{CORRECT}/reject"):
            form = LOWER | {"bidder": "mihon-a", "correction": "1", "version": str(row_in(town).version)}
            assert browser.post(path, form).status_code == 409
        assert content_of(town) == before


@pytest.mark.parametrize(("person", "status"), [(STRANGER, 303), (NARA, 403), (AUDITOR, 403)])
def test_only_the_secretariat_corrects(sqlite_url: str, person: Person | None, status: int) -> None:
    with council(sqlite_url, stages.decided) as town:
        browser = town.browser(person)
        assert browser.get(CORRECT).status_code == status
        for path in (CORRECT, f"{CORRECT}/approve", f"{CORRECT}/reject"):
            assert browser.post(path, LOWER).status_code == status
        assert states(town) == []


def test_a_correction_without_its_token_is_refused(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        assert propose(town, LOWER | {"csrf_token": "x"})[0] == 403
        assert states(town) == []


def test_reading_the_pages_changes_nothing(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        assert propose(town, LOWER)[0] == 303
        browser = town.browser(SECOND)
        before = content_of(town)
        assert {browser.get(path).status_code for path in (CORRECT, FIRST)} == {200}
        assert content_of(town) == before
