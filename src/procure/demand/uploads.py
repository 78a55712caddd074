"""調査票 that came back: read against the round and the body they are for, kept until confirmed, taken over."""

import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, or_, select

from procure.accounts.viewer import Viewer
from procure.demand.actions import save_draft, submit
from procure.demand.answer import read_answer
from procure.demand.queries import answer_version, last_quantities, typed_or_submitted
from procure.demand.rules import submission_faults
from procure.demand.sheet import (
    META,
    SURVEY,
    Difference,
    SheetItem,
    SheetLot,
    Stamp,
    differences,
    read_sheet,
    stamp_of,
)
from procure.demand.states import Way
from procure.demand.tables import SheetUploadRow, SubmissionRow
from procure.errors import Conflict, Fault
from procure.history.record import record
from procure.rounds.queries import items_of, lots_of
from procure.rounds.tables import RoundRow
from procure.spreadsheets.reading import Sheet, read_workbook
from procure.values.text import clean
from procure.values.unreadable import Unreadable

KEPT_FOR = timedelta(days=1)
LONGEST_NAME = 200
NOTHING_KEPT = "確認してから時間がたったか、すでに取り込まれています。もう一度ファイルを選んでください。"
CHANGED = (
    "取込みの確認画面を開いた後に、回答が変わりました。何も書き込んでいません。もう一度ファイルを選んで、"
    "最新の内容と見比べてください。"
)
STALE = "ダウンロードした後に回答が変わっています。置き換える場合は「Excelの内容で置き換える」を選んでください。"


@dataclass(frozen=True, slots=True)
class SentSheet:
    """A file that could be read: what it says it is, and its rows, not yet looked at."""

    file_name: str
    stamp: Stamp
    rows: Sheet


@dataclass(frozen=True, slots=True)
class Preview:
    """What taking over a sheet would change. `faults` stand at addresses; there is nothing to take over with any.

    `is_stale`: somebody has saved since the sheet was made, so that `differences` are conflicts as well.
    """

    file_name: str
    body_code: str
    typed: Mapping[str, str]
    differences: tuple[Difference, ...]
    faults: tuple[Fault, ...]
    is_stale: bool
    seen_version: int

    @property
    def has_conflicts(self) -> bool:
        return self.is_stale and bool(self.differences)


def sent_sheet(file_name: str, content: bytes) -> SentSheet:
    """Opens a file, without a database. Raises Unreadable for one that is no 調査票 of this service."""
    sheets = read_workbook(content, {SURVEY, META})
    return SentSheet(shown_name(file_name), stamp_of(sheets), sheets[SURVEY])


def shown_name(file_name: str) -> str:
    """The name as it may be shown and kept; it is the sender's, and never a path of ours."""
    try:
        return clean(file_name)[:LONGEST_NAME] or "（名前なし）"
    except Unreadable:
        return "（名前を表示できないファイル）"


def sheet_lots(session: Session, row: RoundRow, body_code: str) -> tuple[SheetLot, ...]:
    """What the sheet of a body asks, in the order in which the survey shows it."""
    items = items_of(session, row.id)
    last = last_quantities(session, row, items, body_code)
    return tuple(
        SheetLot(
            id=lot.id,
            ref=lot.ref,
            title=lot.title,
            either=lot.either_acquisition,
            items=tuple(
                SheetItem(
                    item.id, item.ref, item.name, item.specification, item.unit, item.list_price, last.get(item.id)
                )
                for item in items
                if item.lot_id == lot.id
            ),
        )
        for lot in lots_of(session, row.id)
    )


def wrong_address(row: RoundRow, stamp: Stamp, bodies: Collection[str]) -> str | None:
    """Why a sheet is not for this round, or not from one of these bodies."""
    if stamp.round_ref != row.ref:
        return (
            f"別の調達（{_quoted(stamp.round_ref)}）の調査票です。"
            f"この調達（{row.ref}）の調査票をダウンロードして記入してください。"
        )
    if stamp.body_code not in bodies:
        return f"別の団体（{_quoted(stamp.body_code)}）の調査票です。自分の団体の調査票を選んでください。"
    return None


def preview_of(session: Session, row: RoundRow, sent: SentSheet, *, whole: bool) -> Preview:
    """Compares the sheet with the answer as it stands now. `whole`: it must be ready to be submitted, too."""
    lots = sheet_lots(session, row, sent.stamp.body_code)
    reading = read_sheet(lots, sent.rows)
    present = typed_or_submitted(session, row, sent.stamp.body_code)
    version = answer_version(session, row.id, sent.stamp.body_code)
    faults = reading.faults
    if whole and not faults:
        asked = tuple(lot.asked for lot in lots)
        found = submission_faults(asked, read_answer(asked, reading.typed))
        faults = tuple(Fault(reading.cells.get(fault.field, ""), fault.message) for fault in found)
    return Preview(
        file_name=sent.file_name,
        body_code=sent.stamp.body_code,
        typed=reading.typed,
        differences=() if faults else differences(lots, present, reading.typed, reading.cells),
        faults=faults,
        is_stale=version != sent.stamp.version,
        seen_version=version,
    )


# ---- kept until confirmed ----------------------------------------------------------------------------


def keep(session: Session, row: RoundRow, previews: Sequence[Preview], viewer: Viewer, at: datetime) -> str:
    """Keeps what was read for a day, and gives its batch. What the person had kept before for the round goes."""
    own = col(SheetUploadRow.round_id) == row.id, col(SheetUploadRow.account_id) == viewer.account_id
    expired = col(SheetUploadRow.created_at) < at - KEPT_FOR
    session.execute(delete(SheetUploadRow).where(or_(expired, own[0] & own[1])))
    batch = secrets.token_urlsafe(24)
    for preview in previews:
        session.add(
            SheetUploadRow(
                batch=batch,
                body_code=preview.body_code,
                round_id=row.id,
                account_id=viewer.account_id,
                file_name=preview.file_name,
                typed=json.dumps(dict(preview.typed), ensure_ascii=False),
                seen_version=preview.seen_version,
                is_stale=preview.has_conflicts,
                created_at=at,
            )
        )
    session.flush()
    return batch


def kept(session: Session, row: RoundRow, batch: str, viewer: Viewer, at: datetime) -> Sequence[SheetUploadRow]:
    """In the order of the bodies. Raises Conflict where nothing is kept under that name for this person and round."""
    found = select(SheetUploadRow).where(
        col(SheetUploadRow.batch) == batch,
        col(SheetUploadRow.round_id) == row.id,
        col(SheetUploadRow.account_id) == viewer.account_id,
        col(SheetUploadRow.created_at) >= at - KEPT_FOR,
    )
    uploads = session.exec(found.order_by(col(SheetUploadRow.body_code))).all()
    if not uploads:
        raise Conflict(NOTHING_KEPT)
    return uploads


# ---- taken over --------------------------------------------------------------------------------------


def take_as_draft(
    session: Session, row: RoundRow, upload: SheetUploadRow, viewer: Viewer, at: datetime, *, replace: bool
) -> None:
    """A body's own sheet becomes its draft. `row` is locked.

    Raises Conflict after the deadline, where the answer has changed since the preview, and where the sheet was stale
    unless `replace` says that it shall count all the same.
    """
    _take(session, row, upload, viewer, at, replace, Way.EXCEL)


def submit_for(
    session: Session, row: RoundRow, upload: SheetUploadRow, viewer: Viewer, at: datetime, *, replace: bool
) -> SubmissionRow:
    """The secretariat submits, for a body, the sheet that it sent. Raises as `take_as_draft` and `submit` do."""
    body_code = upload.body_code
    _take(session, row, upload, viewer, at, replace, Way.SECRETARIAT)
    return submit(session, row, body_code, viewer, at)


def _take(
    session: Session, row: RoundRow, upload: SheetUploadRow, viewer: Viewer, at: datetime, replace: bool, way: Way
) -> None:
    if upload.is_stale and not replace:
        raise Conflict(STALE)
    if answer_version(session, row.id, upload.body_code) != upload.seen_version:
        raise Conflict(CHANGED)
    present = typed_or_submitted(session, row, upload.body_code)
    typed = present | json.loads(upload.typed)
    save_draft(session, row, upload.body_code, typed, upload.seen_version, viewer, at, way)
    record(
        session,
        at,
        viewer,
        "sheet_taken_over",
        round_ref=row.ref,
        subject=upload.body_code,
        changes={"file": (None, upload.file_name)},
    )
    session.delete(upload)
    session.flush()


def _quoted(text: str) -> str:
    return shown_name(text)[:64] if text else "不明"
