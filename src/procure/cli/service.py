"""Commands that run the service: demo, serve, migrate, sealing-key, mail."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from procure.cli.shared import FAILURE, database_here, refusals, settings_here

if TYPE_CHECKING:
    from socket import socket

    from procure.settings import Settings


def address(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say where to listen."""
    host = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
    ports = click.IntRange(0, 65535)
    port = click.option("--port", default=8000, show_default=True, type=ports, help="Port to listen on; 0 for any.")
    return host(port(command))


@click.command()
@address
def demo(host: str, port: int) -> None:
    """Make a fresh demo database with the Reiwa 3 example, write its documents, print the logins, and serve."""
    from procure.app import create_app
    from procure.clock import now
    from procure.demo import for_trial, make_demo
    from procure.server.port import address_of
    from procure.server.port import serve as serving

    settings = for_trial(settings_here())
    with listening(host, port) as listener, held(settings):
        with refusals():
            made = make_demo(settings, Path("demo-documents"), now())
        click.echo(made.summary(address_of(listener)))
        serving(create_app(settings), listener, settings.trusted_proxies)


@click.command()
@address
def serve(host: str, port: int) -> None:
    """Run the web service. GET /health answers 200 with the database reached."""
    from procure.app import create_app
    from procure.server.port import address_of
    from procure.server.port import serve as serving

    settings = settings_here()
    with database_here():
        pass
    with listening(host, port) as listener, held(settings):
        click.echo(f"Serving at {address_of(listener)} Ctrl+C stops the service.")
        serving(create_app(settings), listener, settings.trusted_proxies)


@click.command()
def migrate() -> None:
    """Bring the database to the current schema."""
    from procure.migrations import upgrade

    with refusals():
        upgrade(settings_here().database_url)
    click.echo("The database has the current schema.")


@click.command("sealing-key")
def sealing_key() -> None:
    """Print a new key for PROCURE_SEALING_KEY, with which ceilings are sealed until the opening."""
    import base64

    from procure.ceilings.vault import new_key

    click.echo(base64.urlsafe_b64encode(new_key()).decode())


@click.command()
def mail() -> None:
    """Write the mails that are due and send what waits. Exit status 1 where one was not sent."""
    from procure.clock import now
    from procure.mail.delivery import deliver
    from procure.mail.posting import post
    from procure.mail.smtp import Result

    settings = settings_here()
    if settings.mail is None:
        click.echo("Mail is off. Name the mail server in PROCURE_SMTP_HOST.", err=True)
        sys.exit(FAILURE)
    with database_here() as database:
        written = post(database, settings, now())
        results = deliver(database, settings, now)
    sent, others = results[Result.SENT], sum(results.values()) - results[Result.SENT]
    click.echo(f"{written} written, {sent} sent, {others} not sent")
    sys.exit(FAILURE if others else 0)


@contextmanager
def held(settings: "Settings") -> Iterator[None]:
    """The database for this service alone; commands may still run beside it."""
    from procure.database import held_alone

    with refusals(), held_alone(settings.database_url):
        yield


@contextmanager
def listening(host: str, port: int) -> "Iterator[socket]":
    from procure.server.port import listen

    with refusals():
        listener = listen(host, port)
    with listener:
        yield listener
