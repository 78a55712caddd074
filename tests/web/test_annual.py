"""The pages of the annual report."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

import pytest
from httpx import Response

from procure.awards.archive import import_round
from procure.database import Database
from procure.meetings.example import example_meetings
from procure.reports.year_report import year_report, year_report_text
from procure.templates import percent, yen
from tests import stages
from tests.harness import pdf
from tests.people import AUDITOR, KATSURAGI, NOW, SECRETARIAT, STRANGER, Service, service, text_of
from tests.reports.test_annual_report import EXAMPLE
from tests.reports.yearly import bought_in
from tests.web.stage import content_of

YEAR = "/annual/2021"
DOWNLOADS = (f"{YEAR}/report.pdf", f"{YEAR}/report.html")
PAGES = ("/annual", YEAR, *DOWNLOADS)


@contextmanager
def reporting(url: str) -> Iterator[Service]:
    """The example of Reiwa 3, its meetings, and a round of the year before."""
    database = Database(url)
    with database.write() as session:
        stages.published(session, NOW)
        import_round(session, bought_in(2020), "取込み", NOW)
        example_meetings(session, "見本", NOW)
    database.close()
    with service(url) as town:
        yield town


def copied(page: Response, name: str) -> str:
    """What stands in a text that is there to be copied."""
    found = re.search(rf'<pre class="copy__text" id="{name}">(.*?)</pre>', page.text, re.DOTALL)
    assert found is not None
    return unescape(found[1])


def test_the_section_of_the_example_is_there_to_copy_to_the_letter(sqlite_url: str) -> None:
    with reporting(sqlite_url) as town:
        page = town.browser(SECRETARIAT).get(YEAR)
        with town.database.read() as session:
            report = year_report(session, 2021)
    assert copied(page, "section-text") == EXAMPLE
    assert copied(page, "whole-text") == year_report_text(report)


def test_page_pdf_and_html_show_the_same_figures(sqlite_url: str) -> None:
    with reporting(sqlite_url) as town:
        browser = town.browser(SECRETARIAT)
        with town.database.read() as session:
            years = year_report(session, 2021).years
        made = [browser.get(path) for path in (YEAR, *DOWNLOADS)]
    words = [text_of(made[0]), pdf.text(made[1].content), text_of(made[2])]
    assert [row.fiscal_year for row in years.rows] == [2020, 2021]
    for row in (*years.rows, years.total):
        assert row.savings is not None
        amounts = (row.savings.list_total, row.savings.award_total, row.savings.saved)
        for said in words:
            assert re.search(r"\s+".join((*map(yen, amounts), re.escape(percent(row.savings.percent)))), said)


def test_all_three_tell_of_every_meeting(sqlite_url: str) -> None:
    with reporting(sqlite_url) as town:
        browser = town.browser(AUDITOR)
        with town.database.read() as session:
            report = year_report(session, 2021)
        made = [browser.get(path) for path in (YEAR, *DOWNLOADS)]
    words = [re.sub(r"\s", "", text) for text in (text_of(made[0]), pdf.text(made[1].content), text_of(made[2]))]
    for said in words:
        for part in ("情報セキュリティの基礎（見本）", "汎用受付部会（見本）", "電子申請の手続の追加", "継続して協議"):
            assert part in said
    assert len(report.trainings) + len(report.meetings) == 10
    assert "見本" in words[1]


def test_the_list_has_every_year_and_this_one(sqlite_url: str) -> None:
    with reporting(sqlite_url) as town:
        page = town.browser(AUDITOR).get("/annual")
    assert re.findall(r'href="/annual/([0-9]+)"', page.text) == ["2026", "2021", "2020"]
    said = text_of(page)
    assert "令和3年度 1 回 2 件 16 団体 261,229,800 118,529,820 142,699,980 54.6% 3 回 7 回" in said
    assert "合計 2 回 3 件 17 団体 262,229,800 119,029,820 143,199,980 54.6% 3 回 7 回" in said


def test_charts_tell_their_figures_to_those_who_do_not_see_them(sqlite_url: str) -> None:
    with reporting(sqlite_url) as town:
        pages = [town.browser(SECRETARIAT).get(path).text for path in ("/annual", YEAR)]
    for page in pages:
        assert page.count('role="img"') == 2
        assert "<title>年度別の定価総額と落札総額</title><desc>税抜。令和2年度 定価総額1,000,000円" in page
        assert "令和3年度 参加16団体、延べ20団体、落札2件" in page
        assert 'style="' not in page


def test_what_is_not_confirmed_is_not_told(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.write() as session:
        stages.decided(session, NOW)
    database.close()
    with service(sqlite_url) as town:
        browser = town.browser(SECRETARIAT)
        page = browser.get(YEAR)
        assert 'href="/annual/2021"' not in browser.get("/annual").text
    assert "落札した件名はありません。" in page.text
    assert "パソコンの共同調達" not in page.text


def test_a_year_with_nothing_has_a_page_and_its_documents(sqlite_url: str) -> None:
    with service(sqlite_url) as town:
        browser = town.browser(SECRETARIAT)
        page = browser.get("/annual/2015")
        document = browser.get("/annual/2015/report.pdf")
        assert browser.get("/annual").status_code == browser.get("/annual/2015/report.html").status_code == 200
    assert page.status_code == 200
    assert "<svg" not in page.text.partition('<main id="main"')[2].replace('<svg class="icon"', "")
    assert "登録された会議はありません。" in pdf.text(document.content)


def test_files_are_saved_under_the_name_of_the_year(sqlite_url: str) -> None:
    with reporting(sqlite_url) as town:
        made = [town.browser(AUDITOR).get(path) for path in DOWNLOADS]
    assert [answer.headers["content-type"] for answer in made] == ["application/pdf", "text/html; charset=utf-8"]
    for answer, ending in zip(made, ("pdf", "html"), strict=True):
        name = "%E4%BA%8B%E6%A5%AD%E5%A0%B1%E5%91%8A_%E4%BB%A4%E5%92%8C3%E5%B9%B4%E5%BA%A6"  # 事業報告_令和3年度
        assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}.{ending}"


@pytest.mark.parametrize("year", ["x", "20211", "1911", "3000", "２０２１", "-021"])
def test_what_is_no_year_is_not_found(sqlite_url: str, year: str) -> None:
    with service(sqlite_url) as town:
        browser = town.browser(SECRETARIAT)
        found = {browser.get(f"/annual/{year}{page}").status_code for page in ("", "/report.pdf", "/report.html")}
    assert found == {404}


@pytest.mark.parametrize("path", PAGES)
def test_only_the_secretariat_and_the_auditor_read_it(sqlite_url: str, path: str) -> None:
    with service(sqlite_url) as town:
        assert town.browser(STRANGER).get(path).headers["location"].startswith("/sign-in")
        assert town.browser(KATSURAGI).get(path).status_code == 403
        assert [town.browser(person).get(path).status_code for person in (SECRETARIAT, AUDITOR)] == [200, 200]


def test_looking_changes_nothing(sqlite_url: str) -> None:
    with reporting(sqlite_url) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        for path in PAGES:
            browser.get(path)
        assert content_of(town) == before


def test_the_auditor_is_not_offered_to_edit(sqlite_url: str) -> None:
    with reporting(sqlite_url) as town:
        assert "研修会・会議を編集する" in town.browser(SECRETARIAT).get(YEAR).text
        assert "研修会・会議を編集する" not in town.browser(AUDITOR).get(YEAR).text
