"""What a body's contract can be: its ground in law, the assembly's vote, the acts of its ledger, its status."""

from enum import StrEnum


class Ground(StrEnum):
    """The ground in law of the body's own contract (地方自治法234条1項, 2項; 施行令167条の2第1項)."""

    JOINT_TENDER = "joint"
    SMALL = "1"
    UNFIT_FOR_TENDER = "2"
    DISADVANTAGEOUS = "6"
    ADVANTAGEOUS = "7"
    FAILED_TENDER = "8"
    NOT_SIGNED = "9"

    @property
    def label(self) -> str:
        return _GROUNDS[self]


_LAW = "地方自治法施行令第167条の2第1項"
_GROUNDS = {
    Ground.JOINT_TENDER: "委任・連名公告による入札（地方自治法第234条第1項）",
    Ground.SMALL: f"随意契約　第1号　少額（{_LAW}）",
    Ground.UNFIT_FOR_TENDER: f"随意契約　第2号　性質又は目的が競争入札に適しない（{_LAW}）",
    Ground.DISADVANTAGEOUS: f"随意契約　第6号　競争入札に付することが不利（{_LAW}）",
    Ground.ADVANTAGEOUS: f"随意契約　第7号　時価に比して著しく有利な価格（{_LAW}）",
    Ground.FAILED_TENDER: f"随意契約　第8号　不調・不落（{_LAW}）",
    Ground.NOT_SIGNED: f"随意契約　第9号　落札者が契約を締結しない（{_LAW}）",
}
AFTER_TENDER = frozenset({Ground.FAILED_TENDER, Ground.NOT_SIGNED})


class Resolution(StrEnum):
    """議決 of the assembly (地方自治法96条1項8号)."""

    PASSED = "passed"
    REJECTED = "rejected"

    @property
    def label(self) -> str:
        return {"passed": "可決", "rejected": "否決"}[self.value]


class Approval(StrEnum):
    """Whether a share needs the assembly's approval by the law and the body's own ordinance."""

    NEEDED = "needed"
    NOT_NEEDED = "not_needed"
    NOT_SUBJECT = "not_subject"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return {
            "needed": "必要",
            "not_needed": "不要",
            "not_subject": "不要（96条1項8号の対象外）",
            "unknown": "判定できません",
        }[self.value]


class Act(StrEnum):
    """What a slip of the ledger records."""

    CHANGE = "change"
    ORDER = "order"
    DELIVERY = "delivery"
    ACCEPTANCE = "acceptance"

    @property
    def label(self) -> str:
        return {"change": "契約変更", "order": "発注", "delivery": "納入", "acceptance": "検収"}[self.value]


class Status(StrEnum):
    """Where a body's contract stands: computed from what was recorded, never stored."""

    OPEN = "open"
    PROVISIONAL = "provisional"
    BEFORE_ASSEMBLY = "before_assembly"
    CONCLUDED = "concluded"
    PERFORMING = "performing"
    COMPLETE = "complete"
    FAILED = "failed"

    @property
    def label(self) -> str:
        return _STATUSES[self]

    @property
    def is_binding(self) -> bool:
        """Whether there is a contract (地方自治法234条5項)."""
        return self in (Status.CONCLUDED, Status.PERFORMING, Status.COMPLETE)


_STATUSES = {
    Status.OPEN: "未契約",
    Status.PROVISIONAL: "仮契約",
    Status.BEFORE_ASSEMBLY: "議決待ち",
    Status.CONCLUDED: "契約済",
    Status.PERFORMING: "履行中",
    Status.COMPLETE: "完了",
    Status.FAILED: "不成立",
}
