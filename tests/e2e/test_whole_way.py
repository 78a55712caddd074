"""The whole way of a joint procurement in the browser: from a municipality's demand to the public result."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from procure.database import Database
from procure.parties.tables import BodyRow
from tests.harness import pdf
from tests.harness.browser import Window, faults
from tests.people import KATSURAGI, NOW, SECOND, SECRETARIAT
from tests.stages import surveying

pytestmark = pytest.mark.browser

PageOf = Callable[..., Page]
OFFICIAL = "葛\U000e0100城市"
TITLE = f"{OFFICIAL}ほか共同調達"
ASKED = (10, 2, 0, 10, 30, 1, 4, 0)  # as the items stand in the grid
PC, PRINTER = "パソコンの共同調達", "プリンタの共同調達"
MAHOROBA, YAMATO = "株式会社まほろば", "大和情報機器株式会社"


def test_from_the_demand_of_a_municipality_to_its_letter_and_the_public_result(
    sqlite_url: str, page_of: PageOf, open_window: Callable[..., Window]
) -> None:
    begin(sqlite_url)
    office = page_of(SECRETARIAT)
    rename(office)
    town = page_of(KATSURAGI)
    register(town)
    close_and_announce(office)
    colleague = page_of(SECOND)
    # 91,000×10 + 110,000×2 + 23,000×10 + 31,000×30 = 2,290,000; the other comes to 2,374,000
    record(office, "pc", {MAHOROBA: (91_000, 110_000, 23_000, 31_000), YAMATO: (95_000, 112_000, 24_000, 32_000)})
    check(office, colleague, {MAHOROBA: 2_290_000, YAMATO: 2_374_000})
    # 61,000×1 + 29,000×4 = 177,000; the other comes to 182,000
    record(office, "printer", {MAHOROBA: (62_000, 30_000), YAMATO: (61_000, 29_000)})
    check(office, colleague, {MAHOROBA: 182_000, YAMATO: 177_000})
    confirm_and_publish(office, colleague)
    read_own_result(town)
    read_public_result(open_window().page)


def begin(url: str) -> None:
    """The survey of the Reiwa 3 round is open, and the city bears its official name."""
    database = Database(url)
    with database.write() as session:
        surveying(session, NOW)
        session.get_one(BodyRow, KATSURAGI.body_code).display_name = OFFICIAL
    database.close()


def rename(office: Page) -> None:
    office.goto("/rounds/R3-1/edit")
    office.get_by_label("件名").fill(TITLE)
    press(office, "保存する")
    expect(office.locator("h1")).to_have_text(TITLE)


def register(town: Page) -> None:
    town.goto("/")
    town.get_by_role("link", name="登録する").click()
    for box, quantity in zip(town.locator("input.box").all()[::2], ASKED, strict=True):
        box.fill(str(quantity or ""))
    press(town, "確認画面へ進む")
    press(town, "この内容で登録する")
    expect(town.locator("main")).to_contain_text("R3-1-292117-01")
    assert TITLE in town.content()


def close_and_announce(office: Page) -> None:
    office.goto("/rounds/R3-1/survey/close")
    press(office, "需要登録を締め切る")
    go_on(office, "入札者を登録する")
    for place, name in enumerate((MAHOROBA, YAMATO)):
        row = office.locator("tbody tr").nth(place)
        office.locator(f"#bidder-{place}-name").fill(name)
        for lot in (PC, PRINTER):
            row.get_by_label(lot).check()
    press(office, "保存する")
    for lot, amount in (("pc", "3,000,000"), ("printer", "250,000")):
        seal(office, lot, amount)
    go_on(office, "確認画面へ進む")
    press(office, "この条件で公告する")
    go_on(office, "開札の画面へ進む")
    open_before_a_witness(office)


def seal(office: Page, lot: str, without_tax: str) -> None:
    office.goto(f"/rounds/R3-1/lots/{lot}/ceiling")
    office.get_by_label("入札書比較価格（税抜）").fill(without_tax)
    office.get_by_label("説明").fill("参考見積の平均による。")
    press(office, "封印する")
    expect(office.locator("main")).to_contain_text("予定価格は封印されています")
    assert without_tax not in office.content()


def open_before_a_witness(office: Page) -> None:
    office.get_by_label("開札日").fill("R8.11.24")
    office.get_by_label("開札時刻").fill("9:00")
    office.get_by_label("開札の場所").fill("県庁　会議室")
    office.get_by_label("入札執行者").fill("大和　太郎")
    office.get_by_label("記録者").fill("生駒　花子")
    office.get_by_label("立会人1の氏名").fill("会計　一郎")
    office.get_by_label("立会人1の所属").fill("会計課")
    assert faults(office) == []
    press(office, "開札を始める")


def record(office: Page, lot: str, prices: Mapping[str, Sequence[int]]) -> None:
    go_on(office, "入札を記録する")
    assert f"/lots/{lot}/attempts/1" in office.url
    for column, (name, unit_prices) in enumerate(prices.items()):
        office.get_by_label(f"{name}の入札・辞退・不参の別").select_option("bid")
        rows = office.locator("price-grid tbody tr").all()
        for row, price in zip(rows, unit_prices, strict=True):
            row.locator("input.box").nth(column).fill(str(price))
    press(office, "この内容で記録する")


def check(office: Page, colleague: Page, totals: Mapping[str, int]) -> None:
    """The recorder waits; a colleague types the papers again, first with a slip, and then as they are."""
    office.goto("/rounds/R3-1")
    expect(office.locator(".next")).to_contain_text("照合を待っています")
    go_on(colleague, "書面と照合する")
    type_again(colleague, {name: total + 1 for name, total in totals.items()})
    expect(colleague.locator("main")).to_contain_text("照合で相違が見つかりました")
    go_on(colleague, "書面と照合する")
    assert faults(colleague) == []
    type_again(colleague, totals)
    expect(colleague.locator("main")).to_contain_text("記録と書面は一致しています")


def type_again(colleague: Page, totals: Mapping[str, int]) -> None:
    for name, total in totals.items():
        colleague.get_by_label(f"{name}の入札・辞退・不参の別").select_option("bid")
        colleague.get_by_label(f"{name}の入札金額").fill(f"{total:,}")
    press(colleague, "照合する")


def confirm_and_publish(office: Page, colleague: Page) -> None:
    go_on(office, "確認画面へ進む")
    office.get_by_label("決裁番号").fill("奈電推協決第１号")
    office.get_by_label("決裁日").fill("令和8年11月24日")
    office.get_by_label("金額を確認しました").check()
    press(office, "決定を申請する")
    colleague.goto("/rounds/R3-1/confirm")
    for lot, amount in ((PC, "2,519,000"), (PRINTER, "194,700")):
        colleague.get_by_label(f"{lot}の契約金額").fill(amount)
    press(colleague, "落札者を確定する")
    go_on(office, "確認画面へ進む")
    press(office, "この内容で公表する")
    office.goto("/")
    expect(office.locator("main")).to_contain_text("進行中の案件はありません。")


def read_own_result(town: Page) -> None:
    town.goto("/")
    town.get_by_role("link", name="結果を見る").click()
    for amount in ("2,290,000", "229,000", "2,519,000", "177,000", "194,700"):
        expect(town.locator("main")).to_contain_text(amount)
    assert faults(town) == []
    with town.expect_download() as letter:
        town.get_by_role("link", name="結果通知（PDF）を受け取る").click()
    words = pdf.text(Path(letter.value.path()).read_bytes())
    assert f"{OFFICIAL}長" in words
    assert TITLE in words
    assert "2,519,000" in words
    assert letter.value.suggested_filename == "令和3年度_R3-1_結果通知_292117_葛城市.pdf"


def read_public_result(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name=TITLE).click()
    expect(page.locator("h1")).to_have_text(TITLE)
    for shown in (MAHOROBA, YAMATO, "2,290,000", "177,000"):
        expect(page.locator("main")).to_contain_text(shown)
    assert page.get_by_role("rowheader", name=OFFICIAL, exact=True).count() == 2
    assert faults(page) == []


def press(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=button).click()


def go_on(office: Page, label: str) -> None:
    """From the page of the round, the next step that it names."""
    office.goto("/rounds/R3-1")
    office.locator(".next").get_by_role("link", name=label).click()
