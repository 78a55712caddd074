"""Who stands behind a request: looked up for every page, and once more inside the transaction of a form."""

from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from procure.accounts.actions import touch
from procure.accounts.queries import Identity, identify
from procure.accounts.viewer import Viewer
from procure.server.call import Call
from procure.server.log import failed
from procure.server.platform import Platform

NOTED_EVERY = timedelta(minutes=1)


def recognise(platform: Platform, call: Call) -> Viewer | None:
    """In a transaction of its own, and notes that the person is still there."""
    now = platform.now()
    if call.token is None:
        return None
    with platform.database.read() as session:
        identity = _identity(platform, session, now, call)
    if identity is None:
        return None
    if now - identity.last_seen_at >= NOTED_EVERY:
        _note_presence(platform, now, call.token)
    return identity.viewer


def recognise_again(platform: Platform, session: Session, call: Call) -> Viewer | None:
    """Inside the transaction: meanwhile the person may have signed out or been disabled."""
    identity = _identity(platform, session, platform.now(), call)
    return identity.viewer if identity else None


def _identity(platform: Platform, session: Session, now: datetime, call: Call) -> Identity | None:
    return None if call.token is None else identify(session, now, call.token, platform.settings.sign_in)


def _note_presence(platform: Platform, now: datetime, token: str) -> None:
    """In a write of its own. Where it fails, the page is still shown: the sign-in only ends a little sooner."""
    try:
        with platform.database.write() as session:
            touch(session, now, token)
    except SQLAlchemyError as error:
        failed("a presence could not be noted", error)
