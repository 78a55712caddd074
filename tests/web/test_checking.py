"""A second person compares an attempt with the papers, on the page."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from procure.bids.actions import record_attempt
from procure.bids.after_queries import checks_of
from procure.bids.queries import attempts_of
from procure.rounds.queries import find_round, lots_of
from procure.rounds.tables import RoundRow
from procure.settlement.round import Bid, DrawMethod
from tests import stages
from tests.people import AUDITOR, NARA, SECOND, SECRETARIAT, STRANGER, Person, Service, text_of
from tests.web.rounds_at import REF, Builder, council, round_in, row_in
from tests.web.stage import content_of
from tests.web.test_attempts import FIRST, LOT, example_fields, send, unchecked

CHECK = f"{FIRST}/check"
COMPARED = f"{CHECK}?way=compared"
AMOUNTS = {"mihon-a": 120_791_000, "mihon-b": 113_643_760, "mihon-c": 127_380_060}
CLOCKS = ("09:10", "09:17", "09:24")
TYPED = {
    **{f"check-{ref}-entry": "bid" for ref in AMOUNTS},
    **{f"check-{ref}-total": f"{total:,}" for ref, total in AMOUNTS.items()},
    **{f"check-{ref}-received_at": f"R3.6.11 {clock}" for ref, clock in zip(AMOUNTS, CLOCKS, strict=True)},
    "check-mihon-d-entry": "declined",
}
ALL_AGREE = {f"check-{ref}-same": "1" for ref in (*AMOUNTS, "mihon-d")} | {"way": "compared"}


def seen(page: str) -> dict[str, str]:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found is not None
    return {"seen": found[1]}


def is_checked(town: Service) -> bool:
    with town.database.read() as session:
        lot = lots_of(session, find_round(session, REF).id)[0]
        return attempts_of(session, lot)[0].checked_at is not None


def ways_of_checks(town: Service) -> list[str]:
    with town.database.read() as session:
        return [check.way.value for check in checks_of(session, lots_of(session, find_round(session, REF).id)[0], 1)]


def post(town: Service, fields: dict[str, str], person: Person = SECOND, page: str = CHECK) -> tuple[int, str]:
    browser = town.browser(person)
    answer = browser.post(CHECK, seen(browser.get(page).text) | fields)
    return answer.status_code, answer.headers.get("location") or answer.text


def test_nothing_that_was_recorded_is_on_the_blind_page_nor_in_its_source(sqlite_url: str) -> None:
    with council(sqlite_url, unchecked) as town:
        page = town.browser(SECOND).get(CHECK).text
    for amount in AMOUNTS.values():
        assert str(amount) not in page
        assert f"{amount:,}" not in page
    assert not [clock for clock in CLOCKS if clock in page]
    prices = {price for bid in stages.example().lots[0].attempts[0].bids for price in (bid.unit_prices or {}).values()}
    assert not [price for price in prices if f"{price:,}" in page or f">{price}<" in page]
    assert page.count(" selected>") == page.count('value="" selected>') == 4
    assert all(f'id="check-{ref}-total"' in page for ref in (*AMOUNTS, "mihon-d"))


def drawn_by(method: DrawMethod, *bids: Bid) -> Builder:
    """The first attempt of the example recorded under that lottery, these bids in the place of its own."""

    def build(session: Session, now: datetime) -> RoundRow:
        row = stages.opening(session, now)
        lot = lots_of(session, row.id)[0]
        lot.draw = method
        attempt = stages.example().lots[0].attempts[0]
        own = {bid.bidder: bid for bid in bids}
        attempt = replace(attempt, bids=tuple(own.get(bid.bidder, bid) for bid in attempt.bids))
        record_attempt(session, row, lot, attempt, stages.ACTOR, now)
        return row

    return build


@pytest.mark.parametrize(
    ("method", "asked"),
    [
        (DrawMethod.PAPER, set()),
        (DrawMethod.CORE_EPOCH_SECONDS, {"received_at", "draw_number"}),
        (DrawMethod.KUJI_ONLY, {"received_at", "draw_number"}),
        (DrawMethod.RANDOM_ADDED, {"received_at", "draw_number", "added_number"}),
        (DrawMethod.MILLISECONDS, {"received_at", "draw_number"}),
        (DrawMethod.MILLISECONDS_CUT, {"received_at", "draw_number"}),
        (DrawMethod.WAKAYAMA, {"received_at"}),
    ],
)
def test_the_blind_form_asks_for_what_the_lottery_of_the_lot_reads(
    sqlite_url: str, method: DrawMethod, asked: set[str]
) -> None:
    with council(sqlite_url, drawn_by(method)) as town:
        page = town.browser(SECOND).get(CHECK).text
    fields = ("received_at", "draw_number", "added_number")
    assert {what for what in fields if f'name="check-mihon-a-{what}"' in page} == asked
    assert ("ミリ秒まで" in page) == (method in (DrawMethod.MILLISECONDS, DrawMethod.MILLISECONDS_CUT))
    assert ("開札日時（電子くじがミリ秒を加えます）" in page) == (method is DrawMethod.WAKAYAMA)


def numbered(draw_number: int, added_number: int) -> Bid:
    first = stages.example().lots[0].attempts[0].bids[0]
    return replace(first, draw_number=draw_number, added_number=added_number)


def test_the_numbers_of_the_lottery_are_cleared_like_the_totals(sqlite_url: str) -> None:
    right = TYPED | {"check-mihon-a-draw_number": "418", "check-mihon-a-added_number": "０42"}
    with council(sqlite_url, drawn_by(DrawMethod.RANDOM_ADDED, numbered(418, 42))) as town:
        for field, slip in (("draw_number", "481"), ("added_number", ""), ("received_at", "R3.6.11 9:10:01")):
            assert post(town, right | {f"check-mihon-a-{field}": slip}) == (303, f"{FIRST}?done=attempt_differs")
            assert not is_checked(town)
        assert "くじ番号 418、加算番号 042" in text_of(town.browser(SECOND).get(FIRST))
        assert post(town, right) == (303, f"{LOT}/decision?done=attempt_agreed")
        assert is_checked(town)


def test_what_was_typed_of_the_lottery_stays_beside_its_fault(sqlite_url: str) -> None:
    typed = {"draw_number": "1234", "added_number": "十", "received_at": "昨日"}
    fields = TYPED | {f"check-mihon-a-{what}": text for what, text in typed.items()}
    with council(sqlite_url, drawn_by(DrawMethod.RANDOM_ADDED)) as town:
        status, page = post(town, fields)
    assert status == 422
    for what, text in typed.items():
        assert f'id="check-mihon-a-{what}-error"' in page
        assert f'name="check-mihon-a-{what}" value="{text}"' in page


def test_what_was_typed_again_and_agrees_settles_the_attempt(sqlite_url: str) -> None:
    with council(sqlite_url, unchecked) as town:
        assert post(town, TYPED) == (303, f"{LOT}/decision?done=attempt_agreed")
        assert is_checked(town)
        assert ways_of_checks(town) == ["typed"]


def test_differences_are_listed_with_who_has_to_act(sqlite_url: str) -> None:
    with council(sqlite_url, unchecked) as town:
        status, where = post(town, TYPED | {"check-mihon-a-total": "120,791,001", "check-mihon-d-entry": "absent"})
        assert (status, where) == (303, f"{FIRST}?done=attempt_differs")
        assert not is_checked(town)
        page = text_of(town.browser(SECOND).get(where))
        assert post(town, TYPED)[0] == 303
        assert is_checked(town)
    assert all(words in page for words in ("120,791,000円", "120,791,001円", "辞退", "不参"))
    assert "記録の誤りのとき：事務局の操作が記録を直し" in page
    assert "書面の読み違いのとき：照合した人（事務局 月子（事務局））がもう一度照合します" in page


def test_the_recorder_sees_the_differences_over_the_form_until_the_record_is_mended(sqlite_url: str) -> None:
    with council(sqlite_url, stages.opening) as town:
        assert send(town, FIRST, example_fields())[0] == 303
        assert post(town, TYPED | {"check-mihon-a-total": "120,791,001"})[0] == 303
        browser = town.browser(SECRETARIAT)
        assert "照合で相違が見つかりました" in browser.get(FIRST).text
        town.wait(timedelta(minutes=1))
        assert send(town, FIRST, example_fields() | {"bid-mihon-a-void": "鉛筆で記入"})[0] == 303
        assert "照合で相違が見つかりました" not in browser.get(FIRST).text


def test_papers_are_read_beside_the_record_bidder_by_bidder(sqlite_url: str) -> None:
    with council(sqlite_url, unchecked) as town:
        page = town.browser(SECOND).get(COMPARED).text
        assert "120,791,000" in page
        assert all(clock in page for clock in CLOCKS)
        prices = [bid.unit_prices or {} for bid in stages.example().lots[0].attempts[0].bids]
        assert [price for own in prices for price in own.values() if f"{price:,}" not in page] == []
        assert post(town, ALL_AGREE, page=COMPARED) == (303, f"{LOT}/decision?done=attempt_agreed")
        assert ways_of_checks(town) == ["compared"]


def test_a_bidder_without_its_tick_is_a_difference_in_the_words_of_the_paper(sqlite_url: str) -> None:
    fields = ALL_AGREE | {"check-mihon-b-note": "くじ番号 418"}
    del fields["check-mihon-b-same"]
    with council(sqlite_url, unchecked) as town:
        status, where = post(town, fields, page=COMPARED)
        assert (status, where) == (303, f"{FIRST}?done=attempt_differs")
        assert not is_checked(town)
        assert "くじ番号 418" in town.browser(SECOND).get(where).text


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({}, ["a-entry", "b-entry", "c-entry", "d-entry"]),
        (
            TYPED | {"check-mihon-a-total": "百円", "check-mihon-b-total": "", "check-mihon-d-total": "1"},
            ["a-total", "b-total", "d-entry"],
        ),
        ({"way": "compared", "check-mihon-a-same": "1", "check-mihon-a-note": "違う"}, ["a-note", "b-note", "c-note"]),
        (ALL_AGREE | {"check-mihon-c-note": "x\u202e"}, ["c-note"]),
    ],
    ids=["nothing", "unreadable", "neither ticked nor told", "control signs"],
)
def test_every_fault_is_shown_at_once_and_what_was_typed_stays(
    sqlite_url: str, fields: dict[str, str], faults: list[str]
) -> None:
    with council(sqlite_url, unchecked) as town:
        status, page = post(town, fields)
        assert ways_of_checks(town) == []
    assert status == 422
    assert [fault for fault in faults if f'id="check-mihon-{fault}-error"' not in page] == []
    assert all(f'value="{text}"' in page for name, text in fields.items() if name.endswith("-note"))


def test_who_recorded_it_is_told_why_not(sqlite_url: str) -> None:
    with council(sqlite_url, stages.opening) as town:
        assert send(town, FIRST, example_fields())[0] == 303
        browser = town.browser(SECRETARIAT)
        page, sent = browser.get(CHECK), browser.post(CHECK, TYPED)
        assert not is_checked(town)
    assert (page.status_code, sent.status_code) == (409, 409)
    assert "入札を記録した人と別の人" in page.text
    assert 'name="seen"' not in page.text


def test_a_record_that_was_mended_meanwhile_is_not_checked_unseen(sqlite_url: str) -> None:
    with council(sqlite_url, unchecked) as town:
        browser = town.browser(SECOND)
        old = seen(browser.get(CHECK).text)
        town.wait(timedelta(minutes=1))
        mended = {"seen": seen(town.browser(SECRETARIAT).get(f"{FIRST}?mend=1").text)["seen"], **example_fields()}
        assert town.browser(SECRETARIAT).post(FIRST, mended).status_code == 303
        page = browser.post(CHECK, old | TYPED)
        assert not is_checked(town)
    assert page.status_code == 409
    assert 'value="120,791,000"' in page.text


@pytest.mark.parametrize("build", [stages.bidding, stages.opening, stages.decided, stages.confirmed])
def test_there_is_nothing_to_check_before_and_after(sqlite_url: str, build: Builder) -> None:
    with council(sqlite_url, build) as town:
        browser = town.browser(SECOND)
        before = content_of(town)
        assert browser.get(CHECK).status_code == 409
        assert browser.post(CHECK, TYPED).status_code == 409
        assert content_of(town) == before


@pytest.mark.parametrize(("person", "status"), [(STRANGER, 303), (NARA, 403), (AUDITOR, 403)])
def test_only_the_secretariat_checks(sqlite_url: str, person: Person | None, status: int) -> None:
    with council(sqlite_url, unchecked) as town:
        browser = town.browser(person)
        assert browser.get(CHECK).status_code == status
        assert browser.post(CHECK, TYPED).status_code == status
        assert not is_checked(town)


def test_a_check_without_its_token_is_refused(sqlite_url: str) -> None:
    with council(sqlite_url, unchecked) as town:
        assert town.browser(SECOND).post(CHECK, TYPED | {"csrf_token": "x"}).status_code == 403
        assert not is_checked(town)


def test_reading_the_page_changes_nothing(sqlite_url: str) -> None:
    with council(sqlite_url, unchecked) as town:
        browser = town.browser(SECOND)
        before = content_of(town)
        assert {browser.get(path).status_code for path in (CHECK, COMPARED, FIRST)} == {200}
        assert content_of(town) == before
        assert row_in(town).confirmed_at is None


def test_other_attempts_are_not_there(sqlite_url: str) -> None:
    with council(sqlite_url, stages.opening) as town:
        browser = town.browser(SECOND)
        assert browser.get(f"{LOT}/attempts/4/check").status_code == 404
        assert browser.get(f"/rounds/{REF}/lots/none/attempts/1/check").status_code == 404
        assert round_in(town).lots[0].attempts == ()
