"""Spreadsheets for tests, sound ones and ones made up by somebody who means harm."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl

BILLION_LAUGHS = (
    '<!DOCTYPE sst [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
XXE = '<!DOCTYPE sst [<!ENTITY passwd SYSTEM "file:///etc/passwd">]>'


def workbook(rows: Sequence[Sequence[object]], title: str = "表") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def package(parts: Mapping[str, bytes] | Sequence[tuple[str, bytes]]) -> bytes:
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as made:
        for name, part in parts.items() if isinstance(parts, Mapping) else parts:
            made.writestr(name, part)
    return content.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The file with one part more, or another one in its place."""
    return package({**parts_of(content), name: part})


def with_sheet_xml(content: bytes, rows: str) -> bytes:
    """The file with these rows in its first sheet, as raw XML."""
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return with_part(content, "xl/worksheets/sheet1.xml", f"{head}{rows}</sheetData></worksheet>".encode())


def with_flag_bits(content: bytes, bits: int) -> bytes:
    """The file with these general purpose bits set in the directory, as an encrypting packer sets them."""
    directory = content.index(b"PK\x01\x02")
    return content[: directory + 8] + bytes([bits]) + content[directory + 9 :]
