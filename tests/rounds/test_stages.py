"""The life cycle: which act belongs to which stage, and when registration ends."""

from datetime import timedelta

import pytest

from procure.errors import Conflict
from procure.rounds.stages import STAGES_OF, Act, Stage, is_registration_open, may, require, require_unconfirmed
from tests.people import NOW


@pytest.mark.parametrize(
    ("act", "stages"),
    [
        (Act.EDIT_LOTS, {Stage.PREPARING}),
        (Act.REGISTER_DEMAND, {Stage.SURVEYING}),
        (Act.EDIT_RULES, {Stage.PREPARING, Stage.SURVEYING, Stage.SPECIFIED}),
        (Act.REGISTER_BIDDERS, {Stage.SPECIFIED, Stage.BIDDING}),
        (Act.ANNOUNCE, {Stage.SPECIFIED}),
        (Act.OPEN_BIDS, {Stage.BIDDING}),
        (Act.RECORD_BIDS, {Stage.OPENING}),
        (Act.CONFIRM, {Stage.OPENING}),
        (Act.PUBLISH, {Stage.OPENING}),
        (Act.CANCEL_LOT, {Stage.SPECIFIED, Stage.BIDDING, Stage.OPENING}),
    ],
)
def test_an_act_belongs_to_its_stages_only(act: Act, stages: set[Stage]) -> None:
    assert {stage for stage in Stage if may(act, stage)} == stages


def test_every_act_has_its_stages() -> None:
    assert set(STAGES_OF) == set(Act)


def test_an_act_in_the_wrong_stage_is_a_conflict_that_names_the_stage() -> None:
    with pytest.raises(Conflict, match="公表"):
        require(Act.RECORD_BIDS, Stage.PUBLISHED)


def test_what_a_confirmed_decision_rests_on_may_not_change() -> None:
    require_unconfirmed(None)
    with pytest.raises(Conflict, match="確定"):
        require_unconfirmed(NOW)


def test_registration_is_over_at_the_deadline_itself() -> None:
    assert is_registration_open(Stage.SURVEYING, NOW, NOW - timedelta(microseconds=1))
    assert not is_registration_open(Stage.SURVEYING, NOW, NOW)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.SURVEYING])
def test_registration_is_open_in_the_survey_only(stage: Stage) -> None:
    assert not is_registration_open(stage, NOW + timedelta(days=1), NOW)
