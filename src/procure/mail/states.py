"""What a mail is about, and how far it has come."""

from enum import StrEnum


class Kind(StrEnum):
    OPENING = "opening"
    REMINDER = "reminder"
    OVERDUE = "overdue"
    RETURNED = "returned"
    REOPENED = "reopened"
    EXTENDED = "extended"
    ANSWERS = "answers"
    RESULTS = "results"

    @property
    def label(self) -> str:
        return _KINDS[self]


_KINDS = {
    Kind.OPENING: "登録の開始",
    Kind.REMINDER: "期限のお知らせ",
    Kind.OVERDUE: "期限の経過",
    Kind.RETURNED: "差戻し",
    Kind.REOPENED: "登録の再開",
    Kind.EXTENDED: "期限の延長",
    Kind.ANSWERS: "質問への回答",
    Kind.RESULTS: "結果の公表",
}


class MailState(StrEnum):
    """A mail is `sending` from before the server is asked until its answer is noted."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"

    @property
    def label(self) -> str:
        return {"waiting": "送信待ち", "sending": "送信中", "sent": "送信済み", "failed": "送信できず"}[self.value]
