"""A request in its worker thread: who it is, whether they may, the transaction, the handler, the reply."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from procure.accounts.actions import touch
from procure.accounts.queries import Identity, identify
from procure.accounts.roles import Permission
from procure.accounts.viewer import Viewer
from procure.errors import NotAllowed
from procure.server.answers import Answer, is_kept
from procure.server.call import Call
from procure.server.fields import Fields, form_fields, query_fields
from procure.server.log import failed
from procure.server.platform import Platform
from procure.server.refusals import OtherOrigin, PageTooOld, SignInNeeded
from procure.server.replies import Reply, failure, reply_to
from procure.server.visit import Visit

NOTED_EVERY = timedelta(minutes=1)
TOKEN_FIELD = "csrf_token"  # noqa: S105

Handler = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """A handler and the conditions under which it is called."""

    handler: Handler
    permission: Permission
    writes: bool
    opens_session: bool
    takes_uploads: bool


@dataclass(frozen=True, slots=True)
class Admission:
    """Who came. `refusal` is the reply where they may not."""

    viewer: Viewer | None
    refusal: Reply | None = None


class _Undone(Exception):
    """Leaves the transaction without committing, and carries the answer out of it."""

    def __init__(self, answer: Answer, viewer: Viewer | None) -> None:
        self.answer = answer
        self.viewer = viewer


def admit(platform: Platform, route: Route, call: Call) -> Admission:
    """Before anything is read of what was sent: the viewer, the permission, and where the form came from."""
    viewer = None
    try:
        viewer = recognise(platform, call)
        _require(route.permission, viewer)
        if route.writes:
            _require_own_origin(platform, call)
    except Exception as error:  # every failure becomes a page, and is logged there
        return Admission(viewer, failure(platform, call, viewer, error))
    return Admission(viewer)


def recognise(platform: Platform, call: Call) -> Viewer | None:
    if call.token is None:
        return None
    now = platform.now()
    with platform.database.read() as session:
        identity = _identity(platform, session, now, call)
    if identity is None:
        return None
    if now - identity.last_seen_at >= NOTED_EVERY:
        _note_presence(platform, now, call.token)
    return identity.viewer


def conduct(platform: Platform, route: Route, call: Call, viewer: Viewer | None) -> Reply:
    """The handler and its transaction; whatever goes wrong, commit included, becomes a page with its status."""
    try:
        query = query_fields(call.query)
        form = form_fields(call.headers.get("content-type", ""), call.body, route.takes_uploads)
        answer, viewer = _answered(platform, route, call, viewer, form, query)
        return reply_to(platform, call, viewer, query.text("done"), answer)
    except Exception as error:  # every failure becomes a page, and is logged there
        return failure(platform, call, viewer, error)


def _answered(
    platform: Platform, route: Route, call: Call, viewer: Viewer | None, form: Fields, query: Fields
) -> tuple[Answer, Viewer | None]:
    def visit(viewer: Viewer | None, session: Session | None) -> Visit:
        return Visit(
            viewer=viewer,
            now=platform.now(),
            form=form,
            query=query,
            path=call.path,
            address=call.address,
            settings=platform.settings,
            database=platform.database,
            token=call.token,
            open_session=session,
        )

    if not route.opens_session:
        if route.writes:
            _require_token(route, viewer, form)
        return route.handler(visit(viewer, None), **call.params), viewer
    if not route.writes:
        with platform.database.read() as session:
            return route.handler(visit(viewer, session), **call.params), viewer
    try:
        with platform.database.write() as session:
            session.connection()  # begins, and on SQLite waits for its turn, before the time is taken
            viewer = _viewer_now(platform, session, call)
            _require(route.permission, viewer)
            _require_token(route, viewer, form)
            answer = route.handler(visit(viewer, session), **call.params)
            if not is_kept(answer):
                raise _Undone(answer, viewer)
    except _Undone as undone:
        return undone.answer, undone.viewer
    return answer, viewer


def _viewer_now(platform: Platform, session: Session, call: Call) -> Viewer | None:
    """Again inside the transaction: meanwhile the person may have signed out or been disabled."""
    identity = _identity(platform, session, platform.now(), call)
    return identity.viewer if identity else None


def _identity(platform: Platform, session: Session, now: datetime, call: Call) -> Identity | None:
    return None if call.token is None else identify(session, now, call.token, platform.settings.sign_in)


def _note_presence(platform: Platform, now: datetime, token: str) -> None:
    """In a write of its own. Where it fails, the page is still shown: the sign-in only ends a little sooner."""
    try:
        with platform.database.write() as session:
            touch(session, now, token)
    except DBAPIError as error:
        failed("a presence could not be noted", error)


def _require(permission: Permission, viewer: Viewer | None) -> None:
    if permission is Permission.PUBLIC:
        return
    if viewer is None:
        raise SignInNeeded
    if not viewer.may(permission):
        raise NotAllowed


def _require_own_origin(platform: Platform, call: Call) -> None:
    """Old browsers send neither header; their forms are held by the token alone."""
    if call.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise OtherOrigin
    origin = call.headers.get("origin")
    scheme = "https" if platform.settings.is_tls else "http"
    own = (platform.settings.public_origin, f"{scheme}://{call.headers.get('host', '')}".lower())
    if origin is not None and origin.lower() not in own:
        raise OtherOrigin


def _require_token(route: Route, viewer: Viewer | None, form: Fields) -> None:
    """The token of this very sign-in. A public form has none to show: it is held by its origin."""
    if route.permission is Permission.PUBLIC:
        return
    sent = form.text(TOKEN_FIELD)
    if viewer is None or not sent.isascii() or not hmac.compare_digest(sent, viewer.csrf_token):
        raise PageTooOld
