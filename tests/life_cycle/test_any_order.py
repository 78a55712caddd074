"""A round driven by random steps, legal and illegal, by two people: no order of them leads where the law forbids."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlmodel import Session, select

from procure.awards.actions import confirm, confirmable, propose, publish, withdraw_proposal
from procure.awards.queries import confirmation_of, proposal_of
from procure.bids.actions import announce, open_bids, record_attempt, record_draw
from procure.bids.after_queries import corrections_of, negotiation_of
from procure.bids.bidders import Registration, save_bidders
from procure.bids.cancelling import call_off
from procure.bids.checking import Way, recorded_of
from procure.bids.checks import check_attempt
from procure.bids.corrections import approve_correction, propose_correction, reject_correction
from procure.bids.negotiations import withdraw_negotiation
from procure.bids.queries import attempts_of, load_round
from procure.bids.reviews import record_review
from procure.bids.rules import tied_bidders
from procure.bids.tables import BidRow, UnitPriceRow
from procure.ceilings.actions import seal_ceiling
from procure.ceilings.ceiling import Basis, Ceiling
from procure.ceilings.queries import opened_of
from procure.contracts.negotiating import approve_unsigned, propose_unsigned
from procure.database import Database, Row
from procure.demand.actions import close_survey, save_draft, submit
from procure.demand.answer import YES, lot_field, quantity_field
from procure.errors import Refusal
from procure.migrations.schema import SCHEMA
from procure.parties.actions import add_members
from procure.parties.directory import bodies_of, known_codes
from procure.rounds.actions import create_round, open_survey, reopen_survey, save_lot
from procure.rounds.queries import items_of, locked_round, lots_of
from procure.rounds.rules import Outline
from procure.rounds.stages import Stage
from procure.rounds.tables import LotRow, RoundRow
from procure.settlement.bids import total_quantities
from procure.settlement.result import BidStatus, LotResult, Outcome
from procure.settlement.result_file import result_json
from procure.settlement.round import (
    Attempt,
    Bid,
    CeilingDisclosure,
    ContractKind,
    Entry,
    Item,
    Lot,
    NegotiatedContract,
    Negotiation,
    NegotiationGround,
    PaperDraw,
    QualificationReview,
    Review,
    Rules,
)
from procure.settlement.round_file import read_round, write_round
from procure.settlement.settle import settle, settle_lot
from procure.web.next_steps import next_step
from procure.web.standing import standing_of
from tests.harness.databases import SQLiteDatabases
from tests.people import NOW
from tests.stages import OPENED, VAULT, amounts_of

NARA = "292010"
BIDDERS = ("a", "b", "c")
ORDER = tuple(Stage)
CEILING = 1000  # yen for the lot, tax-exclusive
PEOPLE = st.sampled_from(["甲", "乙"])
TOTALS = st.sampled_from([100, 100, 500, 1000, 1001, 1100, 1200])
ENTRIES = st.sampled_from([Entry.BID, Entry.BID, Entry.BID, Entry.DECLINED, Entry.ABSENT])
VOID = st.sampled_from([None, None, None, "記名押印なし"])

ALIKE, TOO_DEAR = [(Entry.BID, 100, None)] * 3, [(Entry.BID, 1200, None), (Entry.BID, 1100, None)] * 2
PAPERS = st.sampled_from([TOO_DEAR, ALIKE]) | st.lists(st.tuples(ENTRIES, TOTALS, VOID), min_size=3, max_size=3)

Papers = list[tuple[Entry, int, str | None]]
Step = Callable[[Session, RoundRow, LotRow], object]


@dataclass(frozen=True, slots=True)
class Kept:
    """What may not change any more, as it stood when it became so."""

    rules: dict[str, Any] | None = None
    bids: tuple[str, ...] = ()
    evidence: tuple[str, str, str] | None = None


class AnyOrder(RuleBasedStateMachine):
    """One round with one lot of one item. Every step is tried at every moment; a refusal must change nothing."""

    databases: ClassVar[SQLiteDatabases]  # set by the test
    reached: ClassVar[set[Stage | Outcome]]

    def __init__(self) -> None:
        super().__init__()
        self.url = self.databases.migrated()
        self.database = Database(self.url)
        self.kept = Kept()
        self.stage = Stage.PREPARING
        self.clock = NOW

    def teardown(self) -> None:
        self.database.close()
        self.databases.discard(self.url)

    @initialize(
        attempts=st.sampled_from([3, 2, 1]),
        disclosure=st.sampled_from(CeilingDisclosure),
        review=st.sampled_from(Review),
        must_be_lower=st.booleans(),
    )
    def begin(self, attempts: int, disclosure: CeilingDisclosure, review: Review, must_be_lower: bool) -> None:
        rules = Rules(
            ceiling_disclosure=disclosure, max_attempts=attempts, rebid_must_be_lower=must_be_lower, review=review
        )
        lot = Lot("pc", "パソコン", ContractKind.PURCHASE, rules, (Item("i", "ノート", "", "台", 150),))
        with self.database.write() as session:
            add_members(session, [body for body in bodies_of("奈良県") if body.code == NARA], "甲", NOW)
            row = create_round(session, Outline("R8-1", "共同調達", 2026, NOW.date(), "協議会"), "甲", NOW)
            save_lot(session, row, lot, "甲", NOW)

    # ---- the steps -----------------------------------------------------------------------------------

    def tries(self, step: Step) -> bool:
        """Whether the step was taken. One that is refused leaves every row of every table as it was."""
        self.clock += timedelta(minutes=1)
        before = self.everything()
        try:
            with self.database.write() as session:
                row = locked_round(session, "R8-1")
                step(session, row, lots_of(session, row.id)[0])
        except Refusal:
            assert self.everything() == before
            return False
        assert len(self.everything()["event"]) > len(before["event"])
        self.stages_follow_each_other()
        self.an_award_is_the_lowest_that_the_law_allows()
        self.the_record_can_be_read_again_and_comes_to_the_same()
        return True

    def everything(self) -> dict[str, list[tuple[object, ...]]]:
        with self.database.read() as session:
            return {
                name: [tuple(row) for row in session.connection().exec_driver_sql(f'SELECT * FROM "{name}"')]
                for name in SCHEMA.tables
            }

    @rule(person=PEOPLE, papers=PAPERS, agrees=st.booleans())
    def go_one_step(self, person: str, papers: Papers, agrees: bool) -> None:
        self.go_on(person, papers, agrees)

    def go_on(self, person: str, papers: Papers, agrees: bool) -> None:
        """What a sensible secretariat would do next, so that many a round comes to its end."""
        row, other = self.row(), "乙" if person == "甲" else "甲"
        if row.stage is Stage.OPENING:
            self.go_on_opened(person, other, papers, agrees)
        else:
            {
                Stage.PREPARING: lambda: self.survey(person),
                Stage.SURVEYING: lambda: (self.answer(person, 2), self.close(person)),
                Stage.SPECIFIED: lambda: (
                    self.set_ceiling(person, CEILING, "数量による見直し"),
                    self.register(person, 3),
                    self.give_notice(person),
                ),
                Stage.BIDDING: lambda: (self.set_ceiling(person, CEILING, "見積による見直し"), self.open(person)),
                Stage.PUBLISHED: lambda: None,
            }[row.stage]()

    def go_on_opened(self, person: str, other: str, papers: Papers, agrees: bool) -> None:
        with self.database.read() as session:
            row = locked_round(session, "R8-1")
            (value,) = load_round(session, row).lots
            proposal = proposal_of(session, row)
            attempts = attempts_of(session, lots_of(session, row.id)[0])
        result, number = settle_lot(value), len(value.attempts)
        if row.confirmed_at is not None:
            self.make_public(person)
        elif attempts and attempts[-1].checked_at is None:
            self.compare("乙" if attempts[-1].recorded_by == "甲" else "甲", number, agrees, Way.TYPED)
        elif result.outcome in (Outcome.PENDING, Outcome.REBID):
            self.record(person, number + 1, papers)
        elif result.outcome is Outcome.DRAW_REQUIRED:
            self.draw(person, True, number)
        elif result.candidate is not None:
            self.examine(person, result.candidate, agrees)
        elif proposal is None:
            self.put_forward(person)
        else:
            self.decide("乙" if proposal.proposed_by == "甲" else "甲", 0)

    @rule(person=PEOPLE, papers=PAPERS, steps=st.integers(2, 6))
    def go_on_for_a_while(self, person: str, papers: Papers, steps: int) -> None:
        for _ in range(steps):
            self.go_on(person, papers, True)

    @rule(person=PEOPLE)
    def survey(self, person: str) -> None:
        self.tries(lambda s, row, _: open_survey(s, row, self.clock + timedelta(days=1), person, self.clock))

    @rule(person=PEOPLE, quantity=st.integers(1, 3))
    def answer(self, person: str, quantity: int) -> None:
        def step(session: Session, row: RoundRow, lot: LotRow) -> None:
            (item,) = items_of(session, row.id)
            typed = {quantity_field(item.id): str(quantity), lot_field("join", lot.id): YES}
            save_draft(session, row, NARA, typed, 0, person, self.clock)
            submit(session, row, NARA, person, self.clock)

        self.tries(step)

    @rule(person=PEOPLE)
    def close(self, person: str) -> None:
        self.tries(lambda s, row, _: close_survey(s, row, person, self.clock))

    @rule(person=PEOPLE)
    def reopen(self, person: str) -> None:
        ends = self.clock + timedelta(days=1)
        self.tries(lambda s, row, _: reopen_survey(s, row, ends, "数量の誤り", person, self.clock))

    @rule(person=PEOPLE, without_tax=st.sampled_from([CEILING, 1, 5000]), reason=st.sampled_from(["", "訂正"]))
    def set_ceiling(self, person: str, without_tax: int, reason: str) -> None:
        ceiling = Ceiling(with_tax=without_tax * 2, without_tax=without_tax, basis=Basis(note="見積"))
        self.tries(lambda s, row, lot: seal_ceiling(s, row, lot, ceiling, VAULT, person, self.clock, reason))

    @rule(person=PEOPLE, attempts=st.integers(1, 3))
    def change_rules(self, person: str, attempts: int) -> None:
        def step(session: Session, row: RoundRow, _: LotRow) -> None:
            value = load_round(session, row).lots[0]
            changed = replace(
                value.rules, max_attempts=attempts % 3 + 1 if attempts == value.rules.max_attempts else attempts
            )
            save_lot(session, row, replace(value, rules=changed), person, self.clock)

        self.tries(step)

    @rule(person=PEOPLE, count=st.integers(0, 3))
    def register(self, person: str, count: int) -> None:
        def step(session: Session, row: RoundRow, _: LotRow) -> None:
            kept = load_round(session, row).lots[0].bidders
            name = "社" if len(kept) != count else f"社 {self.clock:%d %H:%M}"  # always something to register
            entries = [Registration(ref, f"{ref}{name}", frozenset({"pc"})) for ref in BIDDERS[:count]]
            if not kept and not entries:
                raise Refusal
            save_bidders(session, row, entries, person, self.clock)

        self.tries(step)

    @rule(person=PEOPLE)
    def give_notice(self, person: str) -> None:
        if self.tries(lambda s, row, _: announce(s, row, VAULT, person, self.clock)):
            self.kept = replace(self.kept, rules=self.noticed())

    @rule(person=PEOPLE)
    def open(self, person: str) -> None:
        self.tries(lambda s, row, _: open_bids(s, row, self.clock, OPENED, VAULT, person, self.clock))

    @rule(person=PEOPLE, number=st.integers(1, 3), papers=PAPERS)
    def record(self, person: str, number: int, papers: Papers) -> None:
        def step(session: Session, row: RoundRow, lot: LotRow) -> None:
            bidders = load_round(session, row).lots[0].bidders
            bids = tuple(_bid(bidder.id, *paper) for bidder, paper in zip(bidders, papers, strict=False))
            record_attempt(session, row, lot, Attempt(number, self.clock, bids), person, self.clock)

        self.tries(step)

    @rule(person=PEOPLE, number=st.integers(1, 3), agrees=st.booleans(), way=st.sampled_from(Way))
    def compare(self, person: str, number: int, agrees: bool, way: Way) -> None:
        def step(session: Session, row: RoundRow, lot: LotRow) -> None:
            value = load_round(session, row).lots[0]
            attempt = value.attempts[number - 1] if number <= len(value.attempts) else Attempt(number, NOW, ())
            found = recorded_of(attempt, total_quantities(value))
            if not agrees and found:
                first = next(iter(found))
                found[first] = replace(found[first], entry=Entry.BID, total=77)
            check_attempt(session, row, lot, number, found, way, person, self.clock)

        if self.tries(step):
            self.kept = replace(self.kept, bids=self.checked_bids())

    @rule(person=PEOPLE, number=st.integers(1, 3), bidder=st.sampled_from(BIDDERS), entry=ENTRIES, total=TOTALS)
    def ask_correction(self, person: str, number: int, bidder: str, entry: Entry, total: int) -> None:
        def step(session: Session, row: RoundRow, lot: LotRow) -> None:
            attempts = load_round(session, row).lots[0].attempts
            if number > len(attempts) or bidder not in {bid.bidder for bid in attempts[number - 1].bids}:
                raise Refusal
            bid = _bid(bidder, entry, total, None)
            propose_correction(session, row, lot, number, bid, "読み違い", person, self.clock)

        self.tries(step)

    @rule(person=PEOPLE, approve=st.booleans())
    def judge_correction(self, person: str, approve: bool) -> None:
        judge = approve_correction if approve else reject_correction
        self.tries(lambda s, row, lot: judge(s, row, lot, person, self.clock))

    @rule(person=PEOPLE, among_tied=st.booleans(), place=st.integers(0, 2))
    def draw(self, person: str, among_tied: bool, place: int) -> None:
        def step(session: Session, row: RoundRow, lot: LotRow) -> None:
            tied = tied_bidders(load_round(session, row).lots[0])
            winner = tied[place % len(tied)] if among_tied and tied else BIDDERS[place]
            record_draw(session, row, lot, PaperDraw(winner, "本人", "職員"), person, self.clock)

        self.tries(step)

    @rule(person=PEOPLE, bidder=st.sampled_from(BIDDERS), passed=st.booleans())
    def examine(self, person: str, bidder: str, passed: bool) -> None:
        review = QualificationReview(bidder, passed, None if passed else "納税証明なし", self.clock.date())
        self.tries(lambda s, row, lot: record_review(s, row, lot, review, person, self.clock))

    @rule(person=PEOPLE, ground=st.sampled_from(NegotiationGround), price=st.sampled_from([1, 300, 5000]))
    def negotiate(self, person: str, ground: NegotiationGround, price: int) -> None:
        contracts = (NegotiatedContract("a社", {"i": price}),)
        negotiation = Negotiation(ground, self.clock.date(), "再度の入札に付し落札者がないため", contracts)
        self.tries(lambda s, row, lot: propose_unsigned(s, row, lot, negotiation, "第9号", person, self.clock))

    @rule(person=PEOPLE, approve=st.booleans())
    def judge_negotiation(self, person: str, approve: bool) -> None:
        judge = approve_unsigned if approve else withdraw_negotiation
        self.tries(lambda s, row, lot: judge(s, row, lot, person, self.clock))

    @rule(person=PEOPLE)
    def call_off(self, person: str) -> None:
        if self.clock.minute % 7 == 0:  # seldom: nothing follows a 取止め
            self.tries(lambda s, row, lot: call_off(s, row, lot, "仕様の誤り", person, self.clock))

    @rule(person=PEOPLE)
    def put_forward(self, person: str) -> None:
        self.tries(lambda s, row, _: propose(s, row, "第1号", self.clock.date(), person, self.clock))

    @rule(person=PEOPLE)
    def take_back(self, person: str) -> None:
        self.tries(lambda s, row, _: withdraw_proposal(s, row, person, self.clock))

    @rule(person=PEOPLE, slip=st.sampled_from([0, 0, 0, 1]))
    def decide(self, person: str, slip: int) -> None:
        def step(session: Session, row: RoundRow, _: LotRow) -> None:
            proposal = proposal_of(session, row)
            amounts = {
                lot: None if amount is None else amount + slip for lot, amount in amounts_of(session, row).items()
            }
            kept = confirm(session, row, amounts, person, self.clock)
            assert proposal is not None
            assert kept.proposed_by == proposal.proposed_by != person == kept.confirmed_by
            assert not (slip and amounts)

        if self.tries(step):
            self.kept = replace(self.kept, evidence=self.evidence(), bids=self.checked_bids())

    @rule(person=PEOPLE)
    def make_public(self, person: str) -> None:
        self.tries(lambda s, row, _: publish(s, row, person, self.clock))

    # ---- what holds after each -----------------------------------------------------------------------

    def stages_follow_each_other(self) -> None:
        stage = self.row().stage
        step = ORDER.index(stage) - ORDER.index(self.stage)
        assert step in (0, 1) or (self.stage, stage) == (Stage.SPECIFIED, Stage.SURVEYING)
        self.stage = stage
        self.reached.add(stage)

    @invariant()
    def the_rules_stand_with_the_notice(self) -> None:
        assert self.kept.rules in (None, self.noticed())

    @invariant()
    def a_sealed_ceiling_is_nowhere_before_its_time(self) -> None:
        with self.database.read() as session:
            row = locked_round(session, "R8-1")
            lot = lots_of(session, row.id)[0]
            is_published = lot.ceiling_disclosure is CeilingDisclosure.BEFORE and row.stage is Stage.BIDDING
            if row.stage not in (Stage.OPENING, Stage.PUBLISHED) and not is_published:
                assert lot.ceiling is lot.ceiling_with_tax is None
                assert opened_of(session, lot) is None

    @invariant()
    def bids_that_were_checked_stand(self) -> None:
        assert set(self.kept.bids) <= set(self.checked_bids())

    @invariant()
    def nobody_approves_what_is_their_own(self) -> None:
        with self.database.read() as session:
            lot = lots_of(session, locked_round(session, "R8-1").id)[0]
            assert all(one.recorded_by != one.checked_by for one in attempts_of(session, lot))
            assert all(one.proposed_by != one.approved_by for one in corrections_of(session, lot))

    @invariant()
    def the_guide_leads_to_the_decision_where_the_action_accepts_it(self) -> None:
        with self.database.read() as session:
            row = locked_round(session, "R8-1")
            step = next_step(standing_of(session, row, self.clock))
            try:
                confirmable(session, row)
            except Refusal:
                accepts = False
            else:
                accepts = True
        assert (step is not None and step.href.endswith(("/confirm", "#ways"))) is accepts

    @invariant()
    def no_contract_rests_on_a_cancelled_tender(self) -> None:
        with self.database.read() as session:
            lots = lots_of(session, locked_round(session, "R8-1").id)
            assert not [lot.ref for lot in lots if lot.cancelled is not None and negotiation_of(session, lot)]

    @invariant()
    def an_award_is_the_lowest_that_the_law_allows(self) -> None:
        with self.database.read() as session:
            value = load_round(session, locked_round(session, "R8-1"))
        (lot,), (result,) = value.lots, settle(value).lots
        self.reached.add(result.outcome)
        _assert_lawful(lot, result)

    @invariant()
    def the_record_can_be_read_again_and_comes_to_the_same(self) -> None:
        with self.database.read() as session:
            value = load_round(session, locked_round(session, "R8-1"))
        assert settle(read_round(write_round(value).encode(), known_codes())) == settle(value)

    @invariant()
    def what_was_confirmed_stands(self) -> None:
        row = self.row()
        assert (row.confirmed_at is not None) == (self.kept.evidence is not None)
        if row.stage is Stage.PUBLISHED:
            assert row.confirmed_at is not None
        if self.kept.evidence is not None:
            assert self.evidence() == self.kept.evidence
            round_file, result, sha256 = self.kept.evidence
            assert hashlib.sha256(f"{round_file}\n{result}".encode()).hexdigest() == sha256
            again = settle(read_round(round_file.encode(), known_codes()))
            assert json.loads(result) == json.loads(json.dumps(result_json(again)))

    # ---- reading -------------------------------------------------------------------------------------

    def row(self) -> RoundRow:
        with self.database.read() as session:
            return locked_round(session, "R8-1")

    def noticed(self) -> dict[str, Any]:
        with self.database.read() as session:
            columns = lots_of(session, self.row().id)[0].model_dump()
        return {
            name: value for name, value in columns.items() if name not in ("ceiling", "ceiling_with_tax", "cancelled")
        }

    def checked_bids(self) -> tuple[str, ...]:
        """Every row of a bid and of its breakdown in the attempts that were checked, as text."""
        with self.database.read() as session:
            lot = lots_of(session, self.row().id)[0]
            checked = {attempt.id for attempt in attempts_of(session, lot) if attempt.checked_at is not None}
            bids = [bid for bid in session.exec(select(BidRow)) if bid.attempt_id in checked]
            prices = [price for price in session.exec(select(UnitPriceRow)) if price.bid_id in {bid.id for bid in bids}]
        return tuple(_text(row) for row in (*bids, *prices))

    def evidence(self) -> tuple[str, str, str] | None:
        with self.database.read() as session:
            kept = confirmation_of(session, locked_round(session, "R8-1"))
        return kept and (kept.round_file, kept.result, kept.sha256)


def _bid(bidder: str, entry: Entry, total: int, void: str | None) -> Bid:
    return Bid(bidder, entry, total=total, void=void) if entry is Entry.BID else Bid(bidder, entry)


def _text(row: Row) -> str:
    return f"{type(row).__name__} {sorted(row.model_dump().items())}"


def _assert_lawful(lot: Lot, result: LotResult) -> None:
    """法234条3項 said again, from the bids alone: within the ceiling, the lowest, valid, and qualified."""
    failed = {review.bidder for review in lot.reviews if not review.passed}
    ceiling = lot.rules.ceiling
    if result.outcome is not Outcome.AWARDED or result.award is None:
        assert not [bid for attempt in result.attempts for bid in attempt.bids if bid.status is BidStatus.AWARDED]
        return
    deciding = lot.attempts[result.award.attempt - 1]
    assert deciding.number == len(lot.attempts)
    able = {
        bid.bidder: bid.total
        for bid in deciding.bids
        if bid.entry is Entry.BID and not bid.void and bid.bidder not in failed
        if bid.total is not None and (ceiling is None or bid.total <= ceiling)
    }
    assert result.award.bidder in able
    if deciding.number == 1:
        assert able[result.award.bidder] == min(able.values())
    if lot.rules.review is Review.AFTER:
        assert result.award.bidder in {review.bidder for review in lot.reviews if review.passed}


def test_no_order_of_steps_leads_where_the_law_forbids(sqlite_databases: SQLiteDatabases) -> None:
    class OnThese(AnyOrder):
        databases = sqlite_databases
        reached: ClassVar[set[Stage | Outcome]] = set()

    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        OnThese,
        settings=settings(
            max_examples=24,
            derandomize=True,
            phases=(Phase.generate,),
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert OnThese.reached >= {*Stage, Outcome.AWARDED}
