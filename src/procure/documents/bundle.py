"""Every document of a round in one folder, or in one archive."""

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from uuid import uuid4
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from procure.documents.entries import Entry, entries
from procure.documents.papers import Papers
from procure.documents.press import Press, printing_on

READABLE = 0o644 << 16


def write_documents(papers: Papers, out: Path, press: Press | None = None) -> list[Path]:
    """Writes every document as it is made now, or none; returns the paths."""
    chosen = tuple(entries(papers))
    names = [entry.file_name(papers) for entry in chosen]
    return write_files(out, zip(names, contents(papers, chosen, press), strict=True))


def write_files(out: Path, files: Iterable[tuple[str, bytes]]) -> list[Path]:
    """Writes all of the files, or none, in a folder that is made where it is missing; returns the paths."""
    names = []
    with _whole(out) as folder:
        for name, content in files:
            _write(folder / name, content)
            names.append(name)
    return [out / name for name in names]


def contents(papers: Papers, chosen: Sequence[Entry], press: Press | None) -> Iterator[bytes]:
    """In their order, made by as many threads as the press has processes."""

    def made(entry: Entry) -> bytes:
        with printing_on(press):
            return entry.content(papers)

    threads = ThreadPoolExecutor(press.processes if press else 1, thread_name_prefix="bundle")
    try:
        yield from threads.map(made, chosen)
    finally:
        threads.shutdown(cancel_futures=True)


def zipped(files: Iterable[tuple[str, bytes]], at: datetime) -> bytes:
    """An archive of the files, all of them dated `at`. The same files give the same bytes."""
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:
        for name, data in files:
            line = ZipInfo(name, at.timetuple()[:6])
            line.compress_type, line.external_attr = ZIP_DEFLATED, READABLE
            archive.writestr(line, data)
    return content.getvalue()


@contextmanager
def _whole(out: Path) -> Iterator[Path]:
    """A folder beside `out`, which takes its place, or whose files go there, once everything is written."""
    out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = out.parent / f".{out.name}.{uuid4().hex}"
    unfinished.mkdir()
    try:
        yield unfinished
        _move(unfinished, out)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _move(folder: Path, out: Path) -> None:
    if not out.exists():
        folder.rename(out)
        return
    for path in sorted(folder.iterdir()):
        path.replace(out / path.name)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
