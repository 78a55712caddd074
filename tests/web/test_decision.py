"""The decision of a lot with its reasons and what may follow it; its publication."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from procure.bids.corrections import propose_correction
from procure.rounds.queries import lots_of
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from procure.settlement.round import Bid, CeilingDisclosure, Entry, TenderMethod
from tests import outcomes, stages
from tests.people import AUDITOR, NOW, SECRETARIAT, text_of
from tests.stages import ACTOR
from tests.web.rounds_at import REF, Builder, council, row_in

DECISION, PUBLISH = (f"/rounds/{REF}/{page}" for page in ("lots/pc/decision", "publish"))
PC = f"/rounds/{REF}/lots/pc"
CORRECTION = "初度入札の記録を見る・訂正する"


def never_disclosed(session: Session, now: datetime) -> RoundRow:
    row = stages.decided(session, now)
    for lot in lots_of(session, row.id):
        lot.ceiling_disclosure = CeilingDisclosure.NEVER
    session.flush()
    outcomes.confirm_it(session, row, now)
    return row


def test_the_decision_gives_its_reasons_with_their_articles(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        page = text_of(town.browser(SECRETARIAT).get(DECISION))
    assert "みほん事務機株式会社の入札は、予定価格を超えるため落札できません（地方自治法第234条第3項）。" in page
    assert "株式会社サンプル商会は入札を辞退しました。" in page
    assert "113,643,760" in page


def test_until_the_confirmation_there_is_a_candidate_and_a_way_to_correct(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        page = town.browser(SECRETARIAT).get(DECISION).text
        read_only = town.browser(AUDITOR).get(DECISION).text
    assert "落札候補" in page
    assert CORRECTION in page
    assert f'href="/rounds/{REF}/confirm"' in page
    assert CORRECTION not in read_only
    assert f'href="/rounds/{REF}/confirm"' not in read_only


def test_after_the_confirmation_there_is_a_winner_and_nothing_to_correct(sqlite_url: str) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        page = town.browser(SECRETARIAT).get(DECISION).text
    assert "落札候補" not in page
    assert CORRECTION not in page


def test_a_lot_before_its_bids_has_a_page_too(sqlite_url: str) -> None:
    with council(sqlite_url, stages.opening) as town:
        page = town.browser(SECRETARIAT).get(DECISION)
    assert page.status_code == 200
    assert "入札はまだ記録されていません" in page.text


def test_the_page_of_the_publication_shows_what_the_public_will_see(sqlite_url: str) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        page = text_of(town.browser(SECRETARIAT).get(PUBLISH))
    assert "135,003,000円（税込）" in page
    assert "92.60%" in page


def test_a_ceiling_that_is_never_disclosed_is_not_among_it(sqlite_url: str) -> None:
    with council(sqlite_url, never_disclosed) as town:
        page = text_of(town.browser(SECRETARIAT).get(PUBLISH))
    assert "非公表" in page
    assert not [secret for secret in ("122,730,000", "135,003,000", "92.60") if secret in page]


def test_publishing_opens_the_result_to_everybody(sqlite_url: str) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        town.wait(timedelta(hours=1))
        answer = town.browser(SECRETARIAT).post(PUBLISH)
        assert answer.headers["location"] == f"/rounds/{REF}?done=results_published"
        assert (row_in(town).stage, row_in(town).published_at) == (Stage.PUBLISHED, NOW + timedelta(hours=1))


def page_of(url: str, build: Builder) -> str:
    with council(url, build) as town:
        return town.browser(SECRETARIAT).get(DECISION).text


def words_of(url: str, build: Builder) -> str:
    with council(url, build) as town:
        return text_of(town.browser(SECRETARIAT).get(DECISION))


def test_nothing_says_that_it_is_decided_before_the_confirmation(sqlite_url: str) -> None:
    page = words_of(sqlite_url, stages.decided)
    assert "見本システム株式会社が落札候補者です。" in page
    assert "決定しました" not in page


def test_the_confirmed_decision_says_that_it_is_decided(sqlite_url: str) -> None:
    assert "見本システム株式会社に決定しました。" in words_of(sqlite_url, stages.confirmed)


def test_before_the_check_bids_are_shown_and_nothing_is_judged(sqlite_url: str) -> None:
    page = words_of(sqlite_url, outcomes.unchecked)
    assert "初度入札は、記録した人と別の人がまだ書面と照合していません。" in page
    assert "110,000,000" in page
    assert "1 位" not in page
    for verdict in ("落札候補者", "予定価格超過", "判定の理由", "入札書比較価格"):
        assert verdict not in page


def correcting(session: Session, now: datetime) -> RoundRow:
    row = stages.decided(session, now)
    mended = Bid("mihon-a", Entry.BID, total=100_000_000)
    propose_correction(session, row, lots_of(session, row.id)[0], 1, mended, "読み違い", ACTOR, now)
    return row


def test_a_correction_that_waits_is_told_with_what_it_would_change(sqlite_url: str) -> None:
    page = page_of(sqlite_url, correcting)
    assert "訂正の承認待ち" in page
    assert f'href="{PC}/attempts/1/correct"' in page
    assert "読み違い" in page
    assert "100,000,000" in page


def test_those_who_bid_again_are_told_the_lowest_total_and_nothing_more(sqlite_url: str) -> None:
    page = page_of(sqlite_url, outcomes.rebid)
    panel = page[page.index("再度入札の案内") : page.index("入札の経過")]
    assert "125,000,000" in panel
    assert "これを下回る金額" in panel
    assert str(outcomes.CEILING)[:3] not in panel


@pytest.mark.parametrize("build", [outcomes.failed, outcomes.nobody])
def test_a_failed_lot_has_the_ways_that_the_law_leaves(sqlite_url: str, build: Builder) -> None:
    page = page_of(sqlite_url, build)
    assert "第167条の2第1項第8号" in page
    assert f'href="{PC}/negotiation"' in page
    assert f'href="{PC}/cancel"' in page
    assert "この結果の決定を確定した後に作成できます" in page


def test_without_a_second_attempt_the_eighth_number_does_not_apply(sqlite_url: str) -> None:
    page = page_of(sqlite_url, outcomes.failed_at_once)
    assert f'href="{PC}/negotiation"' not in page
    assert "再度公告入札に付す" in page


def test_a_cancelled_lot_and_a_confirmed_failure_may_be_tendered_again(sqlite_url: str) -> None:
    assert f'href="/rounds/{REF}/retender?lot=pc"' in page_of(sqlite_url, outcomes.cancelled)


def test_a_winner_who_does_not_sign_is_not_followed_by_the_second(sqlite_url: str) -> None:
    page = page_of(sqlite_url, stages.confirmed)
    assert "第167条の2第1項第9号" in page
    assert "2番目に低い入札をした者を、繰り上げて落札者とすることはできません。" in page
    assert f'href="{PC}/negotiation"' in page


def test_the_auditor_reads_the_ways_and_has_no_links_to_them(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes.failed) as town:
        page = town.browser(AUDITOR).get(DECISION).text
    assert "随意契約による" in page
    assert f'href="{PC}/negotiation"' not in page


def test_a_negotiated_contract_stands_on_the_page_and_is_not_called_an_award(sqlite_url: str) -> None:
    page = words_of(sqlite_url, outcomes.negotiated)
    assert "株式会社見本電機との随意契約によることとしました。" in page
    assert "1,997,000" in page
    assert "落札候補" not in page


@pytest.mark.parametrize(
    ("method", "totals", "is_told"),
    [
        (TenderMethod.DESIGNATED, {"mihon-a": 100_000_000}, True),
        (TenderMethod.DESIGNATED, {"mihon-a": 100_000_000, "mihon-b": 100_000_001}, False),
        (TenderMethod.DESIGNATED, {}, False),
        (TenderMethod.OPEN, {"mihon-a": 100_000_000}, False),
    ],
    ids=["one of those designated", "two", "nobody", "open to all"],
)
def test_one_bid_in_a_designated_tender_is_told_with_the_way_to_call_it_off(
    sqlite_url: str, method: TenderMethod, totals: outcomes.Totals, is_told: bool
) -> None:
    def build(session: Session, now: datetime) -> RoundRow:
        row, lot = outcomes.opened(session, now, tender_method=method)
        outcomes.bid(session, row, lot, totals, now)
        return row

    with council(sqlite_url, build) as town:
        page = town.browser(SECRETARIAT).get(DECISION)
        auditor = town.browser(AUDITOR).get(DECISION)
    assert ("指名競争入札の入札者が１者です" in page.text) is is_told
    assert ("取止めへ進む" in page.text) is (is_told or not totals)
    assert ("指名競争入札の入札者が１者です" in auditor.text, "取止めへ進む" in auditor.text) == (is_told, False)


def test_the_reviews_of_the_candidates_stand_on_the_page(sqlite_url: str) -> None:
    def build(session: Session, now: datetime) -> RoundRow:
        row = outcomes.reviewing(session, now)
        outcomes.review(session, row, "mihon-b", now, "納入実績の不足")
        return row

    page = words_of(sqlite_url, build)
    assert "不適合" in page
    assert "納入実績の不足" in page
    assert "審査待ち" in page
    assert "株式会社見本電機が落札候補者です。" in page
