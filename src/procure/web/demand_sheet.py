"""A municipality's 調査票 as a spreadsheet: downloaded, filled in, uploaded, looked at, taken over as the draft."""

from datetime import datetime

from sqlmodel import Session

from procure.demand.actions import require_open
from procure.demand.queries import answer_version, extension_of, typed_or_submitted
from procure.demand.rules import deadline_of, may_register
from procure.demand.uploads import (
    Preview,
    SentSheet,
    keep,
    kept,
    preview_of,
    sent_sheet,
    sheet_lots,
    take_as_draft,
    wrong_address,
)
from procure.documents.filenames import file_name
from procure.documents.of_round import XLSX
from procure.documents.survey_sheet import SurveySheet, survey_xlsx
from procure.errors import Fault, NotFound
from procure.parties.tables import BodyRow
from procure.rounds.queries import find_round, locked_round
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from procure.server import Answer, Done, Download, Goto, Page, Permission, Visit, get, post
from procure.values.unreadable import Unreadable

UPLOAD_LIMIT = 5_000_000  # bytes
NO_FILE = "取り込む調査票（.xlsx）を選んでください。"


@get("/demand/{ref}/sheet.xlsx", Permission.REGISTER_DEMAND)
def download_sheet(visit: Visit, ref: str) -> Answer:
    row = _asked(find_round(visit.session, ref))
    sheet = survey_sheet_of(visit.session, row, visit.body_code, visit.now)
    name = file_name(row, f"調査票_{sheet.body_code}_{sheet.body_name}", "xlsx")
    return Download(survey_xlsx(sheet), name, XLSX)


@get("/demand/{ref}/upload", Permission.REGISTER_DEMAND)
def show_upload(visit: Visit, ref: str) -> Answer:
    row = _asked(find_round(visit.session, ref))
    extension = extension_of(visit.session, row.id, visit.body_code)
    if not may_register(row.stage, row.survey_deadline, extension.deadline if extension else None, visit.now):
        return Goto(f"/demand/{row.ref}")
    return _upload_page(visit, visit.session, row)


@post(
    "/demand/{ref}/upload",
    Permission.REGISTER_DEMAND,
    opens_session=False,
    takes_uploads=True,
    body_limit=UPLOAD_LIMIT,
)
def preview_upload(visit: Visit, ref: str) -> Answer:
    """The file is opened before the transaction begins, so that nobody waits for it. Demand stays as it is."""
    sent = _sent(visit)
    with visit.database.write() as session:
        row = _asked(find_round(session, ref))
        require_open(session, row, visit.body_code, visit.now)
        refusal = sent if isinstance(sent, str) else wrong_address(row, sent.stamp, {visit.body_code})
        if isinstance(sent, str) or refusal:
            return _upload_page(visit, session, row, refusal)
        return _preview_page(visit, session, row, preview_of(session, row, sent, whole=False))


@post("/demand/{ref}/upload/confirm", Permission.REGISTER_DEMAND)
def take_over(visit: Visit, ref: str) -> Answer:
    row = _asked(locked_round(visit.session, ref))
    uploads = kept(visit.session, row, visit.form.text("upload"), visit.person, visit.now)
    own = next((upload for upload in uploads if upload.body_code == visit.body_code), None)
    if own is None:
        raise NotFound
    replace = visit.form.text("replace") == "1"
    take_as_draft(visit.session, row, own, visit.person, visit.clock(), replace=replace)
    return Goto(f"/demand/{row.ref}/confirm", Done.imported)


def survey_sheet_of(session: Session, row: RoundRow, body_code: str, now: datetime) -> SurveySheet:
    """The sheet of a body, filled in with what it has typed or submitted so far."""
    body = session.get(BodyRow, body_code)
    extension = extension_of(session, row.id, body_code)
    return SurveySheet(
        round_ref=row.ref,
        title=row.title,
        council=row.council,
        is_sample=row.is_sample,
        body_code=body_code,
        body_name=body.display_name if body else "",
        deadline=deadline_of(row.stage, row.survey_deadline, extension.deadline if extension else None),
        lots=sheet_lots(session, row, body_code),
        typed=typed_or_submitted(session, row, body_code),
        version=answer_version(session, row.id, body_code),
        made_at=now,
    )


def _asked(row: RoundRow) -> RoundRow:
    """Nobody is asked while a round is being prepared: to a municipality it does not exist yet."""
    if row.stage is Stage.PREPARING:
        raise NotFound
    return row


def _sent(visit: Visit) -> SentSheet | str:
    """The sheet that was sent, or why there is none."""
    upload = visit.form.upload("file")
    if upload is None:
        return NO_FILE
    try:
        return sent_sheet(upload.filename, upload.content)
    except Unreadable as unreadable:
        return unreadable.message


def _upload_page(visit: Visit, session: Session, row: RoundRow, refusal: str | None = None) -> Page:
    extension = extension_of(session, row.id, visit.body_code)
    values = {
        "ref": row.ref,
        "title": row.title,
        "is_sample": row.is_sample,
        "deadline": deadline_of(row.stage, row.survey_deadline, extension.deadline if extension else None),
        "now": visit.now,
        "faults": [Fault("file", refusal)] if refusal else [],
    }
    return Page("demand_upload.html", values, status=422 if refusal else 200)


def _preview_page(visit: Visit, session: Session, row: RoundRow, preview: Preview) -> Page:
    is_ready = bool(preview.differences)
    values = {
        "ref": row.ref,
        "title": row.title,
        "is_sample": row.is_sample,
        "preview": preview,
        "upload": keep(session, row, [preview], visit.person, visit.now) if is_ready else None,
    }
    status = 422 if preview.faults else 409 if preview.has_conflicts else 200
    return Page("demand_upload_preview.html", values, status=status, keep=True)


routes = [download_sheet, show_upload, preview_upload, take_over]
