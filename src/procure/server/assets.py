"""Static files: read once at start, versioned by their content, served from memory, so no path can leave them."""

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "web" / "static"
FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
_MEDIA_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    content: bytes
    media_type: str
    version: str


class Assets:
    def __init__(self, folder: Path = FOLDER) -> None:
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        self._assets = {path.relative_to(folder).as_posix(): _read(path) for path in files}

    def get(self, path: str) -> Asset | None:
        return self._assets.get(path)

    def url(self, path: str) -> str:
        """The address for templates, which changes with the content. A file that is not there is an error."""
        return f"/static/{path}?v={self._assets[path].version}"


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    media_type = _MEDIA_TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(content, media_type, hashlib.sha256(content).hexdigest()[:10])
