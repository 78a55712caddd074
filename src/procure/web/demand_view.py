"""A survey as one body sees it: its deadline, and how far the body has come with its answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from procure.accounts.viewer import Viewer
from procure.demand.actions import may_submit
from procure.demand.queries import (
    answers_of,
    draft_of,
    extension_of,
    extensions_for,
    joined_rounds,
    submission_of,
    typed_in,
    unsubmitted,
)
from procure.demand.rules import deadline_of, may_register
from procure.demand.states import AnswerState
from procure.demand.tables import DraftRow, ExtensionRow, SubmissionRow
from procure.rounds.queries import rounds_newest_first
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from procure.values.era import wareki

TONES = {
    "未回答": "gray",
    "下書き": "yellow",
    "承認待ち": "yellow",
    "登録済み": "green",
    "受理済み": "green",
    "不参加": "green",
    "差戻し": "red",
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a body has submitted last: its 受付番号, when, and by whom; `reason` is why it was returned."""

    number: str
    at: datetime
    by: str
    state: AnswerState
    takes_part: bool
    reason: str | None
    judged_at: datetime | None


@dataclass(frozen=True, slots=True)
class Draft:
    """What is saved and not submitted, field by field as it was typed. `requested_at`: it waits for approval."""

    typed: Mapping[str, str]
    saved_at: datetime
    saved_by: str
    requested_at: datetime | None
    may_submit: bool = True


@dataclass(frozen=True, slots=True)
class Extension:
    """A later deadline of this body alone, and why."""

    deadline: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey as a body sees it: its round, its deadline, and how far the body has come with its answer."""

    ref: str
    title: str
    is_sample: bool
    deadline: datetime | None
    is_open: bool
    is_frozen: bool
    is_published: bool
    receipt: Receipt | None
    draft: Draft | None
    extension: Extension | None

    @property
    def path(self) -> str:
        return f"/demand/{self.ref}"

    @property
    def awaits_approval(self) -> bool:
        return self.is_open and self.draft is not None and self.draft.requested_at is not None

    @property
    def is_returned(self) -> bool:
        return self.receipt is not None and self.receipt.state is AnswerState.RETURNED

    @property
    def standing(self) -> str:
        """One word for how far the answer has come."""
        if self.awaits_approval:
            return "承認待ち"
        if self.receipt is None:
            return "下書き" if self.draft else "未回答"
        if self.receipt.state is AnswerState.SUBMITTED and not self.receipt.takes_part:
            return "不参加"
        return self.receipt.state.label

    @property
    def state(self) -> str:
        """The word on its chip: an answer that counts may have a draft beside it."""
        if self.receipt and self.draft and self.is_open and not self.is_returned and not self.awaits_approval:
            return f"{self.standing}（変更は下書き）"
        return self.standing

    @property
    def tone(self) -> str:
        return "yellow" if self.state != self.standing else TONES[self.standing]

    @property
    def next_path(self) -> str:
        return f"{self.path}/confirm" if self.awaits_approval else self.path

    @property
    def act(self) -> str:
        """The words on its link."""
        if not self.is_open:
            return "回答を見る"
        if self.awaits_approval:
            return "確認して承認する" if self.draft and self.draft.may_submit else "内容を見る"
        if self.is_returned:
            return "修正する"
        return "変更する" if self.receipt else "続きを入力する" if self.draft else "登録する"


def surveys_of(session: Session, viewer: Viewer, body_code: str, now: datetime) -> list[Survey]:
    """Every survey that the body was or is asked in, newest round first."""
    answers, drafts = answers_of(session, body_code), unsubmitted(session, body_code)
    later, joined = extensions_for(session, body_code), joined_rounds(session, body_code)
    may = _judge(session, viewer, body_code)
    rows = [row for row in rounds_newest_first(session) if row.stage is not Stage.PREPARING]
    return [
        _survey(row, answers.get(row.id), drafts.get(row.id), later.get(row.id), row.id in joined, may, now)
        for row in rows
    ]


def survey_of(session: Session, row: RoundRow, viewer: Viewer, body_code: str, now: datetime) -> Survey:
    return _survey(
        row,
        submission_of(session, row.id, body_code),
        draft_of(session, row.id, body_code),
        extension_of(session, row.id, body_code),
        row.id in joined_rounds(session, body_code),
        _judge(session, viewer, body_code),
        now,
    )


def saved_state(at: Survey, now: datetime) -> str:
    """What the bar at the foot says has been kept."""
    if at.draft is None:
        return "登録済みの内容です" if at.receipt else "まだ保存していません"
    saved = at.draft.saved_at
    day = "" if saved.date() == now.date() else wareki(saved)
    return f"下書き保存済み　{day}{saved.hour}時{saved.minute:02d}分"


# ---- rows --------------------------------------------------------------------------------------------


def _judge(session: Session, viewer: Viewer, body_code: str) -> Callable[[DraftRow], bool]:
    return lambda draft: may_submit(session, body_code, draft, viewer)


def _survey(
    row: RoundRow,
    submission: SubmissionRow | None,
    draft: DraftRow | None,
    extension: ExtensionRow | None,
    takes_part: bool,
    may: Callable[[DraftRow], bool],
    now: datetime,
) -> Survey:
    later = extension.deadline if extension else None
    return Survey(
        ref=row.ref,
        title=row.title,
        is_sample=row.is_sample,
        deadline=deadline_of(row.stage, row.survey_deadline, later),
        is_open=may_register(row.stage, row.survey_deadline, later, now),
        is_frozen=row.stage is not Stage.SURVEYING,
        is_published=row.published_at is not None,
        receipt=None if submission is None else _receipt(submission, takes_part),
        draft=None if draft is None else _draft(draft, may),
        extension=Extension(extension.deadline, extension.reason) if extension else None,
    )


def _receipt(row: SubmissionRow, takes_part: bool) -> Receipt:
    return Receipt(
        row.receipt_number, row.submitted_at, row.submitted_by, row.state, takes_part, row.reason, row.judged_at
    )


def _draft(row: DraftRow, may: Callable[[DraftRow], bool]) -> Draft:
    return Draft(typed_in(row), row.saved_at, row.saved_by, row.requested_at, may(row))
