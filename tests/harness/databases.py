"""Databases for tests, each its own and fresh. A migrated one is a copy of one that was migrated once."""

import shutil
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Protocol

from sqlalchemy import make_url

from procure.migrations import upgrade
from tests.harness.postgresql import PostgreSQL


class Databases(Protocol):
    """Makes databases of one kind; every method takes or gives the URL of one."""

    def empty(self) -> str: ...

    def migrated(self) -> str: ...

    def discard(self, url: str) -> None: ...


class SQLiteDatabases:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    def empty(self) -> str:
        return _sqlite_url(self._new_file())

    def migrated(self) -> str:
        return _sqlite_url(Path(shutil.copyfile(self._template, self._new_file())))

    def discard(self, url: str) -> None:
        file = Path(url.removeprefix("sqlite:///"))
        for part in file.parent.glob(f"{file.name}*"):
            part.unlink()

    @cached_property
    def _template(self) -> Path:
        file = self._folder / "template.db"
        upgrade(_sqlite_url(file))
        return file

    def _new_file(self) -> Path:
        return self._folder / f"{next(self._numbers)}.db"


class PostgreSQLDatabases:
    def __init__(self, server: PostgreSQL) -> None:
        self._server = server
        self._numbers = count(1)

    def empty(self) -> str:
        return self._server.create(self._new_name())

    def migrated(self) -> str:
        return self._server.create(self._new_name(), template=self._template)

    def discard(self, url: str) -> None:
        self._server.drop(str(make_url(url).database))

    @cached_property
    def _template(self) -> str:
        upgrade(self._server.create("migrated"))
        return "migrated"

    def _new_name(self) -> str:
        return f"test_{next(self._numbers)}"


def _sqlite_url(file: Path) -> str:
    return f"sqlite:///{file}"
