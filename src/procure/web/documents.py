"""The documents of a round to save, for the secretariat and the auditor."""

from procure.bids.queries import load_round
from procure.documents import of_round
from procure.documents.of_round import Document, decided
from procure.errors import NotFound
from procure.reports.queries import settled_round
from procure.rounds.queries import find_round
from procure.server import Answer, Download, Page, Permission, Visit, get
from procure.settlement.round_file import write_round

MAKERS = {
    "award.pdf": of_round.award,
    "savings.pdf": of_round.savings,
    "savings.xlsx": of_round.savings_sheet,
    "result.json": of_round.result,
}


@get("/rounds/{ref}/documents", Permission.READ_ROUNDS)
def show_documents(visit: Visit, ref: str) -> Answer:
    row = find_round(visit.session, ref)
    report = settled_round(visit.session, row).report
    values = {
        "ref": row.ref,
        "title": row.title,
        "is_confirmed": row.confirmed_at is not None,
        "is_sample": row.is_sample,
        "bodies": [body for body in report.bodies if body.lots],
    }
    return Page("awards/documents.html", values)


@get("/rounds/{ref}/documents/round.json", Permission.READ_ROUNDS)
def download_round(visit: Visit, ref: str) -> Answer:
    """The round file: what was registered and recorded so far, decided or not."""
    row = find_round(visit.session, ref)
    text = write_round(load_round(visit.session, row))
    return Download(text.encode(), f"{row.ref}.round.json", of_round.JSON)


@get("/rounds/{ref}/documents/{name}", Permission.READ_ROUNDS)
def download(visit: Visit, ref: str, name: str) -> Answer:
    if name not in MAKERS:
        raise NotFound
    made = decided(visit.session, find_round(visit.session, ref), visit.settings.letterhead)
    return _download(MAKERS[name](made))


@get("/rounds/{ref}/documents/notices/{name}", Permission.READ_ROUNDS)
def download_notice(visit: Visit, ref: str, name: str) -> Answer:
    """The notice to one body: notices/292010.pdf."""
    code, _, ending = name.partition(".")
    if ending != "pdf":
        raise NotFound
    made = decided(visit.session, find_round(visit.session, ref), visit.settings.letterhead)
    return _download(of_round.notice(made, code))


def _download(document: Document) -> Download:
    return Download(document.content, document.name, document.media_type)


routes = [show_documents, download_round, download, download_notice]
