"""What a PDF says and which fonts it carries, read by poppler: a reader that had no part in writing it."""

import subprocess

from tests.harness.programs import poppler


def text(document: bytes) -> str:
    """The words as they lie on the page, columns side by side."""
    return _run("pdftotext", "-layout", "-enc", "UTF-8", "-", "-", document=document)


def fonts(document: bytes) -> dict[str, bool]:
    """Each font's name, without the prefix of its subset, and whether it is embedded."""
    rows = _run("pdffonts", "-", document=document).splitlines()[2:]
    # The columns after the name: type (may hold spaces), encoding, emb, sub, uni, object, generation.
    return {row.split()[0].rpartition("+")[2]: row.split()[-5] == "yes" for row in rows}


def _run(program: str, *arguments: str, document: bytes) -> str:
    command = [str(poppler() / program), *arguments]
    return subprocess.run(command, input=document, capture_output=True, check=True).stdout.decode()
