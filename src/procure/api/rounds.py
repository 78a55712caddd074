"""Rounds: reading, creating and editing them, taking in and giving out round files, the result."""

from typing import Any

from procure.accounts.roles import Permission
from procure.accounts.scopes import Scope
from procure.api.operation import BODY_LIMIT, Operation, Query, Sent, operation
from procure.api.paging import PAGING, page_of, place_of_round
from procure.api.problems import Unreadable
from procure.api.round_values import (
    NewRound,
    OutlineBody,
    RoundList,
    RoundShown,
    RoundWithLots,
    outline_of,
    round_shown,
)
from procure.api.shared import held_round, lots_shown
from procure.awards.archive import import_round
from procure.bids.queries import load_round
from procure.errors import Fault, Invalid
from procure.parties.directory import known_codes
from procure.rounds.actions import create_round, edit_round
from procure.rounds.queries import find_round, rounds_newest_first
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from procure.server import Visit
from procure.settlement.result_file import result_json
from procure.settlement.round_file import BadRoundFile, read_round, round_json
from procure.settlement.settle import settle

TAG = "案件"
FILE_LIMIT = 8 * BODY_LIMIT
YEAR = Query("fiscal_year", "年度（西暦）", "2021", r"^[0-9]{4}$")
_STAGES = "、".join(f"{one.value} {one.label}" for one in Stage)
STAGE = Query("stage", f"段階（{_STAGES}）", "published", f"^({'|'.join(Stage)})$")
OUTLINE = {
    "title": "令和9年度教育用情報機器の共同調達",
    "fiscal_year": 2027,
    "bid_date": "2027-06-11",
    "council": "奈良県電子自治体推進協議会",
    "note": None,
    "is_sample": False,
}
_READ = (Permission.READ_ROUNDS, Scope.ROUNDS_READ)
_WRITE = (Permission.MANAGE_ROUNDS, Scope.ROUNDS_WRITE)


@operation("GET", "/rounds", *_READ, "案件の一覧", tag=TAG, answer=RoundList, query=(YEAR, STAGE, *PAGING))
def list_rounds(visit: Visit) -> Sent:
    year, stage = visit.query.text("fiscal_year"), visit.query.text("stage")
    rows = [
        row
        for row in rounds_newest_first(visit.session)
        if year in ("", str(row.fiscal_year)) and stage in ("", row.stage.value)
    ]
    page, following = page_of(visit, rows, place_of_round)
    return Sent(RoundList(items=tuple(round_shown(row) for row in page), next=following), next=following)


@operation(
    "POST",
    "/rounds",
    *_WRITE,
    "案件を作成する",
    tag=TAG,
    body=NewRound,
    answer=RoundWithLots,
    status=201,
    example={"ref": "R9-1", **OUTLINE},
)
def create_a_round(visit: Visit, body: NewRound) -> Sent:
    return _made(visit, create_round(visit.session, outline_of(body.ref, body), visit.person, visit.now))


@operation("GET", "/rounds/{ref}", *_READ, "案件を読む", tag=TAG, answer=RoundWithLots)
def read_a_round(visit: Visit, ref: str) -> Sent:
    return round_sent(visit, find_round(visit.session, ref))


@operation(
    "PUT",
    "/rounds/{ref}",
    *_WRITE,
    "案件の概要を変更する",
    tag=TAG,
    body=OutlineBody,
    answer=RoundWithLots,
    matches=True,
    example=OUTLINE,
)
def edit_a_round(visit: Visit, ref: str, body: OutlineBody) -> Sent:
    row = held_round(visit, ref)
    edit_round(visit.session, row, outline_of(row.ref, body), visit.person, visit.now)
    return round_sent(visit, row)


@operation(
    "POST",
    "/round-files",
    *_WRITE,
    "案件データ（procure.round/1）を取り込む",
    tag=TAG,
    body=dict,
    raw_body=True,
    body_limit=FILE_LIMIT,
    answer=RoundWithLots,
    status=201,
)
def import_a_round(visit: Visit, body: bytes) -> Sent:
    try:
        value = read_round(body, known_codes())
    except BadRoundFile as bad:
        raise _unreadable(bad) from bad
    row = import_round(visit.session, value, visit.person, visit.now, vault=visit.vault)
    return _made(visit, row)


@operation("GET", "/rounds/{ref}/file", *_READ, "案件データ（procure.round/1）を読む", tag=TAG, answer=dict[str, Any])
def export_a_round(visit: Visit, ref: str) -> Sent:
    row = find_round(visit.session, ref)
    return Sent(round_json(load_round(visit.session, row)), version=row.version)


@operation(
    "GET",
    "/rounds/{ref}/result",
    Permission.READ_ROUNDS,
    Scope.AWARDS_READ,
    "案件の結果（procure.result/1）を計算する",
    tag=TAG,
    answer=dict[str, Any],
)
def read_result(visit: Visit, ref: str) -> Sent:
    """As it stands now, decided or not: the same figures as `procure settle` prints for the round file."""
    row = find_round(visit.session, ref)
    return Sent(result_json(settle(load_round(visit.session, row))), version=row.version)


def round_sent(visit: Visit, row: RoundRow, location: str | None = None) -> Sent:
    lots = lots_shown(visit.session, row)
    own = {name: getattr(round_shown(row), name) for name in RoundShown.__struct_fields__}
    return Sent(RoundWithLots(**own, lots=lots), version=row.version, location=location)


def _made(visit: Visit, row: RoundRow) -> Sent:
    return round_sent(visit, row, location=f"/rounds/{row.ref}")


def _unreadable(bad: BadRoundFile) -> Exception:
    """Faults of a file are lines of `path: what is wrong`."""
    parts = [line.partition(": ") for line in bad.faults]
    if len(parts) == 1 and parts[0][2].startswith("not "):
        return Unreadable()
    return Invalid(*(Fault(path, message) for path, _, message in parts))


operations: list[Operation] = [
    list_rounds,
    create_a_round,
    import_a_round,
    read_a_round,
    edit_a_round,
    export_a_round,
    read_result,
]
