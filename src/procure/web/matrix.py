"""The bids of a lot by bidder and item: a page to compare them on, and the same as a spreadsheet."""

from procure.documents.of_round import matrix_sheet
from procure.errors import Conflict, NotFound
from procure.reports.matrix import Matrix, matrices
from procure.reports.queries import SettledRound, settled_round
from procure.rounds.queries import find_lot, find_round
from procure.server import Answer, Download, Page, Permission, Visit, get


@get("/rounds/{ref}/lots/{lot}/matrix", Permission.READ_ROUNDS)
def show_matrix(visit: Visit, ref: str, lot: str) -> Answer:
    row = find_round(visit.session, ref)
    found = find_lot(visit.session, row.id, lot)
    attempts = _matrices(settled_round(visit.session, row), lot)
    path = f"/rounds/{row.ref}/lots/{found.ref}"
    values = {
        "ref": row.ref,
        "title": row.title,
        "lot_title": found.title,
        "path": path,
        "matrix": _chosen(visit, attempts) if attempts else None,
        "attempts": [(one.number, one.label) for one in attempts],
    }
    return Page("bidding/matrix.html", values)


@get("/rounds/{ref}/lots/{lot}/matrix.xlsx", Permission.READ_ROUNDS)
def download_matrix(visit: Visit, ref: str, lot: str) -> Answer:
    """The attempt that the page shows. Raises Conflict where nothing was opened yet."""
    row = find_round(visit.session, ref)
    find_lot(visit.session, row.id, lot)
    settled = settled_round(visit.session, row)
    attempts = _matrices(settled, lot)
    if not attempts:
        raise Conflict("まだ開札していないため、入札比較表はありません。開札して入札を記録した後に取得してください。")
    made = matrix_sheet(settled, lot, [_chosen(visit, attempts)], visit.now)
    return Download(made.content, made.name, made.media_type)


def _matrices(settled: SettledRound, lot: str) -> tuple[Matrix, ...]:
    value = next(one for one in settled.round.lots if one.id == lot)
    result = next(one for one in settled.result.lots if one.id == lot)
    return matrices(value, result)


def _chosen(visit: Visit, attempts: tuple[Matrix, ...]) -> Matrix:
    """The attempt asked for in the address, else the last. Raises NotFound where there is no such attempt."""
    wanted = visit.query.text("attempt")
    fitting = [one for one in attempts if wanted in ("", str(one.number))]
    if not fitting:
        raise NotFound
    return fitting[-1]


routes = [show_matrix, download_matrix]
