"""One request, one transaction: what is answered as done is done, and everything else has left no trace."""

import json
import threading
from datetime import timedelta

import pytest
from sqlalchemy import text

from procure.accounts.actions import disable_account
from tests.people import NARA, NOW, SECRETARIAT, STRANGER, service
from tests.server.pages import AMOUNT, FAILURES, ROUTES, notes


def test_a_change_stands_before_its_reply_is_sent(database_url: str) -> None:
    with service(database_url, routes=ROUTES) as council:
        answer = council.browser(SECRETARIAT).post("/rounds/r8", {"subject": "件名"})
        assert (answer.headers["location"], notes(council)) == ("/rounds/r8?done=saved", ["件名"])


def test_a_page_says_once_what_was_done_and_only_known_words(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        browser = council.browser(SECRETARIAT)
        assert "保存しました。" in browser.get("/rounds/r8?done=saved").text
        page = browser.get("/rounds/r8?done=Your+account+was+hacked").text
        assert "hacked" not in page
        assert "しました。" not in page


def test_a_refused_form_is_shown_again_and_undone(database_url: str) -> None:
    with service(database_url, routes=ROUTES) as council:
        page = council.browser(SECRETARIAT).post("/refused", {"login": "入力した値"})
        assert (page.status_code, notes(council)) == (422, [])
        assert "入力した値" in page.text


def test_a_refusal_may_ask_to_keep_what_it_wrote(database_url: str) -> None:
    with service(database_url, routes=ROUTES) as council:
        assert council.browser(SECRETARIAT).post("/refused-but-kept").status_code == 422
        assert notes(council) == [""]


@pytest.mark.parametrize("path", FAILURES)
def test_a_page_that_fails_undoes_its_work_and_says_so(sqlite_url: str, path: str) -> None:
    status, _ = FAILURES[path]
    with service(sqlite_url, routes=ROUTES) as council:
        browser = council.browser(STRANGER)
        page = browser.client.post(path, data={"amount": AMOUNT})
        assert (page.status_code, notes(council)) == (status, [])
        assert browser.get(path).status_code == status
        assert AMOUNT not in page.text
        assert "Traceback" not in page.text


def test_every_fault_of_an_invalid_request_is_shown(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        page = council.browser(STRANGER).get("/invalid").text
    assert "件名を入力してください。" in page
    assert "番号が重なっています。" in page


def test_who_cannot_be_served_now_is_told_to_come_back(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        assert council.browser(STRANGER).get("/locked").headers["retry-after"] == "5"


def test_a_get_cannot_change_anything(database_url: str) -> None:
    with service(database_url, routes=ROUTES) as council:
        assert council.browser(STRANGER).get("/writes-on-get").status_code >= 500
        assert notes(council) == []


def test_a_commit_that_fails_is_not_answered_as_done(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        answer = council.browser(SECRETARIAT).post("/commit-fails")
        assert (answer.status_code, notes(council)) == (500, [])
        assert council.browser(SECRETARIAT).post("/rounds/r8").status_code == 303


def test_a_duplicate_is_a_conflict(database_url: str) -> None:
    with service(database_url, routes=ROUTES) as council:
        page = council.browser(SECRETARIAT).post("/duplicate")
        assert page.status_code == 409
        assert "ほかの人が先に" in page.text


def test_a_template_that_fails_is_a_500_and_not_half_a_page(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        page = council.browser(STRANGER).get("/broken-template")
        assert (page.status_code, page.text.count("<html")) == (500, 1)


def test_failures_are_logged_by_place_and_never_with_what_was_typed(
    sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        for path in ("/bug", "/locked", "/stale"):
            council.browser(STRANGER).client.post(path, data={"amount": AMOUNT})
        council.browser(SECRETARIAT).post("/duplicate")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    failures = [line for line in lines if line["level"] == "error"]
    assert [(line["status"], line["path"]) for line in failures] == [(500, "/bug"), (503, "/locked")]
    assert any("tests/server/pages.py" in frame for frame in failures[0]["traceback"])
    assert AMOUNT not in json.dumps(lines)


def test_a_person_disabled_while_their_form_waited_changes_nothing(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        browser = council.browser(NARA)
        form = {"csrf_token": browser.csrf_token}
        answers: list[int] = []
        waiting = threading.Thread(target=lambda: answers.append(browser.post("/demand", form).status_code))
        with council.database.write() as session:
            disable_account(session, NOW, NARA.login)
            waiting.start()
            waiting.join(0.3)  # it has been recognised, and waits for the writer
        waiting.join()
        assert (answers, notes(council)) == ([303], [])


def test_the_time_of_a_form_is_read_when_its_turn_has_come(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        browser = council.browser(SECRETARIAT)
        form = {"csrf_token": browser.csrf_token, "subject": "late"}
        waiting = threading.Thread(target=lambda: browser.post("/rounds/r8", form))
        with council.database.write() as session:
            session.connection().execute(text("SELECT 1"))
            waiting.start()
            waiting.join(0.3)
            council.wait(timedelta(minutes=5))
        waiting.join()
        with council.database.read() as session:
            at = session.connection().scalar(text("SELECT at FROM event WHERE subject = 'late'"))
    assert str(at) == "2026-11-24T00:05:00.000000+00:00"


def test_many_requests_at_once_do_not_hang(database_url: str) -> None:
    with service(database_url, routes=ROUTES) as council:
        browser = council.browser(SECRETARIAT)
        copy, token = {"cookie": f"procure_sign_in={browser.token}"}, browser.csrf_token
        answers: list[int] = []

        def read() -> None:
            answers.append(council.browser(STRANGER).get("/nap", copy).status_code)

        def write() -> None:
            form = {"csrf_token": token}
            answers.append(council.browser(STRANGER).post("/rounds/r8", form, copy).status_code)

        threads = [threading.Thread(target=target) for target in (read, write) * 12]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert sorted(answers) == [200] * 12 + [303] * 12
        assert len(notes(council)) == 12


# ---- files -----------------------------------------------------------------------------------------


def test_a_slow_file_is_made_on_a_thread_of_its_own(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        answer = council.browser(STRANGER).get("/slow-file")
    assert answer.text.startswith("clerk")
    assert (answer.headers["content-type"], answer.headers["content-length"]) == ("application/pdf", "7")


def test_a_file_has_its_japanese_name_and_is_saved_not_shown(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        disposition = council.browser(STRANGER).get("/slow-file").headers["content-disposition"]
    assert disposition == (
        "attachment; filename*=UTF-8''%E4%BB%A4%E5%92%8C8%E5%B9%B4%E5%BA%A6%20%E7%B5%90%E6%9E%9C_%E4%B8%80%E8%A6%A7.pdf"
    )


def test_a_file_name_cannot_break_out_of_its_header(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        answer = council.browser(STRANGER).get("/file")
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''a_b__x_%20y.csv"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "x" not in answer.headers
    assert answer.content == b"\xef\xbb\xbfa,b\r\n"


def test_a_file_that_cannot_be_made_is_an_error_page(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        page = council.browser(STRANGER).get("/broken-file")
    assert (page.status_code, "content-disposition" in page.headers) == (500, False)
