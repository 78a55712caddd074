"""The start page: for a stranger what this is and what was published, for everybody else what is to be done next."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from procure.accounts.roles import Role
from procure.bids.after_queries import rounds_with_waiting_negotiations
from procure.history.queries import Event, latest_events
from procure.parties.queries import directory
from procure.rounds.queries import rounds_in, rounds_newest_first
from procure.rounds.questions import waiting_count
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from procure.server import Answer, Page, Permission, Visit, get
from procure.web.demand_view import surveys_of
from procure.web.next_steps import next_step
from procure.web.published import published_lines
from procure.web.results import own_results
from procure.web.standing import NextStep, standing_of

SHOWN = 5
EVENTS = 15
EVENTS_READ = 100
NO_CHANGES = ("signed_in", "signed_out")
NEW_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done next on a round that is not finished. `questions` wait for a published answer."""

    ref: str
    title: str
    stage: str
    is_sample: bool
    step: NextStep | None
    due: datetime | None
    questions: int


@dataclass(frozen=True, slots=True)
class Happening:
    """An event as it is told: when, who, what, and the round it belongs to."""

    at: datetime
    actor: str
    what: str
    round_ref: str | None


@get("/", Permission.PUBLIC)
def show_home(visit: Visit) -> Answer:
    if visit.viewer is None:
        rows = rounds_in(visit.session, Stage.PUBLISHED)[:SHOWN]
        return Page("welcome.html", {"rounds": published_lines(visit.session, rows)})
    return _BY_ROLE[visit.viewer.role](visit)


def _municipality(visit: Visit) -> Page:
    surveys = [one for one in surveys_of(visit.session, visit.person, visit.body_code, visit.now) if one.is_open]
    surveys.sort(key=lambda one: (one.deadline or visit.now, one.ref))
    new = [row for row in rounds_in(visit.session, Stage.PUBLISHED) if _is_new(row, visit.now)][:SHOWN]
    results = [one for one in own_results(visit.session, new, visit.body_code) if one.took_part]
    return Page("home_municipality.html", {"surveys": surveys, "results": results, "now": visit.now})


def _secretariat(visit: Visit) -> Page:
    return Page("home.html", {"tasks": _tasks(visit), "now": visit.now, "events": ()})


def _auditor(visit: Visit) -> Page:
    names = {code: body.display_name for code, body in directory(visit.session).items()}
    changes = [event for event in latest_events(visit.session, EVENTS_READ) if event.action not in NO_CHANGES]
    events = [_happening(event, names) for event in changes[:EVENTS]]
    return Page("home.html", {"tasks": _tasks(visit), "now": visit.now, "events": events})


def _is_new(row: RoundRow, now: datetime) -> bool:
    return row.published_at is not None and now - row.published_at < NEW_FOR


def _tasks(visit: Visit) -> list[Task]:
    """The rounds that are not finished: the nearest deadline first, then the nearest 入札日.

    A published one is not finished while a negotiated contract waits for its second person.
    """
    waiting = rounds_with_waiting_negotiations(visit.session)
    rows = [row for row in rounds_newest_first(visit.session) if row.stage is not Stage.PUBLISHED or row.id in waiting]
    rows.sort(key=lambda row: (_due(row) is None, _due(row) or visit.now, row.bid_date, row.ref))
    return [_task(visit, row) for row in rows]


def _task(visit: Visit, row: RoundRow) -> Task:
    step = next_step(standing_of(visit.session, row, visit.now, visit.viewer))
    return Task(row.ref, row.title, row.stage.label, row.is_sample, step, _due(row), waiting_count(visit.session, row))


def _due(row: RoundRow) -> datetime | None:
    """What the round waits for by the clock."""
    return row.survey_deadline if row.stage is Stage.SURVEYING else None


def _happening(event: Event, names: dict[str, str]) -> Happening:
    subject = names.get(event.subject, event.subject)
    return Happening(event.at, event.actor, f"{event.label}　{subject}" if subject else event.label, event.round_ref)


_BY_ROLE: dict[Role, Callable[[Visit], Page]] = {
    Role.MUNICIPALITY: _municipality,
    Role.SECRETARIAT: _secretariat,
    Role.AUDITOR: _auditor,
}

routes = [show_home]
