"""A request in its worker thread: whether the viewer may, the transaction, the handler, the reply."""

from dataclasses import dataclass

from sqlmodel import Session

from procure.accounts.roles import Permission
from procure.accounts.viewer import Viewer
from procure.errors import NotAllowed
from procure.server.answers import Answer, is_kept
from procure.server.call import Call
from procure.server.fields import Fields, query_fields
from procure.server.platform import Platform
from procure.server.refusals import SignInNeeded
from procure.server.replies import Reply
from procure.server.route import Route
from procure.server.visit import Visit

Outcome = tuple[Answer, Viewer | None]


@dataclass(frozen=True, slots=True)
class Admission:
    """Who came. `refusal` is the reply where they may not."""

    viewer: Viewer | None
    refusal: Reply | None = None


class _Undone(Exception):
    """Leaves the transaction without committing, and carries the answer out of it."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


def admit(platform: Platform, route: Route, call: Call) -> Admission:
    """Before anything is read of what was sent: the viewer, the permission, and where the form came from."""
    viewer = None
    try:
        viewer = route.entrance.recognise(platform, call)
        _require_permission(route, viewer)
        route.entrance.admit(platform, route, call, viewer)
    except Exception as error:  # every failure becomes a reply, and is logged there
        return Admission(viewer, route.entrance.failure(platform, call, viewer, error))
    return Admission(viewer)


def conduct(platform: Platform, route: Route, call: Call, viewer: Viewer | None) -> Reply:
    """The handler and its transaction; whatever goes wrong, commit included, becomes a reply with its status."""
    try:
        query = query_fields(call.query)
        form = route.entrance.form(route, call)
        answer, viewer = _Errand(platform, route, call, form, query).run(viewer)
        return route.entrance.reply(platform, call, viewer, query, answer)
    except Exception as error:  # every failure becomes a reply, and is logged there
        return route.entrance.failure(platform, call, viewer, error)


@dataclass(frozen=True, slots=True)
class _Errand:
    """A request that was admitted, with what was sent."""

    platform: Platform
    route: Route
    call: Call
    form: Fields
    query: Fields

    def run(self, viewer: Viewer | None) -> Outcome:
        if not self.route.opens_session:
            return self._run_without_session(viewer)
        return self._run_writing() if self.route.writes else self._run_reading(viewer)

    def _run_without_session(self, viewer: Viewer | None) -> Outcome:
        if self.route.writes:
            self.route.entrance.admit_form(self.route, viewer, self.form)
        return self._handled(viewer, None), viewer

    def _run_reading(self, viewer: Viewer | None) -> Outcome:
        with self.platform.database.read() as session:
            return self._handled(viewer, session), viewer

    def _run_writing(self) -> Outcome:
        try:
            with self.platform.database.write() as session:
                outcome = self._written(session)
                if not is_kept(outcome[0]):
                    raise _Undone(outcome)
        except _Undone as undone:
            return undone.outcome
        return outcome

    def _written(self, session: Session) -> Outcome:
        session.connection()  # begins, and on SQLite waits for its turn, before the time is taken
        entrance = self.route.entrance
        viewer = entrance.recognise_again(self.platform, session, self.call)
        _require_permission(self.route, viewer)
        entrance.admit_form(self.route, viewer, self.form)
        return self._handled(viewer, session), viewer

    def _handled(self, viewer: Viewer | None, session: Session | None) -> Answer:
        visit = Visit(
            viewer=viewer,
            now=self.platform.now(),
            clock=self.platform.now,
            form=self.form,
            query=self.query,
            path=self.call.path,
            address=self.call.address,
            settings=self.platform.settings,
            database=self.platform.database,
            token=self.call.token,
            headers=self.call.headers,
            body=self.call.body,
            open_session=session,
        )
        return self.route.handler(visit, **self.call.params)


def _require_permission(route: Route, viewer: Viewer | None) -> None:
    if route.permission is Permission.PUBLIC:
        return
    if viewer is None:
        raise SignInNeeded
    if not viewer.may(route.permission):
        raise NotAllowed
