"""調査票 that bodies sent to the secretariat: many files at once, one preview, then submitted on their behalf."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from procure.demand.actions import require_open
from procure.demand.queries import draft_of, submission_of
from procure.demand.states import AnswerState
from procure.demand.tables import SheetUploadRow
from procure.demand.uploads import (
    Preview,
    SentSheet,
    keep,
    kept,
    preview_of,
    sent_sheet,
    shown_name,
    submit_for,
    wrong_address,
)
from procure.errors import Conflict, Fault, Invalid
from procure.parties.queries import members
from procure.rounds.queries import find_round, locked_round
from procure.rounds.stages import Act, Stage, require
from procure.rounds.tables import RoundRow
from procure.server import Answer, Done, Goto, Page, Permission, Upload, Visit, get, post
from procure.values.unreadable import Unreadable

UPLOAD_LIMIT = 30_000_000  # bytes, all files together
MOST_FILES = 100
NO_FILE = "取り込む調査票（.xlsx）を選んでください。"
TOO_MANY = f"一度に取り込めるのは{MOST_FILES}ファイルまでです。分けて取り込んでください。"
NOTHING_CHOSEN = "登録する調査票がありません。置き換える団体を選んでから登録してください。"
TOO_LATE = "この団体の登録期限を過ぎています。登録期限を延ばしてから取り込んでください。"
TWICE = "同じ団体の調査票が複数選ばれています。1つだけ選んでください。"


@dataclass(frozen=True, slots=True)
class SheetLine:
    """What will become of a file. `refusal` says why nothing will; `preview` is what it would change."""

    file_name: str
    body_name: str = ""
    refusal: str | None = None
    preview: Preview | None = None
    is_unchanged: bool = False

    @property
    def faults(self) -> tuple[Fault, ...]:
        return self.preview.faults if self.preview else ()

    @property
    def is_ready(self) -> bool:
        """Whether it can be submitted, if only after a choice."""
        return self.preview is not None and not self.faults and not self.is_unchanged

    @property
    def has_conflicts(self) -> bool:
        return self.is_ready and self.preview is not None and self.preview.has_conflicts


@get("/rounds/{ref}/survey/upload", Permission.MANAGE_ROUNDS)
def show_upload(visit: Visit, ref: str) -> Answer:
    return _upload_page(_answerable(find_round(visit.session, ref)))


@post(
    "/rounds/{ref}/survey/upload",
    Permission.MANAGE_ROUNDS,
    opens_session=False,
    takes_uploads=True,
    body_limit=UPLOAD_LIMIT,
)
def preview_uploads(visit: Visit, ref: str) -> Answer:
    """The files are opened before the transaction begins, so that nobody waits for them. Demand stays as it is."""
    uploads = visit.form.uploads("files")
    sent = [_sent(upload) for upload in uploads[:MOST_FILES]]
    with visit.database.write() as session:
        row = _answerable(find_round(session, ref))
        if not uploads or len(uploads) > MOST_FILES:
            return _upload_page(row, TOO_MANY if uploads else NO_FILE)
        return _preview_page(visit, session, row, _lines(session, row, sent, visit.now))


@post("/rounds/{ref}/survey/upload/confirm", Permission.MANAGE_ROUNDS)
def submit_uploads(visit: Visit, ref: str) -> Answer:
    """All of them or none: where one cannot be submitted any more, nothing is written."""
    row = _answerable(locked_round(visit.session, ref))
    replaced = set(visit.form.texts("replace"))
    now = visit.clock()
    uploads = kept(visit.session, row, visit.form.text("upload"), visit.person, now)
    chosen = [upload for upload in uploads if not upload.is_stale or upload.body_code in replaced]
    if not chosen:
        raise Conflict(NOTHING_CHOSEN)
    names = _names(visit.session)
    for upload in chosen:
        _submit(visit, row, upload, names.get(upload.body_code, upload.body_code), now)
    return Goto(f"/rounds/{row.ref}/survey", Done.imported)


def _submit(visit: Visit, row: RoundRow, upload: SheetUploadRow, name: str, now: datetime) -> None:
    try:
        submit_for(visit.session, row, upload, visit.person, now, replace=True)
    except Conflict as conflict:
        raise Conflict(f"{name}：{conflict.message}") from conflict
    except Invalid as invalid:
        raise Conflict(f"{name}：{invalid.faults[0].message}") from invalid


# ---- what was sent -----------------------------------------------------------------------------------


def _sent(upload: Upload) -> SentSheet | SheetLine:
    """The sheet, or the line that says why it is none."""
    try:
        return sent_sheet(upload.filename, upload.content)
    except Unreadable as unreadable:
        return SheetLine(shown_name(upload.filename), refusal=unreadable.message)


def _lines(
    session: Session, row: RoundRow, sent: Sequence[SentSheet | SheetLine], now: datetime
) -> tuple[SheetLine, ...]:
    names = _names(session)
    times = Counter(one.stamp.body_code for one in sent if isinstance(one, SentSheet))
    return tuple(
        one if isinstance(one, SheetLine) else _line(session, row, one, names, times[one.stamp.body_code], now)
        for one in sent
    )


def _line(
    session: Session, row: RoundRow, sent: SentSheet, names: Mapping[str, str], times: int, now: datetime
) -> SheetLine:
    code = sent.stamp.body_code
    refusal = wrong_address(row, sent.stamp, names) or _not_now(session, row, code, now)
    if refusal or times > 1:
        return SheetLine(sent.file_name, names.get(code, ""), refusal or TWICE)
    preview = preview_of(session, row, sent, whole=True)
    return SheetLine(sent.file_name, names[code], preview=preview, is_unchanged=_is_answered(session, row, preview))


def _not_now(session: Session, row: RoundRow, body_code: str, now: datetime) -> str | None:
    try:
        require_open(session, row, body_code, now)
    except Conflict:
        return TOO_LATE
    return None


def _is_answered(session: Session, row: RoundRow, preview: Preview) -> bool:
    """Whether the sheet says nothing but what the body has submitted already."""
    submission = submission_of(session, row.id, preview.body_code)
    stands = submission is not None and submission.state is not AnswerState.RETURNED
    has_draft = draft_of(session, row.id, preview.body_code) is not None
    return stands and not has_draft and not preview.faults and not preview.differences


def _names(session: Session) -> dict[str, str]:
    return {body.code: body.display_name for body in members(session)}


# ---- pages -------------------------------------------------------------------------------------------


def _answerable(row: RoundRow) -> RoundRow:
    """Raises Conflict where no body can have time left to answer; after the closing, an extension can give it."""
    if row.stage is not Stage.SPECIFIED:
        require(Act.REGISTER_DEMAND, row.stage)
    return row


def _upload_page(row: RoundRow, refusal: str | None = None) -> Page:
    faults = [Fault("files", refusal)] if refusal else []
    values = {"ref": row.ref, "title": row.title, "faults": faults}
    return Page("survey_upload.html", values, status=422 if refusal else 200)


def _preview_page(visit: Visit, session: Session, row: RoundRow, lines: Sequence[SheetLine]) -> Page:
    ready = [line.preview for line in lines if line.is_ready and line.preview]
    values = {
        "ref": row.ref,
        "title": row.title,
        "refused": [line for line in lines if line.refusal or line.faults],
        "ready": [line for line in lines if line.is_ready and not line.has_conflicts],
        "conflicting": [line for line in lines if line.has_conflicts],
        "unchanged": [line for line in lines if line.is_unchanged],
        "upload": keep(session, row, ready, visit.person, visit.now) if ready else None,
    }
    return Page("survey_upload_preview.html", values, status=200 if ready else 422, keep=True)


routes = [show_upload, preview_uploads, submit_uploads]
