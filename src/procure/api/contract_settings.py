"""What contracts are held against: a body's own amounts by its 条例 and 規則, and the 納入期限 of a round's lots."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta

from procure.accounts.roles import Permission
from procure.accounts.scopes import Scope
from procure.api.contracts import TAG
from procure.api.fields import Body, Line, Shown, amount, faults_named
from procure.api.operation import Operation, Sent, operation
from procure.api.versions import require_match
from procure.contracts.actions import require_confirmed
from procure.contracts.queries import agreed_in, deadlines_in, limits_row, limits_value
from procure.contracts.settings import lawful_small_limit, set_deadlines, set_limits
from procure.contracts.thresholds import Limits, lawful_assembly_limit
from procure.errors import Fault, NotFound, refuse
from procure.parties.tables import BodyRow
from procure.rounds.queries import find_round, locked_round
from procure.rounds.tables import RoundRow
from procure.server import Visit
from procure.values.quantity import MOST_YEN

_WholeYen = Annotated[int, Meta(ge=1, le=MOST_YEN, description="円")]
_LIMITS = {"assembly": 30000000, "small": None, "small_since": None, "ordinance": "葛城市契約条例第2条"}
_DEADLINES = "/rounds/{ref}/delivery-deadlines"
_OWN, _OF_A_BODY = "/contracts/limits", "/bodies/{code}/contract-limits"


class LimitsBody(Body, frozen=True, kw_only=True):
    """団体の条例と規則の額。null は政令のとおり。assembly は議会の議決、small は少額の随意契約の額。"""

    assembly: _WholeYen | None = None
    small: _WholeYen | None = None
    small_since: date | None = None
    ordinance: Line = ""


class LimitsShown(Shown, frozen=True, kw_only=True):
    """団体の条例と規則の額。lawful_assembly と lawful_small は、政令の額。"""

    code: str
    name: str
    assembly: int | str | None
    small: int | str | None
    small_since: date | None
    ordinance: str
    lawful_assembly: int | None
    lawful_small: int
    changed_at: datetime | None
    changed_by: str | None
    version: int


class DeadlinesBody(Body, frozen=True, kw_only=True):
    """ロットの記号ごとの納入期限。null は期限なし。挙げなかったロットは変わらない。"""

    days: dict[str, date | None]


class DeadlineShown(Shown, frozen=True, kw_only=True):
    """ロットの納入期限。"""

    lot: str
    title: str
    day: date | None


class DeadlineList(Shown, frozen=True, kw_only=True):
    """契約するロットの納入期限。"""

    items: tuple[DeadlineShown, ...]


# ---- the amounts of a body ---------------------------------------------------------------------------


@operation(
    "GET",
    _OWN,
    Permission.READ_OWN_RESULTS,
    Scope.CONTRACTS_READ,
    "自団体の議決と随意契約の額を読む",
    tag=TAG,
    answer=LimitsShown,
)
def read_own_limits(visit: Visit) -> Sent:
    return _limits_sent(visit, _member(visit, visit.body_code))


@operation(
    "PUT",
    _OWN,
    Permission.RECORD_CONTRACTS,
    Scope.CONTRACTS_WRITE,
    "自団体の議決と随意契約の額を定める",
    tag=TAG,
    body=LimitsBody,
    answer=LimitsShown,
    matches=True,
    example=_LIMITS,
)
def set_own_limits(visit: Visit, body: LimitsBody) -> Sent:
    return _limits_set(visit, _member(visit, visit.body_code), body)


@operation(
    "GET",
    _OF_A_BODY,
    Permission.READ_ROUNDS,
    Scope.CONTRACTS_READ,
    "団体の議決と随意契約の額を読む",
    tag=TAG,
    answer=LimitsShown,
)
def read_limits(visit: Visit, code: str) -> Sent:
    return _limits_sent(visit, _member(visit, code))


@operation(
    "PUT",
    _OF_A_BODY,
    Permission.MANAGE_MEMBERS,
    Scope.CONTRACTS_WRITE,
    "団体の議決と随意契約の額を定める",
    tag=TAG,
    body=LimitsBody,
    answer=LimitsShown,
    matches=True,
    example=_LIMITS,
)
def set_limits_of_a_body(visit: Visit, code: str, body: LimitsBody) -> Sent:
    return _limits_set(visit, _member(visit, code), body)


def _member(visit: Visit, code: str) -> BodyRow:
    """Raises NotFound."""
    body = visit.session.get(BodyRow, code)
    if body is None or not body.is_member:
        raise NotFound
    return body


def _limits_set(visit: Visit, row: BodyRow, body: LimitsBody) -> Sent:
    known = limits_row(visit.session, row.code)
    version = known.version if known else 0
    require_match(visit, version)
    limits = Limits(body.assembly, body.small, body.small_since, body.ordinance)
    set_limits(visit.session, row, limits, version, visit.person, visit.now)
    return _limits_sent(visit, row)


def _limits_sent(visit: Visit, body: BodyRow) -> Sent:
    row = limits_row(visit.session, body.code)
    own, version = limits_value(row), row.version if row else 0
    value = LimitsShown(
        code=body.code,
        name=body.display_name,
        assembly=amount(own.assembly),
        small=amount(own.small),
        small_since=own.small_since,
        ordinance=own.ordinance,
        lawful_assembly=lawful_assembly_limit(body.code, body.kind),
        lawful_small=lawful_small_limit(body),
        changed_at=row.changed_at if row else None,
        changed_by=row.changed_by if row else None,
        version=version,
    )
    return Sent(value, version=version)


# ---- 納入期限 ----------------------------------------------------------------------------------------


@operation(
    "GET",
    _DEADLINES,
    Permission.READ_ROUNDS,
    Scope.CONTRACTS_READ,
    "納入期限を読む",
    tag=TAG,
    answer=DeadlineList,
    waits=True,
)
def read_deadlines(visit: Visit, ref: str) -> Sent:
    """Raises Conflict before the decision is confirmed."""
    row = find_round(visit.session, ref)
    require_confirmed(row)
    return _deadlines_sent(visit, row)


@operation(
    "PUT",
    _DEADLINES,
    Permission.MANAGE_ROUNDS,
    Scope.CONTRACTS_WRITE,
    "納入期限を定める",
    tag=TAG,
    body=DeadlinesBody,
    answer=DeadlineList,
    matches=True,
    example={"days": {"pc": "2027-02-26"}},
)
def set_the_deadlines(visit: Visit, ref: str, body: DeadlinesBody) -> Sent:
    row = locked_round(visit.session, ref)
    require_confirmed(row)
    standing = _deadlines(visit, row)
    require_match(visit, _version(standing))
    known = {one.lot for one in standing}
    refuse(
        Fault(f"days.{lot[:60]}", "このロットには契約がありません。記号を確かめてください。")
        for lot in body.days
        if lot not in known
    )
    with faults_named(lambda field: field.replace("deadline-", "days.", 1)):
        set_deadlines(visit.session, row, body.days, visit.person, visit.now)
    return _deadlines_sent(visit, row)


def _deadlines_sent(visit: Visit, row: RoundRow) -> Sent:
    standing = _deadlines(visit, row)
    return Sent(DeadlineList(items=standing), version=_version(standing))


def _deadlines(visit: Visit, row: RoundRow) -> tuple[DeadlineShown, ...]:
    agreed = agreed_in(visit.session, row)
    days = deadlines_in(visit.session, [one.lot_id for one in agreed])
    return tuple(DeadlineShown(lot=one.lot.id, title=one.lot.title, day=days.get(one.lot_id)) for one in agreed)


def _version(standing: tuple[DeadlineShown, ...]) -> str:
    """The days count no changes: their version is what they say."""
    return " ".join("none" if one.day is None else one.day.isoformat() for one in standing)


operations: list[Operation] = [
    read_deadlines,
    set_the_deadlines,
    read_own_limits,
    set_own_limits,
    read_limits,
    set_limits_of_a_body,
]
