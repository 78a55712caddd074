"""The `procure` command: what docs/formats.md promises, thin over the packages that do the work.

Imports stand inside the commands: settling a file must not wait for a web framework.
"""

import sys

import click

from procure.cli.accounts import user
from procure.cli.papers import annual_report, documents
from procure.cli.round_files import export, import_, settle
from procure.cli.service import demo, mail, migrate, sealing_key, serve

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="procure")
def main() -> None:
    """共同調達システム: demand, bids, awards and savings of a council of municipalities."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # the caller may have closed it
            stream.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]


for command in (settle, demo, serve, migrate, import_, export, sealing_key, documents, annual_report, mail, user):
    main.add_command(command)
