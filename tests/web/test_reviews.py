"""事後審査 in the browser: the candidate is examined, and the next one moves up."""

from datetime import date

import pytest
from sqlmodel import select

from procure.bids.after_tables import EarlierDrawRow, ReviewRow
from tests import outcomes, stages
from tests.people import AUDITOR, KATSURAGI, SECRETARIAT, STRANGER, Service, text_of
from tests.web.rounds_at import REF, council, row_in
from tests.web.stage import content_of

REVIEW = f"/rounds/{REF}/lots/pc/review"
DECISION = f"/rounds/{REF}/lots/pc/decision"


def form(town: Service, **changes: str) -> dict[str, str]:
    return {"version": str(row_in(town).version), "verdict": "passed", "reviewed_on": "R8.11.24"} | changes


def reviews(town: Service) -> list[tuple[bool, str | None, date]]:
    with town.database.read() as session:
        rows = session.exec(select(ReviewRow).order_by(ReviewRow.position)).all()  # type: ignore[arg-type]
        return [(row.passed, row.reason, row.reviewed_on) for row in rows]


def test_the_page_names_the_candidate_and_what_it_bid(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes.reviewing) as town:
        page = text_of(town.browser(SECRETARIAT).get(REVIEW))
    assert "見本システム株式会社" in page
    assert "110,000,000" in page


def test_a_candidate_that_passes_may_be_confirmed(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes.reviewing) as town:
        browser = town.browser(SECRETARIAT)
        answer = browser.post(REVIEW, form(town))
        assert answer.headers["location"] == f"{DECISION}?done=review_recorded"
        assert reviews(town) == [(True, None, date(2026, 11, 24))]
        assert "見本システム株式会社は、入札参加資格の審査に適合しました。" in text_of(browser.get(DECISION))
        assert browser.get(REVIEW).status_code == 409


def test_the_next_lowest_moves_up_when_the_candidate_fails(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes.reviewing) as town:
        browser = town.browser(SECRETARIAT)
        browser.post(REVIEW, form(town, verdict="failed", reason="納入実績の不足"))
        page = text_of(browser.get(REVIEW))
        assert reviews(town) == [(False, "納入実績の不足", date(2026, 11, 24))]
    assert "いまの落札候補者 株式会社見本電機" in page
    assert "見本システム株式会社：納入実績の不足" in page


def test_the_paper_lottery_is_drawn_again_and_the_first_one_is_kept(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes.reviewing_a_draw) as town:
        browser = town.browser(SECRETARIAT)
        browser.post(REVIEW, form(town, verdict="failed", reason="指名停止"))
        page = text_of(browser.get(DECISION))
        with town.database.read() as session:
            assert [row.drawn_by for row in session.exec(select(EarlierDrawRow))] == ["各入札者"]
    assert "株式会社見本電機が落札候補者です。" in page  # the only one left of the two
    assert "指名停止" in page


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"verdict": "", "reviewed_on": ""}, ["verdict", "reviewed_on"]),
        ({"verdict": "failed", "reason": "", "reviewed_on": "きのう"}, ["reason", "reviewed_on"]),
        ({"verdict": "failed", "reason": "字" * 1001, "reviewed_on": "R8.11.25"}, ["reason", "reviewed_on"]),
        ({"reviewed_on": "R3.6.10"}, ["reviewed_on"]),
    ],
)
def test_all_faults_are_told_at_once_and_what_was_typed_is_kept(
    sqlite_url: str, changes: dict[str, str], fields: list[str]
) -> None:
    with council(sqlite_url, outcomes.reviewing) as town:
        page = town.browser(SECRETARIAT).post(REVIEW, form(town, **changes))
        assert reviews(town) == []
    assert page.status_code == 422
    assert f"入力内容に{len(fields)}件の誤りがあります" in page.text
    for field in fields:
        assert f'href="#{field}"' in page.text
    assert f'value="{changes["reviewed_on"]}"' in page.text


def test_a_stale_page_keeps_what_was_typed(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes.reviewing) as town:
        page = town.browser(SECRETARIAT).post(REVIEW, form(town, version="1", verdict="failed", reason="理由の文"))
        assert reviews(town) == []
    assert page.status_code == 409
    assert "理由の文" in page.text


def test_where_nobody_waits_for_a_review_there_is_no_page(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        before = content_of(town)
        browser = town.browser(SECRETARIAT)
        assert browser.get(REVIEW).status_code == 409
        assert browser.post(REVIEW, form(town)).status_code == 409
        assert content_of(town)["qualification_review"] == before["qualification_review"]


def test_who_may(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes.reviewing) as town:
        assert town.browser(AUDITOR).get(REVIEW).status_code == 403
        assert town.browser(KATSURAGI).get(REVIEW).status_code == 403
        assert town.browser(STRANGER).get(REVIEW).headers["location"].startswith("/sign-in")
        assert town.browser(SECRETARIAT).post(REVIEW, form(town) | {"csrf_token": "x"}).status_code == 403
        town.browser(SECRETARIAT).get(REVIEW)
        assert reviews(town) == []
