"""The `procure` command: what docs/formats.md promises, thin over the packages that do the work.

Imports stand inside the commands: settling a file must not wait for a web framework.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from socket import socket

    from sqlmodel import Session

    from procure.database import Database
    from procure.rounds.tables import RoundRow
    from procure.settings import Settings
    from procure.settlement.round import Round

FAILURE, BAD_INPUT = 1, 2

# Whether a file can be read shows when it is its turn: a bad one must not keep the good ones from being settled.
FILES = click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False), metavar="FILE..."
)


def address(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say where to listen."""
    host = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
    ports = click.IntRange(0, 65535)
    port = click.option("--port", default=8000, show_default=True, type=ports, help="Port to listen on; 0 for any.")
    return host(port(command))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="procure")
def main() -> None:
    """共同調達システム: demand, bids, awards and savings of a council of municipalities."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # the caller may have closed it
            stream.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]


@main.command()
@FILES
def settle(files: tuple[Path, ...]) -> None:
    """Print the result of each round FILE, one JSON object a line. Needs no database."""
    from procure.settlement.result_file import result_json
    from procure.settlement.settle import settle as settled

    bad = 0
    for path in files:
        value = _read_round(path, files)
        if value is None:
            bad += 1
        else:
            click.echo(json.dumps(result_json(settled(value)), ensure_ascii=False))
    sys.exit(BAD_INPUT if bad else 0)


@main.command()
@address
def demo(host: str, port: int) -> None:
    """Make a fresh demo database with the Reiwa 3 example, write its documents, print the logins, and serve."""
    from procure.app import create_app
    from procure.clock import now
    from procure.demo import for_trial, make_demo
    from procure.server.port import address_of
    from procure.server.port import serve as serving

    settings = for_trial(_settings())
    with _listening(host, port) as listener, _held(settings):
        with _refusals():
            made = make_demo(settings, Path("demo-documents"), now())
        click.echo(made.summary(address_of(listener)))
        serving(create_app(settings), listener, settings.trusted_proxies)


@main.command()
@address
def serve(host: str, port: int) -> None:
    """Run the web service. GET /health answers 200 with the database reached."""
    from procure.app import create_app
    from procure.server.port import address_of
    from procure.server.port import serve as serving

    settings = _settings()
    with _database():
        pass
    with _listening(host, port) as listener, _held(settings):
        click.echo(f"Serving at {address_of(listener)} Ctrl+C stops the service.")
        serving(create_app(settings), listener, settings.trusted_proxies)


@main.command()
def migrate() -> None:
    """Bring the database to the current schema."""
    from procure.migrations import upgrade

    with _refusals():
        upgrade(_settings().database_url)
    click.echo("The database has the current schema.")


@main.command("import")
@FILES
@click.option("--sample", is_flag=True, help="Mark the rounds as sample data (見本) on pages and documents.")
def import_(files: tuple[Path, ...], sample: bool) -> None:
    """Take round FILEs into the database; each whole or not at all.

    The ceilings of a round that is not opened yet are sealed with PROCURE_SEALING_KEY; without it they are left out.
    """
    from procure.awards.archive import import_round, left_out
    from procure.ceilings.vault import Vault
    from procure.clock import now
    from procure.errors import Invalid, Refusal
    from procure.history.record import COMMAND_LINE

    status, vault = 0, Vault(_settings().sealing_key)
    with _database() as database:
        for path in files:
            value = _read_round(path, files)
            if value is None:
                status = BAD_INPUT
                continue
            try:
                with database.write() as session:
                    import_round(session, value, COMMAND_LINE, now(), is_sample=sample, vault=vault)
            except Invalid as invalid:
                faults = tuple(f"{fault.field}: {fault.message}" for fault in invalid.faults)
                _complain(faults, path if len(files) > 1 else None)
                status = BAD_INPUT
            except Refusal as refusal:
                click.echo(f"{path}: {refusal.message}", err=True)
                status = status or FAILURE
            else:
                click.echo(f"{path}: {value.id} imported")
                for place in left_out(value, vault):
                    click.echo(f"{path}: {place}: left out, PROCURE_SEALING_KEY is not set to seal it with", err=True)
    sys.exit(status)


@main.command("sealing-key")
def sealing_key() -> None:
    """Print a new key for PROCURE_SEALING_KEY, with which ceilings are sealed until the opening."""
    import base64

    from procure.ceilings.vault import new_key

    click.echo(base64.urlsafe_b64encode(new_key()).decode())


@main.command()
@click.argument("round_id", metavar="ROUND")
def export(round_id: str) -> None:
    """Print the round file of ROUND."""
    from procure.awards.archive import export_round

    with _database() as database, database.read() as session:
        click.echo(export_round(session, _find(session, round_id).ref), nl=False)


@main.command()
@click.argument("round_id", metavar="ROUND")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write to.")
def documents(round_id: str, out: Path) -> None:
    """Write every document of ROUND: PDF, Excel and data."""
    from procure.documents.of_round import write_round_documents

    settings = _settings()
    with _database() as database, database.read() as session:
        for path in write_round_documents(session, _find(session, round_id), settings, out):
            click.echo(path)


@main.command("annual-report")
@click.argument("year", type=click.IntRange(1900, 2999), metavar="YEAR")
@click.option("--format", "form", type=click.Choice(["text", "pdf", "html"]), default="text", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write instead of printing.")
def annual_report(year: int, form: str, out: Path | None) -> None:
    """Print the 事業報告 of the fiscal YEAR (2021 is 令和3年度).

    As text its section on what was bought together; as PDF, and as HTML for a word processor, the whole of it.
    """
    from procure.clock import now
    from procure.documents.annual import annual_html, annual_letterhead, annual_pdf
    from procure.reports.annual_report import annual_report_text
    from procure.reports.year_report import year_report

    settings = _settings()
    if form == "pdf" and not out and sys.stdout.isatty():
        raise click.UsageError("a PDF is not for the terminal; give --out FILE")
    with _database() as database, database.read() as session:
        report = year_report(session, year)
    letterhead = annual_letterhead(report, settings.letterhead, now().date())
    if form == "text":
        content = annual_report_text(report.procurement).encode()
    elif form == "html":
        content = annual_html(report, letterhead)
    else:
        content = annual_pdf(report, letterhead, now())
    if out:
        with _refusals():
            out.write_bytes(content)
    else:
        click.echo(content, nl=False)


@main.command()
def mail() -> None:
    """Write the mails that are due and send what waits. Exit status 1 where one was not sent."""
    from procure.clock import now
    from procure.mail.delivery import deliver
    from procure.mail.posting import post
    from procure.mail.smtp import Result

    settings = _settings()
    if settings.mail is None:
        click.echo("Mail is off. Name the mail server in PROCURE_SMTP_HOST.", err=True)
        sys.exit(FAILURE)
    with _database() as database:
        written = post(database, settings, now())
        results = deliver(database, settings, now)
    sent, others = results[Result.SENT], sum(results.values()) - results[Result.SENT]
    click.echo(f"{written} written, {sent} sent, {others} not sent")
    sys.exit(FAILURE if others else 0)


@main.group()
def user() -> None:
    """Accounts."""


@user.command()
@click.argument("login")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", required=True, type=click.Choice(["secretariat", "municipality", "auditor"]))
@click.option("--body", help="Code of the municipality the person acts for (role municipality only).")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add(login: str, name: str, role: str, body: str | None, password_stdin: bool) -> None:
    """Add an account. Without --password-stdin a password is made up and printed once."""
    import secrets

    from procure.accounts.roles import Role
    from procure.clock import now
    from procure.history.record import COMMAND_LINE
    from procure.parties.actions import add_person

    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else secrets.token_urlsafe(12)
    with _database() as database, database.write() as session:
        add_person(
            session,
            login=login,
            name=name,
            role=Role(role),
            body_code=body,
            password=password,
            actor=COMMAND_LINE,
            at=now(),
        )
    click.echo(f"{login} added." if password_stdin else f"{login} added. Password: {password}")


# ---- what the commands share -------------------------------------------------------------------------


def _read_round(path: Path, files: tuple[Path, ...]) -> "Round | None":
    """The round in one of the files, or None once every fault is named."""
    from procure.parties.directory import known_codes
    from procure.settlement.round_file import BadRoundFile, read_round

    try:
        return read_round(path.read_bytes(), known_codes())
    except BadRoundFile as bad:
        _complain(bad.faults, path if len(files) > 1 else None)
    except OSError as error:
        _complain((error.strerror or str(error),), path)
    return None


def _complain(faults: tuple[str, ...], path: Path | None) -> None:
    for fault in faults:
        click.echo(f"{path}: {fault}" if path else fault, err=True)


def _settings() -> "Settings":
    from procure.settings import BadSettings, Settings

    try:
        return Settings.from_environment(os.environ)
    except BadSettings as bad:
        for fault in bad.faults:
            click.echo(fault, err=True)
        sys.exit(BAD_INPUT)


def _find(session: "Session", round_id: str) -> "RoundRow":
    from procure.errors import NotFound
    from procure.rounds.queries import find_round

    try:
        return find_round(session, round_id)
    except NotFound:
        raise NotFound(f"案件番号「{round_id}」の案件はありません。") from None


@contextmanager
def _database() -> "Iterator[Database]":
    """The database, ready and current; refusals become a line and exit status 1."""
    from procure.database import Database
    from procure.migrations import is_current

    with _refusals():
        url = _settings().database_url
        if not is_current(url):
            click.echo("The database is not at the current schema. Run `procure migrate` first.", err=True)
            sys.exit(FAILURE)
        database = Database(url)
        try:
            yield database
        finally:
            database.close()


@contextmanager
def _held(settings: "Settings") -> Iterator[None]:
    """The database for this service alone; commands may still run beside it."""
    from procure.database import held_alone

    with _refusals(), held_alone(settings.database_url):
        yield


@contextmanager
def _refusals() -> Iterator[None]:
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


@contextmanager
def _listening(host: str, port: int) -> "Iterator[socket]":
    from procure.server.port import listen

    with _refusals():
        listener = listen(host, port)
    with listener:
        yield listener
