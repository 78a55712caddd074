"""The form of the bidders: one row each, in the order of registration."""

import re

from procure.settlement.round import Round
from tests import stages
from tests.people import SECRETARIAT, Service
from tests.web.rounds_at import REF, council, round_in, row_in

PATH = f"/rounds/{REF}/bidders"
Rows = list[tuple[str, str, list[str]]]


def form(town: Service, rows: Rows, **more: str) -> dict[str, object]:
    """Rows of (id, name, lots), as the page sends them."""
    fields: dict[str, object] = {"version": str(row_in(town).version)}
    for index, (ref, name, lots) in enumerate(rows):
        fields |= {f"bidder-{index}-ref": ref, f"bidder-{index}-name": name, f"bidder-{index}-lots": lots}
    return fields | more


def bidders(round_: Round) -> dict[str, list[tuple[str, str]]]:
    return {lot.id: [(bidder.id, bidder.name) for bidder in lot.bidders] for lot in round_.lots}


def test_new_bidders_get_ids_and_stand_in_the_order_of_the_rows(sqlite_url: str) -> None:
    rows: Rows = [("", "甲社", ["pc", "printer"]), ("", "　", []), ("", " 乙社 ", ["printer"])]
    with council(sqlite_url, stages.specified) as town:
        answer = town.browser(SECRETARIAT).post(PATH, form(town, rows))
        assert (answer.status_code, answer.headers["location"]) == (303, f"/rounds/{REF}?done=saved")
        assert bidders(round_in(town)) == {"pc": [("b1", "甲社")], "printer": [("b1", "甲社"), ("b2", "乙社")]}


def test_a_bidder_keeps_its_id_and_an_emptied_name_removes_it(sqlite_url: str) -> None:
    with council(sqlite_url, stages.bidding) as town:
        rows: Rows = [
            ("mihon-b", "", ["pc"]),
            ("mihon-a", "株式会社見本電機（新）", ["pc"]),
            ("unknown", "丙社", ["pc"]),
            ("mihon-a", "丁社", ["pc"]),
        ]
        assert town.browser(SECRETARIAT).post(PATH, form(town, rows)).status_code == 303
        expected = [("mihon-a", "株式会社見本電機（新）"), ("b1", "丙社"), ("b2", "丁社")]
        assert bidders(round_in(town)) == {"pc": expected, "printer": []}


def test_the_page_shows_who_is_registered_with_blank_rows_after_them(sqlite_url: str) -> None:
    with council(sqlite_url, stages.bidding) as town:
        page = town.browser(SECRETARIAT).get(PATH).text
    assert re.findall(r'name="bidder-\d+-name" value="([^"]*)"', page)[:4] == [
        "株式会社見本電機",
        "見本システム株式会社",
        "みほん事務機株式会社",
        "株式会社サンプル商会",
    ]
    assert page.count('value="" autocomplete="off" aria-label="商号又は名称') == 3


def test_more_rows_are_shown_with_what_was_typed_and_nothing_is_saved(sqlite_url: str) -> None:
    with council(sqlite_url, stages.specified) as town:
        page = town.browser(SECRETARIAT).post(PATH, form(town, [("", "甲社", [])], action="more"))
        assert page.status_code == 200
        assert bidders(round_in(town)) == {"pc": [], "printer": []}
    assert 'value="甲社"' in page.text
    assert page.text.count("-name-error") == 0
    assert page.text.count('-ref" value=""') == 7


def test_every_fault_is_shown_at_once_beside_what_was_typed(sqlite_url: str) -> None:
    rows: Rows = [("", "甲社", ["pc"]), ("", "甲社", []), ("", "乙\u202e社", ["pc"])]
    with council(sqlite_url, stages.specified) as town:
        page = town.browser(SECRETARIAT).post(PATH, form(town, rows))
        assert bidders(round_in(town)) == {"pc": [], "printer": []}
    assert page.status_code == 422
    assert "入力内容に4件の誤りがあります" in page.text
    assert page.text.count('value="甲社"') == 2
    assert 'id="bidder-2-name-error"' in page.text


def test_a_form_that_is_older_than_the_round_is_not_saved(sqlite_url: str) -> None:
    with council(sqlite_url, stages.specified) as town:
        page = town.browser(SECRETARIAT).post(PATH, form(town, [("", "甲社", ["pc"])], version="0"))
        assert bidders(round_in(town)) == {"pc": [], "printer": []}
    assert page.status_code == 409
    assert 'value="甲社"' in page.text
