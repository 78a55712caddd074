"""What the commands share: exit statuses, the settings, the database, and refusals in a line of their own."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sqlmodel import Session

    from procure.database import Database
    from procure.rounds.tables import RoundRow
    from procure.settings import Settings

FAILURE, BAD_INPUT = 1, 2


def complain(faults: tuple[str, ...], path: Path | None) -> None:
    for fault in faults:
        click.echo(f"{path}: {fault}" if path else fault, err=True)


def settings_here() -> "Settings":
    from procure.settings import BadSettings, Settings

    try:
        return Settings.from_environment(os.environ)
    except BadSettings as bad:
        for fault in bad.faults:
            click.echo(fault, err=True)
        sys.exit(BAD_INPUT)


def find(session: "Session", round_id: str) -> "RoundRow":
    from procure.errors import NotFound
    from procure.rounds.queries import find_round

    try:
        return find_round(session, round_id)
    except NotFound:
        raise NotFound(f"案件番号「{round_id}」の案件はありません。") from None


@contextmanager
def database_here() -> "Iterator[Database]":
    """The database, ready and current; refusals become a line and exit status 1."""
    from procure.database import Database
    from procure.migrations import is_current

    with refusals():
        url = settings_here().database_url
        if not is_current(url):
            click.echo("The database is not at the current schema. Run `procure migrate` first.", err=True)
            sys.exit(FAILURE)
        database = Database(url)
        try:
            yield database
        finally:
            database.close()


@contextmanager
def refusals() -> Iterator[None]:
    from sqlalchemy.exc import SQLAlchemyError

    from procure.database import DatabaseUnfit
    from procure.errors import Invalid, Refusal

    try:
        yield
    except Invalid as invalid:
        for fault in invalid.faults:
            click.echo(f"{fault.field}: {fault.message}", err=True)
        sys.exit(BAD_INPUT)
    except (Refusal, DatabaseUnfit) as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(FAILURE)
    except SQLAlchemyError as error:
        click.echo(f"The database cannot be used: {getattr(error, 'orig', None) or error}", err=True)
        sys.exit(FAILURE)
    except UnicodeEncodeError:
        click.echo("An argument is not UTF-8 text.", err=True)
        sys.exit(BAD_INPUT)
    except BrokenPipeError:
        raise  # whoever reads our output has had enough: not a failure to speak of
    except OSError as error:
        click.echo(f"{error.filename2 or error.filename}: {error.strerror}", err=True)
        sys.exit(FAILURE)
