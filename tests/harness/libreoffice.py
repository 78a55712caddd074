"""LibreOffice itself, as somebody without Microsoft Office uses it: typing into spreadsheets, taking over pages."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.harness.programs import libreoffice, libreoffice_writer

SECONDS = 120
_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Fill"/></library:library>
"""
_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Fill" script:language="StarBasic"><![CDATA[
Sub Main
    Dim hidden(0) As New com.sun.star.beans.PropertyValue
    hidden(0).Name = "Hidden"
    hidden(0).Value = True
    Dim book As Object, page As Object
    book = StarDesktop.loadComponentFromURL({source}, "_blank", 0, hidden())
    page = book.Sheets.getByIndex(0)
{edits}
    Dim format(0) As New com.sun.star.beans.PropertyValue
    format(0).Name = "FilterName"
    format(0).Value = "Calc MS Excel 2007 XML"
    book.storeToURL({target}, format())
    book.close(True)
    StarDesktop.terminate()
End Sub
]]></script:module>
"""


def edited(content: bytes, cells: Mapping[str, str | int], folder: Path) -> bytes:
    """The .xlsx as LibreOffice saves it after these values were put into cells of its first sheet."""
    source, target, profile = folder / "sent.xlsx", folder / "saved.xlsx", folder / "profile"
    source.write_bytes(content)
    edits = "\n".join(_edit(address, value) for address, value in cells.items())
    _run(profile, "--terminate_after_init")  # fills a new profile, and would write over the macro
    _write_macro(profile, _MODULE.format(source=_text(source.as_uri()), target=_text(target.as_uri()), edits=edits))
    _run(profile, "macro:///Standard.Fill.Main")
    return target.read_bytes()


def converted(html: bytes, ending: str, folder: Path) -> bytes:
    """The page as LibreOffice Writer takes it over and saves it: docx or pdf."""
    source, filters = folder / "page.html", {"docx": "MS Word 2007 XML", "pdf": "writer_pdf_Export"}
    source.write_bytes(html)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    wanted = ("--infilter=HTML (StarWriter)", "--convert-to", f"{ending}:{filters[ending]}", "--outdir", str(folder))
    command = [libreoffice_writer(), profile, "--headless", "--norestore", *wanted, str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
    return source.with_suffix(f".{ending}").read_bytes()


def _edit(address: str, value: str | int) -> str:
    cell = f"    page.getCellRangeByName({_text(address)})"
    return f"{cell}.setString({_text(value)})" if isinstance(value, str) else f"{cell}.setValue({value})"


def _text(text: str) -> str:
    """A text as Basic writes it."""
    return '"' + text.replace('"', '""') + '"'


def _run(profile: Path, what: str) -> None:
    command = [libreoffice(), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", what]
    subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)


def _write_macro(profile: Path, module: str) -> None:
    library = profile / "user" / "basic" / "Standard"
    (library / "script.xlb").write_text(_LIBRARY, "utf-8")
    (library / "Fill.xba").write_text(module, "utf-8")
