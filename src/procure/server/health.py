"""Pages that are not for people: the health of the service, and its static files."""

from typing import Any

from litestar import Request, Response
from litestar import get as framework_get
from sqlalchemy import text
from sqlmodel import Session

from procure.accounts.roles import Permission
from procure.database import Database
from procure.server.answers import Json
from procure.server.assets import ASK_AGAIN, FOREVER
from procure.server.log import failed
from procure.server.routing import get, platform_of
from procure.server.visit import Visit


@get("/health", Permission.PUBLIC, opens_session=False)
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
async def static_file(request: Request[Any, Any, Any]) -> Response[bytes]:
    asset = platform_of(request).assets.get(str(request.path_params["path"]).lstrip("/"))
    if asset is None:
        return Response(b"", status_code=404, media_type="text/plain")
    if request.headers.get("if-none-match") == f'"{asset.version}"':
        return Response(b"", status_code=304, headers={"etag": f'"{asset.version}"'})
    fixed = request.query_params.get("v") == asset.version
    headers = {"etag": f'"{asset.version}"', "cache-control": FOREVER if fixed else ASK_AGAIN}
    return Response(asset.content, media_type=asset.media_type, headers=headers)


routes = [health, static_file]
