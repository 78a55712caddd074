"""Rows of long work, of its steps, and of the documents that are kept."""

from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from procure.database import BigInt, Instant, Row, choice, one_of, text_between
from procure.jobs.states import JobState, StepState


class JobRow(Row, table=True):
    """The making of all documents of a round.

    Whoever works on it is `worker` until `lease_until`, and renews that; after it another may go on.
    """

    __tablename__ = "job"
    __table_args__ = (
        one_of("state", JobState),
        CheckConstraint("(worker IS NULL) = (lease_until IS NULL)", name="worker_has_lease"),
        CheckConstraint("(state = 'running') = (worker IS NOT NULL)", name="running_has_worker"),
        CheckConstraint("(state IN ('waiting', 'running')) = (ended_at IS NULL)", name="over_with_time"),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BigInt)
    round_id: int = Field(foreign_key="round.id", sa_type=BigInt, index=True)
    state: JobState = Field(default=JobState.WAITING, sa_type=choice(JobState), index=True)
    asked_at: datetime = Field(sa_type=Instant)
    asked_by: str = Field(sa_type=Text)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    worker: str | None = Field(default=None, sa_type=Text)
    lease_until: datetime | None = Field(default=None, sa_type=Instant)


class JobStepRow(Row, table=True):
    """A document to make; `path` is its address below the documents of the round. `problem` says why it failed."""

    __tablename__ = "job_step"
    __table_args__ = (
        one_of("state", StepState),
        CheckConstraint("(state = 'failed') = (problem IS NOT NULL)", name="failed_for_a_reason"),
    )

    job_id: int = Field(foreign_key="job.id", primary_key=True, sa_type=BigInt)
    position: int = Field(primary_key=True, sa_type=BigInt)
    path: str = Field(sa_type=Text)
    title: str = Field(sa_type=Text)
    state: StepState = Field(default=StepState.WAITING, sa_type=choice(StepState))
    problem: str | None = Field(default=None, sa_type=Text)


class KeptDocumentRow(Row, table=True):
    """A document of a confirmed decision as it was first made; the database refuses to change or delete it.

    `evidence` is the SHA-256 of the decided round and its result, `edition` tells apart what changes with the
    publication, `sha256` is over `content`.
    """

    __tablename__ = "kept_document"
    __table_args__ = (
        UniqueConstraint("round_id", "evidence", "path", "edition"),
        text_between("evidence", 64, 64),
        text_between("sha256", 64, 64),
        text_between("path", 1, 300),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BigInt)
    round_id: int = Field(foreign_key="round.id", sa_type=BigInt)
    evidence: str = Field(sa_type=Text)
    path: str = Field(sa_type=Text)
    edition: str = Field(default="", sa_type=Text)
    name: str = Field(sa_type=Text)
    sha256: str = Field(sa_type=Text)
    content: bytes = Field(sa_type=LargeBinary)
    made_at: datetime = Field(sa_type=Instant)
