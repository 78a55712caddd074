"""The page of a round: how far it has come, what to do next, what it saves, and who bid what."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from procure.awards.queries import confirmation_of
from procure.demand.queries import submissions_of
from procure.reports.queries import settled_round
from procure.reports.report import RoundReport
from procure.rounds.queries import find_round, rounds_following, rounds_newest_first
from procure.rounds.questions import waiting_count
from procure.rounds.stages import Act, Stage, may
from procure.rounds.tables import RoundRow
from procure.server import Answer, Page, Permission, Visit, get
from procure.values.rounding import percent
from procure.web.attachments import files_of
from procure.web.next_steps import NextStep, Standing, next_step, sealed_refs, second_person_of
from procure.web.round_view import LotView, Step, Totals, lot_view, savings_note, steps_of, totals_of


@dataclass(frozen=True, slots=True)
class RoundView:
    """Everything on the page. `lots_shown` are those with bids to show, `chosen` the one whose bids are open."""

    ref: str
    report: RoundReport
    is_sample: bool
    stage: Stage
    steps: tuple[Step, ...]
    next: NextStep | None
    is_confirmed: bool
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
    answers = len(submissions_of(visit.session, row.id))
    is_confirmed = confirmation_of(visit.session, row) is not None
    second, sealed = second_person_of(visit.session, row, visit.viewer), sealed_refs(visit.session, row)
    at = Standing(row, settled.round, settled.result, report.members, answers, is_confirmed, visit.now, second, sealed)
    lots = tuple(
        lot_view(row, lot, tuple(bidder.name for bidder in value.bidders), is_confirmed)
        for lot, value in zip(report.lots, settled.round.lots, strict=True)
    )
    shown = [lot for lot in lots if lot.attempts]
    return RoundView(
        ref=row.ref,
        report=report,
        is_sample=settled.is_sample,
        stage=row.stage,
        steps=steps_of(row),
        next=next_step(at),
        is_confirmed=is_confirmed,
        deadline=row.survey_deadline,
        now=visit.now,
        members=report.members,
        answers=answers,
        participation=percent(report.participants, report.members, 1) if report.members else None,
        lots=lots,
        totals=totals_of(report),
        chosen=next((lot for lot in shown if lot.id == chosen), shown[0] if shown else None),
    )


routes = [show_round]
