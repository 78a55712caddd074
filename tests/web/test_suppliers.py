"""The register of suppliers, and their suspensions."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from procure.parties.suppliers import Supplier, known_supplier, suppliers, suspend, suspensions_of
from procure.parties.tables import SupplierRow
from procure.rounds.tables import RoundRow
from tests import stages
from tests.people import AUDITOR, KATSURAGI, NARA, NOW, SECRETARIAT, STRANGER, Service, text_of
from tests.stages import ACTOR
from tests.web.rounds_at import council
from tests.web.stage import content_of

NUMBER = "7000012050002"  # 国税庁
PAGE = "/suppliers/1"
DETAILS = {"name": "甲社", "corporate_number": NUMBER, "address": "奈良市", "representative": "代表　太郎"}
DAYS = {"first_day": "R8.11.1", "last_day": "令和８年１１月３０日", "reason": "契約違反"}
FORMS = {"/suppliers": DETAILS, PAGE: DETAILS, f"{PAGE}/suspend": DAYS, f"{PAGE}/lift": {"suspension": "1"}}


def two(session: Session, now: datetime) -> RoundRow:
    """甲社, suspended today, and 乙社."""
    row = stages.specified(session, now)
    first = known_supplier(session, Supplier("甲社", NUMBER, "奈良市"), ACTOR, now)
    known_supplier(session, Supplier("乙社"), ACTOR, now)
    suspend(session, first, now.date(), now.date() + timedelta(days=9), "談合の疑い", ACTOR, now)
    return row


def stored(town: Service) -> list[SupplierRow]:
    with town.database.read() as session:
        return list(suppliers(session))


def lifted(town: Service) -> list[datetime | None]:
    with town.database.read() as session:
        return [one.lifted_at for one in suspensions_of(session, 1)]


def test_the_register_says_who_is_suspended_and_until_when(sqlite_url: str) -> None:
    with council(sqlite_url, two) as town:
        page = text_of(town.browser(SECRETARIAT).get("/suppliers"))
    assert f"甲社 {NUMBER} 奈良市" in page
    assert "停止中 令和8年12月3日まで" in page
    assert page.count("停止中") == 1


@pytest.mark.parametrize("query", ["甲", "7000012", "７０００", "奈良"])
def test_a_supplier_is_found_by_a_part_of_what_is_known_of_it(sqlite_url: str, query: str) -> None:
    with council(sqlite_url, two) as town:
        browser = town.browser(AUDITOR)
        page, nothing = browser.get(f"/suppliers?q={query}").text, browser.get("/suppliers?q=丙").text
    assert 'href="/suppliers/1"' in page
    assert 'href="/suppliers/2"' not in page
    assert "当てはまる事業者はいません" in nothing


def test_a_supplier_is_registered_with_its_number_as_people_type_it(sqlite_url: str) -> None:
    with council(sqlite_url, stages.specified) as town:
        typed = DETAILS | {"corporate_number": "７-0000-1205-0002 "}
        answer = town.browser(SECRETARIAT).post("/suppliers", typed)
        (row,) = stored(town)
    assert answer.headers["location"] == f"/suppliers/{row.id}?done=added"
    assert (row.name, row.corporate_number, row.address, row.representative) == tuple(DETAILS.values())


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"name": ""}, ["name"]),
        ({"corporate_number": "7000012050003"}, ["corporate_number"]),
        ({"name": "", "corporate_number": "12", "address": "長" * 201}, ["name", "address", "corporate_number"]),
        ({"representative": "代\u202e表"}, ["representative"]),
        ({"name": "乙社", "corporate_number": ""}, ["name"]),
        ({"name": "別の社"}, ["name"]),
    ],
    ids=["no name", "check digit", "all at once", "hidden character", "name is known", "number is known"],
)
def test_what_cannot_be_registered_is_shown_again(sqlite_url: str, changes: dict[str, str], fields: list[str]) -> None:
    with council(sqlite_url, two) as town:
        before = content_of(town)
        page = town.browser(SECRETARIAT).post("/suppliers", DETAILS | changes)
        assert content_of(town)["supplier"] == before["supplier"]
    assert page.status_code == 422
    assert [field for field in DETAILS if f'href="#{field}"' in page.text] == sorted(fields, key=list(DETAILS).index)
    assert all(f'value="{typed}"' in page.text for typed in changes.values())


def test_a_supplier_is_corrected_and_the_history_says_from_what_to_what(sqlite_url: str) -> None:
    with council(sqlite_url, two) as town:
        browser = town.browser(SECRETARIAT)
        answer = browser.post(PAGE, DETAILS | {"name": "甲株式会社"})
        said = text_of(browser.get("/history"))
        assert answer.headers["location"] == f"{PAGE}?done=saved"
        assert {row.id: row.name for row in stored(town)} == {1: "甲株式会社", 2: "乙社"}
    assert "名称 ：甲社 → から 甲株式会社" in said


def test_two_suppliers_never_share_a_number(sqlite_url: str) -> None:
    with council(sqlite_url, two) as town:
        page = town.browser(SECRETARIAT).post("/suppliers/2", DETAILS | {"name": "乙社"})
        assert {row.id: row.corporate_number for row in stored(town)} == {1: NUMBER, 2: None}
    assert page.status_code == 409
    assert f"法人番号 {NUMBER} は「甲社」で登録されています" in page.text
    assert 'value="代表　太郎"' in page.text


def test_a_suspension_is_added_and_lifted(sqlite_url: str) -> None:
    with council(sqlite_url, two) as town:
        browser = town.browser(SECRETARIAT)
        added = browser.post("/suppliers/2/suspend", DAYS)
        assert added.headers["location"] == "/suppliers/2?done=supplier_suspended"
        assert "指名停止中です" in browser.get("/suppliers/2").text
        gone = browser.post(f"{PAGE}/lift", {"suspension": "1"})
        assert gone.headers["location"] == f"{PAGE}?done=suspension_lifted"
        assert lifted(town) == [NOW]
        assert "指名停止中です" not in browser.get(PAGE).text
        assert browser.post(f"{PAGE}/lift", {"suspension": "1"}).status_code == 409
        said = text_of(browser.get("/history"))
    assert "令和8年11月1日から令和8年11月30日" in said


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"first_day": "", "last_day": "", "reason": ""}, {"first_day", "last_day", "reason"}),
        ({"first_day": "きのう"}, {"first_day"}),
        ({"first_day": "R8.12.1"}, {"last_day"}),
        ({"reason": "由" * 1001}, {"reason"}),
    ],
    ids=["nothing", "unreadable", "in the wrong order", "too long"],
)
def test_a_suspension_that_cannot_be_is_shown_again(sqlite_url: str, typed: dict[str, str], fields: set[str]) -> None:
    with council(sqlite_url, two) as town:
        page = town.browser(SECRETARIAT).post(f"{PAGE}/suspend", DAYS | typed)
        assert lifted(town) == [None]
    assert page.status_code == 422
    assert {field for field in DAYS if f'href="#{field}"' in page.text} == fields
    assert all(text in page.text for text in typed.values())
    assert 'value="甲社"' in page.text


@pytest.mark.parametrize(
    ("offset", "days", "state"), [(-9, 3, "終了"), (0, 0, "停止中"), (1, 3, "開始前")], ids=["over", "today", "to come"]
)
def test_a_suspension_is_over_in_force_or_still_to_come(sqlite_url: str, offset: int, days: int, state: str) -> None:
    def build(session: Session, now: datetime) -> RoundRow:
        row, day = stages.preparing(session, now), now.date() + timedelta(days=offset)
        supplier = known_supplier(session, Supplier("甲社"), ACTOR, now)
        suspend(session, supplier, day, day + timedelta(days=days), "契約違反", ACTOR, now)
        return row

    with council(sqlite_url, build) as town:
        page = town.browser(AUDITOR).get(PAGE).text
    assert f">{state}</span>" in page


def test_what_is_no_supplier_is_not_found(sqlite_url: str) -> None:
    with council(sqlite_url, two) as town:
        browser = town.browser(SECRETARIAT)
        assert {browser.get(f"/suppliers/{number}").status_code for number in ("9", "x", "１", "9" * 30)} == {404}
        assert browser.post("/suppliers/9", DETAILS).status_code == 404
        assert browser.post("/suppliers/2/lift", {"suspension": "1"}).status_code == 404
        assert lifted(town) == [None]


def test_an_auditor_reads_and_changes_nothing(sqlite_url: str) -> None:
    with council(sqlite_url, two) as town:
        browser = town.browser(AUDITOR)
        pages = [browser.get(path) for path in ("/suppliers", PAGE)]
        before = content_of(town)
        assert {browser.post(path, form).status_code for path, form in FORMS.items()} == {403}
        assert content_of(town) == before
    assert [page.status_code for page in pages] == [200, 200]
    assert not [page for page in pages if 'method="post" action="/suppliers' in page.text]


@pytest.mark.parametrize("path", ["/suppliers", PAGE])
def test_strangers_and_municipalities_stay_out(sqlite_url: str, path: str) -> None:
    with council(sqlite_url, two) as town:
        assert town.browser(STRANGER).get(path).headers["location"].startswith("/sign-in?next=")
        assert {town.browser(person).get(path).status_code for person in (KATSURAGI, NARA)} == {403}


def test_a_form_without_the_token_is_refused(sqlite_url: str) -> None:
    with council(sqlite_url, two) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        found = {browser.post(path, form | {"csrf_token": ""}).status_code for path, form in FORMS.items()}
        assert found == {403}
        assert content_of(town) == before


def test_looking_changes_nothing(sqlite_url: str) -> None:
    with council(sqlite_url, two) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        assert {browser.get(path).status_code for path in ("/suppliers", "/suppliers?q=x", PAGE)} == {200}
        assert content_of(town) == before
