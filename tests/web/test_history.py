"""The record of who did what."""

import re

import pytest

from procure.history.queries import Change
from procure.history.record import record
from procure.web.history import in_words
from tests import stages
from tests.people import AUDITOR, NOW, SECRETARIAT, text_of
from tests.web.rounds_at import REF, council

OF_ROUND = f"/rounds/{REF}/history"


def test_who_did_what_when_is_told_in_japanese(sqlite_url: str) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        page = text_of(town.browser(AUDITOR).get(OF_ROUND))
    assert "令和8年11月24日（火） 9時00分" in page
    assert "落札者を決定" in page
    assert "入札 → から 開札・決定" in page
    assert "大和郡山市" in page
    assert "292036" not in page


def test_everything_is_in_the_record_of_the_service_and_a_round_has_its_own(sqlite_url: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        browser = town.browser(SECRETARIAT)
        everything, own = text_of(browser.get("/history")), text_of(browser.get(OF_ROUND))
    assert "サインイン" in everything
    assert "サインイン" not in own
    assert "案件を作成" in own


def test_a_hundred_are_shown_and_the_rest_follows_without_a_gap(sqlite_url: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        with town.database.write() as session:
            for number in range(210):
                record(session, NOW, "同僚", "round_changed", round_ref=REF, subject=f"変更{number:03}")
        browser = town.browser(SECRETARIAT)
        shown: list[str] = []
        page, pages = browser.get(OF_ROUND).text, 1
        while more := re.search(r'href="([^"]+)">続きを見る', page):
            shown += re.findall("変更[0-9]{3}", page)
            page, pages = browser.get(more[1]).text, pages + 1
        shown += re.findall("変更[0-9]{3}", page)
    assert shown == [f"変更{number:03}" for number in reversed(range(210))]
    assert pages == 3


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "１"])
def test_a_number_that_is_none_is_ignored(sqlite_url: str, before: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        assert town.browser(SECRETARIAT).get(f"/history?before={before}").status_code == 200


def test_what_was_recorded_is_escaped(sqlite_url: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        with town.database.write() as session:
            record(session, NOW, "<b>", "round_changed", subject="<script>", changes={"<i>": ("<u>", "<s>")})
        page = town.browser(SECRETARIAT).get("/history").text
    assert not [markup for markup in ("<script>", "<i>", "<u>", "<s>") if markup in page.split("<main")[1]]


@pytest.mark.parametrize(
    ("change", "read"),
    [
        (Change("stage", "bidding", "opening"), Change("段階", "入札", "開札・決定")),
        (Change("bid_date", None, "2026-12-11"), Change("入札日", None, "令和8年12月11日")),
        (
            Change("deadline", None, "2026-12-11T17:15:00+09:00"),
            Change("登録期限", None, "令和8年12月11日（金）17時15分"),
        ),
        (Change("draw", "paper", "kuji_only"), Change("くじの方法", "くじ（紙）", "電子くじ（くじ番号のみ）")),
        (Change("is_sample", "False", "True"), Change("見本の案件", "いいえ", "はい")),
        (Change("item pc", None, "ノート"), Change("品目 pc", None, "ノート")),
        (Change("ノートパソコン", "3", None), Change("ノートパソコン", "3", None)),
    ],
)
def test_a_change_is_read_in_words(change: Change, read: Change) -> None:
    assert in_words(change) == read
