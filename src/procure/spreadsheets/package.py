"""What an .xlsx must be before it is opened: its first bytes, its directory, and no trick in its XML."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from procure.values.unreadable import Unreadable

MOST_ENTRIES = 60
MOST_UNPACKED = 30_000_000  # bytes
MOST_RATIO = 200  # a bomb packs a thousand to one
ENCRYPTED_FLAG = 0x1

_ZIP, _EMPTY_ZIP, _OLE = b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_TYPES, _WORKBOOK = "[Content_Types].xml", "xl/workbook.xml"

SAVE_AS_XLSX = "Excelブック（.xlsx）の形式で保存し直してください。"
NOT_XLSX = f"Excelのファイル（.xlsx）ではありません。{SAVE_AS_XLSX}"
BROKEN = "ファイルが壊れているか、途中で切れています。もう一度保存し直してから選んでください。"
EMPTY = "ファイルの中身が空です。もう一度保存し直してから選んでください。"
OLD_FORMAT = f"古い形式（.xls）のファイルは受け付けられません。{SAVE_AS_XLSX}"
OPEN_DOCUMENT = f"OpenDocument形式（.ods）のファイルは受け付けられません。{SAVE_AS_XLSX}"
BINARY = f"Excelバイナリ形式（.xlsb）のファイルは受け付けられません。{SAVE_AS_XLSX}"
ENCRYPTED = "パスワードで暗号化されたファイルは受け付けられません。パスワードを外して保存し直してください。"
MACROS = f"マクロを含むファイルは受け付けられません。マクロのない{SAVE_AS_XLSX}"
TOO_LARGE = "展開すると大きすぎるファイルは受け付けられません。余分なシートや画像を消して保存し直してください。"
SUSPECT = "通常のExcelにはない構造が含まれるため、受け付けられません。Excelで開いて保存し直してください。"


def require_xlsx(content: bytes) -> None:
    """Raises Unreadable, in Japanese and by name, for whatever is not a plain .xlsx without macros."""
    _require_zip(content)
    try:
        with ZipFile(BytesIO(content)) as package:
            _check_directory(package.infolist())
            _check_parts(package)
    except (BadZipFile, EOFError, NotImplementedError, OSError, UnicodeError, ValueError) as fault:
        if isinstance(fault, Unreadable):
            raise
        raise Unreadable(BROKEN) from fault


def _require_zip(content: bytes) -> None:
    if not content:
        raise Unreadable(EMPTY)
    if content.startswith(_OLE):
        raise Unreadable(ENCRYPTED if _ENCRYPTED_PACKAGE in content else OLD_FORMAT)
    if not content.startswith((_ZIP, _EMPTY_ZIP)):
        raise Unreadable(NOT_XLSX)


def _check_directory(entries: list[ZipInfo]) -> None:
    """Sizes are those the directory declares; unpacking stops there, so a lie is a broken file and no bomb."""
    names = [entry.filename.casefold() for entry in entries]
    if any(entry.flag_bits & ENCRYPTED_FLAG for entry in entries):
        raise Unreadable(ENCRYPTED)
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise Unreadable(TOO_LARGE)
    if any(entry.file_size > MOST_RATIO * max(entry.compress_size, 1) for entry in entries):
        raise Unreadable(TOO_LARGE)
    if len(set(names)) < len(names) or any(_is_odd(entry) for entry in entries):
        raise Unreadable(SUSPECT)
    _check_names(names)


def _is_odd(entry: ZipInfo) -> bool:
    name = entry.orig_filename
    leaves = name.startswith("/") or "\\" in name or "\0" in name or ":" in name or ".." in name.split("/")
    return leaves or entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED)


def _check_names(names: list[str]) -> None:
    if any("vbaproject" in name for name in names):
        raise Unreadable(MACROS)
    if "xl/workbook.bin" in names:
        raise Unreadable(BINARY)
    if "mimetype" in names and "content.xml" in names:
        raise Unreadable(OPEN_DOCUMENT)
    if _TYPES.casefold() not in names or _WORKBOOK not in names:
        raise Unreadable(NOT_XLSX)


def _check_parts(package: ZipFile) -> None:
    for name in package.namelist():
        if not name.casefold().endswith((".xml", ".rels", ".vml")):
            continue
        text = package.read(name).replace(b"\0", b"")  # UTF-16 reads like ASCII then
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise Unreadable(SUSPECT)
        if name == _TYPES and b"macroenabled" in text.lower():
            raise Unreadable(MACROS)
