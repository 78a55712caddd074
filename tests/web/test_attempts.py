"""Entering what was in the envelopes, and the result of a paper lottery."""

import re
from datetime import datetime, timedelta
from io import BytesIO

import openpyxl
import pytest
from httpx import Response
from sqlmodel import Session

from procure.bids.actions import announce, open_bids, record_attempt
from procure.bids.bidders import Registration, save_bidders
from procure.bids.breakdown_sheet import BREAKDOWN, KEY, PRICE
from procure.clock import JAPAN
from procure.rounds.queries import locked_round, lots_of
from procure.rounds.tables import RoundRow
from procure.settlement.round import Attempt, Bid, Drawer, DrawMethod, Entry, PaperDraw
from procure.settlement.settle import settle
from procure.web.entry_form import recorded
from tests import stages
from tests.people import NOW, SECRETARIAT, Person, Service, text_of
from tests.people import SECOND as SECOND_PERSON
from tests.stages import ACTOR, OPENED, VAULT, check
from tests.web.rounds_at import REF, Builder, council, round_in, row_in
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
    lot = lots_of(session, row.id)[0]
    record_attempt(session, row, lot, recorded_with(totals), ACTOR, now)
    check(session, row, lot, 1, now)
    return row


def tied(session: Session, now: datetime) -> RoundRow:
    row = stages.bidding(session, now)
    lot = lots_of(session, row.id)[0]
    lot.draw = DrawMethod.PAPER
    open_bids(session, row, now, OPENED, VAULT, ACTOR, now)
    totals = dict(zip(BIDDERS, (100, 100, 200, None), strict=True))
    record_attempt(session, row, lot, recorded_with(totals), ACTOR, now)
    check(session, row, lot, 1, now)
    return row


def unchecked(session: Session, now: datetime) -> RoundRow:
    """The first attempt of the example is recorded, by somebody who is no account of the service."""
    row = stages.opening(session, now)
    record_attempt(session, row, lots_of(session, row.id)[0], stages.example().lots[0].attempts[0], ACTOR, now)
    return row


def example_fields() -> Entered:
    """The first attempt of the example, as it is typed."""
    lot = stages.example().lots[0]
    form = recorded(lot, lot.attempts[0].bids)
    return {name: form.text(name) for name in form.names()}


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def send(town: Service, path: str, fields: Entered, person: Person = SECRETARIAT) -> tuple[int, str]:
    """Opens the page and sends it: the status, and where it leads or what it shows."""
    browser = town.browser(person)
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
    assert (attempt.opened_at, attempt.bids) == (stages.opened_at(NOW), stages.example().lots[0].attempts[0].bids)


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
    assert "内訳の合計は120,791,000円" in page


def test_the_totals_of_the_breakdown_are_printed_without_any_script(sqlite_url: str) -> None:
    with council(sqlite_url, unchecked) as town:
        page = text_of(town.browser(SECRETARIAT).get(f"{FIRST}?mend=1"))
    foot = page[page.index("入札金額（単価×数量の計") :]
    assert [amount in foot for amount in ("120,791,000", "113,643,760", "127,380,060")] == [True] * 3


def test_before_the_check_the_recorder_mends_what_was_recorded(sqlite_url: str) -> None:
    with council(sqlite_url, stages.opening) as town:
        assert send(town, FIRST, example_fields())[0] == 303
        page = town.browser(SECRETARIAT).get(FIRST).text
        before = round_in(town).lots[0].attempts
        assert send(town, FIRST, example_fields() | {"bid-mihon-b-void": "記名押印なし"})[0] == 303
        after = round_in(town).lots[0].attempts
    assert "初度入札の記録を直す" in page
    assert 'value="R3.6.11 09:10"' in page
    assert '<option value="declined" selected>' in page
    assert after[0].bids[1].void == "記名押印なし"
    assert after[0].opened_at == before[0].opened_at


def test_who_did_not_record_it_reads_it_and_may_check_or_mend_it(sqlite_url: str) -> None:
    with council(sqlite_url, stages.opening) as town:
        assert send(town, FIRST, example_fields())[0] == 303
        browser = town.browser(SECOND_PERSON)
        page = browser.get(FIRST).text
        assert browser.get(f"{FIRST}?mend=1").text.count('name="seen"') == 1
    assert "120,791,000" in page
    assert 'name="seen"' not in page
    assert f'href="{FIRST}/check"' in page
    assert f'href="{FIRST}?mend=1"' in page


@pytest.mark.parametrize("build", [stages.decided, stages.confirmed, stages.published])
def test_after_the_check_the_record_is_there_to_read_and_not_to_change(sqlite_url: str, build: Builder) -> None:
    with council(sqlite_url, build) as town:
        before = round_in(town)
        browser = town.browser(SECRETARIAT)
        page = browser.get(f"{FIRST}?mend=1")
        late = browser.post(FIRST, example_fields() | {"bid-mihon-a-void": "遅い直し"})
        assert round_in(town) == before
    assert page.status_code == 200
    assert all(words in page.text for words in ("照合済み", "120,791,000", "事務局の照合", "再入力"))
    assert 'name="seen"' not in page.text
    assert late.status_code == 409
    assert 'value="遅い直し"' in late.text


def test_what_the_check_refuses_is_shown_with_what_was_typed(sqlite_url: str) -> None:
    with council(sqlite_url, unchecked) as town:
        browser = town.browser(SECRETARIAT)
        opened = seen(browser.get(f"{FIRST}?mend=1").text)
        with town.database.write() as session:
            row = locked_round(session, REF)
            check(session, row, lots_of(session, row.id)[0], 1, NOW)
        page = browser.post(FIRST, {"seen": opened, **example_fields(), "bid-mihon-a-void": "遅い直し"})
    assert page.status_code == 409
    assert "照合が済んでいるため" in page.text
    assert 'value="遅い直し"' in page.text


GROUNDS = ("記名押印がない入札", "金額の訂正がある入札")


def with_grounds(session: Session, now: datetime) -> RoundRow:
    row = stages.opening(session, now)
    lot = lots_of(session, row.id)[0]
    lot.void_grounds = "\n".join(GROUNDS)
    lot.draw = DrawMethod.RANDOM_ADDED
    return row


@pytest.mark.parametrize(
    ("addition", "void"), [("", GROUNDS[1]), ("7を1と訂正", f"{GROUNDS[1]}（7を1と訂正）")], ids=["alone", "with more"]
)
def test_a_void_bid_has_its_ground_from_the_notice(sqlite_url: str, addition: str, void: str) -> None:
    typed = {"bid-mihon-a-void_ground": GROUNDS[1], "bid-mihon-a-void": addition}
    with council(sqlite_url, with_grounds) as town:
        assert send(town, FIRST, example_fields() | typed)[0] == 303
        assert round_in(town).lots[0].attempts[0].bids[0].void == void
        page = town.browser(SECRETARIAT).get(FIRST).text
    assert f'<option value="{GROUNDS[1]}" selected>' in page
    assert f'name="bid-mihon-a-void" value="{addition}"' in page


@pytest.mark.parametrize("ground", ["", "公告にない事由"])
def test_with_a_list_of_grounds_a_text_alone_voids_nothing(sqlite_url: str, ground: str) -> None:
    typed = {"bid-mihon-a-void_ground": ground, "bid-mihon-a-void": "何となく"}
    with council(sqlite_url, with_grounds) as town:
        status, page = send(town, FIRST, example_fields() | typed)
    assert status == 422
    assert 'id="bid-mihon-a-void_ground-error"' in page


def test_the_number_of_the_receipt_is_asked_for_where_the_lottery_adds_it(sqlite_url: str) -> None:
    with council(sqlite_url, with_grounds) as town:
        typed = {"bid-mihon-a-added_number": "０４２", "bid-mihon-a-received_at": "8:10:05.123"}
        assert send(town, FIRST, example_fields() | typed)[0] == 303
        bid = round_in(town).lots[0].attempts[0].bids[0]
    assert bid.added_number == 42
    assert bid.received_at == datetime(2021, 6, 11, 8, 10, 5, 123_000, tzinfo=JAPAN)


# ---- 入札内訳書 -----------------------------------------------------------------------------------------


def priced(content: bytes, prices: dict[str, object]) -> bytes:
    """The sheet as a bidder sends it back, with these prices by item."""
    book = openpyxl.load_workbook(BytesIO(content))
    sheet = book[BREAKDOWN]
    for row in sheet.iter_rows(min_row=1):
        item = str(row[KEY - 1].value or "").removeprefix("item-")
        if item in prices:
            row[PRICE - 1].value = prices[item]
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def upload(town: Service, sheets: dict[str, bytes], fields: Entered) -> Response:
    browser = town.browser(SECRETARIAT)
    form = {"seen": seen(browser.get(FIRST).text), **fields}
    files = {f"sheet-{ref}": ("内訳書.xlsx", content) for ref, content in sheets.items()}
    return browser.post(f"{FIRST}/read", form, files=files)


def example_prices() -> dict[str, object]:
    return dict(stages.example().lots[0].attempts[0].bids[0].unit_prices or {})


def test_prices_of_a_breakdown_go_into_the_form_and_nowhere_else(sqlite_url: str) -> None:
    with council(sqlite_url, stages.opening) as town:
        blank = town.browser(SECRETARIAT).get(f"{LOT}/breakdown.xlsx")
        before = content_of(town)
        page = upload(town, {"mihon-a": priced(blank.content, example_prices())}, {"bid-mihon-b-total": "１２３円"})
        after = content_of(town)
    changed = {name for name, rows in after.items() if rows != before[name]}
    assert changed <= {"sign_in", "event"}  # the sign-in of who sent it
    assert page.status_code == 200
    assert "まだ保存していません" in page.text
    assert 'value="１２３円"' in page.text
    for item, price in example_prices().items():
        assert f'name="bid-mihon-a-price-{item}" value="{price}"' in page.text
    assert "120,791,000" in text_of(page)


def test_what_cannot_be_read_of_a_breakdown_is_named_and_what_was_typed_stays(sqlite_url: str) -> None:
    with council(sqlite_url, stages.opening) as town:
        blank = town.browser(SECRETARIAT).get(f"{LOT}/breakdown.xlsx").content
        other = town.browser(SECRETARIAT).get(f"/rounds/{REF}/lots/printer/breakdown.xlsx").content
        formula = priced(blank, example_prices() | {"desktop": "=1+1"})
        sheets = {"mihon-a": formula, "mihon-b": other, "mihon-c": b"no workbook"}
        page = upload(town, sheets, {"bid-mihon-a-price-desktop": "77"})
        nothing = upload(town, {}, {})
    assert (page.status_code, nothing.status_code) == (422, 422)
    for bidder, words in (("a", "数式"), ("b", "別の案件かロット"), ("c", "Excel")):
        error = re.search(rf'id="sheet-mihon-{bidder}-error">([^<]*)<', page.text)
        assert error is not None
        assert words in error[1]
    assert 'name="bid-mihon-a-price-desktop" value="77"' in page.text
    assert "入札内訳書（.xlsx）を選んでください" in nothing.text


def test_the_form_of_the_breakdown_waits_for_the_quantities(sqlite_url: str) -> None:
    with council(sqlite_url, stages.surveying) as town:
        assert town.browser(SECRETARIAT).get(f"{LOT}/breakdown.xlsx").status_code == 409


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


def test_the_draw_is_among_the_tied_and_decides(sqlite_url: str) -> None:
    fields = lots_drawn("mihon-b", "情報政策課　鈴木") | {
        "order-mihon-a": "2",
        "order-mihon-b": "1",
        "in-place-mihon-a": "1",
    }
    with council(sqlite_url, tied) as town:
        browser = town.browser(SECRETARIAT)
        page = browser.get(DRAW).text
        answer = browser.post(DRAW, fields | version_of(town))
        lot = round_in(town).lots[0]
    assert re.findall(r'name="winner" value="([^"]*)"', page) == ["mihon-a", "mihon-b"]
    assert answer.headers["location"] == f"{LOT}/decision?done=draw_recorded"
    drawers = (Drawer("mihon-b", "mihon-bの代理人"), Drawer("mihon-a", "mihon-aの代理人", in_place=True))
    assert lot.draw == PaperDraw("mihon-b", "mihon-bの代理人", "情報政策課　鈴木", drawers)


def lots_drawn(winner: str, witness: str = "職員") -> dict[str, str]:
    """The form of a lottery in which each of the tied drew by its agent, in the order of registration."""
    drawers = {f"drawer-{bidder}": f"{bidder}の代理人" for bidder in ("mihon-a", "mihon-b")}
    return {"winner": winner, "witness": witness, "order-mihon-a": "1", "order-mihon-b": "2", **drawers}


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({}, 6),
        ({**lots_drawn("mihon-c")}, 1),
        ({**lots_drawn("mihon-a"), "drawer-mihon-a": "人" * 101, "witness": "職\u202e員"}, 2),
        ({**lots_drawn("mihon-a"), "order-mihon-b": "1"}, 2),
        ({**lots_drawn("mihon-a"), "witness": "mihon-bの代理人"}, 1),
    ],
)
def test_a_draw_that_lacks_something_is_shown_again(sqlite_url: str, fields: Entered, faults: int) -> None:
    with council(sqlite_url, tied) as town:
        page = town.browser(SECRETARIAT).post(DRAW, fields | version_of(town))
        assert round_in(town).lots[0].draw is None
    assert page.status_code == 422
    assert f"入力内容に{faults}件の誤りがあります" in page.text


def test_of_two_who_record_a_draw_the_second_sees_that_there_is_one(sqlite_url: str) -> None:
    first, second = lots_drawn("mihon-a"), lots_drawn("mihon-b", "別の職員")
    with council(sqlite_url, tied) as town:
        opened = version_of(town)
        browser = town.browser(SECRETARIAT)
        assert browser.post(DRAW, first | opened).status_code == 303
        page = browser.post(DRAW, second | opened)
        draw = round_in(town).lots[0].draw
        assert draw is not None
        assert (draw.winner, draw.drawn_by, draw.witness) == ("mihon-a", "mihon-aの代理人", "職員")
    assert page.status_code == 409
    assert 'value="別の職員"' in page.text
    assert "まだ保存していません" in page.text


def version_of(town: Service) -> dict[str, str]:
    return {"version": str(row_in(town).version)}


def test_a_lot_that_needs_no_paper_draw_has_none(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        browser = town.browser(SECRETARIAT)
        assert browser.get(DRAW).status_code == 409
        assert browser.post(DRAW, lots_drawn("mihon-a")).status_code == 409


def test_the_faults_of_ten_bidders_stand_in_the_order_of_the_page(sqlite_url: str) -> None:
    with council(sqlite_url, ten_bidders) as town:
        page = town.browser(SECRETARIAT).post(FIRST, {"bid-b10-entry": "bid", "bid-b10-draw_number": "1234"}).text
    summary = page[page.index('id="error-summary"') :]
    assert re.findall(r'href="#bid-(b[0-9]+)-', summary)[:11] == [*(f"b{n}" for n in range(1, 10)), "b10", "b10"]


def ten_bidders(session: Session, now: datetime) -> RoundRow:
    row = stages.specified(session, now)
    lots = frozenset(lot.ref for lot in lots_of(session, row.id))
    save_bidders(session, row, [Registration(f"b{n}", f"{n}商会", lots) for n in range(1, 11)], ACTOR, now)
    stages.seal_all(session, row, now)
    announce(session, row, VAULT, ACTOR, now)
    open_bids(session, row, now, OPENED, VAULT, ACTOR, now)
    return row


def test_a_lot_without_bidders_says_what_recording_it_means(sqlite_url: str) -> None:
    with council(sqlite_url, without_bidders) as town:
        browser = town.browser(SECRETARIAT)
        page = browser.get(FIRST)
        assert browser.post(FIRST).status_code == 303
        second = town.browser(SECOND_PERSON)
        opened = seen(second.get(f"{FIRST}/check").text)
        assert second.post(f"{FIRST}/check", {"seen": opened}).status_code == 303
        decision = browser.get(f"{LOT}/decision").text
    assert "このまま記録すると、入札者なしの不調になります" in page.text
    assert "不調" in decision


def without_bidders(session: Session, now: datetime) -> RoundRow:
    row = stages.specified(session, now)
    stages.seal_all(session, row, now)
    announce(session, row, VAULT, ACTOR, now)
    open_bids(session, row, now, OPENED, VAULT, ACTOR, now)
    return row
