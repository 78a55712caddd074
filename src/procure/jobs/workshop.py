"""The thread of the running service that does long work, with processes of its own that give way to all others."""

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Thread
from uuid import uuid4

from sqlmodel import Session

from procure.database import Database
from procure.documents.entries import Entry, entries
from procure.documents.of_round import papers_of
from procure.documents.papers import Papers
from procure.documents.press import Press, printing_on, running_press
from procure.errors import Refusal
from procure.jobs.kept import keep
from procure.jobs.lease import give_back, held, is_any_free, take
from procure.jobs.queries import steps_of
from procure.jobs.states import JobState, StepState
from procure.jobs.steps import decision_of, lay_out
from procure.jobs.tables import JobRow
from procure.rounds.tables import RoundRow
from procure.settings import Settings

INTERVAL = 2  # seconds between two looks for work, and at most between two looks whether it is still wanted
NICENESS = 10
UNKNOWN_PROBLEM = "作成できませんでした。もう一度作成しても続くときは、システムの管理者にお知らせください。"


class Workshop:
    """Works from `start` to `stop`, which gives back what is not finished. `failed` hears what went wrong."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        now: Callable[[], datetime],
        failed: Callable[[str, Exception], None],
    ) -> None:
        self._database = database
        self._settings = settings
        self._now = now
        self._failed = failed
        self._worker = uuid4().hex
        self._stopping = Event()
        self._thread = Thread(target=self._work, name="workshop")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    def work_once(self) -> bool:
        """Takes up a job, if there is one, and works on it until it is over or somebody else's."""
        with self._database.read() as session:
            if not is_any_free(session, self._now()):
                return False
        with self._database.write() as session:
            job = take(session, self._worker, self._now)
        if job is None:
            return False
        self._do(job)
        return True

    def _work(self) -> None:
        while not self._stopping.is_set():
            if not self._try():
                self._stopping.wait(INTERVAL)

    def _try(self) -> bool:
        try:
            return self.work_once()
        except Exception as error:  # the lease ends, and the work is taken up again
            self._failed("long work was interrupted", error)
            return False

    def _do(self, job: JobRow) -> None:
        work = self._laid_out(job)
        with running_press(self._settings.pdf, NICENESS) as press:
            threads = ThreadPoolExecutor(press.processes if press else 1, thread_name_prefix="workshop")
            try:
                self._see_through(
                    work, {threads.submit(_made, work.papers, entry, press): entry for entry in work.left}
                )
            finally:
                if press:
                    press.close()
                threads.shutdown(cancel_futures=True)

    def _laid_out(self, job: JobRow) -> "_Work":
        """The steps anew: since the job was asked for, the decision may have changed."""
        with self._database.read() as session:
            papers = self._papers_in(session, job)
        with self._database.write() as session:
            lay_out(session, job, papers)
            waiting = {step.path for step in steps_of(session, job.id) if step.state is StepState.WAITING}
        return _Work(job.id, job.round_id, papers, tuple(e for e in entries(papers) if e.path in waiting))

    def _papers_in(self, session: Session, job: JobRow) -> Papers:
        row = session.get_one(RoundRow, job.round_id)
        return papers_of(session, row, self._settings.letterhead, self._now())

    def _see_through(self, work: "_Work", making: dict["Future[bytes]", Entry]) -> None:
        """Notes each document as it is made. Leaves the rest where the job is wanted no more, or the service stops."""
        while True:
            made, _ = wait(making, INTERVAL / 4 if making else 0, FIRST_COMPLETED)
            results = [(making.pop(future), future) for future in made]
            with self._database.write() as session:
                job = held(session, work.job_id, self._worker, self._now)
                if job is None:
                    return
                for entry, future in results:
                    self._note(session, work, entry, future)
                if not making and decision_of(self._papers_in(session, job)) == decision_of(work.papers):
                    self._end(session, job)
                    return
                if not making or self._stopping.is_set():  # what was decided meanwhile is another's work
                    give_back(job)
                    return

    def _note(self, session: Session, work: "_Work", entry: Entry, future: "Future[bytes]") -> None:
        step = next(step for step in steps_of(session, work.job_id) if step.path == entry.path)
        try:
            content = future.result()
        except Exception as error:
            self._failed("a document could not be made", error)
            step.state, step.problem = StepState.FAILED, _problem(error)
            return
        keep(session, work.round_id, work.papers, entry, content, self._now())
        step.state = StepState.DONE

    def _end(self, session: Session, job: JobRow) -> None:
        """A step whose document there is no more has failed too."""
        for step in steps_of(session, job.id):
            if step.state is StepState.WAITING:
                step.state, step.problem = StepState.FAILED, UNKNOWN_PROBLEM
        session.flush()
        is_whole = all(step.state is StepState.DONE for step in steps_of(session, job.id))
        job.state = JobState.DONE if is_whole else JobState.INCOMPLETE
        job.ended_at, job.worker, job.lease_until = self._now(), None, None


@dataclass(frozen=True, slots=True)
class _Work:
    """A job, the papers it is done from, and the documents that are left to make."""

    job_id: int
    round_id: int
    papers: Papers
    left: tuple[Entry, ...]


def _made(papers: Papers, entry: Entry, press: Press | None) -> bytes:
    with printing_on(press):
        return entry.content(papers)


def _problem(error: Exception) -> str:
    return error.message if isinstance(error, Refusal) else UNKNOWN_PROBLEM
