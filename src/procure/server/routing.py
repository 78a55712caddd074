"""`get` and `post`: a handler in a thread of its own, in one transaction, which is over before the reply is sent.

The framework is handed an `async def`, never a blocking function: it would wrap that again for each method of a path.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any, TypeVar, cast

from litestar import Request, Response
from litestar.exceptions import InternalServerException
from litestar.handlers import HTTPRouteHandler

from procure.accounts.roles import Permission
from procure.accounts.viewer import Viewer
from procure.documents.press import printing_on
from procure.server.call import Call, call_of
from procure.server.conduct import admit, conduct
from procure.server.pages import PAGES
from procure.server.platform import PLATFORM, Platform
from procure.server.programs import is_for_programs
from procure.server.refusals import Malformed, TooSlow
from procure.server.replies import Reply
from procure.server.route import Entrance, Handler, Route

FORM_LIMIT = 64 * 1024  # bytes
SECONDS_TO_SEND = 30

T = TypeVar("T")
AnyRequest = Request[Any, Any, Any]
Decorator = Callable[[Handler], HTTPRouteHandler]


def get(path: str, permission: Permission, *, opens_session: bool = True, is_watched: bool = False) -> Decorator:
    """A page. `/rounds/{ref}` hands the handler `ref` as text. Its session cannot write.

    One that `is_watched` has a thread of its own, and does not wait for other pages.
    """

    def decorate(handler: Handler) -> HTTPRouteHandler:
        route = Route(handler, permission, PAGES, writes=False, opens_session=opens_session, is_watched=is_watched)
        return registered("GET", path, route, FORM_LIMIT)

    return decorate


def post(
    path: str,
    permission: Permission,
    *,
    opens_session: bool = True,
    takes_uploads: bool = False,
    body_limit: int = FORM_LIMIT,
) -> Decorator:
    """A form. `body_limit` is in bytes. Without `opens_session` the handler opens its transactions itself."""

    def decorate(handler: Handler) -> HTTPRouteHandler:
        route = Route(handler, permission, PAGES, writes=True, opens_session=opens_session, takes_uploads=takes_uploads)
        return registered("POST", path, route, body_limit)

    return decorate


def platform_of(request: AnyRequest) -> Platform:
    return cast(Platform, request.scope[PLATFORM])  # type: ignore[literal-required]


def failure_response(request: AnyRequest, error: Exception) -> Response[bytes]:
    """For what the framework itself refuses: an unknown path, a wrong method. Knows the viewer all the same."""
    platform = platform_of(request)
    call = call_of(request, platform.settings.is_tls)
    entrance = cast(Entrance, request.app.state["programs"]) if is_for_programs(call.path) else PAGES
    return ReplyResponse(lambda: _in(platform.threads, lambda: _failed(platform, entrance, call, error)))


class ReplyResponse(Response[bytes]):
    """A reply, made when it is sent, byte for byte: the framework adds nothing to it."""

    def __init__(self, make: Callable[[], Awaitable[Reply]]) -> None:
        super().__init__(b"")
        self._make = make

    def to_asgi_response(self, *_: Any, **__: Any) -> Any:
        async def respond(scope: Any, receive: Any, send: Any) -> None:
            reply = await self._make()
            await send({"type": "http.response.start", "status": reply.status, "headers": _encoded_headers(reply)})
            await send({"type": "http.response.body", "body": reply.content, "more_body": False})

        return respond


def _encoded_headers(reply: Reply) -> list[tuple[bytes, bytes]]:
    own = (("content-type", reply.media_type), ("content-length", str(len(reply.content))))
    headers = reply.headers if reply.status == 304 else (*own, *reply.headers)
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def registered(method: str, path: str, route: Route, body_limit: int) -> HTTPRouteHandler:
    """The framework's handler of a route. `body_limit` is in bytes."""

    async def endpoint(request: AnyRequest) -> Response[bytes]:
        return ReplyResponse(lambda: _reply(platform_of(request), route, request))

    endpoint.__name__ = route.handler.__name__
    endpoint.__doc__ = route.handler.__doc__
    register = HTTPRouteHandler(
        re.sub(r"\{(\w+)\}", r"{\1:str}", path),
        http_method=method,  # type: ignore[arg-type]
        opt={"permission": route.permission},
        request_max_body_size=body_limit,
        status_code=200,  # the reply has its own; the framework gives DELETE one that forbids a body
    )
    return register(endpoint)


async def _reply(platform: Platform, route: Route, request: AnyRequest) -> Reply:
    call = call_of(request, platform.settings.is_tls)
    if route.writes:
        reply, viewer = await _conducted_post(platform, route, call, request)
    else:
        threads = platform.watch if route.is_watched else platform.threads
        reply, viewer = await _in(threads, lambda: _conducted_get(platform, route, call))
    if reply.later is not None:
        reply = await _in(platform.clerks, lambda: _written_out(platform, route, call, viewer, reply))
    return route.entrance.finished(call, reply)


def _conducted_get(platform: Platform, route: Route, call: Call) -> tuple[Reply, Viewer | None]:
    admission = admit(platform, route, call)
    return admission.refusal or conduct(platform, route, call, admission.viewer), admission.viewer


async def _conducted_post(
    platform: Platform, route: Route, call: Call, request: AnyRequest
) -> tuple[Reply, Viewer | None]:
    admission = await _in(platform.threads, lambda: admit(platform, route, call))
    viewer = admission.viewer
    if admission.refusal:
        return admission.refusal, viewer
    try:
        body = await _body(request)
    except Exception as error:
        problem = error
        return await _in(platform.threads, lambda: route.entrance.failure(platform, call, viewer, problem)), viewer
    sent = replace(call, body=body)
    return await _in(platform.threads, lambda: conduct(platform, route, sent, viewer)), viewer


async def _body(request: AnyRequest) -> bytes:
    try:
        async with asyncio.timeout(SECONDS_TO_SEND):
            return await request.body()
    except TimeoutError as late:
        raise TooSlow from late
    except InternalServerException as gone:  # the browser broke off
        raise Malformed from gone


def _written_out(platform: Platform, route: Route, call: Call, viewer: Viewer | None, reply: Reply) -> Reply:
    if reply.later is None:
        return reply
    try:
        with printing_on(platform.press):
            return replace(reply, content=reply.later(), later=None)
    except Exception as error:
        return route.entrance.failure(platform, call, viewer, error)


async def _in(executor: Executor, work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(executor, work)


def _failed(platform: Platform, entrance: Entrance, call: Call, error: Exception) -> Reply:
    try:
        viewer = entrance.recognise(platform, call)
    except Exception as unreachable:
        return entrance.failure(platform, call, None, unreachable)
    return entrance.failure(platform, call, viewer, error)
