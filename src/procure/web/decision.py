"""The decision of a lot with its reasons; publishing the result of a round."""

from dataclasses import dataclass

from procure.accounts.roles import Permission as Right
from procure.awards.actions import publish, require_publishable
from procure.awards.queries import confirmation_of
from procure.bids.rules import correction
from procure.documents.award import ceiling_words
from procure.reports.queries import settled_round
from procure.reports.report import LotReport
from procure.rounds.queries import find_lot, find_round, locked_round
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from procure.server import Answer, Done, Goto, Page, Permission, Visit, get, post
from procure.settlement.labels import attempt_label
from procure.settlement.result import Outcome
from procure.settlement.round import DrawMethod, Lot
from procure.web.next_steps import NextStep, next_step, standing_of
from procure.web.ranking import CANDIDATE, AttemptView, ranked

TONES = {
    Outcome.AWARDED: "green",
    Outcome.PENDING: "gray",
    Outcome.CANCELLED: "gray",
    Outcome.DRAW_REQUIRED: "yellow",
    Outcome.REVIEW_REQUIRED: "yellow",
    Outcome.REBID: "yellow",
    Outcome.NO_BIDS: "orange",
    Outcome.NO_AWARD: "orange",
}


@dataclass(frozen=True, slots=True)
class LotView:
    """A lot as it was decided; `ceiling` is 予定価格 in words, or "" where there is nothing to say of it."""

    report: LotReport
    outcome: str
    tone: str
    ceiling: str
    attempts: tuple[AttemptView, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """A link to what may still be done about a lot."""

    label: str
    href: str


# ---- the decision of a lot ---------------------------------------------------------------------------


@get("/rounds/{ref}/lots/{lot}/decision", Permission.READ_ROUNDS)
def show_decision(visit: Visit, ref: str, lot: str) -> Answer:
    row = find_round(visit.session, ref)
    find_lot(visit.session, row.id, lot)
    settled = settled_round(visit.session, row)
    report = next(one for one in settled.report.lots if one.id == lot)
    value = next(one for one in settled.round.lots if one.id == lot)
    values = {
        "ref": row.ref,
        "title": row.title,
        "lot": lot_view(report, is_confirmed=row.confirmed_at is not None),
        "is_confirmed": row.confirmed_at is not None,
        "acts": _acts(row, value) if visit.person.may(Right.RECORD_BIDS) else (),
        "next": _next(visit, row),
    }
    return Page("awards/decision.html", values)


def lot_view(report: LotReport, *, is_confirmed: bool) -> LotView:
    is_candidate = report.outcome is Outcome.AWARDED and not is_confirmed
    return LotView(
        report=report,
        outcome=CANDIDATE if is_candidate else report.outcome_label,
        tone=TONES[report.outcome],
        ceiling=ceiling_words(report),
        attempts=tuple(ranked(attempt, is_confirmed=is_confirmed) for attempt in report.attempts),
    )


def _acts(row: RoundRow, lot: Lot) -> tuple[Act, ...]:
    if row.stage is not Stage.OPENING or row.confirmed_at is not None:
        return ()
    path = f"/rounds/{row.ref}/lots/{lot.id}"
    acts = []
    if entry := correction(lot):
        acts.append(Act(f"{attempt_label(entry.number)}の記録を訂正する", f"{path}/attempts/{entry.number}"))
    if lot.draw is not None and lot.rules.draw is DrawMethod.PAPER:
        acts.append(Act("くじの結果を訂正する", f"{path}/draw"))
    return tuple(acts)


def _next(visit: Visit, row: RoundRow) -> NextStep | None:
    return (
        next_step(standing_of(visit.session, row, visit.now, visit.viewer))
        if visit.person.may(Right.MANAGE_ROUNDS)
        else None
    )


# ---- publishing --------------------------------------------------------------------------------------


@get("/rounds/{ref}/publish", Permission.PUBLISH)
def show_publish(visit: Visit, ref: str) -> Answer:
    row = find_round(visit.session, ref)
    require_publishable(row)
    report = settled_round(visit.session, row, for_public=True).report
    confirmation = confirmation_of(visit.session, row)
    values = {
        "ref": row.ref,
        "title": row.title,
        "report": report,
        "lots": [lot_view(lot, is_confirmed=True) for lot in report.lots],
        "decision": (confirmation.decision_number, confirmation.decision_date) if confirmation else None,
    }
    return Page("awards/publish.html", values)


@post("/rounds/{ref}/publish", Permission.PUBLISH)
def publish_results(visit: Visit, ref: str) -> Answer:
    row = locked_round(visit.session, ref)
    publish(visit.session, row, visit.person, visit.now)
    return Goto(f"/rounds/{row.ref}", Done.results_published)


routes = [show_decision, show_publish, publish_results]
