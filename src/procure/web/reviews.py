"""事後審査: the examination of the 落札候補者, and who moves up where it lacks the qualification."""

from collections.abc import Sequence
from dataclasses import dataclass

from procure.bids.actions import lot_value
from procure.bids.reviews import candidate_of, record_review, review_faults
from procure.bids.tables import BidderRow
from procure.errors import Fault
from procure.reports.queries import settled_round
from procure.rounds.queries import find_lot, find_round, locked_round
from procure.rounds.tables import LotRow, RoundRow
from procure.server import Answer, Done, Goto, Page, Permission, Visit, get, post
from procure.settlement.round import Lot, QualificationReview
from procure.values.era import parse_date
from procure.values.money import Yen
from procure.web.reading import Reading
from procure.web.rounds import CHANGED_MEANWHILE, is_stale

PASSED, FAILED = "passed", "failed"
VERDICTS = ((PASSED, "適合（入札参加資格がある）"), (FAILED, "不適合（入札参加資格がない）"))
NO_VERDICT = "審査の結果を選んでください。"
NO_DAY = "審査日を入力してください（例：令和8年12月11日）。"
FIELDS = ("verdict", "reason", "reviewed_on")


@dataclass(frozen=True, slots=True)
class Reviewing:
    """The lot whose candidate is examined now."""

    row: RoundRow
    lot_row: LotRow
    lot: Lot
    candidate: BidderRow


@get("/rounds/{ref}/lots/{lot}/review", Permission.RECORD_BIDS)
def show_review(visit: Visit, ref: str, lot: str) -> Answer:
    return _page(visit, _reviewing(visit, find_round(visit.session, ref), lot))


@post("/rounds/{ref}/lots/{lot}/review", Permission.RECORD_BIDS)
def save_review(visit: Visit, ref: str, lot: str) -> Answer:
    at = _reviewing(visit, locked_round(visit.session, ref), lot)
    if is_stale(visit.form, at.row):
        return _page(visit, at, conflict=CHANGED_MEANWHILE)
    review, faults = _read(visit, at)
    if review is None or faults:
        return _page(visit, at, faults)
    record_review(visit.session, at.row, at.lot_row, review, visit.person, visit.now)
    return Goto(f"/rounds/{at.row.ref}/lots/{at.lot.id}/decision", Done.review_recorded)


def _read(visit: Visit, at: Reviewing) -> tuple[QualificationReview | None, Sequence[Fault]]:
    """The review where it could be read, and every fault."""
    reading = Reading(visit.form)
    verdict = reading.text("verdict")
    if verdict not in (PASSED, FAILED):
        reading.faults.append(Fault("verdict", NO_VERDICT))
    reason = reading.text("reason", lines=True)
    day = reading.value("reviewed_on", parse_date, NO_DAY)
    today = visit.now.date()
    opened = at.row.opened_at.date() if at.row.opened_at else today
    review = QualificationReview(
        at.candidate.ref, verdict != FAILED, reason if verdict == FAILED else None, day or opened
    )
    faults = sorted(reading.judged(review_faults(review, opened, today)), key=lambda one: FIELDS.index(one.field))
    return (None if day is None else review), faults


def _reviewing(visit: Visit, row: RoundRow, lot: str) -> Reviewing:
    """Raises Conflict where nobody waits for a review."""
    lot_row = find_lot(visit.session, row.id, lot)
    candidate = candidate_of(visit.session, row, lot_row)
    return Reviewing(row, lot_row, lot_value(visit.session, row, lot_row), candidate)


def _page(visit: Visit, at: Reviewing, faults: Sequence[Fault] = (), conflict: str | None = None) -> Page:
    values = {
        "ref": at.row.ref,
        "title": at.row.title,
        "lot": at.lot.id,
        "lot_title": at.lot.title,
        "candidate": at.candidate.name,
        "total": _total(visit, at),
        "earlier": [(one.reason, name) for one, name in _earlier(at)],
        "was_drawn": at.lot.draw is not None,
        "verdicts": VERDICTS,
        "verdict": visit.form.text("verdict"),
        "reason": visit.form.text("reason"),
        "reviewed_on": visit.form.text("reviewed_on"),
        "version": at.row.version,
        "faults": faults,
        "conflict": conflict,
    }
    return Page("awards/review.html", values, status=409 if conflict else 422 if faults else 200)


def _total(visit: Visit, at: Reviewing) -> Yen | None:
    """What the candidate bid, tax-exclusive yen."""
    report = next(lot for lot in settled_round(visit.session, at.row).report.lots if lot.id == at.lot.id)
    return next(bid.amount for bid in report.attempts[-1].bids if bid.bidder == at.candidate.ref)


def _earlier(at: Reviewing) -> list[tuple[QualificationReview, str]]:
    names = {bidder.id: bidder.name for bidder in at.lot.bidders}
    return [(review, names[review.bidder]) for review in at.lot.reviews]


routes = [show_review, save_review]
