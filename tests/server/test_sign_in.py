"""Signing in and out through the whole application: nothing that was tried gets or keeps anybody in."""

import threading
from datetime import timedelta

import pytest
from httpx import Response
from sqlalchemy import text

from procure.accounts import passwords
from procure.accounts.actions import disable_account
from procure.history.queries import latest_events
from procure.settings import Settings
from tests.people import AUDITOR, KATSURAGI, NARA, NOW, PASSWORD, SECRETARIAT, STRANGER, Browser, Person, service
from tests.server.pages import ROUTES

TLS = Settings(public_url="https://kyodo.example.lg.jp")


def is_in(browser: Browser) -> bool:
    return browser.get("/").status_code == 200


@pytest.mark.parametrize("person", [SECRETARIAT, NARA, AUDITOR])
def test_a_person_signs_in_and_is_known(database_url: str, person: Person) -> None:
    with service(database_url, routes=ROUTES) as council:
        assert council.browser(person).get("/").text == person.name


def test_a_person_is_sent_to_the_page_they_wanted(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        browser = council.browser(STRANGER)
        sent = browser.get("/rounds/r8?lot=pc&x=%E3%81%82").headers["location"]
        assert sent == "/sign-in?next=%2Frounds%2Fr8%3Flot%3Dpc%26x%3D%25E3%2581%2582"
        assert 'name="next" value="/rounds/r8?lot=pc&amp;x=%E3%81%82"' in browser.get(sent).text
        answer = browser.sign_in(SECRETARIAT, wanted="/rounds/r8?lot=pc&x=%E3%81%82")
        assert (answer.status_code, answer.headers["location"]) == (303, "/rounds/r8?lot=pc&x=%E3%81%82")


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "evil",
        "",
        "/a\tb",
        "javascript:alert(1)",
        "/ /x",
    ],
)
def test_nobody_is_sent_to_another_site(sqlite_url: str, wanted: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        assert council.browser(STRANGER).sign_in(SECRETARIAT, wanted=wanted).headers["location"] == "/"


def test_a_person_signs_in_with_the_input_method_on(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        full_width = Person("ＮＡＲＡ", NARA.name, NARA.role, NARA.body_code)
        assert is_in(council.browser(full_width))


# ---- what the cookie is ----------------------------------------------------------------------------


def test_over_tls_the_cookie_is_bound_to_this_host(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES, settings=TLS) as council:
        cookie = council.browser(STRANGER).sign_in(SECRETARIAT).headers["set-cookie"]
        name, _, attributes = cookie.partition("=")
        assert name == "__Host-procure_sign_in"
        assert attributes.split("; ", 1)[1] == "Path=/; HttpOnly; SameSite=Strict; Secure"
        assert is_in(council.browser(SECRETARIAT))


def test_on_loopback_the_cookie_works_without_tls(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        cookie = council.browser(STRANGER).sign_in(SECRETARIAT).headers["set-cookie"]
        assert cookie.split("; ", 1)[1] == "Path=/; HttpOnly; SameSite=Strict"


@pytest.mark.parametrize("path", ["/", "/sign-in", "/health", "/nothing", "/rounds/r8", "/time", "/bug"])
def test_no_cookie_is_set_before_sign_in(sqlite_url: str, path: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        assert "set-cookie" not in council.browser(STRANGER).get(path).headers


def test_a_failed_sign_in_sets_no_cookie(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        assert "set-cookie" not in council.browser(STRANGER).sign_in(NARA, "not the password").headers


def test_who_follows_a_link_in_a_mail_is_asked_for_the_cookie_once_more(sqlite_url: str) -> None:
    """A strict cookie is kept back then, although the person is signed in."""
    with service(sqlite_url, routes=ROUTES) as council:
        followed = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
        page = council.browser(STRANGER).get('/rounds/r8?x=1&y="<', followed)
        assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
        assert 'content="0;url=/rounds/r8?x=1&amp;y=%22%3C"' in page.text
        again = {"sec-fetch-site": "same-origin", "sec-fetch-mode": "navigate"}
        assert council.browser(STRANGER).get("/rounds/r8", again).status_code == 303
        assert council.browser(STRANGER).post("/rounds/r8", headers=followed).status_code == 303


# ---- what gets nobody in ---------------------------------------------------------------------------


def test_a_planted_cookie_is_worth_nothing_and_is_replaced(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        victim = council.browser(STRANGER)
        planted = "A" * 43
        victim.client.cookies.set("procure_sign_in", planted, domain="127.0.0.1", path="/")
        cookie = victim.sign_in(SECRETARIAT).headers["set-cookie"]
        assert planted not in cookie
        attacker = council.browser(STRANGER)
        attacker.client.cookies.set("procure_sign_in", planted)
        assert not is_in(attacker)


def test_every_sign_in_has_a_token_of_its_own(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        browser = council.browser(SECRETARIAT)
        first = browser.token
        browser.sign_in(SECRETARIAT)
        assert browser.token not in (None, first)


@pytest.mark.parametrize("cookie", ["", "A" * 43, "A" * 5000, "é", "' OR 1=1 --", "../..", '"', "%00"])
def test_an_invented_cookie_is_a_stranger(sqlite_url: str, cookie: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        headers = {"cookie": f"procure_sign_in={cookie}".encode()}
        answer = council.browser(STRANGER).client.get("/", headers=headers)  # type: ignore[arg-type]
        assert answer.status_code == 303


def test_two_cookies_of_the_name_are_one_too_many(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        token = council.browser(NARA).token
        twice = {"cookie": f"procure_sign_in={token}; procure_sign_in={token}"}
        assert council.browser(STRANGER).get("/", twice).status_code == 303


def test_the_hash_from_the_database_is_no_token(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        council.browser(SECRETARIAT)
        with council.database.read() as session:
            stolen = session.connection().scalar(text("SELECT token_hash FROM sign_in"))
        assert council.browser(STRANGER).get("/", {"cookie": f"procure_sign_in={stolen}"}).status_code == 303


@pytest.mark.parametrize("password", ["", "wrong wrong wrong", PASSWORD + " ", PASSWORD[:-1], "x" * 60_000, "\ufffd"])
def test_a_wrong_password_opens_nothing(sqlite_url: str, password: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        browser = council.browser(STRANGER)
        assert browser.sign_in(SECRETARIAT, password).status_code == 422
        assert not is_in(browser)


# ---- what keeps nobody in --------------------------------------------------------------------------


def test_signing_out_ends_the_sign_in_for_every_copy_of_the_cookie(database_url: str) -> None:
    with service(database_url, routes=ROUTES) as council:
        browser = council.browser(SECRETARIAT)
        copy = {"cookie": f"procure_sign_in={browser.token}"}
        answer = browser.sign_out()
        assert answer.headers["location"] == "/sign-in?done=signed_out"
        assert "Max-Age=0" in answer.headers["set-cookie"]
        assert council.browser(STRANGER).get("/", copy).status_code == 303
        assert "ログアウトしました。" in browser.get("/sign-in?done=signed_out").text


def test_signing_out_needs_the_token(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        browser = council.browser(SECRETARIAT)
        assert browser.post("/sign-out", {"csrf_token": ""}).status_code == 403
        assert is_in(browser)


def test_a_request_under_way_at_sign_out_brings_nothing_back(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        browser = council.browser(SECRETARIAT)
        copy = {"cookie": f"procure_sign_in={browser.token}"}
        council.wait(timedelta(minutes=2))  # so that the slow request notes its presence
        slow = threading.Thread(target=lambda: council.browser(STRANGER).get("/nap", copy))
        slow.start()
        browser.sign_out()
        slow.join()
        assert council.browser(STRANGER).get("/", copy).status_code == 303


def test_a_person_signed_in_twice_may_leave_one_of_them(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        office, elsewhere = council.browser(NARA), council.browser(NARA)
        elsewhere.sign_out()
        assert (is_in(office), is_in(elsewhere)) == (True, False)


def test_disabling_an_account_puts_the_person_out_at_once(database_url: str) -> None:
    with service(database_url, routes=ROUTES) as council:
        browser = council.browser(NARA)
        with council.database.write() as session:
            disable_account(session, NOW, NARA.login)
        assert not is_in(browser)
        assert browser.post("/demand").headers["location"] == "/sign-in"


def test_an_idle_person_signs_in_again(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        browser = council.browser(NARA)
        council.wait(timedelta(minutes=30))
        assert not is_in(browser)


def test_who_keeps_working_stays_in_until_the_day_is_over(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        browser = council.browser(NARA)
        for _ in range(29):
            council.wait(timedelta(minutes=20))
            assert is_in(browser)
        council.wait(timedelta(minutes=20))
        assert not is_in(browser)


def test_presence_is_noted_at_most_once_a_minute(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        browser = council.browser(NARA)

        def seen() -> object:
            with council.database.read() as session:
                return session.connection().scalar(text("SELECT last_seen_at FROM sign_in"))

        first = seen()
        council.wait(timedelta(seconds=59))
        browser.get("/")
        assert seen() == first
        council.wait(timedelta(seconds=1))
        browser.get("/")
        assert seen() != first


def test_a_flood_of_sign_ins_is_told_to_come_back(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_PATIENCE_SECONDS", 0.01)
    with service(sqlite_url, routes=ROUTES) as council, passwords._turn(), passwords._turn():
        page = council.browser(STRANGER).sign_in(NARA)
        assert (page.status_code, page.headers["retry-after"]) == (503, "5")
        assert council.browser(STRANGER).get("/time").status_code == 200


# ---- guessing --------------------------------------------------------------------------------------


def without_login(page: Response) -> str:
    return page.text.replace(NARA.login, "").replace("nobody", "").replace(KATSURAGI.login, "")


def test_unknown_wrong_and_disabled_get_the_same_answer(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        with council.database.write() as session:
            disable_account(session, NOW, KATSURAGI.login)
        browser = council.browser(STRANGER)
        wrong = browser.sign_in(NARA, "not the password")
        unknown = browser.sign_in(Person("nobody", "", NARA.role))
        disabled = browser.sign_in(KATSURAGI)
        assert {page.status_code for page in (wrong, unknown, disabled)} == {422}
        assert without_login(wrong) == without_login(unknown) == without_login(disabled)


def test_after_ten_failures_even_the_right_password_has_to_wait(database_url: str) -> None:
    with service(database_url, routes=ROUTES) as council:
        browser = council.browser(STRANGER)
        answers = [browser.sign_in(NARA, "not the password").status_code for _ in range(10)]
        assert answers == [422] * 10
        assert browser.sign_in(NARA).status_code == 429
        council.wait(timedelta(minutes=5))
        assert browser.sign_in(NARA).status_code == 303


def test_parallel_guesses_are_counted_too(database_url: str) -> None:
    with service(database_url, routes=ROUTES) as council:
        answers: list[int] = []

        def guess() -> None:
            answers.append(council.browser(STRANGER).sign_in(NARA, "not the password").status_code)

        threads = [threading.Thread(target=guess) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers) == [422] * 10 + [429] * 6


def test_the_page_never_repeats_the_password(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        assert "hunter2hunter2" not in council.browser(STRANGER).sign_in(NARA, "hunter2hunter2").text


def test_coming_and_going_is_in_the_history_and_failures_are_not(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        browser = council.browser(NARA)
        browser.sign_out()
        browser.sign_in(NARA, "not the password")
        with council.database.read() as session:
            events = [(event.action, event.actor) for event in latest_events(session)]
    assert events == [("signed_out", "奈良　太郎（市町村）"), ("signed_in", "奈良　太郎（市町村）")]
