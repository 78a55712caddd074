"""The grids in a real browser: keys, pasting from a spreadsheet, exact sums, and the same page without scripts."""

from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page

from procure.server.assets import Assets
from procure.server.shield import HEADERS
from tests.harness.browser import Window, faults, running_chromium
from tests.harness.server import serving
from tests.web.rendering import Box, PriceCell, PricedBidder, PriceRow, QuantityLot, QuantityRow, page

pytestmark = pytest.mark.browser

Message = MutableMapping[str, Any]
PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const paste = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
  document.activeElement.dispatchEvent(paste);
}"""

ENTER_WHILE_CONVERTING = """() => {
  const choices = {key: "Enter", bubbles: true, cancelable: true, isComposing: true};
  const enter = new KeyboardEvent("keydown", choices);
  document.activeElement.dispatchEvent(enter);
  return enter.defaultPrevented;
}"""


def demand() -> str:
    rows = (
        QuantityRow("PC-01", Box("q1", "64"), Box("s1"), Box("p1")),
        QuantityRow("PC-02", Box("q2"), Box("s2"), Box("p2"), list_price=298_000, last=25, units=None, amount=None),
    )
    open_price = {"list_price": None, "last": None, "units": 2, "amount": None}
    printers = (QuantityRow("PR-01", Box("q3", "2"), Box("s3"), Box("p3"), **open_price),)
    boxes = {name: Box(f"{name}-2") for name in ("join", "month", "budget", "places", "remarks")}
    printers_lot = QuantityLot(printers, "ロット2", 2, amount=0, **boxes)
    lots = (QuantityLot(rows), printers_lot)
    return page(
        "<h1>需要</h1><form id='f' method='post' data-unsaved>{{ ui.quantity_grid('需要', lots) }}</form>",
        '<script type="module" src="{{ asset(\'js/demand-grid.js\') }}"></script>',
        "{% call ui.quantity_sumbar(66, 15872000) %}{{ ui.button('確認画面へ進む', form='f') }}{% endcall %}",
        lots=lots,
    )


def prices() -> str:
    rows = tuple(
        PriceRow((PriceCell(f"a{n}", ""), PriceCell(f"b{n}", "")), f"PC-{n}", quantity=quantity)
        for n, quantity in enumerate((3, 7))
    )
    bidders = (PricedBidder("甲社"), PricedBidder("乙社"))
    return page(
        "<h1>入札</h1>{{ ui.price_grid('単価', rows, bidders, 2) }}",
        '<script type="module" src="{{ asset(\'js/price-grid.js\') }}"></script>',
        rows=rows,
        bidders=bidders,
    )


async def service(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """The two pages and the static files, under the headers of the real service."""
    if scope["type"] == "lifespan":
        for _ in range(2):
            await send({"type": (await receive())["type"] + ".complete"})
        return
    content, media_type = _content(scope["path"])
    headers = [("content-type", media_type), *HEADERS.items()]
    encoded = [(name.encode(), value.encode()) for name, value in headers]
    await send({"type": "http.response.start", "status": 200, "headers": encoded})
    await send({"type": "http.response.body", "body": content})


def _content(path: str) -> tuple[bytes, str]:
    if path in ("/demand", "/prices"):
        return (demand() if path == "/demand" else prices()).encode(), "text/html; charset=utf-8"
    asset = Assets().get(path.removeprefix("/static/"))
    assert asset is not None, path
    return asset.content, asset.media_type


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with serving(lambda _: service) as origin:
        yield origin


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def tab(chromium: Browser, origin: str) -> Iterator[Page]:
    window = Window(chromium, origin)
    yield window.page
    window.close()
    assert window.problems == []


def at(tab: Page, path: str) -> Page:
    tab.goto(path)
    return tab


def text(tab: Page, selector: str) -> str:
    return tab.locator(selector).inner_text()


def focused(tab: Page) -> str:
    name: str = tab.evaluate("document.activeElement.id")
    return name


def type_into(tab: Page, box: str, typed: str) -> None:
    tab.fill(f"#{box}", typed)
    tab.keyboard.press("Tab")


def paste(tab: Page, box: str, pasted: str) -> None:
    tab.focus(f"#{box}")
    tab.evaluate(PASTE, pasted)


def test_the_grids_are_accessible_at_every_size(tab: Page) -> None:
    assert faults(at(tab, "/demand")) == []
    assert faults(at(tab, "/prices")) == []


def test_full_width_digits_commas_and_units_are_read_and_summed(tab: Page) -> None:
    type_into(at(tab, "/demand"), "q2", "１，２００台")
    assert tab.input_value("#q2") == "1200"
    assert text(tab, "[data-all-quantity]") == "1,266"
    assert text(tab, "[data-all-amount]") == "373,472,000"


def test_the_difference_to_last_time_follows_the_box(tab: Page) -> None:
    at(tab, "/demand").fill("#q2", "20")
    assert text(tab, "tr:has(#q2) .diff") == "−5"


def test_an_open_price_counts_in_quantities_and_never_in_the_sum(tab: Page) -> None:
    type_into(at(tab, "/demand"), "q3", "500")
    assert text(tab, "[data-all-quantity]") == "564"
    assert text(tab, "[data-all-amount]") == "15,872,000"
    assert "—" in text(tab, "tr:has(#q3) [data-amount]")


def test_enter_and_the_arrows_move_between_rows_of_every_lot(tab: Page) -> None:
    at(tab, "/demand").focus("#q1")
    places = []
    for key in ("Enter", "ArrowDown", "ArrowUp", "Shift+Enter"):
        tab.keyboard.press(key)
        places.append(focused(tab))
    assert places == ["q2", "q3", "q2", "q1"]


def test_the_arrows_go_sideways_where_the_caret_can_go_no_further(tab: Page) -> None:
    at(tab, "/demand").focus("#q1")
    places = []
    for key in ("ArrowRight", "ArrowLeft", "End", "ArrowLeft", "ArrowRight", "ArrowRight"):
        tab.keyboard.press(key)
        places.append(focused(tab))
    assert places == ["s1", "q1", "q1", "q1", "q1", "s1"]


def test_a_block_from_a_spreadsheet_fills_main_units_and_spares(tab: Page) -> None:
    paste(at(tab, "/demand"), "q1", "10\t1\r\n20\t2\t99\r\n")
    assert [tab.input_value(f"#{box}") for box in ("q1", "s1", "q2", "s2")] == ["10", "1", "20", "2"]
    assert text(tab, "[data-all-quantity]") == "35"
    assert text(tab, "[data-lot-spares] >> nth=0") == "3"


def test_spares_are_counted_and_paid_for_like_main_units(tab: Page) -> None:
    type_into(at(tab, "/demand"), "s1", "6")
    assert text(tab, "tr:has(#q1) .diff") == "＋10"
    assert text(tab, "tr:has(#q1) [data-amount]") == "17,360,000円"


def test_who_types_a_quantity_takes_part_in_its_lot_and_in_no_other(tab: Page) -> None:
    at(tab, "/demand").check("input[name=join-2][value=no]")
    type_into(tab, "q3", "５")
    assert tab.is_checked("input[name=join-2][value=yes]")
    tab.check("input[name=join-1][value=no]")
    type_into(tab, "q3", "6")
    assert tab.is_checked("input[name=join-1][value=no]")


def test_enter_belongs_to_the_input_method_while_it_converts(tab: Page) -> None:
    at(tab, "/demand").focus("#q1")
    taken = tab.evaluate(ENTER_WHILE_CONVERTING)
    assert taken is False
    assert focused(tab) == "q1"


def test_a_column_from_a_spreadsheet_fills_downward_over_the_lots(tab: Page) -> None:
    paste(at(tab, "/demand"), "q2", "３０\r\n4\r\n5\r\n")
    assert (tab.input_value("#q2"), tab.input_value("#q3")) == ("30", "4")
    told = tab.locator("[data-announce]").text_content() or ""
    assert told.startswith("2行を貼り付けました。1行は表に入りません。合計 数量98")


def test_what_is_no_quantity_is_kept_and_told_beside_the_box(tab: Page) -> None:
    type_into(at(tab, "/demand"), "q2", "-3")
    assert tab.input_value("#q2") == "-3"
    assert text(tab, "#q2-error") == "＊数量は0以上の整数で入力してください（例：12）。"
    assert tab.get_attribute("#q2", "aria-describedby") == "q2-error"
    type_into(tab, "q2", "3")
    assert tab.locator("#q2-error").count() == 0
    assert tab.get_attribute("#q2", "aria-invalid") is None


def test_leaving_with_unsaved_quantities_is_asked_about(tab: Page) -> None:
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    tab.on("dialog", answer)
    at(tab, "/demand").goto("/demand")
    assert asked == []
    tab.fill("#q1", "65")
    assert text(tab, "[data-saved]") == "保存していない変更があります"
    tab.goto("/prices")
    assert asked == ["beforeunload"]


def test_totals_of_unit_prices_are_exact_for_every_bidder(tab: Page) -> None:
    paste(at(tab, "/prices"), "a0", "0.1\t9999999999.99\n￥1,000円\t0.01")
    assert [place.inner_text() for place in tab.locator("[data-total]").all()] == ["7,000.3円", "30,000,000,000.04円"]


def test_a_total_says_which_prices_are_still_missing(tab: Page) -> None:
    type_into(at(tab, "/prices"), "a0", "10")
    first, second = tab.locator("[data-total]").all()
    assert "30円" in first.inner_text()
    assert "未入力 1品目" in first.inner_text()
    assert "—" in second.inner_text()


def test_more_decimals_than_the_rules_allow_are_refused(tab: Page) -> None:
    type_into(at(tab, "/prices"), "a0", "1.005")
    assert "小数2桁まで" in text(tab, "#a0-error")


def test_without_scripts_the_sums_of_the_server_stand(chromium: Browser, origin: str) -> None:
    window = Window(chromium, origin, javascript=False)
    window.page.goto("/demand")
    assert text(window.page, "[data-all-amount]") == "15,872,000"
    window.close()
