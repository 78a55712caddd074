"""A changed contract is judged by the amount after the change: for the assembly, and for the limit of a small one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlmodel import Session

from procure.contracts.actions import save_terms
from procure.contracts.agreed import Agreed
from procure.contracts.changes import Changed, amount_faults
from procure.contracts.ledger import Ledger, Slip
from procure.contracts.queries import agreed_lot, recorded_of
from procure.contracts.states import Act, Ground
from procure.database import Database
from procure.errors import Invalid
from procure.rounds.tables import RoundRow
from tests.contracts.contracting import CODE, DAY, LATER, SIGNED, WHO, contracted, put, sign, take_back
from tests.people import NOW
from tests.stages import confirmed

CONCLUDED = date(2026, 10, 1)
LIMIT = 20  # pieces: a yen each, tax and all


def day(number: int) -> date:
    return CONCLUDED + timedelta(days=number)


def faulty(after: Ledger, slip: Slip, small_limit: int | None = None) -> list[str]:
    """The fields in which something is wrong with an amount of a yen for each piece."""
    amount = sum(after.sums(Act.CHANGE).values())
    changed = Changed(amount >= LIMIT, amount, small_limit)
    return [fault.field for fault in amount_faults(after, slip, changed, CONCLUDED)]


def changed_by(ledger: Ledger, pieces: int, resolved_on: date | None = None) -> tuple[Ledger, Slip]:
    slip = Slip(ledger.next_number, Act.CHANGE, day(5), {"pc": pieces}, resolved_on=resolved_on)
    return ledger.with_slip(slip), slip


TEN = Ledger({"pc": 10})


@pytest.mark.parametrize(("pieces", "fields"), [(9, []), (10, ["resolved_on"]), (11, ["resolved_on"])])
def test_a_change_that_reaches_the_amount_of_the_assembly_needs_its_vote(pieces: int, fields: list[str]) -> None:
    assert faulty(*changed_by(TEN, pieces)) == fields
    assert faulty(*changed_by(TEN, pieces, day(5))) == []


@pytest.mark.parametrize(("voted", "field"), [(-1, "resolved_on"), (6, "day")])
def test_the_vote_on_a_change_lies_between_the_contract_and_the_change(voted: int, field: str) -> None:
    assert faulty(*changed_by(TEN, 10, day(voted))) == [field]


def test_nothing_but_a_change_is_voted_on() -> None:
    order = Slip(1, Act.ORDER, day(5), {"pc": 1}, resolved_on=day(5))
    assert faulty(TEN.with_slip(order), order) == ["resolved_on"]


@pytest.mark.parametrize(("pieces", "fields"), [(5, []), (6, [""])])
def test_a_small_contract_is_not_changed_beyond_its_limit(pieces: int, fields: list[str]) -> None:
    assert faulty(*changed_by(TEN, pieces), small_limit=15) == fields


def test_a_decrease_is_not_taken_back_where_the_rest_would_need_a_vote() -> None:
    less, _ = changed_by(TEN, -5)
    more, _ = changed_by(less, 12)
    back = more.reversal(1)
    assert faulty(more.with_slip(back), back) == ["resolved_on"]


def test_a_contract_becomes_again_what_the_assembly_voted_on() -> None:
    ledger, slip = changed_by(Ledger({"pc": 30}), -1, day(5))
    assert faulty(ledger, slip) == []
    back = ledger.reversal(1)
    assert faulty(ledger.with_slip(back), back) == []


@given(
    st.integers(1, 40),
    st.lists(st.one_of(st.tuples(st.integers(-30, 30).filter(bool), st.booleans()), st.integers(1, 9)), max_size=12),
)
@example(10, [(-5, False), (12, False), 1])
@example(10, [(30, True), (1, True), 1, 2])
def test_no_order_of_changes_leads_past_the_assembly(pieces: int, tried: list[tuple[int, bool] | int]) -> None:
    ledger = Ledger({"pc": pieces})
    for one in tried:
        ledger = _tried(ledger, one)
        amount = sum(ledger.sums(Act.CHANGE).values())
        voted = any(slip.resolved_on is not None for slip in ledger.standing)
        assert amount < LIMIT or amount == pieces or voted


def _tried(ledger: Ledger, one: tuple[int, bool] | int) -> Ledger:
    """The ledger with what was tried, where the amount after it lets it in."""
    if isinstance(one, int):
        if one not in {slip.number for slip in ledger.standing}:
            return ledger
        slip = ledger.reversal(one)
        after = ledger.with_slip(slip)
    else:
        after, slip = changed_by(ledger, one[0], day(5) if one[1] else None)
    return ledger if faulty(after, slip) else after


# ---- as it is recorded -------------------------------------------------------------------------------


@contextmanager
def refusal(words: str) -> Iterator[None]:
    """One fault and no other, which says so."""
    with pytest.raises(Invalid) as refused:
        yield
    (fault,) = refused.value.faults
    assert words in fault.message


def first_of(agreed: Agreed) -> tuple[str, int]:
    return next(iter(agreed.quantities_of(CODE).items()))


def test_a_city_below_the_amount_is_not_changed_above_it_without_its_assembly(database: Database) -> None:
    with database.write() as session:
        row = contracted(session, NOW)
        agreed = agreed_lot(session, row, "pc")
        item, quantity = first_of(agreed)
        with refusal("議会の議決"):
            put(session, row, agreed, Act.CHANGE, {item: quantity * 20})
        put(session, row, agreed, Act.CHANGE, {item: quantity * 20}, resolved_on=DAY)
        put(session, row, agreed, Act.ORDER, {item: quantity * 21})
        kept = recorded_of(session, agreed.lot_id, CODE).ledger(agreed.quantities_of(CODE))
    assert [slip.resolved_on for slip in kept.slips] == [DAY, None]


def test_a_word_given_below_the_amount_says_nothing_of_more(database: Database) -> None:
    with database.write() as session:
        row = sign(session, confirmed(session, NOW), replace(SIGNED, approval=False, approval_reason="基準額未満"))
        agreed = agreed_lot(session, row, "pc")
        item, quantity = first_of(agreed)
        with refusal("議会の議決"):
            put(session, row, agreed, Act.CHANGE, {item: quantity * 20})


def small(session: Session) -> tuple[RoundRow, Agreed, str]:
    """A body that buys its printers by a small contract."""
    row = confirmed(session, NOW)
    agreed = agreed_lot(session, row, "printer")
    code = min(agreed.bodies, key=lambda one: agreed.come_to(agreed.quantities_of(one))[1] or 0)
    save_terms(session, row, agreed, code, replace(SIGNED, ground=Ground.SMALL), 0, WHO, LATER)
    return row, agreed, code


def too_many(agreed: Agreed, code: str) -> dict[str, int]:
    """As many more as make a small contract one of two million yen, for which no assembly is asked."""
    quantities = agreed.quantities_of(code)
    times = 2_000_000 // (agreed.come_to(quantities)[1] or 0)
    return {item: quantity * times for item, quantity in quantities.items()}


def test_a_small_contract_stays_one_whatever_is_changed(database: Database) -> None:
    with database.write() as session:
        row, agreed, code = small(session)
        with refusal("第1号による契約は、この数量には変更できません"):
            put(session, row, agreed, Act.CHANGE, too_many(agreed, code), code=code)


def test_a_contract_that_was_changed_beyond_the_limit_does_not_become_a_small_one(database: Database) -> None:
    with database.write() as session:
        row, agreed, code = small(session)
        save_terms(session, row, agreed, code, SIGNED, 1, WHO, LATER)
        put(session, row, agreed, Act.CHANGE, too_many(agreed, code), code=code)
        with refusal("第1号は選べません"):
            save_terms(session, row, agreed, code, replace(SIGNED, ground=Ground.SMALL), 3, WHO, LATER)


def test_an_increase_that_was_voted_on_is_taken_back_as_any_other(database: Database) -> None:
    with database.write() as session:
        row = contracted(session, NOW)
        agreed = agreed_lot(session, row, "pc")
        item, quantity = first_of(agreed)
        put(session, row, agreed, Act.CHANGE, {item: quantity * 20}, resolved_on=DAY)
        take_back(session, row, agreed, 1)
        kept = recorded_of(session, agreed.lot_id, CODE).ledger(agreed.quantities_of(CODE))
    assert kept.sums(Act.CHANGE) == kept.agreed
