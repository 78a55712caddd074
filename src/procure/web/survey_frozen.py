"""The copy of the demand at 仕様確定 beside the demand as it is now, and what has changed since, with the reasons."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from procure.demand.changes import changes_of, returned_at
from procure.demand.freeze import freezes_of, frozen_demand, frozen_items
from procure.demand.queries import demand_by_lot, submissions_of
from procure.demand.tables import FreezeRow
from procure.documents.of_round import JSON
from procure.errors import NotFound
from procure.parties.queries import directory
from procure.rounds.queries import find_round, lots_of
from procure.rounds.tables import RoundRow
from procure.server import Answer, Download, Page, Permission, Visit, get
from procure.web.demand_history import change_line


@dataclass(frozen=True, slots=True)
class Copy:
    """`is_whole`: the content still has the SHA-256 that was taken of it."""

    number: int
    at: datetime
    by: str
    sha256: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class FrozenItem:
    """What all bodies together asked for then, and ask for now."""

    name: str
    unit: str
    then: int
    now: int


@dataclass(frozen=True, slots=True)
class FrozenLot:
    title: str
    items: tuple[FrozenItem, ...]


@dataclass(frozen=True, slots=True)
class ReturnedSince:
    body: str
    at: datetime
    by: str
    reason: str | None


@get("/rounds/{ref}/survey/frozen", Permission.READ_ROUNDS)
def show_frozen(visit: Visit, ref: str) -> Answer:
    row = find_round(visit.session, ref)
    kept = freezes_of(visit.session, row.id)
    chosen = _chosen(kept, visit.query.text("number"))
    changes = changes_of(visit.session, row, since=chosen.at)
    names = directory(visit.session)
    path = f"/rounds/{row.ref}/survey/frozen"
    values = {
        "ref": row.ref,
        "title": row.title,
        "copy": _copy(chosen),
        "tabs": [(f"第{one.number}回", f"{path}?number={one.number}", one is chosen) for one in kept],
        "download": f"{path}.json?number={chosen.number}",
        "lots": _lots(visit, row, chosen),
        "changes": [change_line(change, names) for change in changes],
        "returned": _returned(visit, row, chosen),
        "is_newest": chosen is kept[-1],
    }
    return Page("survey_frozen.html", values)


@get("/rounds/{ref}/survey/frozen.json", Permission.READ_ROUNDS)
def download_frozen(visit: Visit, ref: str) -> Answer:
    """The very text that the SHA-256 was taken of."""
    row = find_round(visit.session, ref)
    kept = _chosen(freezes_of(visit.session, row.id), visit.query.text("number"))
    return Download(kept.content.encode(), f"{row.ref}-demand-{kept.number}.json", JSON)


def _chosen(kept: Sequence[FreezeRow], number: str) -> FreezeRow:
    """The copy with that number, else the newest. Raises NotFound where none was made yet."""
    if not kept:
        raise NotFound("この案件の需要は、まだ仕様確定していません。")
    return next((one for one in kept if str(one.number) == number), kept[-1])


def _copy(kept: FreezeRow) -> Copy:
    taken = hashlib.sha256(kept.content.encode()).hexdigest()
    return Copy(kept.number, kept.at, kept.by, kept.sha256, taken == kept.sha256)


def _lots(visit: Visit, row: RoundRow, kept: FreezeRow) -> tuple[FrozenLot, ...]:
    then, items = frozen_demand(kept), frozen_items(kept)
    now = demand_by_lot(visit.session, row.id)
    found = []
    for lot in lots_of(visit.session, row.id):
        before = _sums([own["quantities"] for own in then.get(lot.ref, ())])
        after = _sums([own.quantities for own in now.get(lot.id, ())])
        lines = tuple(
            FrozenItem(item["name"], item["unit"], before[item["id"]], after[item["id"]])
            for item in items.get(lot.ref, ())
        )
        found.append(FrozenLot(lot.title, lines))
    return tuple(found)


def _sums(quantities: Sequence[Mapping[str, int]]) -> Mapping[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for own in quantities:
        for item, quantity in own.items():
            sums[item] += quantity
    return sums


def _returned(visit: Visit, row: RoundRow, kept: FreezeRow) -> tuple[ReturnedSince, ...]:
    """The answers that were sent back after the copy was made, and do not count for that."""
    names, submissions = directory(visit.session), submissions_of(visit.session, row.id)
    return tuple(
        ReturnedSince(names[code].display_name, returned.at, returned.by, submissions[code].reason)
        for code, returned in sorted(returned_at(visit.session, row).items())
        if returned.at >= kept.at
    )


routes = [show_frozen, download_frozen]
