"""The rounds and bodies that mails may concern, read from the database into the values of the rules."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, or_, select

from procure.demand.queries import demand_by_lot, extensions_of, submissions_of
from procure.demand.states import AnswerState
from procure.demand.tables import ExtensionRow, SubmissionRow
from procure.history.tables import EventRow
from procure.mail.rules import NEWS, Extension, Occasion, Reopening, Returned, Standing, Survey, occasions
from procure.parties.queries import bodies
from procure.parties.tables import BodyRow
from procure.rounds.stages import Stage
from procure.rounds.tables import QuestionRow, RoundRow


@dataclass(frozen=True, slots=True)
class Due:
    """A mail that a body should have had by now."""

    row: RoundRow
    body: BodyRow
    occasion: Occasion

    @property
    def key(self) -> str:
        return f"{self.occasion.kind}:{self.row.ref}:{self.body.code}:{self.occasion.what}"


def due(session: Session, now: datetime) -> Iterator[Due]:
    """To every body with a mail address, round by round."""
    reached = [body for body in bodies(session) if body.mail]
    for row in _rounds(session, now):
        survey, standings = _survey(session, row), _standings(session, row, reached)
        for body in reached:
            yield from (Due(row, body, occasion) for occasion in occasions(survey, standings[body.code], now))


def _rounds(session: Session, now: datetime) -> Sequence[RoundRow]:
    """Those that are under way, and those published of late."""
    under_way = (Stage.SURVEYING, Stage.SPECIFIED, Stage.BIDDING, Stage.OPENING)
    concerned = or_(col(RoundRow.stage).in_(under_way), col(RoundRow.published_at) > now - NEWS)
    return session.exec(select(RoundRow).where(concerned).order_by(col(RoundRow.id))).all()


def _survey(session: Session, row: RoundRow) -> Survey:
    answers = select(QuestionRow.published_at).where(
        col(QuestionRow.round_id) == row.id, col(QuestionRow.published_at).is_not(None)
    )
    answered = {moment for moment in session.exec(answers) if moment is not None}
    return Survey(
        stage=row.stage,
        deadline=row.survey_deadline,
        opened_at=row.surveyed_at,
        reopening=_reopening(session, row.ref),
        answers_at=tuple(sorted(answered)),
        results_at=row.published_at,
    )


def _reopening(session: Session, ref: str) -> Reopening | None:
    """The last one. The history alone keeps when it was, and why."""
    reopened = select(EventRow).where(col(EventRow.round_ref) == ref, col(EventRow.action) == "survey_reopened")
    event = session.exec(reopened.order_by(col(EventRow.id).desc())).first()
    if event is None:
        return None
    _, reason = json.loads(event.changes)["reason"]
    return Reopening(event.at, reason)


def _standings(session: Session, row: RoundRow, reached: Sequence[BodyRow]) -> Mapping[str, Standing]:
    submissions, extensions = submissions_of(session, row.id), extensions_of(session, row.id)
    taking_part = _taking_part(session, row) if row.stage is Stage.PUBLISHED else frozenset()
    return {
        body.code: Standing(
            is_member=body.is_member,
            has_answered=body.code in submissions,
            takes_part=body.code in taking_part,
            returned=_returned(submissions.get(body.code)),
            extension=_extension(extensions.get(body.code)),
        )
        for body in reached
    }


def _taking_part(session: Session, row: RoundRow) -> frozenset[str]:
    by_lot = demand_by_lot(session, row.id)
    return frozenset(demand.municipality for lot in by_lot.values() for demand in lot)


def _returned(submission: SubmissionRow | None) -> Returned | None:
    if submission is None or submission.state is not AnswerState.RETURNED or submission.judged_at is None:
        return None
    return Returned(submission.version, submission.judged_at, submission.reason or "")


def _extension(row: ExtensionRow | None) -> Extension | None:
    return None if row is None else Extension(row.deadline, row.granted_at, row.reason)
