"""All documents of a round at once: asking for them, how far they are, calling that off, and the archives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from procure.documents.of_round import papers_of
from procure.jobs.actions import ask_for_documents, cancel
from procure.jobs.archives import ZIP, archive_of
from procure.jobs.queries import find_job, steps_of
from procure.jobs.states import JobState, StepState
from procure.jobs.steps import is_all_kept
from procure.jobs.tables import JobRow, JobStepRow
from procure.rounds.queries import find_round, locked_round
from procure.rounds.tables import RoundRow
from procure.server import Answer, Done, Download, Goto, Page, Permission, Visit, get, post

TONES = {
    JobState.WAITING: "gray",
    JobState.RUNNING: "blue",
    JobState.DONE: "green",
    JobState.INCOMPLETE: "orange",
    JobState.CANCELLED: "gray",
}
STEP_TONES = {StepState.WAITING: "gray", StepState.DONE: "green", StepState.FAILED: "red"}


@dataclass(frozen=True, slots=True)
class StepView:
    """`path` is where the document is to be had, None until it is made."""

    title: str
    state: tuple[str, str]
    path: str | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class JobView:
    number: int
    state: tuple[str, str]
    asked_at: datetime
    asked_by: str
    ended_at: datetime | None
    steps: tuple[StepView, ...]
    done: int
    failed: int
    is_over: bool
    is_whole: bool

    @property
    def total(self) -> int:
        return len(self.steps)

    @property
    def left(self) -> int:
        return self.total - self.done - self.failed


@post("/rounds/{ref}/documents/jobs", Permission.MANAGE_ROUNDS)
def start(visit: Visit, ref: str) -> Answer:
    row = locked_round(visit.session, ref)
    papers = papers_of(visit.session, row, visit.settings.letterhead, visit.now)
    job = ask_for_documents(visit.session, row, papers, visit.person, visit.now)
    return Goto(f"/rounds/{row.ref}/documents/jobs/{job.id}")


@get("/rounds/{ref}/documents/jobs/{number}", Permission.READ_ROUNDS)
def show_job(visit: Visit, ref: str, number: str) -> Answer:
    row = find_round(visit.session, ref)
    job = find_job(visit.session, row.id, number)
    values = {
        "ref": row.ref,
        "title": row.title,
        "is_overtaken": job.state is JobState.DONE and not _is_all_there(visit, row),
        "job": _view(job, steps_of(visit.session, job.id)),
        "may_cancel": visit.person.may(Permission.MANAGE_ROUNDS),
    }
    return Page("awards/documents_job.html", values)


@post("/rounds/{ref}/documents/jobs/{number}/cancel", Permission.MANAGE_ROUNDS)
def call_off(visit: Visit, ref: str, number: str) -> Answer:
    row = find_round(visit.session, ref)
    job = find_job(visit.session, row.id, number, lock=True)
    cancel(visit.session, row, job, visit.person, visit.now)
    return Goto(f"/rounds/{row.ref}/documents/jobs/{job.id}", Done.documents_cancelled)


@get("/rounds/{ref}/documents/archives/{name}", Permission.READ_ROUNDS)
def download_archive(visit: Visit, ref: str, name: str) -> Answer:
    """Many documents in one file, as they are kept. Raises Conflict until all of them are made."""
    row = find_round(visit.session, ref)
    made = archive_of(visit.session, row, visit.settings.letterhead, name)
    return Download(made.content, made.filename, ZIP)


def _is_all_there(visit: Visit, row: RoundRow) -> bool:
    """False where the decision changed after its documents were made."""
    return is_all_kept(visit.session, row.id, papers_of(visit.session, row, visit.settings.letterhead, visit.now))


def _view(job: JobRow, steps: Sequence[JobStepRow]) -> JobView:
    return JobView(
        number=job.id,
        state=(job.state.label, TONES[job.state]),
        asked_at=job.asked_at,
        asked_by=job.asked_by,
        ended_at=job.ended_at,
        steps=tuple(map(_step, steps)),
        done=_count(steps, StepState.DONE),
        failed=_count(steps, StepState.FAILED),
        is_over=job.state.is_over,
        is_whole=job.state is JobState.DONE,
    )


def _step(step: JobStepRow) -> StepView:
    path = step.path if step.state is StepState.DONE else None
    return StepView(step.title, (step.state.label, STEP_TONES[step.state]), path, step.problem)


def _count(steps: Sequence[JobStepRow], state: StepState) -> int:
    return sum(step.state is state for step in steps)


routes = [start, show_job, call_off, download_archive]
