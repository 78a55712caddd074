"""What readers are told of a lot that is not bought of its winner: by 随意契約 (8号, 9号), or of nobody yet."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from procure.reports.businesses import name_key
from procure.rounds.queries import find_round
from tests import outcomes
from tests.api.programs import Program, council
from tests.documents.papers import text as pdf_text
from tests.people import KATSURAGI, NOW, SECRETARIAT, STRANGER, Service, text_of
from tests.web.rounds_at import REF, Builder

WINNER = "見本システム株式会社"  # of the computers in the example
ITEM, BODY = "/published/items/pc:note-standard", "/published/bodies/292117"
LAW = "地方自治法施行令第167条の2第1項第{}号"
NEGOTIATED = [
    pytest.param(outcomes.contracted_after_failing, "8", ("株式会社見本電機",), id="8号"),
    pytest.param(outcomes.not_signed, "9", ("随契　甲", "随契　乙"), id="9号"),
]
UNSIGNED = [pytest.param(outcomes.not_signed, id="9号"), pytest.param(outcomes.repeated, id="再度公告入札")]


@contextmanager
def published(url: str, build: Builder) -> Iterator[Service]:
    with council(url, outcomes.published(build)) as town:
        yield town


def supplier(name: str) -> str:
    return f"/published/suppliers/{name_key(name)}"


def spaced(name: str) -> str:
    """As a page reads, where every space is one."""
    return " ".join(name.split())


def is_found(town: Service, name: str) -> bool:
    return f"/published/{REF}" in town.browser(STRANGER).get(f"/published?supplier={name}").text


@pytest.mark.parametrize(("build", "ground", "contractors"), NEGOTIATED)
def test_a_contractor_is_found_and_told_with_what_is_bought_of_it(
    sqlite_url: str, build: Builder, ground: str, contractors: tuple[str, ...]
) -> None:
    with published(sqlite_url, build) as town:
        for name in contractors:
            assert is_found(town, name)
            words = text_of(town.browser(STRANGER).get(supplier(name)))
            assert f"随意契約（令167条の2第1項第{ground}号）" in words
        totals = [
            int(amount.replace(",", ""))
            for name in contractors
            for amount in re.findall(
                r"契約額の合計（税抜）\s+([\d,]+)", text_of(town.browser(STRANGER).get(supplier(name)))
            )
        ]
    assert sum(totals) == 1_997_000


@pytest.mark.parametrize("build", UNSIGNED)
def test_nothing_is_bought_of_a_winner_who_did_not_sign(sqlite_url: str, build: Builder) -> None:
    with published(sqlite_url, build) as town:
        browser = town.browser(STRANGER)
        assert browser.get(supplier(WINNER)).status_code == 404
        assert not is_found(town, WINNER)
        page = browser.get(f"/published/{REF}")
    assert "落札者が契約を締結しなかったため、" in page.text
    assert supplier(WINNER) not in page.text


@pytest.mark.parametrize(("build", "ground", "contractors"), NEGOTIATED)
def test_an_item_and_a_body_are_told_at_the_price_that_was_agreed(
    sqlite_url: str, build: Builder, ground: str, contractors: tuple[str, ...]
) -> None:
    with published(sqlite_url, build) as town:
        item, body = (text_of(town.browser(STRANGER).get(page)) for page in (ITEM, BODY))
    assert re.search(rf"1,000\s.*{spaced(contractors[0])}\s+随意契約（令167条の2第1項第{ground}号）", item)
    assert WINNER not in item
    assert all(spaced(name) in body for name in contractors)
    assert WINNER not in body
    assert re.search(r"参加した件名\s+1\s件", body)


def test_what_is_tendered_again_was_bought_by_nobody(sqlite_url: str) -> None:
    with published(sqlite_url, outcomes.repeated) as town:
        assert [town.browser(STRANGER).get(page).status_code for page in (ITEM, BODY)] == [404, 404]
        page = town.browser(STRANGER).get(f"/published/{REF}")
        words = text_of(page)
    assert "落札者が契約を締結しなかったため、再度公告入札に付しました。" in words
    assert re.search(r"落札により契約するものの計\s+26,240,000\s+4,886,060", words)
    assert f'href="{ITEM}"' not in page.text
    assert f'href="{BODY}"' not in page.text


@pytest.mark.parametrize(("build", "ground", "contractors"), NEGOTIATED)
def test_the_card_of_a_lot_names_contractor_price_and_saving(
    sqlite_url: str, build: Builder, ground: str, contractors: tuple[str, ...]
) -> None:
    with published(sqlite_url, build) as town:
        page = town.browser(STRANGER).get(f"/published/{REF}")
    card = text_of(page).split("ロット別の結果")[1].split("プリンタの共同調達")[0]
    for name in contractors:
        assert f"契約の相手方 {spaced(name)} 随意契約（令167条の2第1項第{ground}号）" in spaced(card)
        assert supplier(name) in page.text
    assert re.search(r"削減率\s+99\.2%", card)


@pytest.mark.parametrize(("build", "ground", "contractors"), NEGOTIATED)
def test_a_body_reads_with_whom_it_contracts_on_which_ground(
    sqlite_url: str, build: Builder, ground: str, contractors: tuple[str, ...]
) -> None:
    with published(sqlite_url, build) as town:
        browser = town.browser(KATSURAGI)
        overview, page = text_of(browser.get("/results")), text_of(browser.get(f"/results/{REF}"))
        letter = pdf_text(browser.get(f"/results/{REF}/notice.pdf").content)
    assert "、".join(spaced(name) for name in contractors) in overview
    for said in (page, letter):
        assert LAW.format(ground) in "".join(said.split())
        assert all("".join(name.split()) in "".join(said.split()) for name in contractors)
    assert WINNER not in page + letter
    assert "契約の相手方" in page


def test_a_body_reads_that_its_lot_is_tendered_again(sqlite_url: str) -> None:
    with published(sqlite_url, outcomes.repeated) as town:
        browser = town.browser(KATSURAGI)
        page = text_of(browser.get(f"/results/{REF}"))
        letter = pdf_text(browser.get(f"/results/{REF}/notice.pdf").content)
    assert "落札者が契約を締結しなかったため、再度公告入札に付しました。" in page
    assert "契約する内容" not in page
    assert "再度公告入札" in "".join(letter.split())
    assert "間で契約を締結してください" not in "".join(letter.split())


def outcome_of(town: Service) -> Any:
    return Program(town, SECRETARIAT).get(f"/published/{REF}").json()["lots"][0]


def share_of(town: Service) -> list[Any]:
    notices = Program(town, SECRETARIAT).get(f"/rounds/{REF}/notices").json()["items"]
    (own,) = (one["lots"] for one in notices if one["code"] == "292117")
    return [one for one in own if one["lot"] == "pc"]


@pytest.mark.parametrize(("build", "ground", "contractors"), NEGOTIATED)
def test_programs_read_contractor_and_ground(
    sqlite_url: str, build: Builder, ground: str, contractors: tuple[str, ...]
) -> None:
    with published(sqlite_url, build) as town:
        lot, shares = outcome_of(town), share_of(town)
    assert [(one["contractor"], one["ground"], one["law"]) for one in lot["contracts"]] == [
        (name, ground, LAW.format(ground)) for name in contractors
    ]
    assert sum(one["total"] for one in lot["contracts"]) == 1_997_000
    assert lot["award_stands"] is False
    assert {item["unit_price"] for one in lot["contracts"] for item in one["items"] if item["quantity"]} == {1_000}
    assert [(one["winner"], one["contractor"], one["ground"]) for one in shares] == [
        (None, name, ground) for name in contractors
    ]
    assert all(one["amount_with_tax"] == one["amount"] * 11 // 10 for one in shares)


def test_programs_read_that_an_award_bought_nothing(sqlite_url: str) -> None:
    with published(sqlite_url, outcomes.repeated) as town:
        lot, shares = outcome_of(town), share_of(town)
        release = town.browser(STRANGER).get(f"/published/{REF}/release.json").json()["releases"][0]
        awards = town.browser(STRANGER).get("/published/awards.csv").content.decode("utf-8-sig")
    assert (lot["winner"], lot["award_stands"], lot["contracts"]) == (WINNER, False, [])
    assert lot["instead"] == "落札者が契約を締結しなかったため、再度公告入札に付しました。"
    assert [(one["winner"], one["contractor"], one["amount"]) for one in shares] == [(None, None, None)]
    assert {one["id"]: one["status"] for one in release["awards"]} == {
        "pc-award": "cancelled",
        "printer-award": "active",
    }
    assert {one["awardID"] for one in release["contracts"]} == {"printer-award"}
    assert {one["id"]: one["status"] for one in release["tender"]["lots"]} == {
        "pc": "unsuccessful",
        "printer": "complete",
    }
    assert len(awards.splitlines()) == 1


def test_what_was_published_is_told_anew_once_its_lot_is_tendered_again(sqlite_url: str) -> None:
    """The data with another date, and the documents that were kept made once more."""
    with council(sqlite_url, outcomes.stages.published) as town:
        browser = town.browser(STRANGER)
        dates, tables = [], []
        for is_repeated in (False, True):
            if is_repeated:
                with town.database.write() as session:
                    outcomes.repeat_it(session, find_round(session, REF), NOW)
            dates.append(browser.get(f"/published/{REF}/release.json").json()["releases"][0]["date"][:10])
            tables.append(browser.get(f"/published/{REF}/documents/savings.csv").content.decode("utf-8-sig"))
    assert dates == ["2026-11-24", "2026-11-25"]
    assert ["契約を締結せず" in table for table in tables] == [False, True]


def test_of_an_award_that_stands_programs_read_the_winner(sqlite_url: str) -> None:
    with published(sqlite_url, outcomes.stages.confirmed) as town:
        lot, shares = outcome_of(town), share_of(town)
    assert (lot["award_stands"], lot["instead"], lot["contracts"]) == (True, "", [])
    assert [(one["winner"], one["contractor"], one["ground"]) for one in shares] == [(WINNER, None, None)]
