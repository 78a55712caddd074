"""The ledger of quantities: never accepted above delivered above ordered above contracted, on no day."""

from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from procure.contracts.ledger import CHAIN, Ledger, Slip
from procure.contracts.slips import Note, reversal_faults, slip_faults
from procure.contracts.states import Act

CONCLUDED = date(2026, 10, 1)
TODAY = CONCLUDED + timedelta(days=60)
ITEMS = ("pc", "monitor")
NAMES = {"pc": "ノートパソコン", "monitor": "液晶ディスプレイ"}
NOTE = Note("庁舎", "主査　奈良花子", "理由")


def a_ledger(*slips: tuple[Act, int, int]) -> Ledger:
    """Ten computers, and slips (act, day after the contract, quantity)."""
    ledger = Ledger({"pc": 10})
    for act, day, quantity in slips:
        ledger = ledger.with_slip(Slip(ledger.next_number, act, CONCLUDED + timedelta(days=day), {"pc": quantity}))
    return ledger


def test_what_was_contracted_counts_with_its_changes() -> None:
    ledger = a_ledger((Act.CHANGE, 1, 3), (Act.CHANGE, 2, -5))
    assert ledger.sums(Act.CHANGE) == {"pc": 8}
    assert ledger.sums(Act.CHANGE, CONCLUDED + timedelta(days=1)) == {"pc": 13}


def test_what_is_left_is_measured_by_what_comes_before() -> None:
    ledger = a_ledger((Act.ORDER, 1, 8), (Act.DELIVERY, 2, 5), (Act.ACCEPTANCE, 3, 4))
    left = {act: ledger.room(act)["pc"] for act in Act}
    assert left == {Act.CHANGE: 2, Act.ORDER: 2, Act.DELIVERY: 3, Act.ACCEPTANCE: 1}


def test_everything_accepted_is_complete() -> None:
    assert a_ledger((Act.ORDER, 1, 10), (Act.DELIVERY, 2, 10), (Act.ACCEPTANCE, 3, 10)).is_complete
    assert not a_ledger((Act.ORDER, 1, 10), (Act.DELIVERY, 2, 10), (Act.ACCEPTANCE, 3, 9)).is_complete


def test_a_slip_that_is_taken_back_counts_no_more_and_stays_on_record() -> None:
    ledger = a_ledger((Act.ORDER, 1, 8))
    back = ledger.with_slip(ledger.reversal(1))
    assert back.sums(Act.ORDER) == {"pc": 0}
    assert [slip.number for slip in back.slips] == [1, 2]
    assert back.standing == ()
    assert not back.is_begun


def test_an_acceptance_before_the_delivery_is_an_excess_on_that_day() -> None:
    ledger = a_ledger((Act.ORDER, 1, 5), (Act.DELIVERY, 9, 5), (Act.ACCEPTANCE, 3, 5))
    assert {(one.act, one.day) for one in ledger.excesses()} == {(Act.ACCEPTANCE, CONCLUDED + timedelta(days=3))}


attempts = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(list(Act)),
            st.integers(-2, 65),
            st.dictionaries(st.sampled_from(ITEMS), st.integers(-12, 12), max_size=2),
        ),
        st.integers(1, 12),  # a slip to take back
    ),
    max_size=25,
)


@given(st.integers(0, 12), st.integers(1, 12), attempts)
@example(0, 1, [(Act.CHANGE, 1, {"pc": 2}), (Act.CHANGE, 2, {"monitor": -1}), 1])
def test_whatever_is_tried_the_record_stays_possible_on_every_day(
    computers: int, monitors: int, tried: list[tuple[Act, int, dict[str, int]] | int]
) -> None:
    ledger = Ledger({"pc": computers, "monitor": monitors})
    for one in tried:
        ledger = _tried(ledger, one)
        for day in (None, *(slip.day for slip in ledger.slips)):
            sums = [ledger.sums(act, day) for act in CHAIN]
            for item in ITEMS:
                chain = [at[item] for at in sums]
                assert chain == sorted(chain, reverse=True)
                assert chain[-1] >= 0
        assert any(ledger.sums(Act.CHANGE).values())


def _tried(ledger: Ledger, one: tuple[Act, int, dict[str, int]] | int) -> Ledger:
    """The ledger with what was tried, where the rules let it in."""
    if isinstance(one, int):
        stands = one in {slip.number for slip in ledger.standing}
        if not stands or list(reversal_faults(ledger, one, "誤り", NAMES)):
            return ledger
        return ledger.with_slip(ledger.reversal(one))
    act, day, quantities = one
    asked = {item: count if act is Act.CHANGE else abs(count) for item, count in quantities.items() if count}
    slip = Slip(ledger.next_number, act, CONCLUDED + timedelta(days=day), asked)
    if list(slip_faults(ledger, slip, NOTE, CONCLUDED, TODAY, NAMES)):
        return ledger
    return ledger.with_slip(slip)
