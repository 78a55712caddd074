"""What a body may record of its contract and its performance, and where the contract stands. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from procure.contracts.ledger import Ledger
from procure.contracts.states import AFTER_TENDER, Ground, Resolution, Status
from procure.contracts.thresholds import Limits
from procure.errors import Fault
from procure.values.era import wareki
from procure.values.money import Yen
from procure.values.quantity import MOST_YEN

LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True)
class Terms:
    """What a body recorded of its contract. `approval` is its own word on the assembly (None: as judged).

    Without the assembly `concluded_on` is the day of the contract, with it that of the 本契約. `failed_on` is the day
    of a 辞退 or 解除; after a 否決 the day of the vote stands for it.
    """

    ground: Ground | None = None
    approval: bool | None = None
    approval_reason: str = ""
    contract_number: str = ""
    provisional_on: date | None = None
    submitted_on: date | None = None
    resolved_on: date | None = None
    resolution: Resolution | None = None
    concluded_on: date | None = None
    failed_on: date | None = None
    failure_reason: str = ""

    @property
    def is_signed(self) -> bool:
        """Also by a 仮契約, which waits for the assembly."""
        return self.provisional_on is not None or self.concluded_on is not None

    @property
    def has_failed(self) -> bool:
        return self.failed_on is not None or self.resolution is Resolution.REJECTED


@dataclass(frozen=True, slots=True)
class Basis:
    """What the terms are judged by. Amounts are in yen with tax.

    `decided_on` is the day from which there is something to sign: of the decision, or of a later 見積合わせ.
    `is_needed` is the judgement on the assembly (None: unknown), `negotiated` the ground of a lot without
    an award. `small_limit` is that of the contract's day, and
    `small_share` what is held against it: the body's share of the 予定価格, else its contract amount.
    """

    decided_on: date
    today: date
    is_needed: bool | None
    negotiated: Ground | None
    small_limit: Yen
    small_share: Yen | None
    ledger: Ledger


def needs_assembly(terms: Terms, is_needed: bool | None) -> bool | None:
    """The body's own word stands above the judgement."""
    return terms.approval if terms.approval is not None else is_needed


def status_of(terms: Terms, ledger: Ledger) -> Status:
    if terms.has_failed:
        return Status.FAILED
    if terms.concluded_on is not None:
        if ledger.is_complete:
            return Status.COMPLETE
        return Status.PERFORMING if ledger.is_begun else Status.CONCLUDED
    if terms.provisional_on is None:
        return Status.OPEN
    waits = terms.submitted_on is not None and terms.resolved_on is None
    return Status.BEFORE_ASSEMBLY if waits else Status.PROVISIONAL


def is_overdue(terms: Terms, ledger: Ledger, deadline: date | None, today: date) -> bool:
    """納入期限 is over, and something of a contract that has not failed is not delivered."""
    late = deadline is not None and deadline < today
    return late and not terms.has_failed and not (terms.concluded_on is not None and ledger.is_delivered)


# ---- the contract ------------------------------------------------------------------------------------


def terms_faults(terms: Terms, basis: Basis) -> Iterator[Fault]:
    yield from _approval_faults(terms, basis)
    yield from _day_faults(terms, basis)
    yield from _order_faults(terms)
    yield from _resolution_faults(terms)
    yield from _ground_faults(terms, basis)
    yield from _conclusion_faults(terms, basis)
    yield from _failure_faults(terms, basis)
    if len(terms.contract_number) > 100:
        yield Fault("contract_number", "契約番号は100字以内で入力してください。")


DAYS = {
    "provisional_on": "仮契約の日",
    "submitted_on": "議案の提出日",
    "resolved_on": "議決の日",
    "concluded_on": "契約の日",
    "failed_on": "辞退・解除の日",
}


def _approval_faults(terms: Terms, basis: Basis) -> Iterator[Fault]:
    if terms.approval is not None and not 1 <= len(terms.approval_reason) <= LONGEST_REASON:
        message = f"議決の要否を団体で決めたときは、その理由を{LONGEST_REASON}字以内で入力してください。"
        yield Fault("approval_reason", message)
    is_needed = needs_assembly(terms, basis.is_needed)
    if is_needed is None and (terms.provisional_on or terms.concluded_on):
        yield Fault("approval", "議決の要否を判定できません。「必要」か「不要」を選んで、理由を入力してください。")
    if is_needed is False and any((terms.provisional_on, terms.submitted_on, terms.resolved_on, terms.resolution)):
        message = "議決が不要な契約です。仮契約、議案、議決の欄を空欄にするか、議決の要否を「必要」にしてください。"
        yield Fault("provisional_on", message)


def _day_faults(terms: Terms, basis: Basis) -> Iterator[Fault]:
    for field, label in DAYS.items():
        day = getattr(terms, field)
        if day is None:
            continue
        if day > basis.today:
            yield Fault(field, f"{label}が今日より後です。済んだ日を入力してください。")
        if day < basis.decided_on:
            before = "落札決定の日" if basis.negotiated is None else "落札決定または見積合わせの日"
            yield Fault(field, f"{label}が{before}（{wareki(basis.decided_on)}）より前です。日付を確かめてください。")


def _order_faults(terms: Terms) -> Iterator[Fault]:
    """仮契約 → 議案 → 議決 → 本契約: none before the one it follows."""
    last, last_label = None, ""
    for field in ("provisional_on", "submitted_on", "resolved_on", "concluded_on"):
        day: date | None = getattr(terms, field)
        if day is None:
            continue
        if last is not None and day < last:
            yield Fault(field, f"{DAYS[field]}が{last_label}（{wareki(last)}）より前です。日付を確かめてください。")
        last, last_label = day, DAYS[field]


def _resolution_faults(terms: Terms) -> Iterator[Fault]:
    if terms.submitted_on is not None and terms.provisional_on is None:
        yield Fault("provisional_on", "議案を提出する前に、仮契約が必要です。仮契約の日を入力してください。")
    elif terms.resolved_on is not None and terms.provisional_on is None:
        yield Fault("provisional_on", "議決の前に、仮契約が必要です。仮契約の日を入力してください。")
    if terms.resolution is not None and terms.resolved_on is None:
        yield Fault("resolved_on", "議決の日を入力してください。")
    if terms.resolved_on is not None and terms.resolution is None:
        yield Fault("resolution", "議決の結果（可決・否決）を選んでください。")


def _ground_faults(terms: Terms, basis: Basis) -> Iterator[Fault]:
    if terms.ground is None:
        if terms.concluded_on is not None or terms.provisional_on is not None:
            yield Fault("ground", "契約の根拠を選んでください。")
        return
    if basis.negotiated is not None and terms.ground is not basis.negotiated:
        yield Fault("ground", f"落札によらない契約です。第{basis.negotiated.value}号を選んでください。")
    elif basis.negotiated is None and terms.ground in AFTER_TENDER:
        yield Fault("ground", "落札による契約です。第8号と第9号は選べません。")
    if terms.ground is Ground.SMALL and basis.small_share is not None and basis.small_share > basis.small_limit:
        message = (
            f"団体の分が少額随意契約の限度額（{basis.small_limit:,}円、税込）を超えるため、第1号は選べません。"
            "ほかの根拠を選んでください。"
        )
        yield Fault("ground", message)


def _conclusion_faults(terms: Terms, basis: Basis) -> Iterator[Fault]:
    if terms.concluded_on is None:
        if basis.ledger.standing:
            message = "発注などの記録があるため、契約の日は空欄にできません。先に記録を取り消してください。"
            yield Fault("concluded_on", message)
        return
    if terms.resolution is Resolution.REJECTED:
        yield Fault("concluded_on", "否決されたため、契約は成立しません。契約の日を空欄にしてください。")
    elif needs_assembly(terms, basis.is_needed) and terms.resolution is None:
        yield Fault("concluded_on", "議決を得る前に契約は成立しません。仮契約と議決の日を入力してください。")
    first = min((slip.day for slip in basis.ledger.standing), default=None)
    if first is not None and terms.concluded_on > first:
        yield Fault(
            "concluded_on", f"契約の日が、発注などの記録（{wareki(first)}）より後です。日付を確かめてください。"
        )


def _failure_faults(terms: Terms, basis: Basis) -> Iterator[Fault]:
    if terms.has_failed and not 1 <= len(terms.failure_reason) <= LONGEST_REASON:
        yield Fault("failure_reason", f"契約が不成立となった理由を{LONGEST_REASON}字以内で入力してください。")
    if not terms.has_failed and terms.failure_reason:
        message = "不成立の理由があります。辞退・解除の日か否決を入力するか、理由を空欄にしてください。"
        yield Fault("failure_reason", message)
    if terms.failed_on is not None and basis.ledger.is_begun:
        message = "発注の記録があるため、不成立にはできません。発注を取り消すか、契約変更で数量を減らしてください。"
        yield Fault("failed_on", message)


# ---- a body's own amounts ----------------------------------------------------------------------------


def limits_faults(limits: Limits, lawful: int | None, small_lawful: Yen) -> Iterator[Fault]:
    """`lawful` is the law's amount for the assembly, the least of a 条例; `small_lawful` the most of a 規則."""
    if limits.assembly is not None:
        if lawful is not None and limits.assembly < lawful:
            message = (
                f"議決を要する基準額は、政令の{lawful:,}円を下回れません（地方自治法施行令別表第四）。"
                "条例の額を確かめてください。"
            )
            yield Fault("assembly", message)
        if not 0 < limits.assembly <= MOST_YEN:
            yield Fault("assembly", f"基準額は1円から{MOST_YEN:,}円までで入力してください。")
    if limits.small is not None and not 0 < limits.small <= small_lawful:
        message = (
            f"少額随意契約の限度額は、政令の{small_lawful:,}円までです（地方自治法施行令別表第五）。"
            "規則の額を確かめてください。"
        )
        yield Fault("small", message)
    if len(limits.ordinance) > 200:
        yield Fault("ordinance", "条例・規則の名称は200字以内で入力してください。")
