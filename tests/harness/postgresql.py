"""A private PostgreSQL server for the tests: its own cluster in a temporary folder, reached through a socket there."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Composed, Identifier

from tests.harness.programs import Missing, postgresql

SECONDS_TO_START = 30
# Nothing here outlives the tests, so nothing needs to survive a power cut.
UNSAFE_AND_FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_wal_size=4GB",
    "shared_buffers=64MB",
)


@dataclass(frozen=True)
class PostgreSQL:
    """A running server whose superuser is `procure` and which asks for no password."""

    folder: Path

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://procure@/{database}?host={self.folder}"

    def create(self, database: str, template: str = "template0") -> str:
        self._administer(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(database), Identifier(template)))
        return self.url(database)

    def drop(self, database: str) -> None:
        self._administer(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(database)))

    def answers(self) -> bool:
        try:
            self._administer(SQL("SELECT 1"))
        except psycopg.OperationalError:
            return False
        return True

    def _administer(self, statement: SQL | Composed) -> None:
        with psycopg.connect(host=str(self.folder), user="procure", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def running_postgresql() -> Iterator[PostgreSQL]:
    programs = postgresql()
    folder = Path(tempfile.mkdtemp(prefix="procure-postgresql-"))
    try:
        _hand_to_the_server_account(folder)
        _create_cluster(programs, folder)
        with _server_process(programs, folder):
            yield PostgreSQL(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _create_cluster(programs: Path, folder: Path) -> None:
    command = [
        str(programs / "initdb"),
        f"--pgdata={folder}/cluster",
        "--username=procure",
        "--auth=trust",
        "--no-sync",
    ]
    # The order of text is that of its code points, as in SQLite: a test sees the same rows in the same order on both.
    command += ["--encoding=UTF8", "--locale=C", "--no-instructions"]
    result = subprocess.run([*_as_server_account(), *command], cwd=folder, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise RuntimeError(f"initdb failed:\n{result.stdout}{result.stderr}")


@contextmanager
def _server_process(programs: Path, folder: Path) -> Iterator[None]:
    settings = (*UNSAFE_AND_FAST, "listen_addresses=", f"unix_socket_directories={folder}")
    options = [option for setting in settings for option in ("-c", setting)]
    command = [*_as_server_account(), str(programs / "postgres"), "-D", f"{folder}/cluster", *options]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        _wait_until_it_answers(process, folder)
        yield
    finally:
        process.send_signal(signal.SIGINT)  # ends without waiting for clients
        _wait_for_the_end(process)


def _wait_until_it_answers(process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while not PostgreSQL(folder).answers():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}")
        time.sleep(0.05)


def _wait_for_the_end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _as_server_account() -> list[str]:
    """The start of a command line: PostgreSQL refuses to run as root, and must end when the tests are killed."""
    account = ["--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    return ["setpriv", "--pdeathsig=INT", *account]


def _hand_to_the_server_account(folder: Path) -> None:
    if os.geteuid() != 0:
        return
    try:
        account = pwd.getpwnam("postgres")
    except KeyError:
        raise Missing(
            "PostgreSQL does not run as root: create an account named postgres, or test as another user."
        ) from None
    os.chown(folder, account.pw_uid, account.pw_gid)
