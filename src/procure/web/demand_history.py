"""Every change of a quantity: a body reads its own, the secretariat and the auditor those of all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from procure.demand.answer import Line
from procure.demand.changes import QuantityChange, changes_of
from procure.errors import NotFound
from procure.parties.directory import Body
from procure.parties.queries import directory
from procure.rounds.queries import find_round
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from procure.server import Answer, Page, Permission, Visit, get

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change as it is shown. `body` is its name."""

    at: datetime
    by: str
    body: str
    code: str
    lot: str
    item: str
    unit: str
    before: Line
    after: Line
    way: str
    reason: str | None


@get("/demand/{ref}/history", Permission.REGISTER_DEMAND)
def show_own_history(visit: Visit, ref: str) -> Answer:
    row = find_round(visit.session, ref)
    if row.stage is Stage.PREPARING:
        raise NotFound
    return _page(visit, row, f"/demand/{row.ref}/history", visit.body_code, is_own=True)


@get("/rounds/{ref}/survey/history", Permission.READ_HISTORY)
def show_history(visit: Visit, ref: str) -> Answer:
    row = find_round(visit.session, ref)
    return _page(visit, row, f"/rounds/{row.ref}/survey/history", visit.query.text("body") or None, is_own=False)


def change_line(change: QuantityChange, names: Mapping[str, Body]) -> ChangeLine:
    return ChangeLine(
        at=change.at,
        by=change.by,
        body=names[change.body_code].display_name,
        code=change.body_code,
        lot=change.lot,
        item=change.item,
        unit=change.unit,
        before=change.before,
        after=change.after,
        way=change.way.label,
        reason=change.reason,
    )


def _page(visit: Visit, row: RoundRow, path: str, body_code: str | None, *, is_own: bool) -> Page:
    changes = changes_of(visit.session, row, body_code=body_code, before=_before(visit), at_most=AT_ONCE + 1)
    shown, names = changes[:AT_ONCE], directory(visit.session)
    more = None
    if len(changes) > AT_ONCE:
        given = {"body": "" if is_own else body_code, "before": shown[-1].number}
        more = f"{path}?{urlencode({name: value for name, value in given.items() if value})}"
    values = {
        "ref": row.ref,
        "title": row.title,
        "path": path,
        "is_own": is_own,
        "lines": [change_line(change, names) for change in shown],
        "more": more,
        "body": body_code,
        "bodies": [("", "すべての団体"), *((code, name.display_name) for code, name in names.items())],
    }
    return Page("demand_history.html", values)


def _before(visit: Visit) -> int | None:
    """The number of the change to read on from; what is no number is not one of ours, and is ignored."""
    text = visit.query.text("before")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


routes = [show_own_history, show_history]
