"""Signing in and out, through the whole application."""

from tests.people import SECRETARIAT, STRANGER, service


def test_a_person_signs_in_and_is_sent_to_the_page_they_wanted(sqlite_url: str) -> None:
    with service(sqlite_url) as town:
        answer = town.browser(STRANGER).sign_in(SECRETARIAT, wanted="/rounds?year=2026")
    assert (answer.status_code, answer.headers["location"]) == (303, "/rounds?year=2026")
