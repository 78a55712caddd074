"""The decision of a lot with its reasons; publishing the result of a round."""

from dataclasses import dataclass, replace
from datetime import date

from procure.accounts.roles import Permission as Right
from procure.awards.actions import publish, require_publishable
from procure.awards.queries import confirmation_of
from procure.bids.after_queries import waiting_negotiations
from procure.bids.queries import attempts_of
from procure.bids.tables import AttemptRow
from procure.documents.award import ceiling_words
from procure.reports.queries import settled_round
from procure.reports.report import LotReport
from procure.reports.taken_in import taken_in, taken_in_of
from procure.rounds.queries import find_lot, find_round, locked_round, lots_of, rounds_following
from procure.rounds.stages import Stage
from procure.rounds.tables import LotRow, RoundRow
from procure.server import Answer, Done, Goto, Page, Permission, Visit, get, post
from procure.settlement.labels import attempt_label
from procure.settlement.result import Outcome
from procure.settlement.round import Lot
from procure.web.after_tender import Waiting, options_of, rebid_of, unchecked_attempt, waiting_for
from procure.web.attempt_record import corrections_view
from procure.web.few_bidders import LoneBidder, lone_bidders
from procure.web.next_steps import next_step
from procure.web.ranking import CANDIDATE, AttemptView, attempts_shown, ranked
from procure.web.standing import NextStep, standing_of

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
class ReviewLine:
    """事後審査 of one candidate."""

    name: str
    verdict: str
    tone: str
    reason: str | None
    reviewed_on: date


@dataclass(frozen=True, slots=True)
class Act:
    """A link to what may still be done about a lot."""

    label: str
    href: str


# ---- the decision of a lot ---------------------------------------------------------------------------


@get("/rounds/{ref}/lots/{lot}/decision", Permission.READ_ROUNDS)
def show_decision(visit: Visit, ref: str, lot: str) -> Answer:
    row = find_round(visit.session, ref)
    lot_row = find_lot(visit.session, row.id, lot)
    settled = settled_round(visit.session, row)
    place = next(index for index, one in enumerate(settled.round.lots) if one.id == lot)
    value, result, report = settled.round.lots[place], settled.result.lots[place], settled.report.lots[place]
    unchecked = unchecked_attempt(visit.session, lot_row)
    waiting = waiting_for(visit.session, row, value, result)
    may_act = visit.person.may(Right.RECORD_BIDS)
    values = {
        "ref": row.ref,
        "title": row.title,
        "lot": _shown(row, value, report, waiting, unchecked),
        "is_confirmed": row.confirmed_at is not None,
        "is_judged": unchecked is None or value.cancelled is not None,
        "is_checked": unchecked is None,
        "waiting": waiting,
        "taken_in": taken_in_of(visit.session, row, lot_row),
        "may_act": may_act,
        "lone_bidders": _lone_bidders(row, value) if unchecked is None else (),
        "rebid": None if unchecked else rebid_of(value, result),
        "options": options_of(visit.session, row, lot_row, value, result),
        "corrections": corrections_view(visit.session, lot_row, value),
        "reviews": _reviews(value),
        "following": [(other.ref, other.title) for other in _repeating(visit, row, lot)],
        "acts": _acts(visit, row, lot_row, value) if may_act else (),
        "next": _next(visit, row),
    }
    return Page("awards/decision.html", values)


def _shown(
    row: RoundRow, lot: Lot, report: LotReport, waiting: Waiting | None, unchecked: AttemptRow | None
) -> LotView:
    """Nothing is decided on bids that nobody has compared with the papers, nor while something else waits."""
    view = lot_view(report, is_confirmed=row.confirmed_at is not None)
    if unchecked is not None:
        attempts = attempts_shown(lot, report, unchecked.number, is_confirmed=row.confirmed_at is not None)
        told = replace(report, explanation=report.explanation[-1:])  # the 取止め, or nothing that the page shows
        view = replace(view, report=told, ceiling="", attempts=attempts)
    return replace(view, outcome=waiting.label, tone="yellow") if waiting else view


def _lone_bidders(row: RoundRow, lot: Lot) -> tuple[LoneBidder, ...]:
    """As long as the lot may still be called off."""
    is_open = row.stage is Stage.OPENING and row.confirmed_at is None and bool(lot.attempts)
    return lone_bidders(row.ref, [lot]) if is_open else ()


def _reviews(lot: Lot) -> list[ReviewLine]:
    names = {bidder.id: bidder.name for bidder in lot.bidders}
    return [
        ReviewLine(
            names[review.bidder],
            "適合" if review.passed else "不適合",
            "green" if review.passed else "orange",
            review.reason,
            review.reviewed_on,
        )
        for review in lot.reviews
    ]


def _repeating(visit: Visit, row: RoundRow, lot: str) -> list[RoundRow]:
    """The rounds in which the lot is tendered again."""
    return [
        other
        for other in rounds_following(visit.session, row.ref)
        if any(one.ref == lot for one in lots_of(visit.session, other.id))
    ]


def lot_view(report: LotReport, *, is_confirmed: bool) -> LotView:
    is_candidate = report.outcome is Outcome.AWARDED and not is_confirmed
    return LotView(
        report=report,
        outcome=CANDIDATE if is_candidate else report.outcome_label,
        tone=TONES[report.outcome],
        ceiling=ceiling_words(report),
        attempts=tuple(ranked(attempt, is_confirmed=is_confirmed) for attempt in report.attempts),
    )


def _acts(visit: Visit, row: RoundRow, lot_row: LotRow, lot: Lot) -> tuple[Act, ...]:
    if row.stage is not Stage.OPENING or row.confirmed_at is not None:
        return ()
    path = f"/rounds/{row.ref}/lots/{lot.id}"
    may_mend = lot.cancelled is None
    return tuple(_record_act(attempt, path, may_mend) for attempt in attempts_of(visit.session, lot_row))


def _record_act(attempt: AttemptRow, path: str, may_mend: bool) -> Act:
    """Before the check a mistake is mended in the record, after it beside it; after a 取止め it is only read."""
    what = "見る" if not may_mend else "直す" if attempt.checked_at is None else "見る・訂正する"
    return Act(f"{attempt_label(attempt.number)}の記録を{what}", f"{path}/attempts/{attempt.number}")


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
        "taken_in": taken_in(visit.session, row),
        "lots": [lot_view(lot, is_confirmed=True) for lot in report.lots],
        "waiting": [lot.title for lot in report.lots if lot.id in waiting_negotiations(visit.session, row.id)],
        "decision": (confirmation.decision_number, confirmation.decision_date) if confirmation else None,
    }
    return Page("awards/publish.html", values)


@post("/rounds/{ref}/publish", Permission.PUBLISH)
def publish_results(visit: Visit, ref: str) -> Answer:
    row = locked_round(visit.session, ref)
    publish(visit.session, row, visit.person, visit.now)
    return Goto(f"/rounds/{row.ref}", Done.results_published)


routes = [show_decision, show_publish, publish_results]
