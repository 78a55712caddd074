"""The service put together: settings, database, pages and shield. The only wiring."""

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache

from jinja2 import Environment
from litestar import Litestar
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.logging import LoggingConfig
from litestar.routes import HTTPRoute
from litestar.types import Logger, Scope

from procure import clock
from procure.accounts.roles import Permission
from procure.api import ROUTES as API_ROUTES
from procure.api.entrance import Programs
from procure.database import Database
from procure.documents.press import Press
from procure.jobs.workshop import Workshop
from procure.mail.postman import Postman
from procure.server.assets import Assets
from procure.server.health import routes as server_routes
from procure.server.instance import Instance
from procure.server.log import JsonLines, StandardError, failed
from procure.server.platform import MenuEntry, Platform
from procure.server.routing import failure_response
from procure.server.shield import Shield
from procure.settings import Settings
from procure.templates import environment
from procure.web import MENU, ROUTES


class RouteWithoutPermission(Exception):
    """The service does not start with a page of which nobody said who may see it."""


def create_app(
    settings: Settings,
    database: Database | None = None,
    *,
    now: Callable[[], datetime] = clock.now,
    routes: Sequence[HTTPRouteHandler] = (*ROUTES, *API_ROUTES),
    menu: Sequence[MenuEntry] = MENU,
) -> Shield:
    """The ASGI application; it closes the database when the server stops."""
    platform = _platform(settings, database or Database(settings.database_url), now, menu)
    workers: list[Postman | Workshop] = []
    if settings.mail:
        workers.append(Postman(platform.database, settings, now, failed))
    if settings.pdf.processes:
        workers.append(Workshop(platform.database, settings, now, failed))
    instance = Instance(_addresses(tuple(routes)), platform, workers)
    return Shield(instance, settings.allowed_hosts, settings.is_tls)


@cache
def _addresses(routes: tuple[HTTPRouteHandler, ...]) -> Litestar:
    """Compiled once in a process, however many services the tests make of it."""
    application = Litestar(
        [*server_routes, *routes],
        state=State({"programs": Programs()}),
        exception_handlers={Exception: failure_response},
        openapi_config=None,
        debug=False,
        pdb_on_exception=False,
        logging_config=_logging(),
    )
    _require_permissions(application)
    return application


def _platform(
    settings: Settings, database: Database, now: Callable[[], datetime], menu: Sequence[MenuEntry]
) -> Platform:
    return Platform(
        settings=settings,
        database=database,
        templates=_templates(),
        assets=_assets(),
        menu=tuple(menu),
        now=now,
        threads=ThreadPoolExecutor(database.connections, thread_name_prefix="page"),
        watch=ThreadPoolExecutor(1, thread_name_prefix="watch"),
        clerks=ThreadPoolExecutor(max(settings.pdf.processes, 1), thread_name_prefix="clerk"),
        press=Press(settings.pdf) if settings.pdf.processes else None,
    )


@cache
def _assets() -> Assets:
    return Assets()


@cache
def _templates() -> Environment:
    """Compiled once in a process, however many applications the tests make of it."""
    made = environment()
    made.globals["asset"] = _assets().url
    return made


def page_handlers(application: Litestar) -> list[HTTPRouteHandler]:
    """Every handler that a visitor can reach. The framework adds one for OPTIONS, a method the shield refuses."""
    handlers = [handler for route in application.routes for handler in getattr(route, "route_handlers", ())]
    return [handler for handler in handlers if handler.http_methods != {"OPTIONS"}]


def _require_permissions(application: Litestar) -> None:
    strange = [route.path for route in application.routes if not isinstance(route, HTTPRoute)]
    handlers = page_handlers(application)
    unguarded = [str(handler) for handler in handlers if not isinstance(handler.opt.get("permission"), Permission)]
    if strange or unguarded:
        raise RouteWithoutPermission(", ".join(strange + unguarded))


def _logging() -> LoggingConfig:
    """JSON lines on standard error. What fails in the framework itself is logged too, debug or not."""
    return LoggingConfig(
        log_exceptions="always",
        disable_stack_trace={404, 405},
        exception_logging_handler=_log_failure_in_framework,
        root={"level": "WARNING", "handlers": ["queue_listener"]},
        formatters={"standard": {"()": JsonLines}},
        handlers={"queue_listener": {"()": StandardError, "formatter": "standard"}},
    )


def _log_failure_in_framework(_logger: Logger, scope: Scope, _traceback: list[str]) -> None:
    error = sys.exc_info()[1]
    if error is not None:
        failed("a request failed in the framework", error, path=scope["path"])
