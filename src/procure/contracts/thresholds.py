"""From which amount a share needs the assembly, and up to which it may be contracted as a small one. Pure.

Amounts are yen with tax: both laws speak of the 予定価格, which includes it.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from procure.contracts.states import Approval
from procure.settlement.round import ContractKind
from procure.values.money import Yen, whole_or_exact

PREFECTURES = frozenset({"都", "道", "府", "県", "都道府県"})
CITIES = frozenset({"市", "区"})  # 特別区 count as cities (地方自治法283条1項)
TOWNS = frozenset({"町", "村"})

# 施行令別表第四 (動産の買入れ): the amounts of the law, which a body's 条例 may not go below.
ASSEMBLY_PREFECTURE, ASSEMBLY_DESIGNATED, ASSEMBLY_CITY, ASSEMBLY_TOWN = 70_000_000, 40_000_000, 20_000_000, 7_000_000

RAISED_ON = date(2025, 4, 1)  # 令和7年政令94号; each body's 規則 follows on a day of its own
# 施行令別表第五: from 令和7年4月1日, and before. (都道府県・指定都市, 市町村)
_SMALL: dict[ContractKind, tuple[tuple[int, int], tuple[int, int]]] = {
    ContractKind.PURCHASE: ((3_000_000, 1_500_000), (1_600_000, 800_000)),
    ContractKind.LEASE: ((1_500_000, 800_000), (800_000, 400_000)),
    ContractKind.WORKS: ((4_000_000, 2_000_000), (2_500_000, 1_300_000)),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a body's own rules say; None where the law's amount or day holds.

    `assembly` is the amount of its 条例, `small` that of its 規則 for a small purchase, in force since `small_since`.
    """

    assembly: Yen | None = None
    small: Yen | None = None
    small_since: date | None = None
    ordinance: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether the assembly is needed. `share` is the body's own 予定価格 with tax, exact; None where it is unknown."""

    approval: Approval
    share: Yen | None
    limit: Yen | None
    reason: str

    @property
    def is_needed(self) -> bool | None:
        """None where nobody can tell from what is recorded."""
        return None if self.approval is Approval.UNKNOWN else self.approval is Approval.NEEDED


def is_designated_city(code: str, kind: str) -> bool:
    """指定都市 are numbered from 100 within their prefecture, other cities from 200 (全国地方公共団体コード)."""
    return kind == "市" and code[2] == "1"


def lawful_assembly_limit(code: str, kind: str) -> int | None:
    """The amount of 別表第四; None for bodies of another kind, whose members decide (地方自治法292条)."""
    if kind in PREFECTURES:
        return ASSEMBLY_PREFECTURE
    if is_designated_city(code, kind):
        return ASSEMBLY_DESIGNATED
    return ASSEMBLY_CITY if kind in CITIES else ASSEMBLY_TOWN if kind in TOWNS else None


def assembly_limit(code: str, kind: str, limits: Limits) -> Yen | None:
    return limits.assembly if limits.assembly is not None else lawful_assembly_limit(code, kind)


def small_limit(code: str, kind: str, limits: Limits, contract_kind: ContractKind, day: date) -> Yen:
    """Up to which 予定価格 a contract of that day may rest on 167条の2第1項1号.

    A body's own amount is for purchases, and holds from its own day on.
    """
    is_raised = day >= (limits.small_since or RAISED_ON)
    if is_raised and limits.small is not None and contract_kind is ContractKind.PURCHASE:
        return limits.small
    amounts = _SMALL[contract_kind][0 if is_raised else 1]
    return amounts[0 if kind in PREFECTURES or is_designated_city(code, kind) else 1]


def own_ceiling(ceiling: Yen | None, amount: Yen | None, award: Yen) -> Yen | None:
    """A body's share of the 予定価格: in the proportion of its amount to the award, exact, never rounded.

    `ceiling` is with tax, `amount` and `award` are without. The bodies' shares add up to the ceiling.
    """
    if ceiling is None or amount is None or not award:
        return None
    return whole_or_exact(Fraction(ceiling) * Fraction(amount) / Fraction(award))


def judge_approval(
    contract_kind: ContractKind, share: Yen | None, limit: Yen | None, amount_with_tax: int | None
) -> Judgement:
    """Whether 地方自治法96条1項8号 asks for the assembly. No 予定価格 is below the contract's `amount_with_tax`."""
    if contract_kind is not ContractKind.PURCHASE:
        return Judgement(Approval.NOT_SUBJECT, share, limit, _NOT_SUBJECT[contract_kind])
    if limit is None:
        return Judgement(Approval.UNKNOWN, share, None, NO_LIMIT)
    at_least = share if share is not None else amount_with_tax
    if at_least is not None and at_least >= limit:
        return Judgement(Approval.NEEDED, share, limit, REACHED)
    if share is None:
        return Judgement(Approval.UNKNOWN, None, limit, NO_CEILING)
    return Judgement(Approval.NOT_NEEDED, share, limit, NOT_REACHED)


REACHED = "団体の分の予定価格（税込）が、議決を要する基準額以上です。"
NOT_REACHED = "団体の分の予定価格（税込）が、議決を要する基準額に達しません。"
NO_CEILING = "予定価格が登録されていないため、判定できません。議決の要否を選んでください。"
NO_LIMIT = "この団体の基準額が決まっていないため、判定できません。基準額を登録するか、議決の要否を選んでください。"
_NOT_SUBJECT = {
    ContractKind.LEASE: "賃貸借は財産の取得ではないため、地方自治法第96条第1項第8号の対象になりません。",
    ContractKind.WORKS: "請負は地方自治法第96条第1項第8号の対象にならず、第5号（施行令別表第三）によります。"
    "第5号の議決が必要なときは「必要」を選んでください。",
}
