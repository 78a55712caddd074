"""Registering bidders, announcing, opening and recording bids, in the database."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlmodel import Session

from procure.bids.actions import announce, open_bids, record_attempt, record_draw
from procure.bids.bidders import Registration, save_bidders
from procure.bids.queries import bidders_by_lot, load_round
from procure.ceilings.actions import seal_ceiling
from procure.ceilings.ceiling import Basis, Ceiling
from procure.database import Database
from procure.errors import Conflict, Invalid
from procure.history.queries import events_of_round
from procure.rounds.actions import cancel_lot, save_lot
from procure.rounds.queries import lots_of
from procure.rounds.stages import Stage
from procure.rounds.tables import LotRow, RoundRow
from procure.settlement.result import Outcome
from procure.settlement.round import Attempt, Bid, DrawMethod, Entry, PaperDraw
from procure.settlement.settle import settle
from tests import stages
from tests.people import NOW
from tests.stages import ACTOR, OPENED, VAULT, check


def attempt_of(session: Session, row: RoundRow, *totals: int | None, number: int = 1) -> Attempt:
    """Bids of the first lot by their totals, in the order of registration; None declines."""
    bidders = load_round(session, row).lots[0].bidders
    bids = tuple(
        Bid(bidder.id, Entry.DECLINED if total is None else Entry.BID, total=total)
        for bidder, total in zip(bidders, totals, strict=True)
    )
    return Attempt(number, NOW, bids)


def drawn_on_paper(session: Session) -> tuple[RoundRow, LotRow]:
    """The example whose first lot draws on paper, opened, with two bids that tie."""
    row = stages.specified(session, NOW)
    value = stages.example().lots[0]
    save_lot(session, row, replace(value, rules=replace(value.rules, draw=DrawMethod.PAPER)), ACTOR, NOW)
    everywhere = frozenset(lot.ref for lot in lots_of(session, row.id))
    save_bidders(session, row, [Registration(ref, f"{ref}商会", everywhere) for ref in "abc"], ACTOR, NOW)
    stages.seal_all(session, row, NOW)
    announce(session, row, VAULT, ACTOR, NOW)
    open_bids(session, row, NOW, OPENED, VAULT, ACTOR, NOW)
    lot = lots_of(session, row.id)[0]
    record_attempt(session, row, lot, attempt_of(session, row, 100, 100, 200), ACTOR, NOW)
    check(session, row, lot, 1, NOW)
    return row, lot


def test_what_is_recorded_settles_as_the_example_does(database: Database) -> None:
    with database.write() as session:
        row = stages.decided(session, NOW)
        result = settle(load_round(session, row))
    expected = settle(stages.example())
    assert [lot.award for lot in result.lots] == [lot.award for lot in expected.lots]
    assert result.savings == expected.savings


def test_bidders_stand_in_the_order_of_registration_in_the_lots_they_chose(database: Database) -> None:
    with database.write() as session:
        row = stages.specified(session, NOW)
        both = frozenset({"pc", "printer"})
        registrations = [Registration("z", "乙社", both), Registration("a", "甲社", frozenset({"pc"}))]
        save_bidders(session, row, registrations, ACTOR, NOW)
        lots = lots_of(session, row.id)
        found = bidders_by_lot(session, row.id)
        assert [[bidder.ref for bidder in found[lot.id]] for lot in lots] == [["z", "a"], ["z"]]


def test_a_bidder_needs_a_name_of_its_own_and_a_lot(database: Database) -> None:
    registrations = [Registration(ref, "甲社", frozenset()) for ref in "ab"]
    with database.write() as session:
        row = stages.specified(session, NOW)
        with pytest.raises(Invalid) as refused:
            save_bidders(session, row, registrations, ACTOR, NOW)
    assert [fault.field for fault in refused.value.faults] == ["bidder-0-name"] * 2 + ["bidder-1-name"] * 2


def test_saving_the_same_bidders_again_is_not_recorded(database: Database) -> None:
    with database.write() as session:
        row = stages.specified(session, NOW)
        registrations = [Registration("a", "甲社", frozenset({"pc"}))]
        save_bidders(session, row, registrations, ACTOR, NOW)
        before, version = len(events_of_round(session, row.ref)), row.version
        save_bidders(session, row, registrations, ACTOR, NOW)
        assert (len(events_of_round(session, row.ref)), row.version) == (before, version)


def test_a_lot_without_demand_is_not_announced_unless_it_is_called_off(database: Database) -> None:
    with database.write() as session:
        row = stages.surveying(session, NOW)
        row.stage = Stage.SPECIFIED
        with pytest.raises(Invalid):
            announce(session, row, VAULT, ACTOR, NOW)
        for lot in lots_of(session, row.id):
            cancel_lot(session, row, lot, "需要がないため", ACTOR, NOW)
        announce(session, row, VAULT, ACTOR, NOW)
        assert row.stage is Stage.BIDDING


def test_bids_are_not_opened_in_the_future(database: Database) -> None:
    with database.write() as session:
        row = stages.bidding(session, NOW)
        with pytest.raises(Invalid):
            open_bids(session, row, NOW + timedelta(seconds=1), OPENED, VAULT, ACTOR, NOW)
        open_bids(session, row, NOW, OPENED, VAULT, ACTOR, NOW)
        assert (row.stage, row.opened_at) == (Stage.OPENING, NOW)


def test_an_attempt_that_is_not_due_is_a_conflict(database: Database) -> None:
    with database.write() as session:
        row = stages.decided(session, NOW)
        with pytest.raises(Conflict, match="第2回"):
            record_attempt(session, row, lots_of(session, row.id)[0], Attempt(2, NOW, ()), ACTOR, NOW)


def test_a_rebid_is_recorded_once_the_attempt_before_is_checked(database: Database) -> None:
    with database.write() as session:
        row = stages.opening(session, NOW)
        lot = lots_of(session, row.id)[0]
        over = 200_000_000
        record_attempt(session, row, lot, attempt_of(session, row, over, over + 1, None, None), ACTOR, NOW)
        two = tuple(Bid(ref, Entry.BID, total=total) for ref, total in (("mihon-a", 9), ("mihon-b", 8)))
        with pytest.raises(Conflict, match="第1回の入札の照合が済んでいません"):
            record_attempt(session, row, lot, Attempt(2, NOW, two), ACTOR, NOW)
        check(session, row, lot, 1, NOW)
        record_attempt(session, row, lot, Attempt(2, NOW, two), ACTOR, NOW)
        with pytest.raises(Conflict, match="書き換えられません"):
            record_attempt(session, row, lot, attempt_of(session, row, 1, 2, None, None), ACTOR, NOW)
        record_attempt(session, row, lot, Attempt(2, NOW, (two[0], Bid("mihon-b", Entry.ABSENT))), ACTOR, NOW)
        result = settle(load_round(session, row)).lots[0]
    assert result.award is not None
    assert (result.award.bidder, result.award.attempt, result.award.total) == ("mihon-a", 2, 9)


def test_before_the_check_bids_are_written_anew_with_what_stood_before_and_after(database: Database) -> None:
    with database.write() as session:
        row = stages.opening(session, NOW)
        value = stages.example().lots[0].attempts[0]
        lot = lots_of(session, row.id)[0]
        record_attempt(session, row, lot, value, ACTOR, NOW)
        bids = (replace(value.bids[0], void="記名押印なし"), *value.bids[1:])
        record_attempt(session, row, lot, replace(value, bids=bids), ACTOR, NOW)
        event = events_of_round(session, row.ref)[0]
    (change,) = event.changes
    assert (event.action, change.what) == ("attempt_corrected", "株式会社見本電機")
    assert "入札金額 120,791,000円" in (change.before or "")
    assert change.after == f"{change.before}、無効：記名押印なし"


def test_bids_keep_the_order_in_which_they_were_entered(database: Database) -> None:
    with database.write() as session:
        row = stages.opening(session, NOW)
        lot = lots_of(session, row.id)[0]
        entered = attempt_of(session, row, 1, 2, 3, 4)
        record_attempt(session, row, lot, replace(entered, bids=entered.bids[::-1]), ACTOR, NOW)
        read = load_round(session, row).lots[0].attempts[0]
    assert read.bids == entered.bids[::-1]


def test_a_draw_decides_among_the_tied(database: Database) -> None:
    with database.write() as session:
        row, lot = drawn_on_paper(session)
        assert settle(load_round(session, row)).lots[0].outcome is Outcome.DRAW_REQUIRED
        with pytest.raises(Invalid):
            record_draw(session, row, lot, PaperDraw("c", "本人", "職員"), ACTOR, NOW)
        record_draw(session, row, lot, PaperDraw("b", "本人", "職員"), ACTOR, NOW)
        award = settle(load_round(session, row)).lots[0].award
    assert award is not None
    assert award.bidder == "b"


@pytest.mark.parametrize("winner", ["a", "b"])
def test_lots_are_not_drawn_again_whoever_they_chose(database: Database, winner: str) -> None:
    with database.write() as session:
        row, lot = drawn_on_paper(session)
        record_draw(session, row, lot, PaperDraw("b", "本人", "職員"), ACTOR, NOW)
        with pytest.raises(Conflict, match="すでに記録されています"):
            record_draw(session, row, lot, PaperDraw(winner, "代理", "職員"), ACTOR, NOW)


def test_the_history_says_whom_the_draw_chose(database: Database) -> None:
    with database.write() as session:
        row, lot = drawn_on_paper(session)
        names = {bidder.id: bidder.name for bidder in load_round(session, row).lots[0].bidders}
        record_draw(session, row, lot, PaperDraw("b", "本人", "職員"), ACTOR, NOW)
        session.flush()
        (first,) = events_of_round(session, row.ref, 1)
    assert {change.what: (change.before, change.after) for change in first.changes} == {
        "winner": (None, names["b"]),
        "drawn_by": (None, "本人"),
        "witness": (None, "職員"),
    }


@pytest.mark.parametrize(
    "act",
    [
        lambda s, row, lot: record_attempt(s, row, lot, load_round(s, row).lots[0].attempts[0], ACTOR, NOW),
        lambda s, row, lot: record_draw(s, row, lot, PaperDraw("mihon-a", "本人", "職員"), ACTOR, NOW),
    ],
    ids=["a correction", "a draw"],
)
def test_after_the_confirmation_bids_stand(
    database: Database, act: Callable[[Session, RoundRow, LotRow], None]
) -> None:
    with database.write() as session:
        row = stages.confirmed(session, NOW)
        before = load_round(session, row)
        with pytest.raises(Conflict, match="確定"):
            act(session, row, lots_of(session, row.id)[0])
        assert load_round(session, row) == before


def test_bids_are_not_opened_while_a_lot_has_no_ceiling(database: Database) -> None:
    with database.write() as session:
        row = stages.specified(session, NOW)
        first, second = lots_of(session, row.id)
        announce(session, row, VAULT, ACTOR, NOW)
        with pytest.raises(Invalid) as refused:
            open_bids(session, row, NOW, OPENED, VAULT, ACTOR, NOW)
        assert [first.title in fault.message for fault in refused.value.faults] == [True, False]
        assert all("定めて封印するか" in fault.message for fault in refused.value.faults)
        stages.seal(session, row, first, 100_000_000, NOW)
        cancel_lot(session, row, second, "予算の減額", ACTOR, NOW)
        open_bids(session, row, NOW, OPENED, VAULT, ACTOR, NOW)
        assert row.stage is Stage.OPENING


def test_a_ceiling_that_was_sealed_under_another_tax_rate_is_set_anew_before_the_notice(database: Database) -> None:
    with database.write() as session:
        row = stages.specified(session, NOW)
        lot = lots_of(session, row.id)[0]
        stages.seal(session, row, lot, 100_000_000, NOW)
        value = stages.example().lots[0]
        save_lot(session, row, replace(value, rules=replace(value.rules, tax_rate=Fraction(8, 100))), ACTOR, NOW)
        with pytest.raises(Invalid) as refused:
            announce(session, row, VAULT, ACTOR, NOW)
        anew = Ceiling(108_000_000, 100_000_000, Basis(note="税率の変更"))
        seal_ceiling(session, row, lot, anew, VAULT, ACTOR, NOW, "税率の変更")
        announce(session, row, VAULT, ACTOR, NOW)
    assert "税率が変わりました" in refused.value.faults[0].message
