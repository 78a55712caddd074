"""The page of a round: how far it has come, what to do next, what it saves, and who bid what."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from procure.bids.tables import AttemptRow
from procure.reports.queries import settled_round
from procure.reports.report import LotReport, RoundReport
from procure.reports.taken_in import taken_in
from procure.rounds.queries import find_round, rounds_following, rounds_newest_first
from procure.rounds.questions import waiting_count
from procure.rounds.rules import is_before_its_year
from procure.rounds.stages import Act, Stage, may
from procure.rounds.tables import RoundRow
from procure.server import Answer, Page, Permission, Visit, get
from procure.settlement.round import Lot
from procure.values.rounding import percent
from procure.web.after_tender import LotWays, ways_in
from procure.web.attachments import files_of
from procure.web.next_steps import next_step
from procure.web.opening_steps import is_proposable
from procure.web.round_view import LotView, Step, Totals, lot_view, savings_note, steps_of, totals_of, without_verdict
from procure.web.standing import NextStep, Standing, standing_as


@dataclass(frozen=True, slots=True)
class RoundView:
    """Everything on the page. `ways` are those of the lots without a contract, `chosen` is the lot whose bids are open.

    Unless it `is_judged` some bids wait for their check, and nothing that follows from bids is told.
    """

    ref: str
    report: RoundReport
    is_sample: bool
    stage: Stage
    steps: tuple[Step, ...]
    next: NextStep | None
    ways: tuple[LotWays, ...]
    may_propose: bool
    is_confirmed: bool
    is_judged: bool
    deadline: datetime | None
    now: datetime
    members: int
    answers: int
    participation: Decimal | None
    lots: tuple[LotView, ...]
    totals: Totals
    chosen: LotView | None

    @property
    def item_count(self) -> int:
        return sum(len(lot.items) for lot in self.lots)

    @property
    def quantity(self) -> int:
        return sum(lot.quantity for lot in self.lots)

    @property
    def unit(self) -> str | None:
        units = {lot.unit for lot in self.lots}
        return units.pop() if len(units) == 1 else None

    @property
    def has_awards(self) -> bool:
        """Also candidates."""
        return self.is_judged and bool(self.report.awarded)

    @property
    def awarded_lots(self) -> list[tuple[str, str]]:
        """The confirmed awards that may still come to no contract: title, and the page with what is done then."""
        lots = [lot for lot in self.report.awarded if self.is_confirmed and lot.negotiation is None]
        return [(lot.title, f"/rounds/{self.ref}/lots/{lot.id}/decision#options") for lot in lots]

    @property
    def savings_note(self) -> str | None:
        return savings_note(self.report, self.lots_word)

    @property
    def lots_word(self) -> str:
        return "落札した" if self.is_confirmed else "落札候補のある"

    @property
    def tabs(self) -> list[tuple[str, str, bool]]:
        """A link for each lot with bids: (label, address, whether it is the one shown)."""
        shown = [lot for lot in self.lots if lot.attempts]
        return [(lot.title, f"?lot={lot.id}#bids", lot == self.chosen) for lot in shown]

    @property
    def bidder_lots(self) -> list[tuple[str, str]]:
        """Who is registered for each lot, before there are bids to show."""
        return [(lot.title, "、".join(lot.bidders)) for lot in self.lots if lot.bidders]

    @property
    def may_publish(self) -> bool:
        """As `require_publishable` has it."""
        return self.is_confirmed and may(Act.PUBLISH, self.stage)

    def allows(self, act: str) -> bool:
        """Whether the stage allows an act, by its name."""
        return may(Act(act), self.stage)


@get("/rounds/{ref}", Permission.READ_ROUNDS)
def show_round(visit: Visit, ref: str) -> Answer:
    row = find_round(visit.session, ref)
    view = round_view(visit, row, visit.query.text("lot"))
    values = {
        "round": view,
        "files": files_of(visit, row),
        "linked": _linked(visit, row),
        "taken_in": taken_in(visit.session, row),
        "is_early": is_before_its_year(row.fiscal_year, row.bid_date),
        "waiting": waiting_count(visit.session, row),
        "may_manage": visit.person.may(Permission.MANAGE_ROUNDS),
        "may_read_history": visit.person.may(Permission.READ_HISTORY),
    }
    return Page("round.html", values)


def _linked(visit: Visit, row: RoundRow) -> list[tuple[str, str, str]]:
    """The round whose failed tender this one repeats, and those that repeat one of this: what, number, title.

    A round that was taken in from a file may follow one that is not here.
    """
    before = [one for one in rounds_newest_first(visit.session) if one.ref == row.follows]
    after = rounds_following(visit.session, row.ref)
    return [
        *(("再度公告入札の元の案件", one.ref, one.title) for one in before),
        *(("再度公告入札に付した案件", one.ref, one.title) for one in after),
    ]


def round_view(visit: Visit, row: RoundRow, chosen: str) -> RoundView:
    settled = settled_round(visit.session, row)
    report = settled.report
    at = standing_as(visit.session, row, settled.round, settled.result, visit.now, visit.viewer)
    lots = tuple(_lot_view(at, value, lot) for value, lot in zip(settled.round.lots, report.lots, strict=True))
    shown = [lot for lot in lots if lot.attempts]
    is_judged = not any(isinstance(at.obstacle(lot, result), AttemptRow) for lot, result in at.lots)
    return RoundView(
        ref=row.ref,
        report=report,
        is_sample=settled.is_sample,
        stage=row.stage,
        steps=steps_of(row),
        next=next_step(at),
        ways=ways_in(visit.session, row, settled) if row.opened_at is not None else (),
        may_propose=is_proposable(at),
        is_confirmed=at.is_confirmed,
        is_judged=is_judged,
        deadline=row.survey_deadline,
        now=visit.now,
        members=report.members,
        answers=at.answers,
        participation=percent(report.participants, report.members, 1) if report.members else None,
        lots=lots,
        totals=totals_of(report, is_judged=is_judged),
        chosen=next((lot for lot in shown if lot.id == chosen), shown[0] if shown else None),
    )


def _lot_view(at: Standing, lot: Lot, report: LotReport) -> LotView:
    view = lot_view(at.row, report, tuple(bidder.name for bidder in lot.bidders), at.is_confirmed)
    view = replace(view, may_cancel=_may_call_off(at, lot))
    unchecked = at.waiting.attempts.get(lot.id)
    return view if unchecked is None else without_verdict(view, report, lot, unchecked.number)


def _may_call_off(at: Standing, lot: Lot) -> bool:
    """As `require_callable_off` has it."""
    is_negotiated = lot.negotiation is not None or lot.id in at.waiting.negotiations
    may_be = may(Act.CANCEL_LOT, at.row.stage) and not at.is_confirmed
    return may_be and lot.cancelled is None and not is_negotiated


routes = [show_round]
