"""The answers to a survey: how far every body has come, and what all of them ask for together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from procure.demand.queries import demand_by_lot, drafts_of, submissions_of
from procure.demand.tables import DraftRow, SubmissionRow
from procure.parties.queries import bodies
from procure.parties.tables import BodyRow
from procure.rounds.queries import items_of, lots_of
from procure.rounds.tables import ItemRow, LotRow, RoundRow

Asked = Mapping[str, Mapping[tuple[int, str], int]]  # body → (lot, item) → quantity


class Status(StrEnum):
    """How far a body has come with its answer; the values stand in addresses."""

    ANSWERED = "answered"
    WITHOUT = "without"
    DRAFT = "draft"
    NONE = "none"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def tone(self) -> str:
        return _TONES[self]


_LABELS = {Status.ANSWERED: "回答済み", Status.WITHOUT: "不参加", Status.DRAFT: "下書き", Status.NONE: "未回答"}
_TONES = {Status.ANSWERED: "green", Status.WITHOUT: "gray", Status.DRAFT: "blue", Status.NONE: "yellow"}


@dataclass(frozen=True, slots=True)
class BodyLine:
    """A body on the board. `quantities` are by lot, in the order of the lots."""

    code: str
    name: str
    status: Status
    is_changing: bool
    receipt_number: str | None
    changed_at: datetime | None
    changed_by: str | None
    quantities: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ItemSum:
    """What all bodies together ask for of an item, and who they are."""

    name: str
    specification: str
    unit: str
    quantity: int
    bodies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LotSums:
    title: str
    lines: tuple[ItemSum, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The answers to a survey: `lines` of every body, `sums` of every item."""

    lots: tuple[str, ...]
    lines: tuple[BodyLine, ...]
    sums: tuple[LotSums, ...]

    def of(self, *statuses: Status) -> tuple[BodyLine, ...]:
        return tuple(line for line in self.lines if line.status in statuses)

    @property
    def answered(self) -> tuple[BodyLine, ...]:
        return self.of(Status.ANSWERED, Status.WITHOUT)

    @property
    def unanswered(self) -> tuple[BodyLine, ...]:
        return self.of(Status.DRAFT, Status.NONE)

    @property
    def quantity_heads(self) -> list[tuple[str, str]]:
        """The columns of figures, one for each lot."""
        return [(lot, "num") for lot in self.lots]

    @property
    def lot_sums(self) -> tuple[int, ...]:
        return tuple(sum(line.quantities[place] for line in self.lines) for place in range(len(self.lots)))


def board_of(session: Session, row: RoundRow) -> Board:
    """Every member, and whoever else has answered, in the order of the codes."""
    lots = lots_of(session, row.id)
    submissions, drafts = submissions_of(session, row.id), drafts_of(session, row.id)
    asked = _quantities(session, row, lots)
    shown = [body for body in bodies(session) if body.is_member or body.code in submissions]
    lines = tuple(
        _line(body, submissions.get(body.code), drafts.get(body.code), asked.get(body.code, {}), lots) for body in shown
    )
    names = {body.code: body.display_name for body in shown}
    return Board(tuple(lot.title for lot in lots), lines, _sums(lots, items_of(session, row.id), asked, names))


def _quantities(session: Session, row: RoundRow, lots: Sequence[LotRow]) -> Asked:
    by_lot = demand_by_lot(session, row.id)
    found: dict[str, dict[tuple[int, str], int]] = {}
    for lot in lots:
        for demand in by_lot.get(lot.id, ()):
            of_body = found.setdefault(demand.municipality, {})
            of_body |= {(lot.id, item): quantity for item, quantity in demand.quantities.items()}
    return found


def _line(
    body: BodyRow,
    submission: SubmissionRow | None,
    draft: DraftRow | None,
    asked: Mapping[tuple[int, str], int],
    lots: Sequence[LotRow],
) -> BodyLine:
    by_lot = Counter[int]()
    for (lot, _), quantity in asked.items():
        by_lot[lot] += quantity
    return BodyLine(
        code=body.code,
        name=body.display_name,
        status=_status(submission is not None, draft is not None, bool(asked)),
        is_changing=submission is not None and draft is not None,
        receipt_number=submission.receipt_number if submission else None,
        changed_at=submission.submitted_at if submission else draft.saved_at if draft else None,
        changed_by=submission.submitted_by if submission else draft.saved_by if draft else None,
        quantities=tuple(by_lot[lot.id] for lot in lots),
    )


def _status(has_answered: bool, has_draft: bool, asks: bool) -> Status:
    if has_answered:
        return Status.ANSWERED if asks else Status.WITHOUT
    return Status.DRAFT if has_draft else Status.NONE


def _sums(
    lots: Sequence[LotRow], items: Sequence[ItemRow], asked: Asked, names: Mapping[str, str]
) -> tuple[LotSums, ...]:
    return tuple(
        LotSums(lot.title, tuple(_sum(item, asked, names) for item in items if item.lot_id == lot.id)) for lot in lots
    )


def _sum(item: ItemRow, asked: Asked, names: Mapping[str, str]) -> ItemSum:
    key = (item.lot_id, item.ref)
    asking = {code: of_body[key] for code, of_body in sorted(asked.items()) if of_body.get(key)}
    who = tuple(names.get(code, code) for code in asking)
    return ItemSum(item.name, item.specification, item.unit, sum(asking.values()), who)
