"""前回契約単価 as anybody may read it: that of published rounds, alike on the page and in the documents."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from openpyxl import load_workbook
from sqlmodel import Session

from procure.awards.actions import publish
from procure.awards.archive import import_round
from procure.database import Database
from procure.rounds.queries import find_round
from tests.harness.pdf import text as pdf_text
from tests.people import KATSURAGI, NOW, SECRETARIAT, STRANGER, Browser, Service, service, text_of
from tests.web.published_years import round_of

BEFORE, REF = "R2-1", "R3-1"
LAST = "R2-1（R2.6.11入札）"
PAGE, OWN = f"/published/{REF}", f"/results/{REF}/savings"
FILES = f"{PAGE}/documents/savings"


@contextmanager
def two_years(url: str, *published: str) -> Iterator[Service]:
    """The example, and a year before it a tenth dearer: both decided, and those that are named published."""
    database = Database(url)
    with database.write() as session:
        for year, percent in ((2020, 100), (2021, 90)):
            import_round(session, round_of(year, percent), "事務局", NOW)
        for ref in published:
            _publish(session, ref)
    database.close()
    with service(url) as town:
        yield town


def _publish(session: Session, ref: str) -> None:
    publish(session, find_round(session, ref), "事務局", NOW)


def csv_of(browser: Browser) -> str:
    return browser.get(f"{FILES}.csv").content.decode("utf-8-sig")


def sheet_of(browser: Browser) -> str:
    book = load_workbook(BytesIO(browser.get(f"{FILES}.xlsx").content), data_only=True)
    return str([row for sheet in book for row in sheet.iter_rows(values_only=True)])


def print_of(browser: Browser) -> str:
    return pdf_text(browser.get(f"{FILES}.pdf").content)


def test_the_prices_of_a_round_that_is_not_published_are_told_to_nobody_outside(sqlite_url: str) -> None:
    with two_years(sqlite_url, REF) as town:
        stranger, body = town.browser(STRANGER), town.browser(KATSURAGI)
        assert stranger.get(f"/published/{BEFORE}").status_code == 404
        outside = (text_of(stranger.get(PAGE)), csv_of(stranger), sheet_of(stranger), print_of(stranger))
        own = text_of(body.get(OWN))
        inside = text_of(town.browser(SECRETARIAT).get(f"/rounds/{REF}/savings"))
    assert not [text for text in (*outside, own) if BEFORE in text]
    assert LAST in inside


def test_the_prices_of_a_published_round_stand_on_the_page_and_in_the_documents(sqlite_url: str) -> None:
    with two_years(sqlite_url, BEFORE, REF) as town:
        stranger, body = town.browser(STRANGER), town.browser(KATSURAGI)
        page = text_of(stranger.get(PAGE))
        files = (csv_of(stranger), sheet_of(stranger), print_of(stranger))
        inside = text_of(town.browser(SECRETARIAT).get(f"/rounds/{REF}/savings"))
        own = text_of(body.get(OWN))
    sums = re.findall(r"計（前回のある品目） 113,643,760 [^%]+%", inside)
    assert sums
    assert re.findall(r"計（前回のある品目）[^%]+%", page)[: len(sums)] == sums
    assert f"前回の案件 {LAST}" in page
    assert all(LAST in file for file in files)
    assert "前回契約単価のある" in own
