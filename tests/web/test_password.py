"""A person changes the own password."""

from procure.history.queries import latest_events
from tests import stages
from tests.api.programs import Program
from tests.api.programs import council as api_council
from tests.people import KATSURAGI, NARA, PASSWORD, STRANGER, Service
from tests.web.rounds_at import council

FRESH = "柿の葉 と 三輪 と 吉野葛"


def form(**changes: str) -> dict[str, str]:
    return {"current": PASSWORD, "password": FRESH, "again": FRESH} | changes


def signs_in_with(town: Service, password: str) -> bool:
    return town.browser(STRANGER).sign_in(NARA, password).status_code == 303


def test_from_now_on_the_new_password_opens_and_the_old_one_does_not(sqlite_url: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        elsewhere, here = town.browser(NARA), town.browser(NARA)
        answer = here.post("/password", form())
        assert answer.headers["location"] == "/sign-in?done=password_set"
        assert elsewhere.get("/password").status_code == 303
        assert signs_in_with(town, FRESH)
        assert not signs_in_with(town, PASSWORD)
        with town.database.read() as session:
            assert any(event.action == "password_set" for event in latest_events(session))


def test_what_is_wrong_is_said_beside_the_field_and_never_written_back(sqlite_url: str) -> None:
    wrong = {
        "current": form(current="それではない"),
        "again": form(again="ちがう"),
        "password": form(password="短い", again="短い"),
    }
    with council(sqlite_url, stages.preparing) as town:
        browser = town.browser(NARA)
        for field, fields in wrong.items():
            page = browser.post("/password", fields)
            assert page.status_code == 422
            assert f'href="#{field}"' in page.text
            assert not [typed for typed in fields.values() if f'value="{typed}"' in page.text]
        assert signs_in_with(town, PASSWORD)


def test_guessing_the_password_is_stopped(sqlite_url: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        browser = town.browser(NARA)
        answers = [browser.post("/password", form(current=f"それ {number}")).status_code for number in range(11)]
    assert answers == [422] * 10 + [429]


def test_a_stranger_is_sent_to_sign_in_and_a_form_without_token_is_refused(sqlite_url: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        assert town.browser(STRANGER).get("/password").status_code == 303
        assert town.browser(NARA).post("/password", form() | {"csrf_token": ""}).status_code == 403
        assert signs_in_with(town, PASSWORD)


def test_the_tokens_of_the_person_end_with_the_old_password_and_the_history_names_them(sqlite_url: str) -> None:
    with api_council(sqlite_url, stages.preparing) as town:
        own, other = Program(town, NARA), Program(town, KATSURAGI)
        assert "APIトークンはすべて失効します" in town.browser(NARA).get("/password").text
        town.browser(NARA).post("/password", form())
        assert (own.get("/me").status_code, other.get("/me").status_code) == (401, 200)
        with town.database.read() as session:
            told = [event.subject for event in latest_events(session) if event.action == "token_revoked"]
    assert len(told) == 1
    assert told[0].startswith("試験（…")
