"""Pages that are not for people: the health of the service, and its static files."""

from litestar import Response
from litestar import get as framework_get
from sqlalchemy import text
from sqlmodel import Session

from procure.accounts.roles import Permission
from procure.database import Database
from procure.server.answers import Json
from procure.server.assets import ASK_AGAIN, FOREVER, Asset
from procure.server.log import failed
from procure.server.replies import Reply
from procure.server.routing import AnyRequest, ReplyResponse, get, platform_of
from procure.server.visit import Visit


@get("/health", Permission.PUBLIC, opens_session=False, is_watched=True)
def health(visit: Visit) -> Json:
    """503 where the database cannot be reached, so that whoever watches need not read the body."""
    try:
        with visit.database.read() as session:
            return Json({"status": "ok", "database": "reached", **_durability(session, visit.database)})
    except Exception as error:
        failed("the database is not reached", error)
        return Json({"status": "failing", "database": "unreached"}, status=503)


def _durability(session: Session, database: Database) -> dict[str, str]:
    """On SQLite both settings decide whether an acknowledged write survives a power cut."""
    if not database.is_sqlite:
        return {"kind": "postgresql", "version": str(session.connection().scalar(text("SHOW server_version")))}
    journal = session.connection().scalar(text("PRAGMA journal_mode"))
    synchronous = session.connection().scalar(text("PRAGMA synchronous"))
    level = {0: "off", 1: "normal", 2: "full", 3: "extra"}[int(synchronous or 0)]
    return {"kind": "sqlite", "journal_mode": str(journal), "synchronous": level}


@framework_get("/static/{path:path}", opt={"permission": Permission.PUBLIC})
async def static_file(request: AnyRequest) -> Response[bytes]:
    async def reply() -> Reply:
        asset = platform_of(request).assets.get(str(request.path_params["path"]).lstrip("/"))
        return _static_reply(asset, request.query_params.get("v"), request.headers.get("if-none-match"))

    return ReplyResponse(reply)


def _static_reply(asset: Asset | None, version: str | None, known: str | None) -> Reply:
    if asset is None:
        return Reply(404, b"", "text/plain; charset=utf-8")
    tag = f'"{asset.version}"'
    if known == tag:
        return Reply(304, b"", asset.media_type, (("etag", tag),))
    caching = FOREVER if version == asset.version else ASK_AGAIN
    return Reply(200, asset.content, asset.media_type, (("etag", tag), ("cache-control", caching)))


routes = [health, static_file]
