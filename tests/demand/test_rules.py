"""Until when a body may register, and which deadline holds for it."""

from datetime import datetime, timedelta

import pytest

from procure.demand.rules import deadline_of, may_register
from procure.rounds.stages import Stage
from tests.people import NOW

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("stage", "deadline", "extension", "allowed"),
    [
        (Stage.SURVEYING, NOW + SECOND, None, True),
        (Stage.SURVEYING, NOW, None, False),
        (Stage.SURVEYING, NOW - DAY, NOW + SECOND, True),
        (Stage.SURVEYING, NOW - DAY, NOW, False),
        (Stage.SURVEYING, NOW + SECOND, NOW - DAY, True),
        (Stage.SPECIFIED, NOW + DAY, None, False),
        (Stage.SPECIFIED, NOW - DAY, NOW + SECOND, True),
        (Stage.SPECIFIED, NOW + DAY, NOW, False),
        (Stage.BIDDING, NOW - DAY, NOW + DAY, False),
        (Stage.PREPARING, None, None, False),
    ],
)
def test_registration_ends_at_the_deadline_of_all_or_at_the_bodys_own(
    stage: Stage, deadline: datetime | None, extension: datetime | None, allowed: bool
) -> None:
    assert may_register(stage, deadline, extension, NOW) is allowed


@pytest.mark.parametrize(
    ("stage", "deadline", "extension", "held"),
    [
        (Stage.SURVEYING, NOW, None, NOW),
        (Stage.SURVEYING, NOW, NOW + DAY, NOW + DAY),
        (Stage.SURVEYING, NOW + DAY, NOW, NOW + DAY),
        (Stage.SPECIFIED, NOW + DAY, NOW, NOW),
        (Stage.SPECIFIED, NOW, None, NOW),
    ],
)
def test_the_later_deadline_holds_while_all_are_asked_and_afterwards_the_bodys_own(
    stage: Stage, deadline: datetime, extension: datetime | None, held: datetime
) -> None:
    assert deadline_of(stage, deadline, extension) == held
