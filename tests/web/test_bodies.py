"""The bodies of the council and the accounts of their people."""

import re

import pytest
from httpx import Response

from procure.accounts.queries import account_of
from procure.parties.queries import members
from procure.rounds.stages import Stage
from tests.people import AUDITOR, KATSURAGI, NARA, PASSWORD, SECRETARIAT, STRANGER, Person, Service, service, text_of
from tests.web.stage import content_of, service_at

OFFICIAL = "葛\U000e0100城市"
PAGE = "/bodies/292117"
SETTING = (f"{PAGE}/settings", f"{PAGE}/accounts/katsuragi/approver")
NEW = {"login": "tanaka", "name": "情報課　田中"}


def codes_on(page: Response) -> list[str]:
    return re.findall(r'class="code num">([0-9]{6})', page.text)


def actions(town: Service) -> list[str]:
    return [str(event[4]) for event in content_of(town)["event"]]


def test_every_member_is_listed_with_code_reading_and_people(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        page = town.browser(SECRETARIAT).get("/bodies")
    assert len(codes_on(page)) == 39
    assert f"292117 {OFFICIAL} カツラギシ 奈良県 1 人" in text_of(page)
    assert "292028 大和高田市 ヤマトタカダシ 奈良県 — 利用者なし" in text_of(page)


@pytest.mark.parametrize("typed", ["葛城", OFFICIAL, "かつらぎし", "ｶﾂﾗｷﾞｼ", "292117", "２９２１１７"])
def test_a_body_is_found_however_it_is_written(sqlite_url: str, typed: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        page = town.browser(SECRETARIAT).client.get("/bodies", params={"q": typed})
    assert codes_on(page) == ["292117"]
    assert f'value="{typed}"' in page.text


def test_a_search_offers_municipalities_that_are_no_members(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        found = town.browser(SECRETARIAT).client.get("/bodies", params={"q": "和歌山市"})
        nothing = town.browser(SECRETARIAT).client.get("/bodies", params={"q": "どこにもない"})
    assert "に当てはまる参加団体はありません" in found.text
    assert codes_on(found) == ["302015"]
    assert codes_on(nothing) == []


@pytest.mark.parametrize("typed", ["302015", " ３０２０１５ "])
def test_a_member_is_added_by_its_code(sqlite_url: str, typed: str) -> None:
    with service(sqlite_url) as town:
        answer = town.browser(SECRETARIAT).post("/bodies", {"code": typed})
        with town.database.read() as session:
            assert "和歌山市" in [row.name for row in members(session)]
        assert "member_added" in actions(town)
    assert answer.headers["location"] == "/bodies/302015?done=added"


@pytest.mark.parametrize("typed", ["", "999999", "奈良"])
def test_a_code_of_nobody_is_shown_again(sqlite_url: str, typed: str) -> None:
    with service(sqlite_url) as town:
        page = town.browser(SECRETARIAT).post("/bodies", {"code": typed})
    assert page.status_code == 422
    assert "の市町村はありません" in page.text
    assert f'name="code" value="{typed}"' in page.text


def test_who_is_a_member_already_is_not_added_twice(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        page = browser.post("/bodies", {"code": "292117"})
        all_of_nara = browser.post("/bodies/prefecture", {"prefecture": "奈良県"})
        assert content_of(town) == before
    assert page.status_code == all_of_nara.status_code == 422
    assert "すでに参加団体です" in page.text
    assert "すべて参加団体になっています" in all_of_nara.text


def test_a_whole_prefecture_is_added_at_once(sqlite_url: str) -> None:
    with service(sqlite_url) as town:
        browser = town.browser(SECRETARIAT)
        answer = browser.post("/bodies/prefecture", {"prefecture": "奈良県"})
        assert len(codes_on(browser.get("/bodies"))) == 39
        assert browser.post("/bodies/prefecture", {"prefecture": "どこか県"}).status_code == 422
    assert answer.headers["location"] == "/bodies?done=added"


def test_an_account_is_opened_and_its_password_shown_once(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        page = browser.post(f"{PAGE}/accounts", NEW)
        found = re.search(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){3}", page.text)
        assert page.status_code == 200
        assert found is not None
        assert found[0] not in browser.get(PAGE).text
        person = Person("tanaka", "情報課　田中", KATSURAGI.role, "292117")
        assert town.browser(STRANGER).sign_in(person, found[0]).status_code == 303
        assert found[0] not in str(content_of(town))
        assert "account_added" in actions(town)


def test_no_two_passwords_are_alike(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        pages = [browser.post(f"{PAGE}/accounts", {"login": f"login{n}", "name": "人"}).text for n in range(3)]
    assert len({re.findall(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){3}", page)[0] for page in pages}) == 3


def test_wrong_input_is_shown_again_and_opens_no_account(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        page = browser.post(f"{PAGE}/accounts", {"login": "田中", "name": ""})
        hostile = browser.post(f"{PAGE}/accounts", {"login": "tanaka", "name": "田\u202e中"})
        assert content_of(town) == before
    assert (page.status_code, hostile.status_code) == (422, 422)
    assert "入力内容に2件の誤りがあります" in page.text
    assert 'value="田中"' in page.text


def test_a_login_in_use_is_a_conflict_and_what_was_typed_stays(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        page = town.browser(SECRETARIAT).post(f"{PAGE}/accounts", {**NEW, "login": NARA.login})
    assert page.status_code == 409
    assert "既に使われています" in page.text
    assert 'value="情報課　田中"' in page.text


def test_an_account_is_disabled_at_once_and_enabled_again(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser, theirs = town.browser(SECRETARIAT), town.browser(KATSURAGI)
        answer = browser.post(f"{PAGE}/accounts/katsuragi/disable")
        assert answer.headers["location"] == f"{PAGE}?done=account_disabled"
        assert theirs.get("/demand").headers["location"] == "/sign-in?next=%2Fdemand"
        assert "停止中" in browser.get(PAGE).text
        assert town.browser(STRANGER).sign_in(KATSURAGI, PASSWORD).status_code == 422
        answer = browser.post(f"{PAGE}/accounts/katsuragi/enable")
        assert answer.headers["location"] == f"{PAGE}?done=account_enabled"
        assert town.browser(STRANGER).sign_in(KATSURAGI, PASSWORD).status_code == 303
        assert actions(town).count("account_disabled") == actions(town).count("account_enabled") == 1


def test_what_is_done_already_is_not_recorded_again(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        assert browser.post(f"{PAGE}/accounts/katsuragi/enable").status_code == 303
        assert content_of(town) == before


def test_a_body_wants_a_second_person_and_mails_go_to_its_address(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        settings = {"needs_approval": "1", "mail": " joho@city.katsuragi.nara.jp "}
        answer = browser.post(f"{PAGE}/settings", settings)
        page = browser.get(PAGE)
        again = browser.post(f"{PAGE}/settings", settings)
        read = text_of(town.browser(AUDITOR).get(PAGE))
        said = text_of(browser.get("/history"))
        assert actions(town).count("member_changed") == 1
    assert answer.headers["location"] == again.headers["location"] == f"{PAGE}?done=saved"
    assert 'value="joho@city.katsuragi.nara.jp"' in page.text
    assert "承認者がいません" in page.text
    assert "承認 必要 メールアドレス joho@city.katsuragi.nara.jp" in read
    assert "課長などの承認 ：いいえ → から はい" in said


@pytest.mark.parametrize(
    "typed", ["joho", "joho@city", "a@b.jp, c@d.jp", "情報@city.jp", f"{'a' * 250}@b.jp", "a@b.jp\u202e"]
)
def test_what_is_no_address_is_shown_again(sqlite_url: str, typed: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        before = content_of(town)
        page = town.browser(SECRETARIAT).post(f"{PAGE}/settings", {"mail": typed, "needs_approval": "1"})
        assert town.browser(SECRETARIAT).get(PAGE).text.count(" checked") == 0
        assert content_of(town)["body"] == before["body"]
    assert page.status_code == 422
    assert f'value="{typed}"' in page.text
    assert page.text.count(" checked") == 1


def test_an_approver_is_chosen_and_chosen_no_more(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        browser.post(f"{PAGE}/settings", {"needs_approval": "1"})
        chosen = browser.post(f"{PAGE}/accounts/katsuragi/approver", {"approver": "yes"})
        page = browser.get(PAGE).text
        browser.post(f"{PAGE}/accounts/katsuragi/approver", {"approver": "yes"})
        assert actions(town).count("account_changed") == 1
        gone = browser.post(f"{PAGE}/accounts/katsuragi/approver", {"approver": "no"})
        assert browser.post(f"{PAGE}/accounts/nara/approver", {"approver": "yes"}).status_code == 404
    assert "承認者がいません" not in page
    assert "承認者から外す" in page
    assert (chosen.headers["location"], gone.headers["location"]) == (
        f"{PAGE}?done=approver_set",
        f"{PAGE}?done=approver_unset",
    )


@pytest.mark.parametrize("login", [SECRETARIAT.login, NARA.login, "nobody"])
def test_only_a_person_of_that_body_is_reached_through_its_page(sqlite_url: str, login: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        assert browser.post(f"{PAGE}/accounts/{login}/disable").status_code == 404
        assert content_of(town) == before


def test_an_auditor_reads_and_changes_nothing(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(AUDITOR)
        pages = [browser.get("/bodies"), browser.get(PAGE)]
        before = content_of(town)
        posts = ("/bodies", "/bodies/prefecture", f"{PAGE}/accounts", f"{PAGE}/accounts/katsuragi/disable", *SETTING)
        assert {browser.post(path, {**NEW, "code": "302015"}).status_code for path in posts} == {403}
        assert content_of(town) == before
    assert [page.status_code for page in pages] == [200, 200]
    assert not [page for page in pages if 'method="post" action="/bodies' in page.text]
    assert "katsuragi" in pages[1].text


@pytest.mark.parametrize("path", ["/bodies", PAGE])
def test_strangers_and_municipalities_stay_out(sqlite_url: str, path: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        assert town.browser(STRANGER).get(path).headers["location"].startswith("/sign-in?next=")
        assert town.browser(KATSURAGI).get(path).status_code == 403


def test_an_unknown_body_is_not_found(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        assert browser.get("/bodies/302015").status_code == 404
        assert browser.post("/bodies/302015/accounts", NEW).status_code == 404


def test_a_form_without_the_token_is_refused(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        posts = ("/bodies", "/bodies/prefecture", f"{PAGE}/accounts", f"{PAGE}/accounts/katsuragi/disable", *SETTING)
        forms = {**NEW, "code": "302015", "prefecture": "大阪府", "csrf_token": ""}
        before = content_of(town)
        assert {browser.post(path, forms).status_code for path in posts} == {403}
        assert content_of(town) == before


def test_looking_changes_nothing(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        assert [browser.get(path).status_code for path in ("/bodies", PAGE)] == [200, 200]
        assert content_of(town) == before
        with town.database.read() as session:
            assert account_of(session, KATSURAGI.login) is not None
