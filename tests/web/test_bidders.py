"""The form of the bidders: one row each, in the order of registration."""

import re
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from procure.bids.admission import Admission
from procure.bids.queries import applicants_by_lot
from procure.parties.suppliers import Supplier, known_supplier, suppliers, suspend
from procure.rounds.queries import find_round, lots_of
from procure.rounds.tables import RoundRow
from procure.settlement.round import Round, TenderMethod
from procure.web.bidder_form import MOST_ROWS
from tests import stages
from tests.people import AUDITOR, NARA, SECRETARIAT, STRANGER, Service
from tests.stages import ACTOR
from tests.web.rounds_at import REF, council, round_in, row_in
from tests.web.stage import content_of

NUMBER, OTHER = "7000012050002", "1000020290009"

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
    assert len(re.findall(r'name="bidder-\d+-name" value=""', page)) == 3


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


# ---- the register of suppliers, and how a bidder came to take part ---------------------------------------


def one(town: Service, **changes: str) -> dict[str, object]:
    """The form with one bidder of the first lot, "甲社" unless something else is said of it."""
    row = {"name": "甲社", "lots": "pc", **changes}
    return {"version": str(row_in(town).version), **{f"bidder-0-{part}": typed for part, typed in row.items()}}


def known(session: Session, now: datetime) -> RoundRow:
    """甲社 is registered with everything, 乙社 twice, and 丙社 is suspended on the day of the bids."""
    row = stages.specified(session, now)
    known_supplier(session, Supplier("甲社", NUMBER, "奈良市", "代表　太郎"), ACTOR, now)
    known_supplier(session, Supplier("乙社", OTHER), ACTOR, now)
    known_supplier(session, Supplier("乙社", "4000020292010"), ACTOR, now)
    third = known_supplier(session, Supplier("丙社"), ACTOR, now)
    suspend(session, third, row.bid_date - timedelta(days=3), row.bid_date, "契約違反", ACTOR, now)
    return row


def registered(town: Service) -> list[tuple[str, str | None, str, str]]:
    with town.database.read() as session:
        return [(row.name, row.corporate_number, row.address, row.representative) for row in suppliers(session)]


def admitted(town: Service) -> list[tuple[Admission, str | None]]:
    with town.database.read() as session:
        row = find_round(session, REF)
        (bidder,) = applicants_by_lot(session, row.id)[lots_of(session, row.id)[0].id]
        return [(bidder.admission, bidder.admission_reason)]


def test_a_new_bidder_is_registered_as_a_supplier_with_what_was_typed(sqlite_url: str) -> None:
    typed = {"number": "７-0000-1205-0002", "address": "奈良市登大路町", "representative": "代表　太郎"}
    with council(sqlite_url, stages.specified) as town:
        assert town.browser(SECRETARIAT).post(PATH, one(town, **typed)).status_code == 303
        assert registered(town) == [("甲社", NUMBER, "奈良市登大路町", "代表　太郎")]
        page = town.browser(SECRETARIAT).get(PATH).text
    assert f'name="bidder-0-number" value="{NUMBER}"' in page
    assert 'name="bidder-0-address" value="奈良市登大路町"' in page


@pytest.mark.parametrize("typed", [{"name": "甲社"}, {"name": "", "number": NUMBER}], ids=["name", "number"])
def test_of_a_known_supplier_the_name_or_the_number_is_enough(sqlite_url: str, typed: dict[str, str]) -> None:
    with council(sqlite_url, known) as town:
        browser, before = town.browser(SECRETARIAT), registered(town)
        shown = browser.post(PATH, one(town, **typed, action="more") | {"action": "more"}).text
        assert browser.post(PATH, one(town, **typed)).status_code == 303
        assert registered(town) == before
        assert bidders(round_in(town))["pc"] == [("b1", "甲社")]
    for part, text in (("name", "甲社"), ("number", NUMBER), ("address", "奈良市"), ("representative", "代表　太郎")):
        assert f'name="bidder-0-{part}" value="{text}"' in shown


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"number": "7000012050003"}, ["number"]),
        (
            {"name": "丁社", "number": "12", "address": "長" * 201, "representative": "長" * 101},
            ["number", "address", "representative"],
        ),
        ({"name": "", "address": "奈良市"}, ["name"]),
        ({"name": "別の社", "number": NUMBER}, ["name"]),
        ({"address": "生駒市", "representative": "別の人"}, ["address", "representative"]),
        ({"name": "乙社"}, ["number"]),
        ({"name": "丙社"}, ["name"]),
        ({"admission": "unqualified"}, ["reason"]),
        ({"admission": "invited"}, ["admission"]),
        ({"lots": ""}, ["name"]),
    ],
    ids=[
        "check digit",
        "all at once",
        "no name",
        "another's number",
        "another address",
        "two of that name",
        "suspended",
        "no reason",
        "no such way",
        "no lot",
    ],
)
def test_what_does_not_hold_together_stands_beside_its_field(
    sqlite_url: str, typed: dict[str, str], fields: list[str]
) -> None:
    with council(sqlite_url, known) as town:
        before = content_of(town)
        page = town.browser(SECRETARIAT).post(PATH, one(town, **typed))
        after = content_of(town)
        assert [after[table] for table in ("bidder", "supplier")] == [before[table] for table in ("bidder", "supplier")]
    assert page.status_code == 422
    found = re.findall(r'href="#bidder-0-([a-z]+)"', page.text)
    assert found == fields
    assert all(f'id="bidder-0-{field}-error"' in page.text for field in fields)


def test_who_is_suspended_is_named_with_the_days_and_may_stand_as_unqualified(sqlite_url: str) -> None:
    with council(sqlite_url, known) as town:
        browser = town.browser(SECRETARIAT)
        page = browser.post(PATH, one(town, name="丙社")).text
        refused = {"name": "丙社", "admission": "unqualified", "reason": "指名停止中"}
        assert browser.post(PATH, one(town, **refused)).status_code == 303
        assert bidders(round_in(town))["pc"] == []
        assert admitted(town) == [(Admission.UNQUALIFIED, "指名停止中")]
        shown = browser.get(PATH).text
    assert "令和3年6月8日から令和3年6月11日まで" in page
    assert 'name="bidder-0-reason" value="指名停止中"' in shown


def test_in_a_designated_tender_everybody_is_designated_unless_something_else_is_said(sqlite_url: str) -> None:
    def designated(session: Session, now: datetime) -> RoundRow:
        row = stages.specified(session, now)
        for lot in lots_of(session, row.id):
            lot.tender_method = TenderMethod.DESIGNATED
        return row

    with council(sqlite_url, designated) as town:
        page = town.browser(SECRETARIAT).get(PATH).text
    with_choice = re.findall(r'<option value="([a-z]+)" selected>', page)
    assert with_choice == ["designated"] * 3


def test_the_rows_do_not_grow_without_end(sqlite_url: str) -> None:
    rows: Rows = [("", f"第{number}社", ["pc"]) for number in range(MOST_ROWS)]
    with council(sqlite_url, stages.specified) as town:
        browser = town.browser(SECRETARIAT)
        page = browser.post(PATH, form(town, rows, action="more"))
        assert page.text.count('type="hidden" name="bidder-') == MOST_ROWS
        assert browser.post(PATH, form(town, rows)).status_code == 303
        assert len(bidders(round_in(town))["pc"]) == MOST_ROWS


def test_bidders_are_the_secretariats_alone(sqlite_url: str) -> None:
    with council(sqlite_url, known) as town:
        before = content_of(town)["bidder"]
        assert town.browser(STRANGER).get(PATH).headers["location"].startswith("/sign-in?next=")
        for person in (NARA, AUDITOR):
            assert town.browser(person).get(PATH).status_code == 403
            assert town.browser(person).post(PATH, one(town)).status_code == 403
        assert town.browser(SECRETARIAT).post(PATH, one(town) | {"csrf_token": ""}).status_code == 403
        assert content_of(town)["bidder"] == before


def test_after_the_opening_nobody_is_registered_any_more(sqlite_url: str) -> None:
    with council(sqlite_url, stages.opening) as town:
        browser, before = town.browser(SECRETARIAT), bidders(round_in(town))
        assert browser.get(PATH).status_code == browser.post(PATH, one(town)).status_code == 409
        assert bidders(round_in(town)) == before


def test_looking_at_the_bidders_changes_nothing(sqlite_url: str) -> None:
    with council(sqlite_url, known) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        assert browser.get(PATH).status_code == 200
        assert content_of(town) == before
