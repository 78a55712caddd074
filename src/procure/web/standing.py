"""What decides what is to be done next on a round, and how that is told."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from procure.accounts.viewer import Viewer
from procure.awards.actions import is_outdated
from procure.awards.queries import confirmation_of, proposal_of
from procure.awards.retender import FAILED
from procure.awards.tables import ProposalRow
from procure.awards.waiting import Obstacle, Waiting, obstacle_of, waiting_in
from procure.bids.queries import load_round
from procure.ceilings.queries import sealed_lots
from procure.demand.queries import submissions_of
from procure.history.two_people import Person
from procure.parties.queries import members
from procure.rounds.queries import lots_of
from procure.rounds.tables import RoundRow
from procure.settlement.result import LotResult, Result
from procure.settlement.round import Lot, Round
from procure.settlement.settle import settle


@dataclass(frozen=True, slots=True)
class NextStep:
    """`href` is a page of this service, `label` the words on its button."""

    text: str
    lead: str
    href: str
    label: str


@dataclass(frozen=True, slots=True)
class Standing:
    """All that decides what comes next on a round; `viewer` is who is told of it.

    `proposal` is the decision that waits to be confirmed.
    """

    row: RoundRow
    round: Round
    result: Result
    members: int
    answers: int
    is_confirmed: bool
    now: datetime
    waiting: Waiting
    proposal: ProposalRow | None
    sealed: frozenset[str]
    viewer: Viewer | None

    @property
    def path(self) -> str:
        return f"/rounds/{self.row.ref}"

    @property
    def lots(self) -> tuple[tuple[Lot, LotResult], ...]:
        return tuple(zip(self.round.lots, self.result.lots, strict=True))

    @property
    def is_outdated(self) -> bool:
        """Whether the record has left the proposal behind."""
        return self.proposal is not None and is_outdated(self.proposal, self.round, self.result)

    @property
    def failed(self) -> tuple[tuple[Lot, LotResult], ...]:
        """不調 and 不落 that no negotiated contract has followed."""
        return tuple((lot, of) for lot, of in self.lots if of.outcome in FAILED and of.negotiation is None)

    @property
    def without_ceiling(self) -> str:
        """A sentence on the lots whose ceiling nobody has set yet; "" where every lot has one."""
        lots = (lot for lot in self.round.lots if lot.cancelled is None and lot.rules.ceiling is None)
        missing = "、".join(lot.title for lot in lots if lot.id not in self.sealed)
        return f"予定価格がまだ定められていないロットがあります：{missing}。" if missing else ""

    def obstacle(self, lot: Lot, result: LotResult) -> Obstacle | None:
        return obstacle_of(lot, result, self.waiting)

    def is_own(self, first: Person) -> bool:
        """Whether the viewer is the first, and so not the second person."""
        return self.viewer is not None and first.is_same(self.viewer)


def standing_of(session: Session, row: RoundRow, now: datetime, viewer: Viewer | None = None) -> Standing:
    value = load_round(session, row)
    return standing_as(session, row, value, settle(value), now, viewer)


def standing_as(
    session: Session, row: RoundRow, value: Round, result: Result, now: datetime, viewer: Viewer | None
) -> Standing:
    """For one who has loaded and settled the round already."""
    return Standing(
        row=row,
        round=value,
        result=result,
        members=len(members(session)),
        answers=len(submissions_of(session, row.id)),
        is_confirmed=confirmation_of(session, row) is not None,
        now=now,
        waiting=waiting_in(session, row),
        proposal=proposal_of(session, row),
        sealed=_sealed_refs(session, row),
        viewer=viewer,
    )


def _sealed_refs(session: Session, row: RoundRow) -> frozenset[str]:
    """The lots whose ceiling somebody has sealed."""
    sealed = sealed_lots(session, row.id)
    return frozenset(lot.ref for lot in lots_of(session, row.id) if lot.id in sealed)
