"""Pages of a test's own, on the real platform: each does one thing that a page may do, or must not."""

import threading
from collections.abc import Callable
from typing import NoReturn

from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from procure.accounts.tables import AccountRow
from procure.errors import Conflict, Fault, Invalid, NotFound
from procure.history.queries import latest_events
from procure.history.record import record
from procure.server import Answer, Done, Download, Goto, Page, Permission, Text, Visit, get, post
from procure.web import sign_in
from tests.people import NOW, Service

AMOUNT = "987654321"  # typed into forms; must not turn up in a log


def note(visit: Visit, subject: str = "") -> None:
    """A change of the database that a test can look for afterwards."""
    record(visit.session, visit.now, visit.viewer or "stranger", "round_changed", subject=subject)
    visit.session.flush()


def notes(service: Service) -> list[str]:
    with service.database.read() as session:
        return [event.subject for event in latest_events(session) if event.action == "round_changed"]


@get("/", Permission.SIGNED_IN)
def home(visit: Visit) -> Answer:
    return Text(visit.person.name)


@get("/rounds/{ref}", Permission.READ_ROUNDS)
def show(visit: Visit, ref: str) -> Answer:
    return Page("error.html", {"case": {"title": ref, "message": visit.path, "faults": ()}, "back": "/"})


@post("/rounds/{ref}", Permission.MANAGE_ROUNDS)
def change(visit: Visit, ref: str) -> Answer:
    note(visit, visit.form.text("subject"))
    return Goto(f"/rounds/{ref}", Done.saved)


@post("/demand", Permission.REGISTER_DEMAND)
def demand(visit: Visit) -> Answer:
    note(visit, visit.body_code)
    return Goto("/")


@post("/refused", Permission.SIGNED_IN)
def refused(visit: Visit) -> Answer:
    note(visit)
    return Page("sign_in.html", {"login": visit.form.text("login"), "next": "/", "faults": []}, status=422)


@post("/refused-but-kept", Permission.SIGNED_IN)
def refused_but_kept(visit: Visit) -> Answer:
    note(visit)
    return Page("sign_in.html", {"login": "", "next": "/", "faults": []}, status=422, keep=True)


@get("/writes-on-get", Permission.PUBLIC)
def writes_on_get(visit: Visit) -> Answer:
    note(visit)
    return Text("written")


@get("/broken-template", Permission.PUBLIC)
def broken_template(visit: Visit) -> Answer:
    return Page("sign_in.html", {"login": ""})


@get("/slow-file", Permission.PUBLIC)
def slow_file(visit: Visit) -> Answer:
    def make() -> bytes:
        return threading.current_thread().name.encode()

    return Download(make, "令和8年度 結果/一覧.pdf", "application/pdf")


@get("/file", Permission.PUBLIC)
def file(visit: Visit) -> Answer:
    return Download(b"\xef\xbb\xbfa,b\r\n", 'a"b\r\nx: y.csv', "text/csv; charset=utf-8")


@get("/broken-file", Permission.PUBLIC)
def broken_file(visit: Visit) -> Answer:
    def make() -> bytes:
        raise ZeroDivisionError

    return Download(make, "a.pdf", "application/pdf")


@post("/upload", Permission.SIGNED_IN, takes_uploads=True, body_limit=200_000)
def upload(visit: Visit) -> Answer:
    chosen = visit.form.upload("sheet")
    return Text(f"{visit.form.text('note')}:{chosen.filename}:{len(chosen.content)}" if chosen else "nothing")


@post("/commit-fails", Permission.SIGNED_IN)
def commit_fails(visit: Visit) -> Answer:
    """The row breaks a foreign key that is checked when the transaction ends."""
    note(visit)
    visit.session.connection().execute(text("PRAGMA defer_foreign_keys=ON"))
    visit.session.connection().execute(text("UPDATE account SET body_code = '999999' WHERE role = 'municipality'"))
    return Goto("/", Done.saved)


@post("/duplicate", Permission.SIGNED_IN)
def duplicate(visit: Visit) -> Answer:
    for _ in range(2):
        visit.session.add(
            AccountRow(login="twin", name="双子", role="auditor", password_hash=AMOUNT, created_at=NOW)  # type: ignore[arg-type]
        )
    return Goto("/")


@get("/time", Permission.PUBLIC)
def time(visit: Visit) -> Answer:
    return Text(visit.now.isoformat())


@get("/query", Permission.PUBLIC)
def query(visit: Visit) -> Answer:
    return Text("|".join(visit.query.texts("q")))


@get("/nap", Permission.SIGNED_IN)
def nap(visit: Visit) -> Answer:
    visit.session.connection().execute(text("SELECT 1"))
    threading.Event().wait(0.02)
    return Text("rested")


def raising(path: str, make: Callable[[], Exception]) -> list[object]:
    """A page and a form that change something, and then fail."""

    def fail(visit: Visit) -> NoReturn:
        if visit.form.names():
            note(visit)
        raise make()

    return [get(path, Permission.PUBLIC)(fail), post(path, Permission.PUBLIC)(fail)]


FAILURES: dict[str, tuple[int, Callable[[], Exception]]] = {
    "/not-found": (404, NotFound),
    "/conflict": (409, lambda: Conflict("先に締め切られました。")),
    "/invalid": (
        422,
        lambda: Invalid(Fault("title", "件名を入力してください。"), Fault("ref", "番号が重なっています。")),
    ),
    "/stale": (409, lambda: StaleDataError(AMOUNT)),
    "/locked": (503, lambda: OperationalError(AMOUNT, {"amount": AMOUNT}, Exception("database is locked"))),
    "/bug": (500, lambda: ValueError(AMOUNT)),
}
ROUTES = [
    *sign_in.routes,
    *(home, show, change, demand, refused, refused_but_kept, writes_on_get, broken_template),
    *(slow_file, file, broken_file, upload, commit_fails, duplicate, time, query, nap),
    *(route for path, (_, make) in FAILURES.items() for route in raising(path, make)),
]
