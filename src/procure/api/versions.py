"""ETags: a version, so that nobody overwrites what he has not seen, and a mark of the content for who has it."""

import hashlib
import re

from procure.api.problems import VersionNeeded, VersionStale
from procure.server.visit import Visit

_TAG = re.compile(r'"([^"]*)"|W/"[^"]*"')


def tag_of(content: bytes, version: str | None = None) -> str:
    """`"7.4f9d…"` for version 7, and `"4f9d…"` for what has no version."""
    mark = hashlib.sha256(content).hexdigest()[:16]
    return f'"{mark}"' if version is None else f'"{version}.{mark}"'


def require_named(visit: Visit) -> None:
    """Raises VersionNeeded where a change does not say which version it was made from; "*" does not say it."""
    if not _versions(visit):
        raise VersionNeeded


def require_match(visit: Visit, version: str | int) -> None:
    """Raises VersionStale where the version is another by now. Whoever calls this holds the row's lock."""
    if str(version) not in _versions(visit):
        raise VersionStale


def _versions(visit: Visit) -> list[str]:
    """The versions in If-Match: of any representation, whatever else stood in it. Weak tags match nothing."""
    sent = visit.headers.get("if-match", "")
    return [found[1].partition(".")[0] for found in _TAG.finditer(sent) if found[1] is not None]
