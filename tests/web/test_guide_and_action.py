"""The guide and the action that proposes the decision follow one rule: what the guide says can be done, and what is
refused the guide explains."""

import re

import pytest

from procure.awards.actions import confirmable
from procure.errors import Conflict
from procure.web.next_steps import next_step
from procure.web.opening_steps import is_proposable
from procure.web.standing import standing_of
from tests import outcomes, outcomes_waiting, stages
from tests.people import NOW, SECOND, SECRETARIAT, text_of
from tests.web.rounds_at import REF, Builder, council, row_in

ROUND = f"/rounds/{REF}"
PC = f"{ROUND}/lots/pc"
STATES = [
    stages.bidding,
    stages.opening,
    stages.decided,
    stages.confirmed,
    stages.published,
    outcomes.unchecked,
    outcomes.rebid,
    outcomes.tied,
    outcomes.failed,
    outcomes.failed_at_once,
    outcomes.nobody,
    outcomes.cancelled,
    outcomes.reviewing,
    outcomes.proposed_negotiation,
    outcomes.negotiated,
    outcomes.failed_and_confirmed,
    outcomes.not_signed,
    outcomes_waiting.correcting,
    outcomes_waiting.cancelled_unchecked,
    outcomes_waiting.cancelled_correcting,
    outcomes_waiting.all_failed,
    outcomes_waiting.proposed,
    outcomes_waiting.outdated,
    outcomes_waiting.unsigned_waiting,
    outcomes_waiting.published_waiting,
]
DECIDES = (f"{ROUND}/confirm", f"{ROUND}#ways")


@pytest.mark.parametrize("build", STATES)
def test_the_guide_leads_to_the_decision_exactly_where_the_action_accepts_it(sqlite_url: str, build: Builder) -> None:
    with council(sqlite_url, build) as town, town.database.read() as session:
        at = standing_of(session, row_in(town), NOW)
        step = next_step(at)
        try:
            confirmable(session, row_in(town))
        except Conflict:
            accepts = False
        else:
            accepts = True
        assert (step is not None and step.href in DECIDES) is accepts
        assert is_proposable(at) is (accepts and (at.proposal is None or at.is_outdated))


@pytest.mark.parametrize(
    ("build", "refusal", "told"),
    [
        (outcomes.unchecked, "第1回の入札の照合", "第1回の入札を照合"),
        (outcomes_waiting.correcting, "承認を待っている訂正", "訂正の承認を待って"),
        (outcomes.proposed_negotiation, "承認を待っている随意契約", "随意契約の承認を待って"),
        (outcomes.rebid, "結果が、まだ決まって", "第2回の入札を記録"),
        (outcomes.tied, "結果が、まだ決まって", "くじの結果を記録"),
        (outcomes.reviewing, "結果が、まだ決まって", "落札候補者の審査"),
    ],
)
def test_what_the_action_refuses_the_guide_explains(sqlite_url: str, build: Builder, refusal: str, told: str) -> None:
    with council(sqlite_url, build) as town, town.database.read() as session:
        step = next_step(standing_of(session, row_in(town), NOW))
        with pytest.raises(Conflict, match=f"「パソコンの共同調達」.*{refusal}"):
            confirmable(session, row_in(town))
    assert step is not None
    assert step.text.startswith("パソコンの共同調達：")
    assert told in step.text


@pytest.mark.parametrize("build", STATES)
def test_every_link_to_a_way_on_the_page_opens(sqlite_url: str, build: Builder) -> None:
    with council(sqlite_url, build) as town:
        browser = town.browser(SECRETARIAT)
        page = browser.get(ROUND).text
        ways = set(re.findall(rf'href="({ROUND}/(?:[^"]*(?:cancel|negotiation|retender[^"]*)|confirm|publish))"', page))
        assert [way for way in sorted(ways) if browser.get(way).status_code != 200] == []


# ---- a lot that was cancelled ------------------------------------------------------------------------


@pytest.mark.parametrize("build", [outcomes_waiting.cancelled_unchecked, outcomes_waiting.cancelled_correcting])
def test_a_cancelled_lot_needs_no_check_and_no_judgement(sqlite_url: str, build: Builder) -> None:
    with council(sqlite_url, build) as town:
        browser = town.browser(SECRETARIAT)
        assert browser.get(f"{ROUND}/confirm").status_code == 200
        decision = text_of(browser.get(f"{PC}/decision"))
    assert "取止め" in decision
    assert "入札を取り止めました。理由：仕様の誤り。" in decision
    assert "照合が終わるまで" not in decision


@pytest.mark.parametrize("build", [outcomes_waiting.cancelled_unchecked, outcomes_waiting.cancelled_correcting])
def test_every_link_of_a_cancelled_lot_opens(sqlite_url: str, build: Builder) -> None:
    with council(sqlite_url, build) as town:
        for person in (SECRETARIAT, SECOND):
            browser = town.browser(person)
            links = set(re.findall(rf'href="({ROUND}[^"#]*)', browser.get(f"{PC}/decision").text))
            assert f"{PC}/attempts/1" in links
            assert [link for link in sorted(links) if browser.get(link).status_code != 200] == []


def test_what_nobody_checked_before_the_cancellation_gets_no_rank(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes_waiting.cancelled_unchecked) as town:
        page = text_of(town.browser(SECRETARIAT).get(f"{PC}/decision"))
    assert "110,000,000" in page
    assert "1 位" not in page
    assert "最低の金額" not in page


@pytest.mark.parametrize(
    ("build", "reason"),
    [(outcomes.proposed_negotiation, "先に申請を取り下げて"), (outcomes.negotiated, "承認しているため")],
)
def test_a_lot_with_a_negotiated_contract_is_not_cancelled(sqlite_url: str, build: Builder, reason: str) -> None:
    with council(sqlite_url, build) as town:
        browser = town.browser(SECRETARIAT)
        assert f"{PC}/cancel" not in browser.get(ROUND).text
        answer = browser.get(f"{PC}/cancel")
    assert answer.status_code == 409
    assert reason in answer.text


# ---- a proposal that the record left behind ----------------------------------------------------------


def test_a_decision_is_proposed_again_once_the_record_has_changed(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes_waiting.outdated) as town:
        page = text_of(town.browser(SECRETARIAT).get(ROUND))
    assert "次の作業：落札者の決定を、もう一度申請します" in page


# ---- lots without an award ---------------------------------------------------------------------------


@pytest.mark.parametrize("build", [outcomes.failed, outcomes.nobody, outcomes_waiting.all_failed])
def test_the_guide_names_the_ways_of_a_failed_lot_before_the_decision(sqlite_url: str, build: Builder) -> None:
    with council(sqlite_url, build) as town:
        page = town.browser(SECRETARIAT).get(ROUND).text
    guide = page[page.index('class="next"') : page.index('id="ways"')]
    for way in ("第167条の2第1項第8号", "再度公告入札", "取止め", f'href="{ROUND}#ways"'):
        assert way in guide
    ways = page[page.index('id="ways"') : page.index('id="lots"')]
    for link in (f"{PC}/negotiation", f"{PC}/cancel", f"{ROUND}/confirm"):
        assert f'href="{link}"' in ways
    assert "この結果の決定を確定した後に作成できます" in ways


def test_a_round_whose_every_lot_failed_is_told_of_each(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes_waiting.all_failed) as town:
        with town.database.read() as session:
            step = next_step(standing_of(session, row_in(town), NOW))
        page = town.browser(SECRETARIAT).get(ROUND).text
    assert step is not None
    assert step.text == "落札者のないロットの手続を選びます"
    assert "「パソコンの共同調達」は不調です。" in step.lead
    assert "「プリンタの共同調達」は不調です。" in step.lead
    assert f'href="{ROUND}/lots/printer/negotiation"' in page


def test_a_single_attempt_does_not_open_the_eighth_number_in_the_guide(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes.failed_at_once) as town, town.database.read() as session:
        step = next_step(standing_of(session, row_in(town), NOW))
    assert step is not None
    assert "「パソコンの共同調達」は不落です。再度公告入札、取止めのいずれかによります。" in step.lead


def test_after_the_confirmation_a_failed_lot_is_tendered_again_and_no_longer_cancelled(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes.failed_and_confirmed) as town:
        page = town.browser(SECRETARIAT).get(ROUND).text
    assert "次の作業：結果を公表します" in page
    assert f'href="{ROUND}/retender?lot=pc"' in page
    assert f'href="{PC}/negotiation"' in page
    assert f'href="{PC}/cancel"' not in page


def test_bids_that_nobody_checked_decide_nothing_on_the_page_of_the_round(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes.unchecked) as town:
        page = text_of(town.browser(SECRETARIAT).get(ROUND))
    assert "照合待ち" in page
    assert "110,000,000" in page
    for verdict in ("落札候補", "定価からの削減率", "1 位"):
        assert verdict not in page


# ---- 9号 and the publication -------------------------------------------------------------------------


def test_a_waiting_ninth_number_does_not_hold_up_the_publication(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes_waiting.unsigned_waiting) as town:
        browser = town.browser(SECRETARIAT)
        page = browser.get(ROUND).text
        assert "随意契約の承認を待っています" in page
        assert "入札の結果の公表は、この承認を待たずに行えます。" in page
        assert f'href="{ROUND}/publish"' in page
        assert "承認を待っている随意契約" in browser.get(f"{ROUND}/publish").text
        assert browser.post(f"{ROUND}/publish").status_code == 303


@pytest.mark.parametrize("page", ["/", "/rounds", ROUND])
def test_a_waiting_ninth_number_stays_in_sight_after_the_publication(sqlite_url: str, page: str) -> None:
    with council(sqlite_url, outcomes_waiting.published_waiting) as town:
        text = text_of(town.browser(SECRETARIAT).get(page))
    assert "パソコンの共同調達：随意契約の承認を待っています" in text


def test_a_published_round_for_which_nothing_waits_is_no_task(sqlite_url: str) -> None:
    with council(sqlite_url, stages.published) as town:
        assert "進行中の案件はありません。" in text_of(town.browser(SECRETARIAT).get("/"))
