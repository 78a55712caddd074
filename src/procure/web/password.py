"""A person changes the own password."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from procure.accounts import passwords
from procure.accounts.actions import TooManyAttempts, begin_attempt, set_password
from procure.accounts.tables import AccountRow
from procure.accounts.tokens import is_usable, tokens_of
from procure.errors import Fault, Invalid
from procure.history.record import record
from procure.server import Answer, Done, Goto, Page, Permission, Visit, get, post
from procure.server.cookies import dropped
from procure.web.tokens import token_subject

_WRONG = "いまのパスワードが正しくありません。入力内容を確かめて、もう一度入力してください。"
_TOO_MANY = "続けて失敗したため、しばらく受け付けられません。5分ほど待ってから、もう一度お試しください。"
_DIFFERENT = "確認のために入力したパスワードが違います。同じものをもう一度入力してください。"


@get("/password", Permission.SIGNED_IN)
def show_password(visit: Visit) -> Answer:
    return _page()


@post("/password", Permission.SIGNED_IN, opens_session=False)
def change_password(visit: Visit) -> Answer:
    """As at a sign-in, a wrong password counts as a failure, and no transaction waits for its slow check."""
    with visit.database.read() as session:
        login = _login(session, visit.person.account_id)
    try:
        with visit.database.write() as session:
            attempt = begin_attempt(session, visit.now, login, visit.address, visit.settings.sign_in)
    except TooManyAttempts:
        return _page([Fault("current", _TOO_MANY)], status=429)
    if not passwords.matches(visit.form.text("current"), attempt.password_hash):
        return _page([Fault("current", _WRONG)], status=422)
    if visit.form.text("password") != visit.form.text("again"):
        return _page([Fault("again", _DIFFERENT)], status=422)
    try:
        with visit.database.write() as session:
            usable = [row for row in tokens_of(session, visit.person.account_id) if is_usable(row, visit.now)]
            set_password(session, visit.now, login, visit.form.text("password"))
            record(session, visit.now, visit.person, "password_set", subject=login)
            for row in usable:
                record(session, visit.now, visit.person, "token_revoked", subject=token_subject(row))
    except Invalid as invalid:
        return _page(invalid.faults, status=422)
    return Goto("/sign-in", Done.password_set, (dropped(visit.settings.is_tls),))


def _login(session: Session, account_id: int) -> str:
    return session.exec(select(AccountRow.login).where(col(AccountRow.id) == account_id)).one()


def _page(faults: Sequence[Fault] = (), status: int = 200) -> Page:
    return Page("password.html", {"faults": faults}, status=status)


routes = [show_password, change_password]
