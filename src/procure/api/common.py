"""What belongs to no round in particular: who one is, the bodies, the history, and results that anybody may read."""

from datetime import datetime

from procure.accounts.roles import Permission, Role
from procure.accounts.scopes import Scope
from procure.api.fields import Shown
from procure.api.operation import Operation, Query, Sent, operation
from procure.api.paging import CURSOR, LIMIT, PAGING, key_of, limit_of, next_address, page_of, place_of_round
from procure.api.report_values import PublishedLine, PublishedList, PublishedRound, lot_outcome, published_line
from procure.errors import Fault, Invalid, NotFound
from procure.history.queries import Event, events_of_round, latest_events
from procure.parties.queries import bodies
from procure.parties.tables import BodyRow
from procure.reports.queries import settled_round
from procure.rounds.queries import find_round, rounds_in
from procure.rounds.stages import Stage
from procure.server import Visit

YEAR = Query("fiscal_year", "年度（西暦）", "2021", r"^[0-9]{4}$")
_BODIES = (Permission.READ_ROUNDS, Scope.ROUNDS_READ)
_HISTORY = (Permission.READ_HISTORY, Scope.ROUNDS_READ)


class Me(Shown, frozen=True, kw_only=True):
    """トークンの持ち主と、認められた操作。"""

    login: str
    name: str
    role: Role
    body_code: str | None
    body_name: str | None
    token: str
    scopes: tuple[Scope, ...]


class BodyShown(Shown, frozen=True, kw_only=True):
    """団体。"""

    code: str
    name: str
    kana: str
    kind: str
    prefecture: str
    is_member: bool
    needs_approval: bool


class BodyList(Shown, frozen=True, kw_only=True):
    """団体の一覧（コード順）。"""

    items: tuple[BodyShown, ...]
    next: str | None


class ChangeShown(Shown, frozen=True, kw_only=True):
    """変わった項目。"""

    what: str
    before: str | None
    after: str | None


class EventShown(Shown, frozen=True, kw_only=True):
    """操作の記録。"""

    number: int
    at: datetime
    actor: str
    action: str
    label: str
    round_ref: str | None
    subject: str
    changes: tuple[ChangeShown, ...]


class EventList(Shown, frozen=True, kw_only=True):
    """操作の記録（新しい順）。"""

    items: tuple[EventShown, ...]
    next: str | None


@operation("GET", "/me", Permission.SIGNED_IN, None, "トークンの持ち主を確かめる", tag="共通", answer=Me)
def read_me(visit: Visit) -> Sent:
    person = visit.person
    if person.through is None:
        raise LookupError("a program comes with a token")
    return Sent(
        Me(
            login=person.login,
            name=person.name,
            role=person.role,
            body_code=person.body_code,
            body_name=person.body_name,
            token=person.through.name,
            scopes=tuple(scope for scope in Scope if scope in person.through.scopes),
        )
    )


@operation("GET", "/bodies", *_BODIES, "団体の一覧", tag="共通", answer=BodyList, query=PAGING)
def list_bodies(visit: Visit) -> Sent:
    page, following = page_of(visit, bodies(visit.session), lambda row: (row.code,))
    return Sent(BodyList(items=tuple(_body(row) for row in page), next=following), next=following)


@operation("GET", "/bodies/{code}", *_BODIES, "団体を読む", tag="共通", answer=BodyShown)
def read_a_body(visit: Visit, code: str) -> Sent:
    row = visit.session.get(BodyRow, code)
    if row is None:
        raise NotFound
    return Sent(_body(row))


@operation("GET", "/history", *_HISTORY, "操作の記録", tag="共通", answer=EventList, query=(LIMIT, CURSOR))
def read_history(visit: Visit) -> Sent:
    return _events_sent(visit, latest_events(visit.session, limit_of(visit) + 1, _before(visit)))


@operation("GET", "/rounds/{ref}/history", *_HISTORY, "案件の操作の記録", tag="共通", answer=EventList, query=PAGING)
def read_history_of_a_round(visit: Visit, ref: str) -> Sent:
    row = find_round(visit.session, ref)
    return _events_sent(visit, events_of_round(visit.session, row.ref, limit_of(visit) + 1, _before(visit)))


@operation(
    "GET",
    "/published",
    Permission.PUBLIC,
    None,
    "公表された結果の一覧（トークン不要）",
    tag="公開",
    answer=PublishedList,
    query=(YEAR, *PAGING),
)
def list_published(visit: Visit) -> Sent:
    year = visit.query.text("fiscal_year")
    rows = [row for row in rounds_in(visit.session, Stage.PUBLISHED) if year in ("", str(row.fiscal_year))]
    page, following = page_of(visit, rows, place_of_round)
    lines = tuple(published_line(row, settled_round(visit.session, row, for_public=True).report) for row in page)
    return Sent(PublishedList(items=lines, next=following), next=following)


@operation(
    "GET",
    "/published/{ref}",
    Permission.PUBLIC,
    None,
    "公表された結果を読む（トークン不要）",
    tag="公開",
    answer=PublishedRound,
)
def read_published(visit: Visit, ref: str) -> Sent:
    row = find_round(visit.session, ref)
    if row.stage is not Stage.PUBLISHED:
        raise NotFound
    report = settled_round(visit.session, row, for_public=True).report
    line = published_line(row, report)
    own = {name: getattr(line, name) for name in PublishedLine.__struct_fields__}
    return Sent(PublishedRound(**own, lots=tuple(lot_outcome(lot) for lot in report.lots)))


def _body(row: BodyRow) -> BodyShown:
    return BodyShown(
        code=row.code,
        name=row.display_name,
        kana=row.kana,
        kind=row.kind,
        prefecture=row.prefecture,
        is_member=row.is_member,
        needs_approval=row.needs_approval,
    )


def _before(visit: Visit) -> int | None:
    key = key_of(visit)
    if key is None:
        return None
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        raise Invalid(Fault("cursor", "続きの位置が読み取れません。最初から読み取ってください。"))
    return int(key)


def _events_sent(visit: Visit, events: tuple[Event, ...]) -> Sent:
    """One event more than asked for was read, to see whether there is a next page."""
    limit = limit_of(visit)
    page = events[:limit]
    following = next_address(visit, str(page[-1].number)) if len(events) > limit else None
    return Sent(EventList(items=tuple(_event(one) for one in page), next=following), next=following)


def _event(event: Event) -> EventShown:
    return EventShown(
        number=event.number,
        at=event.at,
        actor=event.actor,
        action=event.action,
        label=event.label,
        round_ref=event.round_ref,
        subject=event.subject,
        changes=tuple(ChangeShown(what=one.what, before=one.before, after=one.after) for one in event.changes),
    )


operations: list[Operation] = [
    read_me,
    list_bodies,
    read_a_body,
    read_history,
    read_history_of_a_round,
    list_published,
    read_published,
]
