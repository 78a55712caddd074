"""The page of the 数量集計表: a lot at a time, at any day, with what changed, and its downloads."""

from datetime import datetime, timedelta
from io import BytesIO
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook
from sqlmodel import Session

from procure.rounds.tables import RoundRow
from tests.demand.test_changes import answer
from tests.harness.pdf import text as pdf_text
from tests.people import AUDITOR, NARA, SECRETARIAT, STRANGER, Service, text_of
from tests.stages import answered, preparing
from tests.web.rounds_at import council
from tests.web.stage import REF, content_of

PATH = f"/rounds/{REF}/consolidated"


def changed(session: Session, now: datetime) -> RoundRow:
    """All answer on 24 November; 葛城市 asks for nine computers only, two days later."""
    row = answered(session, now)
    answer(session, row, {"note-standard": 8}, now + timedelta(days=2), {"note-standard": 1}, body="292117")
    return row


def later(town: Service) -> Service:
    town.wait(timedelta(days=3))
    return town


def test_a_lot_is_shown_with_its_sums(sqlite_url: str) -> None:
    with council(sqlite_url, answered) as town:
        words = text_of(town.browser(SECRETARIAT).get(PATH))
        printers = text_of(town.browser(AUDITOR).get(f"{PATH}?lot=printer"))
    assert "令和8年11月24日（火）9時00分現在" in words
    assert "292028 大和高田市 6 24 24 34 87 175" in words
    assert "合計 523 155 193 361 765 1,997" in words
    assert "団体数 13 12 13 13 13 13" in words
    assert "合計 26 94 44 164" in printers


def test_what_changed_since_a_day_stands_beside_what_it_was(sqlite_url: str) -> None:
    with council(sqlite_url, changed) as town:
        page = later(town).browser(SECRETARIAT).get(f"{PATH}?since=令和8年11月25日")
        same = town.browser(SECRETARIAT).get(f"{PATH}?lot=printer&since=R8.11.25")
    words = text_of(page)
    assert "葛\U000e0100城市 9 うち予備 1 変更前 67" in words
    assert "合計 465 うち予備 1 変更前 523" in words
    assert page.text.count("is-changed") == 2 * 6
    assert "このロットに変更はありません。" in same.text


def test_the_quantities_of_an_earlier_day_are_those_at_its_end(sqlite_url: str) -> None:
    with council(sqlite_url, changed) as town:
        browser = later(town).browser(SECRETARIAT)
        yesterday = text_of(browser.get(f"{PATH}?day=2026-11-25"))
        after = text_of(browser.get(f"{PATH}?day=2026-11-26"))
        before = text_of(browser.get(f"{PATH}?day=2026-11-23"))
    assert "令和8年11月25日（水）の終わり現在" in yesterday
    assert "合計 523" in yesterday
    assert "合計 465" in after
    assert "団体数 0 0" in before


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("since=来年", "日付を読み取れません"),
        ("since=2026-12-01", "今日より後の日は指定できません。"),
        ("day=2026-12-01", "今日より後の日は指定できません。"),
        ("day=2026-11-20&since=2026-11-22", "より後の日とは比べられません。"),
    ],
)
def test_a_day_that_makes_no_sense_is_shown_again(sqlite_url: str, query: str, said: str) -> None:
    with council(sqlite_url, answered) as town:
        browser = town.browser(SECRETARIAT)
        page = browser.get(f"{PATH}?{query}")
        assert browser.get(f"{PATH}.pdf?{query}").status_code == 404
    assert page.status_code == 422
    assert said in page.text
    assert all(f'value="{typed.partition("=")[2]}"' in page.text for typed in query.split("&"))


def test_the_downloads_say_what_the_page_says(sqlite_url: str) -> None:
    with council(sqlite_url, changed) as town:
        browser = later(town).browser(SECRETARIAT)
        pdf = browser.get(f"{PATH}.pdf?lot=pc&since=R8.11.25")
        xlsx = browser.get(f"{PATH}.xlsx?since=R8.11.25")
    name = unquote(pdf.headers["content-disposition"])
    assert "令和3年度_R3-1_数量集計表_令和8年11月27日.pdf" in name
    assert "旧67" in pdf_text(pdf.content)
    assert "プリンタの共同調達" not in pdf_text(pdf.content)
    book = load_workbook(BytesIO(xlsx.content), data_only=True)
    assert book.sheetnames == ["パソコンの共同調達", "プリンタの共同調達", "変更", "この表について"]


def test_a_round_without_lots_says_so(sqlite_url: str) -> None:
    with council(sqlite_url, preparing) as town:
        assert town.browser(SECRETARIAT).get(PATH).status_code == 200
        assert town.browser(SECRETARIAT).get("/rounds/R9-9/consolidated").status_code == 404


def test_strangers_and_municipalities_stay_out(sqlite_url: str) -> None:
    with council(sqlite_url, answered) as town:
        for path in (PATH, f"{PATH}.pdf", f"{PATH}.xlsx"):
            assert town.browser(STRANGER).get(path).headers["location"].startswith("/sign-in?next=")
            assert town.browser(NARA).get(path).status_code == 403


def test_looking_changes_nothing(sqlite_url: str) -> None:
    with council(sqlite_url, answered) as town:
        browser = town.browser(AUDITOR)
        before = content_of(town)
        assert browser.get(PATH).status_code == 200
        assert browser.get(f"{PATH}.xlsx").status_code == 200
        assert content_of(town) == before
