"""A route: a handler, the conditions under which it is called, and the entrance by which its requests come."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sqlmodel import Session

from procure.accounts.roles import Permission
from procure.accounts.viewer import Viewer
from procure.server.answers import Answer
from procure.server.call import Call
from procure.server.fields import Fields
from procure.server.platform import Platform
from procure.server.replies import Reply

Handler = Callable[..., Answer]


class Entrance(Protocol):
    """How somebody comes in and how they are answered: people through pages, programs through the API."""

    def recognise(self, platform: Platform, call: Call) -> Viewer | None:
        """Who comes, in a transaction of its own."""

    def recognise_again(self, platform: Platform, session: Session, call: Call) -> Viewer | None:
        """Inside the transaction: meanwhile the person may have signed out or been disabled."""

    def admit(self, platform: Platform, route: "Route", call: Call, viewer: Viewer | None) -> None:
        """Raises a refusal where the request may not come in, before its body is read."""

    def form(self, route: "Route", call: Call) -> Fields:
        """The fields that were sent. Raises a refusal."""

    def admit_form(self, route: "Route", viewer: Viewer | None, form: Fields) -> None:
        """Raises a refusal where the form is not the viewer's own."""

    def reply(self, platform: Platform, call: Call, viewer: Viewer | None, query: Fields, answer: Answer) -> Reply: ...

    def failure(self, platform: Platform, call: Call, viewer: Viewer | None, error: Exception) -> Reply: ...

    def finished(self, call: Call, reply: Reply) -> Reply:
        """The reply once its content is made."""


@dataclass(frozen=True, slots=True)
class Route:
    handler: Handler
    permission: Permission
    entrance: Entrance
    writes: bool
    opens_session: bool = True
    takes_uploads: bool = False
    is_watched: bool = False
