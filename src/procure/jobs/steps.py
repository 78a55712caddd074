"""The steps of a job: a document each, as the decision stands."""

from collections.abc import Mapping

from sqlmodel import Session

from procure.documents.entries import Entry, entries
from procure.documents.papers import Papers
from procure.jobs.kept import kept_paths
from procure.jobs.queries import steps_of
from procure.jobs.states import StepState
from procure.jobs.tables import JobRow, JobStepRow


def lay_out(session: Session, job: JobRow, papers: Papers) -> None:
    """What is kept of this decision is done; what could not be made stays so, and all else is to be made.

    A decision may have changed since the job was asked for: then its documents are others.
    """
    kept = kept_paths(session, job.round_id, papers)
    before = steps_of(session, job.id)
    problems = {step.path: step.problem for step in before if step.state is StepState.FAILED}
    for step in before:
        session.delete(step)
    session.flush()
    for position, entry in enumerate(entries(papers), start=1):
        is_kept = (entry.path, entry.edition(papers)) in kept
        session.add(_step(job, position, entry, entry.title(papers), {} if is_kept else problems, is_kept=is_kept))
    session.flush()


def decision_of(papers: Papers) -> tuple[str, frozenset[tuple[str, str]]]:
    """What tells whether all documents of one time are still all documents: the decision, each path and edition."""
    return papers.evidence, frozenset((entry.path, entry.edition(papers)) for entry in entries(papers))


def is_all_kept(session: Session, round_id: int, papers: Papers) -> bool:
    return decision_of(papers)[1] <= kept_paths(session, round_id, papers)


def _step(
    job: JobRow, position: int, entry: Entry, title: str, problems: Mapping[str, str | None], *, is_kept: bool
) -> JobStepRow:
    problem = problems.get(entry.path)
    left = StepState.WAITING if problem is None else StepState.FAILED
    state = StepState.DONE if is_kept else left
    return JobStepRow(job_id=job.id, position=position, path=entry.path, title=title, state=state, problem=problem)
