"""What follows the opening, driven by random steps that mostly fit: the record always reads again as what it decides.

Corrections, lotteries, reviews and negotiated contracts come in every order, each by two people; what one leaves behind
of another is what a single example does not show.
"""

from typing import ClassVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlmodel import select

from procure.bids.checking import Way
from procure.bids.queries import load_round
from procure.history.tables import EventRow
from procure.rounds.queries import locked_round
from procure.rounds.stages import Stage
from procure.settlement.result import LotResult, Outcome
from procure.settlement.round import CeilingDisclosure, Entry, Lot, NegotiationGround, Review
from procure.settlement.settle import settle_lot
from tests.harness.databases import SQLiteDatabases
from tests.life_cycle.test_any_order import AnyOrder, Papers

ALIKE = [(Entry.BID, 100, None)] * 3
DEAR = [(Entry.BID, 1200, None), (Entry.BID, 1100, None), (Entry.BID, 1100, None)]
TWO_ALIKE = [(Entry.BID, 100, None), (Entry.BID, 100, None), (Entry.BID, 500, None)]
PAPERS = st.sampled_from([ALIKE, ALIKE, TWO_ALIKE, DEAR, [(Entry.DECLINED, 0, None)] * 3])
TOTALS = st.sampled_from([99, 100, 100, 500, 1200])


class AfterTheOpening(RuleBasedStateMachine):
    """The steps of a round in any order, of which only those that follow an opening are taken."""

    databases: ClassVar[SQLiteDatabases]  # set by the test
    recorded: ClassVar[set[str]]  # the actions that the histories have
    reached: ClassVar[set[Stage | Outcome]]

    @initialize(
        papers=PAPERS, attempts=st.integers(1, 3), review=st.sampled_from([Review.AFTER, Review.AFTER, Review.BEFORE])
    )
    def begin(self, papers: Papers, attempts: int, review: Review) -> None:
        class OfOne(AnyOrder):
            databases = self.databases
            reached = self.reached

        self.round = OfOne()
        self.round.begin(attempts, CeilingDisclosure.AFTER, review, must_be_lower=False)
        for _ in range(6):
            self.round.go_on("甲", papers, agrees=True)

    def teardown(self) -> None:
        with self.round.database.read() as session:
            self.recorded.update(session.exec(select(EventRow.action)))
        self.round.teardown()

    def lot(self) -> tuple[Lot, LotResult]:
        with self.round.database.read() as session:
            (lot,) = load_round(session, locked_round(session, "R8-1")).lots
        return lot, settle_lot(lot)

    # ---- the steps -----------------------------------------------------------------------------------

    @rule(
        bidder=st.sampled_from("abc"),
        total=TOTALS,
        is_last=st.booleans(),
        declines=st.sampled_from([False] * 5 + [True]),
    )
    def correct(self, bidder: str, total: int, is_last: bool, declines: bool) -> None:
        lot, _ = self.lot()
        if lot.negotiation is not None or self.round.row().confirmed_at is not None:
            return
        entry = Entry.DECLINED if declines else Entry.BID
        self.round.ask_correction("甲", len(lot.attempts) if is_last else 1, bidder, entry, total)
        self.round.judge_correction("乙", approve=True)

    @rule(papers=PAPERS, place=st.integers(0, 2), agrees=st.sampled_from([True, False, False]))
    def go_on(self, papers: Papers, place: int, agrees: bool) -> None:
        """What the lot waits for."""
        lot, result = self.lot()
        if lot.negotiation is not None:
            return
        match result.outcome:
            case Outcome.DRAW_REQUIRED:
                self.round.draw("甲", among_tied=True, place=place)
            case Outcome.REVIEW_REQUIRED:
                self.round.examine("甲", result.candidate or "", agrees)
            case Outcome.REBID:
                self.round.record("甲", len(lot.attempts) + 1, papers)
                self.round.compare("乙", len(lot.attempts) + 1, agrees=True, way=Way.TYPED)
            case Outcome.NO_BIDS | Outcome.NO_AWARD:
                self.contract(NegotiationGround.FAILED_TENDER, approve=agrees)
            case Outcome.AWARDED if self.round.row().confirmed_at is not None:
                self.contract(NegotiationGround.NOT_SIGNED, approve=agrees)
            case Outcome.AWARDED if place == 0:  # seldom: few steps follow
                self.decide()

    def contract(self, ground: NegotiationGround, *, approve: bool) -> None:
        self.round.negotiate("甲", ground, 1)
        self.round.judge_negotiation("乙", approve)

    def decide(self) -> None:
        self.round.put_forward("甲")
        self.round.decide("乙", 0)

    # ---- what holds after each -----------------------------------------------------------------------

    @invariant()
    def what_was_checked_and_confirmed_stands(self) -> None:
        """That the record reads again and the award is lawful is seen to after each step that was taken."""
        self.round.bids_that_were_checked_stand()
        self.round.what_was_confirmed_stands()

    @invariant()
    def a_lot_that_waits_for_a_lottery_can_have_it(self) -> None:
        lot, result = self.lot()
        if result.outcome is Outcome.DRAW_REQUIRED:
            assert lot.draw is None


def test_what_follows_an_opening_can_always_be_read_again(sqlite_databases: SQLiteDatabases) -> None:
    class OnThese(AfterTheOpening):
        databases = sqlite_databases
        recorded: ClassVar[set[str]] = set()
        reached: ClassVar[set[Stage | Outcome]] = set()

    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        OnThese,
        settings=settings(
            max_examples=18,
            derandomize=True,
            phases=(Phase.generate,),
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    followed = {"correction_approved", "draw_undone", "review_undone", "negotiation_approved", "award_confirmed"}
    assert OnThese.recorded >= followed
    assert OnThese.reached >= {Outcome.AWARDED, Outcome.REBID, Outcome.DRAW_REQUIRED, Outcome.NO_BIDS, Outcome.NO_AWARD}
