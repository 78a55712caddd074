"""People for tests, and the service as they meet it.

`with service(url) as town: town.browser(SECRETARIAT).get("/")`
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from httpx import Response
from litestar.handlers import HTTPRouteHandler
from litestar.testing import TestClient
from sqlmodel import Session, select

from procure.accounts.passwords import hashed
from procure.accounts.queries import token_hash
from procure.accounts.roles import Role
from procure.accounts.tables import AccountRow, SignInRow
from procure.app import create_app
from procure.clock import JAPAN
from procure.database import Database
from procure.parties.tables import BodyRow
from procure.server.cookies import cookie_name
from procure.server.instance import Instance
from procure.server.shield import Shield
from procure.settings import PdfLimits, Settings
from procure.web import ROUTES

IN_THIS_PROCESS = PdfLimits(processes=0)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=JAPAN)
SEALING_KEY = b"a key that only these tests know"
PASSWORD = "牛乳 と 自転車 と 北極星"


@dataclass(frozen=True, slots=True)
class Person:
    login: str
    name: str
    role: Role
    body_code: str | None = None


SECRETARIAT = Person("jimukyoku01", "事務局　花子", Role.SECRETARIAT)
SECOND = Person("jimukyoku02", "事務局　月子", Role.SECRETARIAT)  # checks, approves and confirms what the first did
NARA = Person("nara", "奈良　太郎", Role.MUNICIPALITY, "292010")
KATSURAGI = Person("katsuragi", "葛城　一郎", Role.MUNICIPALITY, "292117")
AUDITOR = Person("kansa", "監査　次郎", Role.AUDITOR)
PEOPLE = (SECRETARIAT, SECOND, NARA, KATSURAGI, AUDITOR)
STRANGER = None
BODIES = {"292010": "奈良市", "292117": "葛城市"}


class Browser:
    """A person's browser: keeps the cookie, follows nothing, and puts the token of the sign-in into every form."""

    def __init__(self, service: "Service") -> None:
        self._service = service
        self.client = TestClient(service.app, base_url=service.settings.public_url)
        self.client.follow_redirects = False

    @property
    def token(self) -> str | None:
        return self.client.cookies.get(cookie_name(self._service.settings.is_tls))

    @property
    def csrf_token(self) -> str:
        """ "" where the sign-in has ended."""
        with self._service.database.read() as session:
            sign_in = session.get(SignInRow, token_hash(self.token or ""))
            return sign_in.csrf_token if sign_in else ""

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Response:
        return self.client.get(path, headers=dict(headers or {}))

    def post(
        self,
        path: str,
        fields: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        files: Mapping[str, Any] | Sequence[tuple[str, Any]] | None = None,
    ) -> Response:
        """The token goes along unless the fields say otherwise (`{"csrf_token": …}`)."""
        form = {"csrf_token": self.csrf_token, **(fields or {})}
        return self.client.post(path, data=form, headers=dict(headers or {}), files=files)

    def sign_in(self, person: Person, password: str = PASSWORD, wanted: str = "/") -> Response:
        return self.client.post("/sign-in", data={"login": person.login, "password": password, "next": wanted})

    def sign_out(self) -> Response:
        return self.post("/sign-out")


@dataclass
class Service:
    """The whole application, shield included, on a database of its own. Its clock stands still until it is moved."""

    settings: Settings
    database: Database
    routes: Sequence[HTTPRouteHandler]
    now: datetime = NOW
    app: Shield = field(init=False)

    def __post_init__(self) -> None:
        self.app = create_app(self.settings, self.database, now=lambda: self.now, routes=self.routes)

    @property
    def instance(self) -> Instance:
        assert isinstance(self.app.application, Instance)
        return self.app.application

    def wait(self, time: timedelta) -> None:
        self.now += time

    def browser(self, person: Person | None) -> Browser:
        """The browser of somebody signed in, or of a stranger."""
        browser = Browser(self)
        if person is not None:
            assert browser.sign_in(person).status_code == 303
        return browser


@contextmanager
def service(
    url: str,
    *,
    routes: Sequence[HTTPRouteHandler] = ROUTES,
    settings: Settings | None = None,
    now: datetime = NOW,
    pdf: PdfLimits = IN_THIS_PROCESS,
) -> Iterator[Service]:
    """On a migrated database, with an account for each of PEOPLE; `routes` may be a test's own.

    PDFs are made in this process, and no long work is done, unless `pdf` says otherwise.
    """
    database = Database(url)
    with database.write() as session:
        settle_in(session, PEOPLE)
    wanted = settings or Settings(sealing_key=SEALING_KEY)
    made = Service(replace(wanted, database_url=url, pdf=pdf), database, routes, now)
    with TestClient(made.app, base_url=made.settings.public_url):  # starts the application, and stops it
        yield made


def settle_in(session: Session, people: Sequence[Person]) -> None:
    """Accounts for people, and their bodies where the database does not know them yet."""
    for person in people:
        if person.body_code and session.get(BodyRow, person.body_code) is None:
            session.add(body(person.body_code, BODIES[person.body_code]))
            session.flush()
        if session.exec(select(AccountRow).where(AccountRow.login == person.login)).one_or_none() is None:
            session.add(account(person))
    session.flush()


def account(person: Person) -> AccountRow:
    return AccountRow(
        login=person.login,
        name=person.name,
        role=person.role,
        body_code=person.body_code,
        password_hash=_password_hash(),
        created_at=NOW,
    )


def body(code: str, name: str) -> BodyRow:
    return BodyRow(code=code, name=name, display_name=name, kana="", kind="市", prefecture="奈良県", is_member=True)


def text_of(page: Response) -> str:
    """The words of a page, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


@cache
def _password_hash() -> str:
    return hashed(PASSWORD)
