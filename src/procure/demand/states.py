"""How far an answer has come, by which way a quantity came, and how a lot is acquired."""

from enum import StrEnum


class AnswerState(StrEnum):
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"

    @property
    def label(self) -> str:
        return {"submitted": "登録済み", "returned": "差戻し", "accepted": "受理済み"}[self.value]


class Way(StrEnum):
    GRID = "grid"
    EXCEL = "excel"
    SECRETARIAT = "secretariat"
    FILE = "file"

    @property
    def label(self) -> str:
        return {"grid": "画面", "excel": "Excel", "secretariat": "事務局", "file": "案件データ"}[self.value]


class Acquisition(StrEnum):
    PURCHASE = "purchase"
    LEASE = "lease"

    @property
    def label(self) -> str:
        return {"purchase": "購入", "lease": "賃貸借"}[self.value]
