"""Who works on a job: one service at a time, for as long as it keeps saying so."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, or_, select

from procure.jobs.queries import UNFINISHED
from procure.jobs.states import JobState
from procure.jobs.tables import JobRow

LEASE = timedelta(seconds=60)

Clock = Callable[[], datetime]


def is_any_free(session: Session, now: datetime) -> bool:
    return session.exec(_free(select(JobRow.id), now)).first() is not None


def take(session: Session, worker: str, clock: Clock) -> JobRow | None:
    """The oldest job that nobody works on, from now on the worker's; one that somebody left in the middle goes on."""
    session.connection()  # on SQLite waits for its turn, before the time is taken
    now = clock()
    job: JobRow | None = session.exec(_free(select(JobRow), now).with_for_update(skip_locked=True)).first()
    if job is not None:
        job.state, job.worker, job.lease_until = JobState.RUNNING, worker, now + LEASE
    return job


def held(session: Session, job_id: int, worker: str, clock: Clock) -> JobRow | None:
    """The job, its lease renewed; None where it was cancelled or is another's by now."""
    mine = select(JobRow).where(col(JobRow.id) == job_id, col(JobRow.worker) == worker)
    job = session.exec(mine.with_for_update()).one_or_none()
    if job is not None:
        job.lease_until = clock() + LEASE
    return job


def give_back(job: JobRow) -> None:
    """For whoever comes next."""
    job.state, job.worker, job.lease_until = JobState.WAITING, None, None


def _free(query: Any, now: datetime) -> Any:
    is_left = or_(col(JobRow.lease_until).is_(None), col(JobRow.lease_until) <= now)
    return query.where(col(JobRow.state).in_(UNFINISHED), is_left).order_by(col(JobRow.id)).limit(1)
