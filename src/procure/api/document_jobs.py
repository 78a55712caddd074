"""All documents of a round at once: asking for them, how far they are, calling that off."""

from datetime import datetime

from procure.accounts.roles import Permission
from procure.accounts.scopes import Scope
from procure.api.awards import TAG
from procure.api.fields import Shown, shown
from procure.api.operation import Operation, Sent, operation
from procure.api.round_values import Nothing
from procure.api.versions import require_match
from procure.documents.of_round import papers_of
from procure.jobs.actions import ask_for_documents, cancel
from procure.jobs.archives import ZIP, archive_of
from procure.jobs.queries import find_job, steps_of
from procure.jobs.states import JobState, StepState
from procure.jobs.tables import JobRow
from procure.rounds.queries import find_round, locked_round
from procure.server import Download, Visit

_JOB = "/rounds/{ref}/document-jobs/{number}"
_WRITE = (Permission.MANAGE_ROUNDS, Scope.AWARDS_WRITE)


class StepShown(Shown, frozen=True, kw_only=True):
    """作成する帳票。path は、帳票の一覧の宛先に続けて取得する宛先。problem は作成できなかった理由。"""

    title: str
    path: str
    state: StepState
    problem: str | None


class JobShown(Shown, frozen=True, kw_only=True):
    """帳票一式の作成。"""

    id: int
    state: JobState
    asked_at: datetime
    asked_by: str
    ended_at: datetime | None
    steps: tuple[StepShown, ...]


@operation(
    "POST",
    "/rounds/{ref}/document-jobs",
    *_WRITE,
    "すべての帳票の作成を求める",
    tag=TAG,
    body=Nothing,
    answer=JobShown,
    status=201,
    example={},
)
def make_documents(visit: Visit, ref: str, body: Nothing) -> Sent:
    """Where they are being made already, that is the answer."""
    row = locked_round(visit.session, ref)
    papers = papers_of(visit.session, row, visit.settings.letterhead, visit.now)
    job = ask_for_documents(visit.session, row, papers, visit.person, visit.now)
    return _sent(visit, job, location=f"/rounds/{row.ref}/document-jobs/{job.id}")


@operation("GET", _JOB, Permission.READ_ROUNDS, Scope.AWARDS_READ, "帳票の作成の状況を読む", tag=TAG, answer=JobShown)
def read_a_document_job(visit: Visit, ref: str, number: str) -> Sent:
    row = find_round(visit.session, ref)
    return _sent(visit, find_job(visit.session, row.id, number))


@operation(
    "POST",
    f"{_JOB}/cancel",
    *_WRITE,
    "帳票の作成を中止する",
    tag=TAG,
    body=Nothing,
    answer=JobShown,
    matches=True,
    example={},
)
def cancel_a_document_job(visit: Visit, ref: str, number: str, body: Nothing) -> Sent:
    row = find_round(visit.session, ref)
    job = find_job(visit.session, row.id, number, lock=True)
    require_match(visit, _version(job))
    cancel(visit.session, row, job, visit.person, visit.now)
    return _sent(visit, job)


@operation(
    "GET",
    "/rounds/{ref}/document-archives/{name}",
    Permission.READ_ROUNDS,
    Scope.AWARDS_READ,
    "作成した帳票をまとめて取得する（all.zip 帳票一式、notices.zip 結果通知）",
    tag=TAG,
    files=(ZIP,),
    waits=True,
)
def get_document_archive(visit: Visit, ref: str, name: str) -> Download:
    """As they are kept. Raises Conflict until all of them are made."""
    row = find_round(visit.session, ref)
    made = archive_of(visit.session, row, visit.settings.letterhead, name)
    return Download(made.content, made.filename, ZIP)


def _sent(visit: Visit, job: JobRow, location: str | None = None) -> Sent:
    steps = tuple(shown(StepShown, step) for step in steps_of(visit.session, job.id))
    return Sent(shown(JobShown, job, steps=steps), version=_version(job), location=location)


def _version(job: JobRow) -> str:
    """A document more or less is nothing that calling it off depends on; that it is over is."""
    return f"{job.id}-{'over' if job.state.is_over else 'open'}"


operations: list[Operation] = [make_documents, read_a_document_job, cancel_a_document_job, get_document_archive]
