"""Commands on round files: settle, import, export."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procure.cli.shared import BAD_INPUT, FAILURE, complain, database_here, find, settings_here

if TYPE_CHECKING:
    from procure.ceilings.vault import Vault
    from procure.database import Database
    from procure.settlement.round import Round

# Whether a file can be read shows when it is its turn: a bad one must not keep the good ones from being settled.
FILES = click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False), metavar="FILE..."
)


@click.command()
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


@click.command("import")
@FILES
@click.option("--sample", is_flag=True, help="Mark the rounds as sample data (見本) on pages and documents.")
def import_(files: tuple[Path, ...], sample: bool) -> None:
    """Take round FILEs into the database; each whole or not at all.

    The ceilings of a round that is not opened yet are sealed with PROCURE_SEALING_KEY; without it they are left out.
    """
    from procure.ceilings.vault import Vault

    status, vault = 0, Vault(settings_here().sealing_key)
    with database_here() as database:
        for path in files:
            status = max(status, _take_in(database, vault, path, files, sample))
    sys.exit(status)


def _take_in(database: "Database", vault: "Vault", path: Path, files: tuple[Path, ...], is_sample: bool) -> int:
    """The exit status that one of the files comes to."""
    from procure.awards.archive import import_round, left_out
    from procure.clock import now
    from procure.errors import Invalid, Refusal
    from procure.history.record import COMMAND_LINE

    value = _read_round(path, files)
    if value is None:
        return BAD_INPUT
    try:
        with database.write() as session:
            import_round(session, value, COMMAND_LINE, now(), is_sample, vault)
    except Invalid as invalid:
        faults = tuple(f"{fault.field}: {fault.message}" for fault in invalid.faults)
        complain(faults, path if len(files) > 1 else None)
        return BAD_INPUT
    except Refusal as refusal:
        complain((refusal.message,), path)
        return FAILURE
    click.echo(f"{path}: {value.id} imported")
    for place in left_out(value, vault):
        complain((f"{place}: left out, PROCURE_SEALING_KEY is not set to seal it with",), path)
    return 0


@click.command()
@click.argument("round_id", metavar="ROUND")
def export(round_id: str) -> None:
    """Print the round file of ROUND."""
    from procure.awards.archive import export_round

    with database_here() as database, database.read() as session:
        click.echo(export_round(session, find(session, round_id).ref), nl=False)


def _read_round(path: Path, files: tuple[Path, ...]) -> "Round | None":
    """The round in one of the files, or None once every fault is named."""
    from procure.parties.directory import known_codes
    from procure.settlement.round_file import BadRoundFile, read_round

    try:
        return read_round(path.read_bytes(), known_codes())
    except BadRoundFile as bad:
        complain(bad.faults, path if len(files) > 1 else None)
    except OSError as error:
        complain((error.strerror or str(error),), path)
    return None
