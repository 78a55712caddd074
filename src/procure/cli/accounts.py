"""Commands on accounts: user add, user disable, user enable."""

import sys

import click

from procure.cli.shared import database_here


@click.group()
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
    with database_here() as database, database.write() as session:
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


@user.command()
@click.argument("login")
def disable(login: str) -> None:
    """Let LOGIN sign in no more, from this moment; nothing that the person did is lost."""
    from procure.clock import now
    from procure.history.record import COMMAND_LINE
    from procure.parties.actions import disable_person

    with database_here() as database, database.write() as session:
        disable_person(session, login, COMMAND_LINE, now())
    click.echo(f"{login} disabled.")


@user.command()
@click.argument("login")
def enable(login: str) -> None:
    """Let LOGIN sign in again, with the password it had."""
    from procure.clock import now
    from procure.history.record import COMMAND_LINE
    from procure.parties.actions import enable_person

    with database_here() as database, database.write() as session:
        enable_person(session, login, COMMAND_LINE, now())
    click.echo(f"{login} enabled.")
