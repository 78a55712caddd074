"""The pages of 経費削減効果: of a round, over all years, and a body's own part."""

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlmodel import Session, select

from procure.awards.actions import publish
from procure.awards.archive import import_round
from procure.rounds.tables import LotRow, RoundRow
from procure.settlement.round import CeilingDisclosure
from tests import stages
from tests.people import AUDITOR, KATSURAGI, NARA, SECRETARIAT, STRANGER, text_of
from tests.web.rounds_at import REF, Builder, council
from tests.web.stage import content_of

PAGE, YEARS, OWN = f"/rounds/{REF}/savings", "/savings", f"/results/{REF}/savings"
OF_ALL = (PAGE, YEARS, f"{YEARS}.xlsx", f"{YEARS}.csv")
UNDECIDED = (stages.preparing, stages.answered, stages.specified, stages.bidding, stages.decided)
HEADINGS = (
    "品目別の定価と落札単価",
    "比較の基準別の結果",
    "件名別の削減額",
    "品目別の削減額",
    "市町村別の削減額",
    "落札者別の削減額",
    "合計の突合",
    "算定の方法",
)


def a_year_later(session: Session, now: datetime) -> RoundRow:
    """The example, and a round of the same items a year before it, won by another for more."""
    row = stages.published(session, now)
    value = stages.example()
    dearer = [
        replace(
            bid, total=None, unit_prices={item: price * 11 // 10 for item, price in (bid.unit_prices or {}).items()}
        )
        for bid in value.lots[0].attempts[0].bids[:1]
    ]
    attempt = replace(value.lots[0].attempts[0], bids=tuple(dearer))
    rules = replace(value.lots[0].rules, ceiling=None)
    lot = replace(value.lots[0], attempts=(attempt,), rules=rules)
    before = replace(value, id="R2-1", fiscal_year=2020, bid_date=date(2020, 6, 11), lots=(lot,))
    publish(session, import_round(session, before, "事務局", now), "事務局", now)
    return row


def test_the_report_opens_with_the_percentage_three_sums_and_a_chart(sqlite_url: str) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        page = town.browser(SECRETARIAT).get(PAGE)
    words = text_of(page)
    assert "値引率 54.6 % 定価総額（税抜） 261,229,800 円 落札総額（税抜） 118,529,820 円" in words
    assert page.text.index("142,699,980") < page.text.index('role="img"><title>品目別の定価と落札単価')
    assert [page.text.index(f">{heading}</h2>") for heading in HEADINGS] == sorted(
        page.text.index(f">{heading}</h2>") for heading in HEADINGS
    )


def test_the_ceiling_is_named_as_what_it_is_and_only_where_it_may_be(sqlite_url: str) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        browser = town.browser(AUDITOR)
        named = text_of(browser.get(PAGE))
        with town.database.write() as session:
            for lot in session.exec(select(LotRow)):
                lot.ceiling_disclosure = CeilingDisclosure.NEVER
        secret, years = browser.get(PAGE), browser.get(YEARS)
    assert "予定価格 入札差金（執行残） 128,830,000 118,529,820 10,300,180 8.0%" in named
    assert "予定価格を公表できる件名がない。" in text_of(secret)
    for page in (secret.text, years.text):
        assert not [ceiling for ceiling in ("122,730,000", "6,100,000", "10,300,180") if ceiling in page]


def test_last_times_prices_are_those_of_the_earlier_round(sqlite_url: str) -> None:
    with council(sqlite_url, a_year_later) as town:
        browser = town.browser(SECRETARIAT)
        page, years = text_of(browser.get(PAGE)), text_of(browser.get(YEARS))
        own = text_of(town.browser(KATSURAGI).get(OWN))
        book = load_workbook(BytesIO(browser.get(f"/rounds/{REF}/documents/savings.xlsx").content), data_only=True)
    assert "前回契約単価 前回との差額 132,870,100 113,643,760 19,226,340 14.5%" in page
    assert "前回の案件 R2-1（R2.6.11入札）" in page
    assert "対象：前回契約単価のある5／8品目（落札総額の95.9％）" in page
    assert "令和3年度 2 件 118,529,820" in years
    assert "令和2年度 1 件 132,870,100" in years
    assert "前回契約単価のある" in own
    assert [row[16] for row in book["品目別"].iter_rows(min_row=2, values_only=True)][:1] == ["R2-1（R2.6.11入札）"]


def test_the_years_are_downloaded_as_they_are_shown(sqlite_url: str) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        browser = town.browser(SECRETARIAT)
        book = load_workbook(BytesIO(browser.get(f"{YEARS}.xlsx").content), data_only=True)
        lines = browser.get(f"{YEARS}.csv").content.decode("utf-8-sig").splitlines()
    assert book.sheetnames == ["年度別", "品目の種類別", "落札者別", "市町村別", "比較の基準"]
    assert [cell.value for cell in book["年度別"][2]][:7] == [
        "令和3年度",
        2,
        118_529_820,
        261_229_800,
        118_529_820,
        142_699_980,
        54.6,
    ]
    assert [cell.value for cell in book["年度別"][2]][1:] == [cell.value for cell in book["年度別"][3]][1:]
    first = (
        '"年度","令和3年度","2","118529820","定価","削減額","261229800","118529820","142699980","54.6","8","8","100.0"'
    )
    assert lines[1] == first


def test_a_body_sees_its_own_figures_and_no_other_bodys(sqlite_url: str) -> None:
    with council(sqlite_url, stages.published) as town:
        own = text_of(town.browser(KATSURAGI).get(OWN))
        none = text_of(town.browser(NARA).get(OWN))
    assert "値引率 52.4 % 定価による額（税抜） 27,689,400 円 契約額（税抜） 13,174,540 円" in own
    assert "共同調達全体の値引率は54.6%です。" in own
    assert not [amount for amount in ("7,540,742", "8,731,610", "122,730,000") if amount in own]
    assert "奈良市が参加し、落札者が決まった件名はありません。" in none


def failed(session: Session, now: datetime) -> RoundRow:
    row = stages.confirmed(session, now)
    for lot in session.exec(select(LotRow)):
        lot.cancelled = "仕様の見直し"
    return row


def test_nothing_decided_yet_is_said(sqlite_url: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        assert "決定を確定した共同調達は、まだありません。" in text_of(town.browser(SECRETARIAT).get(YEARS))


def test_a_round_without_award_saved_nothing(sqlite_url: str) -> None:
    with council(sqlite_url, failed) as town:
        browser = town.browser(SECRETARIAT)
        page, years = browser.get(PAGE), browser.get(YEARS)
    assert "落札した件名がないため、経費削減効果はありません。" in text_of(page)
    assert "算出できません" in text_of(years)


@pytest.mark.parametrize("build", UNDECIDED)
def test_before_the_decision_is_confirmed_there_is_no_report(sqlite_url: str, build: Builder) -> None:
    with council(sqlite_url, build) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        answer = browser.get(PAGE)
        assert answer.status_code == 409
        assert "確定するまで" in answer.text
        assert content_of(town) == before
        assert town.browser(KATSURAGI).get(OWN).status_code == 404


def test_strangers_sign_in_and_each_role_keeps_to_its_pages(sqlite_url: str) -> None:
    with council(sqlite_url, stages.published) as town:
        for path in (*OF_ALL, OWN):
            assert town.browser(STRANGER).get(path).headers["location"].startswith("/sign-in?next=")
        assert [town.browser(KATSURAGI).get(path).status_code for path in OF_ALL] == [403] * 4
        assert [town.browser(person).get(OWN).status_code for person in (SECRETARIAT, AUDITOR)] == [403] * 2
        assert [town.browser(AUDITOR).get(path).status_code for path in OF_ALL] == [200] * 4
        assert town.browser(SECRETARIAT).get("/rounds/R9-9/savings").status_code == 404


def test_looking_changes_nothing(sqlite_url: str) -> None:
    with council(sqlite_url, stages.published) as town:
        browser, own = town.browser(SECRETARIAT), town.browser(KATSURAGI)
        before = content_of(town)
        for path in OF_ALL:
            assert browser.get(path).status_code == 200
        assert own.get(OWN).status_code == 200
        assert content_of(town) == before
