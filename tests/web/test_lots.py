"""The form of a lot: its rules and its table of items."""

import re
from typing import Any

import pytest
from httpx import Response

from procure.rounds.item_list import MOST_ITEMS
from procure.rounds.queries import find_lot, find_round, items_of
from procure.rounds.stages import Stage
from tests.people import AUDITOR, NARA, SECRETARIAT, STRANGER, Service, text_of
from tests.web.stage import REF, content_of, service_at

NEW, PC = f"/rounds/{REF}/lots/new", f"/rounds/{REF}/lots/pc"
RULES = {
    "tender_method": "open",
    "tax_rate": "10",
    "minimum": "",
    "ceiling_disclosure": "after",
    "max_attempts": "3",
    "rebid_must_be_lower": "1",
    "price_decimals": "0",
    "draw": "paper",
    "review": "before",
    "void_grounds": "",
}
CEILING = "122,730,000"


def version(town: Service) -> str:
    with town.database.read() as session:
        return str(find_round(session, REF).version)


def filled(town: Service, *items: dict[str, str], **changes: str) -> dict[str, Any]:
    form = {"version": version(town), "ref": "scanner", "title": "スキャナ", "contract_kind": "purchase"}
    return {**form, **RULES, **rows(*items), **changes}


def rows(*items: dict[str, str]) -> dict[str, str]:
    empty = dict.fromkeys(("ref", "name", "specification", "unit", "list_price", "list_price_source"), "")
    return {
        f"item-{index}-{part}": text for index, item in enumerate(items) for part, text in {**empty, **item}.items()
    }


def on_page(page: Response) -> dict[str, str]:
    """The fields of the form as the page shows them, to be changed and sent."""
    inputs = re.findall(r'<input class="input[^"]*" type="text" id="([^"]+)"[^>]* value="([^"]*)"', page.text)
    areas = re.findall(r'<textarea[^>]* id="([^"]+)"[^>]*>\n([^<]*)</textarea>', page.text)
    selects = re.findall(r'<select[^>]* id="([^"]+)".*?<option value="([^"]*)" selected', page.text)
    hidden = re.findall(r'<input type="hidden" name="(version)" value="([^"]*)"', page.text)
    return dict([*inputs, *areas, *selects, *hidden, ("rebid_must_be_lower", "1")])


def item_lines(town: Service, lot: str) -> list[tuple[Any, ...]]:
    with town.database.read() as session:
        row = find_round(session, REF)
        of_lot = [item for item in items_of(session, row.id) if item.lot_id == find_lot(session, row.id, lot).id]
        return [(i.ref, i.name, i.specification, i.unit, i.list_price, i.list_price_source) for i in of_lot]


def test_a_lot_is_registered_with_its_rules_and_items(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        items = (
            {
                "ref": "a4",
                "name": "A4スキャナ",
                "specification": "両面\r\n60枚/分",
                "unit": "台",
                "list_price": "￥８９，８００",
            },
            {},
            {"name": "保守", "unit": "年", "list_price": "オープン価格", "list_price_source": "カタログ"},
        )
        rules = {"tender_method": "designated", "review": "after", "void_grounds": " 金額のない入札 \r\n\r\n遅れた入札"}
        form = filled(town, *items, tax_rate="１０％", max_attempts="2", draw="random_added", **rules)
        answer = town.browser(SECRETARIAT).post(NEW, form)
        with town.database.read() as session:
            lot = find_lot(session, find_round(session, REF).id, "scanner")
            assert (lot.tax_rate, lot.ceiling, lot.max_attempts, lot.draw) == ("0.10", None, 2, "random_added")
            assert (lot.tender_method, lot.review) == ("designated", "after")
            assert lot.void_grounds == "金額のない入札\n遅れた入札"
        assert item_lines(town, "scanner") == [
            ("a4", "A4スキャナ", "両面 60枚/分", "台", 89_800, None),
            ("scanner-01", "保守", "", "年", None, "カタログ"),
        ]
    assert answer.headers["location"] == f"/rounds/{REF}?done=added#lots"


def test_a_new_form_has_five_rows_and_more_are_added_without_losing_anything(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        page = browser.get(NEW)
        before = content_of(town)
        more = browser.post(NEW, {**on_page(page), "item-1-name": "途中の品", "title": "途中", "more_rows": "1"})
        assert content_of(town) == before
    assert page.text.count('aria-label="5行目の品名"') == 1
    assert 'aria-label="6行目の品名"' not in page.text
    assert more.status_code == 200
    assert 'aria-label="10行目の品名"' in more.text
    assert 'value="途中の品"' in more.text
    assert 'value="途中"' in more.text


def test_the_table_does_not_grow_without_end(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        many = filled(town, *({"name": "品"} for _ in range(MOST_ITEMS)), more_rows="1")
        page = town.browser(SECRETARIAT).post(NEW, many)
    assert page.text.count("行目の品名") == MOST_ITEMS


def test_an_item_whose_name_is_emptied_goes_and_the_rest_keeps_its_codes(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        before = item_lines(town, "pc")
        answer = browser.post(PC, {**on_page(browser.get(PC)), "item-1-name": ""})
        assert item_lines(town, "pc") == [before[0], *before[2:]]
    assert answer.headers["location"] == f"{PC}?done=saved"


def test_saving_what_the_page_shows_changes_nothing(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        assert browser.post(PC, on_page(browser.get(PC))).status_code == 303
        after = content_of(town)
        assert (after["lot"], after["item"], after["event"]) == (before["lot"], before["item"], before["event"])


def test_every_fault_is_shown_at_its_row_and_what_was_typed_stays(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        items = ({}, {"ref": "x y", "name": "品", "unit": "", "list_price": "未定"}, {"ref": "a", "unit": "台"})
        form = filled(town, *items, title="", tax_rate="百", minimum="5000", void_grounds="事" * 301)
        browser, before = town.browser(SECRETARIAT), content_of(town)
        page = browser.post(NEW, form)
        assert content_of(town)["lot"] == before["lot"]
    assert page.status_code == 422
    for field in ("title", "tax_rate", "minimum", "void_grounds", "item-1-ref", "item-1-unit", "item-1-list_price"):
        assert f'href="#{field}"' in page.text
    assert 'href="#item-2-name"' in page.text
    assert "地方自治法施行令第167条の10第2項" in page.text
    assert 'value="未定"' in page.text
    assert page.text.index('href="#minimum"') < page.text.index('href="#item-1-ref"')
    assert "品目の2行目：単位を入力してください。" in page.text


@pytest.mark.parametrize("ref", ["pc", "new"])
def test_the_sign_of_a_lot_is_its_own(sqlite_url: str, ref: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        page = town.browser(SECRETARIAT).post(NEW, filled(town, {"name": "品", "unit": "台"}, ref=ref))
    assert page.status_code == 422
    assert f"記号「{ref}」は使えません" in page.text


def test_a_choice_that_is_none_is_a_fault(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        form = filled(town, contract_kind="gift", draw="dice", max_attempts="9", price_decimals="x")
        page = town.browser(SECRETARIAT).post(NEW, form)
    assert page.status_code == 422
    assert "入力内容に4件の誤りがあります" in page.text


@pytest.mark.parametrize("stage", [Stage.SURVEYING, Stage.SPECIFIED])
def test_while_bodies_answer_only_rules_and_list_prices_are_read(sqlite_url: str, stage: Stage) -> None:
    with service_at(sqlite_url, stage) as town:
        browser = town.browser(SECRETARIAT)
        page = browser.get(PC)
        before = item_lines(town, "pc")
        changed = {"item-0-list_price": "200,000", "max_attempts": "1", "item-0-name": "別の品", "title": "別のロット"}
        answer = browser.post(PC, {**on_page(page), **changed, "price_reason": "カタログの改定"})
        assert answer.status_code == 303
        assert item_lines(town, "pc") == [(*before[0][:4], 200_000, None), *before[1:]]
        with town.database.read() as session:
            lot = find_lot(session, find_round(session, REF).id, "pc")
            assert (lot.title, lot.max_attempts) == ("パソコンの共同調達", 1)
    assert 'name="item-0-name"' not in page.text
    assert 'name="title"' not in page.text
    assert "note-standard" in page.text


def test_a_wrong_list_price_is_shown_again_while_bodies_answer(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        browser = town.browser(SECRETARIAT)
        page = browser.post(PC, {**on_page(browser.get(PC)), "item-2-list_price": "千円"})
    assert page.status_code == 422
    assert 'value="千円"' in page.text
    assert 'href="#item-2-list_price"' in page.text


def test_after_the_notice_a_lot_is_read_and_not_changed(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.BIDDING) as town:
        browser = town.browser(SECRETARIAT)
        page = browser.get(PC)
        before = content_of(town)
        answer = browser.post(PC, {**filled(town, {"name": "品", "unit": "台"})})
        assert content_of(town) == before
    assert answer.status_code == 409
    assert "予定価格（税込） 封印中" in text_of(page)
    assert f'href="{PC}/ceiling"' in page.text
    assert CEILING not in page.text
    assert "<textarea" not in page.text


def test_a_page_that_is_out_of_date_is_not_saved_and_loses_nothing(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        stale = {**on_page(browser.get(PC)), "title": "遅れた名前"}
        browser.post(PC, {**on_page(browser.get(PC)), "title": "先の名前"})
        before = content_of(town)
        page = browser.post(PC, stale)
        assert content_of(town) == before
    assert page.status_code == 409
    assert 'value="遅れた名前"' in page.text


def test_a_lot_is_removed_on_a_page_of_its_own_and_only_in_preparation(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        assert "「パソコンの共同調達」を削除しますか" in browser.get(f"{PC}/remove").text
        answer = browser.post(f"{PC}/remove")
        assert answer.headers["location"] == f"/rounds/{REF}?done=removed#lots"
        assert browser.get(PC).status_code == 404
        assert browser.post(f"{PC}/remove").status_code == 404


@pytest.mark.parametrize("stage", [Stage.SURVEYING, Stage.BIDDING])
def test_later_no_lot_is_added_or_removed(sqlite_url: str, stage: Stage) -> None:
    with service_at(sqlite_url, stage) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        assert browser.get(NEW).status_code == browser.get(f"{PC}/remove").status_code == 409
        assert browser.post(NEW, filled(town)).status_code == browser.post(f"{PC}/remove").status_code == 409
        assert content_of(town) == before


def test_an_auditor_reads_a_lot_and_changes_nothing(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(AUDITOR)
        page = browser.get(PC)
        before = content_of(town)
        for path in (NEW, PC, f"{PC}/remove"):
            assert browser.post(path, filled(town)).status_code == 403
        assert content_of(town) == before
    assert page.status_code == 200
    assert f"{PC}/ceiling" not in page.text
    assert "<textarea" not in page.text


def test_a_municipality_never_meets_the_ceiling(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        browser = town.browser(NARA)
        assert all(browser.get(path).status_code == 403 for path in (PC, NEW, f"/rounds/{REF}"))
        shown = [browser.get(path).text for path in ("/", "/demand", f"/demand/{REF}", f"/demand/{REF}/confirm")]
    assert not [page for page in shown if CEILING in page or "122730000" in page or "入札書比較価格" in page]


@pytest.mark.parametrize("path", [NEW, PC, f"{PC}/remove"])
def test_a_stranger_is_sent_to_the_sign_in(sqlite_url: str, path: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        assert town.browser(STRANGER).get(path).headers["location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("path", [NEW, PC, f"{PC}/remove"])
def test_a_form_without_the_token_is_refused(sqlite_url: str, path: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        before = content_of(town)["lot"]
        form = {**filled(town, {"name": "品", "unit": "台"}), "csrf_token": ""}
        assert town.browser(SECRETARIAT).post(path, form).status_code == 403
        assert content_of(town)["lot"] == before


def test_looking_changes_nothing(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        for path in (NEW, PC, f"{PC}/remove"):
            assert browser.get(path).status_code == 200
        assert content_of(town) == before
