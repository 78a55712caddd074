"""The programs the tests drive: Chromium, the PostgreSQL server, poppler, LibreOffice.

The set-up asks this file too (`python3 programs.py chromium` exits 1 where it is missing), before anything is
installed: standard library only.
"""

import os
import shutil
import sys
from pathlib import Path

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
POSTGRESQL = ("initdb", "postgres")
POPPLER = ("pdftotext", "pdffonts", "pdftoppm")


class Missing(Exception):
    """A program the tests need is not on this machine."""


def chromium() -> Path:
    """The browser named by PROCURE_TEST_CHROMIUM, else the system's, else the one that playwright keeps."""
    chosen = os.environ.get("PROCURE_TEST_CHROMIUM")
    if chosen:
        return _real_browser(Path(chosen))
    installed = [Path(found) for name in CHROMIUM if (found := shutil.which(name))]
    for browser in (*installed, *_browsers_of_playwright()):
        if not is_snap_wrapper(browser):
            return browser
    raise Missing("No Chromium found. Run `make setup-test`, or name one in PROCURE_TEST_CHROMIUM.")


def is_snap_wrapper(path: Path) -> bool:
    """Ubuntu's package is a script that starts a snap, which playwright cannot drive."""
    with path.resolve().open("rb") as program:
        start = program.read(4096)
    return (start.startswith(b"#!") and b"/snap/" in start) or "snap" in path.resolve().parts


def postgresql() -> Path:
    """The folder that holds initdb and postgres: the newest of the distribution, else the one on the PATH."""
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    on_path = [Path(path).resolve().parent for path in (shutil.which("postgres"),) if path]
    for folder in (*reversed(packaged), *on_path):
        if all((folder / program).exists() for program in POSTGRESQL):
            return folder
    raise Missing("No PostgreSQL server found (initdb, postgres). Run `make setup-test`.")


def poppler() -> Path:
    """The folder that holds pdftotext, pdffonts and pdftoppm."""
    found = [shutil.which(program) for program in POPPLER]
    if not all(found):
        raise Missing("No poppler found (pdftotext, pdffonts, pdftoppm). Run `make setup-test`.")
    return Path(str(found[0])).parent


def libreoffice() -> Path:
    """LibreOffice, with its spreadsheet part."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None or not (Path(found).resolve().parent / "libsclo.so").exists():
        raise Missing("No LibreOffice Calc found (soffice). Run `make setup-test`.")
    return Path(found)


def libreoffice_writer() -> Path:
    """LibreOffice, with its part for texts."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None or not (Path(found).resolve().parent / "libswlo.so").exists():
        raise Missing("No LibreOffice Writer found (soffice). Run `make setup-test`.")
    return Path(found)


def _real_browser(path: Path) -> Path:
    if not path.is_file() or not os.access(path, os.X_OK):
        raise Missing(f"PROCURE_TEST_CHROMIUM names {path}, which is not a program.")
    return path


def _browsers_of_playwright() -> list[Path]:
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright")
    return sorted(folder.glob("chromium-*/chrome-linux*/chrome"), reverse=True)


PROGRAMS = {
    "chromium": chromium,
    "postgresql": postgresql,
    "poppler": poppler,
    "libreoffice": libreoffice,
    "libreoffice-writer": libreoffice_writer,
}

if __name__ == "__main__":
    try:
        print(PROGRAMS[sys.argv[1]]())
    except Missing as missing:
        sys.exit(str(missing))
