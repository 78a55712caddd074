"""Reads of long work."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from procure.errors import NotFound
from procure.jobs.states import JobState
from procure.jobs.tables import JobRow, JobStepRow

UNFINISHED = (JobState.WAITING, JobState.RUNNING)


def find_job(session: Session, round_id: int, number: str, *, lock: bool = False) -> JobRow:
    """Raises NotFound where the round has no such job."""
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    job = session.get(JobRow, int(number), with_for_update=lock or None) if is_number else None
    if job is None or job.round_id != round_id:
        raise NotFound
    return job


def latest_job(session: Session, round_id: int) -> JobRow | None:
    newest = select(JobRow).where(col(JobRow.round_id) == round_id).order_by(col(JobRow.id).desc())
    return session.exec(newest.limit(1)).one_or_none()


def steps_of(session: Session, job_id: int) -> Sequence[JobStepRow]:
    steps = select(JobStepRow).where(col(JobStepRow.job_id) == job_id)
    return session.exec(steps.order_by(col(JobStepRow.position))).all()
