"""The 調査票 as people download it from the service, and their files as they are uploaded."""

from collections.abc import Mapping, Sequence

from httpx import Response

from procure.database import Row
from procure.demand.queries import draft_of, lines_of, submission_of, typed_in
from procure.demand.sheet import SheetLot
from procure.demand.uploads import sheet_lots
from procure.documents.of_round import XLSX
from procure.rounds.queries import find_round
from tests.demand.sheets import address, filled
from tests.people import Browser, Service
from tests.web.rounds_at import REF

BODY_UPLOAD = f"/demand/{REF}/upload"
ROUND_UPLOAD = f"/rounds/{REF}/survey/upload"


def sheet_of(browser: Browser) -> bytes:
    answer = browser.get(f"/demand/{REF}/sheet.xlsx")
    assert (answer.status_code, answer.headers["content-type"]) == (200, XLSX)
    return answer.content


def lots_of(town: Service, code: str) -> tuple[SheetLot, ...]:
    with town.database.read() as session:
        return sheet_lots(session, find_round(session, REF), code)


def answered_sheet(town: Service, browser: Browser, code: str, quantity: object = 3, **more: object) -> bytes:
    """The sheet with so many of the first item of the first lot, and 今回は参加しない for the others."""
    lots = lots_of(town, code)
    joins = {f"join-{lot.id}": "参加する" if lot is lots[0] else "今回は参加しない" for lot in lots}
    return filled(sheet_of(browser), {**joins, first_field(town, code): quantity, **more}, lots)


def first_field(town: Service, code: str) -> str:
    return f"qty-{lots_of(town, code)[0].items[0].id}"


def cell_of(town: Service, code: str, content: bytes, name: str) -> str:
    return address(content, name, lots_of(town, code))


def upload(
    browser: Browser, content: bytes, name: str = "調査票.xlsx", fields: Mapping[str, str] | None = None
) -> Response:
    return browser.post(BODY_UPLOAD, fields, files={"file": (name, content, XLSX)})


def upload_many(
    browser: Browser, contents: Sequence[tuple[str, bytes]], fields: Mapping[str, str] | None = None
) -> Response:
    return browser.post(ROUND_UPLOAD, fields, files=[("files", (name, content, XLSX)) for name, content in contents])


def draft(town: Service, code: str) -> dict[str, str] | None:
    with town.database.read() as session:
        kept = draft_of(session, find_round(session, REF).id, code)
        return None if kept is None else typed_in(kept)


def quantities(town: Service, code: str) -> list[int] | None:
    """What the body has submitted, None where it has submitted nothing."""
    with town.database.read() as session:
        row = find_round(session, REF)
        if submission_of(session, row.id, code) is None:
            return None
        return [line.quantity for line in lines_of(session, row.id, code).values()]


def rows_of(town: Service) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the database, to see that nothing has changed."""
    with town.database.read() as session:
        tables = Row.metadata.sorted_tables
        return {table.name: [tuple(row) for row in session.connection().execute(table.select())] for table in tables}
