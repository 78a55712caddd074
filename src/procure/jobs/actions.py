"""Asking for all documents of a round, and calling that off."""

from datetime import datetime

from sqlmodel import Session

from procure.documents.kinds import UNDECIDED
from procure.documents.papers import Papers
from procure.errors import Conflict
from procure.history.record import Actor, label_of, record
from procure.jobs.queries import latest_job
from procure.jobs.states import JobState
from procure.jobs.steps import lay_out
from procure.jobs.tables import JobRow
from procure.rounds.tables import RoundRow

OVER = "この作成は、すでに終わっています。最新の画面でご確認ください。"


def ask_for_documents(session: Session, row: RoundRow, papers: Papers, actor: Actor, at: datetime) -> JobRow:
    """`row` is locked. Work that is not over yet is what is asked for: there is never a second beside it.

    What is kept already is done. Raises Conflict before the confirmation.
    """
    if not papers.is_confirmed:
        raise Conflict(UNDECIDED)
    going_on = latest_job(session, row.id)
    if going_on is not None and not going_on.state.is_over:
        return going_on
    job = JobRow(round_id=row.id, asked_at=at, asked_by=label_of(actor))
    session.add(job)
    session.flush()
    lay_out(session, job, papers)
    record(session, at, actor, "documents_asked_for", round_ref=row.ref, subject=row.title)
    return job


def cancel(session: Session, row: RoundRow, job: JobRow, actor: Actor, at: datetime) -> None:
    """What is made stays. Whoever works on it notices within seconds. Raises Conflict where it is over.

    `job` is locked, `row` is not: who notes a document locks them the other way round.
    """
    if job.state.is_over:
        raise Conflict(OVER)
    job.state, job.ended_at = JobState.CANCELLED, at
    job.worker = job.lease_until = None
    session.flush()
    record(session, at, actor, "documents_cancelled", round_ref=row.ref, subject=row.title)
