"""Announcing, opening, and calling a lot off."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from procure.bids.bidders import Registration, save_bidders
from procure.demand.actions import extend, return_answer, submit
from procure.rounds.actions import save_lot
from procure.rounds.queries import locked_round, lots_of
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from procure.settlement.round import CeilingDisclosure, Opening, TenderMethod, Witness, WitnessKind
from tests import stages
from tests.people import NOW, SECRETARIAT, Service, text_of
from tests.web.rounds_at import REF, council, round_in, row_in

ANNOUNCE, OPEN, CANCEL = (f"/rounds/{REF}/{page}" for page in ("announce", "open", "lots/pc/cancel"))


def version(town: Service) -> dict[str, str]:
    return {"version": str(row_in(town).version)}


def test_the_rules_are_shown_in_words_before_they_are_frozen(sqlite_url: str) -> None:
    with council(sqlite_url, stages.specified) as town:
        page = text_of(town.browser(SECRETARIAT).get(ANNOUNCE))
    rules = ("10％", "事後公表", "3回まで", "電子くじ（くじ番号と受付時刻）", "一般競争入札", "事前審査")
    assert all(words in page for words in rules)
    assert page.count("まだ定めていません") == 2


def sealed_lots(session: Session, now: datetime) -> RoundRow:
    """One ceiling that is published with the notice, and one that is not; with grounds of 無効 for the first."""
    row = stages.specified(session, now)
    first, second = lots_of(session, row.id)
    first.ceiling_disclosure, first.void_grounds = CeilingDisclosure.BEFORE, "金額のない入札\n遅れた入札"
    for lot in (first, second):
        stages.seal(session, row, lot, 122_730_000, now)
    return row


def test_a_ceiling_is_announced_as_sealed_and_never_with_its_amount(sqlite_url: str) -> None:
    with council(sqlite_url, sealed_lots) as town:
        browser = town.browser(SECRETARIAT)
        page = browser.get(ANNOUNCE)
        assert browser.post(ANNOUNCE, version(town)).status_code == 303
        assert [lot.rules.ceiling for lot in round_in(town).lots] == [122_730_000, None]
    assert "封印中。公告と同時に開封し、公表します" in page.text
    assert "封印中。開札のときに開封します" in page.text
    assert not [amount for amount in ("122,730,000", "135,003,000") if amount in page.text]
    assert "<li>金額のない入札</li><li>遅れた入札</li>" in page.text
    assert (page.text.count("1回（再度入札なし）"), page.text.count("3回まで")) == (1, 1)


def test_without_the_key_a_ceiling_to_be_published_stops_the_notice(sqlite_url: str) -> None:
    with council(sqlite_url, sealed_lots) as town:
        browser = Service(replace(town.settings, sealing_key=None), town.database, town.routes).browser(SECRETARIAT)
        page = browser.get(ANNOUNCE)
        refused = browser.post(ANNOUNCE, version(town))
        assert row_in(town).stage is Stage.SPECIFIED
    assert "予定価格を開封する鍵がありません" in page.text
    assert refused.status_code == 409
    assert "PROCURE_SEALING_KEY" in refused.text


def test_announcing_begins_the_bidding(sqlite_url: str) -> None:
    with council(sqlite_url, stages.specified) as town:
        answer = town.browser(SECRETARIAT).post(ANNOUNCE, version(town))
        assert answer.headers["location"] == f"/rounds/{REF}?done=bidding_announced"
        assert (row_in(town).stage, row_in(town).announced_at) == (Stage.BIDDING, NOW)


def test_rules_that_changed_after_the_page_was_opened_are_not_announced(sqlite_url: str) -> None:
    with council(sqlite_url, stages.specified) as town:
        seen = version(town)
        with town.database.write() as session:
            save_lot(session, locked_round(session, REF), stages.example().lots[0], "同僚", NOW)
        page = town.browser(SECRETARIAT).post(ANNOUNCE, seen)
        assert row_in(town).stage is Stage.SPECIFIED
    assert page.status_code == 409
    assert "入札の条件か数量が変更されました" in page.text


def test_whose_quantities_may_still_change_is_said_before_the_notice(sqlite_url: str) -> None:
    with council(sqlite_url, stages.specified) as town:
        browser = town.browser(SECRETARIAT)
        assert "まだ変わり得る" not in browser.get(ANNOUNCE).text
        with town.database.write() as session:
            row = locked_round(session, REF)
            extend(session, row, "292010", NOW + timedelta(days=1), "災害のため", "事務局", NOW)
            return_answer(session, row, "292061", "台数を確かめてください。", "事務局", NOW)
        page = text_of(browser.get(ANNOUNCE))
    assert "奈良市 登録期限を 令和8年11月25日（水）" in page
    assert "桜井市 差戻し中" in page


@pytest.mark.parametrize("registered_again", [False, True])
def test_quantities_that_changed_after_the_page_was_opened_are_not_announced(
    sqlite_url: str, registered_again: bool
) -> None:
    with council(sqlite_url, stages.specified) as town:
        seen = version(town)
        with town.database.write() as session:
            row = locked_round(session, REF)
            return_answer(session, row, "292061", "台数を確かめてください。", "事務局", NOW)
        if registered_again:
            seen = version(town)
            with town.database.write() as session:
                row = locked_round(session, REF)
                extend(session, row, "292061", NOW + timedelta(days=1), "災害のため", "事務局", NOW)
                submit(session, row, "292061", "桜井市の方（市町村）", NOW)
        assert town.browser(SECRETARIAT).post(ANNOUNCE, seen).status_code == 409
        assert row_in(town).stage is Stage.SPECIFIED


def test_the_opening_is_proposed_for_ten_on_the_bid_date(sqlite_url: str) -> None:
    with council(sqlite_url, stages.bidding) as town:
        page = town.browser(SECRETARIAT).get(OPEN).text
    assert 'value="令和3年6月11日"' in page
    assert 'value="10:00"' in page


HELD = {
    "place": "県庁　東棟　会議室",
    "officer": "大和　太郎",
    "recorder": "生駒　花子",
    "witness-0-name": "会計　一郎",
    "witness-0-kind": "official",
    "witness-0-affiliation": "会計課",
}
AT_NINE = {"opened_on": "R8.11.24", "opened_time": "9:00"}


@pytest.mark.parametrize(("day", "hour"), [("R8.11.24", "9:00"), ("２０２６／１１／２４", "９時００分")])
def test_the_opening_is_read_as_people_type_it(sqlite_url: str, day: str, hour: str) -> None:
    with council(sqlite_url, stages.bidding) as town:
        answer = town.browser(SECRETARIAT).post(OPEN, HELD | {"opened_on": day, "opened_time": hour})
        assert answer.headers["location"] == f"/rounds/{REF}?done=bids_opened"
        assert (row_in(town).stage, row_in(town).opened_at) == (Stage.OPENING, NOW)


@pytest.mark.parametrize(
    ("day", "hour", "faults"),
    [("", "", 2), ("令和元年4月30日", "25:00", 2), ("R8.11.24", "9:01", 1), ("R8.11.25", "8:00", 1)],
    ids=["nothing", "unreadable", "a minute too early", "tomorrow"],
)
def test_an_opening_that_cannot_be_is_shown_again(sqlite_url: str, day: str, hour: str, faults: int) -> None:
    with council(sqlite_url, stages.bidding) as town:
        page = town.browser(SECRETARIAT).post(OPEN, HELD | {"opened_on": day, "opened_time": hour})
        assert row_in(town).stage is Stage.BIDDING
    assert page.status_code == 422
    assert f"入力内容に{faults}件の誤りがあります" in page.text
    assert f'name="opened_on" value="{day}"' in page.text
    assert 'value="大和　太郎"' in page.text


def bidding_tomorrow(session: Session, now: datetime) -> RoundRow:
    row = stages.bidding(session, now)
    row.bid_date = now.date() + timedelta(days=1)
    return row


@pytest.mark.parametrize(("hour", "faults"), [("9:00", 1), ("", 1)], ids=["early", "no hour, so no moment to judge"])
def test_bids_are_not_opened_before_the_day_that_was_announced(sqlite_url: str, hour: str, faults: int) -> None:
    with council(sqlite_url, bidding_tomorrow) as town:
        page = town.browser(SECRETARIAT).post(OPEN, HELD | {"opened_on": "R8.11.24", "opened_time": hour})
        assert row_in(town).stage is Stage.BIDDING
    assert f"入力内容に{faults}件の誤りがあります" in page.text
    assert ("公告した入札日（令和8年11月25日）より前です" in page.text) is bool(hour)


def test_the_place_the_officer_the_recorder_and_the_witnesses_are_kept(sqlite_url: str) -> None:
    bidder = {"witness-2-name": "見本　次郎", "witness-2-kind": "bidder", "witness-2-bidder": "株式会社見本電機"}
    with council(sqlite_url, stages.bidding) as town:
        assert town.browser(SECRETARIAT).post(OPEN, AT_NINE | HELD | bidder).status_code == 303
        held = round_in(town).opening
    assert held == Opening(
        "県庁　東棟　会議室",
        "大和　太郎",
        "生駒　花子",
        (
            Witness("会計　一郎", WitnessKind.OFFICIAL, "会計課"),
            Witness("見本　次郎", WitnessKind.BIDDER, "株式会社見本電機"),
        ),
    )


def test_every_fault_of_the_opening_stands_beside_its_field(sqlite_url: str) -> None:
    typed = AT_NINE | {
        "officer": "大和　太郎",
        "recorder": "生駒　花子",
        "witness-1-name": "大和　太郎",
        "witness-1-kind": "official",
        "witness-3-name": "だれか",
        "witness-3-kind": "bidder",
        "witness-4-affiliation": "会計課",
    }
    with council(sqlite_url, stages.bidding) as town:
        page = town.browser(SECRETARIAT).post(OPEN, typed)
        assert row_in(town).stage is Stage.BIDDING
    assert page.status_code == 422
    for field in ("place", "witness-1-name", "witness-3-bidder", "witness-4-name"):
        assert f'id="{field}-error"' in page.text
        assert f'href="#{field}"' in page.text
    assert "入力内容に4件の誤りがあります" in page.text


def test_an_opening_needs_a_witness(sqlite_url: str) -> None:
    with council(sqlite_url, stages.bidding) as town:
        page = town.browser(SECRETARIAT).post(
            OPEN, AT_NINE | HELD | {"witness-0-name": "", "witness-0-affiliation": ""}
        )
    assert page.status_code == 422
    assert 'id="witness-0-name-error"' in page.text


def test_the_page_says_whose_ceilings_will_be_opened_and_never_how_much(sqlite_url: str) -> None:
    with council(sqlite_url, stages.bidding) as town:
        page = town.browser(SECRETARIAT).get(OPEN).text
    assert page.count("封印を開く") == 2
    assert "122,730,000" not in page
    assert "122730000" not in page


@pytest.mark.parametrize(
    ("method", "bidders", "is_told"),
    [
        (TenderMethod.DESIGNATED, ["mihon-a"], True),
        (TenderMethod.DESIGNATED, ["mihon-a", "mihon-b"], False),
        (TenderMethod.OPEN, ["mihon-a"], False),
    ],
    ids=["one of those designated", "two", "open to all"],
)
def test_one_designated_bidder_is_told_before_the_opening_with_the_way_to_call_it_off(
    sqlite_url: str, method: TenderMethod, bidders: list[str], is_told: bool
) -> None:
    def build(session: Session, now: datetime) -> RoundRow:
        row = stages.bidding(session, now)
        lots_of(session, row.id)[0].tender_method = method
        save_bidders(session, row, [Registration(ref, ref, frozenset({"pc"})) for ref in bidders], stages.ACTOR, now)
        return row

    with council(sqlite_url, build) as town:
        page = town.browser(SECRETARIAT).get(OPEN).text
    assert ("指名競争入札の入札者が１者です" in page) is is_told
    assert (f'href="{CANCEL}"' in page) is is_told


def test_without_the_key_nothing_is_opened_and_what_was_typed_stays(sqlite_url: str) -> None:
    with council(sqlite_url, stages.bidding) as town:
        keyless = replace(town.settings, sealing_key=None)
        without = Service(keyless, town.database, town.routes)
        browser = without.browser(SECRETARIAT)
        assert "封印を開く鍵がありません" in browser.get(OPEN).text
        page = browser.post(OPEN, AT_NINE | HELD)
        assert row_in(town).stage is Stage.BIDDING
    assert page.status_code == 409
    assert "PROCURE_SEALING_KEY" in page.text
    assert 'value="会計　一郎"' in page.text


def test_a_lot_is_called_off_with_its_reason(sqlite_url: str) -> None:
    with council(sqlite_url, stages.bidding) as town:
        answer = town.browser(SECRETARIAT).post(CANCEL, {"reason": "仕様を見直すため", "version": row_in(town).version})
        assert answer.headers["location"] == f"/rounds/{REF}?done=lot_cancelled"
        assert [lot.cancelled for lot in round_in(town).lots] == ["仕様を見直すため", None]
        town.wait(timedelta(minutes=1))
        assert town.browser(SECRETARIAT).get(CANCEL).status_code == 409


def test_a_lot_that_changed_meanwhile_is_not_called_off_unseen(sqlite_url: str) -> None:
    with council(sqlite_url, stages.bidding) as town:
        seen = row_in(town).version - 1
        page = town.browser(SECRETARIAT).post(CANCEL, {"reason": "仕様を見直すため", "version": seen})
        assert round_in(town).lots[0].cancelled is None
    assert page.status_code == 409
    assert "仕様を見直すため" in page.text


@pytest.mark.parametrize("reason", ["", "　", "由" * 1001, "仕様\u202eの誤り"])
def test_a_reason_is_needed_and_must_be_plain_text(sqlite_url: str, reason: str) -> None:
    with council(sqlite_url, stages.bidding) as town:
        page = town.browser(SECRETARIAT).post(CANCEL, {"reason": reason, "version": row_in(town).version})
        assert round_in(town).lots[0].cancelled is None
    assert page.status_code == 422
    assert reason in page.text
