"""A sheet that was looked at is kept for its sender and a day, and taken over once, on both kinds of database."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from procure.accounts.tables import AccountRow
from procure.accounts.viewer import Viewer
from procure.database import Database
from procure.demand.actions import save_draft
from procure.demand.answer import NO
from procure.demand.queries import answer_version, draft_of, submission_of, typed_in
from procure.demand.sheet import SURVEY, Stamp
from procure.demand.states import Way
from procure.demand.tables import SheetUploadRow
from procure.demand.uploads import (
    KEPT_FOR,
    SentSheet,
    keep,
    kept,
    preview_of,
    sheet_lots,
    shown_name,
    submit_for,
    take_as_draft,
)
from procure.documents.survey_sheet import survey_xlsx
from procure.errors import Conflict
from procure.rounds.tables import RoundRow
from procure.spreadsheets.reading import read_workbook
from tests.demand.sheets import survey
from tests.people import NARA, NOW, SECRETARIAT, Person, settle_in
from tests.stages import surveying

CODE = "292010"


def viewer_of(session: Session, person: Person) -> Viewer:
    settle_in(session, [person])
    account = session.exec(select(AccountRow).where(AccountRow.login == person.login)).one()
    return Viewer(account.id, person.login, person.name, person.role, person.body_code, None, "")


def sent(session: Session, row: RoundRow, version: int = 0) -> SentSheet:
    """A sheet in which the body takes part in nothing, made from this version of its answer."""
    lots = sheet_lots(session, row, CODE)
    typed = {f"join-{lot.id}": NO for lot in lots}
    content = survey_xlsx(survey(typed, lots=lots, round_ref=row.ref, body_code=CODE))
    return SentSheet("奈良市.xlsx", Stamp(row.ref, CODE, version), read_workbook(content, {SURVEY})[SURVEY])


def test_a_body_takes_its_sheet_over_as_a_draft_once(database: Database) -> None:
    with database.write() as session:
        row, viewer = surveying(session, NOW), viewer_of(session, NARA)
        batch = keep(session, row, [preview_of(session, row, sent(session, row), whole=False)], viewer, NOW)
        (upload,) = kept(session, row, batch, viewer, NOW)
        take_as_draft(session, row, upload, viewer, NOW, replace=False)
        draft = draft_of(session, row.id, CODE)
        assert draft is not None
        assert (draft.way, draft.saved_by_account) == (Way.EXCEL, viewer.account_id)
        assert set(typed_in(draft).values()) == {NO, ""}
        with pytest.raises(Conflict, match="もう一度ファイルを選んで"):
            kept(session, row, batch, viewer, NOW)


def test_the_secretariat_submits_a_sheet_for_a_body(database: Database) -> None:
    with database.write() as session:
        row, viewer = surveying(session, NOW), viewer_of(session, SECRETARIAT)
        batch = keep(session, row, [preview_of(session, row, sent(session, row), whole=True)], viewer, NOW)
        submit_for(session, row, kept(session, row, batch, viewer, NOW)[0], viewer, NOW, replace=False)
        submission = submission_of(session, row.id, CODE)
        assert submission is not None
        assert submission.submitted_by == "事務局　花子（事務局）"
        assert draft_of(session, row.id, CODE) is None


def test_what_is_kept_belongs_to_its_sender_and_goes_after_a_day(database: Database) -> None:
    with database.write() as session:
        row, viewer, other = surveying(session, NOW), viewer_of(session, NARA), viewer_of(session, SECRETARIAT)
        preview = preview_of(session, row, sent(session, row), whole=False)
        batch = keep(session, row, [preview], viewer, NOW)
        for person, at in ((other, NOW), (viewer, NOW + KEPT_FOR + timedelta(seconds=1))):
            with pytest.raises(Conflict):
                kept(session, row, batch, person, at)
        assert kept(session, row, batch, viewer, NOW + KEPT_FOR)
        keep(session, row, [preview], other, NOW + KEPT_FOR + timedelta(seconds=1))
        assert [upload.account_id for upload in session.exec(select(SheetUploadRow))] == [other.account_id]


def test_a_stale_sheet_is_taken_over_only_to_replace(database: Database) -> None:
    with database.write() as session:
        row, viewer = surveying(session, NOW), viewer_of(session, NARA)
        sheet = sent(session, row)
        save_draft(session, row, CODE, {"qty-1": "9"}, 0, "同僚", NOW)
        preview = preview_of(session, row, sheet, whole=False)
        assert preview.has_conflicts
        assert ("qty-1", "9", "") in [(one.field, one.before, one.after) for one in preview.differences]
        (upload,) = kept(session, row, keep(session, row, [preview], viewer, NOW), viewer, NOW)
        with pytest.raises(Conflict, match="Excelの内容で置き換える"):
            take_as_draft(session, row, upload, viewer, NOW, replace=False)
        assert answer_version(session, row.id, CODE) == 1
        take_as_draft(session, row, upload, viewer, NOW, replace=True)
        assert answer_version(session, row.id, CODE) == 2


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("葛\U000e0100城市.xlsx", "葛\U000e0100城市.xlsx"),
        ("", "（名前なし）"),
        ("a\x00b", "（名前を表示できないファイル）"),
        ("\u202exslx.exe", "（名前を表示できないファイル）"),
        ("あ" * 300, "あ" * 200),
    ],
)
def test_a_file_name_is_shown_only_where_it_can_be(name: str, shown: str) -> None:
    assert shown_name(name) == shown
