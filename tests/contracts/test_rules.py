"""What a body may record of its contract, and where the contract stands."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from procure.contracts.ledger import Ledger, Slip
from procure.contracts.rules import Basis, Terms, is_overdue, limits_faults, needs_assembly, status_of, terms_faults
from procure.contracts.slips import Note, field_of, reversal_faults, slip_faults
from procure.contracts.states import Act, Ground, Resolution, Status
from procure.contracts.thresholds import Limits

DECIDED, TODAY = date(2026, 10, 1), date(2026, 12, 1)
ASKED = {"pc": 10}
NAMES = {"pc": "ノートパソコン"}


def day(number: int) -> date:
    return DECIDED + timedelta(days=number)


def basis(**changes: Any) -> Basis:
    plain = Basis(
        decided_on=DECIDED,
        today=TODAY,
        is_needed=False,
        negotiated=None,
        small_limit=1_500_000,
        small_share=1_500_000,
        ledger=Ledger(ASKED),
    )
    return replace(plain, **changes)


def faulty(terms: Terms, **changes: Any) -> set[str]:
    """The fields in which something is wrong."""
    return {fault.field for fault in terms_faults(terms, basis(**changes))}


SIGNED = Terms(ground=Ground.JOINT_TENDER, concluded_on=day(10))
PASSED = Terms(
    ground=Ground.JOINT_TENDER,
    provisional_on=day(5),
    submitted_on=day(10),
    resolved_on=day(20),
    resolution=Resolution.PASSED,
    concluded_on=day(20),
)
REJECTED = replace(PASSED, resolution=Resolution.REJECTED, concluded_on=None, failure_reason="議会で否決されたため")
ORDERED = Ledger(ASKED, (Slip(1, Act.ORDER, day(12), {"pc": 4}),))
DELIVERED = ORDERED.with_slip(Slip(2, Act.DELIVERY, day(14), {"pc": 4}))
ACCEPTED = Ledger(
    ASKED,
    tuple(Slip(n, act, day(12 + n), {"pc": 10}) for n, act in enumerate((Act.ORDER, Act.DELIVERY, Act.ACCEPTANCE), 1)),
)


@pytest.mark.parametrize(
    ("terms", "ledger", "status"),
    [
        (Terms(), Ledger(ASKED), Status.OPEN),
        (Terms(provisional_on=day(5)), Ledger(ASKED), Status.PROVISIONAL),
        (Terms(provisional_on=day(5), submitted_on=day(6)), Ledger(ASKED), Status.BEFORE_ASSEMBLY),
        (replace(PASSED, concluded_on=None), Ledger(ASKED), Status.PROVISIONAL),
        (REJECTED, Ledger(ASKED), Status.FAILED),
        (Terms(failed_on=day(3), failure_reason="辞退"), Ledger(ASKED), Status.FAILED),
        (SIGNED, Ledger(ASKED), Status.CONCLUDED),
        (SIGNED, ORDERED, Status.PERFORMING),
        (SIGNED, ACCEPTED, Status.COMPLETE),
    ],
)
def test_where_a_contract_stands_follows_from_what_was_recorded(terms: Terms, ledger: Ledger, status: Status) -> None:
    assert status_of(terms, ledger) is status


@pytest.mark.parametrize(
    ("terms", "is_needed"),
    [(Terms(), None), (SIGNED, False), (PASSED, True), (REJECTED, True), (replace(PASSED, submitted_on=None), True)],
)
def test_a_contract_in_its_order_is_taken(terms: Terms, is_needed: bool | None) -> None:
    assert faulty(terms, is_needed=is_needed) == set()


def test_the_word_of_the_body_stands_above_the_judgement_and_needs_a_reason() -> None:
    assert needs_assembly(Terms(approval=False), True) is False
    assert faulty(replace(SIGNED, approval=False), is_needed=True) == {"approval_reason"}
    assert faulty(replace(SIGNED, approval=False, approval_reason="借入れのため"), is_needed=True) == set()


def test_before_the_assembly_has_passed_it_there_is_no_contract() -> None:
    assert faulty(SIGNED, is_needed=True) == {"concluded_on"}
    assert faulty(replace(REJECTED, concluded_on=day(21)), is_needed=True) == {"concluded_on"}


def test_where_nobody_can_tell_the_body_has_to_say_so_first() -> None:
    assert faulty(SIGNED, is_needed=None) == {"approval"}
    assert faulty(replace(SIGNED, approval=False, approval_reason="条例の額未満"), is_needed=None) == set()


def test_no_vote_is_recorded_where_none_is_needed() -> None:
    assert faulty(PASSED, is_needed=False) == {"provisional_on"}


def test_a_vote_follows_a_provisional_contract_and_has_a_day_and_an_outcome() -> None:
    assert faulty(replace(PASSED, provisional_on=None), is_needed=True) == {"provisional_on"}
    assert faulty(Terms(resolution=Resolution.PASSED), is_needed=True) == {"resolved_on"}
    found = faulty(Terms(provisional_on=day(1), resolved_on=day(2), ground=Ground.JOINT_TENDER), is_needed=True)
    assert found == {"resolution"}


@pytest.mark.parametrize("field", ["submitted_on", "resolved_on", "concluded_on"])
def test_no_step_is_before_the_one_it_follows(field: str) -> None:
    assert field in faulty(replace(PASSED, **{field: day(4)}), is_needed=True)


@pytest.mark.parametrize("field", ["provisional_on", "concluded_on", "failed_on"])
def test_what_was_done_lies_between_the_decision_and_today(field: str) -> None:
    terms = Terms(ground=Ground.JOINT_TENDER, approval=True, approval_reason="理由", failure_reason="理由")
    assert field in faulty(replace(terms, **{field: DECIDED - timedelta(days=1)}))
    assert field in faulty(replace(terms, **{field: TODAY + timedelta(days=1)}))


def test_a_contract_has_its_ground_in_law() -> None:
    assert faulty(replace(SIGNED, ground=None)) == {"ground"}


def test_a_small_contract_may_reach_its_limit_and_not_exceed_it() -> None:
    small = replace(SIGNED, ground=Ground.SMALL)
    assert faulty(small, small_share=1_500_000) == set()
    assert faulty(small, small_share=1_500_001) == {"ground"}


@pytest.mark.parametrize(
    ("ground", "negotiated", "is_right"),
    [
        (Ground.FAILED_TENDER, None, False),
        (Ground.JOINT_TENDER, Ground.FAILED_TENDER, False),
        (Ground.NOT_SIGNED, Ground.FAILED_TENDER, False),
        (Ground.FAILED_TENDER, Ground.FAILED_TENDER, True),
    ],
)
def test_what_was_negotiated_after_the_tender_rests_on_that_ground_alone(
    ground: Ground, negotiated: Ground | None, is_right: bool
) -> None:
    assert (faulty(replace(SIGNED, ground=ground), negotiated=negotiated) == set()) is is_right


def test_a_failed_contract_has_a_reason_and_a_reason_a_failure() -> None:
    assert faulty(replace(REJECTED, failure_reason=""), is_needed=True) == {"failure_reason"}
    assert faulty(replace(SIGNED, failure_reason="理由")) == {"failure_reason"}


def test_what_was_ordered_keeps_the_contract_in_being() -> None:
    assert faulty(replace(SIGNED, concluded_on=None), ledger=ORDERED) == {"concluded_on"}
    assert faulty(replace(SIGNED, concluded_on=day(13)), ledger=ORDERED) == {"concluded_on"}
    assert faulty(replace(SIGNED, failed_on=day(20), failure_reason="解除"), ledger=ORDERED) == {"failed_on"}


@pytest.mark.parametrize(
    ("terms", "ledger", "deadline", "late"),
    [
        (SIGNED, ORDERED, TODAY - timedelta(days=1), True),
        (SIGNED, ORDERED, TODAY, False),
        (SIGNED, ORDERED, None, False),
        (SIGNED, ACCEPTED, TODAY - timedelta(days=1), False),
        (REJECTED, Ledger(ASKED), TODAY - timedelta(days=1), False),
        (Terms(), Ledger(ASKED), TODAY - timedelta(days=1), True),
    ],
)
def test_a_delivery_is_late_from_the_day_after_its_deadline(
    terms: Terms, ledger: Ledger, deadline: date | None, late: bool
) -> None:
    assert is_overdue(terms, ledger, deadline, TODAY) is late


# ---- slips -------------------------------------------------------------------------------------------

FULL = Note("庁舎", "主査　奈良花子", "理由")


def wrong(ledger: Ledger, act: Act, quantity: int, on: date, note: Note = FULL) -> list[tuple[str, str]]:
    slip = Slip(ledger.next_number, act, on, {"pc": quantity} if quantity else {})
    return [(fault.field, fault.message) for fault in slip_faults(ledger, slip, note, day(10), TODAY, NAMES)]


def test_more_than_is_left_is_refused_with_what_is_left() -> None:
    ((field, message),) = wrong(ORDERED, Act.ORDER, 7, day(20))
    assert field == field_of("pc")
    assert "残り6まで" in message
    assert wrong(ORDERED, Act.ORDER, 6, day(20)) == []


def test_what_was_ordered_cannot_be_taken_out_of_the_contract() -> None:
    assert wrong(ORDERED, Act.CHANGE, -6, day(20)) == []
    ((_, message),) = wrong(ORDERED, Act.CHANGE, -7, day(20))
    assert "すでに4を発注" in message


def test_enough_by_now_but_not_on_that_day_is_a_fault_of_the_day() -> None:
    ((field, message),) = wrong(DELIVERED, Act.ACCEPTANCE, 4, day(13))
    assert field == "day"
    assert "ノートパソコン" in message


def test_a_slip_lies_between_the_contract_and_today() -> None:
    assert [field for field, _ in wrong(Ledger(ASKED), Act.ORDER, 1, day(9))] == ["day"]
    assert [field for field, _ in wrong(Ledger(ASKED), Act.ORDER, 1, TODAY + timedelta(days=1))] == ["day"]


@pytest.mark.parametrize(
    ("act", "field"), [(Act.ORDER, "place"), (Act.ACCEPTANCE, "inspector"), (Act.CHANGE, "remark")]
)
def test_each_act_says_what_the_law_or_practice_asks_for(act: Act, field: str) -> None:
    assert [name for name, _ in wrong(DELIVERED, act, 1, day(20), Note())] == [field]


def test_every_fault_is_told_at_once() -> None:
    assert {name for name, _ in wrong(ORDERED, Act.ORDER, 99, TODAY + timedelta(days=1), Note())} == {
        "day",
        field_of("pc"),
        "place",
    }


def test_nothing_is_no_order() -> None:
    assert [field for field, _ in wrong(Ledger(ASKED), Act.ORDER, 0, day(20))] == [field_of("pc")]


def test_a_change_to_nothing_is_a_cancellation_and_no_change() -> None:
    ((_, message),) = wrong(Ledger(ASKED), Act.CHANGE, -10, day(20))
    assert "辞退・解除" in message


def test_what_something_else_rests_on_is_not_taken_back() -> None:
    assert [fault.message for fault in reversal_faults(DELIVERED, 1, "誤り", NAMES)] != []
    assert list(reversal_faults(DELIVERED, 2, "誤り", NAMES)) == []
    assert [fault.field for fault in reversal_faults(DELIVERED, 2, "", NAMES)] == ["remark"]


@pytest.mark.parametrize(
    ("limits", "fields"),
    [
        (Limits(), []),
        (Limits(assembly=20_000_000, small=1_500_000), []),
        (Limits(assembly=19_999_999), ["assembly"]),
        (Limits(assembly=10**12), ["assembly"]),
        (Limits(small=1_500_001), ["small"]),
        (Limits(ordinance="条" * 201), ["ordinance"]),
    ],
)
def test_no_ordinance_goes_below_and_no_rule_above_the_law(limits: Limits, fields: list[str]) -> None:
    assert [fault.field for fault in limits_faults(limits, 20_000_000, 1_500_000)] == fields
