"""The pages on which a municipality registers its demand."""

import re
from datetime import timedelta

import pytest
from httpx import Response

from procure.demand.answer import NO, YES, lot_field, spares_field
from procure.demand.queries import draft_of, lines_of, submission_of, typed_in
from procure.rounds.queries import find_round, items_of
from procure.rounds.stages import Stage
from tests.people import AUDITOR, KATSURAGI, NARA, NOW, SECRETARIAT, STRANGER, Browser, Service, text_of
from tests.stages import SURVEY_DAYS
from tests.web.stage import REF, content_of, fields_of, items_by_ref, lots_by_ref, service_at

PAGES = ("/demand", f"/demand/{REF}", f"/demand/{REF}/confirm", f"/demand/{REF}/receipt")
OFFICIAL = "葛\U000e0100城市"


def test_open_surveys_are_listed_with_deadline_and_state(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        page = text_of(town.browser(NARA).get("/demand"))
    assert "未回答" in page
    assert "令和8年12月8日（火） 9時00分" in page
    assert f"あと {SURVEY_DAYS} 日" in page


def test_the_grid_asks_for_every_item_with_its_list_price(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        page = town.browser(NARA).get(f"/demand/{REF}")
        assert all(f'name="{field}"' in page.text for field in fields_of(town).values())
    assert page.status_code == 200
    assert "ノートパソコン（標準型）" in page.text
    assert "198,000" in page.text
    assert f'href="/demand/{REF}/sheet.xlsx"' in page.text


def test_a_draft_is_kept_as_typed_and_shown_again(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        browser = town.browser(NARA)
        answer = browser.post(f"/demand/{REF}", typed(town, monitor="１２台くらい"))
        assert (answer.status_code, answer.headers["location"]) == (303, f"/demand/{REF}?done=draft_saved")
        page = browser.get(answer.headers["location"])
    assert 'value="１２台くらい"' in page.text
    assert "下書きを保存しました。" in page.text
    assert "下書き保存済み　9時00分" in page.text


def test_faults_are_shown_all_at_once_and_what_was_typed_is_saved_all_the_same(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        browser = town.browser(NARA)
        page = browser.post(f"/demand/{REF}", typed(town, "confirm", monitor="三台", desktop="-3", office="7"))
        kept = draft(town)
        again = browser.post(f"/demand/{REF}", typed(town, "confirm", monitor="3", version=version_on(page.text)))
    assert page.status_code == 422
    assert "入力内容に2件の誤りがあります" in page.text
    assert page.text.count('aria-invalid="true"') == 2
    assert all(f'value="{text}"' in page.text for text in ("三台", "-3", "7"))
    assert "三台" in kept.values()
    assert again.headers["location"] == f"/demand/{REF}/confirm"


def test_the_whole_way_from_the_grid_to_the_receipt(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        browser = town.browser(NARA)
        on = browser.post(f"/demand/{REF}", typed(town, "confirm", **{"note-standard": "１，２００", "monitor": "5台"}))
        confirm = browser.get(on.headers["location"])
        done = submit(browser)
        receipt = browser.get(done.headers["location"])
        assert quantities(town, NARA.body_code) == {"note-standard": 1200, "monitor": 5}
    assert "この内容で登録する" in confirm.text
    assert "1,200" in confirm.text
    assert done.headers["location"] == f"/demand/{REF}/receipt?done=demand_submitted"
    words = text_of(receipt)
    for expected in (
        f"{REF}-292010-01",
        "令和8年11月24日（火） 9時00分",
        "奈良市",
        "奈良 太郎（市町村）",
        "1,200",
        "需要を登録しました。",
    ):
        assert expected in words
    assert "控えを印刷する" in receipt.text


def test_an_empty_answer_says_on_the_confirmation_page_that_the_body_takes_no_part(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        browser = town.browser(NARA)
        browser.post(f"/demand/{REF}", typed(town, "confirm"))
        confirm = browser.get(f"/demand/{REF}/confirm")
        submit(browser)
        receipt = browser.get(f"/demand/{REF}/receipt")
        assert quantities(town, NARA.body_code) == {}
    assert "奈良市は、この共同調達に参加しないものとして登録されます" in confirm.text
    assert "参加しないという回答です" in receipt.text


def test_a_submission_can_be_changed_and_the_old_one_counts_until_then(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        browser = town.browser(NARA)
        browser.post(f"/demand/{REF}", typed(town, "confirm", monitor="5"))
        submit(browser)
        page = browser.get(f"/demand/{REF}")
        browser.post(f"/demand/{REF}", typed(town, "confirm", monitor="9", version=version_on(page.text)))
        assert quantities(town, NARA.body_code) == {"monitor": 5}
        confirm = browser.get(f"/demand/{REF}/confirm")
        submit(browser)
        assert quantities(town, NARA.body_code) == {"monitor": 9}
        assert f"{REF}-292010-02" in browser.get(f"/demand/{REF}/receipt").text
    assert f"受付番号 {REF}-292010-01 の回答に代えて" in confirm.text


def test_what_a_colleague_changed_after_the_confirmation_page_is_not_submitted_unseen(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        first, second = town.browser(NARA), town.browser(NARA)
        first.post(f"/demand/{REF}", typed(town, "confirm", monitor="5"))
        seen = version_on(first.get(f"/demand/{REF}/confirm").text)
        second.post(f"/demand/{REF}", typed(town, monitor="500", version=seen))
        refused = first.post(f"/demand/{REF}/confirm", {"version": seen})
        assert quantities(town, NARA.body_code) == {}
    assert refused.status_code == 409
    assert "500" in refused.text
    assert "確認画面を開いた後に" in refused.text


def test_sending_the_confirmation_twice_is_refused_and_submits_once(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        browser = town.browser(NARA)
        browser.post(f"/demand/{REF}", typed(town, "confirm", monitor="5"))
        seen = version_on(browser.get(f"/demand/{REF}/confirm").text)
        assert browser.post(f"/demand/{REF}/confirm", {"version": seen}).status_code == 303
        assert browser.post(f"/demand/{REF}/confirm", {"version": seen}).status_code == 409
        assert f"{REF}-292010-01" in browser.get(f"/demand/{REF}/receipt").text


@pytest.mark.parametrize("late", [timedelta(), timedelta(seconds=1), timedelta(days=40)])
def test_after_the_deadline_nothing_changes_and_what_was_typed_stays_on_the_page(
    sqlite_url: str, late: timedelta
) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        browser = town.browser(NARA)
        browser.post(f"/demand/{REF}", typed(town, "confirm", monitor="5"))
        submit(browser)
        town.now = NOW + timedelta(days=SURVEY_DAYS) + late
        browser = town.browser(NARA)
        before = content_of(town)
        refused = browser.post(f"/demand/{REF}", typed(town, "confirm", monitor="77"))
        confirm = browser.post(f"/demand/{REF}/confirm", {"version": "1000000"})
        assert content_of(town) == before
        shown = browser.get(f"/demand/{REF}")
    assert (refused.status_code, confirm.status_code, shown.status_code) == (409, 409, 200)
    assert "77" in text_of(refused)
    assert "事務局へご連絡ください" in refused.text
    assert "<input" not in shown.text.split("<main")[1].split("</main>")[0]
    assert f"{REF}-292010-01" in shown.text


def test_a_draft_that_was_never_submitted_is_named_after_the_deadline(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        town.browser(NARA).post(f"/demand/{REF}", typed(town, monitor="5"))
        town.now = NOW + timedelta(days=SURVEY_DAYS)
        page = text_of(town.browser(NARA).get(f"/demand/{REF}"))
    assert "登録していない下書きが残っています" in page
    assert "期限までに回答がありませんでした。" in page


def test_in_every_later_stage_the_answer_can_be_read_and_not_changed(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.BIDDING) as town:
        browser = town.browser(KATSURAGI)
        before = content_of(town)
        shown = browser.get(f"/demand/{REF}")
        assert browser.post(f"/demand/{REF}", typed(town, monitor="1")).status_code == 409
        assert content_of(town) == before
    assert "登録した内容" in shown.text


def test_a_round_in_preparation_or_unknown_does_not_exist(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(NARA)
        assert REF not in browser.get("/demand").text
        for page in (f"/demand/{REF}", f"/demand/{REF}/confirm", f"/demand/{REF}/receipt", "/demand/nope"):
            assert browser.get(page).status_code == 404
        for page in (f"/demand/{REF}", f"/demand/{REF}/confirm", "/demand/nope"):
            assert browser.post(page, {"version": "0"}).status_code == 404


def test_nobody_reaches_the_demand_of_another_body(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        nara, katsuragi = town.browser(NARA), town.browser(KATSURAGI)
        nara.post(f"/demand/{REF}", typed(town, "confirm", monitor="4711"))
        for page in PAGES[:3]:
            assert "4,711" not in katsuragi.get(page).text
            assert "4711" not in katsuragi.get(page).text
        katsuragi.post(f"/demand/{REF}", {**typed(town, monitor="3"), "body": "292010", "body_code": "292010"})
        submit(nara)
        assert katsuragi.get(f"/demand/{REF}/receipt").status_code == 404
        assert quantities(town, NARA.body_code) == {"monitor": 4711}
        assert quantities(town, KATSURAGI.body_code) == {}


def test_fields_that_are_not_of_this_round_are_ignored(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        town.browser(NARA).post(f"/demand/{REF}", {**typed(town, monitor="3"), "qty-99999": "5", "qty-x": "5"})
        assert {"qty-99999", "qty-x"}.isdisjoint(draft(town))
        assert set(fields_of(town).values()) <= set(draft(town))


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_sent_to_the_sign_in(sqlite_url: str, page: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        answer = town.browser(STRANGER).get(page)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("page", PAGES)
def test_only_municipalities_register_demand(sqlite_url: str, page: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        for person in (SECRETARIAT, AUDITOR):
            assert town.browser(person).get(page).status_code == 403


def test_a_form_without_the_token_is_refused_and_changes_nothing(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        browser = town.browser(NARA)
        before = content_of(town)
        for page in (f"/demand/{REF}", f"/demand/{REF}/confirm"):
            assert browser.post(page, {**typed(town, monitor="3"), "csrf_token": ""}).status_code == 403
        assert content_of(town) == before


def test_looking_changes_nothing(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        browser = town.browser(NARA)
        browser.post(f"/demand/{REF}", typed(town, monitor="3"))
        before = content_of(town)
        for page in (*PAGES, f"/demand/{REF}?from=last"):
            browser.get(page)
        assert content_of(town) == before


def test_a_version_that_is_none_is_a_conflict_and_no_failure(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        browser = town.browser(NARA)
        for version in ("", "-1", "x", "１", "9" * 40):
            assert browser.post(f"/demand/{REF}", typed(town, monitor="3", version=version)).status_code == 409


def test_the_official_name_of_a_city_survives_from_draft_to_receipt(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        browser = town.browser(KATSURAGI)
        browser.post(f"/demand/{REF}", typed(town, "confirm", monitor="3"))
        assert OFFICIAL in browser.get(f"/demand/{REF}/confirm").text
        submit(browser)
        assert OFFICIAL in browser.get(f"/demand/{REF}/receipt").text
        again = browser.get(f"/demand/{REF}")
        kept = browser.post(f"/demand/{REF}", typed(town, monitor=OFFICIAL, version=version_on(again.text)))
        assert f'value="{OFFICIAL}"' in browser.get(kept.headers["location"]).text


# ---- what the tests type -----------------------------------------------------------------------------


def typed(town: Service, action: str = "draft", version: str = "0", **asked: str) -> dict[str, str]:
    """The form as a browser sends it: quantities by item, spares as `spare_<item>`, the rest as `<what>_<lot>`.

    Lots for which a quantity is typed are joined, the others are not.
    """
    items, lots = items_by_ref(town), lots_by_ref(town)
    fields = {field: asked.get(ref, "") for ref, field in fields_of(town).items()}
    fields |= {spares_field(item): asked.get(f"spare_{ref}", "") for ref, (item, _) in items.items()}
    joined = {lot for ref, (_, lot) in items.items() if asked.get(ref)}
    fields |= {lot_field("join", lot): YES if lot in joined else NO for lot in lots.values()}
    for ref, lot in lots.items():
        for what in ("join", "month", "places", "remarks", "budget"):
            if f"{what}_{ref}" in asked:
                fields[lot_field(what, lot)] = asked[f"{what}_{ref}"]
    return {"action": action, "version": version, **fields}


def version_on(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def submit(browser: Browser) -> Response:
    page = browser.get(f"/demand/{REF}/confirm")
    return browser.post(f"/demand/{REF}/confirm", {"version": version_on(page.text), "checked": "1"})


def draft(town: Service, code: str = "292010") -> dict[str, str]:
    with town.database.read() as session:
        kept = draft_of(session, find_round(session, REF).id, code)
        assert kept is not None
        return typed_in(kept)


def quantities(town: Service, code: str | None) -> dict[str, int]:
    """What the body has submitted, spares included, by the code of the item."""
    with town.database.read() as session:
        row = find_round(session, REF)
        lines = lines_of(session, row.id, code or "")
        assert not lines or submission_of(session, row.id, code or "") is not None
        return {item.ref: lines[item.id].quantity for item in items_of(session, row.id) if item.id in lines}
