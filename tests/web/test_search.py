"""Published rounds found by year, item, body and winner."""

from urllib.parse import quote

import pytest

from procure.rounds.stages import Stage
from procure.server.fields import Fields
from procure.web.paging import paged
from tests.people import AUDITOR, NARA, SECRETARIAT, STRANGER, Browser
from tests.web.published_years import cancel_printers, council_over_years, round_of
from tests.web.stage import REF, content_of, service_at

FOUND = f'href="/published/{REF}"'


def search(browser: Browser, **fields: str) -> str:
    query = "&".join(f"{name}={quote(text)}" for name, text in fields.items())
    answer = browser.get(f"/published?{query}")
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"year": "2021"},
        {"item": "ノートパソコン"},
        {"item": "ﾉｰﾄﾊﾟｿｺﾝ"},
        {"item": "core i5"},
        {"item": "ＣＯＲＥ　モバイル型"},
        {"item": "プリンタの共同調達"},
        {"body": "葛城市"},
        {"body": "葛\U000e0100城"},
        {"body": "五条市"},
        {"body": "かつらぎ"},
        {"body": "292117"},
        {"supplier": "見本システム"},
        {"supplier": "システム　株式会社"},
        {"supplier": "みほん事務機"},
        {"year": "R3", "item": "トレイ", "body": "河合町", "supplier": "みほん"},
        {"item": "  "},
    ],
)
def test_what_is_there_is_found_however_it_is_typed(sqlite_url: str, fields: dict[str, str]) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        assert FOUND in search(town.browser(STRANGER), **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"year": "2020"},
        {"item": "自動車"},
        {"item": "ノートパソコン 自動車"},
        {"body": "奈良市"},  # a member that took no part
        {"body": "大阪市"},
        {"supplier": "サンプル商会"},  # it bid, and won nothing
        {"year": "2021", "supplier": "見本システム", "body": "奈良市"},
    ],
)
def test_what_is_not_there_is_not_found(sqlite_url: str, fields: dict[str, str]) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        page = search(town.browser(STRANGER), **fields)
    assert FOUND not in page
    assert "条件に合う結果はありません" in page


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({"year": "まだ"}, "年度を読み取れません"),
        ({"item": "x" * 101}, "100字以内"),
        ({"body": "葛城\u202e"}, "使えない文字（U+202E）"),
    ],
)
def test_what_cannot_be_read_is_said_and_shown_again(sqlite_url: str, fields: dict[str, str], note: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        page = search(town.browser(STRANGER), **fields)
    assert note in page
    assert FOUND not in page


def test_the_form_keeps_what_was_asked_for(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        page = search(town.browser(STRANGER), year="2020", item="机", body="<b>", supplier='"x"')
    assert '<option value="2020" selected>令和2年度</option>' in page
    assert 'value="机"' in page
    assert 'value="&lt;b&gt;"' in page
    assert 'value="&#34;x&#34;"' in page


@pytest.mark.parametrize("person", [STRANGER, NARA, SECRETARIAT, AUDITOR])
def test_the_search_is_for_everybody(sqlite_url: str, person: object) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        assert FOUND in search(town.browser(person), item="ノート")  # type: ignore[arg-type]


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.PUBLISHED])
def test_what_is_not_published_is_not_searched(sqlite_url: str, stage: Stage) -> None:
    with service_at(sqlite_url, stage) as town:
        page = search(town.browser(STRANGER), item="ノートパソコン", body="葛城市", supplier="見本")
    assert FOUND not in page
    assert "公表された結果はまだありません" in page


def test_a_cancelled_lot_tells_nobody_who_asked_for_it(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        browser = town.browser(STRANGER)
        assert FOUND in search(browser, body="河合町")
        assert FOUND in search(browser, supplier="みほん事務機")
        cancel_printers(town)
        assert FOUND in search(browser, body="葛城市")
        assert FOUND not in search(browser, body="河合町")
        assert FOUND not in search(browser, supplier="みほん事務機")


def test_the_newest_stands_first_and_a_year_narrows(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with council_over_years(sqlite_url, monkeypatch, round_of(2020), round_of(2021)) as town:
        browser = town.browser(STRANGER)
        both, one = search(browser), search(browser, year="2020")
    assert both.index("/published/R3-1") < both.index("/published/R2-1")
    assert "/published/R3-1" not in one
    assert "/published/R2-1" in one
    assert "1件見つかりました" in one


def test_looking_for_something_changes_nothing(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        before = content_of(town)
        search(town.browser(STRANGER), item="ノート", body="葛城", supplier="見本", year="2021", page="2")
        assert content_of(town) == before


def test_an_unknown_field_and_a_strange_page_are_ignored(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        browser = town.browser(STRANGER)
        for page in ("0", "-1", "二", "9" * 30, "2", "１"):
            assert FOUND in search(browser, page=page, other="x")


# ---- pages -------------------------------------------------------------------------------------------


def page_of(number: str, count: int = 45) -> tuple[tuple[int, ...], str | None, str | None]:
    query = Fields([("page", number), ("item", "机 1&2"), ("year", "")])
    made = paged(range(count), query, "/published", ("year", "item"))
    return made.items, made.before, made.after


def test_a_long_list_comes_in_pages() -> None:
    assert page_of("")[0] == tuple(range(20))
    assert page_of("2")[0] == tuple(range(20, 40))
    assert page_of("3")[0] == tuple(range(40, 45))
    assert page_of("99")[0] == page_of("3")[0]


def test_the_pages_lead_to_each_other_and_keep_what_was_asked_for() -> None:
    asked = "item=%E6%9C%BA+1%262"
    assert page_of("1")[1:] == (None, f"/published?{asked}&page=2")
    assert page_of("2")[1:] == (f"/published?{asked}", f"/published?{asked}&page=3")
    assert page_of("3")[1:] == (f"/published?{asked}&page=2", None)


def test_an_empty_list_has_one_page() -> None:
    made = paged((), Fields(), "/published")
    assert (made.items, made.page, made.pages, made.before, made.after) == ((), 1, 1, None, None)


def test_the_list_shows_its_pages(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("procure.web.paging.paged.__defaults__", ((), 2))
    rounds = [round_of(year) for year in (2019, 2020, 2021)]
    with council_over_years(sqlite_url, monkeypatch, *rounds) as town:
        browser = town.browser(STRANGER)
        first, second = search(browser, item="ノート"), search(browser, item="ノート", page="2")
    assert "/published/R1-1" not in first
    assert 'rel="next"' in first
    assert "/published/R1-1" in second
    assert "1 ／ 2" not in second
