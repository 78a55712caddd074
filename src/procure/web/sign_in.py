"""Signing in and out."""

from procure.accounts import passwords
from procure.accounts.actions import Attempt, TooManyAttempts, begin_attempt, open_sign_in
from procure.accounts.actions import sign_out as end_sign_in
from procure.accounts.queries import identify
from procure.errors import Fault
from procure.history.record import record
from procure.server import Answer, Done, Goto, Page, Permission, Visit, get, post
from procure.server.answers import is_own_path
from procure.server.cookies import dropped, kept
from procure.server.log import noted

_WRONG = "ログイン名またはパスワードが正しくありません。入力内容を確かめて、もう一度入力してください。"
_TOO_MANY = "続けて失敗したため、しばらく受け付けられません。5分ほど待ってから、もう一度お試しください。"


@get("/sign-in", Permission.PUBLIC, opens_session=False)
def show_sign_in(visit: Visit) -> Answer:
    return _page(visit, wanted=visit.query.text("next"))


@post("/sign-in", Permission.PUBLIC, opens_session=False)
def sign_in(visit: Visit) -> Answer:
    """Three steps, so that no transaction waits for the slow check of a password."""
    wanted, password = visit.form.text("next"), visit.form.text("password")
    limits = visit.settings.sign_in
    try:
        with visit.database.write() as session:
            attempt = begin_attempt(session, visit.now, visit.form.text("login"), visit.address, limits)
    except TooManyAttempts:
        noted("too many sign-ins failed", address=visit.address)
        return _page(visit, wanted, _TOO_MANY, status=429)
    token = _token(visit, attempt, password) if passwords.matches(password, attempt.password_hash) else None
    if token is None:
        noted("a sign-in failed", address=visit.address, account=attempt.account_id)
        return _page(visit, wanted, _WRONG, status=422)
    return Goto(_own(wanted), headers=(kept(token, visit.settings.is_tls),))


@post("/sign-out", Permission.SIGNED_IN)
def sign_out(visit: Visit) -> Answer:
    if visit.token:
        end_sign_in(visit.session, visit.token)
    record(visit.session, visit.now, visit.person, "signed_out")
    headers = (dropped(visit.settings.is_tls), ("clear-site-data", '"cache", "storage"'))
    return Goto("/sign-in", Done.signed_out, headers)


def _token(visit: Visit, attempt: Attempt, password: str) -> str | None:
    limits = visit.settings.sign_in
    with visit.database.write() as session:
        token = open_sign_in(session, visit.now, attempt, password, limits)
        identity = identify(session, visit.now, token, limits) if token else None
        if identity:
            record(session, visit.now, identity.viewer, "signed_in")
    return token


def _page(visit: Visit, wanted: str, fault: str | None = None, status: int = 200) -> Page:
    faults = [Fault("login", fault)] if fault else []
    values = {"login": visit.form.text("login"), "next": _own(wanted), "faults": faults}
    return Page("sign_in.html", values, status=status)


def _own(path: str) -> str:
    return path if is_own_path(path) else "/"


routes = [show_sign_in, sign_in, sign_out]
