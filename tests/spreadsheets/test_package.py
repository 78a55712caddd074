"""What is refused before a spreadsheet is opened, each by its name."""

import warnings

import pytest

from procure.spreadsheets import package as checked
from procure.spreadsheets.package import require_xlsx
from procure.spreadsheets.reading import read_workbook
from procure.values.unreadable import Unreadable
from tests.spreadsheets.files import BILLION_LAUGHS, XXE, package, parts_of, with_flag_bits, with_part, workbook

SOUND = workbook([["品目", "数量"], ["ノートPC", 12]])
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def said_of(content: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        read_workbook(content)
    return refused.value.message


def twice(name: str) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of what is meant here
        return package([*parts_of(SOUND).items(), (name, b"")])


def test_a_plain_file_is_let_in() -> None:
    require_xlsx(SOUND)


def test_the_old_format_is_named() -> None:
    assert ".xls）" in said_of(OLE)


def test_an_encrypted_file_is_named_in_either_way_of_encrypting() -> None:
    office = OLE + "EncryptedPackage".encode("utf-16-le")
    assert said_of(office) == said_of(with_flag_bits(SOUND, 1)) == checked.ENCRYPTED


@pytest.mark.parametrize("name", ["xl/vbaProject.bin", "xl/VBAPROJECT.BIN", "xl/vbaProjectSignature.bin"])
def test_a_file_with_macros_is_named(name: str) -> None:
    assert said_of(with_part(SOUND, name, b"\0")) == checked.MACROS


def test_a_file_that_calls_itself_a_macro_workbook_is_named_even_without_any() -> None:
    types = parts_of(SOUND)["[Content_Types].xml"]
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    assert plain in types
    enabled = types.replace(plain, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")
    assert said_of(with_part(SOUND, "[Content_Types].xml", enabled)) == checked.MACROS


def test_other_formats_are_named() -> None:
    assert said_of(with_part(SOUND, "xl/workbook.bin", b"")) == checked.BINARY
    assert said_of(package({"mimetype": b"x", "content.xml": b"<x/>"})) == checked.OPEN_DOCUMENT


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"MZ\x90\0", "団体,数量\n".encode(), package({"a.txt": b"a"})])
def test_what_is_no_spreadsheet_is_named(content: bytes) -> None:
    assert said_of(content) == checked.NOT_XLSX


def test_an_empty_file_is_named() -> None:
    assert said_of(b"") == checked.EMPTY


@pytest.mark.parametrize("share", [3, 10, 50, 90, 99])
def test_a_file_that_is_cut_off_is_broken(share: int) -> None:
    assert said_of(SOUND[: len(SOUND) * share // 100]) == checked.BROKEN


def test_damaged_parts_are_broken() -> None:
    assert said_of(with_part(SOUND, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData>")) == checked.BROKEN
    assert said_of(with_part(SOUND, "xl/workbook.xml", b"")) == checked.BROKEN


def test_a_bomb_is_not_unpacked() -> None:
    assert said_of(with_part(SOUND, "xl/media/a.xml", b"\0" * 5_000_000)) == checked.TOO_LARGE


def test_much_is_too_much_even_where_it_is_hardly_packed() -> None:
    line = bytes(range(256)) * 40
    many = {f"xl/media/{number}.bin": (line + bytes([number])) * 100 for number in range(31)}
    assert said_of(package({**parts_of(SOUND), **many})) == checked.TOO_LARGE


def test_more_parts_than_a_form_has_are_too_many() -> None:
    many = {f"xl/media/{number}.bin": b"" for number in range(checked.MOST_ENTRIES)}
    assert said_of(package({**parts_of(SOUND), **many})) == checked.TOO_LARGE


def test_a_size_that_lies_is_a_broken_file() -> None:
    part = parts_of(SOUND)["xl/worksheets/sheet1.xml"]
    size = len(part).to_bytes(4, "little")
    at = SOUND.rindex(size, 0, SOUND.rindex(b"xl/worksheets/sheet1.xml"))
    assert said_of(SOUND[:at] + (1).to_bytes(4, "little") + SOUND[at + 4 :]) == checked.BROKEN


@pytest.mark.parametrize("name", ["../evil.xml", "xl/../../evil.xml", "/etc/cron.d/x", "xl\\..\\evil.xml", "C:/evil"])
def test_names_that_lead_elsewhere_are_refused(name: str) -> None:
    assert said_of(with_part(SOUND, name, b"")) == checked.SUSPECT


@pytest.mark.parametrize("name", ["xl/workbook.xml", "XL/Workbook.xml"])
def test_a_part_that_is_there_twice_is_refused(name: str) -> None:
    assert said_of(twice(name)) == checked.SUSPECT


@pytest.mark.parametrize("trick", [BILLION_LAUGHS, XXE])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_that_declares_entities_is_refused(trick: str, encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{trick}<sst><si><t>&c;</t></si></sst>'
    assert said_of(with_part(SOUND, "xl/sharedStrings.xml", text.encode(encoding))) == checked.SUSPECT
