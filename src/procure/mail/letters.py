"""The texts of mails: subject and body of every kind, and the reminder that the secretariat copies by hand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from jinja2 import Environment

from procure.mail.standings import Due
from procure.mail.states import Kind
from procure.settings import Letterhead, Settings
from procure.templates import plain_environment
from procure.values.working_days import working_days_until

_CONTROLS = re.compile("[\\x00-\\x20\\x7f-\\x9f\\u2028\\u2029\\ud800-\\udfff]+")
LONGEST_TITLE = 60  # characters of a round's title in a subject
_SUBJECTS = {
    Kind.OPENING: "需要登録を始めました",
    Kind.REMINDER: "需要登録の期限が近づいています",
    Kind.OVERDUE: "需要登録の期限を過ぎました",
    Kind.RETURNED: "登録した需要が差し戻されました",
    Kind.REOPENED: "需要登録を再開しました",
    Kind.EXTENDED: "需要登録の期限を延長しました",
    Kind.ANSWERS: "仕様への質問の回答を公表しました",
    Kind.RESULTS: "調達の結果を公表しました",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it is to be sent. `key` is `kind:round:body:what`: two letters of one key are the same letter."""

    key: str
    kind: Kind
    round_id: int
    body_code: str
    address: str
    subject: str
    text: str
    useless_after: datetime | None


def letter_of(due: Due, settings: Settings, now: datetime) -> Letter:
    occasion, row = due.occasion, due.row
    values = {
        "body": due.body.display_name,
        "title": one_line(row.title),
        "is_sample": row.is_sample,
        "deadline": occasion.deadline,
        "left": _left(occasion.deadline, now),
        "reason": occasion.reason,
        "address": f"{settings.public_url}/{'results' if occasion.kind is Kind.RESULTS else 'demand'}/{row.ref}",
        "letterhead": settings.letterhead,
    }
    return Letter(
        key=due.key,
        kind=occasion.kind,
        round_id=row.id,
        body_code=due.body.code,
        address=due.body.mail or "",
        subject=_subject(occasion.kind, one_line(row.title), row.is_sample),
        text=_texts().get_template(f"mail/{occasion.kind}.txt").render(values),
        useless_after=occasion.useless_after,
    )


def reminder_text(
    title: str, unfinished: Sequence[str], deadline: datetime, now: datetime, letterhead: Letterhead
) -> str:
    """A reminder to all that lists the bodies (by their names) which have not answered, to be copied into a mail."""
    values = {
        "title": one_line(title),
        "unfinished": unfinished,
        "deadline": deadline,
        "is_over": deadline <= now,
        "left": _left(deadline, now),
        "now": now,
        "letterhead": letterhead,
    }
    return _texts().get_template("mail/unfinished.txt").render(values)


def one_line(text: str) -> str:
    """Without line ends and other control characters: for a header, and for a sentence."""
    return _CONTROLS.sub(" ", text).strip(" ")


def _subject(kind: Kind, title: str, is_sample: bool) -> str:
    short = title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"
    return f"{'【見本】' if is_sample else ''}【共同調達】{_SUBJECTS[kind]}（{short}）"


def _left(deadline: datetime | None, now: datetime) -> str:
    """（本日） or （あと3開庁日）, "" where it is over or no working day is left."""
    if deadline is None or deadline <= now:
        return ""
    if deadline.date() == now.date():
        return "（本日）"
    days = working_days_until(now.date(), deadline.date())
    return f"（あと{days}開庁日）" if days else ""


@cache
def _texts() -> Environment:
    return plain_environment()
