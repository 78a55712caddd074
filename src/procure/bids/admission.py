"""How a bidder came to take part in a tender (参加資格). Pure."""

from enum import StrEnum


class Admission(StrEnum):
    REGISTERED = "registered"  # registered by the secretariat, or taken in with a round file
    DESIGNATED = "designated"  # 指名
    APPLIED = "applied"  # 参加申込, not checked yet
    QUALIFIED = "qualified"  # 参加申込 with its qualification confirmed
    UNQUALIFIED = "unqualified"  # 参加申込 without the qualification

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def takes_part(self) -> bool:
        return self is not Admission.UNQUALIFIED


_LABELS = {
    Admission.REGISTERED: "登録",
    Admission.DESIGNATED: "指名",
    Admission.APPLIED: "参加申込（資格確認前）",
    Admission.QUALIFIED: "参加申込（資格あり）",
    Admission.UNQUALIFIED: "参加申込（資格なし）",
}
