"""Commands that write papers: documents, annual-report."""

import sys
from pathlib import Path

import click

from procure.cli.shared import database_here, find, refusals, settings_here


@click.command()
@click.argument("round_id", metavar="ROUND")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write to.")
def documents(round_id: str, out: Path) -> None:
    """Write every document of ROUND: PDF, Excel and data."""
    from procure.clock import now
    from procure.jobs.folder import write_round_documents

    settings = settings_here()
    with database_here() as database, database.read() as session:
        for path in write_round_documents(session, database, find(session, round_id), settings, out, now):
            click.echo(path)


@click.command("annual-report")
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

    settings = settings_here()
    if form == "pdf" and not out and sys.stdout.isatty():
        raise click.UsageError("a PDF is not for the terminal; give --out FILE")
    with database_here() as database, database.read() as session:
        report = year_report(session, year)
    letterhead = annual_letterhead(report, settings.letterhead, now().date())
    if form == "text":
        content = annual_report_text(report.procurement).encode()
    elif form == "html":
        content = annual_html(report, letterhead)
    else:
        content = annual_pdf(report, letterhead, now())
    if out:
        with refusals():
            out.write_bytes(content)
    else:
        click.echo(content, nl=False)
