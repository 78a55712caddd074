"""The pages for questions on the specification."""

import re

import pytest

from procure.rounds.queries import find_round
from procure.rounds.questions import questions_of
from procure.rounds.stages import Stage
from tests.people import AUDITOR, KATSURAGI, NARA, SECRETARIAT, STRANGER, Browser, Service, text_of
from tests.web.stage import REF, content_of, service_at

ASK, ALL = f"/demand/{REF}/questions", f"/rounds/{REF}/questions"
QUESTION, ANSWER = "画面の大きさは\n15型でもよいですか。", "差し支えありません。"


def ask(town: Service, question: str = QUESTION) -> str:
    """The path of the form for its answer."""
    assert town.browser(NARA).post(ASK, {"question": question}).headers["location"] == f"{ASK}?done=question_asked"
    with town.database.read() as session:
        return f"{ALL}/{questions_of(session, find_round(session, REF).id)[-1].id}"


def answer(browser: Browser, path: str, text: str = ANSWER, **fields: str):  # type: ignore[no-untyped-def]
    seen = re.search(r'name="seen" value="([^"]*)"', browser.get(path).text)
    return browser.post(path, {"answer": text, "seen": seen[1] if seen else "", **fields})


def test_a_question_goes_from_a_body_to_everybody_without_who_asked(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        path = ask(town)
        secretariat, katsuragi = town.browser(SECRETARIAT), town.browser(KATSURAGI)
        assert "公表していない質問が1件あります" in secretariat.get(f"/rounds/{REF}").text
        assert "公表していない質問が1件あります" in secretariat.get("/").text
        assert "奈良市" in text_of(secretariat.get(ALL))
        assert "回答を待っている質問" in town.browser(NARA).get(ASK).text
        assert QUESTION not in katsuragi.get(ASK).text
        done = answer(secretariat, path, publish="1")
        read = katsuragi.get(ASK)
        assert "公表していない質問が" not in secretariat.get(f"/rounds/{REF}").text
    assert done.headers["location"] == f"{ALL}?done=answer_published"
    assert QUESTION in read.text
    assert ANSWER in read.text
    assert "奈良" not in read.text.replace("奈良県", "")


def test_an_answer_is_kept_as_a_draft_until_it_is_published(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        path, secretariat = ask(town), town.browser(SECRETARIAT)
        assert answer(secretariat, path, draft="1").headers["location"] == f"{ALL}?done=saved"
        assert ANSWER not in town.browser(NARA).get(ASK).text
        assert "回答の下書き" in secretariat.get(ALL).text
        assert ANSWER in secretariat.get(path).text


def test_a_published_answer_is_corrected_for_all_at_once(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        path, secretariat = ask(town), town.browser(SECRETARIAT)
        answer(secretariat, path, publish="1")
        answer(secretariat, path, "15型以上とします。", publish="1")
        page = town.browser(KATSURAGI).get(ASK).text
    assert "15型以上とします。" in page
    assert ANSWER not in page


def test_two_people_who_answer_at_once_see_both_answers(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        path, secretariat = ask(town), town.browser(SECRETARIAT)
        answer(secretariat, path, draft="1")
        before = content_of(town)
        clash = secretariat.post(path, {"answer": "別の回答", "seen": "", "publish": "1"})
        assert content_of(town) == before
    assert clash.status_code == 409
    assert ANSWER in clash.text
    assert "別の回答" in clash.text


@pytest.mark.parametrize("typed", ["", "　", "問" * 4001, "見えない\u202e文字"])
def test_bad_texts_are_shown_again_as_they_were_typed(sqlite_url: str, typed: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        path, secretariat = ask(town), town.browser(SECRETARIAT)
        before = content_of(town)
        pages = (town.browser(NARA).post(ASK, {"question": typed}), answer(secretariat, path, typed, publish="1"))
        sign_ins = {"account", "event", "sign_in", "sign_in_failure"}
        after = content_of(town)
        assert {name: rows for name, rows in after.items() if name not in sign_ins} == {
            name: rows for name, rows in before.items() if name not in sign_ins
        }
    for page in pages:
        assert page.status_code == 422
        assert f">\n{typed}</textarea>" in page.text
        assert 'aria-invalid="true"' in page.text


@pytest.mark.parametrize("stage", [Stage.SPECIFIED, Stage.PUBLISHED])
def test_a_question_that_comes_too_late_stays_on_the_page(sqlite_url: str, stage: Stage) -> None:
    with service_at(sqlite_url, stage) as town:
        browser = town.browser(NARA)
        before = content_of(town)
        late = browser.post(ASK, {"question": QUESTION})
        assert content_of(town) == before
        assert "質問を送る" not in browser.get(ASK).text
    assert late.status_code == 409
    assert QUESTION in late.text


def test_who_may_not_is_kept_out(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        path = ask(town)
        assert town.browser(STRANGER).get(ASK).headers["location"].startswith("/sign-in")
        assert town.browser(NARA).get(ALL).status_code == 403
        assert town.browser(NARA).get(path).status_code == 403
        assert town.browser(SECRETARIAT).get(ASK).status_code == 403
        auditor = town.browser(AUDITOR)
        assert QUESTION in auditor.get(ALL).text
        assert "回答する" not in text_of(auditor.get(ALL))
        assert auditor.get(path).status_code == 403
        assert town.browser(NARA).post(ASK, {"question": "？", "csrf_token": ""}).status_code == 403
        assert town.browser(SECRETARIAT).get(f"{ALL}/999").status_code == 404
        with town.database.read() as session:
            assert len(questions_of(session, find_round(session, REF).id)) == 1


def test_markup_in_a_question_is_shown_as_it_was_typed(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        path = ask(town, "<script>alert(1)</script>")
        for page in (town.browser(SECRETARIAT).get(ALL), town.browser(SECRETARIAT).get(path)):
            assert "&lt;script&gt;alert(1)" in page.text
