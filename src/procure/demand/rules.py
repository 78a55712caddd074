"""Who may answer a survey, until when, and what an answer must be before it is submitted. Pure."""

from collections.abc import Iterator
from datetime import datetime

from procure.demand.answer import AskedLot, TypedAnswer, unanswered
from procure.errors import Fault
from procure.rounds.stages import Stage, is_registration_open
from procure.values.era import wareki_time


def may_register(stage: Stage, deadline: datetime | None, extension: datetime | None, now: datetime) -> bool:
    """Until the deadline of all, or a body's own later one, which may outlast the closing until the notice."""
    if is_registration_open(stage, deadline, now):
        return True
    return stage in (Stage.SURVEYING, Stage.SPECIFIED) and extension is not None and now < extension


def deadline_of(stage: Stage, deadline: datetime | None, extension: datetime | None) -> datetime | None:
    """The deadline that holds for a body: the later one while all are asked, its own where it has one afterwards."""
    if stage is Stage.SURVEYING and deadline and extension:
        return max(deadline, extension)
    return extension or deadline


def submission_faults(lots: tuple[AskedLot, ...], answer: TypedAnswer) -> Iterator[Fault]:
    """Everything that keeps an answer from being submitted."""
    yield from answer.faults
    yield from unanswered(lots, answer)


def own_deadline_faults(stage: Stage, common: datetime | None, deadline: datetime | None) -> Iterator[Fault]:
    """An own deadline before that of all would give no time at all."""
    if stage is Stage.SURVEYING and common is not None and deadline is not None and deadline <= common:
        yield Fault("deadline", f"全団体の登録期限（{wareki_time(common)}）より後の日時にしてください。")


def extension_faults(deadline: datetime | None, reason: str, now: datetime) -> Iterator[Fault]:
    if deadline is None or deadline <= now:
        yield Fault("deadline", "登録期限は、現在より後の日時にしてください。")
    if not 1 <= len(reason) <= 1000:
        yield Fault("reason", "理由を1000字以内で入力してください。")
