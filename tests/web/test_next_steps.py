"""The next step of a round is always one that can be taken."""

from collections.abc import Iterable
from datetime import datetime

import pytest
from sqlmodel import Session

from procure.bids.actions import open_bids, record_attempt
from procure.bids.bidders import Registration, save_bidders
from procure.rounds.queries import lots_of
from procure.rounds.tables import RoundRow
from procure.settlement.round import Attempt, Bid, DrawMethod, Entry
from procure.web.next_steps import next_step
from procure.web.standing import NextStep, standing_of
from tests import outcomes, stages
from tests.people import NOW, SECRETARIAT
from tests.stages import ACTOR, OPENED, VAULT, check
from tests.web.rounds_at import REF, Builder, council, row_in

LOT = f"/rounds/{REF}/lots/pc"


def step_and_status(url: str, build: Builder) -> tuple[NextStep | None, int]:
    """The next step, and the status of the page that it leads to."""
    with council(url, build) as town:
        with town.database.read() as session:
            step = next_step(standing_of(session, row_in(town), NOW))
        return step, town.browser(SECRETARIAT).get(step.href if step else "/").status_code


def tied_without_numbers(session: Session, now: datetime) -> RoundRow:
    row = stages.bidding(session, now)
    lot = lots_of(session, row.id)[0]
    lot.draw = DrawMethod.CORE_EPOCH_SECONDS
    open_bids(session, row, now, OPENED, VAULT, ACTOR, now)
    totals = dict(zip("abcd", (100, 100, None, None), strict=True))
    record_attempt(session, row, lot, Attempt(1, now, tuple(_bids(totals.items()))), ACTOR, now)
    check(session, row, lot, 1, now)
    return row


def _bids(totals: Iterable[tuple[str, int | None]]) -> list[Bid]:
    return [Bid(f"mihon-{x}", Entry.BID if total else Entry.DECLINED, total=total) for x, total in totals]


def one_lot_without_bidders(session: Session, now: datetime) -> RoundRow:
    row = stages.specified(session, now)
    save_bidders(session, row, [Registration("b1", "甲商会", frozenset({"pc"}))], ACTOR, now)
    return row


def test_an_electronic_draw_without_its_numbers_leads_to_where_they_are_entered(sqlite_url: str) -> None:
    step, status = step_and_status(sqlite_url, tied_without_numbers)
    assert step is not None
    assert (step.text, step.href) == ("パソコンの共同調達：電子くじで決めます", f"{LOT}/attempts/1/correct")
    assert "くじ番号と受付日時" in step.lead
    assert status == 200


def test_a_lot_that_nobody_bids_for_does_not_keep_a_round_from_its_notice(sqlite_url: str) -> None:
    step, status = step_and_status(sqlite_url, one_lot_without_bidders)
    assert step is not None
    assert step.href == f"/rounds/{REF}/announce"
    assert "入札者がまだ登録されていません：プリンタの共同調達。公告の後も登録できます。" in step.lead
    assert status == 200


def test_a_council_that_announces_before_anybody_registers_finds_the_way(sqlite_url: str) -> None:
    with council(sqlite_url, stages.specified) as town:
        page = town.browser(SECRETARIAT).get(f"/rounds/{REF}").text
    assert f'href="/rounds/{REF}/announce"' in page


@pytest.mark.parametrize(
    "build",
    [
        stages.preparing,
        stages.answered,
        stages.specified,
        stages.bidding,
        stages.opening,
        stages.decided,
        stages.confirmed,
        outcomes.unchecked,
        outcomes.rebid,
        outcomes.tied,
        outcomes.reviewing,
        outcomes.proposed_negotiation,
    ],
)
def test_the_page_of_every_next_step_opens(sqlite_url: str, build: Builder) -> None:
    step, status = step_and_status(sqlite_url, build)
    assert step is not None
    assert status == 200


@pytest.mark.parametrize(
    ("build", "page"),
    [
        (outcomes.reviewing, "lots/pc/review"),
        (outcomes.tied, "lots/pc/draw"),
        (outcomes.rebid, "lots/pc/attempts/2"),
        (outcomes.proposed_negotiation, "lots/pc/negotiation"),
        (stages.decided, "confirm"),
        (stages.confirmed, "publish"),
    ],
)
def test_what_a_lot_waits_for_is_the_next_step(sqlite_url: str, build: Builder, page: str) -> None:
    step, _ = step_and_status(sqlite_url, build)
    assert step is not None
    assert step.href == f"/rounds/{REF}/{page}"
