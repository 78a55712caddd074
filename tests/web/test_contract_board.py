"""The board of a round's contracts: statuses, 納入期限, and the workbook with the same figures."""

from datetime import timedelta
from io import BytesIO

from openpyxl import load_workbook

from procure.reports.contracts import contract_board
from procure.rounds.queries import find_round
from tests.contracts.contracting import CODE, contracted, performing
from tests.people import AUDITOR, KATSURAGI, NOW, SECRETARIAT, text_of
from tests.web.rounds_at import council

OWN = "/contracts/R3-1/pc"
BOARD = "/rounds/R3-1/contracts"
THEIRS = f"{BOARD}/{CODE}/pc"


def test_the_board_shows_every_body_and_filters_by_status(sqlite_url: str) -> None:
    with council(sqlite_url, performing) as town:
        browser = town.browser(AUDITOR)
        board, chosen = text_of(browser.get(BOARD)), text_of(browser.get(f"{BOARD}?status=performing"))
    assert "すべて（20）" in board
    assert "履行中（1）" in board
    assert "検収数量" in board
    assert "大和郡山市" in board
    assert "大和郡山市" not in chosen


def test_a_deadline_makes_late_deliveries_visible(sqlite_url: str) -> None:
    with council(sqlite_url, contracted) as town:
        browser = town.browser(SECRETARIAT)
        page = f"{BOARD}/deadlines"
        fields = {"deadline-pc": "R8.11.30", "deadline-printer": "", "seen": "- -"}
        early = browser.post(page, fields | {"deadline-pc": "R3.1.1"})
        assert (early.status_code, "入札日（令和3年6月11日）より前" in early.text) == (422, True)
        assert browser.post(page, fields).status_code == 303
        stale = browser.post(page, fields | {"deadline-pc": "R8.12.25"})
        assert (stale.status_code, "R8.12.25" in stale.text) == (409, True)
        assert "納入期限超過" not in text_of(browser.get(THEIRS))
        town.wait(timedelta(days=7))
        late = town.browser(SECRETARIAT)
        assert "納入期限超過" in text_of(late.get(THEIRS))
        assert "納入期限を過ぎています" in text_of(town.browser(KATSURAGI).get(OWN))


def test_the_workbook_has_the_figures_of_the_page(sqlite_url: str) -> None:
    with council(sqlite_url, performing) as town:
        answer = town.browser(SECRETARIAT).get(f"{BOARD}.xlsx")
        with town.database.read() as session:
            board = contract_board(session, find_round(session, "R3-1"), NOW.date())
    book = load_workbook(BytesIO(answer.content), data_only=True)
    figures = [[cell.value for cell in row] for row in book["予定・契約・検収の金額"].iter_rows(min_row=2)]
    assert [row[:3] for row in figures[-3:]] == [["合計", one.measure.label, one.quantity] for one in board.figures]
    assert [row[7] for row in figures[-3:]] == [one.amount for one in board.figures]
    assert book["契約の状況"].max_row == 21
