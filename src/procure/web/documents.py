"""The documents of a round to save, for the secretariat and the auditor."""

from collections.abc import Iterator
from dataclasses import dataclass

from procure.bids.queries import load_round
from procure.documents import of_round
from procure.documents.decision_letters import losers_of
from procure.documents.of_round import Document, decided
from procure.documents.opening import is_opened
from procure.errors import NotFound
from procure.reports.queries import settled_round
from procure.reports.report import LotReport
from procure.rounds.queries import find_round
from procure.server import Answer, Download, Page, Permission, Visit, get
from procure.settlement.result import LotResult
from procure.settlement.round_file import write_round

MAKERS = {
    "award.pdf": of_round.award,
    "results.pdf": of_round.results,
    "prices.pdf": of_round.contract_prices,
    "savings.pdf": of_round.savings,
    "savings.xlsx": of_round.savings_sheet,
    "result.json": of_round.result,
}
LOT_MAKERS = {"winner.pdf": of_round.winner, "losers.pdf": of_round.losers}


@dataclass(frozen=True, slots=True)
class LotPapers:
    """What there is to print of a lot: label and path below the documents of the round."""

    title: str
    papers: tuple[tuple[str, str], ...]


@get("/rounds/{ref}/documents", Permission.READ_ROUNDS)
def show_documents(visit: Visit, ref: str) -> Answer:
    row = find_round(visit.session, ref)
    settled = settled_round(visit.session, row)
    report = settled.report
    is_confirmed = row.confirmed_at is not None
    lots = [
        LotPapers(shown.title, tuple(_papers(shown, result, is_confirmed=is_confirmed)))
        for shown, result in zip(report.lots, settled.result.lots, strict=True)
    ]
    values = {
        "ref": row.ref,
        "title": row.title,
        "is_confirmed": is_confirmed,
        "lots": [lot for lot in lots if lot.papers],
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


@get("/rounds/{ref}/documents/lots/{lot}/opening.pdf", Permission.READ_ROUNDS)
def download_opening(visit: Visit, ref: str, lot: str) -> Answer:
    """The record of the opening: from the last attempt of the lot on, decided or not."""
    row = find_round(visit.session, ref)
    return _download(of_round.opening(visit.session, row, lot, visit.now))


@get("/rounds/{ref}/documents/lots/{lot}/ceiling.pdf", Permission.READ_ROUNDS)
def download_ceiling(visit: Visit, ref: str, lot: str) -> Answer:
    made = decided(visit.session, find_round(visit.session, ref), visit.settings.letterhead)
    return _download(of_round.ceiling(made, lot))


@get("/rounds/{ref}/documents/lots/{lot}/{name}", Permission.READ_ROUNDS)
def download_letters(visit: Visit, ref: str, lot: str, name: str) -> Answer:
    """The letter to the winner of a lot, or those to its losers."""
    if name not in LOT_MAKERS:
        raise NotFound
    made = decided(visit.session, find_round(visit.session, ref), visit.settings.letterhead)
    return _download(LOT_MAKERS[name](made, lot))


def _papers(lot: LotReport, result: LotResult, *, is_confirmed: bool) -> Iterator[tuple[str, str]]:
    at = f"lots/{lot.id}"
    if is_opened(result):
        yield "開札調書", f"{at}/opening.pdf"
    if not is_confirmed:
        return
    if lot.ceiling is not None:
        yield "予定価格調書", f"{at}/ceiling.pdf"
    if lot.awarded:
        yield "落札者決定通知書", f"{at}/winner.pdf"
    if losers_of(lot):
        yield "非落札通知", f"{at}/losers.pdf"


def _download(document: Document) -> Download:
    return Download(document.content, document.name, document.media_type)


routes = [
    show_documents,
    download_round,
    download,
    download_notice,
    download_opening,
    download_ceiling,
    download_letters,
]
