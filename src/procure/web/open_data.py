"""Published rounds as files for other programs: read by anybody, from any site, and asked for again only if changed."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from procure.documents.opendata import gif, ocds, portal
from procure.documents.opendata.csv_text import Encoding, lost_in_cp932
from procure.documents.opendata.publisher import Publisher
from procure.errors import NotFound
from procure.reports.published_rounds import PublishedRound, published_row, published_value
from procure.rounds.queries import rounds_in
from procure.rounds.stages import Stage
from procure.server import Answer, Page, Permission, Visit, get
from procure.server.answers import Encoded
from procure.server.conditional import is_known
from procure.settings import Settings
from procure.web.encodings import CSV, asked_encoding

JSON = "application/json"
SHARED = (
    ("cache-control", "public, max-age=300"),
    ("access-control-allow-origin", "*"),
    ("access-control-expose-headers", "ETag"),
)

Values = Sequence[PublishedRound]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a file is made of. `path` is its own."""

    values: Values
    publisher: Publisher
    path: str
    encoding: Encoding


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file. There is none of no round where `of_some`: the standard asks for at least one."""

    write: Callable[[Asked], bytes]
    media_type: Callable[[Encoding], str]
    of_some: bool = False


def _json(_: Encoding) -> str:
    return JSON


FORMATS = {
    "release.json": Format(lambda asked: ocds.release_package(asked.values, asked.publisher, asked.path), _json, True),
    "record.json": Format(lambda asked: ocds.record_package(asked.values, asked.publisher, asked.path), _json, True),
    "notices.json": Format(lambda asked: gif.notices(asked.values, asked.publisher), _json),
    "awards.csv": Format(lambda asked: portal.awards_csv(asked.values, asked.encoding), CSV.__getitem__),
}


@get("/published/{ref}/{name}", Permission.PUBLIC)
def download_round(visit: Visit, ref: str, name: str) -> Answer:
    """Raises NotFound for a round that is not published, as for one that does not exist."""
    if name not in FORMATS:
        raise NotFound
    value = published_value(visit.session, published_row(visit.session, ref))
    return _file(visit, FORMATS[name], [value])


def _collected(visit: Visit, name: str) -> Answer:
    rows = rounds_in(visit.session, Stage.PUBLISHED)
    return _file(visit, FORMATS[name], [published_value(visit.session, row) for row in rows])


@get("/published/releases.json", Permission.PUBLIC)
def download_releases(visit: Visit) -> Answer:
    return _collected(visit, "release.json")


@get("/published/records.json", Permission.PUBLIC)
def download_records(visit: Visit) -> Answer:
    return _collected(visit, "record.json")


@get("/published/notices.json", Permission.PUBLIC)
def download_notices(visit: Visit) -> Answer:
    return _collected(visit, "notices.json")


@get("/published/awards.csv", Permission.PUBLIC)
def download_awards(visit: Visit) -> Answer:
    return _collected(visit, "awards.csv")


@get("/open-data", Permission.PUBLIC)
def show_open_data(visit: Visit) -> Answer:
    rows = rounds_in(visit.session, Stage.PUBLISHED)
    values = [published_value(visit.session, row) for row in rows]
    shown = {
        "publisher": publisher_of(visit.settings),
        "any": bool(values),
        "columns": portal.COLUMNS,
        "lost": lost_in_cp932(portal.texts(values)),
    }
    return Page("open_data.html", shown)


def publisher_of(settings: Settings) -> Publisher:
    data = settings.open_data
    return Publisher(settings.letterhead.council, settings.public_url, data.ocid_prefix, data.licence)


def _file(visit: Visit, made: Format, values: Values) -> Answer:
    encoding = asked_encoding(visit)
    if made.of_some and not values:
        raise NotFound
    content = made.write(Asked(values, publisher_of(visit.settings), visit.path, encoding))
    return shared(content, made.media_type(encoding), visit.headers.get("if-none-match", ""))


def shared(content: bytes, media_type: str, known: str) -> Encoded:
    """A file for everybody. `known` is If-None-Match: who has this very content gets none."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = (("etag", tag), *SHARED)
    if is_known(known, tag):
        return Encoded(b"", media_type, 304, headers)
    return Encoded(content, media_type, 200, headers)


routes = [
    show_open_data,
    download_releases,
    download_records,
    download_notices,
    download_awards,
    download_round,
]
