"""The files of a round, such as the specification: adding and removing them, and reading them by whoever may."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from procure.errors import Fault, Invalid, NotFound
from procure.rounds.attachments import (
    ACCEPT,
    ALLOWED,
    FIELD,
    MOST_BYTES,
    File,
    add_attachment,
    attachments_of,
    find_attachment,
    remove_attachment,
)
from procure.rounds.queries import find_round, locked_round
from procure.rounds.stages import Act, Stage, may, require
from procure.rounds.tables import RoundRow
from procure.server import Answer, Done, Download, Goto, Page, Permission, Visit, get, post

UPLOAD_LIMIT = MOST_BYTES + 64 * 1024  # bytes: the file and the rest of the form
NO_FILE = "ファイルを選択してください。"


@dataclass(frozen=True, slots=True)
class FileView:
    """A file with the way to it; `remove` is None where it may not be removed."""

    name: str
    size: str
    added_at: datetime
    added_by: str
    href: str
    remove: str | None = None


@get("/rounds/{ref}/attachments", Permission.READ_ROUNDS)
def show_attachments(visit: Visit, ref: str) -> Answer:
    return _page(visit, find_round(visit.session, ref))


@post("/rounds/{ref}/attachments", Permission.MANAGE_ROUNDS, takes_uploads=True, body_limit=UPLOAD_LIMIT)
def add(visit: Visit, ref: str) -> Answer:
    row = locked_round(visit.session, ref)
    require(Act.ATTACH, row.stage)
    upload = visit.form.upload(FIELD)
    if upload is None:
        return _page(visit, row, (Fault(FIELD, NO_FILE),))
    try:
        add_attachment(visit.session, row, upload.filename, upload.content, visit.person, visit.now)
    except Invalid as invalid:
        return _page(visit, row, invalid.faults)
    return Goto(f"/rounds/{row.ref}/attachments", Done.added)


@get("/rounds/{ref}/attachments/{number}", Permission.READ_ROUNDS)
def download(visit: Visit, ref: str, number: str) -> Answer:
    return _file(visit, find_round(visit.session, ref), number)


@get("/demand/{ref}/attachments/{number}", Permission.READ_OWN_RESULTS)
def download_as_body(visit: Visit, ref: str, number: str) -> Answer:
    return _file(visit, shown_to_bodies(find_round(visit.session, ref)), number)


@get("/rounds/{ref}/attachments/{number}/remove", Permission.MANAGE_ROUNDS)
def show_removal(visit: Visit, ref: str, number: str) -> Answer:
    row = find_round(visit.session, ref)
    kept = find_attachment(visit.session, row.id, number)
    require(Act.DETACH, row.stage)
    values = {"ref": row.ref, "title": row.title, "name": kept.name, "size": size_text(kept.size), "number": kept.id}
    return Page("attachment_remove.html", values)


@post("/rounds/{ref}/attachments/{number}/remove", Permission.MANAGE_ROUNDS)
def remove(visit: Visit, ref: str, number: str) -> Answer:
    row = locked_round(visit.session, ref)
    kept = find_attachment(visit.session, row.id, number)
    remove_attachment(visit.session, row, kept, visit.person, visit.now)
    return Goto(f"/rounds/{row.ref}/attachments", Done.removed)


def shown_to_bodies(row: RoundRow) -> RoundRow:
    """Raises NotFound while the round is being prepared: to a municipality it does not exist yet."""
    if row.stage is Stage.PREPARING:
        raise NotFound
    return row


def files_of(visit: Visit, row: RoundRow) -> tuple[FileView, ...]:
    """The files of a round as the viewer reaches them: a municipality below /demand, everybody else below /rounds."""
    is_body = visit.person.body_code is not None
    base = f"/{'demand' if is_body else 'rounds'}/{row.ref}/attachments"
    may_remove = visit.person.may(Permission.MANAGE_ROUNDS) and may(Act.DETACH, row.stage)
    return tuple(_view(file, base, may_remove) for file in attachments_of(visit.session, row.id))


def size_text(size: int) -> str:
    """Rounded up, so that no file is empty: 12KB, 3.4MB."""
    if size < 1_000_000:
        return f"{-(-size // 1000)}KB"
    tenths = -(-size // 100_000)
    return f"{tenths // 10}.{tenths % 10}MB"


def _view(file: File, base: str, may_remove: bool) -> FileView:
    href = f"{base}/{file.id}"
    remove = f"{href}/remove" if may_remove else None
    return FileView(file.name, size_text(file.size), file.added_at, file.added_by, href, remove)


def _file(visit: Visit, row: RoundRow, number: str) -> Download:
    kept = find_attachment(visit.session, row.id, number)
    return Download(kept.content, kept.name, kept.media_type)


def _page(visit: Visit, row: RoundRow, faults: Sequence[Fault] = ()) -> Page:
    values = {
        "ref": row.ref,
        "title": row.title,
        "files": files_of(visit, row),
        "may_add": visit.person.may(Permission.MANAGE_ROUNDS) and may(Act.ATTACH, row.stage),
        "is_shown": row.stage is not Stage.PREPARING,
        "accept": ACCEPT,
        "allowed": ALLOWED,
        "faults": faults,
    }
    return Page("attachments.html", values, status=422 if faults else 200)


routes = [show_attachments, add, download, download_as_body, show_removal, remove]
