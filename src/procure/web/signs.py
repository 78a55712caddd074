"""Signs to look at in the bids, for the secretariat and the auditor only: of a round, and over all rounds."""

from collections.abc import Iterable

from procure.reports.signs import signs_of_all, signs_of_round
from procure.rounds.queries import find_round
from procure.server import Answer, Page, Permission, Visit, get
from procure.signs.kinds import METHODS, Method
from procure.signs.look import Looks


@get("/signs", Permission.READ_ROUNDS)
def show_signs(visit: Visit) -> Answer:
    found = signs_of_all(visit.session)
    return Page("signs.html", {"over": found.over, "rounds": found.rounds, "methods": _methods([found.over])})


@get("/rounds/{ref}/signs", Permission.READ_ROUNDS)
def show_round_signs(visit: Visit, ref: str) -> Answer:
    row = find_round(visit.session, ref)
    lots = signs_of_round(visit.session, row)
    values = {
        "ref": row.ref,
        "title": row.title,
        "lots": lots,
        "methods": _methods(part for lot in lots for part in lot.parts),
    }
    return Page("signs_round.html", values)


def _methods(parts: Iterable[Looks]) -> tuple[Method, ...]:
    """How everything that these parts speak of was looked for, once each."""
    kinds = {look.kind for part in parts for look in part.looks}
    return tuple(method for kind, method in METHODS.items() if kind in kinds)


routes = [show_signs, show_round_signs]
