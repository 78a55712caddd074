"""The entrance of programs: a bearer token says for whom one comes. No cookie is looked at, so no site can send one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from procure.accounts.actions import TooManyAttempts
from procure.accounts.scopes import Scope
from procure.accounts.tokens import Bearer, bearer_of, count_wrong_token, note_use, require_patience
from procure.accounts.viewer import Viewer
from procure.api.problems import NotBinary, NotJson, ScopeMissing, TokenRefused, TooManyWrongTokens, problem_reply
from procure.api.versions import tag_of
from procure.server.answers import Answer, Download, Encoded
from procure.server.call import Call
from procure.server.conditional import is_known
from procure.server.fields import Fields
from procure.server.log import failed, noted
from procure.server.platform import Platform
from procure.server.replies import Reply, file_reply, log_failure
from procure.server.route import Route

JSON = "application/json"
BINARY = "application/octet-stream"
NOTED_EVERY = timedelta(minutes=1)
_LONGEST_TOKEN = 256


@dataclass(frozen=True, slots=True)
class Programs:
    """`scope` is what a token needs, None where any token, or none, will do; `takes` is the type of a body."""

    scope: Scope | None = None
    takes: str = JSON

    def recognise(self, platform: Platform, call: Call) -> Viewer | None:
        """Raises TokenRefused, TooManyWrongTokens."""
        token, now = _token_in(call), platform.now()
        if token is None:
            return None
        with platform.database.read() as session:
            bearer = bearer_of(session, now, token)
            if bearer is None:
                _require_patience(platform, session, now, token, call.address)
        if bearer is None:
            _count_wrong_token(platform, now, token, call.address)
            raise TokenRefused
        if bearer.last_used_at is None or now - bearer.last_used_at >= NOTED_EVERY:
            _note_use(platform, now, bearer)
        return bearer.viewer

    def recognise_again(self, platform: Platform, session: Session, call: Call) -> Viewer | None:
        token = _token_in(call)
        bearer = bearer_of(session, platform.now(), token) if token else None
        return bearer.viewer if bearer else None

    def admit(self, platform: Platform, route: Route, call: Call, viewer: Viewer | None) -> None:
        granted = viewer.through.scopes if viewer and viewer.through else frozenset()
        if self.scope is not None and self.scope not in granted:
            raise ScopeMissing(self.scope)

    def form(self, route: Route, call: Call) -> Fields:
        """No form: the operation reads the body. Asking for its type keeps pages of others out."""
        media_type = call.headers.get("content-type", "").partition(";")[0].strip().lower()
        if call.body and media_type != self.takes:
            raise NotJson if self.takes == JSON else NotBinary
        return Fields()

    def admit_form(self, route: Route, viewer: Viewer | None, form: Fields) -> None:
        """A browser sends no token of its own accord: what comes with one was meant."""

    def reply(self, platform: Platform, call: Call, viewer: Viewer | None, query: Fields, answer: Answer) -> Reply:
        match answer:
            case Encoded():
                return Reply(answer.status, answer.content, answer.media_type, answer.headers)
            case Download():
                return file_reply(answer)
            case _:
                raise TypeError(f"the API does not answer with a {type(answer).__name__}")

    def failure(self, platform: Platform, call: Call, viewer: Viewer | None, error: Exception) -> Reply:
        reply, status = problem_reply(error)
        log_failure(call, viewer, error, status)
        return reply

    def finished(self, call: Call, reply: Reply) -> Reply:
        """What was read gets its tag; who knows it already gets only that."""
        if call.method != "GET" or reply.status != 200:
            return reply
        headers = dict(reply.headers)
        tag = headers.setdefault("etag", tag_of(reply.content))
        if is_known(call.headers.get("if-none-match", ""), tag):
            return Reply(304, b"", reply.media_type, (("etag", tag),))
        return Reply(200, reply.content, reply.media_type, tuple(headers.items()))


def _token_in(call: Call) -> str | None:
    """What stands after "Bearer". Another scheme is as good as no token."""
    scheme, _, token = call.headers.get("authorization", "").partition(" ")
    return token.strip()[:_LONGEST_TOKEN] if scheme.lower() == "bearer" else None


def _require_patience(platform: Platform, session: Session, now: datetime, token: str, address: str) -> None:
    try:
        require_patience(session, now, token, address, platform.settings.sign_in)
    except TooManyAttempts as impatience:
        raise TooManyWrongTokens from impatience


def _count_wrong_token(platform: Platform, now: datetime, token: str, address: str) -> None:
    noted("a token was refused", address=address)
    with platform.database.write() as session:
        count_wrong_token(session, now, token, address, platform.settings.sign_in)


def _note_use(platform: Platform, now: datetime, bearer: Bearer) -> None:
    """In a write of its own. Where it fails, the request is answered all the same."""
    try:
        with platform.database.write() as session:
            note_use(session, now, bearer.number)
    except SQLAlchemyError as error:
        failed("the use of a token could not be noted", error)
