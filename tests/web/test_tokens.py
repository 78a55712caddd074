"""People manage their own tokens of the API: made, shown once, revoked, in the history."""

import html
import re

import pytest
from sqlmodel import select

from procure.accounts.tables import TokenRow
from procure.history.queries import latest_events
from tests.people import AUDITOR, KATSURAGI, NARA, PEOPLE, SECRETARIAT, STRANGER, Person, Service, service, text_of
from tests.web.stage import content_of

FORM = {"name": "経理システム", "scopes": ["rounds:read"], "expires": "令和9年3月31日"}
OWN = {"name": "需要の登録", "scopes": ["demand:read", "demand:write"], "expires": "R9.3.31"}


def tokens(town: Service) -> list[TokenRow]:
    with town.database.read() as session:
        return list(session.exec(select(TokenRow)))


def actions(town: Service) -> list[str]:
    with town.database.read() as session:
        return [event.action for event in latest_events(session)]


def test_the_page_is_for_everybody_who_signed_in(sqlite_url: str) -> None:
    with service(sqlite_url) as town:
        assert {town.browser(person).get("/tokens").status_code for person in PEOPLE} == {200}
        assert town.browser(STRANGER).get("/tokens").status_code == 303


def test_it_offers_what_the_role_may_do_and_no_more(sqlite_url: str) -> None:
    with service(sqlite_url) as town:
        offered = {
            person: re.findall(r'name="scopes" value="([^"]+)"', town.browser(person).get("/tokens").text)
            for person in (SECRETARIAT, KATSURAGI, AUDITOR)
        }
    assert len(offered[SECRETARIAT]) == 10
    assert offered[KATSURAGI] == ["demand:read", "demand:write", "awards:read", "contracts:read", "contracts:write"]
    assert offered[AUDITOR] == ["rounds:read", "demand:read", "bids:read", "awards:read", "contracts:read"]


def test_a_token_is_shown_once_and_kept_as_its_hash(sqlite_url: str) -> None:
    with service(sqlite_url) as town:
        browser = town.browser(SECRETARIAT)
        page = browser.post("/tokens", FORM)
        shown = re.findall(r"procure_[0-9A-Za-z_-]{43}", page.text)
        again = browser.get("/tokens")
        stored = str(content_of(town))
        (row,) = tokens(town)
    assert page.status_code == 200
    assert len(shown) == 1
    assert shown[0] not in again.text
    assert shown[0] not in stored
    assert f"procure_…{row.hint}" in text_of(again)
    assert row.scopes == "rounds:read"
    assert f"{row.expires_at:%Y-%m-%d %H:%M}" == "2027-04-01 00:00"  # the last day is whole


def test_making_and_revoking_stand_in_the_history(sqlite_url: str) -> None:
    with service(sqlite_url) as town:
        browser = town.browser(KATSURAGI)
        browser.post("/tokens", OWN)
        done = browser.post("/tokens/1/revoke")
        page = text_of(browser.get("/tokens"))
        with town.database.read() as session:
            revoked, made = latest_events(session, 2)
        (row,) = tokens(town)
    assert (done.status_code, done.headers["location"]) == (303, "/tokens?done=token_revoked")
    assert (made.action, revoked.action) == ("token_made", "token_revoked")
    assert made.subject == revoked.subject == f"需要の登録（…{row.hint}）"
    assert row.revoked_at is not None
    assert "使えるトークンはありません" in page
    assert "失効" in page


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"name": ""}, "トークンの名前を60字以内で入力してください"),
        ({"name": "x" * 61}, "トークンの名前を60字以内で入力してください"),
        ({"scopes": []}, "トークンで行える操作を一つ以上選んでください"),
        ({"scopes": ["everything"]}, "トークンで行える操作を一つ以上選んでください"),
        ({"expires": ""}, "有効期限を入力してください"),
        ({"expires": "きのう"}, "日付"),
        ({"expires": "令和8年11月23日"}, "有効期限は、明日から1年以内の日にしてください"),
        ({"expires": "令和9年12月1日"}, "有効期限は、明日から1年以内の日にしてください"),
    ],
)
def test_a_faulty_form_is_shown_again_with_what_was_typed(
    sqlite_url: str, change: dict[str, object], fault: str
) -> None:
    form = {**FORM, "name": "経理<b>", **change}
    with service(sqlite_url) as town:
        page = town.browser(SECRETARIAT).post("/tokens", form)
        found = tokens(town)
    assert page.status_code == 422
    assert fault in text_of(page)
    assert html.escape(str(form["name"])) in page.text
    assert found == []


def test_nobody_gives_a_token_more_than_the_role_may(sqlite_url: str) -> None:
    with service(sqlite_url) as town:
        page = town.browser(KATSURAGI).post("/tokens", {**OWN, "scopes": ["demand:read", "rounds:write"]})
        found = tokens(town)
    assert page.status_code == 422
    assert found == []


def test_of_too_many_tokens_the_page_says_so(sqlite_url: str) -> None:
    with service(sqlite_url) as town:
        browser = town.browser(SECRETARIAT)
        found = [browser.post("/tokens", FORM).status_code for _ in range(21)]
        page = text_of(browser.post("/tokens", FORM))
    assert found == [200] * 20 + [409]
    assert "トークンは一人20個までです" in page


@pytest.mark.parametrize("person", [NARA, AUDITOR], ids=lambda one: one.login)
def test_the_token_of_another_is_not_there(sqlite_url: str, person: Person) -> None:
    with service(sqlite_url) as town:
        town.browser(SECRETARIAT).post("/tokens", FORM)
        before, browser = tokens(town), town.browser(person)
        found = [browser.post(f"/tokens/{number}/revoke").status_code for number in ("1", "2", "x", "１", "9" * 30)]
        page = text_of(browser.get("/tokens"))
    assert found == [404] * 5
    assert before[0].revoked_at is None
    assert str(FORM["name"]) not in page


def test_a_token_is_not_revoked_twice(sqlite_url: str) -> None:
    with service(sqlite_url) as town:
        browser = town.browser(SECRETARIAT)
        browser.post("/tokens", FORM)
        found = [browser.post("/tokens/1/revoke").status_code for _ in range(2)]
        said = actions(town)
    assert found == [303, 409]
    assert said.count("token_revoked") == 1


def test_a_form_without_its_csrf_token_makes_nothing(sqlite_url: str) -> None:
    with service(sqlite_url) as town:
        browser = town.browser(SECRETARIAT)
        found = [browser.post(path, {**FORM, "csrf_token": ""}).status_code for path in ("/tokens", "/tokens/1/revoke")]
        stranger = town.browser(STRANGER).post("/tokens", FORM).status_code
        made = tokens(town)
    assert (found, stranger, made) == ([403, 403], 303, [])


def test_an_expired_token_is_listed_apart(sqlite_url: str) -> None:
    with service(sqlite_url) as town:
        town.browser(SECRETARIAT).post("/tokens", {**FORM, "expires": "令和8年11月25日"})
        town.now = town.now.replace(month=12)
        page = text_of(town.browser(SECRETARIAT).get("/tokens"))
    assert "期限切れ" in page
    assert "使えるトークンはありません" in page
