"""The decision of a lot with its reasons, its confirmation, its publication."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session

from procure.awards.actions import confirm
from procure.awards.queries import confirmation_of
from procure.awards.tables import ConfirmationRow
from procure.bids.actions import record_attempt
from procure.rounds.queries import find_round, locked_round, lots_of
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from procure.settlement.round import Bid, CeilingDisclosure, Entry
from tests import stages
from tests.people import AUDITOR, NOW, SECRETARIAT, Service, text_of
from tests.stages import ACTOR
from tests.web.rounds_at import REF, council, round_in, row_in

DECISION, CONFIRM, PUBLISH = (f"/rounds/{REF}/{page}" for page in ("lots/pc/decision", "confirm", "publish"))
CORRECTION = "初度入札の記録を訂正する"


def form(town: Service, **changes: str) -> dict[str, str]:
    fields = {"version": str(row_in(town).version), "decision_number": "第12号", "decision_date": "R8.11.24"}
    return fields | {"checked": "1"} | changes


def confirmation(town: Service) -> ConfirmationRow | None:
    with town.database.read() as session:
        return confirmation_of(session, find_round(session, REF))


def never_disclosed(session: Session, now: datetime) -> RoundRow:
    row = stages.decided(session, now)
    for lot in lots_of(session, row.id):
        lot.ceiling_disclosure = CeilingDisclosure.NEVER
    session.flush()
    confirm(session, row, "第1号", now.date(), ACTOR, now)
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


def test_the_confirmation_repeats_winners_and_amounts(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        page = text_of(town.browser(SECRETARIAT).get(CONFIRM))
    for words in ("見本システム株式会社", "113,643,760", "125,008,136", "51.6%", "みほん事務機株式会社", "118,529,820"):
        assert words in page


def test_confirming_keeps_number_and_day_and_leads_back_to_the_round(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        answer = town.browser(SECRETARIAT).post(CONFIRM, form(town))
        kept = confirmation(town)
    assert answer.headers["location"] == f"/rounds/{REF}?done=award_confirmed"
    assert kept is not None
    assert (kept.decision_number, kept.decision_date) == ("第12号", date(2026, 11, 24))
    assert kept.confirmed_by == "事務局　花子（事務局）"


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"decision_number": "", "decision_date": "", "checked": ""}, 2),
        ({"decision_date": "R8.11.25"}, 1),
        ({"decision_date": "R3.6.10"}, 1),
        ({"decision_date": "きのう", "decision_number": "号" * 101}, 2),
    ],
)
def test_a_confirmation_that_lacks_something_is_shown_again(
    sqlite_url: str, changes: dict[str, str], faults: int
) -> None:
    with council(sqlite_url, stages.decided) as town:
        page = town.browser(SECRETARIAT).post(CONFIRM, form(town, **changes))
        assert confirmation(town) is None
    assert page.status_code == 422
    assert f"入力内容に{faults}件の誤りがあります" in page.text
    assert f'value="{form_value(changes)}"' in page.text


def form_value(changes: dict[str, str]) -> str:
    return changes.get("decision_date", "R8.11.24")


def test_the_amounts_must_have_been_checked(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        fields = form(town)
        del fields["checked"]
        page = town.browser(SECRETARIAT).post(CONFIRM, fields)
        assert confirmation(town) is None
    assert page.status_code == 422
    assert 'href="#checked"' in page.text


def test_bids_that_changed_after_the_page_was_opened_are_not_confirmed(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        fields = form(town)
        with town.database.write() as session:
            row = locked_round(session, REF)
            record_attempt(session, row, lots_of(session, row.id)[0], round_in(town).lots[0].attempts[0], ACTOR, NOW)
        page = town.browser(SECRETARIAT).post(CONFIRM, fields)
        assert confirmation(town) is None
    assert page.status_code == 409
    assert 'value="第12号"' in page.text
    assert " checked" not in page.text


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


def without_breakdown(session: Session, now: datetime) -> RoundRow:
    row = stages.opening(session, now)
    for lot, value in zip(lots_of(session, row.id), stages.example().lots, strict=True):
        bids = tuple(
            replace(bid, total=100, unit_prices=None) if bid.unit_prices else bid for bid in value.attempts[0].bids[:1]
        )
        others = tuple(Bid(bidder.id, Entry.ABSENT) for bidder in value.bidders if bidder.id != bids[0].bidder)
        record_attempt(session, row, lot, replace(value.attempts[0], bids=(*bids, *others)), ACTOR, now)
    return row


def test_before_the_confirmation_a_missing_breakdown_is_told(sqlite_url: str) -> None:
    with council(sqlite_url, without_breakdown) as town:
        page = text_of(town.browser(SECRETARIAT).get(CONFIRM))
    assert "パソコンの共同調達、プリンタの共同調達は、単価と市町村ごとの金額が決まりません" in page


def test_where_every_breakdown_is_there_nothing_is_told_of_it(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        page = text_of(town.browser(SECRETARIAT).get(CONFIRM))
    assert "内訳書のない落札" not in page
