"""Files that belong to a round, such as the specification: what may be attached, and adding, reading, removing it."""

import hashlib
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from procure.errors import Conflict, Fault, NotFound, refuse
from procure.history.record import Actor, label_of, record
from procure.rounds.stages import Act, require
from procure.rounds.tables import AttachmentRow, RoundRow
from procure.values.text import is_refused

MOST_BYTES = 20_000_000
MOST_FILES = 30
LONGEST_NAME = 120
FIELD = "file"

_FORBIDDEN = re.compile(r'[\\/:*?"<>|]')
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class File:
    """An attachment without its content. `size` is in bytes."""

    id: int
    name: str
    media_type: str
    size: int
    sha256: str
    added_at: datetime
    added_by: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file by its ending, and how its content is told from another kind's."""

    media_type: str
    is_content: Callable[[bytes], bool]


# ---- rules -------------------------------------------------------------------------------------------


def clean_name(name: str) -> str:
    """The last part of the name that the browser gave, without what a file name may not hold. Never a path."""
    last = re.split(r"[\\/]", name)[-1]
    shown = _FORBIDDEN.sub("_", "".join(character for character in last if not is_refused(character)))
    stem, point, ending = _BLANKS.sub(" ", shown).strip(" .").rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1].strip()}{point}{ending}" if stem else ending[:LONGEST_NAME]


def attachment_faults(name: str, content: bytes, names: Sequence[str]) -> Iterator[Fault]:
    """`name` is cleaned; `names` are those that the round has already."""
    kind = KINDS.get(_ending(name))
    if not content:
        yield Fault(FIELD, f"「{name}」は空のファイルです。内容のあるファイルを選んでください。")
    elif len(content) > MOST_BYTES:
        yield Fault(FIELD, f"「{name}」が大きすぎます。20MB以内のファイルを選んでください。")
    elif kind is None:
        yield Fault(FIELD, f"「{name}」の形式は登録できません。{ALLOWED}のファイルを選んでください。")
    elif not kind.is_content(content):
        yield Fault(
            FIELD,
            f"「{name}」の内容が、拡張子「.{_ending(name)}」の形式ではありません。"
            "マクロや暗号化のない、正しい形式で保存し直してください。",
        )
    if name.casefold() in {other.casefold() for other in names}:
        yield Fault(FIELD, f"「{name}」は、すでに登録されています。版が違うときは、ファイル名を変えてください。")
    if len(names) >= MOST_FILES:
        yield Fault(FIELD, f"資料は{MOST_FILES}件まで登録できます。")


def media_type_of(name: str) -> str:
    return KINDS[_ending(name)].media_type


def _ending(name: str) -> str:
    _, point, ending = name.rpartition(".")
    return ending.lower() if point else ""


def _starts_with(magic: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(magic)


def _is_office(part: str) -> Callable[[bytes], bool]:
    """A package of Office without macros, told by its main part."""

    def is_content(content: bytes) -> bool:
        if not content.startswith(b"PK\x03\x04"):
            return False
        try:
            with zipfile.ZipFile(BytesIO(content)) as package:
                names = {name.lower() for name in package.namelist()}
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            return False
        return {"[content_types].xml", part} <= names and not any(name.endswith("vbaproject.bin") for name in names)

    return is_content


def _is_text(content: bytes) -> bool:
    """UTF-8 or the CP932 that Japanese Excel writes, and nothing binary in it."""
    if b"\x00" in content:
        return False
    for encoding in ("utf-8-sig", "cp932"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


_OFFICE = "application/vnd.openxmlformats-officedocument"
_JPEG = Kind("image/jpeg", _starts_with(b"\xff\xd8\xff"))
KINDS: dict[str, Kind] = {
    "pdf": Kind("application/pdf", _starts_with(b"%PDF-")),
    "xlsx": Kind(f"{_OFFICE}.spreadsheetml.sheet", _is_office("xl/workbook.xml")),
    "docx": Kind(f"{_OFFICE}.wordprocessingml.document", _is_office("word/document.xml")),
    "csv": Kind("text/csv", _is_text),
    "txt": Kind("text/plain", _is_text),
    "png": Kind("image/png", _starts_with(b"\x89PNG\r\n\x1a\n")),
    "jpg": _JPEG,
    "jpeg": _JPEG,
}
ALLOWED = "PDF、Excel（.xlsx）、Word（.docx）、CSV、テキスト、PNG、JPEG"
ACCEPT = ",".join(f".{ending}" for ending in KINDS)


# ---- reading -----------------------------------------------------------------------------------------


def attachments_of(session: Session, round_id: int) -> tuple[File, ...]:
    """In the order in which they were added; their content stays in the database."""
    of_round = select(AttachmentRow).where(col(AttachmentRow.round_id) == round_id)
    without_content = of_round.options(defer(AttachmentRow.content))  # type: ignore[arg-type]
    rows = session.exec(without_content.order_by(col(AttachmentRow.id)))
    return tuple(
        File(row.id, row.name, row.media_type, row.size, row.sha256, row.added_at, row.added_by) for row in rows
    )


def find_attachment(session: Session, round_id: int, number: str) -> AttachmentRow:
    """`number` as it stood in the address. Raises NotFound, also for another round's file."""
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    found = session.get(AttachmentRow, int(number)) if is_number else None
    if found is None or found.round_id != round_id:
        raise NotFound
    return found


# ---- writing -----------------------------------------------------------------------------------------


def add_attachment(
    session: Session, row: RoundRow, name: str, content: bytes, actor: Actor, at: datetime
) -> AttachmentRow:
    """Raises Conflict where the stage is past it, Invalid with what is wrong with the file."""
    require(Act.ATTACH, row.stage)
    name = clean_name(name)
    refuse(attachment_faults(name, content, [file.name for file in attachments_of(session, row.id)]))
    kept = write_attachment(session, row, name, content, actor, at)
    changes = {"file": (None, kept.name), "sha256": (None, kept.sha256)}
    record(session, at, actor, "attachment_added", round_ref=row.ref, subject=kept.name, changes=changes)
    return kept


def write_attachment(
    session: Session, row: RoundRow, name: str, content: bytes, actor: Actor, at: datetime
) -> AttachmentRow:
    """Makes the row of a file that has been judged."""
    kept = AttachmentRow(
        round_id=row.id,
        name=name,
        media_type=media_type_of(name),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        added_at=at,
        added_by=label_of(actor),
    )
    session.add(kept)
    session.flush()
    return kept


def remove_attachment(session: Session, row: RoundRow, kept: AttachmentRow, actor: Actor, at: datetime) -> None:
    """Only before anybody was asked: what the bodies answered by stays readable."""
    require(Act.DETACH, row.stage)
    if kept.round_id != row.id:
        raise Conflict
    changes = {"file": (kept.name, None), "sha256": (kept.sha256, None)}
    record(session, at, actor, "attachment_removed", round_ref=row.ref, subject=kept.name, changes=changes)
    session.delete(kept)
    session.flush()
