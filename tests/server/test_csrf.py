"""A form counts only when our own page sent it, in the very sign-in it was made for: ways round it that were tried."""

import re

import pytest

from procure.settings import Settings
from tests.people import AUDITOR, NARA, SECRETARIAT, STRANGER, Service, service
from tests.server.pages import ROUTES, notes

TLS = Settings(public_url="https://kyodo.example.lg.jp")
OWN = "http://127.0.0.1:8000"


def change(council: Service, fields: dict[str, str] | None = None, headers: dict[str, str] | None = None) -> int:
    return council.browser(SECRETARIAT).post("/rounds/r8", fields, headers).status_code


def test_our_own_form_counts(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        browser = council.browser(SECRETARIAT)
        (token, *_) = re.findall(r'name="csrf_token" value="([^"]+)"', browser.get("/rounds/r8").text)
        headers = {"origin": OWN, "sec-fetch-site": "same-origin"}
        answer = browser.client.post("/rounds/r8", data={"csrf_token": token, "subject": "a"}, headers=headers)
        assert (answer.status_code, notes(council)) == (303, ["a"])


@pytest.mark.parametrize(
    "token", ["", "A" * 43, "é" * 20, "\ufffd", "x" * 60_000, "undefined", "null"], ids=lambda token: token[:9]
)
def test_a_wrong_token_changes_nothing(sqlite_url: str, token: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        assert change(council, {"csrf_token": token}) == 403
        assert notes(council) == []


def test_a_form_without_a_token_leads_back_to_the_page_it_came_from(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        browser = council.browser(SECRETARIAT)
        page = browser.client.post("/rounds/r8", headers={"referer": f"{OWN}/rounds/r8?lot=pc"})
        assert page.status_code == 403
        assert "画面を開いてから時間がたちました" in page.text
        assert 'href="/rounds/r8?lot=pc"' in page.text


@pytest.mark.parametrize("referer", ["https://evil.example/x", "//evil.example", "http://[", f"{OWN}//evil", "x"])
def test_the_way_back_never_leads_to_another_site(sqlite_url: str, referer: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        page = council.browser(SECRETARIAT).client.post("/rounds/r8", headers={"referer": referer})
        assert page.status_code == 403
        assert "evil" not in page.text


def test_the_token_of_another_person_does_not_count(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        assert change(council, {"csrf_token": council.browser(NARA).csrf_token}) == 403


def test_the_token_of_another_sign_in_of_the_same_person_does_not_count(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        assert change(council, {"csrf_token": council.browser(SECRETARIAT).csrf_token}) == 403


def test_a_token_outside_the_form_does_not_count(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        browser = council.browser(SECRETARIAT)
        token = browser.csrf_token
        assert browser.client.post(f"/rounds/r8?csrf_token={token}").status_code == 403
        assert browser.client.post("/rounds/r8", headers={"x-csrf-token": token}).status_code == 403


def test_a_token_in_an_uploaded_file_does_not_count(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        browser = council.browser(SECRETARIAT)
        files = {"csrf_token": ("token.txt", browser.csrf_token.encode())}
        assert browser.client.post("/upload", files=files).status_code == 403


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "https://evil.example",
        "http://127.0.0.1:8001",
        "https://127.0.0.1:8000",
        "http://127.0.0.1",
        "",
        "file://",
    ],
)
def test_another_origin_does_not_count_even_with_the_token(sqlite_url: str, origin: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        assert change(council, headers={"origin": origin}) == 403
        assert notes(council) == []


@pytest.mark.parametrize("site", ["cross-site", "same-site", "", "SAME-ORIGIN, cross-site"])
def test_a_form_that_a_browser_calls_foreign_does_not_count(sqlite_url: str, site: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        assert change(council, headers={"sec-fetch-site": site}) == 403


def test_the_service_may_be_reached_by_each_of_its_names(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        named = {"host": "localhost:8123", "origin": "http://localhost:8123"}
        assert change(council, headers=named) == 303
        assert change(council, headers={"host": "localhost:8123", "origin": OWN}) == 303


def test_over_tls_a_page_without_tls_does_not_count(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES, settings=TLS) as council:
        assert change(council, headers={"origin": "http://kyodo.example.lg.jp"}) == 403
        assert change(council, headers={"origin": "https://kyodo.example.lg.jp"}) == 303


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}])
def test_another_site_cannot_sign_somebody_in(sqlite_url: str, headers: dict[str, str]) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        form = {"login": NARA.login, "password": "牛乳 と 自転車 と 北極星"}
        answer = council.browser(STRANGER).client.post("/sign-in", data=form, headers=headers)
        assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "application/xml", "", "x", 'a/b; c="'])
def test_what_is_no_form_is_not_read_as_one(sqlite_url: str, content_type: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        browser = council.browser(SECRETARIAT)
        body = f"csrf_token={browser.csrf_token}&subject=a"
        answer = browser.client.post("/rounds/r8", content=body, headers={"content-type": content_type})
        assert answer.status_code in (400, 415)
        assert notes(council) == []


def test_a_stranger_is_sent_to_sign_in_before_anything_is_looked_at(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        answer = council.browser(STRANGER).post("/rounds/r8", headers={"referer": f"{OWN}/rounds/r8"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Frounds%2Fr8")


def test_a_wrong_role_is_refused_before_anything_is_looked_at(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        assert council.browser(AUDITOR).post("/rounds/r8", headers={"origin": "null"}).status_code == 403
        page = council.browser(AUDITOR).post("/rounds/r8")
        assert "この操作を行う権限がありません" in page.text
