"""数量集計表: the table of a lot as it stands or stood, with what changed, and its downloads."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlencode

from procure.documents.answers import answers_xlsx
from procure.documents.consolidated import consolidated_pdf, consolidated_xlsx
from procure.documents.filenames import file_name
from procure.documents.letterhead import Letterhead
from procure.documents.of_round import PDF, XLSX, letterhead_of
from procure.errors import Fault, NotFound
from procure.reports.answers import answers
from procure.reports.consolidated import Consolidated, consolidated
from procure.rounds.queries import find_round
from procure.server import Answer, Download, Page, Permission, Visit, get
from procure.values.era import parse_date
from procure.web.reading import Reading

AHEAD = "今日より後の日は指定できません。"
BACKWARDS = "「現在の数量とする日」より後の日とは比べられません。"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. `day` is None for now; the typed texts stand beside what was read of them."""

    lot: str
    day: date | None
    since: date | None
    typed_day: str
    typed_since: str
    faults: tuple[Fault, ...]

    def query(self, lot: str) -> str:
        """The same for another lot ("" for all)."""
        given = {"lot": lot, "day": self.typed_day, "since": self.typed_since}
        text = urlencode({name: value for name, value in given.items() if value})
        return f"?{text}" if text else ""


@get("/rounds/{ref}/consolidated", Permission.READ_ROUNDS)
def show_consolidated(visit: Visit, ref: str) -> Answer:
    row, asked = find_round(visit.session, ref), _asked(visit)
    table = consolidated(visit.session, row, visit.now, asked.day, asked.since)
    lot = next((lot for lot in table.lots if lot.id == asked.lot), table.lots[0] if table.lots else None)
    path = f"/rounds/{row.ref}/consolidated"
    values = {
        "table": table,
        "lot": lot,
        "asked": asked,
        "faults": asked.faults,
        "path": path,
        "tabs": [(one.title, path + asked.query(one.id), one is lot) for one in table.lots],
        "pdf": f"{path}.pdf{asked.query(lot.id if lot else '')}",
        "xlsx": f"{path}.xlsx{asked.query('')}",
    }
    return Page("consolidated.html", values, status=422 if asked.faults else 200)


@get("/rounds/{ref}/consolidated.pdf", Permission.READ_ROUNDS)
def download_pdf(visit: Visit, ref: str) -> Answer:
    return _download(visit, ref, "pdf", PDF, consolidated_pdf)


@get("/rounds/{ref}/consolidated.xlsx", Permission.READ_ROUNDS)
def download_xlsx(visit: Visit, ref: str) -> Answer:
    return _download(visit, ref, "xlsx", XLSX, consolidated_xlsx)


@get("/rounds/{ref}/survey/answers.xlsx", Permission.READ_ROUNDS)
def download_answers(visit: Visit, ref: str) -> Answer:
    """Everything that was answered beside the quantities: wishes, budgets, last time's prices."""
    row, now = find_round(visit.session, ref), visit.now
    report = answers(visit.session, row)
    return Download(lambda: answers_xlsx(report, now), file_name(row, "回答一覧", "xlsx", now.date()), XLSX)


def _download(
    visit: Visit, ref: str, ending: str, media_type: str, write: Callable[[Consolidated, Letterhead, datetime], bytes]
) -> Download | Page:
    row, asked = find_round(visit.session, ref), _asked(visit)
    if asked.faults:
        raise NotFound
    table = consolidated(visit.session, row, visit.now, asked.day, asked.since)
    if asked.lot:
        table = replace(table, lots=tuple(lot for lot in table.lots if lot.id == asked.lot))
    sender = letterhead_of(visit.settings.letterhead, visit.now.date())
    letterhead, now = replace(sender, council=row.council, sample=row.is_sample), visit.now
    name = file_name(row, "数量集計表", ending, asked.day or now.date())
    return Download(lambda: write(table, letterhead, now), name, media_type)


def _asked(visit: Visit) -> Asked:
    reading, today = Reading(visit.query), visit.now.date()
    day, since = reading.value("day", parse_date), reading.value("since", parse_date)
    faults = [*reading.faults]
    faults += [Fault(name, AHEAD) for name, read in (("day", day), ("since", since)) if read and read > today]
    if since and since <= today and since > (day or today):
        faults.append(Fault("since", BACKWARDS))
    return Asked(
        lot=visit.query.text("lot"),
        day=None if faults or day is None or day >= today else day,
        since=None if faults else since,
        typed_day=visit.query.text("day"),
        typed_since=visit.query.text("since"),
        faults=tuple(faults),
    )


routes = [show_consolidated, download_pdf, download_xlsx, download_answers]
