"""The answers to a survey: how far every body has come, who changed it last, and what it asks for in each lot."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from procure.demand.queries import demand_by_lot, drafts_of, extensions_of, submissions_of
from procure.demand.states import AnswerState
from procure.demand.tables import AnswerRow, DraftRow, SubmissionRow
from procure.parties.queries import bodies
from procure.parties.tables import BodyRow
from procure.rounds.queries import lots_of
from procure.rounds.stages import Stage
from procure.rounds.tables import LotRow, RoundRow


class Status(StrEnum):
    """How far a body has come with its answer; the values stand in addresses."""

    NONE = "none"
    DRAFT = "draft"
    WAITING = "waiting"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WITHOUT = "without"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def tone(self) -> str:
        return _TONES[self]


_LABELS = {
    Status.NONE: "未回答",
    Status.DRAFT: "下書き",
    Status.WAITING: "承認待ち",
    Status.SUBMITTED: "登録済み",
    Status.RETURNED: "差戻し",
    Status.ACCEPTED: "受理済み",
    Status.WITHOUT: "不参加",
}
_TONES = {
    Status.NONE: "yellow",
    Status.DRAFT: "blue",
    Status.WAITING: "blue",
    Status.SUBMITTED: "green",
    Status.RETURNED: "orange",
    Status.ACCEPTED: "green",
    Status.WITHOUT: "gray",
}
FINISHED = (Status.SUBMITTED, Status.ACCEPTED, Status.WITHOUT)
UNFINISHED = (Status.NONE, Status.DRAFT, Status.WAITING, Status.RETURNED)


@dataclass(frozen=True, slots=True)
class BodyLine:
    """A body on the board. `quantities` are by lot, in the order of the lots; `own_deadline` is an extension."""

    code: str
    name: str
    status: Status
    note: str | None
    receipt_number: str | None
    may_be_accepted: bool
    changed_at: datetime | None
    changed_by: str | None
    own_deadline: datetime | None
    quantities: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Board:
    lots: tuple[str, ...]
    lines: tuple[BodyLine, ...]

    def of(self, *statuses: Status) -> tuple[BodyLine, ...]:
        return tuple(line for line in self.lines if line.status in statuses)

    @property
    def finished(self) -> tuple[BodyLine, ...]:
        return self.of(*FINISHED)

    @property
    def unfinished(self) -> tuple[BodyLine, ...]:
        return self.of(*UNFINISHED)

    @property
    def returned(self) -> tuple[BodyLine, ...]:
        """Those whose answer was sent back and does not count, also where the next one waits for approval."""
        return tuple(line for line in self.of(Status.RETURNED, Status.WAITING) if line.receipt_number)

    def extended(self, now: datetime) -> tuple[BodyLine, ...]:
        """Those whose own deadline is still to come."""
        return tuple(line for line in self.lines if line.own_deadline and line.own_deadline > now)

    @property
    def quantity_heads(self) -> list[tuple[str, str]]:
        """The columns of figures, one for each lot."""
        return [(lot, "num") for lot in self.lots]

    @property
    def lot_sums(self) -> tuple[int, ...]:
        return tuple(sum(line.quantities[place] for line in self.lines) for place in range(len(self.lots)))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a body asks for by lot row, and whether it takes part in any."""

    by_lot: Mapping[int, int]
    takes_part: bool


def board_of(session: Session, row: RoundRow) -> Board:
    """Every member, and whoever else has answered, in the order of the codes."""
    lots = lots_of(session, row.id)
    submissions, drafts, extensions = (
        submissions_of(session, row.id),
        drafts_of(session, row.id),
        extensions_of(session, row.id),
    )
    asked, joined = _quantities(session, row), _joined(session, row)
    lines = []
    for body in bodies(session):
        if not (body.is_member or body.code in submissions or body.code in asked):
            continue
        extension = extensions.get(body.code)
        own = Asked(asked.get(body.code, {}), body.code in joined or body.code in asked)
        lines.append(
            _line(
                body,
                submissions.get(body.code),
                drafts.get(body.code),
                own,
                lots,
                extension.deadline if extension else None,
            )
        )
    return Board(tuple(lot.title for lot in lots), tuple(lines))


def may_judge(row: RoundRow) -> bool:
    """Whether the secretariat may accept and return answers, and extend deadlines."""
    return row.stage in (Stage.SURVEYING, Stage.SPECIFIED)


def _quantities(session: Session, row: RoundRow) -> Mapping[str, Mapping[int, int]]:
    found: dict[str, dict[int, int]] = {}
    for lot, demands in demand_by_lot(session, row.id).items():
        for demand in demands:
            found.setdefault(demand.municipality, Counter())[lot] += sum(demand.quantities.values())
    return found


def _joined(session: Session, row: RoundRow) -> frozenset[str]:
    """The bodies that have said of some lot that they take part."""
    joined = select(AnswerRow.body_code).join(LotRow, col(LotRow.id) == col(AnswerRow.lot_id))
    return frozenset(session.exec(joined.where(col(LotRow.round_id) == row.id, col(AnswerRow.participates))))


def _line(
    body: BodyRow,
    submission: SubmissionRow | None,
    draft: DraftRow | None,
    asked: Asked,
    lots: Sequence[LotRow],
    own_deadline: datetime | None,
) -> BodyLine:
    status = status_of(submission, draft, asked.takes_part)
    changed_at, changed_by = max(_changes(submission, draft), default=(None, None))
    return BodyLine(
        code=body.code,
        name=body.display_name,
        status=status,
        note=_note(status, submission, draft),
        receipt_number=submission.receipt_number if submission else None,
        may_be_accepted=submission is not None and submission.state is AnswerState.SUBMITTED,
        changed_at=changed_at,
        changed_by=changed_by,
        own_deadline=own_deadline,
        quantities=tuple(asked.by_lot.get(lot.id, 0) for lot in lots),
    )


def status_of(submission: SubmissionRow | None, draft: DraftRow | None, takes_part: bool) -> Status:
    is_waiting = draft is not None and draft.requested_at is not None
    if submission is None and not takes_part:
        return Status.NONE if draft is None else Status.WAITING if is_waiting else Status.DRAFT
    if submission is None:  # quantities that came with a file
        return Status.ACCEPTED
    if submission.state is AnswerState.RETURNED:
        return Status.WAITING if is_waiting else Status.RETURNED
    if not takes_part:
        return Status.WITHOUT
    return Status.ACCEPTED if submission.state is AnswerState.ACCEPTED else Status.SUBMITTED


def _note(status: Status, submission: SubmissionRow | None, draft: DraftRow | None) -> str | None:
    if submission is None:
        return "事務局が数量を登録" if status is Status.ACCEPTED else None
    if draft is not None and submission.state is not AnswerState.RETURNED:
        return "変更が承認待ち" if draft.requested_at else "変更を下書き中"
    if status is Status.WITHOUT and submission.state is AnswerState.ACCEPTED:
        return AnswerState.ACCEPTED.label
    return "差戻しの後" if status is Status.WAITING else None


def _changes(submission: SubmissionRow | None, draft: DraftRow | None) -> Iterator[tuple[datetime, str]]:
    if submission is not None:
        yield submission.submitted_at, submission.submitted_by
        if submission.judged_at is not None:
            yield submission.judged_at, submission.judged_by or ""
    if draft is not None:
        yield draft.saved_at, draft.saved_by
