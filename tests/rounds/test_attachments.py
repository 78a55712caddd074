"""Files of a round: which are taken, under which names, and when they may go again."""

import hashlib
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.database import Database
from procure.errors import Conflict, Invalid, NotFound
from procure.history.queries import events_of_round
from procure.rounds.attachments import (
    LONGEST_NAME,
    MOST_BYTES,
    MOST_FILES,
    add_attachment,
    attachment_faults,
    attachments_of,
    clean_name,
    find_attachment,
    remove_attachment,
)
from procure.rounds.stages import Stage
from tests.people import NOW
from tests.stages import ACTOR, preparing, round_at, surveying

PDF = b"%PDF-1.7 a specification"


def office(part: str, *others: str) -> bytes:
    content = BytesIO()
    with ZipFile(content, "w") as package:
        for name in ("[Content_Types].xml", part, *others):
            package.writestr(name, "<a/>")
    return content.getvalue()


XLSX, DOCX = office("xl/workbook.xml"), office("word/document.xml")
GOOD = {
    "a.pdf": PDF,
    "a.PDF": PDF,
    "a.xlsx": XLSX,
    "a.docx": DOCX,
    "a.csv": "品名,単位\r\n".encode("cp932"),
    "a.txt": "葛\U000e0100城市".encode(),
    "a.png": b"\x89PNG\r\n\x1a\n...",
    "a.jpg": b"\xff\xd8\xff\xe0...",
    "a.jpeg": b"\xff\xd8\xff\xe0...",
}
BAD = {
    "a.pdf": b"MZ a program",
    "a.xlsx": DOCX,
    "a.docx": office("word/document.xml", "word/vbaProject.bin"),
    "b.xlsx": b"PK\x03\x04 cut off",
    "c.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 encrypted, or .xls",
    "a.csv": b"a\x00b",
    "a.txt": b"\x81\xff\xff",
    "a.png": b"\xff\xd8\xff\xe0 a photograph",
    "a.exe": b"MZ a program",
    "a.html": b"<script>alert(1)</script>",
    "a.svg": b"<svg/>",
    "pdf": PDF,
    "b.txt": b"",
}


@pytest.mark.parametrize("name", GOOD)
def test_a_file_is_taken_where_its_content_is_what_its_name_says(name: str) -> None:
    assert list(attachment_faults(name, GOOD[name], [])) == []


@pytest.mark.parametrize("name", BAD)
def test_anything_else_is_refused_by_its_name(name: str) -> None:
    faults = list(attachment_faults(name, BAD[name], []))
    assert len(faults) == 1
    assert f"「{name}」" in faults[0].message


def test_twenty_megabytes_are_taken_and_a_byte_more_is_not() -> None:
    largest = PDF.ljust(MOST_BYTES, b" ")
    assert list(attachment_faults("a.pdf", largest, [])) == []
    assert "20MB以内" in next(attachment_faults("a.pdf", largest + b" ", [])).message


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("仕様書.pdf", "仕様書.pdf"),
        ("C:\\Users\\tarou\\仕様書.pdf", "仕様書.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("仕様\u202efdp.exe.pdf", "仕様fdp.exe.pdf"),
        ("  仕様　書 .pdf ", "仕様 書.pdf"),
        ('a<b>"c|d?.pdf', "a_b__c_d_.pdf"),
        ("長" * 300 + ".pdf", "長" * (LONGEST_NAME - 4) + ".pdf"),
        (".pdf", "pdf"),
    ],
)
def test_a_name_keeps_what_a_file_name_may_hold(name: str, cleaned: str) -> None:
    assert clean_name(name) == cleaned


@given(st.text())
def test_no_name_leads_anywhere(name: str) -> None:
    cleaned = clean_name(name)
    assert not set(cleaned) & set('/\\:*?"<>|\r\n\x00')
    assert not cleaned.startswith(".")
    assert len(cleaned) <= LONGEST_NAME


def test_a_file_comes_back_byte_for_byte_and_is_listed_without_its_content(database: Database) -> None:
    with database.write() as session:
        row = preparing(session, NOW)
        add_attachment(session, row, "dir/仕様書.pdf", PDF, ACTOR, NOW)
    with database.read() as session:
        (file,) = attachments_of(session, row.id)
        kept = find_attachment(session, row.id, str(file.id))
        assert kept.content == PDF
        event = events_of_round(session, row.ref)[0]
    assert (file.name, file.media_type, file.size) == ("仕様書.pdf", "application/pdf", len(PDF))
    assert file.sha256 == hashlib.sha256(PDF).hexdigest()
    assert (event.label, event.subject) == ("資料を登録", "仕様書.pdf")


def test_one_name_stands_for_one_file(database: Database) -> None:
    with database.write() as session:
        row = preparing(session, NOW)
        add_attachment(session, row, "Spec.pdf", PDF, ACTOR, NOW)
        with pytest.raises(Invalid):
            add_attachment(session, row, "spec.PDF", PDF, ACTOR, NOW)


def test_the_number_of_files_has_an_end() -> None:
    names = [f"{number}.pdf" for number in range(MOST_FILES)]
    assert list(attachment_faults("a.pdf", PDF, names[1:])) == []
    assert list(attachment_faults("a.pdf", PDF, names)) != []


def test_a_file_goes_only_while_the_round_is_prepared(database: Database) -> None:
    with database.write() as session:
        row = preparing(session, NOW)
        kept = add_attachment(session, row, "仕様書.pdf", PDF, ACTOR, NOW)
        remove_attachment(session, row, kept, ACTOR, NOW)
        assert attachments_of(session, row.id) == ()
        assert events_of_round(session, row.ref)[0].label == "資料を削除"


def test_what_bodies_were_shown_stays(database: Database) -> None:
    with database.write() as session:
        row = surveying(session, NOW)
        kept = add_attachment(session, row, "追加資料.pdf", PDF, ACTOR, NOW)
        with pytest.raises(Conflict):
            remove_attachment(session, row, kept, ACTOR, NOW)


@pytest.mark.parametrize("stage", [Stage.BIDDING, Stage.OPENING, Stage.PUBLISHED])
def test_nothing_is_added_after_the_notice(database: Database, stage: Stage) -> None:
    with database.write() as session:
        row = round_at(session, stage, NOW)
        with pytest.raises(Conflict):
            add_attachment(session, row, "仕様書.pdf", PDF, ACTOR, NOW)


@pytest.mark.parametrize("number", ["0", "-1", "x", "１", "9" * 30, ""])
def test_an_unknown_number_is_not_found(database: Database, number: str) -> None:
    with database.write() as session:
        row = preparing(session, NOW)
        add_attachment(session, row, "仕様書.pdf", PDF, ACTOR, NOW)
        with pytest.raises(NotFound):
            find_attachment(session, row.id, number)


def test_a_file_of_another_round_is_not_found(database: Database) -> None:
    with database.write() as session:
        row = preparing(session, NOW)
        kept = add_attachment(session, row, "仕様書.pdf", PDF, ACTOR, NOW)
        with pytest.raises(NotFound):
            find_attachment(session, row.id + 1, str(kept.id))
