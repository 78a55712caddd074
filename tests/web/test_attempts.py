"""Entering what was in the envelopes, and the result of a paper lottery."""

import re
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from procure.bids.actions import Registration, announce, open_bids, record_attempt, save_bidders
from procure.rounds.queries import lots_of
from procure.rounds.tables import RoundRow
from procure.settlement.round import Attempt, Bid, DrawMethod, Entry, PaperDraw
from procure.settlement.settle import settle
from procure.web.attempts import recorded
from tests import stages
from tests.people import NOW, SECRETARIAT, Service, text_of
from tests.stages import ACTOR
from tests.web.rounds_at import REF, council, round_in, row_in
from tests.web.stage import content_of

LOT = f"/rounds/{REF}/lots/pc"
FIRST, SECOND, DRAW = f"{LOT}/attempts/1", f"{LOT}/attempts/2", f"{LOT}/draw"
BIDDERS = ("mihon-a", "mihon-b", "mihon-c", "mihon-d")
Entered = dict[str, str]


def recorded_with(totals: dict[str, int | None]) -> Attempt:
    bids = (Bid(ref, Entry.ABSENT if total is None else Entry.BID, total=total) for ref, total in totals.items())
    return Attempt(1, NOW, tuple(bids))


def over_the_ceiling(session: Session, now: datetime) -> RoundRow:
    """The first attempt leaves two bidders, both over the ceiling."""
    row = stages.opening(session, now)
    totals = dict(zip(BIDDERS, (200_000_000, 190_000_000, None, None), strict=True))
    record_attempt(session, row, lots_of(session, row.id)[0], recorded_with(totals), ACTOR, now)
    return row


def tied(session: Session, now: datetime) -> RoundRow:
    row = stages.bidding(session, now)
    lot = lots_of(session, row.id)[0]
    lot.draw = DrawMethod.PAPER
    open_bids(session, row, now, ACTOR, now)
    totals = dict(zip(BIDDERS, (100, 100, 200, None), strict=True))
    record_attempt(session, row, lot, recorded_with(totals), ACTOR, now)
    return row


def example_fields() -> Entered:
    """The first attempt of the example, as it is typed."""
    form = recorded(stages.example().lots[0].attempts[0])
    return {name: form.text(name) for name in form.names()}


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def send(town: Service, path: str, fields: Entered) -> tuple[int, str]:
    """Opens the page and sends it: the status, and where it leads or what it shows."""
    browser = town.browser(SECRETARIAT)
    answer = browser.post(path, {"seen": seen(browser.get(path).text), **fields})
    return answer.status_code, answer.headers.get("location") or answer.text


def test_the_page_asks_for_every_bidder_and_every_item(sqlite_url: str) -> None:
    with council(sqlite_url, stages.opening) as town:
        page = town.browser(SECRETARIAT).get(FIRST).text
    for bidder in BIDDERS:
        for what in ("entry", "total", "received_at", "draw_number", "void", "price-note-standard", "price-office"):
            assert f'id="bid-{bidder}-{what}"' in page
    assert "<price-grid" in page


def test_what_was_typed_is_what_is_settled(sqlite_url: str) -> None:
    with council(sqlite_url, stages.opening) as town:
        assert send(town, FIRST, example_fields()) == (303, f"{LOT}/decision?done=bids_recorded")
        attempt = round_in(town).lots[0].attempts[0]
        assert settle(round_in(town)).lots[0].award == settle(stages.example()).lots[0].award
    assert (attempt.opened_at, attempt.bids) == (NOW, stages.example().lots[0].attempts[0].bids)


def test_amounts_are_read_as_people_type_them(sqlite_url: str) -> None:
    typed: Entered = {f"bid-{ref}-entry": "absent" for ref in BIDDERS}
    typed |= {"bid-mihon-a-entry": "bid", "bid-mihon-a-total": "￥１，２００円", "bid-mihon-a-draw_number": "００７"}
    with council(sqlite_url, stages.opening) as town:
        assert send(town, FIRST, typed)[0] == 303
        bid = round_in(town).lots[0].attempts[0].bids[0]
    assert (bid.total, bid.draw_number, bid.unit_prices) == (1200, 7, None)


def test_every_fault_is_shown_at_once_and_what_was_typed_stays(sqlite_url: str) -> None:
    typed = example_fields() | {
        "bid-mihon-a-total": "１２百円",
        "bid-mihon-a-price-desktop": "12.5",
        "bid-mihon-a-received_at": "昨日",
        "bid-mihon-b-entry": "",
        "bid-mihon-c-entry": "declined",
        "bid-mihon-d-entry": "bid",
        "bid-mihon-d-draw_number": "1234",
        "bid-mihon-d-void": "理由\u202e",
    }
    with council(sqlite_url, stages.opening) as town:
        before = content_of(town)
        status, page = send(town, FIRST, typed)
        assert {k: v for k, v in content_of(town).items() if k in ("attempt", "bid")} == {
            k: v for k, v in before.items() if k in ("attempt", "bid")
        }
    assert status == 422
    assert "入力内容に8件の誤りがあります" in page
    for field in ("a-total", "a-price-desktop", "a-received_at", "b-entry", "c-entry", "d-total", "d-draw_number"):
        assert f'id="bid-mihon-{field}-error"' in page
    assert all(f'value="{text}"' in page for text in ("１２百円", "12.5", "昨日", "1234", "113643760"))


def test_a_total_that_differs_from_its_breakdown_is_refused(sqlite_url: str) -> None:
    with council(sqlite_url, stages.opening) as town:
        status, page = send(town, FIRST, example_fields() | {"bid-mihon-a-total": "1"})
    assert status == 422
    assert "内訳の合計は120791000円" in page


def test_the_totals_of_the_breakdown_are_printed_without_any_script(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        page = text_of(town.browser(SECRETARIAT).get(FIRST))
    foot = page[page.index("入札金額（単価×数量の計") :]
    assert [amount in foot for amount in ("120,791,000", "113,643,760", "127,380,060")] == [True] * 3


def test_a_correction_begins_with_what_was_recorded(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        page = town.browser(SECRETARIAT).get(FIRST).text
        before = round_in(town).lots[0].attempts
        assert send(town, FIRST, example_fields() | {"bid-mihon-b-void": "記名押印なし"})[0] == 303
        after = round_in(town).lots[0].attempts
    assert "初度入札の訂正" in page
    assert 'value="R3.6.11 09:10"' in page
    assert '<option value="declined" selected>' in page
    assert after[0].bids[1].void == "記名押印なし"
    assert after[0].opened_at == before[0].opened_at


def test_a_rebid_shows_the_lowest_total_before_it_to_those_who_may_bid_again(sqlite_url: str) -> None:
    with council(sqlite_url, over_the_ceiling) as town:
        page = town.browser(SECRETARIAT).get(SECOND).text
    assert "190,000,000" in page
    assert 'id="bid-mihon-b-total"' in page
    assert 'id="bid-mihon-c-total"' not in page


def test_a_rebid_says_when_it_was_opened(sqlite_url: str) -> None:
    typed = {"bid-mihon-a-entry": "declined", "bid-mihon-b-entry": "bid", "bid-mihon-b-total": "100"}
    with council(sqlite_url, over_the_ceiling) as town:
        town.wait(timedelta(hours=1))
        assert send(town, SECOND, typed)[0] == 422
        for wrong in ("朝", "10:01", "8:59"):
            status, page = send(town, SECOND, typed | {"opened_at": wrong})
            assert status == 422
            assert f'name="opened_at" value="{wrong}"' in page
        assert send(town, SECOND, typed | {"opened_at": "9:30"})[0] == 303
        assert round_in(town).lots[0].attempts[1].opened_at == NOW + timedelta(minutes=30)


def test_of_two_who_enter_the_same_attempt_the_second_overwrites_nothing(sqlite_url: str) -> None:
    with council(sqlite_url, stages.opening) as town:
        browser = town.browser(SECRETARIAT)
        fields = {"seen": seen(browser.get(FIRST).text), **example_fields()}
        assert browser.post(FIRST, fields).status_code == 303
        recorded_first = round_in(town)
        late = browser.post(FIRST, {**fields, "bid-mihon-a-void": "書き間違い"})
        assert round_in(town) == recorded_first
    assert late.status_code == 409
    assert "ほかの人がこのロットの入札を記録しました" in late.text
    assert 'value="書き間違い"' in late.text


def test_after_the_confirmation_what_was_typed_is_shown_and_not_saved(sqlite_url: str) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        before = round_in(town)
        page = town.browser(SECRETARIAT).post(FIRST, example_fields() | {"bid-mihon-a-void": "遅い訂正"})
        assert round_in(town) == before
    assert page.status_code == 409
    assert 'value="遅い訂正"' in page.text


def test_the_draw_is_among_the_tied_and_decides(sqlite_url: str) -> None:
    fields = {"winner": "mihon-b", "drawn_by": "各入札者本人", "witness": "情報政策課　鈴木"}
    with council(sqlite_url, tied) as town:
        browser = town.browser(SECRETARIAT)
        page = browser.get(DRAW).text
        answer = browser.post(DRAW, fields | version_of(town))
        lot = round_in(town).lots[0]
    assert re.findall(r'name="winner" value="([^"]*)"', page) == ["mihon-a", "mihon-b"]
    assert answer.headers["location"] == f"{LOT}/decision?done=draw_recorded"
    assert lot.draw == PaperDraw("mihon-b", "各入札者本人", "情報政策課　鈴木")


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({}, 3),
        ({"winner": "mihon-c", "drawn_by": "本人", "witness": "職員"}, 1),
        ({"winner": "mihon-a", "drawn_by": "人" * 101, "witness": "職\u202e員"}, 2),
    ],
)
def test_a_draw_that_lacks_something_is_shown_again(sqlite_url: str, fields: Entered, faults: int) -> None:
    with council(sqlite_url, tied) as town:
        page = town.browser(SECRETARIAT).post(DRAW, fields | version_of(town))
        assert round_in(town).lots[0].draw is None
    assert page.status_code == 422
    assert f"入力内容に{faults}件の誤りがあります" in page.text


def test_of_two_who_record_a_draw_the_second_sees_that_there_is_one(sqlite_url: str) -> None:
    first, second = ({"winner": f"mihon-{x}", "drawn_by": f"本人{x}", "witness": "職員"} for x in "ab")
    with council(sqlite_url, tied) as town:
        opened = version_of(town)
        browser = town.browser(SECRETARIAT)
        assert browser.post(DRAW, first | opened).status_code == 303
        page = browser.post(DRAW, second | opened)
        assert round_in(town).lots[0].draw == PaperDraw("mihon-a", "本人a", "職員")
    assert page.status_code == 409
    assert 'value="本人b"' in page.text
    assert "まだ保存していません" in page.text


def version_of(town: Service) -> dict[str, str]:
    return {"version": str(row_in(town).version)}


def test_a_lot_that_needs_no_paper_draw_has_none(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        browser = town.browser(SECRETARIAT)
        assert browser.get(DRAW).status_code == 409
        assert browser.post(DRAW, {"winner": "mihon-a", "drawn_by": "本人", "witness": "職員"}).status_code == 409


def test_the_faults_of_ten_bidders_stand_in_the_order_of_the_page(sqlite_url: str) -> None:
    with council(sqlite_url, ten_bidders) as town:
        page = town.browser(SECRETARIAT).post(FIRST, {"bid-b10-entry": "bid", "bid-b10-draw_number": "1234"}).text
    summary = page[page.index('id="error-summary"') :]
    assert re.findall(r'href="#bid-(b[0-9]+)-', summary)[:11] == [*(f"b{n}" for n in range(1, 10)), "b10", "b10"]


def ten_bidders(session: Session, now: datetime) -> RoundRow:
    row = stages.specified(session, now)
    lots = frozenset(lot.ref for lot in lots_of(session, row.id))
    save_bidders(session, row, [Registration(f"b{n}", f"{n}商会", lots) for n in range(1, 11)], ACTOR, now)
    announce(session, row, ACTOR, now)
    open_bids(session, row, now, ACTOR, now)
    return row


def test_a_lot_without_bidders_says_what_recording_it_means(sqlite_url: str) -> None:
    with council(sqlite_url, without_bidders) as town:
        browser = town.browser(SECRETARIAT)
        page = browser.get(FIRST)
        assert browser.post(FIRST).status_code == 303
        decision = browser.get(f"{LOT}/decision").text
    assert "このまま記録すると、入札者なしの不調になります" in page.text
    assert "不調" in decision


def without_bidders(session: Session, now: datetime) -> RoundRow:
    row = stages.specified(session, now)
    announce(session, row, ACTOR, now)
    open_bids(session, row, now, ACTOR, now)
    return row
