"""The entrance of people: a cookie says who comes, a token in the form that our own page sent it."""

import hmac

from sqlmodel import Session

from procure.accounts.roles import Permission
from procure.accounts.viewer import Viewer
from procure.server import replies
from procure.server.answers import Answer
from procure.server.call import Call
from procure.server.conditional import shared
from procure.server.fields import Fields, form_fields
from procure.server.identity import recognise, recognise_again
from procure.server.platform import Platform
from procure.server.refusals import OtherOrigin, PageTooOld
from procure.server.replies import Reply
from procure.server.route import Route

TOKEN_FIELD = "csrf_token"  # noqa: S105


class Pages:
    def recognise(self, platform: Platform, call: Call) -> Viewer | None:
        return recognise(platform, call)

    def recognise_again(self, platform: Platform, session: Session, call: Call) -> Viewer | None:
        return recognise_again(platform, session, call)

    def admit(self, platform: Platform, route: Route, call: Call, viewer: Viewer | None) -> None:
        if route.writes:
            _require_own_origin(platform, call)

    def form(self, route: Route, call: Call) -> Fields:
        return form_fields(call.headers.get("content-type", ""), call.body, route.takes_uploads)

    def admit_form(self, route: Route, viewer: Viewer | None, form: Fields) -> None:
        """The token of this very sign-in. A public form has none to show: it is held by its origin."""
        if route.permission is Permission.PUBLIC:
            return
        sent = form.text(TOKEN_FIELD)
        if viewer is None or not sent.isascii() or not hmac.compare_digest(sent, viewer.csrf_token):
            raise PageTooOld

    def reply(self, platform: Platform, call: Call, viewer: Viewer | None, query: Fields, answer: Answer) -> Reply:
        return replies.reply_to(platform, call, viewer, query.text("done"), answer)

    def failure(self, platform: Platform, call: Call, viewer: Viewer | None, error: Exception) -> Reply:
        return replies.failure(platform, call, viewer, error)

    def finished(self, call: Call, reply: Reply) -> Reply:
        return shared(call, reply)


PAGES = Pages()


def _require_own_origin(platform: Platform, call: Call) -> None:
    """Old browsers send neither header; their forms are held by the token alone."""
    if call.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise OtherOrigin
    origin = call.headers.get("origin")
    scheme = "https" if platform.settings.is_tls else "http"
    own = (platform.settings.public_origin, f"{scheme}://{call.headers.get('host', '')}".lower())
    if origin is not None and origin.lower() not in own:
        raise OtherOrigin
