"""Tables as CSV in the encoding that was asked for: UTF-8, or CP932 for programs that read nothing else."""

from procure.documents.opendata.csv_text import Encoding, recoded
from procure.server import Download, Visit

CSV = {Encoding.UTF_8: "text/csv; charset=utf-8", Encoding.CP932: "text/csv; charset=Shift_JIS"}


def asked_encoding(visit: Visit) -> Encoding:
    """UTF-8, unless CP932 is asked for by one of its names."""
    wanted = visit.query.text("encoding").lower().replace("_", "-")
    return Encoding.CP932 if wanted in ("cp932", "shift-jis", "sjis", "windows-31j") else Encoding.UTF_8


def in_encoding(visit: Visit, file: Download) -> Download:
    """A table; any other file as it is."""
    encoding, content = asked_encoding(visit), file.content
    if file.media_type != CSV[Encoding.UTF_8]:
        return file
    made = (lambda: recoded(content(), encoding)) if callable(content) else recoded(content, encoding)
    return Download(made, file.filename, CSV[encoding], file.is_for_everybody)
