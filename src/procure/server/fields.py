"""What a browser sent: the fields of a form or a query as raw text, and uploaded files. Bad bytes are a 400.

Parsed here and not by the framework, which keeps the last thousand bodies, passwords and bids among them, in memory.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import parse_qsl

from multipart import MultipartError, MultipartParser, parse_options_header  # type: ignore[import-untyped]

from procure.server.refusals import Malformed, UnsupportedForm

MOST_FIELDS = 10_000
URL_ENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
# NUL and its like have no place in a form, and PostgreSQL refuses NUL.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file somebody chose. The name is theirs: show it, never use it as a path."""

    filename: str
    content: bytes


class Fields:
    """Fields by name, in the order they were sent; a name may come more than once."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = (), uploads: Iterable[tuple[str, Upload]] = ()) -> None:
        self._texts: dict[str, list[str]] = {}
        for name, text in pairs:
            self._texts.setdefault(name, []).append(text)
        self._uploads: dict[str, list[Upload]] = {}
        for name, upload in uploads:
            if upload.filename:
                self._uploads.setdefault(name, []).append(upload)

    def text(self, name: str) -> str:
        """The text as it was typed; the last one of several, and "" where there is none."""
        return self._texts.get(name, [""])[-1]

    def texts(self, name: str) -> list[str]:
        return list(self._texts.get(name, ()))

    def names(self) -> list[str]:
        return list(self._texts)

    def upload(self, name: str) -> Upload | None:
        """The last of several, and None where no file was chosen."""
        return self._uploads[name][-1] if name in self._uploads else None

    def uploads(self, name: str) -> list[Upload]:
        """Every file chosen in a field that takes many, in the order they were sent."""
        return list(self._uploads.get(name, ()))

    def upload_names(self) -> list[str]:
        """The fields in which a file was chosen."""
        return list(self._uploads)

    def __contains__(self, name: str) -> bool:
        return name in self._texts


def query_fields(query_string: bytes) -> Fields:
    """Raises Malformed."""
    return Fields(_pairs(query_string))


def form_fields(content_type: str, body: bytes, takes_uploads: bool) -> Fields:
    """Raises Malformed, UnsupportedForm."""
    if not body:
        return Fields()
    try:
        media_type, options = parse_options_header(content_type)
    except ValueError as fault:
        raise Malformed from fault
    if media_type == URL_ENCODED:
        return Fields(_pairs(body))
    if media_type == MULTIPART and takes_uploads:
        return _multipart_fields(options.get("boundary", ""), body)
    raise UnsupportedForm


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    try:
        pairs = parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError as fault:  # UnicodeDecodeError is one
        raise Malformed from fault
    for name, text in pairs:
        _refuse_control_characters(name, text)
    return pairs


def _multipart_fields(boundary: str, body: bytes) -> Fields:
    """Text is UTF-8 whatever a part says of itself, and everything stays in memory: the route limits the body."""
    room = len(body) + 1
    try:
        parser = MultipartParser(BytesIO(body), boundary, spool_limit=room, memory_limit=room)
        parts = [(part.name, part.filename, part.raw) for part in parser.parts()]
        texts = [(name, raw.decode()) for name, filename, raw in parts if filename is None]
    except (MultipartError, ValueError, LookupError) as fault:
        raise Malformed from fault
    for name, text in texts:
        _refuse_control_characters(name, text)
    return Fields(texts, [(name, Upload(filename, raw)) for name, filename, raw in parts if filename is not None])


def _refuse_control_characters(*texts: str) -> None:
    if any(_CONTROL.search(text) for text in texts):
        raise Malformed
