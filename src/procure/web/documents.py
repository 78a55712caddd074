"""The documents of a round to save, for the secretariat and the auditor."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from procure.documents.entries import Entry, entries, entry_of
from procure.documents.kind import Scope
from procure.documents.kinds import kind_at
from procure.documents.of_round import papers_of
from procure.documents.papers import Papers
from procure.jobs.kept import handed_out
from procure.jobs.queries import latest_job
from procure.jobs.steps import is_all_kept
from procure.rounds.queries import find_round
from procure.server import Answer, Download, Page, Permission, Visit, get
from procure.web.document_jobs import TONES
from procure.web.encodings import in_encoding


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as the page offers it; `path` is below the documents of the round."""

    label: str
    about: str
    audience: str
    form: str
    path: str


@dataclass(frozen=True, slots=True)
class JobLine:
    """The making of all documents that was asked for last."""

    number: int
    state: tuple[str, str]
    asked_at: datetime
    is_over: bool


@dataclass(frozen=True, slots=True)
class LotPapers:
    """What there is to print of a lot."""

    title: str
    papers: tuple[Paper, ...]


@get("/rounds/{ref}/documents", Permission.READ_ROUNDS)
def show_documents(visit: Visit, ref: str) -> Answer:
    row = find_round(visit.session, ref)
    papers = papers_of(visit.session, row, visit.settings.letterhead, visit.now)
    there = tuple(entries(papers))
    values = {
        "ref": row.ref,
        "title": row.title,
        "is_confirmed": papers.is_confirmed,
        "papers": tuple(_paper(entry) for entry in there if entry.kind.scope is Scope.ROUND),
        "lots": tuple(_lots(papers, there)),
        "is_sample": row.is_sample,
        "bodies": [body for body in papers.report.bodies if body.lots],
        "ordering": [body for body in papers.report.bodies if papers.is_confirmed and papers.orders(body.code)],
        "job": _latest(visit, row.id),
        "is_complete": papers.is_confirmed and is_all_kept(visit.session, row.id, papers),
        "may_start": visit.person.may(Permission.MANAGE_ROUNDS),
    }
    return Page("awards/documents.html", values)


@get("/rounds/{ref}/documents/{name}", Permission.READ_ROUNDS)
def download(visit: Visit, ref: str, name: str) -> Answer:
    """A document of the whole round. The round file is to be had at any time."""
    return _download(visit, ref, name)


@get("/rounds/{ref}/documents/notices/{name}", Permission.READ_ROUNDS)
def download_notice(visit: Visit, ref: str, name: str) -> Answer:
    """The notice to one body: notices/292010.pdf."""
    code, _, ending = name.partition(".")
    return _download(visit, ref, f"notices/{{of}}.{ending}", code)


@get("/rounds/{ref}/documents/orders/{name}", Permission.READ_ROUNDS)
def download_orders(visit: Visit, ref: str, name: str) -> Answer:
    """The order forms of one body: orders/292010.xlsx."""
    code, _, ending = name.partition(".")
    return _download(visit, ref, f"orders/{{of}}.{ending}", code)


@get("/rounds/{ref}/documents/lots/{lot}/{name}", Permission.READ_ROUNDS)
def download_of_lot(visit: Visit, ref: str, lot: str, name: str) -> Answer:
    """The record of the opening from the last attempt of the lot on, decided or not; the others once it is decided."""
    return _download(visit, ref, f"lots/{{of}}/{name}", lot)


def _download(visit: Visit, ref: str, path: str, of: str = "") -> Download:
    kind = kind_at(path)
    row = find_round(visit.session, ref)
    papers = papers_of(visit.session, row, visit.settings.letterhead, visit.now)
    made = handed_out(visit.session, visit.database, row.id, papers, entry_of(papers, kind, of), visit.clock)
    return in_encoding(visit, Download(made.content, made.name, made.media_type))


def _latest(visit: Visit, round_id: int) -> JobLine | None:
    job = latest_job(visit.session, round_id)
    if job is None:
        return None
    return JobLine(job.id, (job.state.label, TONES[job.state]), job.asked_at, job.state.is_over)


def _lots(papers: Papers, there: tuple[Entry, ...]) -> Iterator[LotPapers]:
    for lot in papers.report.lots:
        own = tuple(_paper(entry) for entry in there if entry.kind.scope is Scope.LOT and entry.of == lot.id)
        if own:
            yield LotPapers(lot.title, own)


def _paper(entry: Entry) -> Paper:
    kind = entry.kind
    return Paper(kind.label, kind.about, kind.audience.value, kind.form, entry.path)


routes = [show_documents, download, download_notice, download_orders, download_of_lot]
